from datetime import date

import pytest

from bot.answering.editions import in_force
from bot.answering.quoting import quote
from knowledge.types import Passage

TODAY = date(2026, 11, 28)


def edition(year: int, cost: str, *, title: str = "Bicycle leasing", version: str | None = None) -> Passage:
    text = f"A leased bicycle may cost up to {cost} euros."
    document = f"bike-{year}.md"
    return Passage(
        f"c{year}", document, title, ("Terms",), text, 1.0, effective=date(year, 1, 1), version=version or str(year)
    )


OLD, NOW, AHEAD = edition(2025, "4,000"), edition(2026, "5,500"), edition(2027, "6,000")
OTHER = Passage("other", "lease.md", "Bicycle leasing", (), "The lease lasts 36 months.", 0.5)


def shown(question: str, *passages: Passage) -> list[tuple[str, str]]:
    return [(p.chunk_id, p.standing) for p in in_force(passages, question, TODAY)]


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("How much may a leased bicycle cost?", [("c2026", "")]),
        ("How much could a leased bicycle cost in 2025?", [("c2025", "edition 2025")]),
        ("What did the old bicycle rules allow?", [("c2025", "edition 2025")]),
        ("What was last year's bicycle limit?", [("c2025", "edition 2025")]),
        ("How much may a four-month-old bicycle cost, with prior approval?", [("c2026", "")]),
        ("What has changed since 2025?", [("c2025", "edition 2025"), ("c2026", "")]),
        ("What is the difference between the editions?", [("c2025", "edition 2025"), ("c2026", "")]),
    ],
)
def test_an_older_edition_is_kept_only_when_it_is_asked_for(question: str, kept: list[tuple[str, str]]) -> None:
    assert shown(question, OLD, NOW) == kept


def test_documents_without_a_date_or_with_another_title_supersede_nothing() -> None:
    guide = edition(2024, "9", title="Travel guide")
    assert {key for key, _ in shown("cost?", guide, NOW, OTHER)} == {"c2024", "c2026", "other"}
    versions = edition(2025, "1", title="Leave policy (v1)"), edition(2026, "2", title="Leave policy (v2)")
    assert shown("leave?", *versions) == [("c2026", "")], "a version or year in the title is no other title"
    standards = edition(2025, "1", title="FIPS 199"), edition(2026, "2", title="FIPS 200")
    assert len(shown("standard?", *standards)) == 2


def test_a_version_is_named_by_its_number() -> None:
    one, two = edition(2025, "1", version="2"), edition(2026, "2", version="3.1")
    assert shown("what did version 2 say?", one, two) == [("c2025", "edition 2")]
    assert shown("edition 3.1, please", one, two) == [("c2026", "")]
    assert shown("for 2 bicycles?", one, two) == [("c2026", "")]


def test_what_holds_from_a_later_day_is_said() -> None:
    assert shown("How much may a bicycle cost?", NOW, AHEAD) == [("c2026", "new edition from 2027-01-01")]
    assert shown("What may a bicycle cost next year?", NOW, AHEAD) == [("c2027", "from 2027-01-01")]
    assert shown("What may a bicycle cost in 2027?", OLD, NOW, AHEAD) == [("c2027", "from 2027-01-01")]
    assert shown("How much may a bicycle cost?", AHEAD) == [("c2027", "from 2027-01-01")]


def test_a_quote_says_which_edition_it_is_from() -> None:
    asked = "How much could a leased bicycle cost in 2025?"
    (quoted,) = quote(asked, in_force([OLD, NOW], asked, TODAY))
    assert quoted.text == "A leased bicycle may cost up to 4,000 euros (edition 2025)."
    asked = "How much may a leased bicycle cost?"
    assert quote(asked, in_force([OLD, NOW], asked, TODAY))[0].text == NOW.text
