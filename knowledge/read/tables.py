"""Cells of a table as a format has them in, rows as they are read out. Pure.

A cell that goes over several rows or columns is said in each of them, so that each cell stands in its column; what goes
over all columns is said once. A header of several rows is one, so that each column has its whole name: "Service |
Notice Employer | Notice Employee". A table of names and values without a header is a list: "- Closing: 19:00".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile, zip_longest

from knowledge.types import BlockKind

_REPEATED = 200  # characters of a cell that are said again in the next row
_NAME_AGAIN = 4  # words that are said above each column that they name, more above the first of them; guess
_REPEATED_WORDS = 8  # of a cell that are said again in the next column; more are said of all together; guess
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
    """The row of these cells, with a border where its empty edges would look like one; "|" in a cell is "¦"."""
    row = " | ".join(cell.replace("|", "¦") for cell in cells)
    return row if cells[0] or cells[-1] else f"| {row} |"


def upright(rows: list[str]) -> list[str]:
    """The rows; of two that lie on their side ("Years | 1-4 | 5-9" over "Days | 20 | 25") the columns."""
    cells = [row.split(" | ") for row in rows]
    if len(rows) != 2 or not 2 < len(cells[0]) == len(cells[1]):
        return rows
    names = any(_FIGURE.search(row[0]) for row in cells)
    lies = not names and cells[0][0] != cells[1][0] and all(map(_FIGURE.search, cells[0][1:]))
    return [" | ".join(column) for column in zip(*cells, strict=True)] if lies else rows


@dataclass(frozen=True, slots=True)
class _Row:
    """A row by its cells."""

    cells: tuple[tuple[str, int, bool], ...]  # text, columns that it goes over, whether the one above goes on in it
    heads: Sequence[bool] | None  # see TableRows.add

    @property
    def columns(self) -> list[str]:
        """What is said in each column."""
        return [text for text, wide, _ in self.cells for _ in range(wide)]

    @property
    def is_heading(self) -> bool:
        """Whether it is one cell that may head the rows below it."""
        text = self.cells[0][0]
        is_name = len(text.split()) <= _REPEATED_WORDS and not text.endswith((".", ";", "!")) and not text[:1].islower()
        return len(self.cells) == 1 and bool(text) and is_name

    @property
    def is_header(self) -> bool:
        """Whether all that is said in it looks like a header."""
        pairs = zip(self.cells, self.heads or (), strict=False)
        return self.heads is None or all(head for (text, _, above), head in pairs if text and not above)

    def said(self) -> str:
        """The row as it is read out: what it is about is said once, and what is too long to be a value."""
        cells = list[str]()
        for at, (text, wide, _) in enumerate(self.cells):
            again = text if at and len(text.split()) <= _REPEATED_WORDS else ""
            cells += [text, *([again] * (wide - 1) if again or at < len(self.cells) - 1 else [])]
        return row_of(cells)

    def over(self, lower: _Row, body: Sequence[_Row]) -> _Row | None:
        """Both as one where they are a header of two rows over the body; else None."""
        upper, own = self.columns, [bool(text) and not above for text, wide, above in lower.cells for _ in range(wide)]
        wide = [across > 1 for _, across, _ in self.cells for _ in range(across)]
        if len(lower.cells) == 1 or len(own) != len(upper) or not body:
            return None
        if self.is_header and not any(wide):  # "Fare | " for a cell over two columns
            for at in range(2, len(upper)):
                if own[at] and not upper[at] and upper[at - 1]:
                    wide[at - 1 : at + 1], upper[at] = (True, True), upper[at - 1]
        are_headers = self.heads and self.is_header and lower.is_header
        alone = (own[at] and upper[at] and not are_headers for at in range(len(wide)) if not wide[at])
        if not any(wide) or any(alone) or any(not own[at] for at in range(len(wide)) if wide[at]):
            return None
        if not are_headers and (_has_values(upper, body) or _has_values(lower.columns, body)):
            return None
        cells, at = list[tuple[str, int, bool]](), 0
        names = [text for text, *_ in lower.cells]
        for text, across, above in lower.cells:
            over = upper[at]
            if at and over == upper[at - 1] and len(over.split()) > _NAME_AGAIN and len(set(names)) == len(names):
                over = ""  # too long to be said again
            cells.append((over if above or over == text else f"{over} {text}".strip(), across, False))
            at += across
        return replace(self, cells=tuple(cells))


def _has_values(names: Sequence[str], body: Sequence[_Row]) -> bool:
    """Whether one of them counts what is counted below it: "30 days" over "40 days"."""
    columns = zip_longest(*(row.columns for row in body), fillvalue="")
    shapes = (set(map(_shape, column)) for column in columns)
    return any(_FIGURE.search(name) and _shape(name) in below for name, below in zip(names, shapes, strict=False))


def _grouped(rows: list[_Row], first: int) -> list[_Row]:
    """The rows, what heads some of those behind the `first` ("Weekdays" over all columns) in a column of its own.

    A remark over all columns stays a row of the table, but for the last one.
    """
    within = rows[first + 1 : -1]
    if all(len(row.cells) > 1 for row in within):
        return rows
    # a lone one may be a remark: "Breakfast is not included"
    groups = sum(row.is_heading for row in rows[max(first - 1, 0) : -1])
    are_headed = groups > 1 or (groups > 0 and within[0].is_heading)
    wide = max(len(row.columns) for row in within)
    if first and rows[first - 1].is_heading and are_headed and _has_values(rows[first].columns, rows[first + 1 :]):
        first -= 1  # no caption over a header: it heads rows as the others do
    said, over = rows[:first], ""
    for row in rows[first:-1]:
        if row.is_heading and are_headed:
            over = row.cells[0][0]
            continue
        cells = row.cells if len(row.cells) > 1 else ((row.cells[0][0], 1, False), *[("", 1, False)] * (wide - 1))
        said.append(replace(row, cells=((over, 1, False), *cells) if are_headed else cells))
    last = rows[-1]
    return [*said, replace(last, cells=((over, 1, False), *last.cells)) if over and len(last.cells) > 1 else last]


class TableRows:
    """Takes one row after the other."""

    def __init__(self) -> None:
        self._rows: list[_Row] = []
        self._is_unheaded = False  # its header is empty
        self._above: list[str] = []  # by column

    def add(
        self, cells: Sequence[tuple[str | None, int]], *, before: int = 0, heads: Sequence[bool] | None = None
    ) -> None:
        """(text, columns) of each cell; None: the cell above goes on. `before`: columns left out at the row's start.

        `heads`: whether each looks like a header.
        """
        row, at = [("", 1, False)] * before, before
        for text, wide in cells:
            above = self._above[at] if at < len(self._above) else ""
            row.append((above if text is None else text, max(wide, 1), text is None))
            at += max(wide, 1)
        added = _Row(tuple(row), [False] * before + list(heads) if heads is not None else None)
        if any(text for text, *_ in row):
            self._rows.append(added)
        elif heads and all(heads) and not self._rows:
            self._is_unheaded = True
        self._above = [text if len(text) <= _REPEATED else "" for text in added.columns]

    @property
    def rows(self) -> list[str]:
        """What is said so far."""
        return [row.said() for row in self._headed()]

    def told(self) -> tuple[str, BlockKind]:
        """What a block says of the rows, and as what."""
        heads = [row.heads for row in self._headed() if row.heads is not None]
        return told(self.rows, True if self._is_unheaded else names_first(heads) if heads else None)

    def after(self, before: TableRows, *, headed: bool, is_next: bool) -> bool:
        """Whether this is the part on the next page: it says the header again, or `is_next`.

        Then it says what is left out, too: the header of what is `headed`, and what heads the last row, in a row or
        a cell of its own.
        """
        merged, first, many = before._merged()
        head = before._rows[: first + many]
        again = head and [row.columns for row in head] == [row.columns for row in self._rows[: len(head)]]
        if not again and not is_next:
            return False
        own, body = self._rows[len(head) if again else 0 :], before._rows[len(head) :]
        if body and any(row.cells[0][2] for row in body):
            cell = (body[-1].columns[0], 1, True)
            left_out = takewhile(lambda row: len(row.cells) > 1 and row.cells[0][:2] == ("", 1), own)
            begun = [replace(row, cells=(cell, *row.cells[1:])) for row in left_out]
            own = [*begun, *own[len(begun) :]]
        if body and own and not own[0].is_heading:
            grouped = len(_grouped(merged, first)[-1].columns) > len(body[-1].columns)
            over = [row for row in body if row.is_heading] if grouped or body[-1].is_heading else []
            own = [*over[-1:], *own]
        self._rows = [*(head if again or headed else []), *own]
        return True

    def _merged(self) -> tuple[list[_Row], int, int]:
        """The rows, a header of several as one; where it is, and how many rows it was."""
        rows = list(self._rows)
        first = next((at for at, row in enumerate(rows) if len(row.cells) > 1), len(rows))
        while header := rows[first].over(rows[first + 1], rows[first + 2 :]) if first + 1 < len(rows) else None:
            rows[first : first + 2] = [header]
        return rows, first, len(self._rows) - len(rows) + 1

    def _headed(self) -> list[_Row]:
        """The rows, a header of several as one, what heads some in a column of its own."""
        return _grouped(*self._merged()[:2])
