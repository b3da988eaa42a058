"""Table rows of a passage -> header and cells, a row in words, the row that a question's figure falls in. Pure.

A passage's table is a run of units of the kind "row". Its first row is the header where it looks like one: short
cells, no sentence, and other in kind than the rows below it. Cells are slices of the passage, white space collapsed.
Ranges in a column ("more than 2 and up to 5 years") are compared with the figures of the question.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from bot.answering.lexicon import phrases
from knowledge.text.figure_words import units as known_units
from knowledge.text.quantities import Quantity, quantities
from knowledge.text.quotable import is_headed
from knowledge.text.sentences import Unit, row_cells, row_in_words
from knowledge.text.words import stem, stopwords, words

MAX_ROWS = 12  # rows of a table that is shown whole; guess


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by the index of their unit in the passage; `head` is the index of the header, None without one."""

    head: int | None
    names: tuple[str, ...]  # the header's cells; () without one
    rows: dict[int, tuple[str, ...]]

    def picked(self, question: str) -> frozenset[int]:
        """The rows whose range holds a figure of the question: {3} for "after six years"; empty where none tells."""
        indexes = list(self.rows)
        for column in range(max((len(cells) for cells in self.rows.values()), default=0)):
            entries = [cells[column] if column < len(cells) else "" for cells in self.rows.values()]
            name = self.names[column] if column < len(self.names) else ""
            unit = _unit(re.sub(r".*[(\[]|[)\]].*", "", name))
            rows_picked = picked(question, entries, unit, named=_is_named(name, question), key=column == 0)
            if rows_picked is not None:
                return frozenset(indexes[n] for n in rows_picked)
        return frozenset()

    def in_words(self, index: int) -> str:
        """A row as a sentence: "Length of service: up to 2 years; Notice period: 1 month"."""
        return row_in_words(self.names, self.rows[index])

    def markdown(self, indexes: Sequence[int]) -> str:
        """The rows as a Markdown table below their header, an empty one where the table has none."""
        wide = max(len(self.names), *(len(self.rows[index]) for index in indexes))
        lines = [self.names, ("---",) * wide, *(self.rows[index] for index in indexes)]
        return "\n".join("| " + " | ".join((*line, *("",) * (wide - len(line)))) + " |" for line in lines)


def table(text: str, units: Sequence[Unit], index: int) -> Table:
    """The table that the row `index` stands in."""
    rows = {n: row_cells(text[u.start : u.end]) for n, u in enumerate(units) if u.group == units[index].group}
    first = next(iter(rows))
    if is_headed([*rows.values()]):
        return Table(first, rows.pop(first), rows)
    return Table(None, (), rows)


def _is_named(name: str, question: str) -> bool:
    """Whether the question has a word of the column's name, in whatever ending: "ortalamam" of "Not ortalaması"."""
    beginnings = [word[:_NAME_LETTERS] for word in words(name) if len(word) >= _NAME_LETTERS]
    return any(word.startswith(start) for start in beginnings for word in words(question))


def _unit(name: str) -> str:
    """What a column counts by its header: "year" of "Length of service (years)"."""
    known = next((q.unit for q in quantities(f"2 {name}") if q.unit), "")
    if not known and not {*name.lower().split()}.isdisjoint(phrases("limits")["ages"]):
        return "year"
    return known or (stem(name.split()[-1]) if name.split() else "")


# In days; what is counted in another unit of the same kind is compared too ("18 months" and "2 years").
_TIME = {
    "second": 1 / 86_400,
    "minute": 1 / 1440,
    "hour": 1 / 24,
    "day": 1.0,
    "working_day": 1.0,
    "calendar_day": 1.0,
    "week": 7.0,
    "month": 365.25 / 12,
    "year": 365.25,
}
_BOUNDS = ("up_to", "below", "from", "above", "and_more", "and_less", "to", "above_behind", "below_behind")
QUESTIONS_KEPT = 256  # questions whose figures are kept: each table asks for them; guess
ENTRIES_KEPT = 16_384  # cells, items and sentences of the manual whose range is kept, about 300 bytes each; guess
LONGEST_ENTRY = 400  # characters of a table cell or list item that are read for a range; guess
_GRADES = "grade "  # begins what a code counts: "grade g" in "G6"
_GRADE = re.compile(r"([a-z]{1,2})(\d{1,3})")
_SPAN = re.compile(r"\A\s*(\d{1,6})-(?=\d{1,6}(?![\d-]))")  # "13-60", which elsewhere may be a code
_NAME_LETTERS = 5  # letters in which a word of a column's name and of the question agree; guess
_YEARS = range(1900, 2100)  # a figure without a unit that is rather a date; guess
_FARTHEST_WORD = 60  # characters before a figure in which the word before it is looked for; guess
_SIGN = 3  # letters of a unit as a sign, at most: "km", "EUR"; guess
_TINY = 1e-6  # share added: "more than 10 years" asks for what lies just above; guess


