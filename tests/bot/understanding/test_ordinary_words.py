"""Ordinary questions that hold the words of something else: of small talk, a delivery, a person, a complaint."""

import pytest

from bot.answering.wanted import on_another_side, sides
from bot.types import Question, Turn
from bot.understanding.directives import directive
from bot.understanding.follow_up import resolve
from bot.understanding.small_talk import small_talk, wording
from bot.understanding.topics import of_somebody
from knowledge.text.quantities import quantities
from tests.rows import each


@each("text")
def test_a_condition_is_not_cut_off_as_an_announcement(text: str) -> None:
    assert wording(text + "?") == text


@pytest.mark.parametrize(
    "text", ["Thanks! Before I go, may I bring my dog?", "hi all, quick question: may I bring my dog?"]
)
def test_an_announcement_is(text: str) -> None:
    assert wording(text) == "may I bring my dog"


@each(
    "text",
    [
        "what is sick leave paid",
        "what's overtime work paid",
        "how much is unused leave paid out",
        "what does joining bonus make",
    ],
)
def test_rules_about_pay_are_about_nobody(text: str) -> None:
    assert not of_somebody(text) and of_somebody("what does tom miller make")


@each("text", ["nein danke", "Non merci", "hayır teşekkürler", "no gracias"])
def test_a_courtesy_corrects_no_question(text: str) -> None:
    history = (Turn("user", "How many days off do I get?"), Turn("agent", "25 days."))
    asked = resolve(Question(id="q", text=text, history=history))
    assert small_talk(text) or text not in asked.standalone


def test_a_wish_for_the_team_is_a_wish_and_a_team_no_language() -> None:
    assert directive("and in German for the team?")[0].language == "de"
    assert directive("and shorter for my team?")[0].manner == "shorter"
    assert not directive("& French team?")[0]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("How much notice before probation is over?", "During probation the notice is two weeks."),
        ("What must I do before the trip?", "During the trip and after the trip keep all receipts."),
    ],
)
def test_what_may_hold_for_the_same_time_is_on_no_other_side(question: str, sentence: str) -> None:
    assert not on_another_side(sides(question), sentence)
    assert on_another_side(sides("How much notice after probation?"), "During probation the notice is two weeks.")


@each(
    "text, dates",
    [
        ("from 15 sep to 20 oct", ["*-09-15", "*-10-20"]),
        ("1 may and 2 june", ["*-05-01", "*-06-02"]),
        ("15 jan bis 3 feb", ["*-01-15", "*-02-03"]),
        ("people over 30 may apply", []),
    ],
)
def test_months_in_small_letters(text: str, dates: list[str]) -> None:
    assert [one.value for one in quantities(text) if one.kind == "date"] == dates


@pytest.mark.parametrize("text", ["und in Italien?", "in Italien"])
def test_in_italien_is_where_and_en_italien_the_language(text: str) -> None:
    assert directive(text) == (directive("")[0], text)
    assert directive("en italien")[0].language == "it" == directive("auf Italienisch bitte")[0].language
