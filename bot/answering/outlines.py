"""Lists of what several sections say: an overview of a chapter, or what differs between two editions. Pure.

In: the question, and the headings of the collection in reading order, or the documents with their editions; later the
passages that were chosen. Out: the sections or editions that are meant; headings with their first sentences, or the new
sentences each beside the old one it takes the place of, word for word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from bot.answering.editions import effective_by, family
from bot.answering.scoring import Reading
from bot.answering.wanted import changes_topic, overview_topic
from bot.types import Checked, Support, Verdict
from knowledge.text.words import stems
from knowledge.types import Passage

if TYPE_CHECKING:
    from knowledge.catalog.reading import Stated

MOST_SECTIONS = 10  # headings listed; guess
MOST_CHANGES = 10  # lines; guess
MOST_PAIRS = 3  # documents compared where none is named; guess
_ALIKE = 0.5  # share of their words that a heading and a topic, or two sentences, have in common; guess
_NUMBER = re.compile(r"\b(?:chapter|section|part|kapitel|abschnitt|§)\s*(\d+(?:\.\d+)*)\b", re.I)


class Line(NamedTuple):
    """A chunk's place in the collection."""

    chunk_id: str
    document: str
    title: str
    section: tuple[str, ...]


def opening(about: str, lines: Iterable[Line]) -> list[str]:
    """The first chunk of each section below the heading that the topic means; [] where no heading is meant."""
    lines = list(lines)
    number = _NUMBER.search(about)
    wanted = set(stems(about)) - {"chapter", "kapitel"}  # "the travel chapter"
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
    ids = [_below(lines, *key) for key, alike in headings.items() if alike == best]
    most = max(ids, key=len)
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


def overview(question: str, passages: Sequence[Passage]) -> list[Checked]:
    """The passages' headings with their first sentences, where they are what `opening` gave; else []."""
    about = overview_topic(question)
    lines = [Line(p.chunk_id, p.document, p.title, p.section) for p in passages]
    if about is None or len(passages) < 2 or opening(about, lines) != [line.chunk_id for line in lines]:
        return []
    reading = Reading(question, passages)
    written: list[Checked] = []
    for source, passage in enumerate(passages, 1):
        at = next(((source, n) for n in range(len(reading.units[source - 1])) if reading.quotable(source, n)), None)
        if at is not None:
            written.append(
                _item(f"**{passage.section[-1]}**: {reading.in_words(*at)}", reading, [at], first=not written)
            )
    return written


# --- what differs between two editions ---


def compared(about: str, documents: Iterable[Stated], today: date, one_of: str = "") -> list[tuple[Stated, Stated]]:
    """(the edition before, the one in force) of each document that is meant, or of that with this path."""
    wanted = set(stems(about))
    pairs = [
        (held[-2], held[-1])
        for name, held in effective_by(documents, today)
        if len(held) > 1 and (not wanted or wanted & set(stems(name)))
    ]
    return [pair for pair in pairs if not one_of or one_of in (one.path for one in pair)][:MOST_PAIRS]


class _Change(NamedTuple):
    """What a unit says and the one whose place it takes; what is gone stands in the edition before."""

    kind: Literal["changed", "gone", "new", "same"]
    at: tuple[int, int]
    before: tuple[int, int] | None = None


def changes(question: str, in_manual_words: str, passages: Sequence[Passage], say: Mapping[str, str]) -> list[Checked]:
    """What differs between the two editions that the passages are of, in the sections that are meant; else these.

    What was there before comes first. Nothing where nothing was asked for or no section is meant. `in_manual_words`:
    the glossary's, for what changed or for the question; those in headings count where no section has the asker's.
    """
    about = changes_topic(question)
    put = changes_topic(in_manual_words) or in_manual_words
    if about is None:
        return []
    held: dict[str, set[date]] = {}
    for p in passages:
        if p.effective is not None:
            held.setdefault(family(p.title, p.document), set()).add(p.effective)
    reading = Reading(question, passages)
    headed = set(stems(" ".join(part for p in passages for part in p.section), reading.language))
    found: list[_Change] = []
    for name in [name for name, days in held.items() if len(days) > 1]:
        titled, own, other = (set(stems(text)) for text in (name, about, put))
        topics = [[word for word in about.split() if not titled & set(stems(word))]]
        topics += filter(None, [[word for word in put.split() if (headed - titled - own) & set(stems(word))]])
        topics += [[]] if titled & other - own else []  # named in other words than its title has: all of it
        least = 0 if titled & (own | other) else _ALIKE
        old, new = (_units(reading, name, day) for day in sorted(held[name])[-2:])
        meant = next(filter(None, (_meant_by(topic, reading, [*old, *new], least) for topic in topics)), set())
        found += [one for one in _compared(reading, old, new) if passages[one.at[0] - 1].section in meant]
    differing = [one for kind in ("changed", "gone", "new") for one in found if one.kind == kind]
    shown = (differing or (found if about else []))[:MOST_CHANGES]
    lines = [_line(reading, one, say, first=one is shown[0]) for one in shown]
    if lines and not differing:
        return [Checked(f"{say['unchanged']}\n\n", Verdict.PLAIN), *lines]
    if more := [passages[one.at[0] - 1] for one in differing[MOST_CHANGES:]]:
        places = list(dict.fromkeys(p.section[-1] if p.section else p.title for p in more))
        named = ", ".join(f"“{place}”" for place in places[:MOST_SECTIONS]) + ", …" * (len(places) > MOST_SECTIONS)
        lines.append(Checked("\n\n" + say["more_changed"].format(count=len(more), places=named), Verdict.PLAIN))
    return lines


