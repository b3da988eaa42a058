"""Which columns the cells of a PDF's table stand in, by where they are. Pure.

An empty cell leaves nothing on the page. Columns are what no cell of the table stands across; where they can't be told,
the rows stay as they are. A header of two rows, the upper one's cells over several columns, is one: "Site | Shift pay
weekday | Shift pay Sunday".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from knowledge.read.pages import Line
from knowledge.read.tables import TableRows, names_first

RowOfLines = list[list[Line]]  # cells from left to right, each with its lines
Span = tuple[float, float]  # left and right end

_NO_NAME = re.compile(r"(?<!\w)(?!(?:19|20)\d\d\b)\d|^[\W\d_]*$|[.;]$")  # figures but for years, signs, sentences
_DIGIT = re.compile(r"\d")
_MOST = 14  # columns; more are no table that a person reads; guess
_FIT = 0.25  # of what it heads, the farthest that a header may stand from its left end or middle; guess
_CAPTION = 10.0  # points from the table's middle, in which what stands above it is its caption; guess
_NEAR = 1.2  # times its height, the widest gap between a header's rows; guess
_HEADER_WORDS = 8  # of a header's cell; guess
_SAME_PLACE = 2.0  # points, which a column of a table may stand elsewhere on the next page; guess
_FOOT = 0.2  # of the page's height, below which no row is missing where the next one is on the next page; guess


@dataclass(frozen=True, slots=True)
class Columns:
    """Of a table on one page."""

    places: tuple[Span, ...]
    headed: bool  # its first row is a header, by its face or as it alone has no figures
    names_first: bool | None = None  # see knowledge.read.tables.told
    figures: tuple[bool | None, ...] = ()  # whether all cells of a column, but for the header's, have some; None: some
    first: float = 0.0  # of the page's height, its first row's height
    foot: float = 0.0  # of the page's height, where its last row ends
    table: TableRows | None = None  # where its cells are drawn

    def go_on(self, other: Columns) -> bool:
        """Whether the other table, at the top of the next page, is this one's next part."""
        if other.headed or len(self.places) != len(other.places) or (other.names_first and not self.names_first):
            return False
        near = (misfit(one, [two]) < _SAME_PLACE for one, two in zip(self.places, other.places, strict=True))
        other_kind = any({one, two} == {True, False} for one, two in zip(self.figures, other.figures, strict=True))
        return self.may_go_on(other) and all(near) and not other_kind

    def may_go_on(self, other: Columns) -> bool:
        """Whether there is no place left on the page for the other table's first row."""
        return self.foot < _FOOT + other.first


def columns_of(rows: Sequence[RowOfLines], height: float) -> Columns:
    """Of these rows on a page so high."""
    whole = [row for row in rows if len(row) == max(map(len, rows))]
    columns = [[cell for cell in column if cell] for column in zip(*whole, strict=True)]
    bold = [all(line.bold for cell in row for line in cell) for row in rows[:2]]
    faces = [[all(line.bold for line in cell) for cell in row] for row in rows if len(row) > 1]
    headed = bold == [True, False] or _is_named(rows)
    counted = [[any(_DIGIT.search(line.text) for line in cell) for cell in column[headed:]] for column in columns]
    first, last = ([line for cell in row for line in cell] for row in (rows[0], rows[-1]))
    return Columns(
        tuple(span_of([line for cell in column for line in cell]) if column else (0.0, 0.0) for column in columns),
        headed,
        names_first(faces),
        tuple(all(column) if len(column) > 1 and len(set(column)) == 1 else None for column in counted),
        (max(line.y1 for line in first) - min(line.y0 for line in first)) / height,
        min(line.y0 for line in last) / height,
    )


def _is_named(rows: Sequence[RowOfLines]) -> bool:
    """Whether a column has figures in all rows but the first, which has none and is no sentence."""
    said = [["".join(line.text for line in cell) for cell in row] for row in rows]
    short = all(len(text.split()) <= _HEADER_WORDS and not _DIGIT.search(text) for text in said[0])
    below = [row for row in said[1:] if len(row) == len(said[0])]
    figures = (all(_DIGIT.search(row[at]) for row in below) for at in range(len(said[0])))
    return short and len(below) > 1 and any(figures)


def in_columns(rows: Sequence[RowOfLines]) -> list[RowOfLines]:
    """The rows, each with a cell for every column, a header of two rows as one."""
    columns = _columns(rows) or _columns(rows[1:])
    if len(columns) < 2:
        return list(rows)
    if len(rows) > 1 and (parted := _parted(rows[0])) and (head := _header(*parted, columns)):
        return [head, *(_placed(row, columns) for row in rows[1:])]
    is_ruled = len(rows) > 2 and (any(cell[0].rule for cell in rows[2]) or not _is_wrapped(rows[0], rows[1]))
    head = _header(rows[0], rows[1], columns) if is_ruled else None
    return [*([head] if head else []), *(_placed(row, columns) for row in rows[2 if head else 0 :])]


