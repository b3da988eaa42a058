"""Is the first row of a table its header? Rows in, yes or no out. Pure.

A header has short cells and no sentence, and is of another kind than the rows below it: "Grade | Days" over "B | 24".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_CELL_WORDS = 8  # of the longest cell of a header
_WORDS_A_CELL = 5  # of a header, on average
_LOOKED_AT = 8  # rows below it
_SENTENCE = re.compile(r"\w[.!?;][\"'”’)\]]*$|[.!?;]\s+[A-Z]")
_KINDS = (
    (re.compile(r"(?:19|20)\d\d(?:\s*[-–/]\s*\d{2,4})?"), "year"),
    (re.compile(r"\W{0,3}\d[\d.,:/ -]*\W{0,3}"), "number"),
    (re.compile(r".*\d.*", re.S), "figures"),
    (re.compile(r"[A-Z0-9][A-Z0-9&/ -]*[A-Z0-9]"), "capitals"),
    (re.compile(r"(?:yes|no|x|✓|✗|☒|☐|n/a|-|–)", re.I), "answer"),
    (re.compile(r"[a-zß-öø-ÿ].*", re.S), "small"),
)


def header_of(rows: Sequence[str]) -> str:
    """The first row where it is a header, else ""."""
    first = _cells(rows[0])
    words = [len(cell.split()) for cell in first]
    if len(rows) < 2 or len(first) < 2 or max(words) > _CELL_WORDS or sum(words) > _WORDS_A_CELL * len(first):
        return ""
    if any(_SENTENCE.search(cell) and len(cell.split()) > 2 for cell in first) or not any(map(str.isalpha, rows[0])):
        return ""
    below = [_cells(row) for row in rows[1 : 1 + _LOOKED_AT]]
    usual = [_usual([row[at] for row in below if at < len(row)]) for at in range(len(first))]
    kinds = [_kind(cell) for cell in first]
    alike = all(mine in (theirs, "") for mine, theirs in zip(kinds, usual, strict=True))
    return "" if alike and set(kinds) & {"number", "figures", "capitals", "answer", "small"} else rows[0]


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split(" | ")]


def _kind(cell: str) -> str:
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(cell)), "words" if cell else "")


def _usual(cells: Sequence[str]) -> str:
    kinds = Counter(_kind(cell) for cell in cells)
    return kinds.most_common(1)[0][0] if kinds else ""
