import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.confidence import shares_a_word
from bot.answering.scoring import Reading
from bot.answering.tables import Table, interval, picked, table
from knowledge.text.sentences import units
from knowledge.types import Passage
from tests.rows import each

DAY, YEAR = 1.0, 365.25
NOTICE = ["up to 2 years", "more than 2 and up to 5 years", "more than 5 and up to 10 years", "more than 10 years"]
VALUE = ["up to 1,000 euros", "up to 10,000 euros", "up to 100,000 euros", "above 100,000 euros"]
HEAT = ["below 26 °C", "26 °C to 30 °C", "above 30 °C up to 35 °C", "above 35 °C"]
ABSENCE = ["less than 8 hours", "8 hours and more"]


@each(
    "text, low, high, ends",
    [
        ("more than 2 and up to 5 years", 2 * YEAR, 5 * YEAR, (True, False)),
        ("up to 10,000 euros", -math.inf, 10_000, (False, False)),
        ("8 hours and more", 8 / 24, math.inf, (False, False)),
        ("less than 3 km", -math.inf, 3, (False, True)),
        ("5-10 days", 5, 10, (False, False)),
        ("between 2 and 4 weeks", 14, 28, (False, False)),
        ("not more than 4 weeks", -math.inf, 28, (False, False)),
        ("at least 8 but less than 14 hours", 8 / 24, 14 / 24, (False, True)),
        ("over 14 km", 14, math.inf, (True, False)),
        ("10+ years", 10 * YEAR, math.inf, (False, False)),
        ("3 days or less", -math.inf, 3, (False, False)),
        ("Grade 10 and above", 10, math.inf, (False, False)),
        ("mehr als 2 bis 5 Jahre", 2 * YEAR, 5 * YEAR, (True, False)),
        ("60 dB bis unter 70 dB", 60, 70, (False, True)),
        ("12 to under 20 kg", 12, 20, (False, True)),
        ("never more than 4 weeks", -math.inf, 28, (False, False)),
        ("over 14 days: 20 euros", 14, math.inf, (True, False)),
        ("3 yıldan fazla", 3 * YEAR, math.inf, (True, False)),
        ("3 yıldan fazla 8 yıla kadar", 3 * YEAR, 8 * YEAR, (True, False)),
        ("10 km altında", -math.inf, 10, (False, True)),
        ("40 kg ve üzeri", 40, math.inf, (False, False)),
        ("supérieur à 90 jours", 90, math.inf, (True, False)),
        ("de 5 a 10 días", 5, 10, (False, False)),
        ("inferior a 3 km", -math.inf, 3, (False, True)),
    ],
)
def test_a_range_in_words_is_an_interval(text: str, low: float, high: float, ends: tuple[bool, bool]) -> None:
    found = interval(text)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((low, high)) and (found.open_low, found.open_high) == ends


def test_figures_with_other_words_between_them_are_no_range() -> None:
    leave = ["Child under 18, or stillbirth after 24 weeks", "Pregnancy loss under 24 weeks", "Loss after 30 weeks"]
    assert picked("my wife miscarried at 11 weeks", leave) == {1}


def test_a_column_of_various_figures_tells_no_row() -> None:
    plan = [
        "Age 18 and 60 days of service",
        "4% of pay, unless declined",
        "100% of the first 3%",
        "1% a year, up to 10%",
    ]
    assert picked("if I put in 4%", plan, key=False) is None


@each(
    "question, entries, row",
    [
        ("How much notice after six years?", NOTICE, 2),
        ("with 18 months in", NOTICE, 0),
        ("ten years", NOTICE, 2),
        ("more than ten years", NOTICE, 3),
        ("I've been here for a year", NOTICE, 0),
        ("something for 8,000 euros", VALUE, 1),
        ("a €150,000 machine", VALUE, 3),
        ("how much do I get a day for a ten-hour trip?", ABSENCE, 1),
        ("an absence of 8 hours", ABSENCE, 1),
        ("What applies at 30 degrees?", HEAT, 1),
        ("outdoors at 33 °C", HEAT, 2),
        ("after two hours", ["60 to 119 minutes", "120 to 239 minutes", "240 minutes or more"], 1),
        ("a box of 6 cubic metres", ["bis 2 m³", "mehr als 2 m³ bis 8 m³", "mehr als 8 m³"], 1),
        ("bei 66 Dezibel", ["under 60 dB", "60 to 80 dB", "over 80 dB"], 1),
        ("the cap for a grade G6 employee for 3 nights", ["G1–G4", "G5–G7", "G8 and above"], 1),
        ("pay grade E15", ["E9 to E11", "E12 to E14", "above E14"], 2),
        (
            "notice after 7 years",
            [f"{a} years of service to {b} years of service" for a, b in ((0, 2), (2, 5), (5, 10))],
            2,
        ),
        ("bei 27 Grad", ["20 Grad warm bis 26 Grad warm", "26 Grad warm bis 30 Grad warm", "über 30 Grad"], 1),
        ("a gift of 40 euros", ["up to 30 euros", "30 euros in value to 50 euros in value", "above 50 euros"], 1),
        ("I am in grade 11", ["grade 1 to 5", "grade 6-9", "Grade 10 and above"], 2),
    ],
)
def test_the_row_that_holds_the_figure_is_picked(question: str, entries: list[str], row: int) -> None:
    assert picked(question, entries) == {row}


@each(
    "question, entries",
    [
        ("What is the notice period?", NOTICE),
        ("for 100 dollars", VALUE),
        ("How many days a year?", NOTICE),
        ("after six years", ["France", "Japan"]),
        ("after six years", ["2 years", "6 years"]),  # values, not ranges
    ],
)
def test_where_nothing_can_be_told_no_row_is_picked(question: str, entries: list[str]) -> None:
    assert picked(question, entries) is None


