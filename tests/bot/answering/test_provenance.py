"""Questions about the documents themselves, answered from the record."""

import dataclasses
from pathlib import Path

import pytest

from bot import texts, wiring
from bot.answering import editions
from bot.answering.assistant import final
from bot.answering.wanted import gives_reason, wants_reason
from bot.settings import load
from bot.types import Answer, Outcome, Question, Turn
from bot.understanding.directives import directive
from tests.rows import each


@each("text")
def test_who_asks_whether_it_still_holds(text: str) -> None:
    assert editions.asks_validity(text)
    assert not editions.asks_whom(text)


@each("text")
def test_who_asks_whom_to_ask(text: str) -> None:
    assert editions.asks_whom(text)
    assert not editions.asks_validity(text)


@each("text")
def test_what_asks_the_manual(text: str) -> None:
    assert not editions.asks_validity(text)
    assert not editions.asks_whom(text)


DOCUMENTS = {
    "travel-2024.md": ("Travel Policy (2024)", "2024-01-01", "A hotel room may cost up to 110 euros a night."),
    "travel-2026.md": ("Travel Policy (2026)", "2026-01-01", "A hotel room may cost up to 130 euros a night."),
    "leave.md": ("Leave Rules", "", "Annual leave is 30 working days a year. Ask early, so that others can plan."),
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


@each("sentence, names")
def test_a_sentence_that_names_whom_to_ask(sentence: str, names: bool) -> None:
    assert editions.names_whom(sentence) == names


async def test_what_was_cited_is_told_with_its_edition_and_what_replaced_it(data: Path) -> None:
    said = Turn("agent", "A hotel room may cost up to 110 euros a night. [1]", documents=("travel-2024.md",))
    answer = await ask(data, "Is this still valid?", Turn("user", "What could a hotel cost in 2024?"), said)
    assert answer.text.startswith("“Travel Policy (2024)”: in force since 2024-01-01; I read it on 20")
    assert answer.text.endswith("It has been replaced by “Travel Policy (2026)”, 2026-01-01.")
    assert answer.outcome is Outcome.ANSWERED and not answer.citations


@each("text, asks")
def test_who_asks_where_it_is_said_wants_the_place(text: str, asks: bool) -> None:
    wanted, rest = directive(text)
    assert (wanted.manner == "quote" and not rest) == asks and not editions.asks_validity(text)


async def test_where_it_is_said_is_told_by_its_section_and_words(data: Path) -> None:
    said = Turn("agent", "130 euros. [1]", documents=("travel-2026.md",))
    for text in ("where does it say that?", "Wo steht das?"):
        answer = await ask(data, text, Turn("user", "What may a hotel cost a night?"), said)
        assert (
            answer.text.startswith("A hotel room may cost up to 130 euros a night.") and "in force" not in answer.text
        )
        assert [one.title for one in answer.citations] == ["Travel Policy (2026)"]


async def test_a_document_that_is_named_is_told_of_without_a_thread(data: Path) -> None:
    answer = await ask(data, "Are the leave rules still up to date?")
    say = texts.of().says
    assert say["states_nothing"] in answer.text and say["newest"] in answer.text
    assert "People team looks after it" in answer.text


@pytest.mark.parametrize("text", ["Is the leave handbook still up to date?", "When did you read the leave guide?"])
async def test_a_document_may_be_named_by_a_word_that_only_its_title_has(data: Path, text: str) -> None:
    assert (await ask(data, text)).text.startswith("“Leave Rules”: ")


async def test_a_rule_named_beside_a_title_s_word_is_looked_up(data: Path) -> None:
    answer = await ask(data, "Is the 110 euros limit for travel still valid?")
    assert answer.citations and "in force since 2026-01-01" in answer.text


async def test_whom_to_ask_is_the_document_s_owner(data: Path) -> None:
    answer = await ask(data, "Who do I ask about annual leave?")
    assert "“Leave Rules” is looked after by People team." in answer.text


@each("text")
def test_who_asks_for_the_reason_alone(text: str) -> None:
    assert wants_reason(text)


@each("text")
def test_what_asks_for_the_reason_of_something_named_is_looked_up(text: str) -> None:
    assert not wants_reason(text)


@each("sentence, given")
def test_a_sentence_that_gives_a_reason(sentence: str, given: bool) -> None:
    assert gives_reason(sentence) == given


async def test_why_gets_the_manual_s_reason_or_is_told_that_there_is_none(data: Path) -> None:
    said = Turn("agent", "A hotel room may cost up to 130 euros a night. [1]", documents=("travel-2026.md",))
    for text in ("why?", "how come"):
        answer = await ask(data, text, Turn("user", "What may a hotel cost?"), said)
        assert answer.text == f"{texts.of().says['no_reason']} People team looks after it and can say more."
    said = Turn("agent", "Annual leave is 30 working days a year. [1]", documents=("leave.md",))
    answer = await ask(data, "and why?", Turn("user", "How many days of annual leave?"), said)
    assert answer.text.startswith("Ask early, so that others can plan.")


@pytest.mark.parametrize("text", ["why?", "says who?"])
async def test_why_behind_a_refusal_says_what_is_answered(data: Path, text: str) -> None:
    answer = await ask(data, text, Turn("user", "May I keep a llama?"))
    assert answer.text == texts.of().says["why_refused"]


@pytest.mark.parametrize(
    ("before", "documents"), [("hi", ()), ("what can you do?", ()), ("I want to kill myself", ("leave.md",))]
)
async def test_why_where_no_rule_was_told_gets_no_word_on_rules(
    data: Path, before: str, documents: tuple[str, ...]
) -> None:
    answer = await ask(data, "why?", Turn("user", before), Turn("agent", "Hello.", documents=documents))
    assert texts.of().says["no_reason"] not in answer.text
    assert ("alone with it" in answer.text) == bool(documents), "who is in trouble gets the kind word again"


async def test_an_old_rule_quoted_with_the_question_is_told_since_when_there_is_another(data: Path) -> None:
    answer = await ask(data, 'Is this still valid? "A hotel room may cost up to 110 euros a night."')
    assert "up to 130 euros" in answer.text and "in force since 2026-01-01" in answer.text
