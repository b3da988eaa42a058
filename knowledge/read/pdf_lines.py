"""A page as pdfium gives it in, Lines out: words in their rows, with what was typed into fields in its place.

Words that are struck through are left out. Raised figures and signs become calls of notes (knowledge.read.notes), so
that none of them is read as a number.
"""

import ctypes
import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pypdfium2.raw as raw

from knowledge.read import notes
from knowledge.read.hyphens import HYPHENS
from knowledge.read.pages import Box, Cell, Line
from knowledge.read.pdf_annotations import struck, written
from knowledge.read.ruled import cells_of

_MAX_CHARS = 400_000  # of a page; more is no page a person reads
_BOLD = re.compile(r"bold|black|heavy|semib|demi|-b$", re.I)
_MONO = re.compile(r"mono|courier|consol|typewriter|cmtt|lmtt|fixed|txtt|luxi", re.I)
_ROW = r"[^\r\n\x02\ufffe]+[\x02\ufffe]?"  # pdfium writes the next line behind a hyphen at a line end
_MARKED = re.compile(r"(\d+|[*†‡§]{1,3}|[a-z])((?:,\d{1,3})*[.,;:!?)\]\"'”’]*)$")
_MAY_MARK = re.compile(r"[\d*†‡§¹²³⁰⁴-⁹]")
_SUPERSCRIPTS = re.compile(r"[¹²³⁰⁴-⁹]+")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SMALL, _RAISED = 0.86, 0.12  # of the row's height: a raised mark is lower than that, and stands so much above
_DROPPED = 1.8  # times the height of the word that it begins, from which a letter goes over two lines; guess
_WORDS_OF_ONE = "AIOYEÀÉ"  # letters that are words, too: "A ward", "I", Spanish "Y"
_SLOPING = 0.2  # sine of the angle from which a word is a stamp across the page; guess
_RULED = 0.3  # times its height, the narrowest gap before a word in which a rule parts cells; guess
_MAX_STROKE = 3.2  # points; of a line drawn through words


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    start: int = -1  # place in the page's text; -1: it was written into a field
    end: int = -1
    raised_end: bool = False  # its last character is small and stands high
    goes_on: bool = False  # what stood before it was left out: no gap parts it from the rest


