"""When a figure that is claimed is one that is known, by value, by unit or said another way, or in its place. Pure.

Figures and texts in; out whether they agree, or what was exchanged as the claim writes it, or "": "90 Tage" said of
"within 30 days".
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import product

from knowledge.text.figure_words import languages, merged, months_besides, time_of_number, units
from knowledge.text.quantities import Quantity, converted, quantities
from knowledge.text.words import spelt, squeezed

_BETWEEN = re.compile(r"\b(?:between|zwischen|entre)\s+(?:(?:the|den|les|los|las)\s+)?\Z", re.I)
LARGEST_COUNT = 12  # things that a number word counts; beyond it a number is meant; guess
_SHORT_DATE = re.compile(
    r"(?<![\d.,/-])(?:(\d{1,2})/(\d{1,2})(?!\d)|\d{1,2}\. ?(\d{1,2})\.|(\d{1,2})[./]\d{4}(?!\d)|\d{4}-(\d\d)(?!\d)"
    r"|(\d{1,2})[月월])"
)
_MONTH = re.compile(r"\b(?:in|until|till|by|since|im|bis|seit|en|hasta|desde|depuis)\s\w+", re.I)
DAYS = ("working_day", "calendar_day")  # neither is meant where a source speaks of days
PERIODS = ("hour", "day", "night", "week", "month", "quarter", "year")  # in which amounts are paid
MEASURES = ("km", "mile")  # no wording exchanges one for the other, and a rate names them without a number


def same_figure(claimed: Quantity, known: Quantity) -> bool:
    """Equal by value, and their units do not exclude each other. A conversion is not the same value; "one" is none."""
    units = {claimed.unit, known.unit}
    is_value = claimed.kind == known.kind and same_value(claimed.value, known.value)
    return claimed.kind == "weak" or (is_value and (None in units or len(units) == 1 or units in _LIKE))


# One unit said more and less exactly; which of the two is right is for the verifier to say.
_LIKE = ({"day", "working_day"}, {"day", "calendar_day"})


def held(claimed: Quantity, known: Iterable[Quantity]) -> bool:
    """Whether one of the known figures is the claimed one."""
    return any(same_figure(claimed, one) for one in known)


def is_hard(figure: Quantity) -> bool:
    """Whether no wording explains it: an amount with its unit, a date, a time, an identifier, a number beyond twelve.

    "First", "half" and "three things" may be another way to say what a source says: they are for the verifier.
    """
    if figure.kind == "number":  # "0 days" may be said of "none"
        return (
            (figure.unit is not None and figure.value != "0")
            or (figure.number or 0) > LARGEST_COUNT
            or "." in figure.value
        )
    return figure.kind in ("date", "time", "code")


def only_counts(text: str) -> bool:
    """Whether all its figures are small numbers without a unit: two of three conditions may be the asker's."""
    return all(one.kind == "number" and not is_hard(one) for one in quantities(text))


def may_stand_for(claimed: Quantity, known: Quantity) -> bool:
    """Whether the verifier may accept one for the other: equal, a year, an hour, or the same amount converted."""
    if same_figure(claimed, known):
        return True
    if known.kind == "time" and claimed.kind == "number" and claimed.unit in (None, "hour"):
        return time_of_number(claimed.number, known.value, is_short=True)
    if known.kind == "number" and claimed.kind == "time" and known.unit in (None, "hour"):
        return time_of_number(known.number, claimed.value, is_short=False)
    if known.kind == claimed.kind == "date":
        return any(_same_day(one, other) for one in claimed.value.split("|") for other in known.value.split("|"))
    if known.kind in ("date", "code") and claimed.kind == "number" and claimed.unit is None:
        parts = [part.lstrip("0") for part in re.split(r"\W+", known.value)]  # of a date: its year, its day, "31.3."
        return claimed.value in parts or [p.lstrip("0") for p in claimed.value.split(".")] == parts[:0:-1]
    if {claimed.kind, known.kind} == {"ordinal", "number"} and all(map(_says_which, (claimed, known))):
        return same_value(claimed.value, known.value)  # "zum 15.", "pages 3 and 4"
    least = converted(claimed)
    if least is None or least != converted(known):
        return False
    return least[1] != "cent" or "cent" in (claimed.unit, known.unit)  # a euro is no dollar


