"""Questions about the documents themselves ("is this still valid?", "who do I ask?") -> sentences of ours. Pure.

In: the question, and what the catalog knows of the documents (Edition). Out: which of the two it asks, and the answer
from the record: edition, in force since, taken in when, replaced by what; who looks after it. Words are the catalog's,
not the manual's text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.answering.editions import family
from bot.answering.lexicon import phrases
from knowledge.text.words import stems
from knowledge.types import Passage

MOST = 3  # documents that are told of; guess
NEAR = 0.3  # cosine to the question from which an unanswered one is sent to the owner of a passage; guess
LABEL_CHARS = 120  # characters of a title or an owner; guess


@dataclass(frozen=True, slots=True)
class Edition:
    """What the catalog knows of a document."""

    document: str
    title: str
    version: str | None
    effective: date | None
    owner: str | None
    taken_in: date  # day of the ingest that read this revision, UTC
    holds: bool = True  # its date of effect has come
    newer: str | None = None  # the edition in force that has replaced it


def asks_validity(question: str) -> bool:
    """Whether it asks if what was said, or a document, is still valid."""
    return any(pattern.search(_flat(question)) for pattern in _patterns("valid"))


def asks_whom(question: str) -> bool:
    """Whether it asks whom to ask."""
    return any(pattern.search(_flat(question)) for pattern in _patterns("whom"))


def named(question: str, titles: Mapping[str, str]) -> list[str]:
    """The documents whose whole title, years and version marks aside, stands in the question; the longest titles."""
    said = set(stems(question))
    found = {path: words for path, title in titles.items() if (words := set(stems(family(title, ""))))}
    hits = {path: len(words) for path, words in found.items() if words <= said}
    return [path for path, length in hits.items() if length == max(hits.values())]


def validity(editions: Sequence[Edition], say: Mapping[str, str]) -> str:
    """Edition, in force since and taken in of each document, and what has replaced it."""
    return "\n\n".join(_standing(one, say) for one in editions[:MOST])


def owners(passages: Iterable[Passage], say: Mapping[str, str]) -> str:
    """Who looks after the passages' documents, a line each; "" where none of them names anybody."""
    ordered = dict.fromkeys((_label(p.title), _label(p.owner)) for p in passages if p.owner)
    return "\n\n".join(say["owner"].format(title=title, owner=owner) for title, owner in list(ordered)[:MOST])


def owner_instead(passages: Iterable[Passage], say: Mapping[str, str]) -> str:
    """The owner of the nearest document that names one, where the manual does not answer; "" where none is near."""
    near = next((p for p in passages if p.owner and (p.similarity or 0.0) >= NEAR), None)
    return f"{say['owner_instead']} {owners([near], say)}" if near else ""


def _standing(one: Edition, say: Mapping[str, str]) -> str:
    stated = [say["version"].format(version=_label(one.version))] if one.version else []
    if one.effective:
        stated.append(say["since" if one.holds else "from"].format(date=one.effective.isoformat()))
    told = say["validity"].format(
        title=_label(one.title), stated=", ".join(stated) or say["states_nothing"], date=one.taken_in.isoformat()
    )
    if one.newer:
        return f"{told} {say['replaced'].format(newer=_label(one.newer))}"
    return f"{told} {say['newest']}" + (f" {say['owner_knows'].format(owner=_label(one.owner))}" if one.owner else "")


def _label(text: str | None) -> str:
    return " ".join((text or "").split())[:LABEL_CHARS]


def _flat(question: str) -> str:
    return " ".join(question.casefold().replace("’", "'").split())


@cache
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, phrases("provenance")[name]))
