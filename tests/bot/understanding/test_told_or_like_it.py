"""An emergency or a death, a click or none, a child with a fever: as told, and other collapses, watches and fevers."""

from __future__ import annotations

from bot.understanding.topics import matter
from tests.rows import each


@each("text, kind")
def test_what_happens_is_told_from_what_sounds_like_it(text: str, kind: str | None) -> None:
    assert matter(text) == kind