class _Page:
    """The characters of a page: their text, places and faces, as the page is seen."""

    def __init__(self, page: Any, textpage: Any) -> None:
        self._textpage = textpage
        count = min(textpage.count_chars(), _MAX_CHARS)
        self.text = ""
        if count > 0:
            buffer = (ctypes.c_ushort * (count + 1))()
            raw.FPDFText_GetText(textpage, 0, count, buffer)
            self.text = bytes(buffer).decode("utf-16-le", errors="replace").split("\0", 1)[0]
        self._same = len(self.text) == count
        self._turned = page.get_rotation()
        width, height = page.get_size()  # as the page is seen
        self._size = (width, height) if self._turned in (0, 180) else (height, width)

    def index(self, at: int) -> int:
        return at if self._same else raw.FPDFText_GetCharIndexFromTextIndex(self._textpage, at)

    def place(self, at: int) -> Box | None:
        box = raw.FS_RECTF()
        if not raw.FPDFText_GetLooseCharBox(self._textpage, self.index(at), box):
            return None
        return self.turned((box.left, box.bottom, box.right, box.top))

    def turned(self, box: Box) -> Box:
        """The box as the page is seen: turned by as many quarters."""
        width, height = self._size
        for _ in range(self._turned // 90):
            left, bottom, right, top = box
            box, width, height = (bottom, width - right, top, width - left), height, width
        return box

    def face(self, at: int) -> str:
        flags, name = ctypes.c_int(), ctypes.create_string_buffer(80)
        raw.FPDFText_GetFontInfo(self._textpage, self.index(at), name, 80, flags)
        return name.value.decode("latin-1")

    def slope(self, at: int) -> float:
        """1 where the character stands on a line that goes up the page, -1 where down."""
        angle = raw.FPDFText_GetCharAngle(self._textpage, self.index(at))
        return -math.sin(angle + math.radians(self._turned))  # both clockwise

    def turn(self) -> None:
        """Look at the page from the side from which most of its text is read."""
        up = sum(self.slope(at) for at in range(0, len(self.text), 7)) > 0
        self._turned = (self._turned + (90 if up else 270)) % 360


def lines_of(page: Any) -> list[Line]:
    """The page's lines; a line ends where a gap is wider than it is high, or has a rule of a table in it."""
    textpage = page.get_textpage()
    try:
        seen = _Page(page, textpage)
        rows, climbing = _rows(seen)
        if climbing > sum(map(len, rows)):  # text up the margin is read only where it is most of it
            seen.turn()
            rows, _ = _rows(seen)
            if rows and rows[0][0].y0 < rows[-1][0].y0:  # pdfium sorts from left to right
                rows.reverse()
        fields = [(text, seen.turned(box)) for text, box in written(page)]
        drawn: list[Box] = []
        if rows:
            marked, drawn = ([seen.turned(box) for box in boxes] for boxes in struck(page))
            rows = _without_struck(rows, seen, marked, drawn)
        rows = [_with_calls(_with_initial(row), seen) for row in _whole_rows(rows)]
        for text, box in fields:
            _fill_in(rows, text, box)
        upright = sorted(box for box in drawn if box[3] - box[1] > box[2] - box[0])
        level = sorted((_middle(box), box) for box in drawn if box[3] - box[1] < box[2] - box[0])
        rows, cells = _in_cells(rows, seen, drawn, upright, page.get_height())
        return [_ruled(line, level) for row in rows for line in _cut(row, seen, upright, cells)]
    finally:
        textpage.close()


def _rows(seen: _Page) -> tuple[list[list[_Word]], int]:
    """The words row by row; how many stand sideways and were left out."""
    rows: list[list[_Word]] = []
    sideways, last_climbed = 0, False
    for row in re.finditer(_ROW, seen.text):
        words: list[_Word] = []
        for word in re.finditer(r"\S+", row[0]):
            start, end = row.start() + word.start(), row.start() + word.end()
            head = seen.place(start)
            last = end - 1 - (seen.text[end - 1] in HYPHENS and end - 1 > start)
            tail = seen.place(last) if end - start > 1 else head
            if head is None or tail is None:
                continue
            climbs = end - start > 1 and abs(tail[1] - head[1]) > 3
            climbs = climbs and (abs(tail[0] - head[0]) < 1 or abs(seen.slope(start)) > _SLOPING)
            if last_climbed and end - start < 3:
                climbs = abs(seen.slope(start)) > 0.7
            if climbs:
                sideways, last_climbed = sideways + 1, True
                continue
            last_climbed = False
            box = (head[0], min(head[1], tail[1]), max(tail[2], head[2]), max(head[3], tail[3]))
            high = head[3] - head[1]
            raised_end = tail[3] - tail[1] < _SMALL * high and tail[1] > head[1] + _RAISED * high
            words.append(_Word(word[0], *box, start, end, raised_end))
        if words:
            rows.append(words)
    return rows, sideways


def _whole_rows(rows: list[list[_Word]]) -> list[list[_Word]]:
    """Rows that pdfium cut at a raised mark, whole again: one goes on where the other ends."""
    whole: list[list[_Word]] = []
    for row in rows:
        last = whole[-1][-1] if whole else None
        if last is not None and -1.5 < row[0].x0 - last.x1 < 6:
            beside = min(last.y1, row[0].y1) - max(last.y0, row[0].y0)
            if beside > 0.5 * min(last.y1 - last.y0, row[0].y1 - row[0].y0):
                whole[-1] = [*whole[-1], *row]
                continue
        whole.append(row)
    return whole


def _with_initial(row: list[_Word]) -> list[_Word]:
    """A large first letter, which goes over two lines, and the word that it begins as one."""
    initial, rest = row[0], row[1] if len(row) > 1 else row[0]
    begins = len(initial.text) == 1 and initial.text.isupper() and initial.text not in _WORDS_OF_ONE
    if begins and rest.text[0].islower() and initial.y1 - initial.y0 > _DROPPED * (rest.y1 - rest.y0):
        return [replace(rest, text=initial.text + rest.text), *row[2:]]
    return row


def _without_struck(rows: list[list[_Word]], seen: _Page, marked: list[Box], drawn: list[Box]) -> list[list[_Word]]:
    left: list[list[_Word]] = []
    boxes = sorted([(_middle(box), box, False) for box in marked] + [(_middle(box), box, True) for box in drawn])
    heights = [height for height, _, _ in boxes]
    for row in rows:
        low, high = min(word.y0 for word in row), max(word.y1 for word in row)
        near = boxes[bisect_right(heights, low) : bisect_left(heights, high)]
        through = [box for _, box, is_drawn in near if not is_drawn or _through(box, row)]
        words = row
        if through:
            parts = [list(_parts_left(word, seen, through)) for word in row]
            words = [
                replace(part, goes_on=at > 0 and parts[at - 1] != [row[at - 1]])
                for at, kept in enumerate(parts)
                for part in kept
            ]
        if words:
            left.append(words)
    return left


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _through(box: Box, row: list[_Word]) -> bool:
    """Whether a drawn line goes through the middle of words and no further: no rule under them, none of a table."""
    middle = _middle(box)
    hit = [word for word in row if word.x0 < box[2] - 1 and word.x1 > box[0] + 1]
    heights = [(middle - word.y0) / (word.y1 - word.y0 or 1.0) for word in hit]
    if not hit or box[3] - box[1] > _MAX_STROKE or not all(0.28 < height < 0.64 for height in heights):
        return False
    slack = 0.35 * (hit[0].y1 - hit[0].y0)
    covered = sum(min(word.x1, box[2]) - max(word.x0, box[0]) for word in hit)
    return box[0] > row[0].x0 - slack and box[2] < row[-1].x1 + slack and covered > 0.6 * (box[2] - box[0])


def _parts_left(word: _Word, seen: _Page, through: list[Box]) -> Iterator[_Word]:
    """The word without its characters under these boxes."""
    over = [box for box in through if word.x0 < box[2] and word.x1 > box[0]]
    if not over:
        yield word
        return
    kept = ""
    places: list[Box] = []
    for at in range(word.start, word.end):
        place = seen.place(at)
        if place and not any(box[0] - 0.5 <= (place[0] + place[2]) / 2 <= box[2] + 0.5 for box in over):
            kept += seen.text[at]
            places.append(place)
    if kept and places:
        yield replace(word, text=kept, x0=places[0][0], x1=places[-1][2])


def _with_calls(row: list[_Word], seen: _Page) -> list[_Word]:
    """Raised marks as calls, each glued to the word before it."""
    if not any(map(_may_mark, row)):
        return row
    heights = Counter[float]()
    for word in row:
        heights[round(word.y1 - word.y0, 1)] += len(word.text)
    high = heights.most_common(1)[0][0]
    low = min((word.y0 for word in row if abs(word.y1 - word.y0 - high) < 0.2), default=row[0].y0)

    def raised(start: int, at: int) -> bool:
        place = seen.place(start + at)
        return place is not None and place[3] - place[1] < _SMALL * high and place[1] > low + _RAISED * high

    words: list[_Word] = []
    for word in row:
        if not _may_mark(word):
            words.append(word)
            continue
        text = _SUPERSCRIPTS.sub(lambda sign: notes.call(sign[0].translate(_PLAIN)), word.text)
        if word.start >= 0 and text == word.text and word.end - word.start == len(text):
            text = _called(text, partial(raised, word.start))
        if words and notes.called(text) and not notes.without_calls(text).strip(".,;:!?)]\"'”’"):
            before = words[-1]
            words[-1] = replace(before, text=before.text + text, x1=word.x1, end=word.end)
        else:
            words.append(word if text == word.text else replace(word, text=text))
    return words


def _may_mark(word: _Word) -> bool:
    return len(word.text) == 1 or word.raised_end or _MAY_MARK.search(word.text) is not None


def _called(text: str, raised: Callable[[int], bool]) -> str:
    begins = re.match(r"(\d{1,3}|[*†‡§]{1,3})(?=\D|$)", text)
    if begins and len(text) > len(begins[0]) and raised(0) and not raised(len(begins[0])):
        return notes.call(begins[0]) + " " + text[len(begins[0]) :]
    marked = _MARKED.search(text)
    if marked is None or not raised(marked.end(1) - 1):
        return text
    start = marked.end(1) - 1
    while start > 0 and text[start - 1].isalnum() and raised(start - 1):
        start -= 1
    mark = text[start : marked.end(1)]
    if not re.fullmatch(r"\d{1,3}|[*†‡§]{1,3}|[a-z]", mark):  # "1st"
        return text
    more = "".join(notes.call(one) for one in re.findall(r"\d+", marked[2]))
    return text[:start] + notes.call(mark) + more + re.sub(r",\d+", "", marked[2])


def _fill_in(rows: list[list[_Word]], text: str, box: Box) -> None:
    """What a field says, in the row it stands in; in a row of its own where there is none."""
    middle = (box[1] + box[3]) / 2
    beside = [row for row in rows if min(w.y0 for w in row) - 1 <= middle <= max(w.y1 for w in row) + 1]
    if beside:
        row = min(beside, key=lambda one: min(abs(word.x1 - box[0]) for word in one))
        at = next((k for k, word in enumerate(row) if word.x0 > box[0] - 1), len(row))
        like = row[at - 1] if at else row[0]
        row.insert(at, _Word(text, box[0], like.y0, box[2], like.y1))
        return
    above = [
        k for k, row in enumerate(rows) if row[0].y0 >= middle and row[0].x0 < box[2] and row[-1].x1 > box[0] - 200
    ]
    at = max(above, key=lambda k: -rows[k][0].y0) + 1 if above else 0
    size = min(12.0, box[3] - box[1]) or 12.0
    rows.insert(at, [_Word(text, box[0], box[3] - size, box[2], box[3])])


def _in_cells(
    rows: list[list[_Word]], seen: _Page, drawn: list[Box], upright: list[Box], height: float
) -> tuple[list[list[_Word]], Mapping[int, Cell]]:
    """The rows, words that stand in two cells as two; by a word's id the cell that it stands in."""
    parts = [[_parted(word, seen, upright) for word in row] for row in rows]
    words = [part for row in parts for word in row for part in word]
    cells = {id(words[at]): cell for at, cell in cells_of(words, drawn, height).items()}
    whole = list[list[_Word]]()
    for row, row_parts in zip(rows, parts, strict=True):
        whole.append([])
        for word, halves in zip(row, row_parts, strict=True):
            found = [cells.get(id(half)) for half in halves]
            if len(set(found)) == len(halves):
                whole[-1] += halves
            else:
                whole[-1].append(word)
            cells |= {id(word): found[0]} if found[0] else {}
    return whole, cells


def _parted(word: _Word, seen: _Page, upright: list[Box]) -> list[_Word]:
    """The word, in two where an upright rule stands between two of its characters."""
    near = upright[bisect_left(upright, (word.x0 + 1,)) : bisect_left(upright, (word.x1 - 1,))]
    rule = next((box for box in near if box[1] < (word.y0 + word.y1) / 2 < box[3]), None)
    if rule is None or word.end - word.start != len(word.text):
        return [word]
    middle = (rule[0] + rule[2]) / 2
    places = [seen.place(at) or (word.x0, word.y0, word.x1, word.y1) for at in range(word.start, word.end)]
    left = sum((place[0] + place[2]) / 2 < middle for place in places)
    if not 0 < left < len(places) or any(place[0] + 1.5 < middle < place[2] - 1.5 for place in places):
        return [word]
    ends = places[left - 1][2], places[left][0]
    return [
        replace(word, text=word.text[:left], x1=ends[0], end=word.start + left),
        replace(word, text=word.text[left:], x0=ends[1], start=word.start + left),
    ]


def _cut(row: list[_Word], seen: _Page, upright: list[Box], cells: Mapping[int, Cell]) -> Iterator[Line]:
    words: list[_Word] = []
    cell: Cell | None = None
    middle = (row[0].y0 + row[0].y1) / 2
    rules = [box[0] for box in upright if box[1] < middle < box[3]]
    for word in row:
        gap = word.x0 - words[-1].x1 if words else 0.0
        is_ruled = gap > _RULED * (word.y1 - word.y0) and bisect_left(rules, word.x0) > bisect_left(rules, words[-1].x1)
        wide = is_ruled or gap > max(9.0, 0.95 * (word.y1 - word.y0))
        small = words and word.y1 - word.y0 < _SMALL * (words[0].y1 - words[0].y0)
        other = words and cells.get(id(word)) != cell
        if words and (other or (wide and not word.goes_on) or word.x0 < words[0].x0 - (4 if small else 20)):
            yield replace(_line(words, seen), cell=cell)
            words = []
        cell = cells.get(id(word))
        words.append(word)
    if words:
        yield replace(_line(words, seen), cell=cell)


def _ruled(line: Line, level: list[tuple[float, Box]]) -> Line:
    """The line; with a rule above it that begins left of it and ends right of it, as none under words does."""
    near = level[bisect_left(level, (line.y1 - _MAX_STROKE,)) : bisect_right(level, (line.y1 + 0.9 * line.size,))]
    rule = next((y for y, box in near if box[0] < line.x0 - 1.5 and box[2] > line.x1 + 1.5), None)
    return replace(line, rule=rule) if rule is not None else line


def _line(words: list[_Word], seen: _Page) -> Line:
    printed = [word for word in words if word.start >= 0]
    faces = ["", ""]
    if printed:
        end = printed[-1].end - 1
        faces = [seen.face(printed[0].start), seen.face(end - (seen.text[end] in HYPHENS))]
    # the height of its longest word: superscripts don't count
    main = max(words, key=lambda word: len(notes.without_calls(word.text)))
    return Line(
        " ".join(word.text for word in words),
        words[0].x0,
        main.y0,
        words[-1].x1,
        main.y1,
        bold=all(_BOLD.search(face) for face in faces),
        mono=all(_MONO.search(face) for face in faces),
    )
