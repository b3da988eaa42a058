"""Which figures of a sentence are rightly worked out from others: the 70 of "for 200 km, that's 70 euros". Pure.

In: a text and what is known; out: its figures that one sum, difference, product, quotient or percentage of two others
gives, with those that it takes for its example, or a sum that is written out. Only of a sentence that says that it
reckons ([reckons] of figures/), or that applies the rule to the asker's figures ("So for you: ..."); nothing that may
be an identifier.
"""

import calendar
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import pairwise, product

from knowledge.text.contradiction import opposites
from knowledge.text.figures_alike import may_stand_for, months
from knowledge.text.quantities import Quantity, quantities
from knowledge.text.sentences import spans
from knowledge.text.sums import CENT, share_of, sums, unit_of
from knowledge.text.words import LANGUAGES, data_file, has_phrase
from knowledge.text.words import spelt as words

MOST = 12  # figures of a sentence, and of what it goes on from, that are worked with; guess
MOMENTS = ("date", "time")
LENGTHS = ("minute", "hour", "day", "week", "month", "year")
MOST_KNOWN = 200  # figures of what a rule is applied to; guess
MOST_DAYS = 366  # days that are counted from one; guess
LARGEST_BARE = 100  # a greater number without a unit may be an extension, a form or a room; guess
A_DAY = 1440  # minutes
LEAP_YEAR = 2000  # for a date of which nobody says the year
WHOLE = {"day": 5, "month": 12}  # of which "three days a week" or "four months of the year" are a part
_FORMULA = re.compile(r"\d\s?[%€]?\s?[=+−–×*/-]\s?[€$£]?\d")


def reckoned(text: str, beside: str, known: Collection[Quantity], *, is_applied: bool = False) -> list[Quantity]:
    """The figures of a text that follow from the known ones and those it is about; [] where it doesn't say so.

    `beside`: what the text goes on from, and the question. A figure that is only taken for the example is no share and
    stands before what comes of it. `is_applied`: it applies a rule, and need not say that it reckons, but with what.
    """
    own = [f for f in quantities(text) if f.number and f.kind != "weak"]
    is_shown = _reckons(text)
    if len(own) > MOST or not (is_applied or is_shown):
        return []
    new = [f for f in own if not any(may_stand_for(f, one) for one in known)]
    if not is_shown:
        known = [f for f in known if share_of(f) or any(may_stand_for(one, f) for one in own)]
    there = list({(f.kind, f.value, f.unit): f for f in known if f.number}.values())
    asked = [f for f in quantities(beside) if f.number and is_shown]
    named = [*own, *asked[:MOST], *[f for f in there if share_of(f)][:MOST]]
    right = dict.fromkeys(_written_out(text, known))
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
    """The figures of a text that follow from one that its asker told and another, or that say a known one otherwise.

    With the months in which lengths of time end that begin in one that is told.
    """
    known = [f for one in texts for f in quantities(one)]
    mine, since, is_taken = told(asked), _since(asked, today), _says("taken", asked)
    said = [*since, *_written_out(text, known), *_between([f for f in quantities(text) if f.kind in MOMENTS][:MOST])]
    own = [
        f
        for f in quantities(text)
        if f.kind in MOMENTS
        or (f.kind == "number" and (f.unit or _is_small(f)))
        or any(may_stand_for(f, one) for one in since)
    ]
    new = [f for f in own[:MOST] if not any(may_stand_for(f, one) for one in known)]
    each = {(f.kind, f.value, f.unit): f for f in known}.values()
    there = [f for f in each if f.unit or _is_small(f)][:MOST_KNOWN]
    right = [f for f in new if f.kind == "date" and _is_of_month(f, asked, known, texts)][
        :1
    ]  # the others follow from it
    days = [f for f in (*right, *quantities(asked), *quantities(today)) if f.kind in MOMENTS][-MOST:]
    others = [f for f in each if f.kind in MOMENTS][:MOST_KNOWN]
    counted = _lengths((asked, *texts))
    lengths = [*product(days, counted), *product(others, _lengths((asked,)))]
    right += [f for f in new if f not in right and any(may_stand_for(f, one) for one in said)]
    right += [f for f in new if f not in right and any(_is_moment(f, day, *of, text) for day, of in lengths)]
    away = {int(sign * (f.number or 0)) for f, _ in counted if f.unit == "month" for sign in (1, -1)}
    ends = {(month + n - 1) % 12 + 1 for month in months(asked) for n in away}
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
    return right + [Quantity("date", f"*-{month:02}-*", None, 0, 0) for month in ends]


def _is_of_month(figure: Quantity, asked: str, known: Collection[Quantity], texts: Sequence[str]) -> bool:
    """Whether a date is one of a month of which its asker tells no day, or the known "12th of the following month".

    Or a month that a text names, or a day of it on a weekday that one names ("the second Friday of July").
    """
    told_with_day = {f.value.split("-")[1] for f in quantities(asked) if f.kind == "date"}
    named = {n for n in months(asked) if f"{n:02}" not in told_with_day}
    nths = {f.number for f in known if f.unit in (None, "month")}  # "am 12. des Folgemonats", "le 12 du mois suivant"
    of_rule = {n for text in texts for n in months(text)}
    return any(
        (int(m) in named and d != "*")
        or (d != "*" and (int(m) + 10) % 12 + 1 in named and float(d) in nths)
        or (int(m) in of_rule and (d == "*" or _falls_on(one, texts)))
        for one in figure.value.split("|")
        for _, m, d in [one.split("-")]
    )


