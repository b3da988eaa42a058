"""Table rows of a passage -> their header and cells, one row in words, and the whole as a Markdown table. Pure.

A passage's table is a run of units of the kind "row". Its first row is the header where it looks like one: short
cells, no sentence, and other in kind than the rows below it. Cells are slices of the passage, white space collapsed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answering.ranges import picked
from knowledge.text.quantities import quantities
from knowledge.text.sentences import Unit
from knowledge.text.words import stem

MAX_ROWS = 12  # rows of a table that is shown whole; guess
_HEADER_WORDS = 8  # words of a header's cell; guess
_CELL = re.compile(r"\s*(?:\t|(?<!\\)\|)\s*")
_SENTENCE_END = re.compile(r"[.!;]\s*$")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by the index of their unit in the passage; `head` is the index of the header, None without one."""

    head: int | None
    names: tuple[str, ...]  # the header's cells; () without one
    rows: dict[int, tuple[str, ...]]

    def picked(self, question: str) -> frozenset[int]:
        """The rows whose range holds a figure of the question: {3} for "after six years"; empty where none tells."""
        indexes = list(self.rows)
        for column in range(max((len(cells) for cells in self.rows.values()), default=0)):
            entries = [cells[column] if column < len(cells) else "" for cells in self.rows.values()]
            unit = re.sub(r".*[(\[]|[)\]].*", "", self.names[column]) if column < len(self.names) else ""
            found = picked(question, entries, _unit(unit))
            if found is not None:
                return frozenset(indexes[n] for n in found)
        return frozenset()

    def in_words(self, index: int) -> str:
        """A row as a sentence: "Length of service: up to 2 years; Notice period: 1 month"."""
        cells = self.rows[index]
        if len(self.names) != len(cells):
            return "; ".join(cell for cell in cells if cell)
        pairs = zip(self.names, cells, strict=True)
        return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs if cell)

    def markdown(self, indexes: Sequence[int]) -> str:
        """The rows as a Markdown table below their header, an empty one where the table has none."""
        wide = max(len(self.names), *(len(self.rows[index]) for index in indexes))
        lines = [self.names, ("---",) * wide, *(self.rows[index] for index in indexes)]
        return "\n".join("| " + " | ".join((*line, *("",) * (wide - len(line)))) + " |" for line in lines)


def table(text: str, units: Sequence[Unit], index: int) -> Table:
    """The table that the row `index` stands in."""
    rows = {n: cells(text[u.start : u.end]) for n, u in enumerate(units) if u.group == units[index].group}
    first = next(iter(rows))
    if len(rows) > 1 and _is_header(rows[first], [row for n, row in rows.items() if n != first]):
        return Table(first, rows.pop(first), rows)
    return Table(None, (), rows)


def cells(row: str) -> tuple[str, ...]:
    """The cells of a row: "| a | b |" -> a, b."""
    return tuple(" ".join(cell.split()) for cell in _CELL.split(row.strip().strip("|")))


def _is_header(first: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    if any(len(cell.split()) > _HEADER_WORDS or _SENTENCE_END.search(cell) for cell in first):
        return False
    figures = sum(any(c.isdigit() for c in cell) for cell in first)
    return figures <= max(sum(any(c.isdigit() for c in cell) for cell in row) for row in rows) or not figures


def _unit(name: str) -> str:
    """What a column counts by its header: "year" of "Length of service (years)"."""
    known = next((q.unit for q in quantities(f"2 {name}") if q.unit), "")
    return known or (stem(name.split()[-1]) if name.split() else "")
