"""A question word by word in English: what the lists know, and what they leave alone."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.in_english import LANGUAGES, in_english


@pytest.mark.parametrize(
    ("language", "text", "english"),
    [
        ("de", "Wie lange ist die Kündigungsfrist nach 3 Jahren?", "how long is notice period to 3 years?"),
        ("de", "wie viele urlaubstage habe ich", "how many days of annual leave have I"),
        ("fr", "J’ai perdu mon badge", "have lost my badge"),
        ("es", "¿Cuánto dura el periodo de prueba?", "how long probation?"),
        ("tr", "KÖPEĞİMİ ofise getirebilir miyim", "dogs office may"),
        ("de", "nur zwei Tage Urlaub, unter 1000 Euro", "only two days annual leave, under 1000 euro"),
        ("fr", "mesurer le code source", "measure measurement program code"),
        ("fr", "au moins cinq ans, moins de 1000 euros", "at least five years, less than 1000 euros"),
        ("es", "al menos tres días de vacaciones", "at least three annual leave"),
        ("tr", "en az iki yıl, 1000 euro altında", "at least two years, 1000 euro under"),
    ],
)
def test_words_are_put_into_the_english_of_manuals_accents_or_not(language: str, text: str, english: str) -> None:
    assert in_english(text, language) == (english, True)


@pytest.mark.parametrize(
    ("language", "text", "never"),
    [
        ("tr", "pazarlama ekibi", "Sunday"),
        ("tr", "kız kardeşim geliyor", "child"),
        ("tr", "biraz bekle", "alcohol"),
        ("tr", "yanlış belge", "expire"),
        ("tr", "hâlâ izin bekliyorum", "aunt"),
        ("tr", "ekipman dönemi", "return"),
        ("de", "das ist todsicher bereits bezahlt", "death on-call"),
        ("de", "automatisch verlängert", "car"),
        ("de", "die anderen Urlaubstage", "change"),
        ("fr", "je suis né en mai", "not"),
        ("fr", "le virement de mon salaire", "dismissal"),
        ("es", "mi prima viene a la oficina", "bonus"),
        ("es", "negociar el contrato normal", "refuse rule"),
        ("fr", "quelles mesures de sécurité au laboratoire", "measurement"),
        ("fr", "quelles mesures prendre en cas d'incendie", "measurement"),
        ("fr", "le code de conduite et le code d'accès", "program"),
        ("de", "gibt es einen Code of Conduct", "program"),
        ("es", "el código del wifi de la oficina", "program"),
    ],
)
def test_a_prefix_takes_no_other_common_word(language: str, text: str, never: str) -> None:
    english = in_english(text, language)[0]
    assert english and not set(never.split()) & set(english.split())


@pytest.mark.parametrize(("text", "sure"), [("müdürüm izin verdi", True), ("müdürüm izin vermedi", False)])
def test_a_turkish_verb_that_denies_makes_nothing_sure(text: str, sure: bool) -> None:
    assert in_english(text, "tr")[1] is sure


def test_an_unknown_word_stays_so_that_it_tells_against_what_is_found() -> None:
    assert in_english("gibt es Schnitzel in der Kantine", "de") == ("is there schnitzel in canteen", True)


@pytest.mark.parametrize("text", ["Wie backe ich Sauerteigbrot aus Roggenmehl", "und dann", "", "?!"])
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_listed_once_in_small_letters_without_accents(language: str) -> None:
    file = tomllib.loads(
        resources.files("bot.understanding.in_english").joinpath(f"{language}.toml").read_text("utf-8")
    )
    forms = [form for table in file.values() for listed in table.values() for form in listed]
    assert sorted(set(forms)) == sorted(forms)
    assert all(form.isascii() and form == form.lower() and "*" not in form[:2] for form in forms if "*" in form)


@pytest.mark.parametrize(
    ("text", "language"),
    [("Fazla mesai ödenmez mi?", "tr"), ("Evden çalışamaz mıyım?", "tr"), ("Je n'ai plus de congés ?", "fr")],
)
def test_a_denial_that_is_no_word_of_its_own_leaves_nothing_sure(text: str, language: str) -> None:
    english, sure = in_english(text, language)
    assert english and not sure


def test_what_is_unpaid_is_not_paid() -> None:
    assert "unpaid" in in_english("Ücretsiz izin alabilir miyim?", "tr")[0]