@given(st.lists(st.integers(1, 60), min_size=2, max_size=6, unique=True).map(sorted), st.integers(1, 70))
def test_the_picked_row_is_the_one_that_arithmetic_gives(bounds: list[int], years: int) -> None:
    entries = [f"up to {bounds[0]} years"]
    entries += [f"more than {a} and up to {b} years" for a, b in pairwise(bounds)]
    entries.append(f"more than {bounds[-1]} years")
    found = picked(f"after {years} years", entries)
    assert found is None or found == {sum(bound < years for bound in bounds)}
    if bounds[0] >= 10 and years >= 10:
        assert found is not None


@each(
    "question, name, entries, row",
    [
        ("My son is five, what do we pay?", "Age", ["under 6", "6-14", "15-20", "from 21"], 0),
        ("for my 14 year old daughter", "Age", ["under 6", "6-14", "15-20", "from 21"], 1),
        ("a relative who is 18", "Alter", ["unter 6", "6-14", "15-20", "ab 21"], 2),
        ("after two years", "Months of service", ["0-3", "4-12", "13-60", "over 60"], 2),
        ("a city of 3 million", "Inhabitants", ["under 100,000", "100,000 to 1 million", "over 1 million"], 2),
        ("a town with 60,000 people", "Inhabitants", ["under 100,000", "100,000 to 1 million", "over 1 million"], 0),
        ("a talk for 30 people", "Guests", ["1 to 12", "13 to 40", "over 40"], 1),
        ("für 30 Personen", "Besucher", ["1 bis 12", "13 bis 40", "mehr als 40"], 1),
        ("30 dogs", "Guests", ["1 to 12", "13 to 40", "over 40"], None),
        ("we need 150 copies", "Print run", ["1–99", "100–999", "1,000 and more"], 1),
        ("Druck von 2500 Heften, welche Auflage", "Auflage", ["1–99", "100–999", "ab 1.000"], 2),
        ("Puanım 72 olursa", "Sınav puanı", ["0–49", "50–79", "80 ve üzeri"], 1),
        ("the rules of 2026", "Inhabitants", ["under 1,000", "1,000 to 100,000", "over 100,000"], None),
    ],
)
def test_a_figure_is_taken_for_what_the_column_counts(
    question: str, name: str, entries: list[str], row: int | None
) -> None:
    rows = {n: (entry, f"{n} euros") for n, entry in enumerate(entries)}
    assert Table(None, (name, "Fee"), rows).picked(question) == (frozenset() if row is None else {row})


@each(
    "entries, question, row",
    [
        (["moins de 4 kg", "de 4 à 9 kg", "plus de 9 kg"], "colis de 5 kg", 1),
        (["moins de 4 kg", "de 4 à 9 kg", "plus de 9 kg"], "colis de 3 kg", 0),
        (["hasta 20 km", "más de 20 hasta 50 km", "más de 50 km"], "viaje de 30 km", 1),
        (["hasta 20 km", "más de 20 hasta 50 km", "más de 50 km"], "viaje de 80 km", 2),
    ],
)
def test_ranges_in_french_and_spanish(entries: list[str], question: str, row: int) -> None:
    assert picked(question, entries) == {row}


def test_a_range_heads_no_other_ranges() -> None:
    text = "1 to 3 days | the lead\n4 to 10 days | the head\nover 10 days | the board"
    found = table(text, units(text, ()), 1)
    assert found.head is None
    assert found.picked("Who approves two days of absence?") == frozenset({0})
    assert found.picked("Who approves three weeks of absence?") == frozenset({2})


def test_a_header_may_have_figures_where_only_the_rows_begin_with_one() -> None:
    text = "Power | Up to 2 shifts | 3 shifts\nup to 5 kW | yearly | monthly\nover 5 kW | monthly | weekly"
    assert table(text, units(text, ()), 1).in_words(1) == "Power: up to 5 kW; Up to 2 shifts: yearly; 3 shifts: monthly"


@each(
    "question, language, title, text, is_shared",
    [
        ("Welche Gebühr bei 30 kg?", "de", "Pakete", "Gewicht | Gebühr\nbis 20 kg | 5 Euro\nüber 20 kg | 9 Euro", True),
        ("5 yıl için izin?", "tr", "Yıllık izin", "Kıdem | Süre\n6 yıla kadar | 14 gün\n6 yıldan fazla | 20 gün", True),
        (
            "Wie hoch ist der Zuschuss?",
            "de",
            "Pakete",
            "Gewicht | Kosten\nbis 20 kg | 5 Euro\nab 20 kg | 9 Euro",
            False,
        ),
        ("Gibt es einen Betriebsrat?", "de", "Urlaub", "Der Jahresurlaub beträgt 28 Arbeitstage.", False),
        ("Wie viele Urlaubstage gibt es?", "de", "Freizeit", "Der Jahresurlaub beträgt 28 Arbeitstage.", True),
        ("Was kostet ein Hotel?", "de", "Reisen", "Die Hotelkosten trägt die Firma.", True),
    ],
)
def test_a_row_shares_the_words_of_its_header_and_heading(
    question: str, language: str, title: str, text: str, is_shared: bool
) -> None:
    section = (title,) if language == "tr" else ()
    one = Passage("c1", "d.md", title, section, text, 1.0, language=language)
    reading = Reading(question, [one])
    assert shares_a_word(reading, reading.candidates()[0]) == is_shared