def _says_which(figure: Quantity) -> bool:
    """Whether it may be an ordinal: "the 3rd", "day 3", a bare 3; no "3 days"."""
    return figure.kind == "ordinal" or (figure.kind == "number" and figure.unit is None)


def _same_day(claimed: str, known: str) -> bool:
    """Whether dates agree; either may lack the year, the claimed one its day: "2 May" of a passage about 2019."""
    return all(
        one == other or one == "*" or (other == "*" and n == 0)
        for n, (one, other) in enumerate(zip(claimed.split("-"), known.split("-"), strict=False))
    )


def in_digits(date: str, text: str) -> bool:
    """Whether a text has the day of a date in digits alone: "*-09-30" as "30.9.", "30/09" or "9/30"."""
    return any(
        day != "*"
        and re.search(rf"(?<![\d.,/-])(?:0?{int(day)}(?:\. ?|/)0?{int(month)}|0?{int(month)}/0?{int(day)})(?!\d)", text)
        for _, month, day in (reading.split("-") for reading in date.split("|") if reading.count("-") == 2)
    )


def with_months(question: str) -> str:
    """The question with its months in capitals, as `foreign_measure` reads them: "in may?" names one, "may I?" none."""
    return _MONTH.sub(lambda found: found[0].title(), question)


def foreign_measure(text: str, source_texts: Collection[str], known: Iterable[Quantity] = ()) -> str:
    """What a text names ("par kilomètre", "en julio", "5 working days") and no source does, or ""."""
    named = _measures(text, full_months()) | {f.unit: text[f.start : f.end] for f in quantities(text) if f.unit in DAYS}
    if not named:
        return ""
    there = {unit for one in source_texts for unit in _units_in(one)}
    dates = (reading.split("-") for one in known if one.kind == "date" for reading in one.value.split("|"))
    there |= {int(month) for date in dates for month in date[1:2] if month.isdigit()}
    return next((word for unit, word in named.items() if unit not in there), "")


@lru_cache(maxsize=8192)  # the same passages are read for claim after claim
def _units_in(text: str) -> frozenset[str | int | None]:
    """The measures, kinds of day and months of a text, days across hyphens and line breaks and in capitals too."""
    spread = " ".join(re.findall(r"[^\W_]+", text.replace("İ", "i").casefold()))
    days = {unit for words, unit in units().items() if unit in DAYS and " ".join(words) in spread}
    return frozenset([*_measures(text, merged("months")), *_in_digits(text), *days])


def months(text: str) -> set[int]:
    """The months that a text names in full."""
    return {n for n in _measures(with_months(text), full_months()) if isinstance(n, int)}


def _measures(text: str, names: Mapping[str, int]) -> dict[str | int | None, str]:
    known, numbers = units(), merged("hundreds")  # "mil" is a thousand in Spanish, a mile in Turkish
    capital = months_besides("capital")
    written = [word for word in re.findall(r"\w+", text) if word[0].isupper() or word not in capital]  # "you may go"
    said = [word for one in written if (word := one.casefold()) not in numbers]
    measures: dict[str | int | None, str] = {unit: word for word in said if (unit := known.get((word,))) in MEASURES}
    return measures | {names[word]: word for word in said if word in names}


def _in_digits(text: str) -> set[int]:
    """What may be months in dates without a name or without a year: "30.9.", "30/09" (either part), "12/2025"."""
    return {int(part) for match in _SHORT_DATE.finditer(text) for part in match.groups() if part}


@cache
def full_months() -> dict[str, int]:
    """The unabridged names of months in every language; worked out once."""
    return {name: n for one in languages() for name, n in one.months.items() if name in one.full_months}


