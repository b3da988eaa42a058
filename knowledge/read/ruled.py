"""Tables whose cells are drawn: rules of a PDF page in, the cell that each word stands in and its rows out. Pure.

A cell is what rules enclose; the outermost may be missing. One that goes over several rows or columns has no rule in
it. What rules enclose is no table where it has one column, where words stand across its rules, or where rows in it have
no rule between them: that is read by where its words stand, as is what has no upright rules.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Protocol

from knowledge.read.columns import RowOfLines, Span
from knowledge.read.pages import Box, Cell, Line, bands
from knowledge.read.tables import TableRows

_TOUCH = 4.0  # points between rules that are one, or that meet; guess
_MOST_RULES = 1_200  # of a page; more are a drawing; guess
_MOST = (60, 250)  # columns and rows; more are no table that a person reads; guess
_NARROW = 15.0  # points, up to which what says nothing is no column; guess
_FRAME = 0.35  # of the page's height, from which what goes over all columns is a frame around text; guess
_ACROSS = 0.1  # of the words, the most that may stand across rules; guess
_FILLED = 0.2  # of the cells, the fewest that say something; guess
_ONLY_FIGURES = re.compile(r"\W*\d[\d.,:%]*\W*")

_Rule = tuple[float, float, float]  # where it is; from, to
_Edges = tuple[int, int, int, int]  # first and last row, first and last column, the last ones excluded
_Lines = dict[tuple[int, int, int, int], list[list["Placed"]]]  # of each cell


class Placed(Protocol):
    """A word on the page."""

    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def x0(self) -> float: ...  # noqa: D102
    @property
    def y0(self) -> float: ...  # noqa: D102
    @property
    def x1(self) -> float: ...  # noqa: D102
    @property
    def y1(self) -> float: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the rules of one table may stand, from left to right and from top to bottom; which cells they enclose."""

    xs: Sequence[float]
    ys: Sequence[float]  # negative, so that they go up
    cells: Sequence[Sequence[_Edges]]  # by row and column

    def cell(self, word: Placed) -> _Edges | None:
        """The one that it stands in."""
        column = bisect_right(self.xs, (word.x0 + word.x1) / 2) - 1
        row = bisect_right(self.ys, -(word.y0 + word.y1) / 2) - 1
        inside = 0 <= column < len(self.xs) - 1 and 0 <= row < len(self.ys) - 1
        return self.cells[row][column] if inside else None

    def columns(self, within: Collection[_Edges]) -> list[int]:
        """Those in which words begin, or would if the part on the page before had no cell that goes on in them."""
        goes_on = {
            left
            for top, end, left, right in {cell for row in self.cells for cell in row}
            if right - left == 1 and end - top > 1 and self.xs[right] - self.xs[left] > _NARROW
        }
        return sorted({left for _, _, left, _ in within} | goes_on)


def cells_of(words: Sequence[Placed], rules: Sequence[Box], height: float) -> dict[int, Cell]:
    """By the place of a word, the cell of a table that it stands in. `height`: of the page."""
    found: dict[int, Cell] = {}
    for table, grid in enumerate(_grids(rules)):
        within = defaultdict[_Edges, list[int]](list)
        for at, word in enumerate(words):
            if (cell := grid.cell(word)) is not None:
                within[cell].append(at)
        for top, end, left, right in list(within):
            if (left, right) == (0, len(grid.xs) - 1) and grid.ys[end] - grid.ys[top] > _FRAME * height:
                del within[top, end, left, right]
        _part(grid, within, words)
        if _is_table(grid, within, words):
            columns = grid.columns(within)
            lefts = tuple(grid.xs[column] for column in columns)
            for (top, end, left, right), inside in within.items():
                first = bisect_left(columns, left)
                wide = bisect_left(columns, right) - first
                found |= dict.fromkeys(inside, Cell(table, top, first, end - top, wide, lefts))
    return found


def rows_of(
    lines: Sequence[Line], said: Callable[[Sequence[Line]], str]
) -> tuple[TableRows, list[RowOfLines], tuple[Span, ...]]:
    """The rows of one table; the lines of each cell below its header's upper rows; where its columns begin.

    `said`: what some lines say.
    """
    within = defaultdict[Cell, list[Line]](list)
    for line in (one for band in bands(tuple(lines)) for one in band):
        if line.cell:
            within[line.cell].append(line)
    rows, places = sorted({cell.row for cell in within}), next(iter(within)).lefts
    columns = range(len(places))
    slots: dict[tuple[int, int], Cell] = {}
    for cell in within:
        for row in range(bisect_left(rows, cell.row), bisect_left(rows, cell.row + cell.rows)):
            slots |= {(row, column): cell for column in range(cell.column, cell.column + cell.columns)}
    table, read = TableRows(), list[RowOfLines]()
    for row, top in enumerate(rows):
        cells, heads, column = list[tuple[str | None, int]](), list[bool](), 0
        while column < len(columns):
            cell_here = slots.get((row, column))
            begun, wide = (within[cell_here], cell_here.columns) if cell_here else ([], 1)
            cells.append((None if cell_here and cell_here.row < top else said(begun), wide))
            heads.append(bool(begun) and all(line.bold for line in begun))
            column += wide
        table.add(cells, heads=heads)
        read.append([within[slots[row, at]] if (row, at) in slots else [] for at in columns])
    narrow = {at for at in range(len(rows)) if all(slots[at, k].columns == 1 for k in columns if (at, k) in slots)}
    return table, read[min(narrow, default=0) :], tuple((left, left) for left in places)


