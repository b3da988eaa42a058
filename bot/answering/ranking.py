"""The order of sentences beyond what meaning tells: by codes, rows by their name, the asker's own country. Pure."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from bot.answering.lexicon import phrases, says
from bot.answering.scoring import FAR_BEHIND, Candidate, Reading
from bot.answering.tables import Table
from bot.understanding import codes
from knowledge.text.words import stem, stems, stopwords, words

_WORD = re.compile(r"\w+(?:-\w+)*")
# log-odds behind the best, from which a rule for the asker's own kind of people or country comes first; guess
EXCEPTION_BEHIND = 3.2
SAME_SUBJECT = 0.5  # times the words that the best general rule shares, from which a country's is on the same; guess


def by_code(reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """What names a code that was asked for before all else, and nothing on another code of the same make."""
    asked = codes.codes(reading.question)
    if not asked:
        return list(candidates)
    units = {one: reading.text(one.source, one.index) for one in candidates}
    named = [one for one in candidates if codes.names(asked, units[one]) or is_picked(reading, one)]
    others = [o for o in candidates if o not in named and not codes.names_another(asked, units[o])]
    return named or others or list(candidates)


def by_name(reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of each table's rows first comes the one whose first cell has most of the question's words, compounds uncut.

    For a parent's death that is "death of a partner, child or parent", not "death of a sibling or parent-in-law".
    """
    first_named: dict[tuple[int, int], Candidate] = {}
    tables: set[tuple[int, int]] = set()
    for one in candidates:
        group = one.source, reading.units[one.source - 1][one.index].group
        if reading.kind(one.source, one.index) == "row" and group not in tables:
            tables.add(group)
            table = reading.table(one.source, one.index)
            if not table.picked(reading.question):
                named = names_asked(reading, table)
                one = replace(one, index=max(named, key=lambda n: (named[n], n == one.index)))
        first_named.setdefault((one.source, one.index), one)
    return list(first_named.values())


def names_asked(reading: Reading, table: Table) -> dict[int, int]:
    """How many of the question's words the first cell of each row has, compounds uncut."""
    asked = _whole(f"{reading.question} {reading.in_manual_words}", reading.language) - stopwords()
    return {n: len(asked & _whole(cells[0], reading.language)) for n, cells in table.rows.items()}


def on_subject(reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """All but what the asked country has on something else: its annual leave, where the limit for hotels is asked for.

    It shares far less of the question's words than the best rule for all countries. "And in France?" gets all that
    comes nearer than this rule: "nine additional days off", where days of vacation were asked for.
    """
    shares = {one: reading.covered(reading.passage_units[one.source - 1].stems[one.index]) for one in candidates}
    near = (one for one in candidates if one.score > candidates[0].score - 2 * FAR_BEHIND)
    rule = next((one for one in near if one.source not in reading.for_some), None)
    least = SAME_SUBJECT * shares[rule] if rule else 0.0
    nearer = {one for one in candidates if rule and reading.goes_on and one.score > rule.score}
    return [one for one in candidates if shares[one] >= least or one in nearer or not _of_country(reading, one)]


def for_asker(reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best one on the asker's own kind of people or country, where it comes near the best of all; else none.

    "The desk budget of a new designer?" has an exception of its own beside the rule for everybody. How near does not
    matter to those for whom the rule may not hold at all.
    """
    asked = f" {' '.join(words(reading.question))} "
    groups = (who for who in phrases("scopes")["groups"] if f" {who} " in asked or f" {who}s " in asked)
    of_others = non_employees(reading)
    who = of_others or [frozenset(stems(group, reading.language)) for group in groups]

    def holds(one: Candidate) -> bool:
        split = reading.passage_units[one.source - 1]
        return _of_country(reading, one) or any(kind <= split.stems[one.index] | split.heading for kind in who)

    least = candidates[0].score - (math.inf if of_others else EXCEPTION_BEHIND) if candidates else 0.0
    return [one for one in candidates if one.score >= least and holds(one)][:1]


def refined(reading: Reading, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best candidate on the rule that the section of the best of all says it refines; else none."""
    special = reading.section(candidates[0].source) if candidates else None
    same = [n for n in range(1, len(reading.passages) + 1) if reading.section(n) == special]
    said = (reading.text(n, i) for n in same for i in range(len(reading.units[n - 1])))
    refines = set(stems(" ".join(text for text in said if says("scopes", "refines", text)), reading.language))
    if not refines:
        return []
    names = {n: {s for s in one.heading if not s[0].isdigit()} for n, one in enumerate(reading.passage_units, 1)}
    rules = {n for n, name in names.items() if name and name <= refines and n not in same}
    return [one for one in candidates if one.source in rules][:1]


def non_employees(reading: Reading) -> list[frozenset[str]]:
    """Stems of those of the question who are no employees, so that a rule for employees is none for them."""
    every = [frozenset(stems(who, reading.language)) for who in phrases("scopes")["non_employees"]]
    return [who for who in every if who <= reading.also | set(reading.asked)]


def is_picked(reading: Reading, one: Candidate) -> bool:
    """Whether it is the row whose range holds a figure of the question: "G5 to G7" names "G6"."""
    is_row = reading.kind(one.source, one.index) == "row"
    return is_row and one.index in reading.table(one.source, one.index).picked(reading.question)


def _of_country(reading: Reading, one: Candidate) -> bool:
    """Whether it is for the country or site that was asked about."""
    told_apart = bool(reading.elsewhere) or len({*reading.for_some.values()}) == 1
    return told_apart and one.source in reading.for_some and one.source not in reading.elsewhere


def _whole(text: str, language: str) -> set[str]:
    """The stems of its words, those with hyphens in one piece."""
    return {stem(word, language) for word in _WORD.findall(text.lower())}