def unexplained(
    text: str, known: Collection[Quantity], source_texts: Sequence[str], *, counts_too: bool = False
) -> str:
    """The first hard figure of a text that none of the known may stand for, as written; "" when there is none.

    `counts_too`: a small count is one as well, unless the text lists what it counts ("three things: ..."), or it says
    "between two flights" of "between flights".
    """
    for figure in quantities(text):
        written = text[figure.start : figure.end].strip()
        is_number = figure.kind == "number" or written[-1].isdecimal()  # "page 3"
        is_number = is_number and counts_too and figure.value != "1"
        is_count = is_number and not re.search(r":(\s|$)", text[figure.end :])
        is_count = is_count and not (figure.value == "2" and _BETWEEN.search(text[: figure.start]))
        is_known = any(may_stand_for(figure, f) or (figure.value, figure.unit) == (f.value, f.unit) for f in known)
        if is_known or not (is_hard(figure) or is_count):  # "three days" of "day 3" may be meant
            continue
        if not spelt_otherwise(figure, written, source_texts):
            return written
    return ""


def spelt_otherwise(figure: Quantity, written: str, texts: Iterable[str]) -> bool:
    """Whether a text has the figure in other clothes: "1-800-772-1213" as "1 800 772 1213", "1973" in "year1973"."""
    if figure.kind == "code":
        return any(squeezed(written) in squeezed(text) for text in texts)
    if figure.kind == "date":
        return any(in_digits(figure.value, text) for text in texts)
    is_year = re.fullmatch(r"(?:19|20)\d\d", written) is not None  # the 45 of "form A45" are no 45 lockers
    return is_year and any(re.search(rf"(?<=[^\W\d]{{3}}){written}(?!\d)", text) for text in texts)


TWO_CLAUSES = 40  # words of claim and quote whose clauses are told apart; guess
RATE = 20  # characters from a number to the "an hour" that it counts in; guess
_WORD = re.compile(r"\w+")
_WHOLE = re.compile(r"\b(?:within|after)\s$", re.I)  # before "a month" that is one month
_CLOCK = re.compile(r"[012]?\d\.[0-5]\d?")
CLAUSES = re.compile(r"[,;|\n]\s|\s(?:and|und|et|y|ve)\s")


def exchanged(claim: str, quote: str, elsewhere: Sequence[Quantity], text: str, *, is_twin: bool, is_row: bool) -> str:
    """The claim's figure that stands in the place of another one of the quote.

    `elsewhere`: figures that the claim may have from elsewhere; `text`: all that the quote's source says; `is_twin`:
    both have the same words; `is_row`: the quote is of a table, whose units stand in its header.
    """
    mine, theirs = ([f for f in _counted(one) if is_row or (f.value, f.unit) != ("1", None)] for one in (claim, quote))
    known = [*theirs, *elsewhere, *quantities(quote)]
    unused = [one for one in theirs if not any(may_stand_for(figure, one) for figure in mine)]
    for figure in mine:
        written = claim[figure.start : figure.end].strip()
        if any(may_stand_for(figure, one) for one in known):
            continue
        if spelt_otherwise(figure, written, [quote if figure.kind == "code" else text]):
            continue
        if (is_twin and unused and figure.kind != "code") or any(
            _in_place_of(figure, one, is_row=is_row) for one in unused
        ):
            return written
    return ""


def crossed(claim: str, quote: str) -> str:
    """A figure paired with one of another clause: "two from 25,000" of "two from 5,000, three from 25,000"."""
    if max(len(_WORD.findall(text)) for text in (claim, quote)) > TWO_CLAUSES:
        return ""
    mine = [f for f in _counted(claim) if f.kind == "number"]
    held = []  # by clause: which of the claim's figures it has, and of what kinds those are that only it has
    for clause in map(_counted, CLAUSES.split(quote)):
        own = {one for one in clause if not any(may_stand_for(f, one) for f in mine)}
        has = {f for f in mine if any(may_stand_for(f, one) for one in clause)}
        if has and own:  # others are no side of a pair, and a run of commas has many
            held.append((has, {(one.kind, one.unit) for one in own}))
    for first, kinds in held:
        for second, needed in held:
            for one, other in product(first - second, second - first):
                if (other.kind, other.unit) in kinds and (one.kind, one.unit) in needed:
                    return claim[other.start : other.end].strip()
    return ""


