"""Lines of a PDF page into what a person sees: paragraphs, list items, tables, code. Pure.

Lines come in the order of the file, which is nearly always the order of reading; where a file writes two columns line
by line, they are put one after the other. A table row is what stands side by side; rows in sequence make a table.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby, pairwise
from statistics import median, median_low

from knowledge.read import hyphens, notes
from knowledge.read.columns import Columns, RowOfLines, columns_of, in_columns, under_its_head
from knowledge.read.hyphens import HYPHENS
from knowledge.read.pages import Line, PageText, bands
from knowledge.read.ruled import rows_of
from knowledge.read.tables import row_of
from knowledge.text.characters import BULLETS, SYMBOL_FONT_BULLETS
from knowledge.types import BlockKind

_BULLETS = BULLETS + SYMBOL_FONT_BULLETS
_BULLET = re.compile(rf"^[{_BULLETS}\-–—*+o](?:\s+|$)")
_SURE_BULLET = re.compile(rf"^[{_BULLETS}]\s*")
_ENUMERATOR = re.compile(r"^(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]|\d{1,2}\.\d{1,2}\.?)(?:\s+|$)")
_BARE = re.compile(r"(\d{1,2})(| .*)", re.S)
_DIGIT = re.compile(r"\d")
_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
_PROSE = 120  # characters of a first cell that is rather a paragraph; guess
_FIGURE = 12  # characters of a cell that is a figure; guess
_SAME_COLUMN = 6.0  # points
_COLUMN_LINES = 14  # more lines than this side by side with others are a text column, not a table cell


def flow(
    page: PageText, lines: Sequence[Line], words: Collection[str]
) -> Iterator[tuple[str, BlockKind, Columns | None]]:
    """(text, kind, a table's columns) of lines of a page that stand between two headings.

    `words`: of the document, to mend hyphens.
    """
    pitch = _pitch(lines)
    for part in _parts(lines):
        if part[0].cell:
            table, cells, places = rows_of(part, partial(_glued, words=words))
            yield "\n".join(table.rows), "table", replace(columns_of(cells, page.height), places=places, table=table)
        else:
            yield from _placed(page, part, words, pitch)


def _parts(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of each table whose cells are drawn, and what stands between these."""
    tables = defaultdict[int, list[Line]](list)
    for line in lines:
        if line.cell:
            tables[line.cell.table].append(line)
    for table, part in groupby(lines, key=lambda line: line.cell and line.cell.table):
        if table is None:
            yield list(part)
        elif table in tables:
            yield tables.pop(table)


def _placed(
    page: PageText, lines: Sequence[Line], words: Collection[str], pitch: float
) -> Iterator[tuple[str, BlockKind, Columns | None]]:
    """Of lines whose places alone tell what they are."""
    rows = _with_heads(_rows(_marked(lines)))
    at = 0
    while at < len(rows):
        end = _table(rows, at)
        if end > at:
            cells = in_columns(rows[at:end])
            text = "\n".join(row_of([_glued(cell, words) for cell in row]) for row in cells)
            yield text, "table", columns_of(cells, page.height)
            at = end
            continue
        end = at + 1
        while end < len(rows) and _table(rows, end) == end:
            end += 1
        for text, kind in _prose([_one(row, words) for row in rows[at:end]], pitch, words):
            yield text, kind, None
        at = end


def in_reading_order(page: PageText) -> PageText:
    """Two columns written line by line become one after the other; other pages stay as they are."""
    rows = bands(page.lines)
    free = [band for band in rows if not any(line.cell for line in band)]
    pairs = [band for band in free if len(band) == 2]
    if (
        len(free) < 12
        or len(pairs) < len(free) * 0.5
        or sum(len(one.text) + len(two.text) for one, two in pairs) < 50 * len(pairs)
    ):
        return page
    left, right = max(one.x1 for one, _ in pairs), min(two.x0 for _, two in pairs)
    if not 0.35 * page.width < (left + right) / 2 < 0.65 * page.width or right < left:
        return page
    place = {id(line): at for at, line in enumerate(page.lines)}
    jumps = sum(abs(place[id(two)] - place[id(one)]) == 1 for one, two in pairs)
    if jumps < len(pairs) * 0.7:
        return page  # each column is written as a whole
    middle = (left + right) / 2
    sides = {(line.cell.table, line.x0 >= middle - 5) for line in page.lines if line.cell}
    wide = {table for table, _ in sides if {(table, True), (table, False)} <= sides}
    ordered: list[Line] = []
    columns: tuple[list[Line], list[Line]] = ([], [])
    for band in rows:
        if any(
            (line.x0 < middle - 5 and line.x1 > middle + 5) or (line.cell and line.cell.table in wide) for line in band
        ):  # across both: closes what is above
            ordered += [*columns[0], *columns[1], *band]
            columns = ([], [])
            continue
        for line in band:
            columns[line.x0 >= middle - 5].append(line)
    return replace(page, lines=(*ordered, *columns[0], *columns[1]))


def words_of(page: PageText) -> Iterator[str]:
    """Words that stand whole on this page, hyphenated ones too."""
    cut = False
    for line in page.lines:
        words = line.text.lower().split()
        for word in words[cut:]:
            if word[-1] not in HYPHENS and word[-1] != "-":
                yield notes.without_calls(word).strip(".,;:()[]\"'“”’")
        cut = bool(words) and words[-1][-1] in HYPHENS


def _marked(lines: Sequence[Line]) -> list[Line]:
    """A list mark and the text beside it as one line."""
    marked: list[Line] = []
    steps = _steps(lines)
    for line in (_pointed(line) if at in steps else line for at, line in enumerate(lines)):
        before = marked[-1] if marked else None
        if before and (len(before.text) < 2 or _ENUMERATOR.fullmatch(before.text)) and line.x0 > before.x1 - 1:
            alone = _BULLET.fullmatch(before.text) or _ENUMERATOR.fullmatch(before.text)
            # "5.1" in a row
            is_cell = len(marked) > 1 and abs(marked[-2].y0 - before.y0) < 3 and marked[-2].x1 < before.x0
            if alone and not is_cell and _level(before, line) and line.x0 - before.x1 < 60:
                marked[-1] = replace(line, text=f"{before.text} {line.text}", x0=before.x0, bold=line.bold)
                continue
        marked.append(line)
    return marked


def _steps(lines: Sequence[Line]) -> set[int]:
    """Which lines begin with a step's number without a point: they count up, what lies between stands further in."""
    steps, run, hangs = set[int](), list[int](), False
    for at, line in enumerate(lines):
        number, after = _BARE.fullmatch(line.text), lines[at + 1] if at + 1 < len(lines) else None
        first, beside = lines[run[0]] if run else None, after is not None and _level(line, after)
        is_bare = number is not None and not number[2]
        if is_bare and after:
            beside = not 0 < after.x0 - line.x1 < 1.5 * after.size or (
                at + 2 < len(lines) and _level(after, lines[at + 2])
            )
        if number and not beside and after and any(map(str.isalpha, number[2] or after.text)):
            if not (first and int(number[1]) == len(run) + 1 and abs(line.x0 - first.x0) < _SAME_COLUMN):
                run, hangs = [], False
            if run or number[1] == "1":
                run.append(at)
                hangs = hangs or is_bare
        elif first and line.x0 < first.x0 + _SAME_COLUMN:
            run = []
        else:
            hangs = True
        steps |= set(run) if len(run) > 1 and hangs else set()
    return steps


def _pointed(line: Line) -> Line:
    return replace(line, text=_BARE.sub(r"\1.\2", line.text))


def _level(one: Line, two: Line) -> bool:
    return abs(one.y0 - two.y0) < max(4, two.size / 3)


def _rows(lines: Sequence[Line]) -> list[RowOfLines]:
    rows: list[RowOfLines] = []
    for line in lines:
        if rows:
            row, last = rows[-1], rows[-1][-1]
            middle = (line.y0 + line.y1) / 2
            between = len(row) == 1 and len(rows) > 1 and len(rows[-2]) == 1 and _beside(rows[-2], middle)
            if line.x0 > max(piece.x1 for piece in last) - 2 and _beside(row, middle) and not between:
                row.append([line])
                continue
            if line.y0 > last[-1].y0 + 2:  # back up: a cell of a row whose first cells took several lines
                if _above(rows, line):
                    row.append([line])
                    continue
                near = range(len(rows) - 1, max(-1, len(rows) - _COLUMN_LINES), -1)
                start = next((k for k in near if _beside(rows[k], middle)), None)
                if start is not None:
                    start -= start > 0 and _beside(rows[start - 1], middle)  # it stands between two lines
                    left = [piece for above in rows[start:] for cell in above for piece in cell]
                    single = all(len(above) == 1 for above in rows[start:])
                    single = single and any(abs(one.size - line.size) < 1 for one in left)  # else a note beside text
                    if single and max(piece.x1 for piece in left) < line.x0 + 2 and not any(map(_listed, left)):
                        rows[start:] = [[left, [line]]]
                        continue
            cells = [last] if abs(line.x0 - last[0].x0) < 8 + 20 * (_listed(last[0])) else []
            cells += [cell for cell in row[1:] if abs(cell[0].x0 - line.x0) < 4]
            over = (cell for cell in cells if len(row) > 1 and 0 < cell[-1].y0 - line.y0 < 1.6 * line.size)
            begun = next((cell for cell in over if not line.is_parted(cell[-1])), None)
            if begun:
                begun.append(line)
                continue
        rows.append([[line]])
    return rows


def _with_heads(rows: list[RowOfLines]) -> list[RowOfLines]:
    """The rows, a header's upper one in the lower one, also where it is written behind the lower one's first cell."""
    for at in range(len(rows) - 3, -1, -1):
        cell, over, beside = rows[at][-1], rows[at + 1][0][0], rows[at + 2][0][0]
        goes_on = abs(beside.y0 - cell[-1].y0) < 3 and cell[-1].x1 < min(beside.x0, over.x0)
        if goes_on and len(rows[at]) == 1 and len(rows[at + 2]) > 1 and over.y0 > cell[-1].y1 - 2:
            end = _table(rows, at + 2)
            head = under_its_head(rows[at + 1], [[*rows[at], *rows[at + 2]], *rows[at + 3 : end]])
            rows[at : at + 3] = [head] if head else rows[at : at + 3]
        elif len(rows[at]) < len(rows[at + 1]) > 2 and rows[at][0][0].x0 > rows[at + 1][0][-1].x1:
            head = under_its_head(rows[at], rows[at + 1 : _table(rows, at + 1)])
            rows[at : at + 2] = [head] if head else rows[at : at + 2]
    return rows


def _above(rows: Sequence[RowOfLines], line: Line) -> bool:
    """Whether a taller cell of the last row begins here: higher than what stands left of it, under the row before."""
    if len(rows) < 2 or max(len(rows[-1]), len(rows[-2])) < 2:
        return False
    left = [piece for cell in rows[-1] for piece in cell]
    floor = min(piece.y0 for cell in rows[-2] for piece in cell)
    return line.x0 > max(piece.x1 for piece in left) - 2 and line.y1 <= floor + 2


def _beside(row: RowOfLines, middle: float) -> bool:
    pieces = [piece for cell in row for piece in cell]
    low, high = min(piece.y0 for piece in pieces), max(piece.y1 for piece in pieces)
    slack = 1 + 0.25 * pieces[0].size  # a cell of one line stands in the middle of its row
    return low - slack <= middle <= high + slack


def _listed(line: Line) -> bool:
    return bool(_BULLET.match(line.text) or _ENUMERATOR.match(line.text))


def _table(rows: Sequence[RowOfLines], at: int) -> int:
    """Where the table that begins at this row ends; `at` when none does."""
    if len(rows[at]) < 2:
        return at
    end, many, wide, lonely = at, 0, 0, 0
    for k in range(at, len(rows)):
        row = rows[k]
        if len(row) > 1:
            many, end, lonely = many + 1, k + 1, 0
            wide += len(row) > 2
        else:
            lonely += 1
            gap = min(p.y0 for c in rows[k - 1] for p in c) - row[0][0].y1
            if lonely > 2 or gap > 2.5 * row[0][0].size or len(row[0][0].text) > 60:
                break
    seconds = [row[1][0] for row in rows[at:end] if len(row) > 1]
    aligned = sum(any(_aligned(one, other) for other in seconds if other is not one) for one in seconds)
    prose = sum(len(line.text) for line in rows[at][0]) > _PROSE
    if prose and not any(_aligned(seconds[0], other) for other in seconds[1:]):
        return at  # a box beside the text
    if (many >= 3 or (many >= 2 and wide >= 2)) and aligned >= len(seconds) * 0.5:
        return end
    return at


def _aligned(one: Line, other: Line) -> bool:
    """Whether they begin, or a figure and what is above or below it end, in one line from top to bottom."""
    figures = any(len(cell.text) <= _FIGURE and _DIGIT.search(cell.text) for cell in (one, other))
    return abs(one.x0 - other.x0) < 12 or (figures and abs(one.x1 - other.x1) < 12)


def _one(row: RowOfLines, words: Collection[str]) -> Line:
    """Cells that are no table's: side by side on one line."""
    if len(row) == 1 and len(row[0]) == 1:
        return row[0][0]
    pieces = [piece for cell in row for piece in cell]
    return replace(
        pieces[0],
        text=" ".join(_joined(cell, words) for cell in row),
        x1=max(piece.x1 for piece in pieces),
        y0=min(piece.y0 for piece in pieces),
    )


def _pitch(lines: Sequence[Line]) -> float:
    """The usual distance from one line to the next."""
    steps = [one.y0 - two.y0 for one, two in pairwise(lines) if 0 < one.y0 - two.y0 < 2.2 * max(two.size, 1)]
    return median_low(steps) if steps else 14.0


def _prose(lines: Sequence[Line], pitch: float, words: Collection[str]) -> Iterator[tuple[str, BlockKind]]:
    """Paragraphs; items that follow each other make one list; lines of code stay lines."""
    right = max((line.x1 for line in lines), default=0.0)
    items: list[str] = []
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and _goes_on(lines[at:end], lines[end], pitch, right):
            end += 1
        part = lines[at:end]
        at = end
        if part[0].mono:
            kind: BlockKind = "code"
            text = _code(part)
        elif _listed(part[0]) and not (len(part[0].text) < 3 and len(part) == 1):
            items.append(_BULLET.sub("- ", _glued(part, words)))
            continue
        else:
            kind, text = "text", _glued(part, words)
        if items:
            yield "\n".join(items), "list"
            items = []
        yield text, kind
    if items:
        yield "\n".join(items), "list"


def _goes_on(part: Sequence[Line], line: Line, pitch: float, right: float) -> bool:
    first, last = part[0], part[-1]
    step = last.y0 - line.y0
    if first.mono or line.mono:
        return first.mono and line.mono and 0 < step < 2.5 * pitch
    if _SURE_BULLET.match(line.text) or (abs(line.size - last.size) > 0.15 * last.size and step > 2):
        return False
    if _listed(line) and (_END.search(last.text) or _listed(first) or step > 1.25 * pitch):
        return False
    if step < 0 or step > 3 * pitch:  # the next column
        return not _END.search(last.text) and line.text[:1].islower()
    if step > 1.35 * max(pitch, line.size * 0.9):
        return False
    listed = _listed(first)
    if listed and line.x0 < (part[1].x0 - 4 if len(part) > 1 else first.x0 - 2):
        return False
    ended = bool(_END.search(last.text))
    if ended and not listed and line.x0 > part[-1].x0 + 6 and step > 1:  # an indented first line
        return len(part) == 1 and last.x0 > line.x0
    short = last.x1 < right - 0.25 * (right - first.x0)
    return not (ended and short)


def _code(part: Sequence[Line]) -> str:
    left = min(line.x0 for line in part)
    width = median([(line.x1 - line.x0) / max(len(line.text), 1) for line in part]) or 6.0
    return "\n".join(" " * min(40, round((line.x0 - left) / width)) + _unbroken(line.text) for line in part)


def _unbroken(text: str) -> str:
    return re.sub(f"[{HYPHENS[:2]}]", "-", text).replace("\xad", "")


def _glued(lines: Sequence[Line], words: Collection[str]) -> str:
    """One line; a word cut at a line's end is whole again, with its hyphen if it has one."""
    return _unbroken(_joined(lines, words))


def _joined(lines: Sequence[Line], words: Collection[str]) -> str:
    return hyphens.joined_rows([line.text for line in lines], words)
