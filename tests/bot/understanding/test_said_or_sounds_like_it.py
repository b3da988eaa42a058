"""What was heard, or missed, by one wording alone: its siblings in five languages, and what only sounds like it."""

from __future__ import annotations

from bot.understanding.topics import matter
from tests.rows import each


@each("text, kind")
def test_an_emergency_befalls_people_and_not_things(text: str, kind: str | None) -> None:
    assert matter(text) == kind
