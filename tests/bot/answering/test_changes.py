"""What changed between two editions."""

from datetime import date

import pytest

from bot.answering.outlines import Dated, changes, changes_topic, compared
from bot.types import Verdict
from knowledge.types import Passage

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("What changed since last year?", ""),
        ("so what’s new in the travel policy", "travel"),
        ("What has changed in bike leasing since 2025", "bike leasing"),
        ("Was hat sich geändert?", ""),
        ("May I change my shift?", None),
        ("how many days of leave changed hands", None),
        ("", None),
    ],
)
def test_what_the_changes_are_wanted_of(question: str, about: str | None) -> None:
    assert changes_topic(question) == about


DOCUMENTS = [
    Dated("bike-24.md", "Bike leasing", date(2024, 1, 1)),
    Dated("bike-26.md", "Bike leasing (2026)", date(2026, 1, 1)),
    Dated("bike-25.md", "Bike leasing 2025", date(2025, 1, 1)),
    Dated("bike-27.md", "Bike leasing", date(2027, 1, 1)),  # not in force yet
    Dated("visa.md", "Visa guide", date(2026, 3, 1)),
    Dated("canteen.md", "Canteen", None),
]


def test_the_edition_in_force_is_compared_with_the_one_before_it() -> None:
    assert compared("", DOCUMENTS, TODAY) == [("bike-25.md", "bike-26.md")]
    assert compared("bike leasing", DOCUMENTS, TODAY) == [("bike-25.md", "bike-26.md")]
    assert compared("visa", DOCUMENTS, TODAY) == compared("", [], TODAY) == []


def passage(year: int, text: str, *, standing: str = "", section: str = "Terms", ordinal: int = 0) -> Passage:
    return Passage(
        f"{year}{ordinal}", f"bike-{year}.md", "Bike leasing", (section,), text, 1.0, effective=date(year, 1, 1),
        version=str(year), standing=standing, ordinal=ordinal,
    )  # fmt: skip


OLD = passage(2025, "A bike may cost up to 4,000 euros. The lease lasts 36 months.", standing="edition 2025")
NEW = passage(2026, "A bike may cost up to 5,500 euros. The lease lasts 36 months.")
ADDED = passage(2026, "Helmets are lent at reception.", section="Helmets", ordinal=1)


def test_new_sentences_stand_beside_those_whose_place_they_take_and_the_same_ones_are_left_out() -> None:
    first, second = changes("What changed?", [ADDED, OLD, NEW])
    assert first.text == (
        "- **Bike leasing › Terms**: A bike may cost up to 5,500 euros. "
        "(edition 2025: A bike may cost up to 4,000 euros)"
    )
    assert [(s.source, s.start) for s in first.supports] == [(3, 0), (2, 0)] and first.verdict is Verdict.SUPPORTED
    assert second.text == "\n- **Bike leasing › Helmets**: Helmets are lent at reception."


def test_without_a_second_edition_or_the_question_nothing_is_compared() -> None:
    assert changes("What changed?", [NEW, ADDED]) == []
    assert changes("How much may a bike cost?", [OLD, NEW]) == []
    assert changes("What changed?", [NEW, passage(2025, NEW.text, standing="edition 2025")]) == []