@dataclass(frozen=True, slots=True)
class Interval:
    """From low to high in one unit; `open_low` and `open_high` say that the end itself does not belong to it."""

    low: float
    high: float
    unit: str
    open_low: bool = False
    open_high: bool = False

    def holds(self, value: float) -> bool:
        """Whether the value lies in the range."""
        low = value > self.low if self.open_low else value >= self.low
        return low and (value < self.high if self.open_high else value <= self.high)


@dataclass(frozen=True, slots=True)
class _Figure:
    value: float
    unit: str  # "" where none is said
    start: int
    end: int


def interval(text: str, unit: str = "") -> Interval | None:
    """The range that an entry begins with; `unit` is what its column counts.

    interval("more than 2 and up to 5 years") -> Interval(730.5, 1826.25, "time", open_low=True).
    """
    figures = (_figures(_SPAN.sub(r"\1–", text[:LONGEST_ENTRY])) or _grades(text[:LONGEST_ENTRY]))[:2]
    if not figures:
        return None
    if figures[0].unit and _kind(figures[0].unit) != _kind(figures[-1].unit):
        if figures[-1].unit and _joins(text[figures[0].end : figures[-1].start]):  # "arriving 16 to 60 minutes late"
            figures[0] = replace(figures[0], unit="")
        else:
            figures = figures[:1]  # "more than 14 hours: 28 euros"
    elif len(figures) == 2 and not _is_one_range(text[figures[0].end : figures[1].start], figures[0].unit):
        figures = figures[:1]  # "child under 18, or stillbirth after 24 weeks"
    unit = next((f.unit for f in reversed(figures) if f.unit), unit)
    figures = [f if f.unit else _Figure(_scaled(f.value, unit), f.unit, f.start, f.end) for f in figures]
    unit = _kind(unit)
    low, high, open_low, open_high = -math.inf, math.inf, False, False
    known, before = False, 0
    for n, figure in enumerate(figures):
        after = figures[n + 1].start if n + 1 < len(figures) else len(text)
        how = _said_before(text[before : figure.start]) or _said_after(text[figure.end : after])
        before = figure.end
        if n and how in ("", "from") and _joins(text[figures[0].end : figure.start]):
            low, high, open_low = figures[0].value, figure.value, False
            known = True
        elif how in ("up_to", "below", "and_less"):
            if n and not known and _joins(text[figures[0].end : figure.start]):
                low = figures[0].value  # "80 to under 85"
            high, open_high, known = figure.value, how == "below", True
        elif how in ("from", "above", "and_more"):
            low, open_low, known = figure.value, how == "above", True
        elif len(figures) == 1:
            low = high = figure.value
            known = True
    return Interval(low, high, unit, open_low, open_high) if known and low <= high else None


_kept_interval = lru_cache(maxsize=ENTRIES_KEPT)(interval)


def is_range(entry: str) -> bool:
    """Whether it says from where to where, as "less than 8 hours", and no single figure."""
    return bool((one := _kept_interval(entry)) and one.low < one.high)


def picked(
    question: str, entries: Sequence[str], unit: str = "", *, named: bool = False, key: bool = True
) -> frozenset[int] | None:
    """Which entries hold a figure of the question, e.g. {2} for "after six years"; None where it can't be told.

    Three entries, or two that are half of all, must be ranges; in a column that is no `key` to the rows, half of these
    must go from one figure to another. Of several that hold it ("up to 1,000", "up to 10,000") the narrowest is meant.
    A figure that counts nothing known counts what the column does, if the question has the column's name (`named`).
    """
    asked = figures_asked(question)
    if not asked:
        return None
    ranges = {
        n: range_here for n, entry in enumerate(entries) if (range_here := _kept_interval(entry, unit)) is not None
    }
    few = len(ranges) < min(3, max(2, len(entries) / 2))
    wide = sum(r.low < r.high for r in ranges.values())
    if few or not wide or (not key and 2 * wide < len(ranges)):
        return None
    for value, kind in asked:
        unknown = not kind or (
            named and not kind.startswith(_GRADES) and kind not in {"time", "°", *known_units().values()}
        )
        if unknown and len(asked) == 1 and value not in _YEARS:  # "she is five": what the column counts
            value, kind = _scaled(value, unit), _kind(unit)
        alike = {n: r for n, r in ranges.items() if _counts(kind, r.unit)}
        if len(alike) < 2:
            continue
        held = {n: r for n, r in alike.items() if r.holds(value)}
        if held:
            best = min(held.values(), key=_width)
            return frozenset(n for n, r in held.items() if _width(r) == _width(best))
    return None


def _counts(kind: str, unit: str) -> bool:
    """Whether a figure of this kind is one of the unit: "30 people" in a column of visitors."""
    return kind == unit or (kind == "person" and unit in _people())


@cache
def _people() -> frozenset[str]:
    return frozenset(map(stem, phrases("limits")["people"]))


