"""Cities are put into the countries that a collection knows, where a text names them as places."""

from collections.abc import Mapping

from knowledge.text.places import in_countries, with_countries
from tests.rows import each

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


@each("text, country")
def test_a_city_is_in_its_country(text: str, country: str) -> None:
    (named,) = found(text).values()
    assert named == country
    word, searched = next(iter(with_countries(text, KNOWN.__contains__).items()))
    assert searched.lower() == f"{word} {country}".lower()  # the name stays, for what is found by it


@each("text")
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


@each(
    "text, countries",
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
