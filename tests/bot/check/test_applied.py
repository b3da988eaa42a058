"""A figure of "So for you: ..." is shown where it follows from the rule and the asker's own; no other ever is."""

import json

from knowledge.text.quantities import quantities
from knowledge.text.sums import worked_out
from knowledge.types import Passage
from tests.bot.check.test_checker import run
from tests.bot.check.test_examples import Says
from tests.rows import each

MANUAL = (
    "Full-time employees receive 27 days of paid annual leave per calendar year. Part-time employees receive leave in "
    "proportion to their hours. Up to 5 unused days may be carried over into the next year. Carried-over days lapse on "
    "31 March, unless the employee was on parental leave.",
    "Hotels are booked through the travel desk (travel@northwind.example, extension 4410). Receipts must be handed in "
    "within 14 days of the end of the trip. A private car is paid at 0.35 euros per kilometre.",
    "Country | Breakfast | Lunch\nGermany | 9 euros | 14 euros\nNorway | 14 euros | 21 euros",
    "Sick employees inform their manager before 9:30 on the first day. A doctor's certificate is required from the "
    "third day of illness. Lost equipment must be reported to the service desk (extension 2222) on the same day.",
    "Parental leave is 20 weeks at full pay for each parent. Gifts worth more than 40 euros must be declined. "
    "Working from another country is limited to 20 working days a year. The probation period is 6 months.",
    "The notice period is three months to the end of a month. Employees pay 25 percent of a course, the company 75 "
    "percent. Overtime on Sundays is compensated in the ratio of 1 to 1.5.",
    "Additional days are granted after ten years. In the year of joining, leave is reduced by one twelfth for each full"
    " month that is missing. The allowance is 28 euros for a full day, 14 euros for the day of arrival. Interns give a "
    "notice of six weeks to the end of a quarter. The core time begins at 10:00.",
    "Deliveries arrive 2 hours before opening. The hall is locked 45 minutes after the last talk.",
)
SOURCES = [Passage(f"c{n}", "d.md", "Handbook", (), text, 1.0) for n, text in enumerate(MANUAL, 1)]
TODAY = "2026-11-30"


def why(said: str, quote: str, asked: str) -> str:
    """Why it is held back beside a verifier that accepts it with those words; "" where it is shown."""
    source = next(n for n, one in enumerate(SOURCES, 1) if quote in one.text)
    row = {"id": 1, "supported": True, "quote": quote, "source": source}
    verifier = Says(json.dumps({"claims": [row]}))
    _, checker = run(f"{said} [{source}].", sources=SOURCES, verifier=verifier, asked=asked, today=TODAY)
    return checker.held_back[0].reason if checker.held_back else ""


@each("said, quote, asked")
def test_what_follows_from_nothing_is_never_shown(said: str, quote: str, asked: str) -> None:
    assert why(said, quote, asked) in ("figure", "personal")


@each("said, quote, asked")
def test_the_rule_applied_rightly_to_the_askers_case_is_shown(said: str, quote: str, asked: str) -> None:
    assert why(said, quote, asked) == ""


def test_days_and_times_of_a_case_are_the_verifiers() -> None:
    asked, rule = "We sail on Thursday, 3 December. When is my first free Sunday?", "Up to 5 unused days"
    assert why("So for you: the first Sunday behind it is 6 December 2026", rule, asked) == ""
    assert why("The first Sunday behind it is 6 December 2026", rule, asked) == "figure"
    assert why("So for you: the first Sunday behind it is 6 December 2026", rule, "When is it?") == "figure"


def test_nothing_is_divided_by_a_zero_of_the_manual() -> None:
    assert worked_out("So for you: 12 euros / 0 = 12 euros", quantities("The first 0 km cost 12 euros.")) == []
