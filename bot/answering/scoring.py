"""Question and passages -> every sentence, item and row that may be quoted, with how likely it answers. Pure.

A small linear model (`WEIGHTS`) scores by words. Where the caller can tell how near a text is to the question in
meaning (`nearness_of`), all units of the first passages are judged by that too. Knows no corpus and no embedder: what a
word is worth is judged from the passages at hand.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import mul
from textwrap import shorten

from bot.answering.tables import Table, figures_asked, table
from bot.answering.wanted import kinds_wanted, not_meant, offered, on_another_side, scope, scoped, sides, supplement
from knowledge.text.injection import bare
from knowledge.text.sentences import Unit, units
from knowledge.text.words import stems
from knowledge.types import Excerpt, Nearness, Passage

JUDGED_PASSAGES = 12  # passages whose units are looked at for their meaning; guess
JUDGED_UNITS = 64  # units of them, the best by words; guess
READ_UNITS = 12  # units of these, the best by what was kept of their chunks, read anew: about 4 ms of CPU each; guess
# log-odds behind the best of these, from where none ever came first once read; given: docs/lab/2026-11-29-load.md
FAR_BEHIND = 5.0
UNITS_KEPT = 4_096  # passages kept cut into units, about 15 kB each; guess
CONTEXT_CHARACTERS = 280  # characters around a unit, seen for its meaning; guess

# log-odds for each of `features`; measured: python -m tests.eval.train_answers ...
WEIGHTS = (2.9, 8.6, 1.0, -3.7, -0.1, 3.7)
# log-odds for the fields of `Nearness`, by hand: what was fitted on some sets was worse on the others; guess
MEANING_WEIGHTS = (10.0, 6.0, 6.0)
JUDGE = 0.75  # times the log-odds of the judge of answers; given: docs/lab/2026-11-30-judge.md
PICKED = 3.0  # log-odds for a row whose range holds a figure of the question; guess
# log-odds for a list's item, which leans on its lead-in: "collect the laptop" is no answer to "I lost my laptop"; guess
ITEM = -2.0
MOST_LEAD = 4.0  # log-odds; a longer lead says no more; guess
SCOPE = 7.5  # log-odds against a section for a country or site that is not asked about; guess
# log-odds for what stands in a document for the place that is asked about; guess
NAMED = 3.0
# log-odds for what stands in a section that was just told of, where a message surely stays with it; guess
STAYS = 3.0
OTHER_SIDE = 12.0  # log-odds against "after probation" where "during probation" was asked for; guess
NEAREST_PLACES = 3  # sections of which a refusal shows sentences; measured: policybot eval GOLD
NEAREST_UNITS = 2  # sentences of each, in the manual's order; measured: policybot eval GOLD
NEAREST_CHARACTERS = 240  # characters of both; guess
HEADING = 5  # index among `features` of what says that the heading above is asked about; given: features()

Flagged = tuple[tuple[int, int], ...]  # where a text reads like instructions to a model
Section = tuple[str, tuple[str, ...]]  # the path of its document, the headings it stands under
# (question, excerpts) -> how near each is to the question
NearnessOf = Callable[[str, Sequence[Excerpt]], Sequence[Nearness]]

SLIGHT_WORDS = 5  # words; a shorter unit says little; measured: python -m tests.eval.train_answers ...
LONG_ITEM_WORDS = 30  # words; a longer item is judged and quoted by its sentences; guess
MARK = re.compile(r"^(?:[-*+•●▪◦‣⁃–—·■□➢✓]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)]|\([ivxIVX]{1,5}\)|[ivx]{2,5}[.)])\s+")
LEAD_IN = re.compile(r":\s*$|\b(?:following|as follows|below|these|include[sd]?|are)\W*$", re.I)
# and, in front of a list, where it announces one anywhere: "chooses one of the following once a year, in November."
ANNOUNCES = re.compile(LEAD_IN.pattern + r"|\b(?:following|below|as follows)\b", re.I)
_SEVERAL = re.compile(r"[.!?]\s")  # sentences in a unit


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of passage number `source` (1-based) with its score, log-odds of being part of the answer."""

    source: int
    index: int  # among the passage's units
    score: float
    near: Nearness | None = None  # where its meaning was looked at

    @property
    def answers(self) -> float | None:
        """The judge's log-odds that it answers; None where none read it."""
        return self.near.answers if self.near else None