def other_period(claim: str, quote: str, asked: str, *, is_row: bool) -> str:
    """The claim's "per month" where the quote has "per week"; "" when it has none of its own."""
    mine, theirs = _periods(claim, is_claim=True, is_row=is_row), _periods(quote)
    counted = [{f.unit for f in quantities(text)} for text in (claim, quote)]
    new = mine.keys() - theirs.keys() - counted[1] - _periods(asked).keys()
    return mine[min(new)] if new and theirs.keys() - mine.keys() - counted[0] else ""


def _periods(text: str, *, is_claim: bool = False, is_row: bool = False) -> dict[str, str]:
    """The periods that a text names, not those that it counts, but for a row's: "a month", "monthly", no "3 months"."""
    kept, at, number_end = list[str](), 0, -RATE - 1
    for f in quantities(text):
        is_rate = f.start - number_end <= RATE  # "2 days a week", but "a week in advance"
        is_named = is_row and f.unit if f.kind != "weak" else is_rate or not is_claim
        if not is_named:
            kept.append(text[at : f.start])
            at = f.end
        number_end = number_end if f.kind == "weak" else f.end
    text = " ".join([*kept, text[at:]])
    named = {name: unit for (name, *more), unit in units().items() if not more} | merged("rates")
    return {period: word for word in spelt(text) if (period := named.get(word, "")) in PERIODS}


def _counted(text: str) -> list[Quantity]:
    """The figures of a text; "one day", "within a day" are one, "a day" none, "an hour" one but in a rate."""
    amounts, counted = quantities(text), []
    for n, figure in enumerate(amounts):
        if figure.kind != "weak":
            counted.append(figure)
        elif figure.unit:
            is_article = text[figure.start : figure.end].split()[0].casefold() in ("a", "an")
            is_rate = n > 0 and amounts[n - 1].unit != "hour" and figure.start - amounts[n - 1].end <= RATE
            if not is_article or (figure.unit == "hour" and not is_rate) or _WHOLE.search(text[: figure.start]):
                counted.append(replace(figure, kind="number"))
    return counted


def _in_place_of(figure: Quantity, other: Quantity, *, is_row: bool) -> bool:
    """Whether a figure measures what another does, or is the same of another unit: "six ans" of "6 months"."""
    two = {figure.unit, other.unit}
    kinds = {figure.kind, other.kind}
    if kinds == {"ordinal"} and None in two and len(two) > 1:
        return True  # "on the fourth day" of "on day 3"
    if kinds == {"ordinal", "number"} and len(two) == 1:
        return figure.value == other.value and figure.unit != "day"  # "3 miles" of "mile 3"; "three days" may be meant
    if other.kind == "time" and figure.unit is None and _CLOCK.fullmatch(figure.value):
        return True  # "6.15" of "16:40"
    if figure.kind != other.kind or len(two) == 1 or None in two:
        is_bare = is_row or (other.unit is None and "1" not in (figure.value, other.value))  # "must not exceed ten"
        return figure.kind == other.kind and (len(two) == 1 or is_bare)
    least, other_least = converted(figure), converted(other)
    if (figure.value == "1" or two == {"hour", "minute"}) and least and other_least and least[1] == other_least[1]:
        return True  # "eine Stunde" of "30 minutes", "a quarter of an hour" of "45 minutes"
    return figure.value == other.value and "day" not in two  # working days are days


def same_value(one: str, other: str) -> bool:
    """Whether a claimed value is a known one in any reading; a date that leaves something out is any such date."""
    for a in one.split("|"):
        for b in other.split("|"):
            parts = list(zip(a.split("-"), b.split("-"), strict=False))
            if a == b or (a.count("-") == b.count("-") == 2 and all(x in ("*", y) for x, y in parts)):
                return True
    return False
