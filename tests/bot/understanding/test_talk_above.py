"""What people said above in a thread, when somebody then asks the bot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.types import Question, Turn
from bot.understanding.follow_up import complains, resolve

TALK = (
    Turn("user", "sharing a taxi on sunday, anyone?", speaker="B", to_bot=False),
    Turn("user", "me. do we get the hours for sunday travel?", speaker="C", to_bot=False),
    Turn("user", "no clue", speaker="B", to_bot=False),
)


def answered(text: str) -> str:
    return resolve(Question("q", text, history=TALK, speaker="A")).standalone


@pytest.mark.parametrize(
    "text",
    [
        "^^ what <@U12C> asked",
        "^",
        "👆",
        "can you answer that?",
        "please see above",
        "Ben's question",
        "was Ben gefragt hat",
        "kannst du die Frage oben beantworten",
        "ce que Léa demande",
        "lo que pregunta Ana",
        "Ayşe'nin sorusu",
        "which of them is right",
        "which one is correct then?",
        "was stimmt denn nun?",
        "lequel des deux a raison ?",
        "¿cuál de los dos tiene razón?",
        "hangisi doğru?",
    ],
)
def test_who_points_at_a_question_above_asks_it(text: str) -> None:
    assert answered(text) == TALK[1].text


@pytest.mark.parametrize(
    "text",
    [
        "what did the auditor ask us to keep?",
        "who may answer customers' questions on prices?",
        "can you see my calendar above all",
        "what the works council asked for is in which section?",
        "is a question mark in a password allowed?",
        "which of them is paid for overtime?",
        "which form is right for a hotel bill?",
        "was stimmt an meiner Abrechnung nicht?",
        "lequel des deux formulaires faut-il remplir ?",
        "¿cuál de los dos hoteles es más barato?",
        "was kostet die Frage beim Anwalt?",
    ],
)
def test_a_question_with_the_same_words_is_its_own(text: str) -> None:
    assert text.rstrip("?") in answered(text)


def test_all_that_people_said_is_what_that_means_until_the_bot_has_been_asked() -> None:
    asked = answered("is that ok?")
    assert "sharing a taxi" in asked and "sunday travel" in asked and asked.endswith("is that ok?")
    assert "sunday travel" in answered("is that right?")
    to_bot = (*TALK, Turn("user", "who pays for tolls?", speaker="A"), Turn("agent", "The company does."))
    assert (
        resolve(Question("q", "is that ok?", history=to_bot, speaker="A")).standalone
        == "who pays for tolls is that ok?"
    )


@pytest.mark.parametrize(
    "text",
    [
        "third time you just send me to the people team. useless tbh",
        "you never find anything. waste of time",
        "du schickst mich immer nur im Kreis. nutzlos",
        "tu me renvoies toujours la même page. inutile",
    ],
)
def test_a_complaint_may_stand_behind_what_it_is_about(text: str) -> None:
    assert complains(text)


@pytest.mark.parametrize(
    "text",
    [
        "my chair is broken. useless",
        "you said 25 days. is that wrong?",
        "can you tell me the limit. thanks",
        "the VPN is useless",
        "you may book a room. great",
    ],
)
def test_what_is_about_something_else_is_none(text: str) -> None:
    assert not complains(text)


@pytest.mark.parametrize(
    "text",
    [
        "how many days of leave do trainees get?",
        "what is the hotel limit?",
        "is there a limit for gifts from suppliers?",
        "who approves overtime",
        "are dogs allowed in the lab?",
        "wie hoch ist das Limit für Hotels?",
        "combien de jours de congé avons-nous ?",
        "¿cuántos días de vacaciones tengo?",
        "kaç gün yıllık izin var?",
    ],
)
def test_a_whole_question_is_searched_for_as_if_nobody_had_talked(text: str) -> None:
    asked = Question("q", text, history=TALK, speaker="A")
    assert resolve(asked) == replace(resolve(replace(asked, history=())), by_itself=True)


@pytest.mark.parametrize(
    "text",
    [
        "is that allowed for trainees?",
        "and for interns who commute?",
        "do they get the hours paid?",
        "are trainees paid there, too?",
        "what about the train ticket?",
        "what do you think, bot?",
        "does the hotel limit hold as well?",
        "same rule for trains?",
        "gilt das auch für Züge?",
        "ist das für Azubis im Ausland erlaubt?",
        "wie hoch ist das?",
    ],
)
def test_a_question_that_leans_takes_the_talk_along(text: str) -> None:
    resolved = resolve(Question("q", text, history=TALK, speaker="A"))
    assert any("taxi" in searched for searched, _ in resolved.texts) and not resolved.by_itself
