"""The import rules of the house, read from the code."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.rows import each

ROOT = Path(__file__).parent.parent
SOURCES = sorted(p for folder in ("bot", "knowledge", "prompts") for p in (ROOT / folder).rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


DOORS = {
    "slack_bolt": ("bot/slack/",),
    "slack_sdk": ("bot/slack/",),
    "openai": ("bot/llm/", "knowledge/index/embed.py"),
    "chromadb": ("knowledge/index/chroma.py",),
    "onnxruntime": ("knowledge/index/",),
    "tokenizers": ("knowledge/index/",),
    "pypdf": ("knowledge/read/",),
    "pypdfium2": ("knowledge/read/",),
    "PIL": ("knowledge/read/picture.py",),
    "docx": ("knowledge/read/docx.py",),
    "charset_normalizer": ("knowledge/read/text.py",),
    "lxml": ("knowledge/read/html.py",),
    "mdit_py_plugins": ("knowledge/read/markdown.py",),
    "markdown_it": ("knowledge/read/markdown.py", "bot/slack/safe_text.py"),
    "alembic": ("bot/store/",),
    "psycopg": ("bot/store/",),
    "sqlalchemy": ("bot/store/", "knowledge/catalog", "knowledge/database.py"),
    "aiohttp": ("bot/slack/", "bot/demo/"),
    "dotenv": ("bot/settings.py",),
    "pydantic": ("knowledge/records.py",),
    "py3langid": ("knowledge/text/", "knowledge/read/"),
    "snowballstemmer": ("knowledge/text/",),
    "phonenumbers": ("bot/privacy/",),
    "stdnum": ("bot/privacy/",),
    "pygal": ("bot/reporting/page.py",),
    "mako": ("bot/reporting/page.py",),
    "prometheus_client": ("bot/slack/metrics.py",),
    "opentelemetry": ("bot/tracing.py",),
}
# Folders (and loose files) of `bot/` and `knowledge/` from the top down: a line imports only lines below it.
ORDER = [
    {"bot/__main__"},
    {"bot/cli"},
    {"bot/reporting"},
    {"bot/evaluation", "bot/doctor", "bot/demo"},
    {"bot/wiring"},
    {"bot/slack"},
    {"bot/answering"},
    {"bot/check", "bot/understanding", "bot/llm", "bot/store"},
    {"bot/json_rows"},
    {"bot/privacy"},
    {"bot/texts"},
    {"bot/rules"},
    {"bot/settings", "bot/types"},
    {"bot/log", "bot/tracing", "bot/errors", "bot/turns", "bot/pseudonyms", "prompts"},
    {"knowledge/pictures"},
    {"knowledge/search"},
    {"knowledge/ingest"},
    {"knowledge/index"},
    {"knowledge/catalog"},
    {"knowledge/read"},
    {"knowledge/text", "knowledge/files"},
    {"knowledge/types", "knowledge/database", "knowledge/records"},
    {"knowledge/errors"},
]
PURE_FOLDERS = ("bot/check", "bot/privacy", "bot/understanding", "knowledge/text")
ASKING = ("documents", "rewrite", "search")  # of bot/answering: they ask the index, or a model
PURE = [
    *(name(p) for p in SOURCES if name(p).startswith(PURE_FOLDERS)),
    *(name(p) for p in SOURCES if name(p).startswith("bot/answering/") and p.stem not in ASKING),
    "bot/types.py",
    "bot/errors.py",
    "bot/json_rows.py",
    "bot/rules/reading.py",
    "bot/rules/tables.py",
    "bot/slack/blocks.py",
    "bot/slack/parse.py",
    "bot/slack/meanings.py",
    "bot/slack/render.py",
    "bot/slack/safe_text.py",
    "bot/slack/safe_characters.py",
    "bot/evaluation/gold.py",
    "bot/evaluation/metrics.py",
    "bot/evaluation/growing.py",
    *(name(p) for p in SOURCES if name(p).startswith("bot/reporting/")),
    "bot/llm/cost.py",
    "knowledge/types.py",
    "knowledge/errors.py",
    "knowledge/read/marks.py",
    "knowledge/ingest/split.py",
    "knowledge/ingest/plan.py",
    "knowledge/search/rank.py",
]
IMPURE = {
    "time",
    "os",
    "random",
    "secrets",
    "uuid",
    "structlog",
    "logging",
    "socket",
    "subprocess",
    "bot.settings",
    "bot.log",
    "bot.wiring",
}


@cache
def imports(path: Path, *, typing_too: bool = True) -> list[str]:
    """Full dotted names a file imports, anywhere in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typed = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if not typing_too and id(node) in typed:
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: relative import"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


