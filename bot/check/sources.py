"""A passage -> what can be quoted from it: its sentences, items and rows with what they stand under. Pure.

The rule kept: every span is a slice of the passage, so what is quoted is found again character by character. Text that
reads like orders to a model supports nothing and is not shown to one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.types import Support
from knowledge.text.sentences import units
from knowledge.text.words import located
from knowledge.text.words import spelt as words
from knowledge.types import Passage

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

    def around(self, start: int, end: int) -> list[Span]:
        """The spans that characters start..end touch."""
        return [span for span in self.spans if span.start < end and start < span.end]


def prepare(passages: Sequence[Passage]) -> tuple[Source, ...]:
    """Source n is passages[n - 1]."""
    return tuple(Source(n, p, _spans(p.text, p.section, p.flagged)) for n, p in enumerate(passages, 1))


def locate(quote: str, source: Source) -> Support | None:
    """Where the quote stands in the source, word for word; left out parts ("...") may lie between."""
    places = located(source.passage.text)
    there = tuple(word for word, _, _ in places)
    runs: list[tuple[int, int]] = []
    for wanted in filter(None, map(words, _ELLIPSIS.split(quote[:LONGEST_QUOTE]))):
        size, after = len(wanted), runs[-1][1] if runs else 0
        stands_at = (i for i in range(after, len(there) - size + 1) if there[i] == wanted[0])
        begin = next((i for i in stands_at if there[i : i + size] == wanted), None)
        if begin is None:
            return None
        runs.append((begin, begin + size))
    if not runs:
        return None
    start, end = places[runs[0][0]][1], places[runs[-1][1] - 1][2]
    if any(start < over and begin < end for begin, over in source.passage.flagged):
        return None
    enough = sum(end - begin for begin, end in runs) >= FEWEST_QUOTED
    enough = enough or any(span.words == words(quote) for span in source.spans)
    return Support(source.n, start, end) if enough else None


@lru_cache(maxsize=1024)
def _spans(text: str, section: tuple[str, ...], flagged: tuple[tuple[int, int], ...]) -> tuple[Span, ...]:
    spans: list[Span] = []
    over: tuple[int, int, str] | None = None
    group = -1
    for unit in units(text, section):
        if any(unit.start < end and start < unit.end for start, end in flagged):
            continue
        here = (unit.start, unit.end, text[unit.start : unit.end])
        is_header = unit.kind == "row" and unit.group != group  # the first row of a table heads the others
        spans.append(Span(*here, words(here[2]), None if is_header or unit.kind == "sentence" else over))
        if is_header:
            over = here
        elif unit.kind == "sentence":
            over = here if _LEAD_IN.search(here[2]) else None
        group = unit.group
    return tuple(spans)
