"""Clock times said in words, and lengths that are one phrase: "a quarter to two", "halb elf", "quart d'heure". Pure.

In: words in small letters and where to look. Out: the time or length that they begin with, and the index behind it.
[clock_words] of figures/*.toml has the phrases, where {h} is an hour and {m} minutes, and what each adds to the hour:
minutes, "+" or "-" the minutes said, "am" or "pm"; behind a "?" the phrase needs a part of the day ("du matin").
A time of which nothing says the half of the day has both: "10:30|22:30".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from knowledge.text.figure_words import Language, languages, merged, units

HALF_DAY = 12 * 60  # minutes; given: the clock
LATEST_HOUR = 24  # given: the clock
FIVES = range(5, 60, 5)  # minutes that are said in words; guess
LONGEST_PART = 4  # words: "de l'après-midi"; given: figures/*.toml
_ARTICLES = frozenset({"a", "an", "single"})  # no hour; "une" and "una" are
_WORD = re.compile(r"[ap]\.m\.?|o'clock|\{\w\}|[^\W_]+")
_Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What a phrase says: minutes of the day, in which half it is if that is said, or a length."""

    minutes: int = 0
    half: str = ""  # "am", "pm", "day": the minutes are of the whole day; "": not said
    needs_part: bool = False
    ends_open: bool = False  # with a number, which may count what follows
    length: tuple[str, str] | None = None  # number and unit


@dataclass(frozen=True, slots=True)
class _Table:
    phrases: dict[_Words, _Said]
    longest: dict[str, int]  # by first word, words of the longest phrase
    parts: dict[_Words, str]  # of the day, "am" or "pm"


def clock_phrase(words: Sequence[str], i: int) -> tuple[str, str, str | None, int] | None:
    """(kind, value, unit, index behind) of the phrase at words[i:]: ("time", "01:45|13:45", None, 4); None: none."""
    for table in _tables() if words[i] in _openings() else ():
        for size in range(min(table.longest.get(words[i], 0), len(words) - i), 0, -1):
            said = table.phrases.get(tuple(words[i : i + size]))
            if said and said.length:
                return "number", *said.length, i + size
            if said:
                at = i + size
                part = _part_of_the_day(table, words[at : at + LONGEST_PART])
                half = said.half or table.parts.get(part, "")
                if (said.needs_part and not part) or (said.ends_open and not part and _counts(words, at)):
                    break
                return "time", _written(said.minutes, half), None, at + len(part)
    return None


def _part_of_the_day(table: _Table, words: Sequence[str]) -> _Words:
    """The part of the day that the words begin with, or ()."""
    sizes = range(len(words), 0, -1)
    return next((tuple(words[:size]) for size in sizes if tuple(words[:size]) in table.parts), ())


def time_of_number(number: float | None, time: str, *, is_short: bool) -> bool:
    """Whether a number says a time: "saat 17'de", "17 h", "14.30", "dix heures et demie".

    `is_short`: without its half of the day too, 2.3 of "14:30".
    """
    for hour, minute in ((int(part) for part in one.split(":")) for one in time.split("|")):
        exact = (hour + minute / 100, hour + minute / 60)
        if number in exact or (is_short and number in [one - HALF_DAY / 60 for one in exact]):
            return True
    return False


def _written(minutes: int, half: str) -> str:
    if half == "day":
        read = [minutes % (2 * HALF_DAY)]
    else:
        read = [minutes % HALF_DAY + HALF_DAY * is_late for is_late in {"am": (0,), "pm": (1,)}.get(half, (0, 1))]
    return "|".join(f"{one // 60:02}:{one % 60:02}" for one in read)


def _counts(words: Sequence[str], at: int) -> bool:
    """Whether what stands at `at` is counted by the number before: "a quarter to one month"."""
    if at >= len(words):
        return False
    word = words[at]
    is_unit = (word,) in units() or any(tuple(words[at : at + n]) in units() for n in (2, 3))
    return is_unit or word[0].isdecimal() or word in merged("denominators")


@cache
def _tables() -> tuple[_Table, ...]:
    made = []
    for language in languages():
        phrases = dict(_of(language))
        longest: dict[str, int] = {}
        for first, *rest in phrases:
            longest[first] = max(longest.get(first, 0), 1 + len(rest))
        parts = {_split(part): half for half, names in language.day_parts.items() for part in names}
        made.append(_Table(phrases, longest, parts))
    return tuple(made)


@cache
def _openings() -> frozenset[str]:
    """The first words of all phrases: most words need no closer look."""
    return frozenset().union(*(table.longest for table in _tables()))


def _of(language: Language) -> Iterator[tuple[_Words, _Said]]:
    """Every phrase with what it says: "{m} past {h}" for all hours and minutes."""
    for phrase, (number, unit) in language.lengths.items():
        yield _split(phrase), _Said(length=(number, unit))
    hours, minutes = _hours(language), {said: n for said, n in language.words.items() if n in FIVES}
    minutes |= {(str(n),): n for n in FIVES}
    for phrase, adds in language.clock_words.items():
        template, sign = _split(phrase), adds.removeprefix("?")
        for hour_words, hour in hours.items() if "{h}" in template else [((), 0)]:
            is_said_elsewhere = hour_words[:1] == (str(hour),) and template[0] == "{h}" and adds == "0"  # "9 Uhr"
            for minute_words, minute in minutes.items() if "{m}" in template else [((), 0)]:
                added = {"+": minute, "-": -minute, "": 0, "am": 0, "pm": 0}
                slots = {"{h}": hour_words, "{m}": minute_words}
                said = _Said(
                    hour * 60 + (added[sign] if sign in added else int(sign)),
                    sign if sign in ("am", "pm") else "day" if hour > HALF_DAY / 60 or not hour_words else "",
                    needs_part=adds[:1] == "?" or is_said_elsewhere,
                    ends_open=template[-1] in slots,
                )
                yield tuple(word for slot in template for word in slots.get(slot, (slot,))), said


def _hours(language: Language) -> dict[_Words, int]:
    """The hours in words, with endings, and in digits; "one" is no article here."""
    words = {said: n for said, n in language.words.items() if n <= LATEST_HOUR}
    formed = {
        (*said[:-1], form): n for said, n in words.items() for form, stem in language.stems.items() if stem == said[-1]
    }
    ones = {(one,): 1 for one in language.weak - _ARTICLES}
    return words | formed | ones | {(str(n),): n for n in range(1, LATEST_HOUR + 1)}


def _split(phrase: str) -> _Words:
    return tuple(_WORD.findall(phrase))
