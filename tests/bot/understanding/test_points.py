"""A pronoun in a question's first clause points back to the answer before; one that its own words name does not."""

from bot.understanding.follow_up import points
from tests.rows import each


@each("text")
def test_what_is_named_by_a_pronoun_alone_stands_before(text: str) -> None:
    assert points(text)


@each("text")
def test_what_the_question_names_itself_is_not_looked_for_before(text: str) -> None:
    assert not points(text)
