"""Editions of documents: from which one is answered, and what our own record says of a document. Pure.

Editions are documents of the same title (years and version marks aside) that state from when they are effective. The
newest one that is in force supersedes the others. Another is kept where the question asks for it by its year or
version, or by a word such as "old"; its passages then say so in `standing`, and so does what is quoted of them.
"Is this still valid?" and "who do I ask?" are answered in sentences of ours, in the catalog's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from bot.answering.lexicon import phrases
from knowledge.text.words import stems, stopwords
from knowledge.types import Passage

if TYPE_CHECKING:
    from knowledge.catalog.reading import Stated

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
    wanted = {title: _wanted(title, ranked, question, today) for title, ranked in editions.items()}
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


def effective_by(documents: Iterable[Stated], today: date) -> dict[str, list[Stated]]:
    """The editions of each family that have come into force, the latest last."""
    by_day: dict[str, list[Stated]] = {}
    for one in documents:
        if one.effective and one.effective <= today.isoformat():
            by_day.setdefault(family(one.title, one.path), []).append(one)
    return {name: sorted(editions, key=_order) for name, editions in by_day.items()}


def _order(one: Stated) -> tuple[str, str]:
    return one.effective or "", one.version or ""


def replaced(documents: Iterable[Stated], today: date) -> dict[str, Stated]:
    """The edition in force, by the path of each document that it has replaced."""
    families = effective_by(documents, today).values()
    return {one.path: held[-1] for held in families for one in held if _order(one) < _order(held[-1])}


def asks_both(question: str) -> bool:
    """Whether two editions are named: by two years, as the old and the new, or as editions."""
    if len({*_YEAR.findall(question)}) > 1:
        return True
    words = set(re.findall(r"[\w'-]+", question.casefold()))
    signs = phrases("editions")
    return bool(words & {*signs["old"]} and words & {*signs["new"]}) or bool(
        words & {"editions", "versions", "ausgaben"}
    )


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
    signs = phrases("editions")
    text = " " + " ".join(re.findall(r"[\w'’-]+", question.casefold().replace("’", "'"))) + " "
    things = {*signs["things"], *title.split()}
    asked = set()
    for how, alone in (("old", "before"), ("new", "ahead")):
        behind = [text.split(f" {word} ", 1)[1].split()[:3] for word in signs[how] if f" {word} " in text]
        if any(things & set(words) for words in behind) or any(f" {phrase} " in text for phrase in signs[alone]):
            asked.add(how)
    both = any(f" {phrase} " in text for phrase in signs["both"]) or len(asked) == 2
    return {"both"} if both else asked


def _standing(passage: Passage, editions: set[tuple[date, str]], today: date) -> str:
    """What must be said of an edition: that it is an older one, from when it holds, or that a new one is coming."""
    assert passage.effective is not None
    if passage.effective > today:
        return f"from {passage.effective.isoformat()}"
    later = sorted(e for e in editions if e[0] > passage.effective)
    if any(e[0] <= today for e in later):
        return f"edition {passage.version or passage.effective.isoformat()}"
    return f"new edition from {later[0][0].isoformat()}" if later else ""


MOST = 3  # documents that are told of; guess
NEAR = 0.25  # cosine to the question from which an unanswered one is sent to the owner of a passage; guess
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


def known(documents: Sequence[Stated], cited: Sequence[str], question: str, today: date) -> Iterator[Edition]:
    """What the catalog states of the documents that the question names, or of those cited."""
    stated, newer = {one.path: one for one in documents}, replaced(documents, today)
    titles = {one.path: one.title for one in documents}
    for path in _named(question, titles) or cited or _nearly_named(question, titles):
        if (one := stated.get(path)) is None:
            continue
        by = newer.get(path)
        effective = date.fromisoformat(one.effective) if one.effective else None
        yield Edition(
            path, one.title, one.version, effective, one.owner, date.fromisoformat(one.taken_in),
            holds=effective is None or effective <= today,
            newer=", ".join([f"“{by.title}”", *filter(None, (by.version, by.effective))]) if by else None,
        )  # fmt: skip


def _named(question: str, titles: Mapping[str, str]) -> list[str]:
    """The documents whose whole title, years and version marks aside, stands in the question; the longest titles."""
    asked = set(stems(question))
    titled = {path: words for path, title in titles.items() if (words := set(stems(family(title, ""))))}
    hits = {path: len(words) for path, words in titled.items() if words <= asked}
    return [path for path, length in hits.items() if length == max(hits.values())]


def _nearly_named(question: str, titles: Mapping[str, str]) -> list[str]:
    """The editions of the one document whose title has all that is named: "the visa guide", "the handbook"."""
    asked = set(stems(question)) - stopwords()
    own = asked - set(stems(" ".join(phrases("provenance")["of_any"])))  # that tells which document is meant
    shared = {path: asked & set(stems(family(title, ""))) for path, title in titles.items()}
    most = max(map(len, shared.values()), default=0)
    hits = [path for path, named in shared.items() if most and len(named) == most and own <= named]
    return hits if len({family(titles[path], path) for path in hits}) == 1 else []


def validity(editions: Sequence[Edition], say: Mapping[str, str]) -> str:
    """Edition, in force since and taken in of each document, and what has replaced it."""
    return "\n\n".join(_state_of(one, say) for one in editions[:MOST])


def owners(passages: Iterable[Passage], say: Mapping[str, str]) -> str:
    """Who looks after the passages' documents, a line each; "" where none of them names anybody."""
    ordered = dict.fromkeys((_label(p.title), _label(p.owner)) for p in passages if p.owner)
    return "\n\n".join(say["owner"].format(title=title, owner=owner) for title, owner in list(ordered)[:MOST])


def owner_instead(passages: Iterable[Passage], say: Mapping[str, str]) -> str:
    """The owner of the nearest document that names one, where the manual does not answer; "" where none is near."""
    near = next(_near(passages), None)
    return f"{say['owner_instead']} {owners([near], say)}" if near else ""


def owner_near(passages: Iterable[Passage]) -> str:
    """Who looks after the nearest document that names anybody; "" where none is near."""
    return next((_label(p.owner) for p in _near(passages)), "")


def _near(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Passages of documents with an owner, in their order, that are near the question."""
    return (p for p in passages if p.owner and (p.similarity or 0.0) >= NEAR)


def tells_whom(sentence: str) -> bool:
    """Whether a sentence of the manual says whom to ask or who looks after something."""
    return any(pattern.search(_flat(sentence)) for pattern in _patterns("tells"))


def names_whom(sentence: str) -> bool:
    """Whether it says so by name: "inventions are reported to the Patents team"."""
    return tells_whom(sentence) and any(pattern.search(_flat(sentence)) for pattern in _patterns("bodies"))


def _state_of(one: Edition, say: Mapping[str, str]) -> str:
    stated = [say["version"].format(version=_label(one.version))] if one.version else []
    if one.effective:
        stated.append(say["since" if one.holds else "from"].format(date=one.effective.isoformat()))
    state = say["validity"].format(
        title=_label(one.title), stated=", ".join(stated) or say["states_nothing"], date=one.taken_in.isoformat()
    )
    if one.newer:
        return f"{state} {say['replaced'].format(newer=_label(one.newer))}"
    return f"{state} {say['newest']}" + (f" {say['owner_knows'].format(owner=_label(one.owner))}" if one.owner else "")


def _label(text: str | None) -> str:
    return " ".join((text or "").split())[:LABEL_CHARS]


def _flat(question: str) -> str:
    return " ".join(question.casefold().replace("’", "'").split())


@cache
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, phrases("provenance")[name]))
