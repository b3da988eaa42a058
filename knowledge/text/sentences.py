"""Text -> its sentences, and passage text -> units (sentences, list items, table rows), with exact places. Pure.

In: a text, or the part of one that is a paragraph. Out: spans in order without the white space around them.
The rule kept: a span is a slice of the text it came from, so what is quoted can be found again character by character;
a full stop behind a short form ends a sentence only where the next word can begin one. Linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from knowledge.text import figure_words
from knowledge.text.words import listed

_STOP = re.compile(r"(?<![.!?…؟])[.!?…؟]++[\"'”’»)\]]*+(?=\s)|(?<![。！？।])[。！？।]++[\"'”’」』）]*+")
_SPACE = re.compile(r"\s*+")
_NEXT_WORD = re.compile(r"[\"'“‘(\[]*([^\W\d_]+)")
_NUMBERED = re.compile(r"\d|[A-Z]{1,2}\d|[IVX]+\b")  # what "No." and "Sec." stand before
_DAY = re.compile(r"(?<!\S)\d{1,2}\.\Z")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_ASIDE = re.compile(r"\([^()\s]{2,80}\s[^()]{0,600}\)")  # "(In Spain from the first hour.)": no sentence
_CLOSES = re.compile(r"[^()]{0,600}\)")
_LONGEST_ASIDE = 600
_LONGEST_SHORT_FORM = 24

_ITEM = re.compile(
    r"[ \t]*(?:[-*+•●▪◦‣⁃–—·■□➢✓]|\(?\d{1,3}[.)]|\d{1,2}(?:\.\d{1,2})+\.?|"
    r"\(?[a-zA-Z][.)]|\([ivxIVX]{1,5}\)|[ivx]{2,5}[.)])[ \t]+(?=\S)"
)
_RULE = re.compile(r"[\s|:+=_-]+")  # |---|---| and the like
_PIPED = re.compile(
    r"\b(?:curl|wget|cat|echo|irm|iwr)\s[^|\n]{1,400}\| (?:sudo )?\w{0,12}(?:sh|python3?|perl|iex)\b"
)  # no row
_LINE = re.compile(r"[^\n]+")
_LOWER = re.compile(  # begins a sentence of its own, though in lower case: an address, a shell command
    r"[\w.+-]{1,64}@\w|https?://|www\.|(?:sudo|curl|wget|chmod|chown|powershell)\s+\S|rm\s+-"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """Characters start..end of a text. Items of one list and rows of one table share their `group`."""

    start: int
    end: int
    kind: Literal["sentence", "item", "row"]
    group: int  # counts blocks: paragraphs, lists, tables


def spans(text: str, start: int = 0, end: int | None = None, *, any_case: bool = False) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of text[start:end]; with `any_case` every full stop before a space ends one.

    list(spans("See e.g. No. 5. Then stop.")) -> [(0, 15), (16, 26)]
    """
    end = len(text) if end is None else end
    start = _after_space(text, start, end)
    for stop in _STOP.finditer(text, start, end):
        after = _after_space(text, stop.end(), end)
        if after < end and (any_case or _ends(text, start, stop, after)):
            yield start, stop.end()
            start = after
    end = start + len(text[start:end].rstrip())
    if start < end:
        yield start, end


def _whole_dates(text: str, parts: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences, those joined that a day's full stop cut in two: "bis zum 31. März".

    Not in `spans`: chunks are cut by these, and would have to be made again.
    """
    found: list[tuple[int, int]] = []
    for start, end in parts:
        word = _NEXT_WORD.match(text, start)
        follower = word[1].casefold() if word else ""
        counted = follower in figure_words.merged("months") or (follower,) in figure_words.units()
        if counted and found and _DAY.search(text, max(found[-1][0], found[-1][1] - 5), found[-1][1]):
            start = found.pop()[0]
        found.append((start, end))
    return found


def _after_space(text: str, at: int, end: int) -> int:
    match = _SPACE.match(text, at, end)
    return match.end() if match else at


def _ends(text: str, begin: int, stop: re.Match[str], after: int) -> bool:
    """Whether a sentence that began at `begin` ends at this stop, when the text goes on at `after`."""
    run = stop[0].rstrip("\"'”’»)]」』）")
    if run[-1] in "。！？।":
        return True
    if (text[after].islower() and not _LOWER.match(text, after)) or _in_aside(text, begin, stop.end(), after):
        return False
    if run != ".":
        return True
    before = text[max(begin, stop.start() - _LONGEST_SHORT_FORM) : stop.start()]
    word = (before.split() or [""])[-1].lstrip("([{\"'“‘*_").lower()
    if word in listed("never_last") or (word.isdigit() and before.strip("([{\"'“‘*_ \t\n") == word):
        return False  # "1. First"
    if word in listed("before_number"):
        return _NUMBERED.match(text, after) is None
    if word in listed("may_be_last") or _DOTTED.fullmatch(word):
        opening = _NEXT_WORD.match(text, after)
        return opening is None or opening[1].lower() in listed("starters")
    return True


def _in_aside(text: str, begin: int, end: int, after: int) -> bool:
    """Whether an aside in brackets opens here or is open: one of several sentences is no sentences of its own."""
    if text[after] == "(":
        return _ASIDE.match(text, after) is not None
    near = max(begin, end - _LONGEST_ASIDE)
    opened = text.rfind("(", near, end)
    return opened > text.rfind(")", near, end) and _CLOSES.match(text, end) is not None


def units(text: str, headings: Collection[str] = ()) -> list[Unit]:
    """The text's sentences, list items and table rows in order. Lines that are `headings` end a paragraph, no more."""
    found: list[Unit] = []
    prose: list[tuple[int, int]] = []  # lines of the paragraph being read
    group, last, after_blank, end_before = 0, "", True, 0

    def close() -> None:
        if prose:
            parts = _whole_dates(text, spans(text, prose[0][0], prose[-1][1]))
            found.extend(Unit(start, end, "sentence", group) for start, end in parts)
            prose.clear()

    for line in _LINE.finditer(text):
        raw = line.group()
        after_blank = "\n" in text[end_before : line.start()].replace("\n", "", 1)
        end_before = line.end()
        if not raw.strip() or _RULE.fullmatch(raw):
            continue
        if raw.strip() in headings:
            close()
            last = ""
            continue
        start = line.start() + len(raw) - len(raw.lstrip())
        end = line.end() - (len(raw) - len(raw.rstrip()))
        kind: Literal["sentence", "item", "row"] = "sentence"
        if (" | " in raw and not _PIPED.search(raw)) or "\t" in raw.strip():
            kind = "row"
        elif _ITEM.match(raw):
            kind = "item"
        elif last == "item" and not after_blank and (raw[0] in " \t" or raw.lstrip()[0].islower()):
            found[-1] = Unit(found[-1].start, end, "item", found[-1].group)  # a wrapped item
            continue
        if kind == "sentence":
            if after_blank or last != "sentence":
                close()
                group += 1
            prose.append((start, end))
        else:
            close()
            if kind != last:
                group += 1
            found.append(Unit(start, end, kind, group))
        last = kind
    close()
    return found
