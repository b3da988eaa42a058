"""The cities that a text names as places -> their countries, from GeoNames (cities.toml: 50,000 people and more). Pure.

>>> in_countries("I'm in Leeds, when I work from San Sebastian", {"spain"}.__contains__)
{'San Sebastian': 'Spain'}
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

from knowledge.text.words import data_file, pattern, unaccented, word_lists

FILE = Path(__file__).parent / "cities.toml"
LONGEST = (3, 2, 1)  # words of a name; given: United Arab Emirates
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NAME = r"[^\W\d_]{2,30}"
# a city behind where one is, or before what stands there: "in Leeds", "Leeds office", "büromuz Lyon'da"
_at = partial(
    pattern,
    "knowledge.text.lists",
    "",
    rf"\b(?:(?P<surely>%city_in%)|%city_at%)(?= (?P<behind>{_NAME}(?:[ -](?P<more>{_NAME}))?)\b(?!['’]s\b| \d))"
    rf"|\b(?P<before>(?:(?P<first>{_NAME})[ -])?[^\W\d_]{{4,30}})(?:[- ]%city_has%|['’][dt][ae]n?)\b",
)


def folded(name: str) -> str:
    """The name as it is compared, without accents: "Málaga" -> "malaga"."""
    return unaccented(name.casefold().replace("-", " "))


def named_in(text: str) -> list[str]:
    """The countries and cities that it names, as they are written; no city whose name is a word or a person's, too.

    >>> named_in("May I work from the Netherlands, or san sebastian?")
    ['Netherlands', 'san sebastian']
    """
    words, found, at = list(_WORD.finditer(text)), [], 0
    while at < len(words):
        names = {n: text[words[at].start() : words[at + n - 1].end()] for n in LONGEST if at + n <= len(words)}
        length = next((n for n, name in names.items() if folded(name) in _names()), 0)
        found += [names[length]] if length else []
        at += length or 1
    return found


@cache
def _names() -> frozenset[str]:
    """Countries and cities by their names, folded."""
    countries = (name for country in data_file("knowledge.text", "cities.toml").values() for name in country["names"])
    cities = (city for city, of in _cities().items() if not any(is_word for _, is_word in of))
    return frozenset(map(folded, (*countries, *cities)))


def with_countries(text: str, is_known: Callable[[str], bool]) -> Mapping[str, str]:
    """What is searched for instead of each city's last word: {"leeds": "Leeds United Kingdom"}."""
    named = ((city.replace("-", " ").split()[-1], country) for city, country in in_countries(text, is_known).items())
    return {word.lower(): f"{word} {country}" for word, country in named}


def in_countries(text: str, is_known: Callable[[str], bool]) -> Mapping[str, str]:
    """{"Leeds": "United Kingdom"} of "I'm in Leeds": cities nothing says anything of, with their countries.

    None where two countries that are known have a city of that name, or two cities of one country are named: who moves
    from one to the other stays in it. What is a word or a person's name, too, is a city with a capital behind what
    surely tells of a place, at its phrase's end: "in Reading", not "a mail from Charlotte", "in Mobile banking".
    """
    found: dict[str, tuple[str, str]] = {}
    for match in _at().finditer(text):
        city = _city(match)
        surely = match["surely"] and not city.islower() and _ends(text, match.start("behind") + len(city))
        countries = [names for names, is_word in _cities().get(folded(city), ()) if surely or not is_word]
        spoken = (next((one for one in names if is_known(one.lower())), "") for names in countries)
        country, *others = [name for name in spoken if name] or [""]
        if country and not others and not all(map(is_known, city.lower().replace("-", " ").split())):
            found[folded(city)] = city, country
    named = [country for _, country in found.values()]
    return {city: country for city, country in found.values() if named.count(country) == 1}


def _ends(text: str, end: int) -> bool:
    """Whether a phrase ends here: at a mark, or before a word as "and", "how"."""
    word = re.match(r" *([^\W\d_]*)", text[end : end + 30])
    return not word or word[1].lower() in ("", *word_lists("knowledge.text.lists")["city_then"])


def _city(match: re.Match[str]) -> str:
    """The name that stands there; of two words where there is such a city: "San Sebastián", not "our Leeds"."""
    if match["behind"]:
        whole, alone = match["behind"], match["behind"][: match.start("more") - match.start("behind")].rstrip(" -")
        return whole if not match["more"] or folded(whole) in _cities() else alone
    whole, alone = match["before"], match["before"][len(match["first"] or "") :].lstrip(" -")
    return whole if folded(whole) in _cities() else alone


@cache
def _cities() -> Mapping[str, list[tuple[tuple[str, ...], bool]]]:
    """The countries of each city by their names, and whether the city's name is a word or a person's, too.

    {"reading": [(("United Kingdom", "Royaume-Uni"), True)], ...}
    """
    cities: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for country in data_file("knowledge.text", "cities.toml").values():
        for key in ("cities", "words"):
            for city in country[key].split():
                cities.setdefault(city.replace("_", " "), []).append((tuple(country["names"]), key == "words"))
    return cities
