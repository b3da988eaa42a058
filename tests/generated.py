"""Pages that are made from the code: `python -m tests.generated` writes them, tests/test_docs.py compares.

docs/tree.md from module docstrings, docs/settings.md and .env.example from the fields of Settings, docs/commands.md
from the parser, docs/numbers.md from the constants of the scoring modules; between <!-- figures --> and
<!-- /figures --> the keys of docs/configure.md, and from docs/figures.toml what README and docs/measured.md tell.
"""

import argparse
import ast
import dataclasses
import itertools
import sys
import textwrap
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.cli import parser
from bot.rules.reading import TABLES
from bot.settings import Settings
from tests import numbers

ROOT = Path(__file__).parent.parent
PACKAGES = ("bot", "knowledge", "prompts", "tests")


def shown_default(field: dataclasses.Field) -> str:
    value = field.default if field.default is not dataclasses.MISSING else field.default_factory()
    if value is None or value in ((), {}):
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


GROUPS = {
    "needed": "Needed: to answer in Slack with a model",
    "useful": "Useful: documents, servers, costs",
    "rare": "Rare: the defaults are measured or safe",
}


def _grouped() -> list[tuple[str, list[dataclasses.Field]]]:
    fields = dataclasses.fields(Settings)
    return [(title, [f for f in fields if f.metadata["group"] == group]) for group, title in GROUPS.items()]


def settings_page() -> str:
    head = (
        "Read from the environment, then from `.env`; the environment wins. Each secret (*) may stand in a file that\n"
        "`NAME_FILE` names instead. Every verb tells a `POLICYBOT_*` name that is no setting."
    )
    page = f"# Settings\n\nWritten by `python -m tests.generated`.\n\n{head}\n"
    for title, fields in _grouped():
        rows = [
            f"| `{f.metadata['env']}`{'*' * f.metadata['secret']} | {shown_default(f)} | {f.metadata['doc']} |"
            for f in fields
        ]
        page += "\n".join([f"\n## {title}\n", "| setting | default | meaning |", "|---|---|---|", *rows]) + "\n"
    return page


def env_example() -> str:
    page = "# Settings of policybot. Copy to .env and uncomment what you need; the environment wins over this file.\n"
    for title, fields in _grouped():
        rows = [f"# {f.metadata['doc']}\n# {f.metadata['env']}={shown_default(f)}\n" for f in fields]
        page += "\n".join([f"\n## {title}\n", *rows])
    return page


def _first_line(path: Path) -> str:
    """What a module's docstring opens with, to the first full stop or colon that ends a statement."""
    text = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").strip().partition("\n\n")[0]
    return " ".join(text.split()).partition(". ")[0].rstrip(".")


def tree_page() -> str:
    lines = ["# The tree", "", "Written by `python -m tests.generated` from the first line of each module.", ""]
    for package in PACKAGES:
        files = sorted((ROOT / package).rglob("*.py"), key=lambda p: (p.parent.as_posix(), p.name))
        for folder in dict.fromkeys(p.parent for p in files):
            if "versions" in folder.parts:
                continue
            own = [p for p in files if p.parent == folder]
            about = next((_first_line(p) for p in own if p.name == "__init__.py"), "")
            lines.append(f"\n**{folder.relative_to(ROOT).as_posix()}/** {about}\n".replace("  ", " "))
            lines += [f"- `{p.name}` {_first_line(p)}" for p in own if p.name != "__init__.py"]
    return "\n".join(lines).rstrip() + "\n"


