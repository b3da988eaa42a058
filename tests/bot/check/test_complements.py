"""The honest sentence that says a rule from its other side, and the lie that looks like it."""

from knowledge.text.figures_alike import foreign_measure
from knowledge.types import Passage
from tests.bot.check.test_checker import run
from tests.bot.check.test_refuted import reason
from tests.rows import each


def held(said: str, quote: str) -> str:
    return reason(said, quote, Passage("c", "handbook.pdf", "Handbook", (), f"{quote}\nThe canteen is open.", 1.0))


@each("said, quote")
def test_what_says_a_rule_from_its_other_side_is_shown(said: str, quote: str) -> None:
    assert not held(said, quote)


@each("text", ["a 5-working-day notice", "5 jours\nouvrables", "FİVE İŞ GÜNÜ"])
def test_working_days_are_found_across_hyphens_lines_and_capitals(text: str) -> None:
    assert not foreign_measure("5 working days", [text])


def test_working_days_of_days_are_nobodys() -> None:
    assert foreign_measure("5 working days", ["5 days of work"])


def test_may_of_may_i_is_no_month() -> None:
    """A user's "may" excuses no invented May; "in may" names the month."""
    said = "Requests are made in May [1]."
    source = Passage("c", "handbook.pdf", "Handbook", (), "Requests are made by the manager.", 1.0)
    _, checker = run(said, sources=[source], asked="may I take leave?")
    assert [held_back.reason for held_back in checker.held_back] == ["figure"]
    _, checker = run(said, sources=[source], asked="who makes requests in may?")
    assert not [one for one in checker.held_back if one.reason == "figure"]
