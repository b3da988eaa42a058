"""What can be quoted of a passage: its sentences, list items and table rows, each below its lead-in or header. Pure.

Every span is a slice of the passage, so what is quoted is found again character by character.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from knowledge.text.cells import Table
from knowledge.text.sentences import row_cells, units
from knowledge.text.tables import is_headed
from knowledge.text.words import spelt as words

_LEAD_IN = re.compile(r":[^\w:]*\Z")


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence, list item or table row of a passage; `over` is the lead-in or header that it stands under."""

    start: int
    end: int
    text: str
    words: tuple[str, ...]
    over: tuple[int, int, str] | None = None  # start, end, text

    @property
    def whole_text(self) -> str:
        """The span below its header or lead-in."""
        return f"{self.over[2]}\n{self.text}" if self.over else self.text


@lru_cache(maxsize=1024)
def quotable(text: str, headings: tuple[str, ...] = (), hidden: tuple[tuple[int, int], ...] = ()) -> tuple[Span, ...]:
    """The spans of a passage in order, without those that a part which must not be quoted touches."""
    spans: list[Span] = []
    over: tuple[int, int, str] | None = None
    for _, block in groupby(units(text, headings), key=lambda unit: unit.group):
        members = [*block]
        is_table = members[0].kind == "row"
        headed = is_table and is_headed([row_cells(text[one.start : one.end]) for one in members])
        first = True
        for unit in members:
            if any(unit.start < end and start < unit.end for start, end in hidden):
                continue
            here = (unit.start, unit.end, text[unit.start : unit.end])
            begins = unit.kind == "sentence" or (is_table and first)
            spans.append(Span(*here, words(here[2]), None if begins else over))
            if begins:
                over = here if headed or (not is_table and _LEAD_IN.search(here[2])) else None
            first = False
    return tuple(spans)


@lru_cache(maxsize=1024)
def tables(spans: tuple[Span, ...]) -> dict[tuple[int, int, str], Table]:
    """The tables among the spans that have a header, by that header."""
    rows: dict[tuple[int, int, str], list[tuple[str, ...]]] = {}
    for span in spans:
        if span.over and len(cells := row_cells(span.text)) == len(row_cells(span.over[2])) > 1:
            rows.setdefault(span.over, []).append(cells)
    return {over: Table(row_cells(over[2]), tuple(cells)) for over, cells in rows.items()}
