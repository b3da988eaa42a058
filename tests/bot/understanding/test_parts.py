"""Which messages are several questions."""

from bot.understanding.parts import parts
from tests.rows import each


@each("text, count")
def test_only_safe_cuts_are_made(text: str, count: int) -> None:
    assert len(parts(text)) == count
    if count == 1:
        assert parts(text) == (text,)


@each("text")
def test_several_codes_stay_in_one_question(text: str) -> None:
    assert parts(text) == (text,)
