"""A correction of one's own words right behind the bot's answer is for the bot, and asks the question again."""

from __future__ import annotations

import pytest

from bot.types import Question, Turn
from bot.understanding.addressed import Scene, meant_for_bot
from bot.understanding.follow_up import resolve

ALONE = Scene(answered=True, same_person=True, others_since=False, names_others=False)


def _no(text: str, scene: Scene) -> bool:
    """What reads the meaning takes it for talk."""
    return False


@pytest.mark.parametrize(
    "text",
    [
        "4 sorry, 6 was the old place",
        "14 days, sorry",
        "sorry, meant May not March",
        "oops I meant part-time",
        "typo: 14 days",
        "sorry, meinte Mai, nicht März",
        "vertippt: 14 Tage",
        "4 Jahre, entschuldigung",
        "pardon, je voulais dire mai",
        "erreur de frappe : 14 jours",
        "perdón, quería decir mayo",
        "errata: 14 días",
        "4 pardon",
        "yazım hatası: 14 gün",
    ],
)
def test_a_correction_right_behind_the_answer_is_for_the_bot(text: str) -> None:
    assert meant_for_bot(text, ALONE, "thread", _no)
    assert not meant_for_bot(text, ALONE, "mention", _no)


@pytest.mark.parametrize(
    "text",
    [
        "sorry, wrong thread",
        "sorry to bother you",
        "oops",
        "no worries",
        "4 pm works",
        "4 of us, see you there",
        "4 no shows today",
        "10 minute wait at the lift",
        "14 days it is",
        "sorry I'm late, 10 min",
        "rather not",
        "2 coffees please",
        "meant to tell Ben about it",
        "well meant, that one",
        "sorry Ben",
        "Ben, sorry, 4 is fine",
        "entschuldigung, falscher Kanal",
        "4 Kaffee bitte",
        "gut gemeint",
        "pardon, mauvais fil",
        "4 cafés alors",
        "désolé",
        "perdón, me equivoqué de hilo",
        "4 cafés para llevar",
        "kusura bakma, yanlış kanal",
        "pardon geç kaldım",
        "4 çay lütfen",
        "we meet at 4, Marta is sorry",
    ],
)
def test_talk_with_the_same_words_is_left_alone(text: str) -> None:
    assert not meant_for_bot(text, ALONE, "thread", _no)


@pytest.mark.parametrize(
    ("before", "text", "meant"),
    [
        ("been here 6 years, how long is my notice", "4 sorry, 6 was the old place", "4 years"),
        ("how many days may I take in March", "sorry, meant May not March", "May"),
        ("is a hotel of 10 nights paid", "typo: 14 nights", "14 nights"),
    ],
)
def test_the_question_is_asked_again_as_it_was_meant(before: str, text: str, meant: str) -> None:
    history = (Turn("user", before, "U1"), Turn("agent", "It says so.", ""))
    asked = resolve(Question(id="Q1", text=text, history=history)).standalone
    assert meant in asked
    assert "6 years" not in asked and "March" not in asked and "10 nights" not in asked
