"""Tokens of a remote embedder are booked, by an ingest as by questions."""

import asyncio
import dataclasses
from datetime import UTC, datetime
from pathlib import Path

from bot import wiring
from bot.answering.assistant import final
from bot.settings import load
from bot.types import Question
from tests.llm_server import FakeLLM


async def test_an_ingest_and_a_question_book_what_they_embed(tmp_path: Path) -> None:
    page = tmp_path / "leave.md"
    page.write_text("# Leave\n\nLeave is 28 days a year for everybody who works here.\n")
    base = load({"POLICYBOT_DATA": str(tmp_path / "data")}, dotenv=None)
    today = datetime.now(UTC).date()

    def booked() -> list[tuple[str, str, int, float]]:
        with wiring.store(base) as store:
            return [(one.feature, one.model, one.tokens, one.cost_usd) for one in store.spend.since(today)]

    async with FakeLLM() as llm:
        remote = dataclasses.replace(base, openai_base_url=llm.url, embedding_model="text-embedding-3-small")

        def ingest() -> None:
            nothing = {"prune": False, "rebuild": False, "ocr": False, "progress": lambda *_: None}
            wiring.ingest(remote, [page], collection="default", **nothing)

        def used() -> int:
            return sum(
                sum(map(len, request.body["input"])) // 4 for request in llm.requests if request.script == "embeddings"
            )

        await asyncio.to_thread(ingest)
        assert await asyncio.to_thread(booked) == [
            ("embed", "text-embedding-3-small", used(), round(used() * 0.02 / 1e6, 12))
        ]
        first = used()
        async with wiring.assistant(remote, cache=False) as parts:
            await final(parts.assistant, Question("q", "How many days of leave are there?"))
            await asyncio.to_thread(parts.embed_costs.book)
            await asyncio.to_thread(parts.embed_costs.book)
        ((_, _, tokens, _),) = await asyncio.to_thread(booked)
        assert tokens == used() > first, "each token once"
