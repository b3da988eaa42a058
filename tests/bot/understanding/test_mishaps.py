"""An accident at work, a link that was clicked: told in the first person, and ordinary falls, links and passwords."""

from __future__ import annotations

from bot.understanding.topics import matter
from tests.rows import each


@each("text")
def test_an_ordinary_fall_link_or_password_is_none(text: str) -> None:
    assert matter(text) is None


@each("text")
def test_what_was_opened_and_is_suspected_is_told(text: str) -> None:
    assert matter(text) == "clicked"
