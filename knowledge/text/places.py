"""The cities that a text names as places -> their countries, from GeoNames (cities.toml: 50,000 people and more). Pure.

>>> in_countries("I'm in Leeds, when I work from Malaga", {"spain"}.__contains__)
{'malaga': 'Malaga Spain'}
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from knowledge.text.words import data_file, word_lists

FILE = Path(__file__).parent / "cities.toml"


def folded(name: str) -> str:
    """The name as it is compared, without accents: "Málaga" -> "malaga"."""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one))


def in_countries(text: str, is_known: Callable[[str], bool]) -> Mapping[str, str]:
    """{"leeds": "Leeds United Kingdom"} of "I'm in Leeds": cities nothing says anything of, with their countries.

    None where two countries that are known have a city of that name, or two cities of one country are named: who moves
    from one to the other stays in it. What is a word or a person's name, too, is a city with a capital behind what
    surely tells of a place: "in Reading", but not "a mail from Charlotte", "Mobile team".
    """
    found: dict[str, tuple[str, str]] = {}
    for match in _at().finditer(text):
        city = match["behind"] or match["before"]
        surely = match["surely"] and not city.islower()
        countries = [names for names, is_word in _cities().get(folded(city), ()) if surely or not is_word]
        spoken = (next((one for one in names if is_known(one.lower())), "") for names in countries)
        country, *others = [name for name in spoken if name] or [""]
        if country and not others and not is_known(city.lower()):
            found[city.lower()] = city, country
    named = [country for _, country in found.values()]
    return {key: f"{city} {country}" for key, (city, country) in found.items() if named.count(country) == 1}


@cache
def _at() -> re.Pattern[str]:
    """A city behind where one is, or before what stands there: "in Leeds", "Leeds office", "büromuz Lyon'da"."""
    surely, maybe, behind = ("|".join(word_lists("knowledge.text.lists")[f"city_{how}"]) for how in ("in", "at", "has"))
    city = r"[^\W\d_]{4,30}"
    after = rf"\b(?:(?P<surely>{surely})|{maybe})(?= (?P<behind>{city})\b(?!['’]s\b| \d))"
    return re.compile(rf"{after}|\b(?P<before>{city})(?:[- ](?:{behind})|['’][dt][ae]n?)\b", re.I)


@cache
def _cities() -> Mapping[str, list[tuple[tuple[str, ...], bool]]]:
    """The countries of each city by their names, and whether the city's name is a word or a person's, too.

    {"reading": [(("United Kingdom", "Royaume-Uni"), True)], ...}
    """
    cities: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for country in data_file("knowledge.text", "cities.toml").values():
        for key in ("cities", "words"):
            for city in country[key].split():
                cities.setdefault(city, []).append((tuple(country["names"]), key == "words"))
    return cities
