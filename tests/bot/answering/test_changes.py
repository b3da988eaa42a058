"""What changed between two editions."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from bot import texts
from bot.answering.documents import Documents
from bot.answering.outlines import MOST_CHANGES, changes, compared
from bot.answering.wanted import changes_topic
from bot.types import Verdict
from knowledge.types import Chunk, Found, Passage, Query
from tests.rows import each

TODAY = date(2026, 11, 28)


@each(
    "question, about",
    [
        ("What changed since last year?", ""),
        ("so what’s new in the travel policy", "travel"),
        ("What has changed in bike leasing since 2025", "bike leasing"),
        ("Was hat sich geändert?", ""),
        ("Can you tell me what changed in annual leave?", "annual leave"),
        ("What changed in bike leasing since I joined?", "bike leasing"),
        ("What has changed since the merger?", ""),
        ("How has the sick pay rule changed?", "sick pay"),
        ("Was hat sich seit 2025 beim Urlaub geändert?", "urlaub"),
        ("Was hat sich seit der letzten Ausgabe geändert?", ""),
        ("Yıllık izinde ne değişti?", "yıllık izinde"),
        ("Kannst du mir sagen, was sich beim Urlaub geändert hat?", "urlaub"),
        ("Ne değişti?", ""),
        ("Qu'est-ce qui a changé dans les congés ?", "congés"),
        ("¿Qué ha cambiado en las vacaciones desde 2025?", "vacaciones"),
        ("My address has changed, whom do I tell?", None),
        ("Meine Adresse hat sich geändert", None),
        ("Has my manager changed my shift?", None),
        ("May I change my shift?", None),
        ("How have you changed?", None),
        ("What did you change?", None),
        ("How has your day changed?", None),
        ("how many days of leave changed hands", None),
        ("", None),
    ],
)
def test_what_the_changes_are_wanted_of(question: str, about: str | None) -> None:
    assert changes_topic(question) == about


def document(path: str, title: str, effective: str | None) -> Any:
    return SimpleNamespace(path=path, title=title, version=None, effective=effective, until=None)


DOCUMENTS = [
    document("bike-24.md", "Bike leasing", "2024-01-01"),
    document("bike-26.md", "Bike leasing (2026)", "2026-01-01"),
    document("bike-25.md", "Bike leasing 2025", "2025-01-01"),
    document("bike-27.md", "Bike leasing", "2027-01-01"),  # not in force yet
    document("visa.md", "Visa guide", "2026-03-01"),
    document("canteen.md", "Canteen", None),
]


def test_the_edition_in_force_is_compared_with_the_one_before_it() -> None:
    for about in ("", "bike leasing"):
        [(before, now)] = compared(about, DOCUMENTS, TODAY)
        assert (before.path, now.path) == ("bike-25.md", "bike-26.md")
    assert compared("visa", DOCUMENTS, TODAY) == compared("", [], TODAY) == []


def passage(year: int, text: str, *, standing: str = "", section: str = "Terms", ordinal: int = 0) -> Passage:
    return Passage(
        f"{year}{ordinal}", f"bike-{year}.md", "Bike leasing", (section,), text, 1.0, effective=date(year, 1, 1),
        version=str(year), standing=standing, ordinal=ordinal,
    )  # fmt: skip


OLD = passage(2025, "A bike may cost up to 4,000 euros. The lease lasts 36 months.", standing="edition 2025")
NEW = passage(2026, "A bike may cost up to 5,500 euros. The lease lasts 36 months.")
ADDED = passage(2026, "Helmets are lent at reception.", section="Helmets", ordinal=1)


SAY = texts.of("en").says


def listed(question: str, *passages: Passage) -> list[str]:
    return [one.text.strip() for one in changes(question, "", passages, SAY)]


def test_new_sentences_stand_beside_those_whose_place_they_take_and_the_same_ones_are_left_out() -> None:
    first, second = changes("What changed?", "", [ADDED, OLD, NEW], SAY)
    assert first.text == (
        "- **Bike leasing › Terms**: A bike may cost up to 5,500 euros. "
        "(edition 2025: A bike may cost up to 4,000 euros)"
    )
    assert [(s.source, s.start) for s in first.supports] == [(3, 0), (2, 0)] and first.verdict is Verdict.SUPPORTED
    assert second.text == "\n- **Bike leasing › Helmets** (new): Helmets are lent at reception."


def test_only_the_sections_that_are_asked_about_are_compared() -> None:
    old = passage(2025, "Helmets are lent by the porter. Locks are free.", standing="edition 2025", section="Helmets")
    wrong = []
    for question, told in (
        ("What changed for helmets?", ["(no longer there)", "there): Locks are free.", "(new): Helmets are lent at"]),
        ("What changed in the terms of bike leasing?", ["up to 5,500 euros."]),
        ("What changed in bike leasing?", ["up to 5,500 euros.", "(no longer there)", "(no longer there)", "(new)"]),
        ("What changed about locks?", ["(no longer there)", "(no longer there)", "(new)"]),
        ("What changed for the price of bike leasing?", []),  # no section names it
    ):
        lines = listed(question, OLD, NEW, ADDED, old)
        if len(lines) != len(told) or any(part not in one for part, one in zip(told, lines, strict=True)):
            wrong.append((question, lines))
    assert wrong == []


def test_the_askers_words_count_first_then_the_glossarys_then_the_document_it_names() -> None:
    leave = [
        passage(year, f"{kind} leave is {days + year} days.", section=f"{kind} leave", ordinal=n)
        for year in (2025, 2026)
        for n, (kind, days) in enumerate({"Annual": 20, "Study": 5, "Illness": 30}.items())
    ]
    wrong = []
    for question, put, passages, told in (
        ("study leave", "degree programme leave", leave, ["Study leave**"]),
        ("sick leave", "sick illness leave", leave, ["Illness leave**"]),
        ("vacation", "annual leave paid time off", leave, ["Annual leave**"]),
        ("sabbatical leave", "time out days leave", leave, []),
        ("e-scooters", "helmet", [OLD, NEW, ADDED], ["reception"]),
        ("e-scooters", "bike", [OLD, NEW, ADDED], ["up to 5,500 euros.", "reception"]),
        ("the terms for e-scooters", "terms for bike", [OLD, NEW, ADDED], ["up to 5,500 euros."]),
    ):
        lines = [one.text for one in changes(f"What changed in {question}?", put, passages, SAY)]
        if len(lines) != len(told) or any(part not in one for part, one in zip(told, lines, strict=True)):
            wrong.append((question, lines))
    assert wrong == []


def test_what_was_there_before_comes_first_and_where_more_changed_is_told() -> None:
    many = [
        passage(2026, f"Item {word} is kept in the {word} room by {word} owners.", section=f"{word} tools", ordinal=n)
        for n, word in enumerate(("red", "green", "blue", "black", "white", "pink", "grey", "brown", "gold", "tin"), 2)
    ]
    lines = listed("What changed?", *many, OLD, NEW)
    assert len(lines) == MOST_CHANGES + 1 and "5,500" in lines[0] and all("(new)" in one for one in lines[1:-1])
    assert lines[-1] == "Changes not listed here: 1 (“tin tools”). Ask what changed in one of them."


def test_without_a_second_edition_the_question_or_a_difference_nothing_is_listed() -> None:
    assert listed("What changed?", NEW, ADDED) == []
    assert listed("How much may a bike cost?", OLD, NEW) == []
    same = passage(2025, NEW.text, standing="edition 2025")
    assert listed("What changed?", NEW, same) == []
    told, *kept = listed("What changed in the terms?", NEW, same)
    assert told == SAY["unchanged"] and " ".join(one.split("**: ")[1] for one in kept) == NEW.text


def test_a_document_named_in_other_words_is_compared_wherever_it_stands_among_the_others() -> None:
    stated = [
        document(f"{name}-{year}.md", f"{name} guide", f"{year}-01-01")
        for name in ("Visa", "Travel", "Canteen", "Bicycle")
        for year in (2024, 2025)
    ]
    catalog: Any = SimpleNamespace(
        collection=lambda _: SimpleNamespace(generation=1),
        stated=lambda _: stated,
        outline=lambda _: [(one.path, one.path) for one in stated],
        chunks=lambda _, keys: {key: Chunk(key, key, "Guide", (), 0, "Text.") for key in keys},
    )
    searched: list[str] = []

    def search(query: Query) -> Found:
        searched.append(query.texts[0][0])
        return Found((replace(NEW, document="Bicycle-2025.md"),) if query.texts[0][0] else (), 1)

    def found(question: str) -> list[str]:
        query = Query(((question, 1.0),))
        documents = Documents(retriever, catalog, lambda: datetime(2026, 11, 28, tzinfo=UTC))
        return [p.document for p in asyncio.run(documents.search(query, ["default"])).passages]

    retriever: Any = SimpleNamespace(search=search)
    assert found("What changed in bike leasing?") == ["Bicycle-2025.md", "Bicycle-2024.md"]
    stated.clear()
    searched.clear()
    found("What changed?")
    assert "" not in searched
