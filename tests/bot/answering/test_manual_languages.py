"""A manual in German, or in German and English: questions in these and other languages, over the real wire."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot import wiring
from bot.answering.assistant import final
from bot.answering.rewrite import in_languages
from bot.types import Answer, Outcome, Question
from tests.llm_server import FakeLLM
from tests.prepared import Once, ingested, settings_at
from tests.rows import each

GERMAN = Path(__file__).parents[2] / "eval" / "languages" / "de.md"
ENGLISH = """# Fitness and parking

## Gym subsidy
The company pays 40 euros a month for a gym of your choice. Hand in the gym's contract at the front desk.

## Parking
Parking in the garage costs 25 euros a month. A parking permit is issued by the front desk within two days.

## Bicycles
Bicycles are parked in the yard, never in the corridors. The front desk lends a pump and a lock to whoever asks.
"""
LEAVE, GYM = "2.1 Anspruch", "Gym subsidy"


@pytest.fixture(scope="module")
def manuals(once: Once, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    english = tmp_path_factory.mktemp("english") / "fitness.md"
    english.write_text(ENGLISH)
    return {
        "de": once("german-manual", lambda folder: ingested(folder, GERMAN)),
        "both": once("german-and-english-manual", lambda folder: ingested(folder, GERMAN, english)),
    }


@asynccontextmanager
async def asked(
    data: Path, text: str, rewrite: str | None, *, model: bool = True
) -> AsyncIterator[tuple[Answer, list[str]]]:
    """The answer, and the prompts that the model got for it; it rewrites the question so (None: not at all)."""
    async with FakeLLM(rewrites={text: "" if rewrite is None else rewrite}) as llm:
        settings = settings_at(data)
        if model:
            settings = replace(settings, openai_api_key="k", openai_base_url=llm.url)
        async with wiring.assistant(settings, cache=False) as parts:
            answer = await final(parts.assistant, Question("q1", text, locale="en"))
        yield answer, [str(request.body["messages"]) for request in llm.requests]


@each(
    "manual, text, rewrite, section",
    [
        ("de", "How many vacation days do I get?", "Jahresurlaub Anspruch Arbeitstage", LEAVE),
        ("de", "Combien de jours de congé ai-je par an ?", "Jahresurlaub Anspruch Arbeitstage", LEAVE),
        ("de", "Wie viele Tage Urlaub bekomme ich?", "Jahresurlaub Anspruch Arbeitstage", LEAVE),
        ("both", "How many vacation days do I get?", "Jahresurlaub Arbeitstage | annual leave working days", LEAVE),
        ("both", "Combien de jours de congé ai-je par an ?", "Jahresurlaub Arbeitstage | annual leave", LEAVE),
        ("both", "Combien paie l'entreprise pour le sport ?", "Zuschuss Fitness | gym subsidy", GYM),
        ("both", "Was zahlt die Firma fürs Fitnessstudio?", "Zuschuss Fitnessstudio | gym subsidy a month", GYM),
        ("both", "Does the company pay for my gym?", "Zuschuss Fitnessstudio | gym subsidy a month", GYM),
    ],
)
async def test_a_question_is_searched_for_in_the_languages_of_the_manual(
    manuals: dict[str, Path], manual: str, text: str, rewrite: str, section: str
) -> None:
    async with asked(manuals[manual], text, rewrite) as (answer, prompts):
        assert answer.outcome is Outcome.ANSWERED, answer.notes
        nearest = [passage.section[-1] for passage in answer.passages[:3]]
        assert section in nearest and len(prompts) > 1, "the model reads what is found"
        wanted = "German and again in English" if manual == "both" else "German, at most"
        assert f"search query for the manual in {wanted}" in prompts[0]


@each(
    "manual, text, model",
    [
        ("de", "How many vacation days do I get?", False),
        ("de", "When do I need a sick note?", False),
        ("de", "Combien de jours de congé ai-je par an ?", False),
        ("de", "How many vacation days do I get?", True),
        ("both", "Quante ferie ho all'anno?", False),
    ],
)
async def test_what_is_refused_for_its_language_alone_is_told_so(
    manuals: dict[str, Path], manual: str, text: str, *, model: bool
) -> None:
    async with asked(manuals[manual], text, None, model=model) as (answer, _):
        assert answer.outcome is Outcome.REFUSED and answer.notes[:1] == ("language",), answer.notes


@each(
    "manual, text",
    [
        ("de", "Wie viele Tage Urlaub bekomme ich?"),
        ("de", "Homeoffice?"),
        ("both", "Wie viele Tage Urlaub bekomme ich?"),
        ("both", "Does the company pay for my gym?"),
    ],
)
async def test_without_a_model_the_languages_of_the_manual_are_answered(
    manuals: dict[str, Path], manual: str, text: str
) -> None:
    async with asked(manuals[manual], text, None, model=False) as (answer, _):
        assert answer.outcome is Outcome.ANSWERED, answer.notes


def test_a_language_is_named_to_the_model_in_english() -> None:
    assert in_languages(["en"]) == "English" and in_languages(["pt"]) == "Portuguese"
    assert in_languages(["sk"]) == '"sk" (ISO 639-1)'
    assert in_languages(["de", "en"]).startswith('German and again in English (all in one string, " | " between them)')
