"""What people tell in passing: somebody who has died since, a child with a fever, a click, a dispute to settle."""

from __future__ import annotations

from bot.types import Question, Turn
from bot.understanding.follow_up import resolve
from bot.understanding.topics import instead, matter
from tests.rows import each


@each("text")
def test_who_has_died_since_is_mourned(text: str) -> None:
    assert matter(text) == "bereaved"


@each("text, kind")
def test_who_lives_is_not_mourned(text: str, kind: str | None) -> None:
    assert matter(text) == kind


@each("text")
def test_a_child_with_a_fever_is_somebody_ill(text: str) -> None:
    assert matter(text, likely=lambda _: "bereaved") == "relative"


def test_a_sick_child_gets_the_days_for_one() -> None:
    assert "sickness of a child" in instead("relative", "en", "my little one's burning up, can't come in")[0]
    assert "care leave" in instead("relative", "en", "my mother is in hospital")[0]


@each("text")
def test_other_heat_is_no_illness(text: str) -> None:
    assert matter(text) is None


@each("text")
def test_a_click_told_in_passing_is_one(text: str) -> None:
    assert matter(text) == "clicked"


@each("text")
def test_a_click_alone_or_a_login_that_fails_is_none(text: str) -> None:
    assert matter(text) is None


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


@each("text")
def test_what_lies_at_home_is_not_lost_by_its_meaning(text: str) -> None:
    assert matter(text, likely=lambda _: "device") is None


@each("text")
def test_what_lies_elsewhere_may_be_lost(text: str) -> None:
    assert matter(text, likely=lambda _: "device") == "device"


@each("text")
def test_whose_days_are_dark_is_comforted_and_nobody_mourned(text: str) -> None:
    assert matter(text, likely=lambda _: "bereaved") == "strain"


@each("text")
def test_dark_rooms_and_lost_jobs_are_neither(text: str) -> None:
    assert matter(text) is None


def test_a_death_behind_a_lost_job_is_mourned() -> None:
    assert matter("my husband lost his job and now my mother died") == "bereaved"
    assert matter("since the funeral he lost his job", likely=lambda _: "bereaved") == "bereaved"
