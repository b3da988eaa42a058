"""A passage -> what can be quoted from it: its sentences, items and rows with what they stand under. Pure.

The rule kept: every span is a slice of the passage, so what is quoted is found again character by character. Text that
reads like orders to a model supports nothing and is not shown to one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.types import Support
from knowledge.text.sentences import units
from knowledge.types import Passage

Word = tuple[str, int, int]  # folded, start, end

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_OWN_MARKER = re.compile(r"\[(\d{1,3})\]")
LONGEST_QUOTE = 2000  # characters; guess
FEWEST_QUOTED = 2  # words, unless a whole span is quoted; guess

_ELLIPSIS = re.compile(r"\[?(?:\.\.\.|…)\]?")
_LEAD_IN = re.compile(r":\W*\Z")


@dataclass(frozen=True, slots=True)
class Span:
    """A sentence, list item or table row of a passage; `over` is the lead-in or header that it stands under."""

    start: int
    end: int
    text: str
    words: tuple[str, ...]
    kind: str  # "sentence", "item" or "row"
    over: tuple[int, int, str] | None = None  # start, end, text

    @property
    def whole_text(self) -> str:
        """The span below its header or lead-in."""
        return f"{self.over[2]}\n{self.text}" if self.over else self.text


@dataclass(frozen=True, slots=True)
class Source:
    """A numbered passage of a prompt, ready for checking."""

    n: int
    passage: Passage
    spans: tuple[Span, ...]

    @property
    def title(self) -> str:
        """The heading that the verifier reads."""
        return heading(self.passage)

    def around(self, start: int, end: int, *, beside: int = 0) -> list[Span]:
        """The spans that characters start..end touch, with `beside` more on either side."""
        touched = [i for i, s in enumerate(self.spans) if s.start < end and start < s.end]
        if not touched:
            return []
        return list(self.spans[max(0, touched[0] - beside) : touched[-1] + 1 + beside])


def prepare(passages: Sequence[Passage]) -> tuple[Source, ...]:
    """Source n is passages[n - 1]."""
    return tuple(Source(n, p, _spans(p.text, p.section, p.flagged)) for n, p in enumerate(passages, 1))


def heading(passage: Passage) -> str:
    """Where a passage stands, for a model's eyes: "Travel policy > Hotels, page 4, version 2, effective 2026-01-01"."""
    path = [passage.title, *(part for n, part in enumerate(passage.section) if n or part != passage.title)]
    page = passage.page_at(0)
    where = [" > ".join(path), f"page {page.label or page.page}" if page else "", passage.edition or ""]
    return ", ".join(part for part in where if part)


def source_text(passage: Passage) -> str:
    """The text as a model gets it: less what reads like orders to it, and with its own "[4]" as "(4)", no marker."""
    text = passage.text
    for start, end in sorted(passage.flagged, reverse=True):
        text = text[:start] + "..." + text[end:]
    return _OWN_MARKER.sub(r"(\1)", text)


def located(text: str) -> list[Word]:
    """The words of a text, folded, with their places: "1,000 Tage" -> [("1,000", 0, 5), ("tage", 6, 10)]."""
    return [(fold(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


def words(text: str) -> tuple[str, ...]:
    """The words of a text as the judges compare them."""
    return tuple(word for word, _, _ in located(text))


def fold(word: str) -> str:
    """A word in the form in which all its spellings are one."""
    return unicodedata.normalize("NFKC", word).casefold().replace("’", "'")


def locate(quote: str, source: Source) -> Support | None:
    """Where the quote stands in the source, word for word; left out parts ("...") may lie between."""
    places = located(source.passage.text)
    start = at = 0
    first: int | None = None
    whole = 0
    for piece in _ELLIPSIS.split(quote[:LONGEST_QUOTE]):
        wanted = words(piece)
        if not wanted:
            continue
        begin = _run(wanted, [word for word, _, _ in places], at)
        if begin is None:
            return None
        first = places[begin][1] if first is None else first
        at = begin + len(wanted)
        start, whole = places[at - 1][2], whole + len(wanted)
    if first is None or any(first < end and begin < start for begin, end in source.passage.flagged):
        return None
    enough = whole >= FEWEST_QUOTED or any(span.words == words(quote) for span in source.spans)
    return Support(source.n, first, start) if enough else None


def _run(wanted: tuple[str, ...], there: Sequence[str], at: int) -> int | None:
    """Index of the first place from `at` on where the words stand one after the other."""
    for begin in range(at, len(there) - len(wanted) + 1):
        if there[begin] == wanted[0] and tuple(there[begin : begin + len(wanted)]) == wanted:
            return begin
    return None


@lru_cache(maxsize=1024)
def _spans(text: str, section: tuple[str, ...], flagged: tuple[tuple[int, int], ...]) -> tuple[Span, ...]:
    spans: list[Span] = []
    over: tuple[int, int, str] | None = None
    group, header_of = -1, -1
    for unit in units(text, section):
        piece = text[unit.start : unit.end]
        if any(unit.start < end and start < unit.end for start, end in flagged):
            continue
        if unit.kind == "row" and unit.group != group:
            over, header_of = (unit.start, unit.end, piece), unit.group  # the first row of a table heads the others
        elif unit.kind == "sentence":
            over = (unit.start, unit.end, piece) if _LEAD_IN.search(piece) else None
        group = unit.group
        is_header = unit.kind == "row" and header_of == unit.group and over is not None and over[0] == unit.start
        stands_under = over if unit.kind != "sentence" and not is_header else None
        spans.append(Span(unit.start, unit.end, piece, words(piece), unit.kind, stands_under))
    return tuple(spans)