def _grids(rules: Sequence[Box]) -> list[_Grid]:
    """What the page's rules enclose, one for rules that meet."""
    level = _merged([((-y0 - y1) / 2, x0, x1) for x0, y0, x1, y1 in rules if x1 - x0 > y1 - y0])
    upright = _merged([((x0 + x1) / 2, -y1, -y0) for x0, y0, x1, y1 in rules if x1 - x0 < y1 - y0])
    if len(level) + len(upright) > _MOST_RULES:
        return []
    group = list(range(len(upright)))  # the first rule that each upright one is connected with
    meets = list[tuple[_Rule, int]]()
    places = [x for x, _, _ in upright]
    for y, start, end in level:
        near = range(bisect_left(places, start - _TOUCH), bisect_right(places, end + _TOUCH))
        met = [at for at in near if upright[at][1] - _TOUCH <= y <= upright[at][2] + _TOUCH]
        if met:
            meets.append(((y, start, end), met[0]))
            joined = {group[at] for at in met}
            group = [min(joined) if one in joined else one for one in group]
    parts = {
        one: (
            [rule for rule, at in meets if group[at] == one],
            [up for up, at in zip(upright, group, strict=True) if at == one],
        )
        for one in set(group)
    }
    grids = (_grid(*parts[one]) for one in sorted(parts) if parts[one][0])
    return [grid for grid in grids if grid]


def _merged(rules: list[_Rule]) -> list[_Rule]:
    """The rules, those that go on in one another as one, in the order of their places."""
    lines, merged = list[list[_Rule]](), list[_Rule]()
    for rule in sorted(rules):
        if lines and rule[0] - lines[-1][0][0] < _TOUCH:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    for line in lines:
        place, runs = fmean(at for at, _, _ in line), list[tuple[float, float]]()
        for _, start, end in sorted(line, key=lambda rule: rule[1:]):
            if runs and start <= runs[-1][1] + _TOUCH:
                runs[-1] = runs[-1][0], max(runs[-1][1], end)
            else:
                runs.append((start, end))
        merged += [(place, *run) for run in runs]
    return merged


def _grid(level: Sequence[_Rule], upright: Sequence[_Rule]) -> _Grid | None:
    """What these rules enclose, if all of it are rectangles."""
    ys, xs = _places(level, upright), _places(upright, level)
    high, wide = len(ys) - 1, len(xs) - 1
    if not (0 < wide <= _MOST[0] and 0 < high <= _MOST[1]):
        return None
    below = {(at, k) for at, k in _walls(level, ys, xs)}  # rule ys[at] over the gap behind xs[k]
    beside = {(k, at) for at, k in _walls(upright, xs, ys)}
    cells: list[list[_Edges | None]] = [[None] * wide for _ in range(high)]
    for top in range(high):
        for left in range(wide):
            if cells[top][left]:
                continue
            inside, todo = {(top, left)}, [(top, left)]
            while todo:
                row, column = todo.pop()
                near = [
                    *([(row - 1, column)] if row and (row, column) not in below else []),
                    *([(row + 1, column)] if row + 1 < high and (row + 1, column) not in below else []),
                    *([(row, column - 1)] if column and (row, column) not in beside else []),
                    *([(row, column + 1)] if column + 1 < wide and (row, column + 1) not in beside else []),
                ]
                todo += (new := set(near) - inside)
                inside |= new
            end, right = max(row for row, _ in inside) + 1, max(column for _, column in inside) + 1
            first = min(column for _, column in inside)
            if len(inside) != (end - top) * (right - first):
                return None
            for row, column in inside:
                cells[row][column] = (top, end, first, right)
    return _Grid(xs, ys, [[cell for cell in row if cell] for row in cells])


def _places(rules: Sequence[_Rule], across: Sequence[_Rule]) -> list[float]:
    """Where these rules are, and where those across them end if that is further out."""
    places = sorted({at for at, _, _ in rules})
    first, last = min(start for _, start, _ in across), max(end for _, _, end in across)
    return [*([first] if first < places[0] - _TOUCH else []), *places, *([last] if last > places[-1] + _TOUCH else [])]


