"""What people said above in a thread, when somebody then asks the bot."""

from dataclasses import replace

from bot.types import Question, Turn
from bot.understanding.follow_up import complains, resolve
from tests.rows import each

TALK = (
    Turn("user", "sharing a taxi on sunday, anyone?", speaker="B", to_bot=False),
    Turn("user", "me. do we get the hours for sunday travel?", speaker="C", to_bot=False),
    Turn("user", "no clue", speaker="B", to_bot=False),
)


def answered(text: str) -> str:
    return resolve(Question("q", text, history=TALK, speaker="A")).standalone


@each("text")
def test_who_points_at_a_question_above_asks_it(text: str) -> None:
    assert answered(text) == TALK[1].text


@each("text")
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


@each(
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


@each(
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


@each("text")
def test_a_whole_question_is_searched_for_as_if_nobody_had_talked(text: str) -> None:
    asked = Question("q", text, history=TALK, speaker="A")
    assert resolve(asked) == replace(resolve(replace(asked, history=())), by_itself=True)


@each("text")
def test_a_question_that_leans_takes_the_talk_along(text: str) -> None:
    resolved = resolve(Question("q", text, history=TALK, speaker="A"))
    assert any("taxi" in searched for searched, _ in resolved.texts) and not resolved.by_itself