@dataclass(frozen=True, slots=True)
class PassageUnits:
    """A passage in its units, whoever asks. `lists` numbers the group of each unit, `stems` are those of its words."""

    units: tuple[Unit, ...]
    lists: tuple[int, ...]
    stems: tuple[frozenset[str], ...]
    tables: Mapping[int, Table]  # by the group of their rows
    quotable: tuple[bool, ...]
    offered: tuple[frozenset[str], ...]  # the kinds of answer that each unit offers
    slight: tuple[bool, ...]  # a few words
    heading: frozenset[str]  # the stems of the last heading
    held: frozenset[str]  # those of the document's title, all headings and all units


@lru_cache(maxsize=UNITS_KEPT)
def _in_units(title: str, section: tuple[str, ...], text: str, flagged: Flagged, language: str) -> PassageUnits:
    finer = [part for unit in units(text, section) for part in _finer(text, unit)]
    own = tuple(unit for _, unit in finer)
    parts = [text[unit.start : unit.end] for unit in own]
    stemmed = tuple(frozenset(stems(one, language)) for one in parts)
    first_rows = {unit.group: n for n, unit in reversed(list(enumerate(own))) if unit.kind == "row"}
    tables = {group: table(text, own, n) for group, n in first_rows.items()}
    answers = "?" in "".join(section[-1:])  # "On your last day." is quoted with the question over it
    return PassageUnits(
        own,
        tuple(group for group, _ in finer),
        stemmed,
        tables,
        tuple(_quotable(text, section, flagged, own, n, tables) for n in range(len(own))),
        tuple(map(offered, parts)),
        tuple(len(one.split()) < SLIGHT_WORDS and not (n == 0 and answers) for n, one in enumerate(parts)),
        frozenset(stems(" ".join(section[-1:]), language)),
        frozenset(stems(" ".join((title, *section)), language)).union(*stemmed),
    )


def _quotable(
    text: str, section: tuple[str, ...], flagged: Flagged, own: Sequence[Unit], index: int, tables: Mapping[int, Table]
) -> bool:
    """Whether the unit says something of its own and keeps clear of what reads like instructions to a model.

    Headings, a table's header, a question, a lead-in that nothing follows and an address or a command alone say
    nothing.
    """
    unit = own[index]
    unit_text = text[unit.start : unit.end].strip()
    if any(unit.start < end and start < unit.end for start, end in flagged):
        return False
    if unit_text == "".join(section[-1:]):
        return False
    if unit.kind == "row" and (head := tables[unit.group].head) is not None:
        return head != index
    if bare(unit_text) and not _led_in(text, own, index):
        return False
    last = index + 1 == len(own) and unit.kind != "row"
    announces = LEAD_IN.search(unit_text) and not _SEVERAL.search(unit_text)
    return not (last and (unit_text.endswith(("?", ":")) or announces))


def _led_in(text: str, own: Sequence[Unit], index: int) -> bool:
    """Whether a colon before it or its list says what an address is for, or, of a list of addresses, the heading."""
    unit = own[index]
    around = [n for n, other in enumerate(own) if other.group == unit.group] if unit.kind == "item" else [index]
    if any(n and text[own[n - 1].start : own[n - 1].end].rstrip().endswith(":") for n in (index, around[0])):
        return True
    return around[0] == 0 and len(around) > 1 and all(bare(text[own[n].start : own[n].end]) for n in around)


