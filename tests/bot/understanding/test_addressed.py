"""Who a message that mentions nobody is for."""

import itertools

import pytest

from bot.understanding.addressed import Scene, asks, meant_for_bot, silences

BEHIND = Scene(answered=True, same_person=True, others_since=False, names_others=False)
OTHER = Scene(answered=True, same_person=False, others_since=False, names_others=False)
SCENES = [Scene(*bits) for bits in itertools.product((True, False), repeat=4)]


@pytest.mark.parametrize(
    "text",
    ["and for part-timers?", "What if I am ill?", "does that include weekends", "why?", "shorter please",
     "no, I meant Spain", "Okay, can I carry it over?",
     "hm how do I apply for it", "ok thanks. and in Berlin?", "could you give me the link",
     "und in Berlin?", "et pour les stagiaires ?", "peki ya stajyerler?"],
)  # fmt: skip
def test_who_asks_on_is_answered(text: str) -> None:
    assert meant_for_bot(text, BEHIND, "thread")
    assert not meant_for_bot(text, BEHIND, "mention")


@pytest.mark.parametrize(
    "text",
    ["I'll ask my manager then", "thanks Ben", "Ben, can you sign this?", "could you approve it, Marta?",
     "what do you think?",
     "does anyone know her number?", "shall we meet tomorrow?", "did you book already?",
     "the bot says twenty days", "👍",
     "> how many days?", "so I already sent it to payroll yesterday", "kannst du das machen?", "let's do it",
     "does that work for you?", "Who's coming to lunch?", "are we still on for three?", "any news?",
     "did she say why?"],
)  # fmt: skip
def test_people_among_themselves_are_left_alone(text: str) -> None:
    assert not meant_for_bot(text, BEHIND, "thread")


@pytest.mark.parametrize("text", ["thanks!", "good to know", "🙏", "7/12 * 27 = 15.75", "that is more than I thought"])
def test_thanks_and_thoughts_want_no_answer(text: str) -> None:
    assert not meant_for_bot(text, BEHIND, "thread")


@pytest.mark.parametrize(
    "text", ["does that also hold for contractors?", "and what about Poland?", "vale anche per me?"]
)
def test_somebody_else_is_answered_when_the_question_goes_on_from_the_answer(text: str) -> None:
    assert meant_for_bot(text, OTHER, "thread")


@pytest.mark.parametrize("text", ["why do you need that?", "is it raining?", "what about your trip?", "where is Ben?"])
def test_somebody_else_s_talk_is_left_alone(text: str) -> None:
    assert not meant_for_bot(text, OTHER, "thread")


def test_who_asks_what_the_manual_says_asks_the_bot() -> None:
    late = Scene(answered=True, same_person=False, others_since=True, names_others=False)
    assert meant_for_bot("hm, and what does the manual say on overtime?", late, "thread")
    assert not meant_for_bot("hm, and is overtime paid?", late, "thread")


def test_a_question_is_of_the_person_it_answered_if_nobody_spoke_since() -> None:
    for scene in SCENES:
        may = scene.answered and scene.same_person and not scene.names_others and not scene.others_since
        assert meant_for_bot("How do I apply?", scene, "thread") is may
        assert meant_for_bot("How many days do interns get?", scene, "every question") is not scene.names_others
        called = meant_for_bot("hey bot, and for interns?", scene, "thread")
        assert called is (scene.answered and not scene.names_others)


@pytest.mark.parametrize(
    "text", ["mute", "Stop!", "please stop", "be quiet, bot", "Ruhe bitte", "SHUT UP", "stop replying here"]
)
def test_a_wish_for_quiet(text: str) -> None:
    assert silences(text)


@pytest.mark.parametrize(
    "text", ["stop paying into the pension?", "mute the mic in meetings?", "where does it stop", "please"]
)
def test_a_question_is_no_wish_for_quiet(text: str) -> None:
    assert not silences(text)


def test_what_follows_a_quoted_line_is_read() -> None:
    assert asks("> 25 days a year\nand how many for part-timers?")
    assert not asks("> how many days?\nthanks a lot")
