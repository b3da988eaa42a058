"""The words of figures of each language (figures/*.toml), and what written digits are worth. Pure.

In: a table's name, or digits as written. Out: words with their meaning; all values that the digits may have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from knowledge.text.words import data_file


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
    counted: frozenset[str]  # first words of units, and "buçuk"
    and_half: tuple[tuple[str, ...], ...]  # "and a half"
    mixed: dict[str, float]  # "anderthalb"
    hours: dict[str, str]  # "noon"
    adjectives: dict[str, str]  # ending of a word of a number and a unit: "dreimonatig"
    clock_words: dict[str, str]  # knowledge/text/clock_words.py
    day_parts: dict[str, list[str]]  # "am" and "pm": "in the morning"
    lengths: dict[str, tuple[str, str]]  # number and unit: "Viertelstunde"
    stems: dict[str, str]  # "beşi" -> "beş"


WORDS_KEPT = 8_192  # words of which it is kept whether a number may begin with them; guess
LONGEST_NUMBER = 40  # characters of a number in one word: "neuntausendneunhundertneunundneunzig" has 36; guess


@cache
def languages() -> tuple[Language, ...]:
    """Every language that has a file; read once."""
    names = sorted(file.name for file in resources.files("knowledge.text").joinpath("figures").iterdir())
    return tuple(_language(data_file("knowledge.text", f"figures/{n}")) for n in names if n.endswith(".toml"))


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
        counted=frozenset(name.split()[0] for names in data["units"].values() for name in names)
        | {half for half in data["and_half"] if " " not in half},
        stems={form: word for word, forms in data.get("forms", {}).items() for form in forms},
        and_half=tuple(tuple(phrase.split()) for phrase in data["and_half"]),
        **same | {name: frozenset(data.get(name, ())) for name in sets},
    )


@cache
def merged(table: str) -> dict[str, int]:
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
        number, found, rest = word.partition(ending)
        value = language.words.get((number,)) if found and len(rest) < 3 else None
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
