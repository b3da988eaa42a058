"""What can be quoted of a passage: its sentences, list items and table rows, each below its lead-in or header. Pure.

Every span is a slice of the passage, so what is quoted is found again character by character. The first row of a table
is its header where it has short cells, no sentences, and is other in kind than the rows below it: "Grade" over "7",
"Less than 5 years" over "25 days". A row has its first cell as its name, a column its header's cell; a sentence names
one by a word that no other has ("dog"), by all its words ("days of leave"), or, as a range, by its words in one run
("over 40 kg").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from knowledge.text.figures_alike import CLAUSES, may_stand_for
from knowledge.text.quantities import Quantity, quantities
from knowledge.text.sentences import row_cells, units
from knowledge.text.words import hinges, light, spelt, stem, stopwords, words

_LEAD_IN = re.compile(r":[^\w:]*\Z")
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
BEGINNING = 4  # letters of a word that another form of it begins with, "Kind" and "Kindern"; guess
ENDING = 3  # letters by which such forms differ, at most; guess


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
            spans.append(Span(*here, spelt(here[2]), None if begins else over))
            if begins:
                over = here if headed or (not is_table and _LEAD_IN.search(here[2])) else None
            first = False
        over = None if is_table else over  # what is below a table has a number of its own, or a lead-in
    return tuple(spans)


@lru_cache(maxsize=1024)
def tables(spans: tuple[Span, ...]) -> dict[tuple[int, int, str], Table]:
    """The tables among the spans that have a header, by that header."""
    rows: dict[tuple[int, int, str], list[tuple[str, ...]]] = {}
    for span in spans:
        if span.over and len(cells := row_cells(span.text)) == len(row_cells(span.over[2])) > 1:
            rows.setdefault(span.over, []).append(cells)
    return {over: Table(row_cells(over[2]), tuple(cells)) for over, cells in rows.items()}


def is_headed(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the cells of the first row head those of the rows below it."""
    first, below = rows[0], rows[1 : 1 + _LOOKED_AT]
    lengths = [len(cell.split()) for cell in first]
    if not below or len(first) < 2 or max(lengths) > _CELL_WORDS or sum(lengths) > _WORDS_A_CELL * len(first):
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


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table below its header."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def rows_of(self, text: str) -> frozenset[int]:
        """The rows that a text names; one without a name has that of the row above."""
        labels: list[str] = []
        for row in self.rows:
            labels.append(row[0] or (labels[-1] if labels else ""))
        return named(labels, text)

    def figures(self, rows: Collection[int]) -> list[Quantity]:
        """The figures of these rows and of the header."""
        return [f for cells in (self.names, *(self.rows[n] for n in rows)) for cell in cells for f in quantities(cell)]

    def misplaced(self, text: str, elsewhere: Collection[Quantity]) -> str:
        """The text's first figure that stands in the table, but not in the row or column that is named with it."""
        own = [f for f in quantities(text) if f.kind != "weak"]
        names = [f for cell in (*self.names, *(row[0] for row in self.rows)) for f in quantities(cell)]
        new = [f for f in own if not any(_same(f, one) for one in (*elsewhere, *names))]
        ends = [*(cut.end() for cut in CLAUSES.finditer(text)), len(text)]
        clauses = {f: next(n for n, end in enumerate(ends) if f.start < end) for f in new if self._places(f)}
        parts = {n: text[ends[n - 1] if n else 0 : ends[n]] for n in clauses.values()}
        by_clause = {n: self.rows_of(part if len(parts) > 1 else text) for n, part in parts.items()}
        if len(parts) > 1 and any(len(rows) != 1 for rows in by_clause.values()):
            by_clause = {}  # "a cat and a dog cost £14 and £17"
        labels = " ".join(self.rows[row][0] for row in self.rows_of(text))  # "late" of a row is no "later" of a column
        for figure, n in clauses.items():
            rows = by_clause.get(n) or frozenset(range(len(self.rows)))
            inside = {column for row, column in self._places(figure) if row in rows}
            columns = named(self.names, text[ends[n - 1] if n else 0 : figure.start]) - named(self.names, labels) - {0}
            there = [f for row in rows for column in columns for f in quantities(self.rows[row][column])]
            alike = [f for f in there if f.kind == figure.kind and (f.unit or figure.unit) == (figure.unit or f.unit)]
            is_other = any(not any(may_stand_for(one, f) for one in own) for f in alike)
            said = _words(parts[n] if len(parts) > 1 else text)
            if inside:  # in another column, unless the claim has words of its cell
                is_meant = any(said & _words(self.rows[r][c]) for r, c in self._places(figure) if r in rows)
            else:  # in another row, unless the claim has words that only that one has
                here = {word for r in rows for cell in self.rows[r] for word in _words(cell)}
                is_meant = any(said & _words(cell) - here for r, _ in self._places(figure) for cell in self.rows[r])
            if not is_meant and (not inside or (is_other and inside.isdisjoint(columns))):
                return text[figure.start : figure.end].strip()
        return ""

    def _places(self, figure: Quantity) -> list[tuple[int, int]]:
        cells = ((n, c, cell) for n, row in enumerate(self.rows) for c, cell in enumerate(row))
        return [(n, c) for n, c, cell in cells if any(may_stand_for(figure, one) for one in quantities(cell))]


def _same(figure: Quantity, known: Quantity) -> bool:
    return may_stand_for(figure, known) and (known.unit is not None or figure.unit is None)  # £26 is no 26 December


def named(labels: Sequence[str], text: str) -> frozenset[int]:
    """Which of the labels a text names."""
    little, said = _little(), words(_bare(text))
    own = {label: {word for word in words(label) if word.isalpha() and word not in little} for label in labels}
    labels_with = Counter(word for has in own.values() for word in has)
    found = set()
    for label, has in own.items():
        if special := {word for word in has if labels_with[word] == 1}:
            is_named = any(_alike(word, one) for word in special for one in said)
        elif re.search(r"\d", label):
            is_named = len(words(label)) > 1 and f" {' '.join(words(label))} " in f" {' '.join(words(text))} "
        else:
            is_named = bool(has) and all(any(_alike(word, one) for one in said) for word in has)
        found |= {label} if is_named else set()
    return frozenset(n for n, label in enumerate(labels) if label in found)


def _little() -> frozenset[str]:
    return light() | hinges() | stopwords()


def _bare(text: str) -> str:
    """A text without its figures: the "hours" of "80 hours" are no column's."""
    for figure in quantities(text):
        if figure.kind != "weak":
            text = text[: figure.start] + " " * (figure.end - figure.start) + text[figure.end :]
    return text


def _words(text: str) -> set[str]:
    return {stem(word) for word in words(_bare(text)) if word.isalpha() and word not in _little()}


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    is_form = len(short) >= BEGINNING and long.startswith(short) and len(long) - len(short) <= ENDING
    return is_form or stem(one) == stem(other)
