from dataclasses import replace
from datetime import date

from bot.answering.editions import in_force
from bot.answering.quoting import quote
from knowledge.types import Passage
from tests.rows import each

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


@each(
    "question, kept",
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


def undated(title: str, version: str | None) -> Passage:
    text = f"Guests stay for {title} {version}."
    return Passage(f"{title} {version}", f"{title} {version}.md", title, (), text, 1.0, version=version)


@each(
    "old, new",
    [
        (("Guest policy", "8"), ("Guest policy", "9")),
        (("Guest policy", "3.9"), ("Guest policy", "3.10")),
        (("Guest policy Rev. B", "B"), ("Guest policy Rev. C", "C")),
        (("Guest policy, 9th edition", "9"), ("Guest policy, 10th edition", "10")),
        (("Hausordnung, 2. Auflage", "2"), ("Hausordnung, 3. Auflage", "3")),
        (("Guest policy 2025", None), ("Guest policy 2026", None)),
        (("Guest policy", "2025"), ("Guest policy", "2026")),
    ],
)
def test_a_version_or_a_year_alone_tells_the_newer_edition(old: tuple[str, str], new: tuple[str, str]) -> None:
    one, two = undated(*old), undated(*new)
    assert shown("How long may guests stay?", one, two) == [(two.chunk_id, "")]
    said = old[1] or "2025"
    assert shown(f"How long may guests stay in version {said}?", two, one) == [(one.chunk_id, f"edition {said}")]
    assert len(shown("What changed for guests?", one, two)) == 2


def test_what_can_not_be_compared_supersedes_nothing() -> None:
    dated, none = edition(2026, "5", title="Guest policy", version="9"), undated("Guest policy", None)
    assert len(shown("guests?", dated, none, undated("Guest policy", "8"))) == 3, "a day and a version"
    assert len(shown("guests?", undated("Guest policy", "8"), undated("Host policy", "9"))) == 2
    sites = undated("House rules", "1"), undated("House rules", "2")
    apart = [replace(one, document=f"site {n}/rules.md") for n, one in enumerate(sites)]
    assert len(shown("guests?", *apart)) == 2 and len(shown("guests?", *sites)) == 1, "two sites, no two editions"
    assert shown("guests?", undated("Guest policy 2026", None), undated("Guest policy 2027", None)) == [
        ("Guest policy 2026 None", "new edition from 2027")
    ]


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


@each(
    "heading, question, kept",
    [
        ("9 Parking (until 31 March 2027)", "How much is parking?", True),
        ("9 Parking (until 31 March 2027)", "How much is parking in May 2027?", False),
        ("9 Parking (until 31 March 2026)", "How much is parking?", False),
        ("9 Parking (until 31 March 2026)", "How much was parking in May 2025?", True),
        ("E. Uniform (Edition 2, in force until January 31, 2027)", "Which shirt do I wear in March 2027?", False),
        ("9 Parken (gültig bis 31.12.2025)", "Was kostet Parken?", False),
        ("9 Stationnement (jusqu'au 31 décembre 2025)", "Combien coûte le stationnement ?", False),
        ("9 Aparcamiento (hasta el 31 de diciembre de 2025)", "¿Cuánto cuesta aparcar?", False),
        ("9 Applications until 31 March", "How much is parking?", True),
        ("9 Working until the age of 67", "How much is parking?", True),
        ("9 Parking (until 31 June 2027)", "May I park here on 31 April 2027?", True),
        ("2 Employees hired until 31 December 2015", "I was hired in 2012, what pension do I get?", True),
        ("2 Pension (hired until 31 December 2015)", "What pension do I get?", True),
        ("2 Rente (Eintritt bis 31.12.2015)", "Welche Rente bekomme ich?", True),
        ("2 Contrats conclus jusqu'au 31 décembre 2015", "Quelle retraite ?", True),
    ],
)
def test_a_section_that_has_ended_on_the_day_asked_about_is_not_kept(heading: str, question: str, kept: bool) -> None:
    section = Passage("c", "pay.md", "Pay", (heading, "9.1 Charges"), "Parking is 30 euros a month.", 1.0)
    assert bool(shown(question, section)) == kept
