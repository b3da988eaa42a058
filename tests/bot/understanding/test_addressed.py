"""Who a message that mentions nobody is for."""

import itertools

import pytest

from bot.understanding.addressed import Scene, meant_for_bot, silences

BEHIND = Scene(answered=True, same_person=True, others_since=False, alone=False, names_others=False)
ALONE = Scene(answered=True, same_person=True, others_since=False, alone=True, names_others=False)
SCENES = [Scene(*bits) for bits in itertools.product((True, False), repeat=5)]


@pytest.mark.parametrize(
    "text",
    ["and for part-timers?", "What if I am ill?", "does that include weekends", "why?", "shorter please",
     "no, I meant Spain", "Okay, can I carry it over?",
     "hm how do I apply for it", "ok thanks. and in Berlin?", "could you give me the link",
     "und in Berlin?", "et pour les stagiaires ?", "peki ya stajyerler?"],
)  # fmt: skip
def test_who_asks_on_is_answered(text: str) -> None:
    assert meant_for_bot(text, BEHIND, "thread")
    assert meant_for_bot(text, ALONE, "thread")
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


@pytest.mark.parametrize("text", ["thanks!", "I am in the Berlin office", "this is not what I asked"])
def test_alone_with_the_bot_it_is_spoken_to(text: str) -> None:
    assert meant_for_bot(text, ALONE, "thread")
    assert not meant_for_bot(text, BEHIND, "thread")


def test_only_the_person_it_answered_and_only_if_nobody_spoke_since() -> None:
    for scene in SCENES:
        may = (
            scene.answered and scene.same_person and not scene.names_others and (scene.alone or not scene.others_since)
        )
        assert meant_for_bot("and for interns?", scene, "thread") is may
        assert meant_for_bot("How many days do interns get?", scene, "every question") is not scene.names_others
        assert meant_for_bot("hey bot, and for interns?", scene, "thread") is (
            scene.answered and not scene.names_others
        )


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
