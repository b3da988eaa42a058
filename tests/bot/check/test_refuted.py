"""A verifier that says yes, with a quote whose own words say something else."""

# ruff: noqa: E501 - cases read best on one line

import json
from dataclasses import replace

import pytest

from knowledge.types import Passage
from tests.bot.check.test_checker import run
from tests.bot.check.test_examples import Says
from tests.rows import each

TEXT = """Smoking is not allowed in company vehicles. School fees are not paid.
Reports are filed within 30 days after the journey. Reports that arrive later than 90 days are lost.
On Fridays lunch ends at 13:15 and not later. Nobody is on call for more than one week in four.
The canteen is closed in the second week of August. The offer began on 1 May 2018.
There is no right to a fixed desk for people who work from home. Orders above 500 euros go to the head of department.
Each call-out counts as at least one hour. Damage is reported before the tool is given back. Bonuses are part of the gross
salary. Hours above 60 are lost unless the manager ordered them. Budgets are 60 euros per person and quarter.
Salaries come on the working day before. Applications are kept for 6 months. Lockers are free for 30 minutes.
Work must not exceed ten hours. Larger ones need approval by the head, with approval of the board.
The introduction is mandatory. Study leave is unpaid.
The bus leaves at 6:15 and is back at 16:40. Records are approved by the fifth day of the following month.
Two quotes are needed from 5,000 euros, three from 25,000 euros.
Entry is without a health check. Requests come in May at the latest. It is due at the beginning of a month.
Illness has to be reported in writing.
| Occasion | Working days |
| --- | --- |
| moving house | 1 |
| own wedding | 2 |
"""
MANUAL = Passage("c", "handbook.pdf", "Handbook", (), TEXT, 1.0)


def reason(said: str, quote: str, manual: Passage = MANUAL, asked: str = "", today: str = "") -> str:
    """Why it was held back; "" when it was shown."""
    row = {"id": 1, "supported": True, "quote": quote, "source": 1, "wrong": ""}
    verifier = Says(json.dumps({"claims": [row]}))
    _, checker = run(f"{said.rstrip('.')} [1].", sources=[manual], verifier=verifier, asked=asked, today=today)
    return checker.held_back[0].reason if checker.held_back else ""


@each("true, lie, quote, why")
def test_the_quote_itself_refutes_what_the_verifier_accepts(true: str, lie: str, quote: str, why: str) -> None:
    assert (reason(true, quote), reason(lie, quote)) == ("", why)


@each("said, quote")
def test_what_may_be_meant_is_left_to_the_verifier(said: str, quote: str) -> None:
    assert reason(said, quote) == ""


RULES = Passage(
    "d",
    "handbook.pdf",
    "Handbook",
    (),
    """Leave of up to five days is requested two weeks ahead, and longer leave two months ahead.
Enterprise means 501 - 2.5k developers and >$100k a year. A score of 30% or higher is healthy, 20% or less is poor.
The company tops up sick pay to 90 percent of salary. A verbal approval doesn't count. Drills take place twice a year.
Annual leave is 30 days. Part-time staff get their share. The year of joining counts by months. After twenty years of
service there are three additional days. Carers are absent for ten days, five of them paid.""",
    1.0,
)


@each(
    "said, quote",
    [
        ("For anything over five days ask two months ahead", RULES.text.partition("\n")[0]),
        ("Enterprise means 501 to 2,500 developers and above $100k a year", "501 - 2.5k developers and >$100k a year"),
        ("A score of at least 30% is healthy, 20% or lower is poor", "30% or higher is healthy, 20% or less is poor"),
        ("The company tops your sick pay up to 90% of salary", "tops up sick pay to 90 percent of salary"),
        ("Carers may be away for ten days, five of those ten are paid", "Carers are absent for ten days"),
        ("A spoken approval is invalid", "A verbal approval doesn't count"),
        ("Von zwei Übungen im Jahr ist die Rede", "Drills take place twice a year"),
        ("After twenty years you get three more days on top of the usual thirty", "there are three additional days"),
    ],
)
def test_what_says_the_same_in_other_words_is_shown(said: str, quote: str) -> None:
    assert reason(said, quote, RULES) == ""


