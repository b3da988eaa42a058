"""What somebody tells of his or her family: a death, an illness, or news that is neither."""

from __future__ import annotations

import pytest

from bot.understanding.topics import Likely, matter
from bot.wiring.adapters import ByMeaning
from knowledge.index.embed import MiniLM
from tests.rows import each


@pytest.fixture(scope="module")
def likely() -> Likely:
    return ByMeaning(MiniLM().embed).topic


@each("text")
def test_glad_news_is_no_loss_by_its_meaning_alone(text: str) -> None:
    assert matter(text, likely=lambda _: "bereaved") is None is matter(text, likely=lambda _: "relative")


@each(
    "text",
    [
        "funeral of my stepmother is saturday",
        "my son was born too early",
        "Oma ist heut nacht eingeschlafen",
        "wir mussten uns kurz vor ihrem Geburtstag von Oma verabschieden",
    ],
)
def test_what_names_a_loss_or_an_illness_is_one(text: str) -> None:
    assert matter(text, likely=lambda _: "bereaved") == "bereaved"


@each("text")
def test_a_death_in_other_words_is_told_by_its_meaning(likely: Likely, text: str) -> None:
    assert matter(text) is None and matter(text, likely=likely) == "bereaved"


@each(
    "text",
    [
        "dad's had a turn, paramedics are here",
        "meine Tochter spuckt seit heute nacht",
        "my wife gave birth and is in intensive care",
        "mon fils vomit depuis ce matin",
        "mi hijo vomita desde anoche",
    ],
)
def test_an_illness_in_other_words_is_too(likely: Likely, text: str) -> None:
    assert matter(text, likely=likely) == "relative"


@pytest.mark.parametrize("text", ["mein Opa ist heimgegangen", "meine Schwester ist gestern von uns gegangen"])
def test_a_death_in_german_words_for_going_home(text: str) -> None:
    assert matter(text) == "bereaved"


@each(
    "text",
    [
        "meine Tochter ist heimgegangen, weil die Schule aus war",
        "der Besucher ist von uns gegangen, wer nimmt seinen Ausweis",
        "le mode d'emploi dit de ne pas faire vomir",
        "el manual dice qué hacer si un cliente vomita",
    ],
)
def test_the_same_words_of_nobody_who_died_or_is_ill(text: str) -> None:
    assert matter(text) is None
