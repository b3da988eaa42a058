"""The heading path of a document read from top to bottom, and which lines of PDF pages are headings. Pure.

The outline decides where there is one: its entries are looked for as text on their page, near the height they point
to. Under them, and where there is no outline, numbered headings count if they look like headings and their number
follows the last one (or stands in the contents). Without numbers, larger or bold lines count.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from knowledge.read.pages import Line, PageText
from knowledge.text.words import squeezed
from knowledge.types import Block

_NUMBERED = re.compile(
    r"^(?:(?P<word>section|chapter|appendix|annex|part|article|step)\s+)?"
    r"(?P<number>(?:[A-Z]|\d{1,3})(?:\.\d{1,3}){0,5})(?P<dot>[.:)]?)(?:\s+[-–—]?\s*|\s*[-–—:]\s*)(?P<title>\S.*)$",
    re.I,
)
_ROMAN = re.compile(r"[IVX]{1,5}[.)] ")
_LEADERS = re.compile(r"(?:[.…·_‥]\s*){4,}")  # of a line of the contents, which is never a heading
_MAX_TITLE = 140  # characters
_UNDER_OUTLINE = 100  # levels of headings that the outline does not have
_LINES = 4  # that one heading may take
_MAX_PLAIN = 70  # characters of a heading that is only bold, or only in capitals
_APART = 0.5  # times its size, free below a numbered line in the face of the text that is a heading; guess
_PROSE = 40  # characters of a line of sentences
_MARGIN = 20.0  # points in which the lines of a column begin, its items too; guess
PATH_WORDS = 40  # words of a section path: with the title at most a third of the 256 tokens that are embedded; guess
TITLE_CHARS = 240  # characters; a longer "heading" is a paragraph in a heading's clothes; guess


class HeadingPath:
    """Where we are: `enter` a heading of a level, read `section` and `anchor`."""

    def __init__(self) -> None:
        self._open: list[tuple[float, str]] = []
        self._slugs: dict[str, int] = {}
        self.anchor: str | None = None
        self._has_text = True
        self._outside: list[tuple[list[tuple[float, str]], str | None]] = []  # the parts we are in

    def has_text(self) -> None:
        """Something stands under the heading we are under."""
        self._has_text = True

    def heading_without_text(self, level: float = 0) -> Iterator[Block]:
        """The last heading, if nothing stands under it and one of this level comes now: then it is all there is."""
        if not self._has_text and self._open and self._open[-1][0] >= level:
            yield Block(self._open[-1][1], self.section[:-1], anchor=self.anchor)

    @property
    def section(self) -> tuple[str, ...]:
        """The headings that we are under, from the outermost."""
        return tuple(title for _, title in self._open)

    def enter(self, level: float, title: str, anchor: str | None = None) -> None:
        """From here on we are under this heading, and no longer under those of its level or below."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        self._open.append((level, title))
        self.anchor = anchor
        self._has_text = False

    def enter_part(self, title: str, anchor: str | None) -> None:
        """From here on we are in a part that is set apart, a tab's: headings in it do not end it, `leave_part` does."""
        self._outside.append((self._open.copy(), self.anchor))
        if title and title not in self.section[-1:]:
            self._open.append((0, title))
            self.anchor = anchor or self.anchor
            self._has_text = True

    def leave_part(self) -> Iterator[Block]:
        """We are where we were before the part; its last heading, if it is all there is."""
        yield from self.heading_without_text()
        self._open, self.anchor = self._outside.pop()
        self._has_text = True

    def leave(self) -> None:
        """Under no heading any more."""
        self._open.clear()

    def slug(self, title: str) -> str:
        """GitHub's anchor of a heading; the second of the same name gets "-1"."""
        base = re.sub(r"\s", "-", re.sub(r"[^\w\-\s]", "", title.lower()).strip())
        seen = self._slugs.get(base, 0)
        self._slugs[base] = seen + 1
        return f"{base}-{seen}" if seen else base


