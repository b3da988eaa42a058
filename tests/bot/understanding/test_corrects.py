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


def again(before: str, text: str) -> str:
    """What is asked, once the text stands behind an answer to `before`; by itself where there is none."""
    history = (Turn("user", before, "U1"), Turn("agent", "It says so.", "")) if before else ()
    return resolve(Question(id="Q1", text=text, history=history)).standalone


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("how long is my notice", "sorry, how many days of parental leave does a father get?"),
        ("how long is my notice", "actually I need a new charger for my laptop at home"),
        ("how long is my notice", "no idea who booked the lab bench for Friday afternoon"),
        ("puedo llevar mi tablet", "puedo llevar mi tablet. no entiendo, soy técnico, cuenta como campo?"),
        ("", "Can I take leave next week? Sorry, I know it is short notice."),
        ("", "Can I take leave next week? sorry for the late question"),
        ("", "Who approves a hotel of 200? Sorry, my English is bad"),
        ("", "Ich muss zum Arzt, Entschuldigung, brauche ich ein Attest?"),
        ("How long is parental leave?", "sorry my mother died yesterday"),
        ("How long is parental leave?", "Sorry to bother again, my badge is lost."),
        ("Who approves a trip of 4000 EUR?", "Sorry, I forgot to submit the expenses of the trip"),
        ("Who approves a trip of 4000 EUR?", "oh the approval form does not open"),
        ("Who approves a trip of 4000 EUR?", "Sorry, ich habe die Reise schon gebucht"),
        ("Who approves a trip of 4000 EUR?", "Pardon, mon voyage est annulé, que faire ?"),
        ("Who approves a trip of 4000 EUR?", "ah and my parental leave request got rejected"),
        ("", "my manager said no, sorry for the long text, when do I hear back from payroll?"),
        ("", "is it ok to say no to overtime, wait for approval, then leave?"),
        ("", "I meant to ask: who approves a trip of 4000"),
        ("", "do I wait 3 or 4 days before I hold on to the receipt"),
        ("", "is there a fine for being late, no matter how late?"),
        ("", "may I take 2 days? I mean it, I am exhausted"),
        ("", "can I take the dog? oh and who pays for lunch?"),
        ("", "who pays if I break it, sorry?"),
        ("", "my phone broke, sorry, who repairs it?"),
        ("", "no wait list for the nursery, or is there one?"),
        ("", "darf ich nein sagen, halt ohne Grund?"),
        ("", "hold on to the receipt for 3 or 4 years?"),
        ("", "is a no, a final no?"),
        ("", "the lift is dead, oh well. when is lunch"),
        ("", "the taxi has to wait, 20 minutes, who pays"),
        ("", "I had to wait; sorry to say, do waiting hours count?"),
        ("", "what if I say sorry, 4 times?"),
        ("", "do I have to say sorry in writing? to whom?"),
        ("", "can we hang on to the old badge?"),
    ],
)
def test_a_question_with_words_of_regret_stays_as_it_is(before: str, text: str) -> None:
    assert again(before, text) == text
