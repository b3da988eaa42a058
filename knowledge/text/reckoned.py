"""Which figures of a sentence are rightly worked out from others: the 70 of "for 200 km, that's 70 euros". Pure.

In: a text and what is known; out: its figures that one sum, difference, product, quotient or percentage of two others
gives, with those that it takes for its example. Only of a sentence that says that it reckons ([reckons] of figures/),
or that applies the rule to the asker's figures ("So for you: ..."); no time, and nothing that may be an identifier.
"""

import calendar
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from knowledge.text.figures_alike import DAYS, may_stand_for
from knowledge.text.quantities import Quantity, quantities
from knowledge.text.words import LANGUAGES, data_file
from knowledge.text.words import spelt as words

MOST = 12  # figures of a sentence, and of what it goes on from, that are worked with; guess
CENT = 0.005  # by how much a result may be rounded; guess
LARGEST_BARE = 100  # a greater number without a unit may be an extension, a form or a room; guess
LEAP_YEAR = 2000  # for a date of which nobody says the year
WHOLE = {"day": 5, "month": 12}  # of which "three days a week" or "four months of the year" are a part
_FORMULA = re.compile(r"\d\s?[%€]?\s?[=+−–×*/-]\s?[€$£]?\d")


def reckoned(text: str, beside: str, known: Collection[Quantity]) -> list[Quantity]:
    """The figures of a text that follow from the known ones and those it is about; [] where it doesn't say so.

    `beside`: what the text goes on from, and the question. A figure that is only taken for the example is no share and
    stands before what comes of it.
    """
    own = [f for f in quantities(text) if f.number and f.kind != "weak"]
    if len(own) > MOST or not _reckons(text):
        return []
    new = [f for f in own if not any(may_stand_for(f, one) for one in known)]
    there = list({(f.kind, f.value, f.unit): f for f in known if f.number}.values())
    asked = [f for f in quantities(beside) if f.number]
    named = [*own, *asked[:MOST], *[f for f in there if _share(f)][:MOST]]
    right: dict[Quantity, None] = {}
    for _ in new:  # "19.20 euros (32 − 12.80)": one comes of another
        for figure in (f for f in new if f not in right):
            sure = [f for f in (*there, *own) if f not in new or f in right]
            given = [f for f in named if f not in new or f in right or (f.end <= figure.start and not _share(f))]
            taken = [f for f in given if f in new and f not in right]  # for the example: nothing is added to it
            of = next((o for o in given for other in sure if _gives(o, other, figure, sums=o not in taken)), None)
            if of is not None:
                right |= dict.fromkeys((figure, of) if of in new else (figure,))
    return list(right)


def applied(text: str, asked: str, known: Collection[Quantity]) -> list[Quantity]:
    """The figures of a text that follow from one that its asker told and another, or that say a known one otherwise."""
    own = [f for f in quantities(text) if f.kind == "date" or (f.kind == "number" and (f.unit or _is_small(f)))]
    new = [f for f in own if not any(may_stand_for(f, one) for one in known)]
    there = [f for f in {(f.kind, f.value, f.unit): f for f in known}.values() if f.unit or _is_small(f)]
    dates = [f for f in known if f.kind == "date"]
    mine = told(asked)
    right: list[Quantity] = []
    for _ in new[:MOST]:
        for figure in (f for f in new if f not in right):
            given = [*mine, *right]
            pairs = ((one, other) for a in given for b in (*there, *given) for one, other in ((a, b), (b, a)))
            if figure.kind == "date":
                is_so = any(_is_day_of(figure, day, f) for day in dates for f in (*mine, *there))
            else:
                is_so = any(
                    _gives(one, other, figure, sums=None not in (one.unit, other.unit) or other in mine)
                    for one, other in pairs
                )
                is_so = is_so or any(_says_otherwise(f, figure) for f in (*mine, *there))
                is_so = is_so or any(_is_part_of(one, rule, figure) for one in mine for rule in there)
            right += [figure] * is_so
    return right


def told(asked: str) -> list[Quantity]:
    """The figures of its asker that a rule can be applied to."""
    return [f for f in quantities(asked) if f.number and (f.unit or f.kind in ("number", "fraction"))][:MOST]


def _is_small(figure: Quantity) -> bool:
    return figure.number is not None and figure.number < LARGEST_BARE