def bounded(section: tuple[str, ...]) -> tuple[str, ...]:
    """The path, without those in its middle where it is too long: the first and the last say most."""
    path = [
        title if len(title) <= TITLE_CHARS else title[: TITLE_CHARS - 1].rsplit(" ", 1)[0] + "…" for title in section
    ]
    while len(path) > 1 and sum(len(title.split()) for title in path) > PATH_WORDS:
        del path[1 if len(path) > 2 else 0]
    return tuple(path)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Of the outline."""

    level: int  # 0-based
    title: str
    y: float | None  # points from the bottom


@dataclass(frozen=True, slots=True)
class Heading:
    """Lines start..end of a page are this heading (start == end: it changes before line `start`, unprinted)."""

    start: int
    end: int
    level: float
    title: str
    number: tuple[int, ...] = ()


class Sections:
    """Finds the headings of one page after the other; `path` is where they lead."""

    def __init__(self, outline: Mapping[int, Sequence[Bookmark]]) -> None:
        self._outline = outline
        self._known: set[str] = set()  # keys of titles in the contents pages
        self._last: tuple[int, ...] = ()
        self._guessed = False  # the first number was none that a document begins with: a chapter's file, or no number
        self._numbered_size = 0.0  # the largest of headings like 1.1
        self._sizes: Counter[float] = Counter()  # characters by size
        self.path = HeadingPath()

    def contents(self, titles: Sequence[str]) -> None:
        """Learn which headings the contents page lists."""
        self._known.update(squeezed(title) for title in titles)

    def weigh(self, page: PageText) -> None:
        """Learn which size the page is written in."""
        for line in page.lines:
            self._sizes[line.size] += len(line.text)

    @property
    def body(self) -> float:
        """The size in which most of the text is written."""
        return self._sizes.most_common(1)[0][0] if self._sizes else 0.0

    def enter(self, heading: Heading) -> None:
        """From here on we are under this heading."""
        if len(heading.number) == 1 and not self._outline:
            self.path.leave()  # a chapter stands under nothing that was only large
        self.path.enter(heading.level, heading.title)
        if heading.number:
            self._last = heading.number

    def find(self, page: PageText) -> list[Heading]:
        """In reading order, never two for the same line."""
        headings = self._listed(page, self._outline.get(page.number, ()))
        taken = {at for heading in headings for at in range(heading.start, heading.end)}
        last = self._last
        by_start = {heading.start: heading for heading in headings}
        for at in range(len(page.lines)):
            if at in by_start:
                last = by_start[at].number or last
            if at in taken:
                continue
            heading = self._seen(page, at, last, taken)
            if heading:
                headings.append(heading)
                taken.update(range(heading.start, heading.end))
                last = heading.number or last
        return sorted(headings, key=lambda heading: (heading.start, heading.end))

    def _listed(self, page: PageText, entries: Sequence[Bookmark]) -> list[Heading]:
        headings: list[Heading] = []
        taken: set[int] = set()
        for entry in entries:
            title = " ".join(entry.title.split())
            places = [(s, e) for s, e in _places(page.lines, title) if not taken & set(range(s, e))]
            number = numbered(title)
            if places:
                height = entry.y if entry.y is not None else page.height
                start, end = min(places, key=lambda place: abs(page.lines[place[0]].y1 - height))
                cell = page.lines[start].cell
                if cell and cell.columns < len(cell.lefts):
                    continue  # it would tear its row apart
                taken.update(range(start, end))
                printed = _LEADERS.split(" ".join(line.text for line in page.lines[start:end]))[0].strip()
                number = number or numbered(printed)
                title = printed if number and not numbered(title) else title
            else:
                below = [at for at, line in enumerate(page.lines) if entry.y is None or line.y0 < entry.y]
                start = end = max(below[0] if below else len(page.lines), max((h.end for h in headings), default=0))
            headings.append(Heading(start, end, entry.level, title, number))
        return headings

    def _seen(self, page: PageText, at: int, last: tuple[int, ...], taken: set[int]) -> Heading | None:
        line, body = page.lines[at], self.body
        text, end = line.text, at + 1
        if re.fullmatch(r"(?:[A-Z]|\d{1,3})(?:\.\d{1,3}){0,5}\.?", text) and end < len(page.lines):
            after = page.lines[end]
            if end not in taken and abs(after.y0 - line.y0) < 3 and after.x0 > line.x1:
                text, end = f"{text} {after.text}", end + 1
                line = replace(
                    line, y1=line.y0 + after.y1 - after.y0, bold=line.bold and after.bold
                )  # a step's number may be larger
        if (
            line.cell
            or len(text) > _MAX_TITLE
            or line.mono
            or not any(c.isalpha() for c in text)
            or _LEADERS.search(text)
        ):
            return None
        larger = line.size >= body * 1.12 and len(text) > 2
        distinct = larger or line.bold or (text.isupper() and len(text) > 4)
        match = _NUMBERED.match(text)
        number, listed = numbered(text), squeezed(text) in self._known
        if match and not distinct and len(number) > 1 and follows(last, number):
            distinct = text[-1] not in ".;:," and len(text) <= _MAX_PLAIN and _heads_prose(page, at, _APART * line.size)
        if match and (distinct or listed):
            good = match["title"][0].isupper() and text[-1] not in ",;:" and ((distinct and text[-1] != ".") or listed)
            first = larger and not last and len(number) == 1
            again = larger and self._guessed and number == (1,)
            second = larger and bool(last) and number == (*last, 2)  # a part of a document may begin there
            if good and (listed or first or again or second or follows(last, number)) and _alone(page, at, end):
                self._guessed = first and not follows((), number)
                under = bool(self._outline)
                if under and not ((last and number[: len(last)] == last) or number[:-1] == last[: len(number) - 1]):
                    return None
                end, title = self._whole(page, at, end, taken)
                if len(number) > 1:
                    self._numbered_size = max(self._numbered_size, line.size)
                level = len(number) + (_UNDER_OUTLINE if under else 0) if len(number) > 1 else -line.size
                return Heading(at, end, level, title, number)
        first_letter = text.lstrip("§0123456789 ")[:1]
        is_item = match and not _ROMAN.match(text)
        if self._outline or is_item or text[-1] in ".,;:" or len(text) > 100 or not first_letter.isupper():
            return None
        if larger and _alone(page, at, end):
            end, title = self._whole(page, at, end, taken)
            return Heading(at, end, -line.size if line.size > self._numbered_size else 20 - line.size / 100, title)
        if distinct and 4 < len(text) <= _MAX_PLAIN and _alone(page, at, end) and _heads_prose(page, at):
            return Heading(at, end, _UNDER_OUTLINE, text)
        return None

    def _whole(self, page: PageText, at: int, end: int, taken: set[int]) -> tuple[int, str]:
        """Where a heading that may run over several lines (the same face, close below) ends, and all its words."""
        line = page.lines[at]
        while end < len(page.lines) and end - at < _LINES and end not in taken:
            before, after = page.lines[end - 1], page.lines[end]
            gap = before.y0 - after.y1
            same = after.size == line.size and after.bold == line.bold and line.size >= self.body * 1.12
            if not same or not -line.size < gap < line.size * 0.5 or _NUMBERED.match(after.text):
                break
            end += 1
        return end, " ".join(piece.text for piece in page.lines[at:end])


def _alone(page: PageText, at: int, end: int) -> bool:
    """Whether nothing else stands beside these lines, as it would in a table; the text of another column may."""
    y, size = page.lines[at].y0, page.lines[at].size
    beside = [k for k, line in enumerate(page.lines) if not at <= k < end and abs(line.y0 - y) < 3]
    prose = [len(page.lines[k].text) > _PROSE and page.lines[k].size < size for k in beside]
    return all(prose) or all(_in_column(page.lines, k) for k in (at, *beside))


def _in_column(lines: Sequence[Line], at: int) -> bool:
    """Whether lines are written at its margin one below the other before and behind it: those of a table are not."""
    steps = [
        abs(one.x0 - two.x0) < _MARGIN and one.y0 - two.y0 > 3 for one, two in pairwise(lines[max(0, at - 3) : at + 4])
    ]
    here = min(at, 3)
    above = list(takewhile(bool, reversed(steps[:here])))
    return len(above) + len(list(takewhile(bool, steps[here:]))) >= 3


def _heads_prose(page: PageText, at: int, apart: float = -math.inf) -> bool:
    """Whether a line stands apart from what is above it, and plain sentences begin below it at its margin.

    `apart`: points that are free below it at least.
    """
    line, above = page.lines[at], page.lines[at - 1] if at else None
    below = page.lines[at + 1] if at + 1 < len(page.lines) else None
    if below is None or (above and above.y0 - line.y0 > 0 and above.y0 - line.y1 < 0.3 * line.size):
        return False
    sentence = line.text.isupper() and len(below.text.split()) > 3 and below.text[-1] in ".!?"
    plain = not (below.bold or below.mono or below.text.isupper()) and (sentence or len(below.text) > _PROSE)
    near = line.y0 - below.y1 > apart and 0 < line.y0 - below.y0 < 4 * line.size
    return plain and abs(below.x0 - line.x0) < 40 and near


def bare(title: str) -> str:
    """A title squeezed, without its number: how titles are compared."""
    match = _NUMBERED.match(title)
    return squeezed(match["title"]) if match else squeezed(title)


def _places(lines: Sequence[Line], title: str) -> list[tuple[int, int]]:
    """Where lines read exactly as the title does, its number apart."""
    wanted, unnumbered = squeezed(title), bare(title)
    if not wanted:
        return []
    places = []
    for start, first in enumerate(lines):
        if squeezed(first.text)[:4] not in (wanted[:4], unnumbered[:4]) and not _NUMBERED.match(first.text + " x"):
            continue
        text = ""
        for end in range(start + 1, min(start + _LINES, len(lines)) + 1):
            text = f"{text} {lines[end - 1].text}".strip()
            if len(text) > len(title) + 40:
                break
            if squeezed(text) in (wanted, unnumbered) or (len(unnumbered) > 3 and bare(text) == unnumbered):
                places.append((start, end))
                break
    return places


def numbered(title: str) -> tuple[int, ...]:
    """(5, 1, 2) for "5.1.2 Title"; letters count from -26, so that an appendix starts a series of its own."""
    match = _NUMBERED.match(title)
    if not match or (match["number"].isalpha() and not (match["word"] or match["dot"])):
        return ()
    parts = match["number"].upper().split(".")
    return tuple(int(part) if part.isdigit() else ord(part) - ord("A") - 26 for part in parts)


def follows(last: tuple[int, ...], number: tuple[int, ...]) -> bool:
    """The next of its level, a first child, or a first of all; one missing number is forgiven."""
    if not number:
        return False
    if not last or number[0] != last[0]:
        fresh = (number[0] in (0, 1, -26) and not last) or number[0] == -26
        return (fresh or (bool(last) and 0 < number[0] - last[0] <= 2)) and all(part == 1 for part in number[1:])
    if len(number) > len(last):
        return number[: len(last)] == last and all(part in (0, 1) for part in number[len(last) :])
    before = last[: len(number)]
    return number[:-1] == before[:-1] and 0 < number[-1] - before[-1] <= 2
