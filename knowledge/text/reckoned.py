"""Which figures of a sentence are rightly worked out from others: the 70 of "for 200 km, that's 70 euros". Pure.

In: a text and what is known; out: its figures that one sum, difference, product, quotient or percentage of two others
gives, with those that it takes for its example, or a sum that is written out (sums.py). Only of a sentence that says
that it reckons ([reckons] of figures/), or that applies the rule to the asker's figures ("So for you: ..."); nothing
that may be an identifier. Days and times are counted in too many ways to be worked out here; the time between two is.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from itertools import pairwise

from knowledge.text.figures_alike import may_stand_for
from knowledge.text.quantities import Quantity, quantities
from knowledge.text.sums import CENT, share_of, sums, unit_of, worked_out
from knowledge.text.words import LANGUAGES, data_file, has_phrase
from knowledge.text.words import spelt as words

MOST = 12  # figures of a sentence, and of what it goes on from, that are worked with; guess
MOST_KNOWN = 200  # figures of what a rule is applied to; guess
LARGEST_BARE = 100  # a greater number without a unit may be an extension, a form or a room; guess
A_DAY = 1440  # minutes
LEAP_YEAR = 2000  # for a date of which nobody says the year
LONGEST = 60  # characters of what is counted in words: "Wednesday to Friday = 3 days"; guess
_COUNTED = re.compile(r"(?:\A|[,;:(])[^\d,;:(=]*[^\W\d_]\s*=\s*\Z")
WHOLE = {"day": 5, "month": 12}  # of which "three days a week" or "four months of the year" are a part


def reckoned(text: str, beside: str, known: Collection[Quantity], *, is_applied: bool = False) -> list[Quantity]:
    """The figures of a text that follow from the known ones and those it is about; [] where it doesn't say so.

    `beside`: what the text goes on from, and the question. A figure that is only taken for the example is no share and
    stands before what comes of it. `is_applied`: it applies a rule, and need not say that it reckons, but with what.
    """
    own = [f for f in quantities(text) if f.number and f.kind != "weak"]
    is_shown = any(sums(text)) or _says("reckons", text)
    if len(own) > MOST or not (is_applied or is_shown):
        return []
    new = [f for f in own if not any(may_stand_for(f, one) for one in known)]
    if not is_shown:
        known = [f for f in known if share_of(f) or any(may_stand_for(one, f) for one in own)]
    there = list({(f.kind, f.value, f.unit): f for f in known if f.number}.values())
    asked = [f for f in quantities(beside) if f.number and is_shown]
    named = [*own, *asked[:MOST], *[f for f in there if share_of(f)][:MOST]]
    right = dict.fromkeys(worked_out(text, known))
    for _ in new:  # "19.20 euros (32 − 12.80)": one comes of another
        for figure in (f for f in new if f not in right):
            sure = [f for f in (*there, *own) if f not in new or f in right]
            given = [f for f in named if f not in new or f in right or (f.end <= figure.start and not share_of(f))]
            taken = [f for f in given if f in new and f not in right]  # for the example: nothing is added to it
            pairs = (
                (o, other, o not in taken and (is_shown or None not in (o.unit, other.unit)))
                for o in given
                for other in sure
            )
            of = next((o for o, other, sums in pairs if _gives(o, other, figure, sums=sums)), None)
            if of is not None:
                right |= dict.fromkeys((figure, of) if of in new else (figure,))
    return list(right)


def applied(text: str, asked: str, texts: Sequence[str], today: str) -> list[Quantity]:
    """The figures of a text that follow from one that its asker told and another, or that say a known one otherwise."""
    known = [f for one in texts for f in quantities(one)]
    mine, since, is_taken = [f for f in told(asked) if f.number], _since(asked, today), _says("taken", asked)
    counted = [f for f in quantities(text) if _COUNTED.search(text[max(0, f.start - LONGEST) : f.start])]
    said = [*since, *counted, *worked_out(text, known), *_between(moments(text)[:MOST])]
    own = [
        f
        for f in quantities(text)
        if (f.kind == "number" and (f.unit or _is_small(f))) or any(may_stand_for(f, one) for one in since)
    ]
    new = [f for f in own[:MOST] if not any(may_stand_for(f, one) for one in known)]
    each = {(f.kind, f.value, f.unit): f for f in known}.values()
    there = [f for f in each if f.unit or _is_small(f)][:MOST_KNOWN]
    right = [f for f in new if any(may_stand_for(f, one) for one in said)]
    more: list[Quantity] | None = None
    while more is None or more:
        given, more = [*mine, *right, *(f for f in there if f.kind == "fraction")], []
        for figure in (f for f in new if f not in right and f.number):
            twos = ((a, b, not is_taken or b in given) for a in given for b in (*there, *given))
            pairs = ((adds, *pair) for a, b, adds in twos for pair in ((a, b), (b, a)))
            is_so = any(
                _gives(one, other, figure, sums=other in mine or None not in (one.unit, other.unit), adds=adds)
                for adds, one, other in pairs
            )
            is_so = is_so or any(_says_otherwise(f, figure) for f in (*mine, *there))
            is_so = is_so or any(_is_part_of(one, rule, figure) for one in (*mine, *since) for rule in there)
            more += [figure] * is_so
        right += more
    return right


def told(asked: str) -> list[Quantity]:
    """The figures, days and times of its asker that a rule can be applied to."""
    numbers = [f for f in quantities(asked) if f.number and (f.unit or f.kind in ("number", "fraction"))]
    return [*numbers[:MOST], *moments(asked)]


def moments(text: str) -> list[Quantity]:
    """The days and times of a text."""
    return [f for f in quantities(text) if f.kind in ("date", "time")]


def _since(asked: str, today: str) -> list[Quantity]:
    """Years beside that of today, the whole years since one that the asker tells, its months from then on."""
    found = [Quantity("number", str(int(today[:4]) + n), None, 0, 0) for n in (-1, 0, 1) if today]  # "last year"
    for one in [f for f in quantities(asked) if f.kind in ("date", "number") and f.unit is None][:MOST]:
        year, month, day = ([*one.value.split("-"), "*", "*"])[:3]
        if re.fullmatch(r"(?:19|20)\d\d", year) and year <= today[:4]:
            is_to_come = month.isdigit() and f"{month}-{day.replace('*', '01')}" > today[5:]
            found.append(Quantity("number", str(int(today[:4]) - int(year) - is_to_come), "year", 0, 0))
        if month.isdigit():
            found.append(Quantity("number", str(12 - int(month) + (day in ("*", "01"))), "month", 0, 0))
    return found


def _is_small(figure: Quantity) -> bool:
    return figure.number is not None and figure.number < LARGEST_BARE


def _says_otherwise(one: Quantity, figure: Quantity) -> bool:
    """Whether it is the same in other words: three days free "from the fourth day", three weeks of 15 days, 30%."""
    if figure.unit == one.unit == "%":
        return (one.number or 0) + (figure.number or 0) == 100
    if unit_of(figure) != "day":
        return False
    if one.kind == "ordinal":
        return one.number == (figure.number or 0) + 1
    return one.unit == "week" and figure.number == 5 * (one.number or 0)


def _is_part_of(mine: Quantity, rule: Quantity, figure: Quantity) -> bool:
    """Whether it is the part of the rule's amount that the asker's days of a week or months of a year are."""
    whole = WHOLE.get(unit_of(mine) or "", 0)
    part = (mine.number or 0) / whole if whole else 1
    return (
        part < 1 and unit_of(rule) == unit_of(figure) and abs(part * (rule.number or 0) - (figure.number or 0)) <= CENT
    )


def _between(ends: Sequence[Quantity]) -> Iterator[Quantity]:
    """How long it is from each of these to the next: 10 minutes in "18:00 - 17:50", with and without the last day."""
    for one, other in pairwise(ends):
        values = [f.value.partition("|")[0] for f in (one, other)]
        if one.kind == other.kind == "time":
            first, last = (int(hour) * 60 + int(minute) for hour, minute in (value.split(":") for value in values))
            for away in ((last - first) % A_DAY, (first - last) % A_DAY):
                yield from (_length(away, "minute"), Quantity("time", f"{away // 60:02}:{away % 60:02}", None, 0, 0))
        elif one.kind == other.kind:
            year = next((value[:4] for value in reversed(values) if value[:4].isdigit()), str(LEAP_YEAR))
            with suppress(ValueError):  # a 31 February
                start, end = (date.fromisoformat(re.sub("^\\*", year, v).replace("*", "01")) for v in values)
                months = abs(12 * (end.year - start.year) + end.month - start.month)
                yield from (_length(n, "month") for n in (months - 1, months, months + 1))
                days = abs((end - start).days)
                yield from (_length(n, "day") for n in (days, days + 1) if not any(v.endswith("*") for v in values))


def _length(number: int, unit: str) -> Quantity:
    return Quantity("number", str(number), unit, 0, 0)


def _gives(one: Quantity, other: Quantity, figure: Quantity, *, sums: bool, adds: bool = True) -> bool:
    """Whether a figure is what comes of two others, in the unit that it has to have."""
    unit, wanted = unit_of(figure), figure.number or 0.0
    results = _results(one, other, sums=sums, adds=adds, products=unit is not None)
    return any((unit == of or None in (unit, of)) and abs(n - wanted) <= CENT for n, of in results)


def _results(
    one: Quantity, other: Quantity, *, sums: bool, adds: bool, products: bool
) -> Iterator[tuple[float, str | None]]:
    """What may come of two figures, each with its unit: of what kinds is said, but for a share of one."""
    (a, of_a), (b, of_b) = ((f.number or 0.0, unit_of(f)) for f in (one, other))
    if (share := share_of(one)) and not share_of(other):
        yield from ((share * b, of_b), (b - share * b, of_b))
    elif sums and (of_a == of_b or None in (of_a, of_b)):
        yield from ((a + b, of_a or of_b), (abs(a - b), of_a or of_b))[not adds :]
    if products and of_a != of_b and not share_of(one) and not share_of(other):
        yield from ((a * b, of_a), (a * b, of_b))
        yield from ((n / by, of) for n, by, of in ((a, b, of_a), (b, a, of_b)) if by)


def _says(name: str, text: str) -> bool:
    """Whether a text has one of the phrases of a list of figures/."""
    return has_phrase(text, _phrases(name))


@cache
def _phrases(name: str) -> Sequence[str]:
    files = [data_file("knowledge.text", f"figures/{code}.toml") for code in LANGUAGES]
    return [" ".join(words(phrase)) for file in files for phrase in file[name]]