@each(
    "lie, quote, why",
    [
        ("Enterprise means 501 to 25,000 developers", "501 - 2.5k developers", "figure"),
        ("The company tops your sick pay up to 80% of salary", "tops up sick pay to 90 percent of salary", "figure"),
        ("After twenty years you get three more days on top of the usual forty", "three additional days", "figure"),
    ],
)
def test_and_what_does_not_is_held_back(lie: str, quote: str, why: str) -> None:
    assert reason(lie, quote, RULES) == why


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (
            "Claims are due within 30 days; a claim older than 30 days is refused.",
            "Claims are due within 30 days; in exceptional cases within 60 days.",
        ),
        (
            "Meals are paid up to 40 euros; anything above 40 euros is yours.",
            "Meals up to 40 euros are paid, 25 euros for breakfast.",
        ),
    ],
)
def test_a_correct_figure_may_be_said_twice(said: str, text: str) -> None:
    assert reason(said, text, replace(RULES, text=text)) == ""


def test_a_heading_proves_no_figure() -> None:
    source = Passage(
        "c",
        "d.md",
        "Handbook",
        ("12.4 Screens",),
        "12.4 Screens\nEye tests come every two years. Chairs last three years.",
        1.0,
    )
    row = {"id": 1, "supported": True, "quote": "12.4 Screens", "source": 1}
    _, checker = run(
        "Sehtests gibt es alle drei Jahre [1].", sources=[source], verifier=Says(json.dumps({"claims": [row]}))
    )
    assert [held.reason for held in checker.held_back] == ["figure"]


@each(
    "said, why",
    [
        ("The workplace is assessed within a week", ""),
        ("The workplace is assessed within a month", "figure"),  # "a month" is one month here
        ("Nobody works there more than 20 hours a month", ""),
        ("Nobody is on call for more than one week in four", ""),
        ("Nobody is on call for more than one week in three", "figure"),  # the section's number is no evidence
    ],
)
def test_a_month_is_a_figure_behind_within_and_a_sections_number_is_none(said: str, why: str) -> None:
    text = (
        "The workplace is assessed within one week. Nobody is on call for more than one week in four. "
        "Nobody works there more than 20 hours a month."
    )
    manual = replace(MANUAL, section=("3 Working time",), text=text)
    quote = next(one for one in text.split(". ") if one.split()[:2] == said.split()[:2] and said[:12] == one[:12])
    assert reason(said, quote, manual) == why


BRIEFLY = """The chamber runs from minus 40 to plus 180 degrees. Tests of more than 72 hours are approved by the head of the laboratory.
If you do not acknowledge within 10 minutes, someone else is paged. A certificate must come from a medical doctor.
A theft is reported to the desk within one hour of being noticed, by telephone 4444. The probation period is six months.
It may be shortened to three months for people who return to Halden within two years."""


@each(
    "true, lie, quote, why",
    [
        (
            "Les essais de plus de 72 heures sont approuvés par le responsable du laboratoire",
            "Les essais de plus de 48 heures sont approuvés par le responsable du laboratoire",
            "approved by the head of the laboratory",
            "figure",
        ),
        (
            "Call the desk on telephone 4444 within one hour of noticing it",
            "Call the desk on telephone 4444 within two hours of noticing it",
            "within one hour of being noticed",
            "figure",
        ),
        (
            "Deneme süresi altı aydır; Halden'a iki yıl içinde dönenler için üç aya indirilebilir",
            "Deneme süresi beş aydır; Halden'a iki yıl içinde dönenler için üç aya indirilebilir",
            "The probation period is six months",
            "figure",
        ),
    ],
)
def test_of_a_few_quoted_words_the_whole_sentence_counts(true: str, lie: str, quote: str, why: str) -> None:
    manual = replace(MANUAL, text=BRIEFLY)
    assert (reason(true, quote, manual), reason(lie, quote, manual)) == ("", why)
