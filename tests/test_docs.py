"""README, .env.example, requirements and the changelog say what the code does."""

import ast
import dataclasses
import importlib
import importlib.util
import re
import shlex
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from bot.cli import parser
from bot.settings import Settings
from tests import gallery, numbers
from tests.generated import PAGES, figures, verbs
from tests.rows import each

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
WRITTEN = {  # by hand, and meant to be true today: not the notebooks
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob(".github/*.md")])
    if path.name != "CHANGELOG.md"
}


@each("name", ["chaos", *(f"bench.{path.stem}" for path in sorted(ROOT.glob("tests/bench/*.py")))])
def test_a_run_by_hand_finds_what_it_uses(name: str) -> None:
    importlib.import_module(f"tests.{name}")


@each("name", PAGES)
def test_a_generated_page_is_what_the_code_says(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == PAGES[name](), "run: python -m tests.generated"


def test_every_verb_has_an_example() -> None:
    for sub in verbs().values():
        assert "Example: policybot " in (sub.epilog or "")


def commands() -> list[str]:
    pages = [page for page in WRITTEN.values() if page]
    blocks = [block for page in pages for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL)]
    lines = [line for block in blocks for line in block.splitlines()]
    told = [
        part.strip() for line in lines for part in line.split("&&") if re.search(r"(^|bin/)policybot ", part.strip())
    ]
    examples = [(sub.epilog or "").removeprefix("Example: ") for sub in verbs().values()]
    return list(dict.fromkeys(told + examples))


@each("command", commands())
def test_every_documented_command_parses(command: str) -> None:
    words = shlex.split(command.split("#")[0].split(">")[0].split("|")[0])
    start = next(i for i, word in enumerate(words) if word.endswith("policybot"))
    parser().parse_args(words[start + 1 :])


def test_errors_and_docstrings_name_only_settings_and_options_that_exist() -> None:
    settings = {field.metadata["env"] for field in dataclasses.fields(Settings)}
    secret = {f"{f.metadata['env']}_FILE" for f in dataclasses.fields(Settings) if f.metadata["secret"]}
    options = {option for sub in [parser(), *verbs().values()] for a in sub._actions for option in a.option_strings}
    known, unknown = settings | secret | options, []
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
    files = [path for path in ROOT.iterdir() if path.is_file() and path.suffix in ("", ".txt", ".toml", ".yaml")]
    files += [*(ROOT / ".github").rglob("*.yml"), ROOT / ".ci/run", ROOT / "tests/requirements.txt"]
    for path in files:
        if path.name not in ("LICENSE", ".env"):
            words = path.read_text(encoding="utf-8")
            assert not re.search(r"index-url|find-links|https?://(?!127\.|chroma:)|\.io/", words), path.name


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


@each("file", numbers.files())
def test_every_number_that_decides_says_unit_and_source(file: str) -> None:
    bare = [number.name for number in numbers.numbers(file) if not number.source]
    assert not bare, f"{file}: write `# unit and meaning; measured: COMMAND | given: DOCUMENT | guess` behind {bare}"


def test_the_command_behind_a_measured_number_exists() -> None:
    for number in (number for file in numbers.files() for number in numbers.numbers(file)):
        if number.source.startswith("measured: "):
            command = number.source.removeprefix("measured: ")
            module = re.match(r"python -m ([\w.]+)", command)
            if module:
                assert importlib.util.find_spec(module[1]), f"{number.name}: {command}"
            else:
                parser().parse_args(shlex.split(command.removeprefix("policybot ")))


def test_the_figures_are_few_and_short_and_each_goal_says_whether_it_is_met() -> None:
    assert len(figures()) <= 28, "one of each kind: move what a new figure replaces to docs/lab"
    form = {
        "what": r".{1,120}",
        "now": r".{1,120}",
        "date": r"\d{4}-\d\d-\d\d",
        "goal": r"|.{1,110}\((not )?met\b[^)]*\)",
    }
    wrong = [(f["what"], key) for f in figures() for key in form if not re.fullmatch(form[key], f.get(key, ""))]
    assert wrong == []


