"""A PDF page as lines with places, and what on it is not the text: running headers, footers, page numbers.

A line is a run of words without a wide gap, so a table row is several lines side by side. Headers are known by coming
again on near pages at the page's edge. Pure; knows no PDF library.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

Box = tuple[float, float, float, float]  # left, bottom, right, top

NEAR = 10  # pages looked at on either side for what comes again
_EDGE_BANDS = 3
_EDGE = 0.17  # of the height
_FEW = 3  # pages, of which two tell a running line that is smaller than the text; guess
_NUMBERS = 6  # of a line that are looked at
_LARGER = 1.12  # times the size of the text, from which a line is a heading; guess
_ROMAN_OR_NUMBER = re.compile(r"[0-9]{1,9}|\b[ivxlc]{1,9}\b")
_PAGE_NUMBER = re.compile(
    r"^\W*(?:page\s*)?(?:[a-z]{1,4}[-‑–. ]|\d{1,2}[-‑–])?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:of|/|\|)\s*\d{1,4})?\W*$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Page:
    """The PDF page that is about to be read: what a watching parent waits for."""

    number: int  # 1-based


@dataclass(frozen=True, slots=True)
class Cell:
    """Of a table whose rules are drawn; rows count its rules, also where no cell begins."""

    table: int  # of the page
    row: int
    column: int
    rows: int
    columns: int
    lefts: tuple[float, ...]  # where the table's columns begin


@dataclass(frozen=True, slots=True)
class Line:
    """Words side by side. Points from the lower left corner of the page as it is seen."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    bold: bool = False
    mono: bool = False
    rule: float | None = None  # where a rule of a table is drawn close above it
    cell: Cell | None = None  # that rules enclose around it

    @property
    def size(self) -> float:
        """Height of the font's box, in half points."""
        return round((self.y1 - self.y0) * 2) / 2

    def is_parted(self, above: Line) -> bool:
        """Whether a rule is drawn between them."""
        return self.rule is not None and self.rule < (above.y0 + above.y1) / 2


@dataclass(frozen=True, slots=True)
class PageText:
    """A page as its reader saw it."""

    number: int
    label: str | None
    width: float
    height: float
    lines: tuple[Line, ...]  # in the order of the file
    ocr: bool = False
    drawn: bool = True  # False: nothing at all is on it


def bands(lines: tuple[Line, ...]) -> list[list[Line]]:
    """Lines side by side on one level, from the top of the page to the bottom."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: -one.y0):
        if rows and abs(rows[-1][0].y0 - line.y0) < 3:
            rows[-1].append(line)
        else:
            rows.append([line])
    for band in rows:
        band.sort(key=lambda one: one.x0)
    return rows


def text_of(band: list[Line]) -> str:
    """The text of lines that stand side by side."""
    return " ".join(line.text for line in band)


class RunningLines:
    """Takes running headers, footers and page numbers off pages; gives a page back once its neighbours are known."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, str]] = Counter()
        self._pages: deque[tuple[PageText, list[tuple[str, list[Line]]]]] = deque()  # the last NEAR given back, too
        self._given = 0  # of those in _pages
        self._fed = 0
        self._offsets: Counter[tuple[str, int]] = Counter()  # of printed numbers to physical ones

    def feed(self, page: PageText) -> Iterator[PageText]:
        """Take a page; gives back those whose neighbours are known by now."""
        edges = _edges(page)
        self._fed += 1
        self._seen.update(_keys(edges, page.number))
        self._offsets.update({(kind, at - page.number) for kind, at, _ in _printed(page, edges)})
        self._pages.append((page, edges))
        if len(self._pages) - self._given > NEAR:
            yield self._give()

    def finish(self) -> Iterator[PageText]:
        """The pages that are left: no more will come."""
        while self._given < len(self._pages):
            yield self._give()

    def _give(self) -> PageText:
        page, edges = self._pages[self._given]
        label = page.label
        low, high = page.height * _EDGE, page.height * (1 - _EDGE)
        tables = {line.cell.table for line in page.lines if line.cell and low < line.y0 < high}
        printed_numbers = [(self._offsets[kind, at - page.number], text) for kind, at, text in _printed(page, edges)]
        times, printed = max(printed_numbers, default=(0, ""))
        if label in (None, str(page.number)) and times >= (2 if "-" in printed else 3):
            label = printed  # better than none, and than one that says nothing
        gone: set[int] = set()
        for wanted in ("top", "bottom"):
            mine = [band for side, band in edges if side == wanted]
            for at, band in enumerate(mine):
                text = text_of(band)
                again = max(self._seen[key] for key in _keys([(wanted, band)], page.number))
                ends = times >= 3 and printed in (text.split()[0], text.split()[-1])
                numbered = at == 0 and (_PAGE_NUMBER.match(text) or (ends and not _is_heading(band, page)))
                few = self._fed <= _FEW and _is_small(band, page)
                if not (again >= (2 if few else 3) or numbered) or (len(band) > 3 and at > 0):
                    break
                if wanted == "top" and _heads_table(band, page.lines):
                    break
                if any(line.cell and line.cell.table in tables for line in band):
                    break
                gone.update(id(line) for line in band)
        self._given += 1
        if self._given > NEAR:
            gone_page, old = self._pages.popleft()
            self._given -= 1
            self._seen.subtract(_keys(old, gone_page.number))
            self._offsets.subtract({(kind, at - gone_page.number) for kind, at, _ in _printed(gone_page, old)})
        return replace(page, label=label, lines=tuple(line for line in page.lines if id(line) not in gone))