def _width(one: Interval) -> tuple[bool, float]:
    """Bounded before unbounded, then the nearer bound: what a reader takes of several that hold."""
    if math.isinf(one.low):
        return (math.isinf(one.high), one.high)
    return (True, -one.low) if math.isinf(one.high) else (False, one.high - one.low)


@lru_cache(maxsize=QUESTIONS_KEPT)
def figures_asked(question: str) -> Sequence[tuple[float, str]]:
    """The question's figures with what they count, moved a little where it asks for more or less than them."""
    figures, before = [], 0
    for figure in sorted(_figures(question) + _grades(question), key=lambda one: one.start):
        how = _said_before(question[before : figure.start])
        step = {"above": _TINY, "below": -_TINY}.get(how, 0.0)
        figures.append((figure.value + step, _kind(figure.unit)))
        before = figure.end
    return figures


def _figures(text: str) -> list[_Figure]:
    """Its figures in order. "A year" is one only as a span ("after a year"), not as a rate ("30 days a year")."""
    figures = []
    for one in quantities(text):
        before = text[max(0, one.start - _FARTHEST_WORD) : one.start].split()[-1:]
        span = one.kind == "weak" and one.unit and before and before[0].lower() in phrases("limits")["spans"]
        if one.number is not None and (one.kind == "number" or span or (one.kind == "ordinal" and one.unit)):
            unit = one.unit or _counted(text, one)
            figures.append(_Figure(_scaled(one.number, unit), unit, one.start, one.end))
    return figures


def _grades(text: str) -> list[_Figure]:
    """Its codes that are counted, as "G6" between "G5" and "G7"."""
    codes = [(one, _GRADE.fullmatch(one.value)) for one in quantities(text) if one.kind == "code"]
    return [_Figure(float(grade[2]), _GRADES + grade[1], one.start, one.end) for one, grade in codes if grade]


def _counted(text: str, one: Quantity) -> str:
    """What a figure without a known unit counts: "guest" of "8 guests" and "12+ guests", "grade" of "grade 10"."""
    if text[one.end : one.end + _FARTHEST_WORD].lstrip().startswith("°"):
        return "°"
    behind = re.compile(r"[+ -]{1,2}([^\W\d_]+)").match(text, one.end)
    before = re.search(r"([^\W\d_]+) \Z", text[max(0, one.start - _FARTHEST_WORD) : one.start])
    for word in (match[1].lower() for match in (behind, before) if match):
        unit = next((q.unit for q in quantities(f"2 {word}") if q.unit), None)
        if word in phrases("limits")["degrees"]:
            return "°"
        if word in phrases("limits")["pieces"]:
            return ""
        if unit or word not in stopwords() | _bounding_words():
            return unit or stem(word)
    return ""


def _scaled(value: float, unit: str) -> float:
    return round(value * _TIME.get(unit, 1.0), 9)  # two hours are 120 minutes to the last digit


def _kind(unit: str) -> str:
    return "time" if unit in _TIME else unit


@cache
def _bounding_words() -> frozenset[str]:
    return frozenset(word for how in _BOUNDS for phrase in phrases("limits")[how] for word in phrase.split())


@cache
def _phrases(*kinds: str) -> re.Pattern[str]:
    of = sorted(((phrase, how) for how in kinds for phrase in phrases("limits")[how]), key=lambda pair: -len(pair[0]))
    groups = "|".join(f"(?P<{how}{n}>{re.escape(phrase)})" for n, (phrase, how) in enumerate(of))
    return re.compile(rf"(?<!\w)(?:{groups})(?!\w)", re.I)


def _how(match: re.Match[str] | None) -> str:
    return (match.lastgroup or "").rstrip("0123456789") if match else ""


def _said_before(gap: str) -> str:
    """The bound that the words in front of a figure set; "not more than" is none of "more than"."""
    last, gap = "", gap[-_FARTHEST_WORD:]
    for match in _phrases("up_to", "below", "from", "above").finditer(gap):
        if not gap[match.end() :].strip(" \u00a0(:€$£") or len(gap[match.end() :].split()) <= 1:
            last = _how(match)
    return last


def _said_after(gap: str) -> str:
    match = _phrases("and_more", "and_less", "above_behind", "below_behind").search(gap)
    return _how(match).removesuffix("_behind") if match and len(gap[: match.start()].split()) <= 2 else ""


def _is_one_range(gap: str, unit: str) -> bool:
    """Whether two figures are ends of one range: only bounds and the unit between them, or a "to" before the second.

    "2 years of service to 5 years of service" is one; "child under 18, or stillbirth after 24 weeks" is none.
    """
    content = set(words(gap.lower())) - stopwords() - _bounding_words()
    to = [match.end() for match in _phrases("to").finditer(gap)]
    joined = to[-1:] == [len(gap.rstrip())] and not {*",;:"} & {*gap}
    return joined or all(len(word) <= _SIGN or stem(word) == unit for word in content)


def _joins(gap: str) -> bool:
    return bool(_phrases("to").search(gap)) and len(gap.split()) <= 3
