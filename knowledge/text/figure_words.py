"""The words of figures of each language (figures/*.toml), what written digits are worth, clock times in words. Pure.

In: a table's name, digits as written, or words in small letters and where to look. Out: words with their meaning; all
values that the digits may have; the time or length that the words begin with, and the index behind it: "a quarter to
two", "halb elf", "quart d'heure". [clock_words] has the phrases, where {h} is an hour and {m} minutes, and what each
adds to the hour: minutes, "+" or "-" the minutes said, "am" or "pm"; behind a "?" the phrase needs a part of the day
("du matin"). A time of which nothing says the half of the day has both: "10:30|22:30".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from knowledge.text.words import LANGUAGES, data_file


@dataclass(frozen=True, slots=True)
class Language:
    """The words of figures of one language, by what they do."""

    words: dict[tuple[str, ...], int]
    weak: frozenset[str]
    ambiguous: frozenset[str]
    hundreds: dict[str, int]
    joins: frozenset[str]
    denominators: dict[str, int]
    ordinals: dict[str, int]
    clock: dict[str, int]  # hours to add
    months: dict[str, int]
    full_months: frozenset[str]
    capital: frozenset[str]  # months that are words besides: "may", "march"; with a small letter mostly those
    verbs: frozenset[str]  # those of them that somebody does: "over 30 may apply"
    units: dict[tuple[str, ...], str]
    rates: dict[str, str]  # "monthly"
    counted: frozenset[str]  # first words of units, and "buçuk"
    and_half: tuple[tuple[str, ...], ...]  # "and a half"
    mixed: dict[str, float]  # "anderthalb"
    hours: dict[str, str]  # "noon"
    adjectives: dict[str, str]  # ending of a word of a number and a unit: "dreimonatig"
    clock_words: dict[str, str]
    day_parts: dict[str, list[str]]  # "am" and "pm": "in the morning"
    lengths: dict[str, tuple[str, str]]  # number and unit: "Viertelstunde"
    stems: dict[str, str]  # "beşi" -> "beş"


WORDS_KEPT = 8_192  # words of which it is kept whether a number may begin with them; guess
LONGEST_NUMBER = 40  # characters of a number in one word: "neuntausendneunhundertneunundneunzig" has 36; guess


@cache
def languages() -> tuple[Language, ...]:
    """Every language that has a file; read once."""
    return tuple(_language(data_file("knowledge.text", f"figures/{code}.toml")) for code in sorted(LANGUAGES))


def _language(data: Mapping[str, Any]) -> Language:
    ends = ("", *data.get("endings", ()))
    named = {
        tuple((name + end).split()): unit for unit, names in data["units"].items() for name in names for end in ends
    }
    inflected = {(name + e,): u for name, u in data["adjectives"].items() for e in ("", "e", "en", "er", "es", "em")}
    tables = ("hundreds", "denominators", "mixed", "hours", "adjectives", "clock_words", "day_parts", "lengths")
    same: dict[str, Any] = {name: data[name] for name in tables}
    sets = ("weak", "ambiguous", "joins", "capital", "verbs")
    return Language(
        words={tuple(re.split(r"[ -]", word.casefold())): n for n, word in enumerate(data["numbers"])}
        | {tuple(words.split()): n for words, n in data.get("also", {}).items()},
        ordinals={word: n for n, names in enumerate(data["ordinals"]) for word in names.split("|") if word},
        clock={**dict.fromkeys(data["clock_am"] + data["clock"], 0), **dict.fromkeys(data["clock_pm"], 12)},
        months={m: n for names in (data["months"], data["short_months"]) for n, m in enumerate(names, 1) if m},
        full_months=frozenset(data["months"]),
        units=named | inflected,
        rates={word: period for period, words in data["rates"].items() for word in words},
        counted=frozenset(first for first, *_ in named) | {half for half in data["and_half"] if " " not in half},
        stems={form: word for word, forms in data.get("forms", {}).items() for form in forms},
        and_half=tuple(tuple(phrase.split()) for phrase in data["and_half"]),
        **same | {name: frozenset(data.get(name, ())) for name in sets},
    )


@cache
def merged(table: str) -> dict[str, Any]:
    """A table of all languages as one: "months" -> {"may": 5, "mai": 5, ...}."""
    return {word: n for language in languages() for word, n in getattr(language, table).items()}


@cache
def months_besides(kind: str) -> frozenset[str]:
    """Months that are words ("capital") or verbs ("verbs") besides, in any language."""
    return frozenset().union(*(getattr(language, kind) for language in languages()))


@cache
def units() -> dict[tuple[str, ...], str]:
    """Units by their words in any language: ("working", "days") -> "working_day"."""
    return {name: unit for language in languages() for name, unit in language.units.items()}


@lru_cache(maxsize=WORDS_KEPT)
def may_begin_a_number(word: str) -> bool:
    """Whether a number of any language begins with this word: most words need no closer look."""
    return word in _openings() or any(part in word for part in _parts())


@cache
def _openings() -> set[str]:
    return {first for language in languages() for first, *_ in language.words}.union(
        *(whole for one in languages() for whole in (one.weak, one.denominators, one.ordinals, one.mixed, one.hours))
    )


@cache
def _parts() -> set[str]:
    """What numbers written as one word have in them."""
    return {part for language in languages() for part in (*language.hundreds, *language.adjectives)}


def adjective(word: str, language: Language) -> tuple[str, str] | None:
    """ "dreimonatige" -> ("3", "month")."""
    for ending, unit in language.adjectives.items():
        number, has_ending, rest = word.partition(ending)
        value = language.words.get((number,)) if has_ending and len(rest) < 3 else None
        if value is not None:
            return str(value), unit
    return None


def compound(word: str, language: Language) -> int | None:
    """ "zweihundertfünfzig": hundreds in one word, as German writes them."""
    for name, factor in language.hundreds.items() if len(word) <= LONGEST_NUMBER else ():
        head, middle, tail = word.partition(name)
        if middle and len(name) > 4 and (head or tail):
            many = language.words.get((head,)) if head and head not in ("ein", "") else 1
            tail = tail.removeprefix("und")
            rest = language.words.get((tail,), compound(tail, language)) if tail else 0
            if many and rest is not None:
                return many * factor + rest
    return None


def fraction_of(written: str) -> float:
    """The number that "2/3" is."""
    above, below = written.split("/")
    return int(above) / int(below)


def times(value: str, factor: int) -> str:
    """Every reading of a value times a factor: "1.5" in millions -> "1500000"."""
    return "|".join(plain_number(float(reading) * factor) for reading in value.split("|"))


def readings(digits: str) -> list[str]:
    """The values that a written number may have: "1.000" is 1000 or 1, "1,000.50" only 1000.5."""
    text = re.sub(r"[ \u00a0\u202f’']", "", digits)
    marks = [c for c in text if c in ".,"]
    if ":" in text:
        return [text]
    if not marks:
        return [plain_number(float(text))]
    if len(set(marks)) == 2:  # the last one is the decimal
        whole, decimal = text.rsplit(marks[-1], 1)
        return [plain_number(float(re.sub(r"[.,]", "", whole) + "." + decimal))]
    if len(marks) > 1:  # "1.000.000", or a section "4.2.1"
        parts = re.split(r"[.,]", text)
        return [plain_number(float("".join(parts)))] if all(len(p) == 3 for p in parts[1:]) else [text]
    whole, decimal = re.split(r"[.,]", text)
    values = [plain_number(float(f"{whole}.{decimal}"))]
    return [plain_number(float(whole + decimal)), *values] if len(decimal) == 3 else values


def plain_number(value: float) -> str:
    """The number as values are written: 1.50 -> "1.5", 3.0 -> "3"."""
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0")


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
class _Clock:
    phrases: dict[_Words, _Said]
    longest: int  # words of the longest phrase
    parts: dict[_Words, str]  # of the day, "am" or "pm"


def clock_phrase(words: Sequence[str], i: int) -> tuple[str, str, str | None, int] | None:
    """(kind, value, unit, index behind) of the phrase at words[i:]: ("time", "01:45|13:45", None, 4); None: none."""
    for table in _clocks() if words[i] in _clock_openings() else ():
        for size in range(min(table.longest, len(words) - i), 0, -1):
            phrase = table.phrases.get(tuple(words[i : i + size]))
            if phrase and phrase.length:
                return "number", *phrase.length, i + size
            if phrase:
                at = i + size
                part = _part_of_the_day(table, words[at : at + LONGEST_PART])
                half = phrase.half or table.parts.get(part, "")
                if (phrase.needs_part and not part) or (phrase.ends_open and not part and _counts(words, at)):
                    break
                return "time", _written(phrase.minutes, half), None, at + len(part)
    return None


def _part_of_the_day(table: _Clock, words: Sequence[str]) -> _Words:
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
def _clocks() -> tuple[_Clock, ...]:
    made = []
    for language in languages():
        phrases = dict(_clock_phrases(language))
        parts = {_split(part): half for half, names in language.day_parts.items() for part in names}
        made.append(_Clock(phrases, max(map(len, phrases)), parts))
    return tuple(made)


@cache
def _clock_openings() -> frozenset[str]:
    """The first words of all phrases: most words need no closer look."""
    return frozenset(first for table in _clocks() for first, *_ in table.phrases)


def _clock_phrases(language: Language) -> Iterator[tuple[_Words, _Said]]:
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
    words = {word: n for word, n in language.words.items() if n <= LATEST_HOUR}
    formed = {
        (*word[:-1], form): n for word, n in words.items() for form, stem in language.stems.items() if stem == word[-1]
    }
    ones = {(one,): 1 for one in language.weak - _ARTICLES}
    return words | formed | ones | {(str(n),): n for n in range(1, LATEST_HOUR + 1)}


def _split(phrase: str) -> _Words:
    return tuple(_WORD.findall(phrase))