def _meant_by(
    topic: Sequence[str], reading: Reading, at: Iterable[tuple[int, int]], least: float
) -> set[tuple[str, ...]]:
    """The sections that have most of the topic, more than this share, in their headings above all; all without one."""
    held: dict[tuple[str, ...], set[str]] = {}
    for source, n in at:
        held.setdefault(reading.passages[source - 1].section, set()).update(reading.stems[source - 1][n])
    wanted = Reading(" ".join(topic), reading.passages)
    if not wanted.asked:
        return set(held)
    over = {section: set(stems(" ".join(section), reading.language)) for section in held}
    share = {section: wanted.covered(over[section] | held[section]) for section in held}
    had = {section: wanted.covered(over[section]) + share[section] for section in held if share[section] > least}
    return {section for section in had if had[section] == max(had.values())}


def _compared(reading: Reading, old: Sequence[tuple[int, int]], new: Sequence[tuple[int, int]]) -> Iterator[_Change]:
    """What the new edition says, in reading order; then what it no longer says."""
    words = {at: tuple(re.findall(r"\w+", reading.text(*at).casefold())) for at in (*old, *new)}
    sets = {at: frozenset(words[at]) for at in words}

    def nearest(at: tuple[int, int], others: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
        alike = {one: len(sets[at] & sets[one]) / len(sets[at] | sets[one]) for one in others if sets[at] | sets[one]}
        best = max(alike, key=alike.__getitem__, default=None)
        return best if best and alike[best] >= _ALIKE else None

    was, now = ({words[at] for at in edition} for edition in (old, new))
    for at in new:
        before = None if words[at] in was else nearest(at, old)
        yield _Change("same" if words[at] in was else "changed" if before else "new", at, before)
    yield from (_Change("gone", at) for at in old if words[at] not in now and nearest(at, new) is None)


def _units(reading: Reading, name: str, day: date) -> list[tuple[int, int]]:
    """The units of an edition that say something, in reading order."""
    mine = [
        (p.ordinal, source)
        for source, p in enumerate(reading.passages, 1)
        if p.effective == day and family(p.title, p.document) == name
    ]
    every = ((source, n) for _, source in sorted(mine) for n in range(len(reading.units[source - 1])))
    return [at for at in every if reading.quotable(*at)]


def _line(reading: Reading, change: _Change, say: Mapping[str, str], *, first: bool) -> Checked:
    passage = reading.passages[change.at[0] - 1]
    place = " › ".join((passage.title, *passage.section[-1:]))
    label = f" ({say[f'{change.kind}_in_edition']})" if change.kind in ("gone", "new") else ""
    text = f"**{place}**{label}: {reading.in_words(*change.at)}"
    if change.before:
        old = reading.passages[change.before[0] - 1]
        text += f" ({old.standing or old.edition}: {reading.in_words(*change.before).rstrip('.')})"
    return _item(text, reading, [one for one in (change.at, change.before) if one], first=first)


def _item(text: str, reading: Reading, said: Sequence[tuple[int, int]], *, first: bool) -> Checked:
    """A line of the list, supported by what is said in these units."""
    units = [(source, reading.units[source - 1][n]) for source, n in said]
    supports = tuple(Support(source, unit.start, unit.end) for source, unit in units)
    return Checked(f"- {text}" if first else f"\n- {text}", Verdict.SUPPORTED, supports)
