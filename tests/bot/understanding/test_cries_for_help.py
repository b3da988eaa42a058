"""Who wants to die, as people write it: capitals, no accents, "wanna", separable verbs; and sentences like these."""

from __future__ import annotations

from bot.understanding.topics import NOTHING, confided, matter, topic
from tests.rows import each


@each("text")
def test_a_cry_for_help_is_heard_whatever_its_meaning_comes_near_to(text: str) -> None:
    assert matter(text, likely=lambda _: NOTHING) == topic(text, likely=lambda _: NOTHING) == "self_harm"
    assert confided(text, lambda _: NOTHING) == (None, "self_harm")


@each("text")
def test_what_sounds_like_one_is_none(text: str) -> None:
    assert "self_harm" not in (matter(text), topic(text))
