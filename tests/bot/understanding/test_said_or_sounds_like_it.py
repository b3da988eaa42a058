"""What was heard, or missed, by one wording alone: its siblings in five languages, and what only sounds like it."""

from __future__ import annotations

from bot.understanding.topics import Matter, matter, outside_family, unfit
from tests.rows import each


@each("text, kind")
def test_an_emergency_befalls_people_and_not_things(text: str, kind: str | None) -> None:
    assert matter(text) == kind


@each("text, whom")
def test_who_died_is_named_where_a_manual_seldom_names_them(text: str, whom: str | None) -> None:
    assert outside_family(text) == whom and (whom is None or matter(text) == "bereaved")


@each("kind, row, hurts")
def test_no_row_hurts_whom_it_is_shown_to(kind: Matter | None, row: str, hurts: bool) -> None:
    assert unfit(kind, row) == hurts


def test_no_death_is_told_of_where_a_birth_or_a_wedding_is_asked_about() -> None:
    row = "death of a partner, child or parent"
    assert unfit(None, row, "Meine Frau bekommt ein Kind, wie viele Tage?") and unfit(None, row, "my wedding is in May")
    assert not unfit(None, row, "how many days for the death of a child?")
