"""Numbers that decide what is found, said and refused: read from the code with unit and source, for docs/numbers.md.

A module constant carries both behind it or in the comment lines above it: `# unit and meaning; source`. The source is
`measured: COMMAND` (repeats the measurement), `given: DOCUMENT` (somebody else fixed it) or `guess`.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDERS = ("knowledge/search", "knowledge/index", "bot/understanding", "bot/answering", "bot/check")
FILES = ("knowledge/ingest/split.py",)
_FORM = re.compile(r"(?P<meaning>\S.*?); (?P<source>measured: \S.*|given: \S.*|guess)")


@dataclass(frozen=True, slots=True)
class Number:
    """One constant. `meaning` and `source` are empty where its comment has not the form."""

    file: str
    name: str
    value: str
    meaning: str
    source: str


def files() -> list[str]:
    """The scoring modules, as paths in the repository."""
    listed = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return [*sorted(path.relative_to(ROOT).as_posix() for path in listed), *FILES]


def numbers(file: str) -> Iterator[Number]:
    """The numeric constants of a module, private ones too: `TOP = 5`, `WEIGHTS = (9.25, -1.2)`."""
    text = (ROOT / file).read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.parse(text).body:
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0] if _one(node) else None
        if isinstance(target, ast.Name) and target.id.isupper() and _numeric(node.value):
            match = _FORM.fullmatch(_comment(lines, node.lineno - 1, node.end_lineno))
            meaning, source = match.groups() if match else ("", "")
            yield Number(file, target.id, ast.unparse(node.value), meaning, source)


def _one(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and len(node.targets) == 1


def _numeric(node: ast.expr | None) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    if isinstance(node, ast.Tuple):
        return bool(node.elts) and all(map(_numeric, node.elts))
    if isinstance(node, ast.BinOp):
        return _numeric(node.left) and _numeric(node.right)
    return isinstance(node, ast.UnaryOp) and _numeric(node.operand)


def _comment(lines: list[str], first: int, end: int) -> str:
    """The comment behind a statement on lines [first, end), else the block of comment lines right above it."""
    behind = " ".join(line.partition("  # ")[2] for line in lines[first:end]).strip()
    if behind:
        return behind
    above = first
    while above and lines[above - 1].startswith("# "):
        above -= 1
    return " ".join(line[2:] for line in lines[above:first])


def page() -> str:
    """docs/numbers.md."""
    head = (
        "# Numbers\n\nWritten by `python -m tests.generated`.\n\n"
        "The constants that decide what is found, said and refused, and where each comes from: *measured* names the\n"
        "command that repeats it (after a change; GOLD: any set, `tests/eval/gold.jsonl` is the small one),\n"
        "*given* who fixed it, a *guess* waits for its measurement. In the code: `# unit and meaning; source`.\n"
    )
    for file in files():
        rows = [
            f"| `{n.name}` | {n.value} | {_cell(n.meaning)} | {_cell(n.source)} |" for n in numbers(file) if n.source
        ]
        if rows:
            head += "\n".join(
                [f"\n## {file}\n", "| name | value | unit and meaning | source |", "|---|---|---|---|", *rows]
            )
            head += "\n"
    return head


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