def _walls(rules: Sequence[_Rule], places: Sequence[float], across: Sequence[float]) -> list[tuple[int, int]]:
    """(place, gap between two places across) that a rule is drawn over."""
    middles = [(one + two) / 2 for one, two in pairwise(across)]
    return [
        (bisect_left(places, at), gap)
        for at, start, end in rules
        for gap in range(bisect_left(middles, start), bisect_right(middles, end))
    ]


def _part(grid: _Grid, within: dict[_Edges, list[int]], words: Sequence[Placed]) -> None:
    """Parts cells over several columns whose words stand side by side in these: rules are drawn in some rows only."""
    wide = [cell for cell in within if cell[3] - cell[2] > 1]
    for top, end, left, right in wide:
        inside = within[top, end, left, right]
        parts = defaultdict[int, list[int]](list)
        for at in inside:
            parts[bisect_right(grid.xs, words[at].x0) - 1].append(at)
        across = any(
            words[at].x1 > grid.xs[column + 1]
            for column, part in parts.items()
            for at in part
            if column + 1 < len(grid.xs)
        )
        ends = {column: max(words[at].x1 for at in part) for column, part in parts.items()}
        starts = {column: min(words[at].x0 for at in part) for column, part in parts.items()}
        order = sorted(parts)
        apart = all(starts[two] - ends[one] > 2 * _TOUCH for one, two in pairwise(order))
        if len(parts) == right - left and not across and apart:
            del within[top, end, left, right]
            within |= {(top, end, column, column + 1): part for column, part in parts.items()}


def _is_table(grid: _Grid, within: dict[_Edges, list[int]], words: Sequence[Placed]) -> bool:
    columns = {left for _, _, left, right in within if right - left < len(grid.xs) - 1}
    rows = {top for top, *_ in within}
    count = len({cell for row in grid.cells for cell in row})
    filled = _FILLED if len(rows) > 1 else 1  # boxes side by side may be a figure
    if len(columns) < 2 or len(rows) + len(columns) < 4 or len(within) < filled * count:
        return False
    placed = [
        (words[at], grid.xs[cell[2]] - _TOUCH, grid.xs[cell[3]] + _TOUCH) for cell in within for at in within[cell]
    ]
    across = sum(word.x0 < left or word.x1 > right for word, left, right in placed)
    lines = {cell: _lines([words[at] for at in inside]) for cell, inside in within.items()}
    by_row = ([cell for cell in lines if cell[0] == row] for row in rows)
    stacked = sum(len(lines[cell]) for row in by_row for cell in _stacked(row, lines, len(rows) < 3, grid.xs))
    return across <= _ACROSS * len(placed) and stacked <= sum(map(len, lines.values())) / 2


def _lines(words: Sequence[Placed]) -> list[list[Placed]]:
    lines: list[list[Placed]] = []
    for word in sorted(words, key=lambda one: -one.y0 - one.y1):
        if lines and lines[-1][0].y0 + lines[-1][0].y1 - word.y0 - word.y1 < word.y1 - word.y0:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _stacked(row: Sequence[_Edges], lines: _Lines, few: bool, xs: Sequence[float]) -> Sequence[_Edges]:
    """The cells of this row if its lines are rows without rules. `few`: the table has no more rows than two.

    Then a cell has figures or (of few rows) a word or two in each line, or lines end where the next word had place.
    """
    many = [len(lines[cell]) for cell in row]
    for cell in row:
        figures = all(len(line) < 3 and _ONLY_FIGURES.fullmatch(line[0].text) for line in lines[cell])
        if figures and len(lines[cell]) > 1 and sum(one >= len(lines[cell]) for one in many) > 1:
            return row
    broken = {cell: _broken(lines[cell], 0.9 * (xs[cell[3]] - xs[cell[2]])) for cell in row}
    if few:
        are_rows = any(2 * ends >= len(lines[cell]) - 1 > 1 for cell, ends in broken.items())
        are_named = any(len(lines[cell]) > 2 and all(len(line) < 3 for line in lines[cell]) for cell in row)
        return row if are_rows and are_named and sum(one > 2 for one in many) > 1 else ()
    alike = len(row) > 1 and len(set(many)) == 1 and all(ends == many[0] - 1 > 0 for ends in broken.values())
    return row if alike else ()


def _broken(lines: Sequence[Sequence[Placed]], wide: float) -> int:
    """How many lines end although the next one's first word had place there."""
    spans = [(min(word.x0 for word in line), max(word.x1 for word in line)) for line in lines]
    firsts = [min(line, key=lambda word: word.x0) for line in lines]
    return sum(
        end - start + next_one.x1 - next_one.x0 < wide
        for (start, end), next_one in zip(spans, firsts[1:], strict=False)
    )
