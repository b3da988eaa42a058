"""Questions about the documents themselves, answered from the record."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from bot import texts, wiring
from bot.answering import editions
from bot.answering.assistant import final
from bot.settings import load
from bot.types import Answer, Outcome, Question, Turn


@pytest.mark.parametrize(
    "text",
    ["Is this still valid?", "is that up to date", "Is the travel policy still in force?",
     "Does this still apply?", "how old is this",
     "Which edition is this?", "When was this last updated?", "Ist das noch aktuell?", "Gilt das noch?",
     "is that still true?", "¿Sigue vigente?"],
)  # fmt: skip
def test_who_asks_whether_it_still_holds(text: str) -> None:
    assert editions.asks_validity(text)
    assert not editions.asks_whom(text)


@pytest.mark.parametrize(
    "text",
    ["Who do I ask about parental leave?", "who should I contact regarding travel",
     "Who is responsible for the travel policy?",
     "Whom can I talk to about my contract?", "Who looks after the bicycle leasing?",
     "Wen kann ich zum Urlaub fragen?", "Wen frage ich wegen der Parkplätze?",
     "Vize işlerine kim bakıyor?"],
)  # fmt: skip
def test_who_asks_whom_to_ask(text: str) -> None:
    assert editions.asks_whom(text)
    assert not editions.asks_validity(text)


@pytest.mark.parametrize(
    "text",
    ["Is my medical certificate still valid after three weeks?", "How long is a receipt valid?",
     "Is it valid in Spain too?", "Is it true that we get 30 days?",
     "Who pays the hotel?", "Who is entitled to parental leave?", "When is the salary updated?"],
)  # fmt: skip
def test_what_asks_the_manual(text: str) -> None:
    assert not editions.asks_validity(text)
    assert not editions.asks_whom(text)


DOCUMENTS = {
    "travel-2024.md": ("Travel Policy (2024)", "2024-01-01", "A hotel room may cost up to 110 euros a night."),
    "travel-2026.md": ("Travel Policy (2026)", "2026-01-01", "A hotel room may cost up to 130 euros a night."),
    "leave.md": ("Leave Rules", "", "Annual leave is 30 working days a year. Ask early."),
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("manual")
    for name, (title, effective, text) in DOCUMENTS.items():
        (folder / name).write_text(f"# {title}\n\n{text}\n", encoding="utf-8")
        about = f"owner: People team\n{f'effective: {effective}' if effective else ''}\n"
        (folder / f"{name}.meta.yaml").write_text(about, encoding="utf-8")
    data = tmp_path_factory.mktemp("data")
    wiring.ingest(
        dataclasses.replace(load(), data=data), [folder], collection="default", prune=False, rebuild=False, ocr=False,
        progress=lambda *_: None,
    )  # fmt: skip
    return data


async def ask(data: Path, text: str, *history: Turn) -> Answer:
    async with wiring.assistant(dataclasses.replace(load(), data=data), cache=False) as parts:
        return await final(parts.assistant, Question("q1", text, history))


async def test_what_was_cited_is_told_with_its_edition_and_what_replaced_it(data: Path) -> None:
    said = Turn("agent", "A hotel room may cost up to 110 euros a night. [1]", documents=("travel-2024.md",))
    answer = await ask(data, "Is this still valid?", Turn("user", "What could a hotel cost in 2024?"), said)
    assert answer.text.startswith("“Travel Policy (2024)”: in force since 2024-01-01; I read it on 20")
    assert answer.text.endswith("It has been replaced by “Travel Policy (2026)”, 2026-01-01.")
    assert answer.outcome is Outcome.ANSWERED and not answer.citations


async def test_a_document_that_is_named_is_told_of_without_a_thread(data: Path) -> None:
    answer = await ask(data, "Are the leave rules still up to date?")
    say = texts.of().says
    assert say["states_nothing"] in answer.text and say["newest"] in answer.text
    assert "People team looks after it" in answer.text


async def test_whom_to_ask_is_the_document_s_owner(data: Path) -> None:
    answer = await ask(data, "Who do I ask about annual leave?")
    assert "“Leave Rules” is looked after by People team." in answer.text
