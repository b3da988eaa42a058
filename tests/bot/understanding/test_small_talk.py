"""Chat is told from questions, and taken off them."""

from bot.understanding.small_talk import KINDS, small_talk, without_chat
from tests.rows import each


@each("text, code")
def test_chat_is_recognised(text: str, code: str) -> None:
    assert small_talk(text) == code
    assert code in KINDS


@each("text")
def test_a_question_is_never_taken_for_chat(text: str) -> None:
    assert small_talk(text) is None


@each("text, code")
def test_chat_is_recognised_however_it_is_put(text: str, code: str) -> None:
    assert small_talk(text) == code


@each(
    "text", ["Not right now", "nothing more?", "thank you gift policy", "hi-vis", "Thanks for that, but what about it"]
)
def test_what_may_ask_is_no_chat(text: str) -> None:
    assert small_talk(text) is None


@each("text, rest")
def test_chat_before_a_question_is_taken_off(text: str, rest: str) -> None:
    assert without_chat(text) == rest


@each("question")
def test_what_the_manual_may_know_is_no_chat(question: str) -> None:
    assert small_talk(question) is None


@each("text")
def test_what_somebody_else_was_told_is_no_complaint_about_the_bot(text: str) -> None:
    assert small_talk(text) is None


@each("text")
def test_what_the_asker_meant_is_one(text: str) -> None:
    assert small_talk(text) == "complaint"
