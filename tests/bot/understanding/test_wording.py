import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.small_talk import wording
from tests.rows import each

GOLD = Path(__file__).parents[2] / "eval" / "gold.jsonl"
QUESTIONS = [json.loads(line)["question"] for line in GOLD.read_text(encoding="utf-8").splitlines() if line.strip()]

GREETINGS = [
    "",
    "@policybot ",
    "> ",
    "Q: ",
    "#",
    "FAQ: ",
    "Re: ",
    "1) ",
    "→ ",
    "btw ",
    "hi ",
    "Hi, ",
    "hello there! ",
    "Hey team - ",
    "Good morning everyone, ",
    "Dear all, ",
]
PREAMBLES = [
    "",
    "I hope you're doing well. ",
    "quick question: ",
    "sorry to bother you, ",
    "could you please tell me: ",
    "I was just wondering ",
    "do you know ",
    "I'd like to know ",
    "Please tell me ",
]
ENDINGS = [
    "",
    "?",
    "??",
    " ?",
    "!",
    " please",
    " Thanks!",
    ", thanks in advance",
    "... thank you :)",
    "?\n\nThanks,\nAnna",
]


@each("said, asked")
def test_what_is_asked_is_left(said: str, asked: str) -> None:
    assert wording(said) == asked


@given(
    st.sampled_from(QUESTIONS), st.sampled_from(GREETINGS), st.sampled_from(PREAMBLES), st.sampled_from(ENDINGS),
    st.sampled_from([str, str.lower, str.upper]),
)  # fmt: skip
def test_courtesy_marks_and_capitals_leave_the_same_question(
    question: str, greeting: str, preamble: str, ending: str, written: type[str]
) -> None:
    dressed = written(greeting + preamble + question.rstrip("?.") + ending)
    assert wording(dressed).casefold() == wording(question).casefold()


@given(st.text(max_size=200))
def test_it_is_settled_after_one_look_and_adds_nothing(text: str) -> None:
    once = wording(text)
    assert once in " ".join(text.split())