def test_readme_is_short_and_shows_an_answer() -> None:
    assert len(README.encode()) <= 6_000
    (shown,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert (ROOT / shown).read_bytes().startswith(b"\x89PNG")


def test_readme_shows_the_settings_that_are_needed() -> None:
    needed = [f.metadata["env"] for f in dataclasses.fields(Settings) if f.metadata["group"] == "needed"]
    assert re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE) == needed


@each("name", WRITTEN)
def test_every_row_of_a_table_has_a_cell_for_each_head(name: str) -> None:
    for table in re.findall(r"(?:^\|.*\n)+", WRITTEN[name], re.MULTILINE):
        rows = table.splitlines()
        assert not [row for row in rows if len(re.findall(r"(?<!\\)\|", row)) != rows[0].count("|")]


@each("name", WRITTEN)
def test_every_path_that_a_page_names_exists(name: str) -> None:
    page = WRITTEN[name]
    top = tuple(f"{path.name}/" for path in ROOT.iterdir() if path.is_dir() and path.name != "data")
    drawn = [word for block in re.findall(r"```\n(.*?)```", page, re.DOTALL) for word in block.split()]
    code = drawn + re.findall(r"`([^`\n]+)`", page)
    named = [words.rstrip(":,") for words in code if words.startswith(top) and re.fullmatch(r"[\w./-]+:?,?", words)]
    gone = [path for path in named if not (ROOT / path).exists()]
    gone += [
        module for module in re.findall(r"python -m (tests[\w.]*\w)", page) if not importlib.util.find_spec(module)
    ]
    links = [link for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page) if "://" not in link]
    gone += [link for link in links if not (ROOT / name).parent.joinpath(link).exists()]
    assert not gone


def test_every_heading_that_a_page_links_to_exists() -> None:
    for name, page in WRITTEN.items():
        for link, anchor in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", page):
            target = (ROOT / name).parent / link if link else ROOT / name
            heads = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = [re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads]
            assert anchor in anchors, f"{name}: {link}#{anchor}"


def test_every_log_line_is_explained() -> None:
    page = WRITTEN["docs/operate.md"].split("## Log lines")[1].split("\n## ")[0]
    told = {event for row in re.findall(r"^\| (`.*?) \|", page, re.MULTILINE) for event in re.findall(r"`(\w+)`", row)}
    call = re.compile(r"get_logger\(\)\.(?:debug|info|warning|error|exception|critical)\(\s*\"([a-z_]+)\"")
    files = [path for package in ("bot", "knowledge") for path in (ROOT / package).rglob("*.py")]
    written = {event for path in files for event in call.findall(path.read_text(encoding="utf-8"))}
    assert told == written | {"library"}


def test_every_decision_has_a_date_and_says_what_would_change_it() -> None:
    entries = re.split(r"^## ", WRITTEN["docs/decisions.md"], flags=re.MULTILINE)[1:]
    assert [entry.split(".")[0] for entry in entries] == [str(n) for n in range(1, len(entries) + 1)]
    for entry in entries:
        assert re.search(r"^\d{4}-\d{2}-\d{2}\. ", entry, re.MULTILINE), entry.splitlines()[0]
        assert "\nWould change it: " in entry, entry.splitlines()[0]


def test_the_gallery_shows_every_picture_and_none_is_large() -> None:
    shown = re.findall(r"\]\((images/[\w-]+\.png)\)", WRITTEN["docs/gallery.md"])
    assert shown == [f"images/{name}.png" for name, _, _ in gallery.PICTURES]
    for name in shown:
        assert (ROOT / "docs" / name).stat().st_size < 150_000, name


def test_everything_that_is_imported_is_installed_on_a_clean_clone() -> None:
    pins = re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"].values()
    named = [re.split(r"[^\w.-]", one)[0] for extra in extras for one in extra]  # imported where it was asked for
    names = {name.lower().replace("_", "-") for name in (*pins, *named)}
    brought_by = packages_distributions()
    for path in (path for package in ("bot", "knowledge", "prompts") for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
            for top in {module.partition(".")[0] for module in modules} - {"bot", "knowledge", "prompts"}:
                brought = {name.lower().replace("_", "-") for name in brought_by.get(top, ())}
                assert top in sys.stdlib_module_names or brought & names, f"{path.name}: {top} is not pinned"
