"""A question word by word in English: what the lists know, and what they leave alone."""

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.in_english import LANGUAGES, in_english
from tests.rows import each


@each("language, text, english")
def test_words_are_put_into_the_english_of_manuals_accents_or_not(language: str, text: str, english: str) -> None:
    assert in_english(text, language) == (english, True)


@each("language, text, never")
def test_a_prefix_takes_no_other_common_word(language: str, text: str, never: str) -> None:
    english = in_english(text, language)[0]
    assert english and not set(never.split()) & set(english.split())


@pytest.mark.parametrize(("text", "sure"), [("müdürüm izin verdi", True), ("müdürüm izin vermedi", False)])
def test_a_turkish_verb_that_denies_makes_nothing_sure(text: str, sure: bool) -> None:
    assert in_english(text, "tr")[1] is sure


def test_an_unknown_word_stays_so_that_it_tells_against_what_is_found() -> None:
    assert in_english("gibt es Schnitzel in der Kantine", "de") == ("is there schnitzel in canteen", True)


@each("text", ["Wie backe ich Sauerteigbrot aus Roggenmehl", "und dann", "", "?!"])
def test_what_says_nothing_that_is_known_is_not_put_into_english(text: str) -> None:
    assert in_english(text, "de") == ("", False)


def test_where_few_words_are_known_they_are_put_into_english_and_nothing_is_sure() -> None:
    assert in_english("Wie backe ich Sauerteigbrot in der Kantine", "de") == (
        "how backe I sauerteigbrot in canteen",
        False,
    )


def test_other_languages_are_left_alone() -> None:
    assert in_english("quante ferie ho", "it") == ("", False)


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
def test_anything_at_all_can_be_read(text: str, language: str) -> None:
    in_english(text, language)


@each("language", LANGUAGES)
def test_words_are_listed_once_in_small_letters_without_accents(language: str) -> None:
    file = tomllib.loads(
        resources.files("bot.understanding.in_english").joinpath(f"{language}.toml").read_text("utf-8")
    )
    forms = [form for table in file.values() for listed in table.values() for form in listed]
    assert sorted(set(forms)) == sorted(forms)
    assert all(form.isascii() and form == form.lower() and "*" not in form[:2] for form in forms if "*" in form)


@each(
    "text, language",
    [("Fazla mesai ödenmez mi?", "tr"), ("Evden çalışamaz mıyım?", "tr"), ("Je n'ai plus de congés ?", "fr")],
)
def test_a_denial_that_is_no_word_of_its_own_leaves_nothing_sure(text: str, language: str) -> None:
    english, sure = in_english(text, language)
    assert english and not sure


def test_what_is_unpaid_is_not_paid() -> None:
    assert "unpaid" in in_english("Ücretsiz izin alabilir miyim?", "tr")[0]
