"""Container, compose file, workflow, hooks, make targets: what they name is there, what they set are settings."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import yaml

from bot.cli import parser
from bot.settings import Settings, load
from tests import pins
from tests.rows import each

ROOT = Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")


def steps(instruction: str) -> list[str]:
    return re.findall(rf"^{instruction} +(.*)$", DOCKERFILE.rpartition("\nFROM ")[2], re.MULTILINE)


def test_the_compose_file_has_the_bot_its_database_and_its_index() -> None:
    assert set(SERVICES) == {"app", "migrate", "postgres", "chroma"}
    volumes = [v.split(":")[0] for s in SERVICES.values() for v in s.get("volumes", ()) if not v.startswith(".")]
    assert sorted(volumes) == sorted(COMPOSE["volumes"])
    for name, service in SERVICES.items():
        for other, wanted in service.get("depends_on", {}).items():
            checked = "healthcheck" in SERVICES[other]
            assert wanted["condition"] != "service_healthy" or checked, f"{name} waits for {other}, which has no check"
        assert not service.get("ports"), f"{name} is open to the network"


def test_what_compose_sets_are_settings_and_verbs() -> None:
    lines: list[str] = []
    for name in ("app", "migrate"):
        given = {key: re.sub(r"\$\{\w+[^}]*\}", "p", value) for key, value in SERVICES[name]["environment"].items()}
        settings = load(given, dotenv=None, tell=lines.append)
        assert "@postgres/" in str(settings.database_url) and settings.chroma_url == "http://chroma:8000"
        parser().parse_args(SERVICES[name]["command"])
    assert not lines
    assert int(SERVICES["app"]["stop_grace_period"].removesuffix("s")) >= Settings().shutdown_s + 5


def test_no_password_stands_in_the_compose_file() -> None:
    text = (ROOT / "compose.yaml").read_text()
    assert all(value.startswith("${") for value in re.findall(r"PASSWORD: +(\S+)", text))
    assert all(value.startswith("${") for value in re.findall(r"//\w+:([^@/]+)@", text))


def test_the_image_runs_an_installed_wheel_as_an_ordinary_user() -> None:
    assert steps("USER")[-1] not in ("root", "0")
    assert all("--from=build" in step or step.startswith("requirements.lock") for step in steps("COPY"))
    assert json.loads(steps("ENTRYPOINT")[0]) == ["policybot"]  # no shell between it and SIGTERM
    parser().parse_args(json.loads(steps("CMD")[0]))
    assert "/healthz" in steps("HEALTHCHECK")[0]
    given = dict(pair.split("=") for pair in steps("ENV")[0].split())
    del given["PYTHONUNBUFFERED"]
    lines: list[str] = []
    settings = load(given, dotenv=None, tell=lines.append)
    assert not lines and str(settings.health_port) in steps("EXPOSE")
    assert str(settings.data) in steps("VOLUME")


def test_all_that_the_image_is_built_from_is_let_in() -> None:
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for step in re.findall(r"^COPY +(?!--)(.+)$", DOCKERFILE, re.MULTILINE):
        for source in step.split()[:-1]:
            assert source in let_in and (ROOT / source).exists(), source


def test_the_workflow_runs_the_one_script_on_every_python_that_the_package_names() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    (job,) = workflow["jobs"].values()
    assert "bash .ci/run" in [step.get("run") for step in job["steps"]]
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["classifiers"]
    assert job["strategy"]["matrix"]["python"] == [c.split()[-1] for c in classifiers if re.search(r":: 3\.\d+$", c)]


def test_every_hook_is_local_and_runs_what_the_test_tools_bring() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert [repo["repo"] for repo in hooks["repos"]] == ["local"]
    pinned = (ROOT / "tests/requirements.txt").read_text()
    for hook in hooks["repos"][0]["hooks"]:
        program = hook["entry"].split()[0].removeprefix(".venv/bin/")
        assert program == "python" or f"\n{program}==" in pinned


@each("form", sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")))
def test_issue_forms_can_be_filled(form: Path) -> None:
    content = yaml.safe_load(form.read_text())
    if form.name == "config.yml":
        return
    assert content["name"] and content["description"]
    ids = [item["id"] for item in content["body"] if item["type"] != "markdown"]
    assert len(ids) == len(set(ids)) and all(item["attributes"] for item in content["body"])


def test_make_help_names_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
    shown = subprocess.run(["make", "-C", str(ROOT), "help"], capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^make (\w+) +\S", shown, re.MULTILINE) == phony


def test_the_wheel_takes_every_file_that_lies_beside_the_code() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["*"]
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "bot", "knowledge", "prompts"], capture_output=True, text=True, check=True
    )
    files = [Path(name) for name in listed.stdout.split() if not name.endswith(".py")]
    assert [str(file) for file in files if not any(file.match(pattern) for pattern in patterns)] == []


def test_what_is_locked_is_what_is_pinned_less_what_is_never_imported() -> None:
    pinned, compiled = pins.pins(pins.PINNED.read_text("utf-8")), pins.LOCKED.read_text("utf-8")
    wanted = {name: version for name, version in pinned.items() if name not in pins.NEVER_IMPORTED}
    assert pins.pins(compiled) == wanted, "run python -m tests.pins"
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", compiled)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in compiled
