"""A question what changed -> the sentences of the edition in force that the one before it does not have. Pure.

In: the question, the documents with their editions, later the passages of the two editions. Out: which two to compare;
the new sentences word for word, each beside the old one it takes the place of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bot.answering.editions import family
from bot.answering.lexicon import phrases
from bot.answering.scoring import Reading, plain
from bot.types import Checked, Support, Verdict
from knowledge.text.words import stems
from knowledge.types import Passage

ASKED_KEPT = 256  # questions whose topic is kept; guess
MOST_CHANGES = 10  # lines; guess
MOST_PAIRS = 3  # documents compared where none is named; guess
_ALIKE = 0.5  # share of their words that an old sentence and the one in its place have in common; guess


class Dated(NamedTuple):
    """A document and since when it holds."""

    path: str
    title: str
    effective: date | None


@lru_cache(maxsize=ASKED_KEPT)
def topic(question: str) -> str | None:
    """What the changes are wanted of: "bike leasing", "" for everything; None where none are asked for."""
    text = " ".join(re.findall(r"[\w'-]+", question.casefold().replace("’", "'")))
    for opening in sorted(phrases("changes")["asks"], key=len, reverse=True):
        found = re.match(rf"(?:\w+ )?{re.escape(opening)}\b(?P<topic>.*)", text)
        if found:
            fill = phrases("changes")["fill"]
            return " ".join(w for w in found["topic"].split() if w not in fill and not w.isdigit())
    return None


def compared(about: str, documents: Iterable[Dated], today: date) -> list[tuple[str, str]]:
    """(the edition before, the one in force) of each document that is meant, as paths."""
    editions: dict[str, list[Dated]] = {}
    for one in documents:
        if one.effective is not None and one.effective <= today:
            editions.setdefault(family(one.title, one.path), []).append(one)
    wanted = set(stems(about))
    found = []
    for name, held in editions.items():
        held.sort(key=lambda one: one.effective or today)
        if len(held) > 1 and (not wanted or wanted & set(stems(name))):
            found.append((held[-2].path, held[-1].path))
    return found[:MOST_PAIRS]


def outline(question: str, passages: Sequence[Passage]) -> list[Checked]:
    """What differs between the two editions that the passages are of; [] where nothing was asked for or differs."""
    if topic(question) is None:
        return []
    editions: dict[str, set[date]] = {}
    for p in passages:
        if p.effective is not None:
            editions.setdefault(family(p.title, p.document), set()).add(p.effective)
    reading = Reading(question, passages)
    written: list[Checked] = []
    for name, held in editions.items():
        if len(held) < 2:
            continue
        old, new = (_units(reading, name, day) for day in sorted(held)[-2:])
        said = {_words(reading, at) for at in old}
        for at in new:
            if _words(reading, at) in said or len(written) == MOST_CHANGES:
                continue
            before = max(old, key=lambda other: _alike(reading, at, other), default=None)
            replaced = before if before and _alike(reading, at, before) >= _ALIKE else None
            written.append(_line(reading, at, replaced, first=not written))
    return written


def _units(reading: Reading, name: str, day: date) -> list[tuple[int, int]]:
    """The units of an edition that say something, in reading order."""
    mine = [
        (p.ordinal, source)
        for source, p in enumerate(reading.passages, 1)
        if p.effective == day and family(p.title, p.document) == name
    ]
    every = ((source, n) for _, source in sorted(mine) for n in range(len(reading.units[source - 1])))
    return [at for at in every if reading.quotable(*at)]


def _words(reading: Reading, at: tuple[int, int]) -> str:
    return " ".join(re.findall(r"\w+", reading.text(*at).casefold()))


def _alike(reading: Reading, one: tuple[int, int], other: tuple[int, int]) -> float:
    a, b = (set(_words(reading, at).split()) for at in (one, other))
    return len(a & b) / len(a | b)


def _line(reading: Reading, at: tuple[int, int], before: tuple[int, int] | None, *, first: bool) -> Checked:
    passage = reading.passages[at[0] - 1]
    place = " › ".join((passage.title, *passage.section[-1:]))
    text = f"- **{place}**: {_said(reading, at)}"
    if before:
        old = reading.passages[before[0] - 1]
        text += f" ({old.standing or old.edition}: {_said(reading, before).rstrip('.')})"
    spans = [_support(reading, one) for one in (at, before) if one]
    return Checked(text if first else f"\n{text}", Verdict.SUPPORTED, tuple(spans))


def _said(reading: Reading, at: tuple[int, int]) -> str:
    if reading.units[at[0] - 1][at[1]].kind == "row":
        return reading.table(*at).in_words(at[1])
    return plain(reading.text(*at))


def _support(reading: Reading, at: tuple[int, int]) -> Support:
    unit = reading.units[at[0] - 1][at[1]]
    return Support(at[0], unit.start, unit.end)
