"""README, .env.example, requirements and the changelog say what the code does."""

import ast
import dataclasses
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from bot.cli import parser
from bot.settings import MOVED, Settings
from tests import numbers
from tests.generated import PAGES, verbs

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_the_code_says(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == PAGES[name](), "run: python -m tests.generated"


def test_every_verb_is_in_readme_and_has_an_example() -> None:
    for verb, sub in verbs().items():
        assert f"policybot {verb}" in README, f"README does not show policybot {verb}"
        assert "Example: policybot " in (sub.epilog or "")


def commands() -> list[str]:
    blocks = re.findall(r"```(?:sh|console)\n(.*?)```", README, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    found = [part.strip() for line in lines for part in line.split("&&") if "policybot " in part]
    examples = [(sub.epilog or "").removeprefix("Example: ") for sub in verbs().values()]
    return found + examples


@pytest.mark.parametrize("command", commands())
def test_every_documented_command_parses(command: str) -> None:
    words = shlex.split(command.split("#")[0].split(">")[0].split("|")[0])
    start = next(i for i, word in enumerate(words) if word.endswith("policybot"))
    parser().parse_args(words[start + 1 :])


def test_errors_and_docstrings_name_only_settings_and_options_that_exist() -> None:
    settings = {field.metadata["env"] for field in dataclasses.fields(Settings)}
    secret = {f"{f.metadata['env']}_FILE" for f in dataclasses.fields(Settings) if f.metadata["secret"]}
    options = {option for sub in [parser(), *verbs().values()] for a in sub._actions for option in a.option_strings}
    known, unknown = settings | secret | options | MOVED.keys(), []
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "knowledge").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
                named = re.findall(r"\bPOLICYBOT_[A-Z]+(?:_[A-Z]+)*\b", node.value)
                named += re.findall(r"(?<![\w-])--[a-z][a-z-]+\b", node.value)
                unknown += [f"{path.name}: {name}" for name in named if name not in settings | known]
    assert unknown == []


def test_every_dependency_is_pinned_once_and_says_why() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = re.findall(r"^([A-Za-z0-9_.-]+)==[\w.+-]+$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    pinned = {name.lower().replace("_", "-") for name in pins}
    assert len(pins) == len(pinned)
    for dependency in project["dependencies"]:
        name = re.match(r"[A-Za-z0-9_.-]+", dependency)[0].lower().replace("_", "-")
        assert name in pinned, f"requirements.txt does not pin {name}"
    lines = (ROOT / "pyproject.toml").read_text().split("dependencies = [")[1].split("]\n")[0].strip().splitlines()
    assert all("#" in line for line in lines), "a dependency without its reason"


def test_no_file_names_a_package_registry() -> None:
    for name in ("requirements.txt", "tests/requirements.txt", "pyproject.toml", ".ci/run", "Procfile"):
        assert not re.search(r"index-url|find-links|https?://(?!127)", (ROOT / name).read_text()), name


def test_the_version_has_dated_notes() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    entries = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)[1:]
    heads = [entry.splitlines()[0] for entry in entries]
    assert heads[0] == "[Unreleased]"
    dated = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})", head) for head in heads[1:]]
    assert all(dated), "a version is written ## [1.2.3] - 2026-01-31"
    assert dated[0][1] == version, "the newest entry is not the version of pyproject.toml"
    assert sorted((d[2] for d in dated), reverse=True) == [d[2] for d in dated]
    assert all(re.search(r"^- \S", entry, re.MULTILINE) for entry in entries[1:]), "a version without a line"


@pytest.mark.parametrize("file", [f for f in numbers.files() if not f.startswith(numbers.UNCONVERTED)])
def test_every_number_that_decides_says_unit_and_source(file: str) -> None:
    bare = [number.name for number in numbers.numbers(file) if not number.source]
    assert not bare, f"{file}: write `# unit and meaning; measured: COMMAND | given: DOCUMENT | guess` behind {bare}"


def test_the_command_behind_a_measured_number_exists() -> None:
    for number in (number for file in numbers.files() for number in numbers.numbers(file)):
        if number.source.startswith("measured: "):
            command = number.source.removeprefix("measured: ")
            module = re.match(r"python -m ([\w.]+)", command)
            if module:
                assert (ROOT / f"{module[1].replace('.', '/')}.py").is_file(), f"{number.name}: {command}"
            else:
                parser().parse_args(shlex.split(command.removeprefix("policybot ")))