def _falls_on(day: str, texts: Sequence[str]) -> bool:
    """Whether a date with its year is on a weekday that one of the texts names."""
    try:
        weekday = calendar.day_name[date.fromisoformat(day).weekday()].casefold()
    except ValueError:
        return False
    names = [" ".join(phrase) for phrase, name in opposites().items() if name == weekday]
    return any(has_phrase(text, names) for text in texts)


def told(asked: str) -> list[Quantity]:
    """The figures of its asker that a rule can be applied to."""
    return [f for f in quantities(asked) if f.number and (f.unit or f.kind in ("number", "fraction"))][:MOST]


def _lengths(texts: Sequence[str]) -> list[tuple[Quantity, str]]:
    """The lengths of time that texts say, each with its sentence."""
    said = (text[start:end] for text in texts for start, end in spans(text))
    return [(f, one) for one in said for f in quantities(one) if f.number and unit_of(f) in LENGTHS][:MOST_KNOWN]


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


def miscounted(text: str) -> str:
    """What a sum written out with "=" is said to come to and does not, as written; "" where all are right."""
    wrong = (text[one.figure.start : one.figure.end].strip() for one in sums(text) if one.is_wrong)
    return next(wrong, "")


def _written_out(text: str, known: Collection[Quantity]) -> list[Quantity]:
    """The figures that a sum written out gives: the 160 of "two times 80 is 160", the 84 of "84 (2 × 28 + 2 × 14)"."""
    right: list[Quantity] = []
    for one in sums(text):

        def is_known(part: Quantity, unit: str | None = one.unit) -> bool:
            alike = (k for k in (*known, *right) if {unit_of(part), unit_of(k)} <= {unit, None, "%"})
            return any(may_stand_for(part, k) for k in alike)

        if one.is_right and one.rests_on(is_known):
            right.append(one.figure)
    return right


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


def _is_moment(figure: Quantity, moment: Quantity, length: Quantity, rule: str, text: str) -> bool:
    """Whether a date or time lies so far from another one, on the side that the rule, or else the text, says."""
    found = (
        end
        for one in moment.value.split("|")
        if figure.kind == moment.kind
        for end in (_times(one, length, _signs(rule) or _signs(text)) if ":" in one else _days(one, length, rule))
    )
    return any(may_stand_for(figure, replace(moment, value=end)) for end in found)


def _signs(rule: str) -> tuple[int, ...]:
    """1 where a rule speaks of what comes later, or adds, -1 of what comes earlier; () where it says neither."""
    is_said = (_says("later", rule) or "+" in rule, _says("earlier", rule))
    return tuple(sign for sign, said in zip((1, -1), is_said, strict=True) if said)


def _times(start: str, length: Quantity, signs: Sequence[int]) -> Iterator[str]:
    """The times that lie so far from one, on these sides."""
    hour, minute = map(int, start.split(":"))
    away = int((length.number or 0) * {"hour": 60, "minute": 1}.get(length.unit or "", 0))
    for sign in signs if away else ():
        at = hour * 60 + minute + sign * away
        yield f"{at // 60 % 24:02}:{at % 60:02}"


def _days(start: str, length: Quantity, rule: str) -> Iterator[str]:
    """The dates that lie so far from one, its last day, and in weeks or more the end of that month (or quarter)."""
    year, month, of_month = ([*start.split("-"), "*", "*"])[:3]
    number, unit = int(length.number or 0), unit_of(length)
    if not (month.isdigit() and unit in ("day", "week", "month", "year")) or number > MOST_DAYS:
        return
    try:
        first = date(int(year) if year.isdigit() else LEAP_YEAR, int(month), int(of_month) if of_month.isdigit() else 1)
    except ValueError:
        return
    for sign in {0, *(_signs(rule) or (1, -1))}:
        ends: list[date]
        if unit in ("day", "week"):
            away = number * (7 if unit == "week" else 1)
            off = [away, away - 1] if length.unit != "working_day" else range(away * 7 // 5 - 1, away * 7 // 5 + 3)
            ends = [first + sign * timedelta(n) for n in off]
        else:
            months = first.year * 12 + first.month - 1 + sign * number * (12 if unit == "year" else 1)
            same = _end(months).replace(day=min(first.day, _end(months).day))
            ends = [same, same - timedelta(1), _end(months) + timedelta(1)]
        if unit != "day":
            months = ends[0].year * 12 + ends[0].month - 1
            ends.append(_end(months // 3 * 3 + 2) if _says("quarters", rule) else _end(months))
        for one in ends:
            yield f"{one.year if year.isdigit() else '*'}-{one.month:02}-{one.day:02}"


def _between(moments: Sequence[Quantity]) -> Iterator[Quantity]:
    """How long it is from each of these to the next: 10 minutes in "18:00 - 17:50", with and without the last day."""
    for one, other in pairwise(moments):
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


def _end(months: int) -> date:
    """The last day of a month, counted from the year 0."""
    year, month = divmod(months, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


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


def _reckons(text: str) -> bool:
    """Whether it shows a sum, or says that it is an example or what comes of something."""
    return _FORMULA.search(text) is not None or _says("reckons", text)


@lru_cache(maxsize=1024)  # a rule is asked for each day that it may be counted from
def _says(name: str, text: str) -> bool:
    """Whether a text has one of the phrases of a list of figures/."""
    return has_phrase(text, _phrases(name))


@cache
def _phrases(name: str) -> Sequence[str]:
    files = [data_file("knowledge.text", f"figures/{code}.toml") for code in LANGUAGES]
    return [" ".join(words(phrase)) for file in files for phrase in file[name]]
