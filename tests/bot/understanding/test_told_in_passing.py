"""What people tell in passing: somebody who has died since, a child with a fever, a click, a dispute to settle."""

from __future__ import annotations

from bot.types import Question, Turn
from bot.understanding.follow_up import resolve
from tests.rows import each


@each("text", ["settle this pls", "who's right?", "wer hat recht?", "qui a raison ?", "kim haklı?"])
def test_a_dispute_above_is_what_is_asked(text: str) -> None:
    history = (
        Turn("user", "how long are guest accounts good for anyway?", "B"),
        Turn("user", "three months I think", "C"),
        Turn("user", "no, six", "B"),
    )
    assert "guest accounts" in resolve(Question(id="1", text=text, history=history, speaker="A")).standalone


@each("text")
def test_a_question_with_the_same_words_is_its_own(text: str) -> None:
    history = (Turn("user", "how long are guest accounts good for anyway?", "B"),)
    assert resolve(Question(id="1", text=text, history=history, speaker="A")).own == text