def under_its_head(above: RowOfLines, rows: Sequence[RowOfLines]) -> RowOfLines | None:
    """The header of a table that begins with these rows, if the row close `above` is its first one; else None."""
    if len(rows) < 2:
        return None
    gap = min(line.y0 for cell in above for line in cell) - max(line.y1 for cell in rows[0] for line in cell)
    columns = _columns(rows) if -1 < gap < _NEAR * above[0][0].size else []
    if len(columns) < 3:
        return None
    left, right = span_of([*above[0], *above[-1]])
    (start, _), *_, (before, _), (last, end) = columns
    is_caption = abs(left + right - start - max(end, 2 * last - before)) / 2 < _CAPTION
    is_caption = is_caption and not _is_wrapped(above, rows[0])
    head = _header(above, rows[0], columns) if left > columns[0][1] and not is_caption else None
    return head and [cell for cell in head if cell]


def _is_wrapped(top: RowOfLines, second: RowOfLines) -> bool:
    """Whether cells of the upper one go on in the lower one: a rule stands over it alone."""
    lines = [line for cell in top for line in cell]
    is_parted = any(cell[0].is_parted(line) for cell in second for line in lines)
    return any(line.rule for line in lines) and not is_parted


def _parted(row: RowOfLines) -> tuple[RowOfLines, RowOfLines] | None:
    """Two rows of one whose cells stand on different levels beside a cell of two lines; None where they don't."""
    levels = [cell[0].y0 for cell in row if len(cell) == 1]
    if len(levels) < 2 or max(levels) - min(levels) < 3:
        return None
    low = min(levels) + 3
    upper, lower = ([[line for line in cell if (line.y0 > low) == up] for cell in row] for up in (True, False))
    return [cell for cell in upper if cell], [cell for cell in lower if cell]


def _columns(rows: Sequence[RowOfLines]) -> list[Span]:
    """Where the columns of these rows are; [] where a cell stands across two of them."""
    many = [row for row in rows if len(row) > 1]
    columns: list[Span] = []
    for left, right in sorted(span_of(cell) for row in many for cell in row):
        if columns and left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(right, columns[-1][1])
        else:
            columns.append((left, right))
    return columns if many and len(columns) == max(map(len, many)) <= _MOST else []


def _placed(row: RowOfLines, columns: Sequence[Span]) -> RowOfLines:
    """The row with its empty cells; as it is where two are in one column, or where it has its first cell alone."""
    places = [_nearest(span_of(cell), columns) for cell in row]
    if (len(row) == 1 and row[0][0].x0 < columns[0][1]) or len(set(places)) < len(places):
        return row
    return [row[places.index(at)] if at in places else [] for at in range(len(columns))]


def _nearest(span: Span, columns: Sequence[Span]) -> int:
    """The column that most of it stands in, else the nearest."""
    return max(range(len(columns)), key=lambda at: min(span[1], columns[at][1]) - max(span[0], columns[at][0]))


def _header(top: RowOfLines, second: RowOfLines, columns: Sequence[Span]) -> RowOfLines | None:
    """One row of both where the upper one's cells stand over several of the lower one's, or go on in it; else None."""
    upper, lower = _placed(top, columns), _placed(second, columns)
    if _is_wrapped(top, second) and len(top) + len(second) < 2 * len(columns):
        whole = len(upper) == len(lower) == len(columns)
        return [[*one, *two] for one, two in zip(upper, lower, strict=True)] if whole else None
    texts = [line.text for cell in (*top, *second) for line in cell]
    start = 1 if top[0][0].x0 > columns[0][1] else 0
    if len(lower) < len(columns) or bool(lower[0]) != bool(start) or any(map(_NO_NAME.search, texts)):
        return None
    cuts = combinations(range(start + 1, len(columns)), len(top) - 1)
    parts = [list(pairwise((start, *cut, len(columns)))) for cut in cuts]
    best = min(parts, key=lambda part: sum(_off(top, part, columns)), default=[])
    wide = [(a, b, off) for (a, b), off in zip(best, _off(top, best, columns), strict=False) if b - a > 1]
    fits = all(off < _FIT * (columns[b - 1][1] - columns[a][0]) and all(lower[a:b]) for a, b, off in wide)
    if not wide or not fits:
        return None
    over = [*([[]] * start), *(cell for cell, (a, b) in zip(top, best, strict=True) for _ in range(a, b))]
    return [[*one, *two] for one, two in zip(over, lower, strict=True)]


def _off(top: RowOfLines, part: Sequence[tuple[int, int]], columns: Sequence[Span]) -> list[float]:
    """How far each cell stands from the columns that it heads, if these are they."""
    return [misfit(span_of(cell), columns[a:b]) for cell, (a, b) in zip(top, part, strict=False)]


def misfit(span: Span, columns: Sequence[Span]) -> float:
    """How far it stands from the left end, the middle and the right end of what it may head, at least."""
    left, right = columns[0][0], columns[-1][1]
    return min(abs(span[0] - left), abs(span[0] + span[1] - left - right) / 2, abs(span[1] - right))


def span_of(cell: Sequence[Line]) -> Span:
    """From its left end to its right one."""
    return min(line.x0 for line in cell), max(line.x1 for line in cell)
