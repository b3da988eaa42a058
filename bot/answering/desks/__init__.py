"""Whom to turn to, as the manual names them: a desk for such matters, or whoever sees to the very thing. Pure.

No manual says that the service desk knows the password of the wireless network: what companies have desks for stands in
the lists beside, one file a language. They only tell where to look; what is shown is the manual's own sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from bot.answering import editions
from bot.answering.lexicon import says
from bot.answering.scoring import UNITS_KEPT, Reading
from bot.answering.wanted import not_meant
from knowledge.text.words import data_file, lowered, unaccented

LANGUAGES = ("en", "de", "tr", "fr", "es")
THING, HINT = 2, 1  # what makes a question one of a matter, and what only does with another; guess
GOES_ON = 4  # letters of a word that may go on; guess
LOOKED_FOR = 4  # names of a desk that are looked for, with one thing that it is for; guess
FIRST = 14  # characters of a sentence within which it begins with a desk: it is about it; guess
LOOKED_AT = 8  # passages in which a desk is looked for; guess
LONGEST = 240  # characters of a sentence that says whom in one line; guess
FEWEST = 5  # words of a sentence without a number or address; guess
NEAREST = 3  # passages, the first, that may name whoever sees to the very thing; guess
# share of the question's worth that such a sentence has; given: docs/lab/2026-11-30-whom.md
VERY_THING = 0.25

_SENTENCE = re.compile(r"[^.!?]+[.!?]*")


def _matters() -> Iterable[str]:
    return data_file(__name__, "en.toml")


@cache
def _pattern(matter: str, kind: str, languages: tuple[str, ...] = LANGUAGES) -> re.Pattern[str]:
    """Words of four letters and more may go on: "patent" is in "patents", "screen" not in the English "screenshot"."""
    listed = {
        re.escape(_folded(one)) + ("" if len(one) < GOES_ON else r"\w{0,3}" if each == "en" else r"\w*") + r"\b"
        for each in languages
        for one in data_file(__name__, f"{each}.toml")[matter][kind]
    }
    return re.compile(rf"\b(?:{'|'.join(sorted(listed, key=len, reverse=True))})" if listed else r"(?!)")


def _folded(text: str) -> str:
    return unaccented(lowered(text)).replace("’", "'")


def matter_of(text: str, spoken: str | None) -> str | None:
    """The matter of a question in this language (ISO 639-1; None: not told); None where two are as likely.

    One word in the story around the question is none: "Flights are booked. May she still refuse?"
    """
    languages = tuple(dict.fromkeys((spoken, "en"))) if spoken in LANGUAGES else LANGUAGES
    worth = {matter: _worth(text, matter, languages) for matter in _matters()}
    first, second = sorted(worth.values(), reverse=True)[:2]
    if first <= max(second, HINT):
        return None
    matter = max(worth, key=worth.__getitem__)
    sentences = _SENTENCE.findall(text)
    asked = " ".join([one for one in sentences if one.endswith("?")] or sentences[-1:])
    return matter if first > THING + HINT or _worth(asked, matter, languages) else None


def _worth(text: str, matter: str, languages: tuple[str, ...] = LANGUAGES) -> int:
    """How many words of a matter a text has, in their worth."""
    things, hints = (set(_pattern(matter, kind, languages).findall(_folded(text))) for kind in ("things", "hints"))
    return THING * len(things) + HINT * len(hints)


def names_of(matter: str, language: str | None) -> str:
    """What to look for in a manual in this language to find who looks after a matter."""
    listed = data_file(__name__, f"{language if language in LANGUAGES else 'en'}.toml")
    return ", ".join((*listed[matter]["desks"][:LOOKED_FOR], listed[matter]["things"][0]))


def closest(reading: Reading, matter: str | None) -> tuple[int, int] | None:
    """The unit that says best whom to ask, as its passage's number and its own; None where none fits."""
    best: tuple[tuple[float, ...], tuple[int, int]] | None = None
    elsewhere = not_meant(reading.question, reading.passages)
    for source, passage in enumerate(reading.passage_units, 1):
        if source in elsewhere:
            continue
        near = source <= NEAREST and (reading.passages[source - 1].similarity or 0.0) >= editions.NEAR
        for index in range(len(passage.units)):
            text = reading.in_words(source, index) if passage.quotable[index] else ""
            share = reading.covered(passage.stems[index]) if near and passage.units[index].kind != "row" else 0.0
            if text and (rank := _rank(text, share, matter)) and (best is None or rank > best[0]):
                best = rank, (source, index)
    return best and best[1]


def _rank(text: str, share: float, matter: str | None) -> tuple[float, ...] | None:
    """How well a sentence says whom to ask; None where it doesn't. `share`: of the very thing that is asked."""
    told = _told_by(text)
    if matter and matter in told.desks:
        return 2, told.reach, len(told.desks) == 1, told.tells, told.desks[matter] < FIRST, len(text)
    if told.whom and matter and not told.desks and _worth(text, matter) > THING:
        return 1, told.reach, told.tells
    return (0, share) if told.reach and share >= VERY_THING and not (matter and told.desks) else None


class _Told(NamedTuple):
    """What a sentence tells of whom to ask."""

    reach: bool = False  # how to reach somebody
    tells: bool = False  # that somebody answers, looks after it
    whom: bool = False  # somebody by name, or how to reach them
    desks: Mapping[str, int] = {}  # by matter: where the desk for it is named


def says_whom(sentence: str) -> bool:
    """Whether a sentence names somebody to ask, or a way to reach them."""
    return _told_by(sentence).whom


@lru_cache(maxsize=UNITS_KEPT)
def _told_by(text: str) -> _Told:
    folded = _folded(text)
    reach = says("provenance", "reach", folded)
    if len(text) > LONGEST or (len(text.split()) < FEWEST and not reach):
        return _Told()
    named = {one: found.start() for one in _matters() if (found := _pattern(one, "desks").search(folded))}
    return _Told(reach, editions.tells_whom(text), reach or editions.names_whom(text), named)
