"""Which rows and columns of a table a sentence names, and which of its figures stands in another one. Pure.

A row has its first cell as its name, a column its header's cell. A sentence names one by a word that no other has
("dog"), by all its words ("days of leave"), or, as a range, by its words in one run ("over 40 kg").
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from knowledge.text.contradiction import lexicon
from knowledge.text.figures_alike import CLAUSES, may_stand_for
from knowledge.text.quantities import Quantity, quantities
from knowledge.text.words import stem, stopwords, words

BEGINNING = 4  # letters of a word that another form of it begins with, "Kind" and "Kindern"; guess
ENDING = 3  # letters by which such forms differ, at most; guess


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
            if not inside or (is_other and inside.isdisjoint(columns)):
                return text[figure.start : figure.end].strip()
        return ""

    def _places(self, figure: Quantity) -> list[tuple[int, int]]:
        cells = ((n, c, cell) for n, row in enumerate(self.rows) for c, cell in enumerate(row))
        return [(n, c) for n, c, cell in cells if any(may_stand_for(figure, one) for one in quantities(cell))]


def _same(figure: Quantity, known: Quantity) -> bool:
    return may_stand_for(figure, known) and (known.unit is not None or figure.unit is None)  # £26 is no 26 December


def named(labels: Sequence[str], text: str) -> frozenset[int]:
    """Which of the labels a text names."""
    little, bare = lexicon("light") | lexicon("hinges") | stopwords(), text
    for figure in quantities(text):  # the "hours" of "80 hours" are no column's
        if figure.kind != "weak":
            bare = bare[: figure.start] + " " * (figure.end - figure.start) + bare[figure.end :]
    said = words(bare)
    own = {label: {word for word in words(label) if word.isalpha() and word not in little} for label in labels}
    labels_with = Counter(word for has in own.values() for word in has)
    found = set()
    for label, has in own.items():
        if special := {word for word in has if labels_with[word] == 1}:
            is_named = any(_alike(word, one) for word in special for one in said)
        elif re.search(r"\d", label):
            is_named = bool(has) and f" {' '.join(words(label))} " in f" {' '.join(words(text))} "
        else:
            is_named = bool(has) and all(any(_alike(word, one) for one in said) for word in has)
        found |= {label} if is_named else set()
    return frozenset(n for n, label in enumerate(labels) if label in found)


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    is_form = len(short) >= BEGINNING and long.startswith(short) and len(long) - len(short) <= ENDING
    return is_form or stem(one) == stem(other)
