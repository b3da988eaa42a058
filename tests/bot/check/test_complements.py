"""The honest sentence that says a rule from its other side, and the lie that looks like it."""

from __future__ import annotations

import pytest

from knowledge.text.contradiction import _phrases, opposites
from knowledge.text.figures_alike import foreign_measure
from knowledge.types import Passage
from tests.bot.check.test_checker import run
from tests.bot.check.test_refuted import reason


def held(said: str, quote: str) -> str:
    return reason(said, quote, Passage("c", "handbook.pdf", "Handbook", (), f"{quote}\nThe canteen is open.", 1.0))


HONEST = [
    ("Without approval the claim is rejected", "Claims are paid only with approval."),
    ("More than 10 hours a day are forbidden", "Working time is at most 10 hours a day."),
    ("More than 10 hours a day is a breach", "Working time is at most 10 hours a day."),
    ("Leave lapses after March", "Leave must be taken before the end of March."),
    ("Leave lapses after 31 March", "Leave must be taken before 31 March."),
    ("Oral agreements are invalid", "Agreements must be in writing."),
    ("Reisen unter 8 Stunden gehen leer aus", "Allowances are paid for trips of more than 8 hours."),
    ("Trips without approval are at your own expense", "Trips are paid with approval of the manager."),
    ("Your net pay is lower", "Tax is deducted from the gross pay."),
    ("Submit it by the end of the month", "Submit it before the start of the next month."),
    ("Orders under 500 euros do not need approval", "Only orders above 500 euros need approval."),
    ("Orders under 500 euros don't have to be approved", "Orders above 500 euros are approved by the head."),
    ("Remote employees can call in", "Employees who are not on site can call in."),
    ("Uzaktan çalışanlar arayabilir", "Employees who are not on site can call in."),
    ("The probation period is 6 months", "The probation period is 6 months and does not depend on age."),
    ("In case of illness call the trainer", "In case you cannot attend, call the trainer."),
    ("Dogs are welcome in the office", "There is no rule against dogs in the office."),
    ("Hunde sind im Büro willkommen", "There is no rule against dogs in the office."),
    ("Die Teilnahme ist freiwillig", "Attendance is not mandatory."),
    ("Ask a week in advance", "Ask 7 days before the month begins."),
    ("Ask 5 working days before", "Give a 5-working-day notice"),
    ("Consultation is on Tuesdays too", "Consultation is from Monday to Thursday."),
    ("It is paid on Tuesday, the day after the Monday run", "Payment runs are on Mondays."),
]
LIES = [
    ("Working time is at least 10 hours a day", "Working time is at most 10 hours a day.", "opposite"),
    ("Leave must be taken after 31 March", "Leave must be taken before 31 March.", "opposite"),
    ("Orders under 500 euros need approval", "Only orders above 500 euros need approval.", "opposite"),
    ("Orders do not need approval", "Orders need approval.", "opposite"),
    ("You do not have to attend", "You must attend.", "opposite"),
    ("Consultation is on Thursdays", "Consultation is on Wednesdays.", "opposite"),
    ("Die Sprechstunde ist donnerstags", "Consultation is on Wednesdays.", "opposite"),
    ("La permanence a lieu le mardi", "Consultation is on Wednesdays.", "opposite"),
    ("Dogs are welcome", "Dogs are not welcome.", "negation"),
    ("Hunde sind willkommen", "Dogs are not welcome.", "negation"),
    ("You may take 2 days a month", "You may take 2 days a week.", "opposite"),
    ("Budgets are 60 euros per person and month", "Budgets are 60 euros per person and quarter.", "opposite"),
]


@pytest.mark.parametrize(("said", "quote"), HONEST)
def test_what_says_a_rule_from_its_other_side_is_shown(said: str, quote: str) -> None:
    assert not held(said, quote)


@pytest.mark.parametrize(("said", "quote", "why"), LIES)
def test_what_turns_it_round_is_held_back(said: str, quote: str, why: str) -> None:
    assert held(said, quote) == why


def test_every_phrase_of_the_lexicon_is_found() -> None:
    missed = [
        phrase
        for phrase, name in opposites().items()
        if name not in ("may_not", "over", "under") and name not in _phrases(" ".join(phrase))
    ]
    assert not missed


@pytest.mark.parametrize("text", ["a 5-working-day notice", "5 jours\nouvrables", "FİVE İŞ GÜNÜ"])
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


@pytest.mark.parametrize(
    ("said", "quote", "why"),
    [
        ("Dogs are allowed on the floor if all agree", "Dogs are allowed on the floor if all agree", ""),
        ("Dogs are never allowed on the floor if all agree", "Dogs are allowed on the floor if all agree", "negation"),
        ("They are allowed in the canteen", "they are never allowed in the canteen", "negation"),
    ],
)
def test_a_not_of_another_clause_than_the_one_quoted_denies_nothing(said: str, quote: str, why: str) -> None:
    text = "Dogs are allowed on the floor if all agree, and they are never allowed in the canteen."
    assert reason(said, quote, Passage("c", "handbook.pdf", "Handbook", (), text, 1.0)) == why