def _printed(page: PageText, edges: list[tuple[str, list[Line]]]) -> list[tuple[str, int, str]]:
    """(series, number, as printed) of what could be the page's number: the first or last word of an edge line.

    Not of a heading: where every chapter has a page of its own, their numbers count with the pages, too.
    """
    numbers = []
    for _, band in edges:
        if _is_heading(band, page):
            continue
        words = text_of(band).split()
        for word in dict.fromkeys((words[0], words[-1])):
            match = re.fullmatch(r"([A-Z]{1,2}-|\d{1,2}-)?(\d{1,4})|([ivxlc]{1,7})", word)
            if match:
                numbers.append((match[1] or ("roman" if match[3] else ""), int(match[2] or 0) or _roman(word), word))
    return numbers


def _is_heading(band: list[Line], page: PageText) -> bool:
    """Whether these are several words, larger than the text of their page."""
    return " " in text_of(band) and band[0].size >= _LARGER * _size(page)


def _is_small(band: list[Line], page: PageText) -> bool:
    """Whether these are smaller than the text of their page, and end no sentence."""
    return band[0].size < _size(page) and text_of(band)[-1] not in ".!?:"


def _size(page: PageText) -> float:
    """In which most of it is written."""
    sizes: Counter[float] = Counter()
    for line in page.lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def _roman(text: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}.get(char, 0) for char in text]
    return sum(-one if one < two else one for one, two in zip(values, [*values[1:], 0], strict=True))


def _edges(page: PageText) -> list[tuple[str, list[Line]]]:
    """(side, band) from each edge inwards."""
    rows = bands(page.lines)
    top = [("top", band) for band in rows[:_EDGE_BANDS] if band[0].y0 > page.height * (1 - _EDGE)]
    bottom = [("bottom", band) for band in rows[::-1][:_EDGE_BANDS] if band[0].y1 < page.height * _EDGE]
    return top + bottom


def _heads_table(band: list[Line], lines: tuple[Line, ...]) -> bool:
    """Whether cells stand close under these, one under each: a header that a table repeats on every page."""
    last = band[0]
    below = [line for line in lines if 0 < last.y0 - line.y1 < last.size and line.y0 < last.y0 - 3]
    row = [line for line in below if below[0].y0 - 3 < line.y0 < below[0].y0 + 3]
    return len(band) == len(row) > 1 and all(
        one.x0 < two.x1 and two.x0 < one.x1
        for one, two in zip(band, sorted(row, key=lambda line: line.x0), strict=True)
    )


def _keys(edges: list[tuple[str, list[Line]]], page: int) -> set[tuple[str, str]]:
    """What a running line looks like on every page: its numbers stay, but one of them, or all, count with the pages.

    So the rows of a table, alike but for their numbers, are no running lines.
    """
    keys: set[tuple[str, str]] = set()
    for side, band in edges:
        text = text_of(band).lower()
        numbers = list(_ROMAN_OR_NUMBER.finditer(text))[:_NUMBERS]
        keys.add((side, text))
        for counting in [*([one] for one in numbers), numbers]:
            shape, at = "", 0
            for one in counting:
                value = int(one[0]) if one[0].isdigit() else _roman(one[0])
                shape += f"{text[at : one.start()]}#{value - page}"
                at = one.end()
            keys.add((side, shape + text[at:]))
    return keys