def verbs() -> dict[str, argparse.ArgumentParser]:
    (action,) = [a for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(action.choices)


def commands_page() -> str:
    page = (
        "# Commands\n\nWritten by `python -m tests.generated`.\n\n"
        "Every verb explains itself with `--help`. Answers go to stdout, logs and progress to stderr. Exit codes:\n"
        "0 done, 1 the thing asked for failed, 2 used or configured wrongly.\n"
    )
    for name, sub in verbs().items():
        example = (sub.epilog or "").removeprefix("Example: ")
        page += f"\n## {name}\n\n{sub.description}\n\n```sh\n{example}\n```\n"
        rows = [f"| {_option(a)} | {a.help} |" for a in sub._actions if a.dest != "help"]
        if rows:
            page += "\n".join(["", "| | |", "|---|---|", *rows]) + "\n"
    return page


def _option(action: argparse.Action) -> str:
    value = (action.metavar or (" or ".join(action.choices) if action.choices else "")).replace("|", "\\|")
    if not action.option_strings:
        return f"`{value or action.dest}`"
    return f"`{', '.join(action.option_strings)}{f' {value}' if value else ''}`"


def figures() -> list[dict[str, str]]:
    return tomllib.loads((ROOT / "docs/figures.toml").read_text(encoding="utf-8"))["figure"]


def _filled(name: str, block: str) -> Callable[[], str]:
    """The page as it is written by hand, with `block` where it says <!-- figures -->."""

    def page() -> str:
        head, begin, rest = (ROOT / name).read_text(encoding="utf-8").partition("<!-- figures -->\n")
        _, end, tail = rest.partition("<!-- /figures -->")
        assert begin and end, f"{name} has no place for the figures"
        return head + begin + block + end + tail

    return page


def limits() -> str:
    """The figures that README tells, as one item of its list."""
    told = [figure["readme"] for figure in figures() if "readme" in figure]
    told[-1] += " ([All that was measured](docs/measured.md).)"
    how = {"initial_indent": "- ", "subsequent_indent": "  ", "break_on_hyphens": False}
    return "".join(textwrap.fill(text, 120, **how) + "\n" for text in told)


def figures_table() -> str:
    rows = ["| what was tried | now | goal | date | repeat |", "|---|---|---|---|---|"]
    for group, held in itertools.groupby(figures(), key=lambda figure: figure["group"]):
        rows.append(f"| **{group}** | | | | |")
        rows += [
            f"| {f['what']} | {f['now']} | {f.get('goal', '')} | {f['date']} | {_command(f['repeat'])} |" for f in held
        ]
    return "\n".join(rows) + "\n"


def keys_table() -> str:
    """Every key of policybot.toml, from the dataclasses that hold them."""
    rows = ["| table | key | default | meaning |", "|---|---|---|---|"]
    for table in TABLES:
        name = (table.__doc__ or "").partition("`]")[0].partition(": ")[0].partition("`")[2].rstrip("`")
        for key in dataclasses.fields(table):
            if meaning := key.metadata.get("meaning"):
                default = {True: "true", False: "false", (): ""}.get(key.default, key.default)
                rows.append(f"| `{name}` | `{key.name}` | {default or ''} | {meaning} |")
    return "\n".join(rows) + "\n"


def _command(text: str) -> str:
    """The text as a command, or as a link to the page that says how."""
    page = text.removeprefix("docs/")
    return f"`{text}`" if page == text else f"[how]({page})"


PAGES = {
    "README.md": _filled("README.md", limits()),
    "docs/measured.md": _filled("docs/measured.md", figures_table()),
    "docs/configure.md": _filled("docs/configure.md", keys_table()),
    "docs/tree.md": tree_page,
    "docs/settings.md": settings_page,
    "docs/commands.md": commands_page,
    "docs/numbers.md": numbers.page,
    ".env.example": env_example,
}


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with --check name those that differ."""
    differ = [name for name, page in PAGES.items() if not _is(ROOT / name, page())]
    for name in differ:
        print(f"{name} is not what the code says: run python -m tests.generated" if "--check" in arguments else name)
        if "--check" not in arguments:
            (ROOT / name).write_text(PAGES[name](), encoding="utf-8")
    return int(bool(differ) and "--check" in arguments)


def _is(path: Path, page: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == page


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
