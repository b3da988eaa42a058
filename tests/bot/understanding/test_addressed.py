"""Who a message that mentions nobody is for."""

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.addressed import Follow, Scene, meant_for_bot
from bot.understanding.parts import asks
from bot.understanding.small_talk import silences
from tests.rows import each

BEHIND = Scene(answered=True, same_person=True, others_since=False, names_others=False)
OTHER = Scene(answered=True, same_person=False, others_since=False, names_others=False)
SCENES = [Scene(*bits) for bits in itertools.product((True, False), repeat=4)]


@each("text")
def test_who_asks_on_is_answered(text: str) -> None:
    assert meant_for_bot(text, BEHIND, "thread")
    assert not meant_for_bot(text, BEHIND, "mention")


@each("text")
def test_people_among_themselves_are_left_alone(text: str) -> None:
    assert not meant_for_bot(text, BEHIND, "thread")


@each("text", ["thanks!", "good to know", "🙏", "7/12 * 27 = 15.75", "that is more than I thought"])
def test_thanks_and_thoughts_want_no_answer(text: str) -> None:
    assert not meant_for_bot(text, BEHIND, "thread")


@each("text", ["does that also hold for contractors?", "and what about Poland?", "vale anche per me?"])
def test_somebody_else_is_answered_when_the_question_goes_on_from_the_answer(text: str) -> None:
    assert meant_for_bot(text, OTHER, "thread")


@each("text", ["why do you need that?", "is it raining?", "what about your trip?", "where is Ben?"])
def test_somebody_else_s_talk_is_left_alone(text: str) -> None:
    assert not meant_for_bot(text, OTHER, "thread")


@each("text", ["@policybot and for interns?", "is travel@halden.example the right address?", "and @ home?"])
def test_an_at_sign_that_calls_nobody_is_no_name(text: str) -> None:
    assert meant_for_bot(text, BEHIND, "thread")


def test_who_asks_what_the_manual_says_asks_the_bot() -> None:
    late = Scene(answered=True, same_person=False, others_since=True, names_others=False)
    assert meant_for_bot("hm, and what does the manual say on overtime?", late, "thread")
    assert not meant_for_bot("hm, and is it loud in there?", late, "thread")


def test_whoever_asks_what_only_a_manual_tells_is_answered_however_late() -> None:
    for same, since in itertools.product((True, False), repeat=2):
        scene = Scene(True, same, since, False, "@bot parental leave? It lasts 16 weeks [1].")
        assert meant_for_bot("what happens if I am ill in that time?", scene, "thread")
        assert meant_for_bot("and how many weeks do fathers get", scene, "thread")
        assert not meant_for_bot("and how long did you wait?", scene, "thread") or (same and not since)


def test_a_word_of_the_choice_that_the_bot_gave_answers_it() -> None:
    asked = Scene(True, True, True, False, "@bot how long is it kept? Which kind do you mean: invoices or contracts?")
    assert meant_for_bot("the contracts i guess", asked, "thread")
    assert not meant_for_bot("the blue ones i guess", asked, "thread")
    assert meant_for_bot("the blue ones", replace(asked, others_since=False), "thread")


@each("text")
def test_wishes_and_circumstances_of_the_person_it_answered_are_for_the_bot(text: str) -> None:
    assert meant_for_bot(text, BEHIND, "thread")


@each(
    "text",
    ["so I stay until June, easy", "right. Ben, I'd say we start", "Ben can you sign it", "who calls the hotel?"],
)
def test_conclusions_and_names_are_for_people(text: str) -> None:
    assert not meant_for_bot(text, BEHIND, "thread")


@given(
    st.lists(st.sampled_from(
        ["bot,", "hey bot", "what does the manual say", "how many days", "please", "and for interns", "?", "you", "16"]
    ), max_size=6).map(" ".join) | st.text(max_size=60),
    st.sampled_from(SCENES), st.sampled_from(["mention", "thread", "every question"]),
)  # fmt: skip
def test_a_message_that_mentions_a_person_is_never_answered(text: str, scene: Scene, follow: Follow) -> None:
    assert not meant_for_bot(text, replace(scene, names_others=True), follow)


