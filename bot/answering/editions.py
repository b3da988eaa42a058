"""Passages of several editions of one document -> those of the edition that is in force, or that is asked for. Pure.

Editions are documents of the same title (years and version marks aside) that state from when they are effective. The
newest one that is in force supersedes the others. Another is kept where the question asks for it by its year or
version, or by a word such as "old"; its passages then say so in `standing`, and so does what is quoted of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from bot.answering.lexicon import phrases
from knowledge.types import Passage

TITLES_KEPT = 1_024  # titles of documents whose family is kept; guess

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_EDITION = re.compile(
    r"\b(?:v|ver|version|edition|rev|revision)\.? ?\d[\w.]*|\b(?:19|20)\d\d\b|[^\w ]|\b(?:edition|version)\b", re.I
)


def in_force(passages: Sequence[Passage], question: str, today: date) -> tuple[Passage, ...]:
    """The passages less those of editions that neither hold today nor are asked for, in the same order."""
    editions: dict[str, set[tuple[date, str]]] = {}
    for p in passages:
        if p.effective is not None:
            editions.setdefault(_title(p), set()).add((p.effective, p.version or ""))
    wanted = {title: _wanted(title, found, question, today) for title, found in editions.items()}
    kept = []
    for p in passages:
        if p.effective is None:
            kept.append(p)
        elif (p.effective, p.version or "") in wanted[_title(p)]:
            standing = _standing(p, editions[_title(p)], today)
            kept.append(replace(p, standing=standing) if standing else p)
    return tuple(kept)


@lru_cache(maxsize=TITLES_KEPT)
def family(title: str, document: str) -> str:
    """What the editions of one document share: "bicycle leasing" of "Bicycle leasing (2025)"."""
    return " ".join(_EDITION.sub(" ", title).casefold().split()) or document


def replaced(documents: Iterable[tuple[str, str, str | None, str | None]], today: date) -> dict[str, str]:
    """The path of the edition in force, for each document that one in force today has replaced.

    Of each document: path, title, version, ISO date from when it is effective.
    """
    editions: dict[str, list[tuple[date, str, str]]] = {}
    for path, title, version, effective in documents:
        if effective:
            editions.setdefault(family(title, path), []).append((date.fromisoformat(effective), version or "", path))
    found: dict[str, str] = {}
    for one in editions.values():
        held = sorted(edition for edition in one if edition[0] <= today)
        found |= {path: held[-1][2] for day, version, path in held if (day, version) < held[-1][:2]}
    return found


def _title(passage: Passage) -> str:
    return family(passage.title, passage.document)


def _wanted(title: str, editions: set[tuple[date, str]], question: str, today: date) -> set[tuple[date, str]]:
    """The editions to answer from: the one in force, unless others are asked for."""
    ordered = sorted(editions)
    current = ([edition for edition in ordered if edition[0] <= today] or ordered[:1])[-1]
    if len(ordered) == 1:
        return set(ordered)
    asks = _asks(title, question)
    if "both" in asks:
        return set(ordered)
    named = {e for e in ordered if e[1] and not _YEAR.fullmatch(e[1]) and _names(question, e[1])}
    if named:
        return named
    years = [int(year) for year in _YEAR.findall(question)]
    if years:  # what held at the end of each
        return {next((e for e in reversed(ordered) if e[0].year <= year), ordered[0]) for year in years}
    other = {e for e in ordered if e < current} if "old" in asks else {e for e in ordered if e > current}
    return other if asks and other else {current}


def _names(question: str, version: str) -> bool:
    """Whether a version is asked for: "2.1" by itself, "2" only as "version 2"."""
    mark = "" if "." in version else r"(?:v|ver|version|edition|rev|revision|issue)\.? ?"
    return bool(re.search(rf"(?<![\w.]){mark}{re.escape(version)}(?![\w.]*\d)", question, re.I))


def _asks(title: str, question: str) -> set[str]:
    """{"old"}, {"new"} or {"both"} where the question asks for such editions."""
    said = phrases("editions")
    text = " " + " ".join(re.findall(r"[\w'’-]+", question.casefold().replace("’", "'"))) + " "
    things = {*said["things"], *title.split()}
    found = set()
    for how, alone in (("old", "before"), ("new", "ahead")):
        behind = [text.split(f" {word} ", 1)[1].split()[:3] for word in said[how] if f" {word} " in text]
        if any(things & set(words) for words in behind) or any(f" {phrase} " in text for phrase in said[alone]):
            found.add(how)
    both = any(f" {phrase} " in text for phrase in said["both"]) or len(found) == 2
    return {"both"} if both else found


def _standing(passage: Passage, editions: set[tuple[date, str]], today: date) -> str:
    """What must be said of an edition: that it is an older one, from when it holds, or that a new one is coming."""
    assert passage.effective is not None
    if passage.effective > today:
        return f"from {passage.effective.isoformat()}"
    later = sorted(e for e in editions if e[0] > passage.effective)
    if any(e[0] <= today for e in later):
        return f"edition {passage.version or passage.effective.isoformat()}"
    return f"new edition from {later[0][0].isoformat()}" if later else ""
