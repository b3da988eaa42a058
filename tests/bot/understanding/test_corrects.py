"""A correction of one's own words right behind the bot's answer is for the bot, and asks the question again."""

from bot.types import Question, Turn
from bot.understanding.addressed import Scene, meant_for_bot
from bot.understanding.follow_up import resolve
from tests.rows import each

ALONE = Scene(answered=True, same_person=True, others_since=False, names_others=False)


def _no(text: str, scene: Scene) -> bool:
    """What reads the meaning takes it for talk."""
    return False


@each("text")
def test_a_correction_right_behind_the_answer_is_for_the_bot(text: str) -> None:
    assert meant_for_bot(text, ALONE, "thread", _no)
    assert not meant_for_bot(text, ALONE, "mention", _no)


@each("text")
def test_talk_with_the_same_words_is_left_alone(text: str) -> None:
    assert not meant_for_bot(text, ALONE, "thread", _no)


@each(
    "before, text, meant",
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


@each("before, text")
def test_a_question_with_words_of_regret_stays_as_it_is(before: str, text: str) -> None:
    assert again(before, text) == text