@each("path", SOURCES)
def test_a_file_keeps_the_rules(path: Path) -> None:
    me = name(path)
    package = me.split("/")[0]
    for target in imports(path):
        root = target.split(".")[0]
        if package == "knowledge":
            assert root not in ("bot", "prompts"), f"{me} imports {target}"
        if package == "prompts":
            assert root not in ("bot", "knowledge"), f"{me} imports {target}"
        assert root != "tests", f"{me} imports {target}"
    for target in imports(path, typing_too=False):
        root = target.split(".")[0]
        if root in DOORS:
            assert me.startswith(DOORS[root]), f"{me} imports {target}: the door is {DOORS[root]}"
    text = path.read_text(encoding="utf-8")
    if me != "bot/settings.py":
        assert "os.environ" not in text and "getenv" not in text, f"{me} reads the environment"
    assert len(text.splitlines()) <= 400, f"{me} is too long: split it along its data"
    assert ast.get_docstring(ast.parse(text)) or not text.strip(), f"{me} has no module docstring"


@each("me", PURE)
def test_a_pure_module_stays_pure(me: str) -> None:
    path = ROOT / me
    assert path.is_file(), f"{me} is listed as pure but is gone"
    for target in imports(path, typing_too=False):
        parts = target.split(".")
        heads = {".".join(parts[:i]) for i in range(1, len(parts) + 1)}
        assert not heads & IMPURE, f"{me} imports {target}"
        if parts[0] in DOORS:  # a library that only computes is no vendor, behind its own door
            assert parts[0] in (
                "markdown_it",
                "py3langid",
                "snowballstemmer",
                "phonenumbers",
                "stdnum",
                "pygal",
                "mako",
            ), f"{me} imports {target}"


def room(dotted: str) -> str:
    """`bot/answering` for `bot.answering.draft.Draft`, `prompts` for `prompts.load`."""
    parts = dotted.split(".")
    return parts[0] if parts[0] == "prompts" else "/".join(parts[:2])


def test_folders_import_downward_only() -> None:
    """So no circle between folders is possible, save within one line of ORDER, which must not import each other."""
    level = {folder: n for n, line in enumerate(ORDER) for folder in line}
    upward = []
    for path in SOURCES:
        mine = room(name(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        if mine in ("bot", "knowledge"):
            continue
        assert mine in level, f"{mine} has no place in ORDER"
        for target in imports(path):
            theirs = room(target)
            if target.split(".")[0] in ("bot", "knowledge", "prompts") and theirs != mine and "/" in theirs:
                ok = level[theirs] > level[mine]
                upward += [] if ok else [f"{name(path)} imports {target}"]
    assert upward == []


def test_serving_loads_nothing_of_the_demo() -> None:
    """The workspace of the demo plays Slack: the product must not know it."""
    code = (
        "import sys, bot.cli.operating, bot.slack.serve, bot.wiring; print([m for m in sys.modules if 'bot.demo' in m])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"
    for path in SOURCES:
        if not name(path).startswith(("bot/demo/", "bot/cli/")):
            assert not [target for target in imports(path) if room(target) == "bot/demo"], name(path)


def test_no_file_of_tests_is_too_long() -> None:
    tests = (ROOT / "tests").rglob("*.py")
    assert not [name(path) for path in tests if len(path.read_text(encoding="utf-8").splitlines()) > 400]


def test_nothing_is_called_by_a_name_that_says_nothing() -> None:
    assert not [
        name(p) for p in SOURCES if p.stem in ("utils", "util", "helpers", "helper", "common", "misc", "manager")
    ]


def test_importing_the_command_line_loads_no_vendor() -> None:
    """`import bot.cli` stays cheap (speed itself is reported by tests/bench)."""
    heavy = (
        "chromadb",
        "onnxruntime",
        "openai",
        "slack_bolt",
        "slack_sdk",
        "sqlalchemy",
        "numpy",
        "aiohttp",
        "pypdf",
        "structlog",
    )
    code = f"import sys, bot.cli; print([m for m in {heavy!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"
