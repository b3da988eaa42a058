"""Editions of documents: from which one is answered, and what our own record says of a document. Pure.

Editions are documents of the same title (years and version marks aside) that state from when they are effective, a year
in their title, or else a version. The newest one that is in force supersedes the others. Another is kept where the
question asks for it by its year or version, or by a word such as "old"; its passages then say so in `standing`, and so
does what is quoted of them.
"Is this still valid?" and "who do I ask?" are answered in sentences of ours, in the catalog's words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from bot.answering import asked_days
from bot.answering.lexicon import phrases, says
from knowledge.text.figure_words import merged
from knowledge.text.words import stems, stopwords
from knowledge.types import DRAFT, Passage, edition_order, told_end

if TYPE_CHECKING:
    from knowledge.catalog.reading import Stated

LIKE = 2  # words that the title of a document that has ended shares with that of its successor; guess
TITLES_KEPT = 1_024  # titles of documents whose family and edition are kept; guess

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
NTH = r"(?:st|nd|rd|th|\.|e|ème|è|ª|º)?"  # behind a number: "2nd edition", "2. Auflage"


class _Edition(NamedTuple):
    """What tells an edition from another, the older one first."""

    day: date  # from which it holds; the earliest day where it states only its version
    order: tuple[tuple[int, str], ...]  # of its version
    version: str
    told: str  # that day as it is stated
    until: date = date.max  # the last day on which it holds; the earliest day where it says only that it has ended


_Series = tuple[str, str]  # what the titles share, the folder


def in_force(passages: Sequence[Passage], question: str, today: date) -> tuple[Passage, ...]:
    """The passages less those of editions that neither hold today nor are asked for, in the same order."""
    day = max(asked_days.asked_about(question, today), default=today)
    holding = (p for p in passages if not any(map(day.__gt__, map(_end, p.section))))
    all_of = [(p, _edition(p.title, p.version, p.effective, p.until)) for p in holding]
    members = {(_series(p.title, p.document, mine), mine) for p, mine in all_of if mine}
    followed = _followed(members)
    editions: dict[_Series, list[_Edition]] = {}
    for series, one in sorted(members):
        editions.setdefault(followed.get(series, series), []).append(one)
    editions = {series: _comparable(found) for series, found in editions.items()}
    wanted = {series: _wanted(series[0], found, question, today) for series, found in editions.items()}
    kept = []
    for p, mine in all_of:
        own = _series(p.title, p.document, mine) if mine else ("", "")
        series = followed.get(own, own)
        if mine is None or mine not in editions[series]:
            kept.append(p)
        elif mine in wanted[series]:
            kept.append(replace(p, standing=told) if (told := _standing(mine, editions[series], today)) else p)
    return tuple(kept)


@lru_cache(maxsize=TITLES_KEPT)
def _edition(title: str, version: str | None, effective: date | None, until: date | None = None) -> _Edition | None:
    """What a document states of its edition; None where it states nothing."""
    year = _YEAR.fullmatch(version or "") or _YEAR.search(title)
    day = effective or (date(int(year[0]), 1, 1) if year else None)
    if day is None and not version and until is None:
        return None
    told = effective.isoformat() if effective else year[0] if year else ""
    return _Edition(day or date.min, edition_order(None, version)[1], version or "", told, until or date.max)


def _comparable(editions: Sequence[_Edition]) -> list[_Edition]:
    """Those that can be told older or newer, in this order: of all that state a day, else by their versions."""
    return sorted([one for one in editions if one.day > date.min] or editions)


@cache
def edition_words() -> str:
    """A pattern of the words for an edition: "version", "Fassung"."""
    return f"(?:{'|'.join(phrases('editions')['words'])})"


@cache
def _edition_marks() -> re.Pattern[str]:
    word = edition_words()
    nth = "|".join(f"{one[:-1]}[oa]" if one.endswith("o") else f"{one}n?" for one in merged("ordinals"))
    return re.compile(
        rf"\b(?:{nth}|premi[èe]re|tercera?) {word}\b"
        rf"|\b(?:v|{word})\.? ?\d[\w.]*|\b{word}\.? [a-z]\b|\b\d{{1,3}}{NTH} {word}\b|\b(?:19|20)\d\d\b|[^\w ]"
        r"|\b(?:edition|version)\b",
        re.I,
    )


@lru_cache(maxsize=TITLES_KEPT)
def family(title: str, document: str) -> str:
    """What the editions of one document share: "bicycle leasing" of "Bicycle leasing (2025)"."""
    return " ".join(_edition_marks().sub(" ", title).casefold().split()) or document


def _followed(members: Collection[tuple[_Series, _Edition]]) -> dict[_Series, _Series]:
    """The series of another title that goes on where a document says it has ended: "Leave", "Leave and rest"."""
    words = {series: set(stems(series[0])) - stopwords() for series, _ in members}
    followed: dict[_Series, _Series] = {}
    for series, mine in sorted(members, key=lambda one: one[1], reverse=True):
        like = [
            (len(words[series] ^ words[other]), other)
            for other, later in (members if mine.until < date.max else ())
            if other != series and later > mine and later.until > mine.until
            if len(both := words[series] & words[other]) >= LIKE and both in (words[series], words[other])
        ]
        if like:
            followed[series] = followed.get(min(like)[1], min(like)[1])
    return followed


def _series(title: str, document: str, edition: _Edition) -> _Series:
    """What the editions of one document share; without a day they stand in one folder: two sites have "House rules"."""
    return family(title, document), "" if edition.day > date.min else document.rpartition("/")[0]


def effective_by(documents: Iterable[Stated], today: date) -> list[tuple[str, list[Stated]]]:
    """(what they share, the editions that have come into force, the latest last) of each document."""
    stated = [
        (_series(one.title, one.path, mine), mine, one)
        for one in documents
        if (mine := _stated(one)) and mine.day <= today and mine.until != DRAFT
    ]
    followed = _followed({(series, mine) for series, mine, _ in stated})
    found: dict[_Series, list[tuple[_Edition, Stated]]] = {}
    for series, mine, one in stated:
        found.setdefault(followed.get(series, series), []).append((mine, one))
    held = {series: _comparable([mine for mine, _ in editions]) for series, editions in found.items()}
    return [
        (series[0], [one for mine, one in sorted(editions, key=lambda pair: pair[0]) if mine in held[series]])
        for series, editions in found.items()
    ]


def _stated(one: Stated) -> _Edition | None:
    days = (date.fromisoformat(day) if day else None for day in (one.effective, one.until))
    return _edition(one.title, one.version, *days)


def replaced(documents: Iterable[Stated], today: date) -> dict[Stated, Stated]:
    """The edition in force, by each document that it has replaced: two folders may have one path."""
    return {
        one: held[-1] for _, held in effective_by(documents, today) for one in held if _stated(one) != _stated(held[-1])
    }


def ended(one: Stated, today: date) -> bool:
    """Whether a document says of itself that it no longer applies."""
    return one.until is not None and date.fromisoformat(one.until) < today


def asks_both(question: str) -> bool:
    """Whether two editions are named: by two years, as the old and the new, or as editions."""
    if len(asked_days.years(question)) > 1:
        return True
    words = set(re.findall(r"[\w'-]+", question.casefold()))
    signs = phrases("editions")
    return bool((words & {*signs["old"]} and words & {*signs["new"]}) or words & {*signs["several"]})


def _wanted(title: str, ordered: list[_Edition], question: str, today: date) -> list[_Edition]:
    """The editions to answer from: the one in force, unless others are asked for."""
    live = [e for e in ordered if e.until >= today]
    current = ([e for e in live if e.day <= today] or live[:1])[-1:]
    if current == ordered:
        return ordered
    asks = _asks(title, question)
    if "both" in asks:
        return ordered
    for number in (r".*", r"\w+"):  # "4.3", or its "edition 4"
        named = [e for e in ordered if not _YEAR.fullmatch(e.version) and _names(question, e.version, number)]
        if named:
            return named
    days = asked_days.asked_about(question, today)
    if days and (ordered[-1].day > date.min or ordered[0].until < date.max):  # what held on each
        return [held for day in days for held in _held(ordered, day) or current]
    other = [e for e in ordered if not current or (e > current[0] if "new" in asks else e < current[0])]
    both = "past" in asks and all(e.until < today for e in other)  # they say of themselves that they have ended
    return [*other, *current] if both else other if asks and other else current


def _held(ordered: Sequence[_Edition], day: date) -> list[_Edition]:
    """The edition that held on a day, the first one before its time; [] after the end of the last."""
    begun = [e for e in ordered if e.day <= day]
    return [e for e in begun if not date.min < e.until < day][-1:] if begun else list(ordered[:1])


@lru_cache(maxsize=TITLES_KEPT)
def _end(heading: str) -> date:
    """The last day of a section that says so in brackets, "9 Parking (until 31 March 2027)"; else the latest of all."""
    begins = rf"\((?:[^()]*, )?(?:\w+ ){{0,2}}(?:{'|'.join(phrases('editions')['until'])})"
    ends = re.search(rf"{begins}\b[^()]+\)\W*\Z", heading, re.I)
    return max(asked_days.named(ends[0]), default=date.max) if ends else date.max


def is_another(passages: Iterable[Passage], own: str) -> bool:
    """Whether some of these are of the edition that a follow-up asks for by a year, or by "the old rule"."""
    first = min((day.year for day in asked_days.named(own)), default=0)
    return any(p.standing or (p.effective and p.effective.year <= first) for p in passages)


def _names(question: str, version: str, part: str = ".*") -> bool:
    """Whether a version is asked for: "2.1" by itself, "2" only as "version 2" or "2nd edition"."""
    match = re.match(part, version)
    if not version or not match:
        return False
    version = match[0]
    mark, number = "" if "." in version else rf"(?:v|{edition_words()})\.? ?", re.escape(version)
    nth = rf"(?<![\w.]){number}{NTH} {edition_words()}\b"
    return bool(re.search(rf"(?<![\w.]){mark}{number}(?![\w.]*\d|\w)|{nth}", question, re.I))


def _asks(title: str, question: str) -> set[str]:
    """{"old"}, {"new"} or {"both"} where the question asks for such editions; {"past"} of "I did it last year"."""
    signs = phrases("editions")
    text = " " + " ".join(re.findall(r"[\w'’-]+", question.casefold().replace("’", "'"))) + " "
    things, asked = {*signs["things"], *title.split()}, set[str]()
    for how, alone, by_phrase in (("old", "before", "past"), ("new", "ahead", "new")):
        behind = [text.split(f" {word} ", 1)[1].split()[:3] for word in signs[how] if f" {word} " in text]
        if any(things & set(words) for words in behind):
            asked.add(how)
        elif any(f" {phrase} " in text for phrase in signs[alone]):
            asked.add(by_phrase)
    both = any(f" {phrase} " in text for phrase in signs["both"]) or len(asked) == 2
    return {"both"} if both else asked


def _standing(mine: _Edition, editions: Sequence[_Edition], today: date) -> str:
    """What must be said of an edition: that it is an older one, from when it holds, or that a new one is coming."""
    if mine.day > today:
        return f"from {mine.told}"
    later = [one for one in editions if one > mine and one.until != DRAFT]
    if mine.until < today or any(one.day <= today for one in later):
        edition = f"edition {mine.version or mine.told}" if mine.version or mine.told else ""
        return ", ".join(filter(None, (edition, told_end(mine.until) if mine.until < today else "")))
    return f"new edition from {later[0].told}" if later else ""


MOST = 3  # documents that are told of; guess
NEAR = 0.25  # cosine to the question from which an unanswered one is sent to the owner of a passage; guess
LABEL_CHARS = 120  # characters of a title or an owner; guess


def asks_validity(question: str) -> bool:
    """Whether it asks if what was said, or a document, is still valid."""
    return _says("valid", question)


def asks_whom(question: str) -> bool:
    """Whether it asks whom to ask."""
    return _says("whom", question)


def validity(
    documents: Sequence[Stated], cited: Sequence[str], question: str, today: date, say: Mapping[str, str]
) -> Iterator[str]:
    """Edition, in force since, taken in, replaced by what: of the documents that the question names, or those cited."""
    newer, coming = replaced(documents, today), replaced(documents, date.max)
    for one in _meant(documents, cited, question):
        yield _state_of(one, newer.get(one), today, say, is_newest=one not in coming)


def looked_after(documents: Sequence[Stated], question: str, say: Mapping[str, str]) -> str:
    """Who looks after the documents that the question names and asks no more of; "" where that is none."""
    meant = _meant(documents, (), question)
    left = telling(question) - set(stems(" ".join(family(one.title, "") for one in meant)))
    return owners(meant, say) if names_a_paper(question) and not left else ""


def names_a_paper(question: str) -> bool:
    """Whether it names a document as one: "the visa guide", "our travel policy"."""
    return not set(stems(question)).isdisjoint(stems(" ".join(phrases("provenance")["papers"])))


def shares_a_word(title: str, question: str) -> bool:
    """Whether the question has a word of the title that tells which document is meant."""
    return not telling(question).isdisjoint(stems(family(title, "")))


def telling(question: str) -> set[str]:
    """The words of a question that tell which document is meant."""
    listed = phrases("provenance")
    return set(stems(question)) - stopwords() - set(stems(" ".join((*listed["of_any"], *listed["papers"]))))


def _meant(documents: Sequence[Stated], cited: Sequence[str], question: str) -> list[Stated]:
    """The documents that the question names, or those cited."""
    stated, titles = {one.path: one for one in documents}, {one.path: one.title for one in documents}
    paths = _named(question, titles) or cited or _nearly_named(question, titles)
    return [stated[path] for path in paths if path in stated]


def _named(question: str, titles: Mapping[str, str]) -> list[str]:
    """The documents whose whole title, years and version marks aside, stands in the question; the longest titles."""
    asked = set(stems(question))
    titled = {path: words for path, title in titles.items() if (words := set(stems(family(title, ""))))}
    hits = {path: len(words) for path, words in titled.items() if words <= asked}
    return [path for path, length in hits.items() if length == max(hits.values())]


def _nearly_named(question: str, titles: Mapping[str, str]) -> list[str]:
    """The editions of the one document whose title has all that is named: "the visa guide", "the handbook"."""
    asked, own = set(stems(question)) - stopwords(), telling(question)
    shared = {path: asked & set(stems(family(title, ""))) for path, title in titles.items()}
    most = max(map(len, shared.values()), default=0)
    hits = [path for path, named in shared.items() if most and len(named) == most and own <= named]
    return hits if len({family(titles[path], path) for path in hits}) == 1 else []


def owners(passages: Iterable[Passage | Stated], say: Mapping[str, str]) -> str:
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
    return (p for p in passages if p.owner and not p.flagged and (p.similarity or 0.0) >= NEAR)


def tells_whom(sentence: str) -> bool:
    """Whether a sentence of the manual says whom to ask or who looks after something."""
    return _says("tells", sentence)


def names_whom(sentence: str) -> bool:
    """Whether it says so by name: "inventions are reported to the Patents team"."""
    return tells_whom(sentence) and _says("bodies", sentence)


def _state_of(one: Stated, newer: Stated | None, today: date, say: Mapping[str, str], *, is_newest: bool) -> str:
    stated = [say["version"].format(version=_label(one.version))] if one.version else []
    if one.effective:
        holds = date.fromisoformat(one.effective) <= today
        stated.append(say["since" if holds else "from"].format(date=one.effective))
    if one.until:
        of_none = {date.min.isoformat(): say["ended"], DRAFT.isoformat(): say["draft"]}
        stated.append(of_none.get(one.until) or say["until"].format(date=one.until))
    state = say["validity"].format(
        title=_label(one.title), stated=", ".join(stated) or say["states_nothing"], date=one.taken_in
    )
    if newer:
        named = ", ".join([f"“{newer.title}”", *filter(None, (newer.version, newer.effective))])
        return f"{state} {say['replaced'].format(newer=_label(named))}"
    newest = f" {say['newest']}" if is_newest and not ended(one, today) else ""
    return f"{state}{newest}" + (f" {say['owner_knows'].format(owner=_label(one.owner))}" if one.owner else "")


def _label(text: str | None) -> str:
    return " ".join((text or "").split())[:LABEL_CHARS]


def _says(name: str, text: str) -> bool:
    return says("provenance", name, " ".join(text.casefold().replace("’", "'").split()))