def _says_otherwise(one: Quantity, figure: Quantity) -> bool:
    """Whether it is the same length in other words: three days free "from the fourth day", three weeks are 15 days."""
    if _unit(figure) != "day":
        return False
    if one.kind == "ordinal":
        return one.number == (figure.number or 0) + 1
    return one.unit == "week" and figure.number == 5 * (one.number or 0)


def _is_part_of(mine: Quantity, rule: Quantity, figure: Quantity) -> bool:
    """Whether it is the part of the rule's amount that the asker's days of a week or months of a year are."""
    whole = WHOLE.get(_unit(mine) or "", 0)
    part = (mine.number or 0) / whole if whole else 1
    return part < 1 and _unit(rule) == _unit(figure) and abs(part * (rule.number or 0) - (figure.number or 0)) <= CENT


def _is_day_of(figure: Quantity, day: Quantity, length: Quantity) -> bool:
    """Whether a date lies so far before or behind another one, its last day or the end of that month too."""
    found = (end for one in day.value.split("|") for end in _days(one, length))
    return any(may_stand_for(figure, replace(day, value=end)) for end in found)


def _days(start: str, length: Quantity) -> Iterator[str]:
    """The dates that lie so far from one; those of a date without a year have none."""
    year, month, of_month = ([*start.split("-"), "*", "*"])[:3]
    number, unit = int(length.number or 0), _unit(length)
    if (
        not (month.isdigit() and of_month.isdigit() and unit in ("day", "week", "month", "year"))
        or number > LARGEST_BARE
    ):
        return
    try:
        first = date(int(year) if year.isdigit() else LEAP_YEAR, int(month), int(of_month))
    except ValueError:
        return
    for sign in (1, 0, -1):
        ends: list[date]
        if unit in ("day", "week"):
            away = number * (7 if unit == "week" else 1)
            off = [away, away - 1] if length.unit != "working_day" else range(away * 7 // 5 - 1, away * 7 // 5 + 3)
            ends = [first + sign * timedelta(n) for n in off]
        else:
            months = first.year * 12 + first.month - 1 + sign * number * (12 if unit == "year" else 1)
            last = [calendar.monthrange(n // 12, n % 12 + 1)[1] for n in (months, months + 1)]
            same = date(months // 12, months % 12 + 1, min(first.day, last[0]))
            end = date(months // 12, months % 12 + 1, last[0])
            ends = [same, same - timedelta(1), end, end + timedelta(1), end + timedelta(last[1])]
        for one in ends:
            yield f"{one.year if year.isdigit() else '*'}-{one.month:02}-{one.day:02}"


def _gives(one: Quantity, other: Quantity, figure: Quantity, *, sums: bool) -> bool:
    """Whether a figure is what comes of two others, in the unit that it has to have."""
    unit, wanted = _unit(figure), figure.number or 0.0
    results = _results(one, other, sums=sums, products=unit is not None)
    return any((unit == of or None in (unit, of)) and abs(n - wanted) <= CENT for n, of in results)


def _results(one: Quantity, other: Quantity, *, sums: bool, products: bool) -> Iterator[tuple[float, str | None]]:
    """What may come of two figures, each with its unit: of what kinds is said, but for a share of one."""
    (a, of_a), (b, of_b) = ((f.number or 0.0, _unit(f)) for f in (one, other))
    if (share := _share(one)) and not _share(other):
        yield from ((share * b, of_b), (b - share * b, of_b))
    elif sums and (of_a == of_b or None in (of_a, of_b)):
        yield from ((a + b, of_a or of_b), (abs(a - b), of_a or of_b))
    if products and of_a != of_b and not _share(one) and not _share(other):
        yield from ((a * b, of_a), (a * b, of_b), (a / b, of_a), (b / a, of_b))


def _share(figure: Quantity) -> float:
    """40% as 0.4, a half as 0.5; 0.0 for what is no share."""
    number = figure.number or 0.0
    return number / 100 if figure.unit == "%" else number if figure.kind == "fraction" else 0.0


def _unit(figure: Quantity) -> str | None:
    return "day" if figure.unit in DAYS else figure.unit


def _reckons(text: str) -> bool:
    """Whether it shows a sum, or says that it is an example or what comes of something."""
    said = f" {' '.join(words(text))} "
    return _FORMULA.search(text) is not None or any(f" {sign} " in said for sign in _signs())


@cache
def _signs() -> Sequence[str]:
    files = [data_file("knowledge.text", f"figures/{code}.toml") for code in LANGUAGES]
    return [" ".join(words(sign)) for file in files for sign in file["reckons"]]