class Reading:
    """Passages in their units and stems, and what each stem of the question is worth among them."""

    def __init__(self, question: str, passages: Sequence[Passage], in_manual_words: str = "") -> None:
        self.question = question
        self.passages = passages
        self.language = (passages[0].language if passages else None) or "en"
        self.asked = stems(question, self.language)
        self.also = frozenset(stems(in_manual_words))  # empty where the glossary knows no word of the question
        self.passage_units = [_in_units(p.title, p.section, p.text, p.flagged, self.language) for p in passages]
        self.units = [one.units for one in self.passage_units]
        self.lists = [one.lists for one in self.passage_units]
        self.stems = [one.stems for one in self.passage_units]
        either = self.also | set(self.asked)
        count = Counter(s for s in either for one in self.passage_units if s in one.held)
        weights = {s: math.log(1 + len(passages) / (count[s] + 0.5)) for s in either}
        self.term_weights = {s: weights[s] for s in set(self.asked)}
        self._put = {s: weights[s] for s in self.also - set(self.asked)}
        self._replaced = sum(weights[s] for s in set(self.asked) - self.also) if self.also else 0.0
        self._total = sum(self.term_weights.values()) or 1.0
        self._asked_or_put = frozenset(either)
        self._covered: dict[frozenset[str], float] = {}  # many units hold the same of the question's stems, most none
        self.in_manual_words = in_manual_words
        self.sides = sides(f"{question}. {in_manual_words}")
        self.for_some: dict[int, str] = {}  # passages for one country, site or group, with its name
        self.elsewhere: set[int] = set()  # passages for a country or site that is not asked about
        self.stays: Set[Section] = frozenset()  # sections that what it goes on from was told of
        self.goes_on = ""  # the words of a follow-up: a country in them takes the place of the one before

    def covered(self, held: Set[str]) -> float:
        """Share of the weight of the question that these stems hold, 0..1; rare stems count more.

        Of what the glossary puts for the asker's words, one counts, at most for as much as these.
        """
        shared = self._asked_or_put & held
        if shared not in self._covered:
            own = sum(w for s, w in self.term_weights.items() if s in shared)
            put = max((w for s, w in self._put.items() if s in shared), default=0.0)
            self._covered[shared] = min(1.0, (own + min(put, self._replaced)) / self._total)
        return self._covered[shared]

    def kind(self, source: int, index: int) -> str:
        """What a unit is: a sentence, an item or a row."""
        return self.units[source - 1][index].kind

    def text(self, source: int, index: int) -> str:
        """The words of a unit."""
        unit = self.units[source - 1][index]
        return self.passages[source - 1].text[unit.start : unit.end]

    def in_words(self, source: int, index: int) -> str:
        """The unit on one line; a row with the names of its columns."""
        if self.kind(source, index) == "row":
            return self.table(source, index).in_words(index)
        return one_line(self.text(source, index))

    def section(self, source: int) -> Section:
        """The document and section of a passage."""
        passage = self.passages[source - 1]
        return passage.document, passage.section

    def table(self, source: int, index: int) -> Table:
        """The table of a row."""
        return self.passage_units[source - 1].tables[self.units[source - 1][index].group]

    def group(self, source: int, index: int) -> list[int]:
        """The units of the same paragraph, list or table; a long item's sentences are of its list."""
        groups = self.lists[source - 1]
        return [n for n, group in enumerate(groups) if group == groups[index]]

    def quotable(self, source: int, index: int) -> bool:
        """Whether the unit says something of its own and keeps clear of what reads like instructions to a model."""
        return self.passage_units[source - 1].quotable[index]

    def excerpt(self, source: int, index: int) -> Excerpt:
        """The unit, a row with its header: what its meaning is judged by."""
        own = self.units[source - 1]
        held = [own[index]]
        if own[index].kind == "row" and (head := self.table(source, index).head) is not None:
            held.append(own[head])
        spans = tuple((unit.start, unit.end) for unit in held)
        return Excerpt(self.passages[source - 1].chunk_id, spans, self.in_context(source, index))

    def in_context(self, source: int, index: int) -> str:
        """The unit behind the heading it stands under, as a text."""
        passage = self.passages[source - 1]
        heading = passage.section[-1] if passage.section else passage.title
        return f"{heading}: {self.in_words(source, index)[:CONTEXT_CHARACTERS]}"

    @property
    def general(self) -> list[Passage]:
        """The passages that hold for who asks: all where none is for somebody else."""
        return [p for n, p in enumerate(self.passages, 1) if n not in self.elsewhere] or list(self.passages)

    def candidates(self, nearness_of: NearnessOf | None = None) -> list[Candidate]:
        """Every unit that may be quoted, best first; with `nearness_of` those whose meaning was looked at."""
        self.for_some = scoped(self.passages)
        self.elsewhere = not_meant(self.question, self.passages, self.in_manual_words, self.goes_on)
        named = {n for n in self.for_some if n not in self.elsewhere and supplement(self.passages[n - 1].title)}
        chosen, passed_over = self._ranges()
        by_words = _ranked(
            Candidate(
                source,
                index,
                _dot(WEIGHTS, vector)
                + (PICKED if (source, index) in chosen else 0.0)
                + (ITEM if self.kind(source, index) == "item" and not vector[HEADING] else 0.0)
                - (SCOPE if source in self.elsewhere else 0.0)
                + (NAMED if source in named else 0.0)
                + (STAYS if self.section(source) in self.stays else 0.0)
                - (OTHER_SIDE if self.sides and on_another_side(self.sides, self.text(source, index)) else 0.0),
            )
            for source, index, vector in features(self)
            if (source, index) not in passed_over
        )
        if nearness_of is None or not by_words:
            return by_words
        judged = [c for c in by_words if c.source <= JUDGED_PASSAGES][:JUDGED_UNITS]
        first = self._judged(judged, nearness_of, kept=True)[:READ_UNITS]
        words_alone = {(c.source, c.index): c for c in judged}
        near = [words_alone[c.source, c.index] for c in first if c.score > first[0].score - FAR_BEHIND]
        read = self._judged(near, nearness_of, kept=False)
        return [*read, *(replace(c, score=min(c.score, read[-1].score)) for c in first[len(near) :])]

    def _judged(self, candidates: Sequence[Candidate], nearness_of: NearnessOf, *, kept: bool) -> list[Candidate]:
        """The candidates by words and meaning: by what was kept of their chunks, or read anew behind their heading."""
        excerpts = [self.excerpt(c.source, c.index) for c in candidates]
        near = nearness_of(self.question, excerpts if kept else [replace(one, chunk_id="") for one in excerpts])
        return _ranked(
            Candidate(c.source, c.index, c.score + _dot(MEANING_WEIGHTS, one[:3]) + JUDGE * (one.answers or 0.0), one)
            for c, one in zip(candidates, near, strict=True)
        )

    def _ranges(self) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """Rows whose range holds a figure of the question, and the others of their table."""
        chosen: set[tuple[int, int]] = set()
        passed_over: set[tuple[int, int]] = set()
        for source, split in enumerate(self.passage_units if figures_asked(self.question) else (), 1):
            for rows in split.tables.values():
                if picked := rows.picked(self.question):
                    chosen |= {(source, n) for n in picked}
                    passed_over |= {(source, n) for n in rows.rows if n not in picked}
        return chosen, passed_over


