"""Cells of a table as a format has them in, rows as they are read out. Pure.

A cell that goes over several rows is said in each of them, one that goes over several columns once. A header of several
rows is one, so that each column has its whole name: "Service | Notice Employer | Notice Employee".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest

_REPEATED = 200  # characters of a cell that are said again in the next row
_FIGURE = re.compile(r"(?<!\w)(?!(?:19|20)\d\d\b)\d")  # "30 days" stands in no header; "Q1" and "2026" may


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
        self._above: list[str] = []  # by column
        self._heads = False  # the last row is a header that may go on

    def add(self, cells: Sequence[tuple[str | None, int]], *, before: int = 0) -> None:
        """(text, columns) of each cell; None: the cell above goes on. `before`: columns left out at the row's start."""
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
            row = " | ".join(shown)
            self.rows.append(row if shown[0] or shown[-1] else f"| {row} |")  # else its edges look like a border
        self._above = columns
