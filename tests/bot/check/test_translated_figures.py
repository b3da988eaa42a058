"""The veto on answers in another language than the manual's: lies of figures stopped, true ones left alone."""

import pytest

from bot.check.claims import Claim, prepare, veto
from knowledge.types import Passage
from tests.rows import each

MANUAL = """Data abroad costs at most 15 euros a day. Drivers are paid $0.62 per mile. The removal firm is paid
after two quotes. Requests are open until 5:30 p.m., and until March 31. Bills are paid on the 15th of a month. Badges
expire after 24 hours. Rights are reviewed twice a year. Who leaves pays back one twenty-fourth.
Up to 1,200 euros are paid."""


def ruled(text: str, manual: str = MANUAL) -> str:
    ruling = veto(Claim(text, "sentence"), prepare([Passage("c", "d", "", (), manual, 1.0)]), "")
    return ruling.about if ruling else ""


@each("text")
def test_a_true_figure_in_another_language_is_left_alone(text: str) -> None:
    assert ruled(text) == ""


@each("text, about")
def test_a_false_figure_in_another_language_is_never_shown(text: str, about: str) -> None:
    assert ruled(text) == about


@each("said, manual")
def test_a_month_is_known_however_a_source_writes_it(said: str, manual: str) -> None:
    assert (ruled(said, manual), ruled("Im November", manual)) == ("", "november")


@each(
    "said, about",
    [("en mayo", "mayo"), ("In March", "march"), ("en juin", "juin"), ("May 2", "May 2"), ("bis 29.9.", "29.9")],
)
def test_a_word_that_may_be_a_month_is_none_of_the_source_s(said: str, about: str) -> None:
    assert ruled(said, "You may march in when you are over 30. Frist: 30.9.") == about


@each(
    "said, manual, about",
    [
        ("within 15 working days", "within 15 days", "15 working days"),
        ("binnen 15 Arbeitstagen", "within 15 days", "15 Arbeitstagen"),
        ("binnen 15 Arbeitstagen", "within 15 days; office days are working days", ""),
        ("within 15 calendar days", "binnen 15 Kalendertagen", ""),
        ("On working days it is open", "Open Monday to Friday", ""),
    ],
)
def test_days_are_working_days_only_where_a_source_says_so(said: str, manual: str, about: str) -> None:
    assert ruled(said, manual) == about


def test_a_month_of_the_asker_is_known_without_its_capital() -> None:
    sources = prepare([Passage("c", "d", "", (), "You may apply.", 1.0)])
    assert veto(Claim("In May you can apply", "sentence"), sources, "can i apply in may?") is None


@each(
    "said, about",
    [
        ("Urgent changes between two editions are announced", ""),
        ("Zwischen zwei Ausgaben werden dringende Änderungen angekündigt", ""),
        ("Entre deux éditions, les changements urgents sont annoncés", ""),
        ("Urgent changes between three editions are announced", "three"),
        ("Two urgent changes are announced", "Two"),
    ],
)
def test_between_two_counts_nothing(said: str, about: str) -> None:
    assert ruled(said, "Between editions, urgent changes are announced.") == about


@pytest.mark.parametrize(("said", "about"), [("There are 45 lockers", "45"), ("The model year 1973 counts", "")])
def test_digits_grown_together_with_a_word_are_known_only_as_a_year(said: str, about: str) -> None:
    assert ruled(said, "Hand in form A45. The model year1973 counts. Lockers are free.") == about