def test_a_question_is_of_the_person_it_answered_if_nobody_spoke_since() -> None:
    for scene in SCENES:
        may = scene.answered and scene.same_person and not scene.names_others and not scene.others_since
        assert meant_for_bot("How did it get in there?", scene, "thread") is may
        assert meant_for_bot("How many days do interns get?", scene, "every question") is not scene.names_others
        called = meant_for_bot("hey bot, and for interns?", scene, "thread")
        assert called is (scene.answered and not scene.names_others)


@each(
    "text, wanted",
    [
        ("What's the weather like?", False),
        ("who won the match yesterday?", False),
        ("Where are you?", False),
        ("who pays for my visa?", True),
        ("is lunch paid?", True),
        ("Wie viele Urlaubstage haben wir?", True),
    ],
)
def test_small_talk_that_asks_is_left_to_people_in_a_channel_of_every_question(text: str, wanted: bool) -> None:
    nobody = Scene(answered=False, same_person=False, others_since=False, names_others=False)
    assert meant_for_bot(text, nobody, "every question") is wanted
    assert not meant_for_bot("is lunch paid?", nobody, "every question", lambda *_: False)


@each("text")
def test_a_wish_for_quiet(text: str) -> None:
    assert silences(text)


@each("text", ["stop paying into the pension?", "mute the mic in meetings?", "where does it stop", "please", "unmute"])
def test_a_question_is_no_wish_for_quiet(text: str) -> None:
    assert not silences(text)


def test_what_follows_a_quoted_line_is_read() -> None:
    assert asks("> 25 days a year\nand how many for part-timers?")
    assert not asks("> how many days?\nthanks a lot")


def test_the_meaning_is_asked_only_in_a_thread_that_it_answered_in_and_where_nobody_is_called() -> None:
    def all_meant(text: str, scene: Scene) -> bool:
        return True

    for scene in SCENES:
        told = meant_for_bot("my contract started before 2019", scene, "thread", all_meant)
        assert told is (scene.answered and not scene.names_others)
    assert not meant_for_bot("Ben, can you sign this?", BEHIND, "thread", all_meant)
    assert not meant_for_bot("and for interns?", BEHIND, "mention", all_meant)


@each(
    "text, others_since, meant",
    [
        ("you're useless, you never know anything", False, True),  # whoever is let down wants a way on
        ("that was rubbish", False, False),
        ("ok and thailand", True, True),
        ("in english please :)", True, False),
        ("and then we went home", True, False),
    ],
)
def test_who_was_answered_is_heard_when_let_down_or_going_on_in_a_word(
    text: str, others_since: bool, meant: bool
) -> None:
    assert bool(meant_for_bot(text, Scene(True, True, others_since, False), "thread")) is meant


def test_another_code_of_the_make_that_was_told_of_asks_on() -> None:
    told = replace(BEHIND, said="chamber shows E-502 Code E-502 means that the compressor is too hot.")
    assert meant_for_bot("ok waited, now its E-611", told, "thread")
    assert not meant_for_bot("E-502 it was, sorted", told, "thread")
    assert not meant_for_bot("thanks, I am on E-7 anyway", told, "thread")
    assert not meant_for_bot("great, meeting is in E-12 by the way", told, "thread")
    assert not meant_for_bot("moving everything to room B-12", told, "thread")


@each(
    "text",
    [
        "that's wrong, the canteen closes at 13:45 on fridays too",
        "das stimmt nicht, es sind 5 Tage",
        "c'est faux, c'est 5 jours",
        "eso no es correcto, son 5 días",
        "yanlış, 5 gün",
    ],
)
def test_an_objection_right_behind_the_answer_is_meant_for_the_bot(text: str) -> None:
    assert meant_for_bot(text, Scene(True, True, False, False), "thread")
    assert not meant_for_bot(text, Scene(True, True, True, False), "thread")
