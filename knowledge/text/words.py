"""Text -> words with stems, and passage text -> units (sentences, list items, table rows) with exact places. Pure.

The rule kept: a unit is a slice of the text it came from, so what is quoted can be found again character by character.
Knows English function words and endings, no corpus: how rare a word is must come from the passages at hand.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import snowballstemmer

WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")

_LISTED_STOPWORDS = (
    "a about above after again against ain all also am an and any anybody anyone anything are aren as at be "
    "because been before being below between both but by can cannot could couldn did didn do does doesn doing "
    "don done down during each either else ever every everyone everything few for from further get gets getting "
    "give given go goes going got had hadn has hasn have haven having he hello help her here hers hey hi him "
    "his hmm how however i if in into is isn it its itself just kind know let like look looking lot make may "
    "maybe me mean might mine more most much must my myself need needs no nor not now of off ok okay on once "
    "one only or other our ours out over own per please possible pretty put quite rather really regarding right "
    "said same say see shall she should show so some somebody someone something still such sure take tell than "
    "thank thanks that the their theirs them then there these they thing things this those though through to "
    "too under until up upon us use used using very want wanted wants was wasn way we well were weren what "
    "whatever when where whether which while who whom whose why will with within without won would wouldn yes "
    "yet you your yours yourself im ive id ill dont doesnt cant isnt didnt wont whats wheres hows thats lets "
    "youre theyre anyways actually basically currently info information question questions wondering"
)
STOPWORDS = frozenset(_LISTED_STOPWORDS.split())

_LISTED_ABBREVIATIONS = (
    "e.g i.e etc vs mr mrs ms dr prof no nos sec sect fig figs eq approx inc ltd co corp dept est min max cf al "
    "st art para pp vol ed eds jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k a.m p.m ext tel ref "
    "refs"
)
_ABBREVIATIONS = frozenset(_LISTED_ABBREVIATIONS.split())
_ITEM = re.compile(
    r"[ \t]*(?:[-*+•●▪◦‣⁃–—·■□➢✓]|\(?\d{1,3}[.)]|\d{1,2}(?:\.\d{1,2})+\.?|"
    r"\(?[a-zA-Z][.)]|\([ivxIVX]{1,5}\)|[ivx]{2,5}[.)])[ \t]+(?=\S)"
)
_RULE = re.compile(r"[\s|:+=_-]+")  # |---|---| and the like
_STOP = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s)")
_LINE = re.compile(r"[^\n]+")
_ASIDE = re.compile(r"\([^()\s]{2,}\s[^()]{0,600}\)")  # "(In Spain from the first hour.)" belongs to what is before it


class _Stemmer(threading.local):
    """One stemmer a thread: it keeps the word it works on in itself, and two threads on one spoil both words."""

    def __init__(self) -> None:
        self.english = snowballstemmer.stemmer("english")


_STEMMER = _Stemmer()


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """The common form of an English word (Porter's second stemmer); short words and numbers stay as they are."""
    w = word.lower().replace("’", "'").removesuffix("'s").replace("'", "")
    return str(_STEMMER.english.stemWord(w)) if len(w) > 3 and w.isalpha() else w.replace(",", "")


def words(text: str) -> list[str]:
    """The text's words and numbers, lower-cased, in order."""
    return WORD.findall(text.lower())


def stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order, repeats kept."""
    return [stem(w) for w in words(text) if w not in STOPWORDS and (len(w) > 1 or w.isdigit())]


@dataclass(frozen=True, slots=True)
class Unit:
    """Characters start..end of a text. Items of one list and rows of one table share their `group`."""

    start: int
    end: int
    kind: Literal["sentence", "item", "row"]
    group: int  # counts blocks: paragraphs, lists, tables


def units(text: str, headings: Collection[str] = ()) -> list[Unit]:
    """The text's sentences, list items and table rows in order. Lines that are `headings` end a paragraph, no more."""
    found: list[Unit] = []
    prose: list[tuple[int, int]] = []  # lines of the paragraph being read
    group, last, after_blank, end_before = 0, "", True, 0

    def close() -> None:
        if prose:
            found.extend(_sentences(text, prose[0][0], prose[-1][1], group))
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
        if " | " in raw or "\t" in raw.strip():
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


def _sentences(text: str, start: int, end: int, group: int) -> list[Unit]:
    found = []
    for stop in _STOP.finditer(text, start, end):
        rest = text[stop.end() : end].lstrip()
        if not rest or rest[0].islower() or _is_abbreviation(text[start : stop.start()]):
            continue
        if _ASIDE.match(rest) or _inside_brackets(text[start : stop.end()], rest):
            continue
        found.append(Unit(start, stop.end(), "sentence", group))
        start = end - len(rest)
    if start < end:
        found.append(Unit(start, end, "sentence", group))
    return found


def _inside_brackets(before: str, rest: str) -> bool:
    """Whether a bracket that is open here closes soon: an aside of several sentences is no sentences of its own."""
    opened = before.rfind("(")
    closes = re.match(r"[^()]{0,600}\)", rest)
    return opened > before.rfind(")") and closes is not None


def _is_abbreviation(before: str) -> bool:
    token = before.split()[-1].lstrip("(\"'“‘[").lower() if before.split() else ""
    return token in _ABBREVIATIONS or (len(token) == 1 and token.isalpha())
