"""Many different questions (48, 300 in a thorough run) from 16 threads get the records that they get one at a time."""

import asyncio
import dataclasses
import re
import sys
import time
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import wiring
from bot.answering.assistant import Assistant, final
from bot.answering.documents import Documents
from bot.answering.model_writer import ModelWriter
from bot.answering.search import AnswerPolicy
from bot.types import Prompt, Question, Usage
from knowledge.text.words import stem
from prompts import load
from tests import often
from tests.bot.answering.scripted import classifiers
from tests.fake_verifier import Reader
from tests.llm_server import PASSAGE
from tests.prepared import copy_of, settings_at

CORPUS = Path(__file__).parents[2] / "corpus"
QUESTIONS, THREADS = often(48, 300), 16


class AtOnce:
    """A model that answers at once: the opening sentence of each of three sources, then one of its own making."""

    name = "at-once"

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage]:
        for _, n, text in PASSAGE.findall(prompt.messages[1].content)[:3]:
            sentence = re.split(r"(?<=[.!?])\s", text)[0]
            yield f"{sentence} [{n}] So it is said that {sentence[:1].lower()}{sentence[1:]} [{n}] "
        yield Usage(10, 10)


def questions() -> list[str]:
    texts = " ".join(path.read_text("utf-8") for path in sorted((CORPUS / "text").glob("*.md")))
    sentences = [s for s in re.split(r"(?<=[.!?])\s+", texts) if 6 < len(s.split()) < 40]
    step = len(sentences) / QUESTIONS
    picked = [sentences[int(n * step)] for n in range(QUESTIONS)]
    return [f"What is the rule, number {n}, on {' '.join(s.split()[:9])}?" for n, s in enumerate(picked)]


def record(assistant: Assistant, text: str) -> dict[str, Any]:
    answer = asyncio.run(final(assistant, Question("q", text)))
    return dataclasses.asdict(dataclasses.replace(answer, timings_ms={}))


@pytest.mark.parametrize("keyless", [True, False], ids=["quotes", "model"])
def test_many_at_once_are_answered_like_one_at_a_time(tmp_path: Path, pages_ingested: Path, keyless: bool) -> None:
    base = settings_at(copy_of(pages_ingested, tmp_path))
    wanted = questions() if not keyless else questions()[::4]
    with wiring.knowledge(base) as parts:
        made = ModelWriter(
            AtOnce(), load("answer"), Reader("words"), lambda: "token", lambda: datetime(2026, 11, 28, tzinfo=UTC)
        )
        assistant = Assistant(
            Documents(parts.retriever, parts.catalog, lambda: datetime(2026, 11, 28, tzinfo=UTC)),
            AnswerPolicy(threshold=0.1),
            model=None if keyless else made,
            nearness_of=wiring.nearness_of(parts.retriever),
            classifiers=classifiers("en"),
            clock=time.monotonic,
        )
        stem.cache_clear()  # nothing is known from an earlier test
        sys.setswitchinterval(1e-4)  # where most threads meet: at 1e-6 they wait for their turn more than they take it
        try:
            with ThreadPoolExecutor(THREADS) as threads:
                together = list(threads.map(lambda text: record(assistant, text), wanted))
        finally:
            sys.setswitchinterval(0.005)
        stem.cache_clear()
        alone = [record(assistant, text) for text in wanted]
    assert not [r for r in together if r["error"]]
    different = [(key, a[key], b[key]) for a, b in zip(together, alone, strict=True) for key in a if a[key] != b[key]]
    assert different == []
