"""Whether the first row of a table is its header. Pure.

A header has short cells, no sentences, and is other in kind than the rows below it: "Grade" over "7", "Less than 5
years" over "25 days".
"""

import re
from collections import Counter
from collections.abc import Sequence

_CELL_WORDS = 12  # of the longest cell of a header; given: docs/lab/2026-11-30-smaller.md
_WORDS_A_CELL = 6  # of a header, on average; guess
_LOOKED_AT = 8  # rows below it; guess
_UNIT_LETTERS = 3  # in which a unit is the same in the plural, "Tag" and "Tage"; guess
_SENTENCE = re.compile(r"\w[.!;][\"'”’)\]]*$|[.!?;]\s+[A-Z]")
_KINDS = (
    (re.compile(r"(?:19|20)\d\d(?:\s*[-–/]\s*\d{2,4})?"), "year"),
    (re.compile(r"\W{0,3}\d[\d.,:/ -]*\W{0,3}"), "number"),
    (re.compile(r"[A-Z0-9][A-Z0-9&/ -]*[A-Z0-9]"), "capitals"),
    (re.compile(r"(?:yes|no|x|✓|✗|☒|☐|n/a|-|–)", re.I), "answer"),
)
_COUNTED = re.compile(r".*\d[^\w€$£%]*([^\W\d]+|[€$£%])?", re.S)


def is_headed(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the cells of the first row head those of the rows below it."""
    first, below = rows[0], rows[1 : 1 + _LOOKED_AT]
    words = [len(cell.split()) for cell in first]
    if not below or len(first) < 2 or max(words) > _CELL_WORDS or sum(words) > _WORDS_A_CELL * len(first):
        return False
    if not any(first) or any(_SENTENCE.search(cell) and len(cell.split()) > 2 for cell in first):
        return False
    usual = [_usual([row[at] for row in below if at < len(row)]) for at in range(len(first))]
    kinds = [_kind(cell) for cell in first]
    alike = all(mine in (theirs, "") for mine, theirs in zip(kinds, usual, strict=True))
    return not alike or set(kinds) <= {"words", ""}


def _kind(cell: str) -> str:
    """What a cell is: "year", "number", ...; of other figures what the last counts: "up to 5 years" -> "yea"."""
    if known := next((kind for pattern, kind in _KINDS if pattern.fullmatch(cell)), ""):
        return known
    if counted := _COUNTED.match(cell):
        return (counted[1] or "figures").lower()[:_UNIT_LETTERS]
    return "small" if cell[:1].islower() else "words" if cell else ""


def _usual(cells: Sequence[str]) -> str:
    kinds = Counter(_kind(cell) for cell in cells)
    return kinds.most_common(1)[0][0] if kinds else ""
