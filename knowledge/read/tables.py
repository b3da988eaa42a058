"""Cells of a table as a format has them in, rows as they are read out. Pure.

A cell that goes over several rows is said in each of them, one that goes over several columns once. A header of several
rows is one, so that each column has its whole name: "Service | Notice Employer | Notice Employee". A table of names and
values without a header is a list: "- Closing: 19:00".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

from knowledge.types import BlockKind

_REPEATED = 200  # characters of a cell that are said again in the next row
_FIGURE = re.compile(r"(?<!\w)(?!(?:19|20)\d\d\b)\d")  # "30 days" stands in no header; "Q1" and "2026" may

_VALUE = re.compile(r"\W{0,3}(?!(?:19|20)\d\d\b)\d(?!\d{0,2}(?:st|nd|rd|th)\b)")  # "120", "€ 5", no "1st class"
_BARE = re.compile(r"\W{0,3}\d[\d.,:/ –-]*\W{0,3}")
_LEADERS = re.compile(r"[\s.…·_]{3,}\Z")  # from a name to its value
_NAME_WORDS = 8  # of what a value is called; guess


def told(rows: list[str], names_first: bool | None = None) -> tuple[str, BlockKind]:
    """The rows as a block says them. `names_first`: by its format it has names before values, or (False) a header."""
    pairs = [[_LEADERS.sub("", cell) for cell in row.split(" | ")] for row in rows]
    if len(rows) > 1 and (_is_keyed(pairs) if names_first is None else names_first):
        return "\n".join(_named(cells[0], "; ".join(filter(None, cells[1:]))) for cells in pairs), "list"
    return "\n".join(upright(rows)), "table"


def names_first(heads: Sequence[Sequence[bool]]) -> bool | None:
    """By which cells of two columns look like headers: whether names stand before values, or (False) above them."""
    if any(len(row) != 2 for row in heads):
        return None
    return (
        True if all(row[0] > row[1] for row in heads) else False if all(heads[0]) and not all(map(all, heads)) else None
    )


def _named(name: str, value: str) -> str:
    mark = "" if name.endswith("?") else ":"
    return f"- {name.rstrip(': ')}{mark} {value}" if name and value else f"- {name or value}"


def _is_keyed(pairs: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is a name and its value already: "Seats | 120" over "Opening | 7:00"."""
    if any(len(pair) != 2 or not pair[0] for pair in pairs):
        return False
    (name, value), *below = pairs
    if all(name.endswith(":") for name, _ in pairs):
        return True
    if _FIGURE.search(name) or len(name.split()) > _NAME_WORDS or name[-1] in ".;" or not _FIGURE.search(value):
        return False
    counted = {_shape(value[found.start() :] if (found := _FIGURE.search(value)) else "") for _, value in below}
    alike = len(below) > 1 and len(counted) == 1  # "Room | 1 night" over "Single | 80 euros" and "Double | 95 euros"
    is_told_below = any(_shape(value) == _shape(other) for _, other in below)
    return is_told_below or bool(_BARE.fullmatch(value)) or (bool(_VALUE.match(value)) and not alike)


def _shape(value: str) -> str:
    """What is counted: "# euros"."""
    return re.sub(r"\d[\d.,:]*", "#", value.lower())


def row_of(cells: Sequence[str]) -> str:
    """The row of these cells, with a border where its empty edges would look like one."""
    row = " | ".join(cells)
    return row if cells[0] or cells[-1] else f"| {row} |"


def upright(rows: list[str]) -> list[str]:
    """The rows; of two that lie on their side ("Years | 1-4 | 5-9" over "Days | 20 | 25") the columns."""
    cells = [row.split(" | ") for row in rows]
    if len(rows) != 2 or not 2 < len(cells[0]) == len(cells[1]):
        return rows
    names = any(_FIGURE.search(row[0]) for row in cells)
    lies = not names and all(map(_FIGURE.search, cells[0][1:]))
    return [" | ".join(column) for column in zip(*cells, strict=True)] if lies else rows


class TableRows:
    """Takes one row after the other; `rows` is what is said so far."""

    def __init__(self) -> None:
        self.rows: list[str] = []
        self._heads_of: list[Sequence[bool]] = []
        self._is_unheaded = False  # its header is empty
        self._above: list[str] = []  # by column
        self._heads = False  # the last row is a header that may go on

    def add(
        self, cells: Sequence[tuple[str | None, int]], *, before: int = 0, heads: Sequence[bool] | None = None
    ) -> None:
        """(text, columns) of each cell; None: the cell above goes on. `before`: columns left out at the row's start.

        `heads`: whether each looks like a header.
        """
        shown, columns = list[str](), [""] * before
        for text, wide in cells:
            at = len(columns)
            text = text if text is not None else self._above[at] if at < len(self._above) else ""
            shown.append(text)
            columns += [text if len(text) <= _REPEATED else ""] * wide
        names = not any(_FIGURE.search(text) for text in shown)
        if self._heads and names and any(text is None for text, _ in cells):
            pairs = zip_longest(self._above, columns, fillvalue="")
            columns = [one if one == two else f"{one} {two}".strip() for one, two in pairs]
            self.rows[-1] = " | ".join(columns)
        elif any(shown):
            self._heads = names and not self.rows and any(wide > 1 for _, wide in cells)
            self.rows.append(row_of(shown))
            self._heads_of += [heads] if heads is not None else []
        elif heads and all(heads) and not self.rows:
            self._is_unheaded = True
        self._above = columns

    def told(self) -> tuple[str, BlockKind]:
        """What a block says of the rows, and as what."""
        first = True if self._is_unheaded else names_first(self._heads_of) if self._heads_of else None
        return told(self.rows, first)
