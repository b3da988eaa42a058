"""A figure that an example works out rightly from the rule is shown where the verifier agrees; a wrong one never is."""

# ruff: noqa: E501 - cases read best on one line

import json

from knowledge.types import Passage
from tests.bot.check.test_checker import run
from tests.bot.check.test_examples import Says
from tests.rows import each

ALLOWANCE = "The daily allowance is 16 euros for 8 hours and more, and 32 euros for a full 24 hours."
MEALS = (
    "Meals that are provided are deducted: 20 percent for breakfast, 40 percent for lunch and 40 percent for dinner."
)
CAR = "Journeys by private car are paid at 0.35 euros per kilometre."
LEAVE = "Annual leave is 30 working days. Employees who have completed ten years of service have two additional days."
PARKING = "Parking costs 45 euros a month, of which the company pays half."
SOURCES = [
    Passage(f"c{n}", "d.md", "Manual", (), text, 1.0) for n, text in enumerate((f"{ALLOWANCE} {MEALS}", CAR, LEAVE, PARKING), 1)
]  # fmt: skip


def why(said: str, quote: str, asked: str = "") -> str:
    """Why it is held back beside a verifier that accepts it; "" where it is shown."""
    source = next(n for n, one in enumerate(SOURCES, 1) if quote in one.text)
    row = {"id": 1, "supported": True, "quote": quote, "source": source}
    _, checker = run(f"{said} [{source}].", sources=SOURCES, verifier=Says(json.dumps({"claims": [row]})), asked=asked)
    return checker.held_back[0].reason if checker.held_back else ""


@each(
    "right, wrong, quote",
    [
        ("For example, if lunch is provided on a full day, you would receive 19.20 euros (32 − 12.80)", "For example, if lunch is provided on a full day, you would receive 21.60 euros (32 − 12.80)", "40 percent for lunch"),
        ("**Please note:** if you drive 200 km, that's 70 euros", "**Please note:** if you drive 200 km, that's 75 euros", "0.35 euros per kilometre"),
        ("For instance, a trip of 150 km gives €52.50", "For instance, a trip of 150 km gives €62.50", "0.35 euros per kilometre"),
        ("So three full days would be 96 euros", "So three full days would be 69 euros", "32 euros for a full 24 hours"),
        ("Breakfast and lunch together cost you 60 percent, that's 19.20 euros", "Breakfast and lunch together cost you 70 percent, that's 22.40 euros", "20 percent for breakfast, 40 percent for lunch"),
        ("After ten years two days are added, which makes 32 days in total", "After ten years two days are added, which makes 33 days in total", "two additional days"),
        ("The company pays half, so that's 22.50 euros a month", "The company pays half, so that's 27.50 euros a month", "the company pays half"),
        ("Zum Beispiel bekommen Sie für 200 km 70 Euro", "Zum Beispiel bekommen Sie für 200 km 80 Euro", "0.35 euros per kilometre"),
        ("Nach zehn Dienstjahren kommen zwei Tage hinzu, also haben Sie insgesamt 32 Tage", "Nach zehn Dienstjahren kommen zwei Tage hinzu, also haben Sie insgesamt 35 Tage", "two additional days"),
        ("Par exemple, pour 200 km, cela fait 70 euros", "Par exemple, pour 200 km, cela fait 60 euros", "0.35 euros per kilometre"),
        ("Por ejemplo, por 200 km recibe 70 euros", "Por ejemplo, por 200 km recibe 90 euros", "0.35 euros per kilometre"),
        ("Örneğin 200 km için 70 avro alırsınız", "Örneğin 200 km için 77 avro alırsınız", "0.35 euros per kilometre"),
    ],
)  # fmt: skip
def test_what_an_example_works_out_rightly_is_shown(right: str, wrong: str, quote: str) -> None:
    assert (why(right, quote), why(wrong, quote)) == ("", "figure")


@each(
    "said, quote, asked",
    [
        ("That's 31.50 euros for the trip", "0.35 euros per kilometre", "I drove 90 km, what do I get?"),
        ("For 4 full days this would be 128 euros", "32 euros for a full 24 hours", "What do I get for 4 full days?"),
    ],
)
def test_the_askers_figures_may_be_worked_with(said: str, quote: str, asked: str) -> None:
    assert why(said, quote, asked) == ""


@each(
    "said, quote",
    [
        ("For example, a room costs up to 170 euros", "The daily allowance is 16 euros"),  # follows from nothing
        ("You get 70 euros for a trip of 200 km", "0.35 euros per kilometre"),  # is said as the rule
        ("For example, after ten years you get 35 days (30 + 5)", "Annual leave is 30 working days"),  # 5 is invented
        ("That makes 38 days: 30 + 8", "Annual leave is 30 working days"),
        ("For example, 70 euros are paid at 200 km", "0.35 euros per kilometre"),  # its own figure stands behind
        ("For example, a lunch of 37 euros is paid", "40 percent for lunch"),
        ("Örneğin 34 gün izin vardır", "Annual leave is 30 working days"),
        ("Zum Beispiel gibt es 48 Euro", "The daily allowance is 16 euros"),
    ],
)
def test_an_example_alone_lends_no_figure(said: str, quote: str) -> None:
    assert why(said, quote) == "figure"
