"""A wish for an overview ("Summarise chapter 4", "what does it say on travel?") -> the sections it is about. Pure.

In: the question, and the headings of the collection in reading order. Out: the first chunk of each section below the
heading that is meant, at most MOST_SECTIONS; the headings with their first sentences, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.answering.lexicon import phrases
from bot.answering.scoring import Reading, plain
from bot.types import Checked, Support, Verdict
from knowledge.text.words import stems
from knowledge.types import Passage

ASKED_KEPT = 256  # questions whose topic is kept; guess
MOST_SECTIONS = 10  # headings listed; guess
_ALIKE = 0.5  # share of the words that a heading and the topic have in common; guess
_NUMBER = re.compile(r"\b(?:chapter|section|part|kapitel|abschnitt|§)\s*(\d+(?:\.\d+)*)\b", re.I)


class Line(NamedTuple):
    """A chunk's place in the collection."""

    chunk_id: str
    document: str
    title: str
    section: tuple[str, ...]


@lru_cache(maxsize=ASKED_KEPT)
def topic(question: str) -> str | None:
    """What an overview is wanted of: "chapter 4", "travel"; None where none is asked for."""
    text = " ".join(question.split()).strip(" ?.!,")
    for opening in sorted(phrases("overview")["asks"], key=len, reverse=True):
        found = re.match(rf"(?:.*\b)?{re.escape(opening)}\b[ :]*(?P<topic>.+)$", text, re.I)
        if found:
            left = [w for w in found["topic"].split() if w.strip(",").casefold() not in phrases("overview")["fill"]]
            return " ".join(left).strip(" ,") or None
    return None


def opening(about: str, lines: Iterable[Line]) -> list[str]:
    """The first chunk of each section below the heading that the topic means; [] where no heading is meant."""
    lines = list(lines)
    number = _NUMBER.search(about)
    wanted = set(stems(about))
    headings: dict[tuple[str, tuple[str, ...]], float] = {}
    for line in lines:
        for depth in range(len(line.section) + 1):
            key = (line.document, line.section[:depth])
            if key not in headings:
                headings[key] = _meant(
                    number[1] if number else None, wanted, line.section[depth - 1] if depth else line.title
                )
    best = max(headings.values(), default=0.0)
    if best < _ALIKE:
        return []
    found = [_below(lines, *key) for key, alike in headings.items() if alike == best]
    most = max(found, key=len)
    return most[:MOST_SECTIONS] if len(most) > 1 else []


def _meant(number: str | None, wanted: set[str], heading: str) -> float:
    if number is not None:
        return float(bool(re.match(rf"(?:\w+ )?{re.escape(number)}(?:[.:)]?\s|$)", heading)))
    own = {stem for stem in stems(heading) if not stem.isdigit()}
    return len(wanted & own) / len(wanted | own) if wanted and own else 0.0


def _below(lines: Sequence[Line], document: str, prefix: tuple[str, ...]) -> list[str]:
    """The first chunk of each section directly below the heading."""
    first: dict[tuple[str, ...], str] = {}
    for line in lines:
        if line.document == document and line.section[: len(prefix)] == prefix and len(line.section) > len(prefix):
            first.setdefault(line.section[: len(prefix) + 1], line.chunk_id)
    return list(first.values())


def outline(question: str, passages: Sequence[Passage]) -> list[Checked]:
    """The passages' headings with their first sentences, where they are what `opening` gave; else []."""
    about = topic(question)
    lines = [Line(p.chunk_id, p.document, p.title, p.section) for p in passages]
    if about is None or len(passages) < 2 or opening(about, lines) != [line.chunk_id for line in lines]:
        return []
    reading = Reading(question, passages)
    written: list[Checked] = []
    for source, passage in enumerate(passages, 1):
        index = next((n for n in range(len(reading.units[source - 1])) if reading.quotable(source, n)), None)
        if index is None:
            continue
        unit = reading.units[source - 1][index]
        said = (
            reading.table(source, index).in_words(index) if unit.kind == "row" else plain(reading.text(source, index))
        )
        text = f"{'' if not written else chr(10)}- **{passage.section[-1]}**: {said}"
        written.append(Checked(text, Verdict.SUPPORTED, (Support(source, unit.start, unit.end),)))
    return written
