"""A figure or period of a claim that stands in the place of another one of a quote, between languages too. Pure.

Two texts in; out what was exchanged, as the claim writes it, or "": "90 Tage" said of "within 30 days".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from knowledge.text.figures_alike import may_stand_for, spelt_otherwise
from knowledge.text.quantities import Quantity, converted, quantities

TWO_CLAUSES = 40  # words of claim and quote whose clauses are told apart; guess
RATE = 20  # characters from a number to the "an hour" that it counts in; guess
_WORD = re.compile(r"\w+")
_CLOCK = re.compile(r"[012]?\d\.[0-5]\d?")
_CLAUSES = re.compile(r"[,;|\n]\s|\s(?:and|und|et|y|ve)\s")


def exchanged(said: str, quote: str, elsewhere: Sequence[Quantity], text: str, *, is_twin: bool, is_row: bool) -> str:
    """The claim's figure that stands in the place of another one of the quote.

    `elsewhere`: figures that the claim may have from elsewhere; `text`: all that the quote's source says; `is_twin`:
    both have the same words; `is_row`: the quote is of a table, whose units stand in its header.
    """
    mine, theirs = ([f for f in _counted(one) if is_row or (f.value, f.unit) != ("1", None)] for one in (said, quote))
    known = [*theirs, *elsewhere, *quantities(quote)]
    unused = [one for one in theirs if not any(may_stand_for(figure, one) for figure in mine)]
    for figure in mine:
        written = said[figure.start : figure.end].strip()
        if any(may_stand_for(figure, one) for one in known):
            continue
        if spelt_otherwise(figure, written, [quote if figure.kind == "code" else text]):
            continue
        if (is_twin and figure.kind != "code") or any(_in_place_of(figure, one, is_row=is_row) for one in unused):
            return written
    return ""


def crossed(said: str, quote: str) -> str:
    """A figure paired with one of another clause: "two from 25,000" of "two from 5,000, three from 25,000"."""
    if max(len(_WORD.findall(text)) for text in (said, quote)) > TWO_CLAUSES:
        return ""
    mine = [f for f in _counted(said) if f.kind == "number"]
    held = []  # by clause: which of the claim's figures it has, and of what kinds those are that only it has
    for clause in map(_counted, _CLAUSES.split(quote)):
        own = {one for one in clause if not any(may_stand_for(f, one) for f in mine)}
        has = {f for f in mine if any(may_stand_for(f, one) for one in clause)}
        if has and own:  # others are no side of a pair, and a run of commas has many
            held.append((has, {(one.kind, one.unit) for one in own}))
    for first, kinds in held:
        for second, needed in held:
            for one, other in product(first - second, second - first):
                if (other.kind, other.unit) in kinds and (one.kind, one.unit) in needed:
                    return said[other.start : other.end].strip()
    return ""


def _counted(text: str) -> list[Quantity]:
    """The figures of a text; "one hour" is one, "a day" none, and "an hour" one unless it is of a rate."""
    found, counted = quantities(text), []
    for n, figure in enumerate(found):
        if figure.kind != "weak":
            counted.append(figure)
        elif figure.unit:
            is_article = text[figure.start : figure.end].split()[0].casefold() in ("a", "an")
            is_rate = n > 0 and found[n - 1].unit != "hour" and figure.start - found[n - 1].end <= RATE
            if not is_article or (figure.unit == "hour" and not is_rate):
                counted.append(replace(figure, kind="number"))
    return counted


def _in_place_of(figure: Quantity, other: Quantity, *, is_row: bool) -> bool:
    """Whether a figure measures what another does, or is the same of another unit: "six ans" of "6 months"."""
    two = {figure.unit, other.unit}
    if other.kind == "time" and figure.unit is None and _CLOCK.fullmatch(figure.value):
        return True  # "6.15" of "16:40"
    if figure.kind != other.kind or len(two) == 1 or None in two:
        is_bare = is_row or (other.unit is None and "1" not in (figure.value, other.value))  # "must not exceed ten"
        return figure.kind == other.kind and (len(two) == 1 or is_bare)
    least, other_least = converted(figure), converted(other)
    if (figure.value == "1" or two == {"hour", "minute"}) and least and other_least and least[1] == other_least[1]:
        return True  # "eine Stunde" of "30 minutes", "a quarter of an hour" of "45 minutes"
    return figure.value == other.value and "day" not in two  # working days are days
