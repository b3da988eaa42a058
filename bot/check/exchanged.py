"""A figure or period of a claim that stands in the place of another one of the quote. Pure; between languages too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from bot.check.claims import Claim, figures, spelt_otherwise
from bot.check.lexicon import lexicon
from bot.check.sources import words
from knowledge.text.figure_words import units
from knowledge.text.figures_alike import may_stand_for
from knowledge.text.quantities import Quantity, converted
from knowledge.text.words import stems

TWO_CLAUSES = 40  # words of claim and quote whose clauses are told apart; guess
RATE = 20  # characters from a number to the "a week" that it counts in; guess
PERIODS = ("hour", "day", "night", "week", "month", "quarter", "year")
_CLOCK = re.compile(r"[012]?\d\.[0-5]\d?")
_CLAUSES = re.compile(r"[,;|\n]\s|\s(?:and|und|et|y|ve)\s")


def exchanged(claim: Claim, quote: str, elsewhere: Sequence[Quantity], text: str, *, is_row: bool) -> str:
    """The claim's figure that stands in the place of another one of the quote, as written; "" when none does.

    `elsewhere`: figures of the question, the title and the other cited sources; `text`: the source's; `is_row`: the
    quote is of a table, whose units stand in its header.
    """
    said, there = (
        [f for f in _counted(one) if is_row or (f.value, f.unit) != ("1", None)] for one in (claim.plain, quote)
    )
    known = [*there, *elsewhere, *figures(quote)]
    unused = [one for one in there if not any(may_stand_for(figure, one) for figure in said)]
    is_twin = content(words(claim.plain)) == content(words(quote))
    for figure in said:
        written = claim.plain[figure.start : figure.end].strip()
        if any(may_stand_for(figure, one) for one in known):
            continue
        if spelt_otherwise(figure, written, [quote if figure.kind == "code" else text]):
            continue
        if (is_twin and figure.kind != "code") or any(_in_place_of(figure, one, is_row=is_row) for one in unused):
            return written
    return ""


def crossed(said: str, quote: str) -> str:
    """A figure paired with one of another clause: "two from 25,000" of "two from 5,000, three from 25,000"."""
    if max(len(words(said)), len(words(quote))) > TWO_CLAUSES:
        return ""
    mine = [f for f in _counted(said) if f.kind == "number"]
    clauses = [(at, clause) for clause in _CLAUSES.split(quote) if len(at := _counted(clause)) > 1]
    held = [
        {
            (figure, other.kind, other.unit)  # stands with another of that kind, which the claim leaves out
            for figure in mine
            for one in at
            for other in at
            if may_stand_for(figure, one) and not any(may_stand_for(f, other) for f in mine)
        }
        for at, _ in clauses
    ]
    for n, first in enumerate(held):
        for second in held[n + 1 :]:
            for one, *missing in first:
                for other, *needed in second:
                    if missing == [other.kind, other.unit] and needed == [one.kind, one.unit]:
                        return said[other.start : other.end].strip()
    return ""


def _counted(text: str) -> list[Quantity]:
    """The figures of a text; "one hour" is one, "an hour" none."""
    return [
        replace(f, kind="number") if f.kind == "weak" else f
        for f in figures(text)
        if f.kind != "weak" or (f.unit and text[f.start : f.end].split()[0].casefold() not in ("a", "an"))
    ]


def _in_place_of(figure: Quantity, other: Quantity, *, is_row: bool) -> bool:
    """Whether a figure measures what another does, or is the same of another unit: "six ans" of "6 months"."""
    units_ = {figure.unit, other.unit}
    if other.kind == "time" and figure.unit is None and _CLOCK.fullmatch(figure.value):
        return True  # "6.15" of "16:40"
    if figure.kind != other.kind or len(units_) == 1 or None in units_:
        is_bare = is_row or (other.unit is None and "1" not in (figure.value, other.value))  # "must not exceed ten"
        return figure.kind == other.kind and (len(units_) == 1 or is_bare)
    least, other_least = converted(figure), converted(other)
    if figure.value == "1" and least and other_least and least[1] == other_least[1]:
        return True  # "eine Stunde" of "30 minutes"
    return figure.value == other.value and "day" not in units_  # working days are days


def other_period(said: str, quote: str, asked: str, *, is_row: bool) -> str:
    """The claim's "per month" where the quote has "per week"; "" when it has none of its own."""
    mine, theirs = dict(_periods(said, all_too=is_row, is_claim=True)), dict(_periods(quote))
    counted = [{f.unit for f in figures(text)} for text in (said, quote)]
    new = mine.keys() - theirs.keys() - counted[1] - dict(_periods(asked)).keys()
    return mine[min(new)] if new and theirs.keys() - mine.keys() - counted[0] else ""


def _periods(text: str, *, all_too: bool = False, is_claim: bool = False) -> Iterator[tuple[str, str]]:
    """The periods that a text names without counting them: "per month", "monthly", not "3 months" but for `all_too`."""
    found = figures(text)
    ends = [f.end for f in found if f.kind != "weak"]
    counted = {
        at
        for f in found
        if not (all_too and f.unit)
        and not (f.kind == "weak" and any(0 <= f.start - end <= RATE for end in ends))  # "2 days a week"
        and (f.kind != "weak" or (is_claim and f.unit))  # "a week in advance"
        for at in range(f.start, f.end)
    }
    for word in re.finditer(r"[^\W\d_]+", text):
        unit = _period_words().get(word[0].casefold())
        if unit and word.start() not in counted:
            yield unit, word[0]


@cache
def _period_words() -> dict[str, str]:
    named = {phrase: name for phrase, name in (*units().items(), *lexicon().opposites.items()) if name in PERIODS}
    return {phrase[0]: name for phrase, name in named.items() if len(phrase) == 1}


def content(said: Sequence[str]) -> frozenset[str]:
    """The stems of the words that are neither light nor hinges."""
    known = lexicon()
    return frozenset(stems(" ".join(w for w in said if w.isalpha() and w not in known.hinges))) - known.light
