"""Cities are put into the countries that a collection knows, where a text names them as places."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from knowledge.text.places import in_countries, with_countries

KNOWN = {
    "spain",
    "united kingdom",
    "france",
    "germany",
    "italy",
    "united states",
    "czech republic",
    "berlin",
    "frankreich",
}


def found(text: str) -> Mapping[str, str]:
    return in_countries(text, KNOWN.__contains__)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("I'm in Leeds, how long is my notice?", "United Kingdom"),
        ("je bosse à lyon lol", "France"),
        ("in unserem Büro in Lyon", "France"),
        ("estoy en la oficina de Málaga", "Spain"),
        ("Madrid office, when is the day over", "Spain"),
        ("our manchester team", "United Kingdom"),
        ("Leeds team here", "United Kingdom"),
        ("I in office lyon. my manager calls", "France"),
        ("wir sitzen in Nizza", "France"),
        ("Lyon'da çalışıyorum", "France"),
        ("I live in Nice", "France"),
        ("I work in Mobile, how many days?", "United States"),
        ("We are in Nancy and need a desk", "France"),
        ("Wir sind in Essen", "Germany"),
        ("my mother in Bologna needs care", "Italy"),
        ("the fair in Hanover", "Germany"),
        ("ich sitze in Siegen, wie viele Tage?", "Germany"),
        ("same in the prague office?", "Czech Republic"),
        ("may I work from Valencia", "Spain"),
        ("may I work from Florence for a week", "Italy"),
        ("I'm in Austin, how many holidays", "United States"),
        ("I come from Stuttgart", "Germany"),
        ("estoy en la oficina de San Sebastián", "Spain"),
        ("I work from New York", "United States"),
        ("I work in Los Angeles", "United States"),
    ],
)
def test_a_city_is_in_its_country(text: str, country: str) -> None:
    (named,) = found(text).values()
    assert named == country
    word, searched = next(iter(with_countries(text, KNOWN.__contains__).items()))
    assert searched.lower() == f"{word} {country}".lower()  # the name stays, for what is found by it


@pytest.mark.parametrize(
    "text",
    [
        "Madrid rules!",
        "Paris Hilton asked Sydney",
        "what is the hotel limit in Berlin?",
        "is there a bath in reading rooms",
        "we met in split groups",
        "they came in nice cars",
        "Milan said so in a mail",
        "a stay in Oslo",
        "the flight to Tokyo",
        "moving from Leeds to London",
        "in general, from home, at work, to date",
        "im Essen war ein Haar",
        "de nada, en general",
        "à bientôt, de rien",
        "may I work from Colombo",
        "in order to order",
        "a letter from Kim to Ben",
        "at most ten, in most cases",
        "in Freedonia",
        "as in Lyonnaise sauce",
        "in new offices, from the old ones",
        "we meet in San Diego's room",
        "a mail from New Joiner",
        "in los pasillos, at the Angeles table",
        "the new team, the old office",
        "York minster in stone",
        "I got a mail from Nancy about my holiday",
        "I report to Charlotte, who approves my holiday?",
        "Can I hand my laptop to Florence while I am away?",
        "How do I move to Austin's team?",
        "a message from Jackson, the bill to Lincoln, feedback from Gary, Allen, Norman and Mary",
        "I sat in Madison's chair",
        "Nice office! How many holidays do I have?",
        "Mobile team: who pays the phone bill?",
        "Reading team, Union office, Surprise team lunch: who pays?",
        "Orange site badge, what does it open?",
        "Wer zahlt das Essen in Halle 3?",
        "In Mobile banking, who approves?",
        "I work in Nice weather only",
        "in Reading the policy I found a gap",
        "In Normal cases, who pays?",
        "Are we in Orange status?",
        "The meeting in Lincoln room",
        "In Union with the works council",
        "Im Büro Essen bestellen",
        "in Halle steht der Drucker",
        "Darf ich nach Essen riechen?",
        "",
    ],
)
def test_what_is_no_place_or_none_that_is_known_stays(text: str) -> None:
    assert not found(text)


def test_what_the_collection_says_something_of_stays() -> None:
    assert not in_countries("in Leeds", {"leeds", "united kingdom"}.__contains__)
    assert not in_countries("in Leeds", {"united", "kingdom"}.__contains__)


def test_two_cities_of_two_countries_are_both() -> None:
    assert found("I'm in the Leeds office and work from Malaga") == {
        "Leeds": "United Kingdom",
        "Malaga": "Spain",
    }


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("Estoy en Córdoba, ¿cuántas vacaciones?", {"spain", "argentina"}),
        ("En Guadalajara", {"spain", "mexico"}),
        ("en Toledo", {"spain", "united states"}),
        ("I'm in Lincoln", {"united kingdom", "united states"}),
        ("I'm in Hull", {"united kingdom", "canada"}),
        ("I'm in Windsor", {"united kingdom", "canada"}),
        ("je travaille à Brest", {"france", "belarus"}),
    ],
)
def test_of_two_known_countries_with_a_city_of_that_name_none_is_it(text: str, countries: set[str]) -> None:
    assert not in_countries(text, countries.__contains__)


def test_another_name_of_a_city_is_no_town_of_that_name() -> None:
    assert not in_countries("in Augusta", {"germany", "italy"}.__contains__)
    assert not in_countries("in Bienne", {"switzerland", "austria"}.__contains__)
    assert found("in Nizza") == {"Nizza": "France"}


def test_a_country_is_found_by_the_name_that_the_manual_uses() -> None:
    assert in_countries("in Lyon", {"frankreich"}.__contains__) == {"Lyon": "Frankreich"}