def _finer(text: str, unit: Unit) -> list[tuple[int, Unit]]:
    """(its group, the unit): a long item as its sentences, each in a group of their own, for one of them answers."""
    part = text[unit.start : unit.end]
    if unit.kind != "item" or len(part.split()) <= LONG_ITEM_WORDS:
        return [(unit.group, unit)]
    mark = MARK.match(part)
    begins = mark.end() if mark else 0
    parts = units(" " * begins + part[begins:].replace("\n", " "))  # of the same length, read as one paragraph
    apart = -1 - unit.start
    return [(unit.group, Unit(unit.start + p.start, unit.start + p.end, "sentence", apart)) for p in parts] or [
        (unit.group, unit)
    ]


def one_line(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())


def lead(reading: Reading, candidates: Sequence[Candidate]) -> float:
    """How far the best candidate stands over the best one of another place; `MOST_LEAD` where there is no other."""
    best = candidates[0]
    others = (c.score for c in candidates if reading.section(c.source) != reading.section(best.source))
    return min(MOST_LEAD, best.score - next(others, -math.inf))


def nearest(reading: Reading, candidates: Sequence[Candidate]) -> dict[Section, str]:
    """What the best candidates of each of the first places say, by document and section; cut where it is long.

    What holds for a country or site that was not asked for comes last.
    """
    by_section: dict[Section, list[Candidate]] = {}
    for one in sorted(candidates, key=lambda candidate: candidate.source in reading.elsewhere):
        place = by_section.setdefault(reading.section(one.source), [one])
        if len(place) < NEAREST_UNITS and one.source == place[0].source and one != place[0]:
            place.append(one)
    return {
        place: shorten(_said(reading, units), NEAREST_CHARACTERS, placeholder=" …")
        for place, units in list(by_section.items())[:NEAREST_PLACES]
    }


def nearest_sentence(reading: Reading, candidates: Sequence[Candidate]) -> str | None:
    """What the best candidate says, of those that hold for who asks; None where there is none."""
    best = min(candidates, key=lambda one: one.source in reading.elsewhere, default=None)
    return reading.in_words(best.source, best.index) if best else None


def _said(reading: Reading, candidates: Sequence[Candidate]) -> str:
    """In the order of the passage; a row or item without a full stop gets one before the next."""
    parts = [reading.in_words(one.source, one.index) for one in sorted(candidates, key=lambda one: one.index)]
    return " ".join([f"{text}." if text[-1:].isalnum() else text for text in parts[:-1]] + parts[-1:])


def _ranked(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda c: (-c.score, c.source, c.index))


def _dot(weights: Sequence[float], vector: Sequence[float]) -> float:
    return float(sum(map(mul, weights, vector)))


def features(reading: Reading) -> Iterator[tuple[int, int, tuple[float, ...]]]:
    """(source, unit index, features) of every unit that may be quoted."""
    covered = reading.covered
    wanted = kinds_wanted(reading.question)
    best_score = max((p.score for p in reading.general), default=0.0) or 1.0
    for source, passage in enumerate(reading.passages, 1):
        split = reading.passage_units[source - 1]
        heading = 0.0 if scope(passage.section) else covered(split.heading)  # a country's name is no subject
        for i, said in enumerate(split.stems):
            if not split.quotable[i]:
                continue
            place = 1 / (1 + i)
            yield (
                source,
                i,
                (
                    covered(said),
                    min(1.0, passage.score / best_score),
                    len(wanted & split.offered[i]) / (len(wanted) or 1),
                    float(split.slight[i]),
                    place,
                    heading * place,
                ),
            )
