"""Recorded questions for the owner's verbs, answered by the real assistant: fixtures to import."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import wiring
from bot.answering.assistant import final
from bot.settings import Settings
from bot.types import Question, Record, Turn, Vote
from tests.llm_server import FakeLLM
from tests.prepared import PAGES, Once, copy_of, ingested, settings_at


@dataclass
class Kept:
    data: Path
    now: datetime  # when it was recorded


async def fill(settings: Settings, now: datetime) -> None:
    """Three questions by two people, recorded as serve records them: answered, degraded, refused."""
    asked = [
        ("answered01", "What does error E-417 of the climate chamber mean?", "faithful", timedelta(hours=3)),
        ("degraded01", "What is the usual time for an India visa?", "500", timedelta(days=2)),
        ("refused001", "Who won the football world cup in 2014?", "faithful", timedelta(days=40)),
    ]
    async with FakeLLM() as llm:
        with_model = replace(settings, openai_api_key="k", openai_base_url=llm.url, rewrite=False)
        async with wiring.assistant(with_model, cache=False) as parts:
            for n, (identity, text, script, age) in enumerate(asked):
                llm.script = script
                history = (Turn("user", "Hello there"),) if n == 0 else ()
                question = Question(identity, text, history, team="T1", channel="C1", user=f"U{n % 2}SECRET")
                answer = await final(parts.assistant, question)
                at = now - age
                parts.store.answers.save(
                    Record(identity, question, answer, at, f"{at.timestamp():.6f}", f"100{n}.000001")
                )
                if identity == "degraded01":
                    ts = f"{at.timestamp():.6f}"
                    for user, value, reason in (("U7SECRET", "down", "outdated"), ("U8SECRET", "up", None)):
                        note = "it is 10 days now" if reason else None
                        parts.store.feedback.cast(Vote("T1", "C1", ts, user, value, "button", now, reason, note))


def record(folder: Path, manual: Path = PAGES) -> None:
    """Ask the manual's questions in `folder`, and keep the time."""
    now = datetime.now(UTC)
    asyncio.run(fill(settings_at(ingested(folder, manual)), now))
    (folder / "now").write_text(now.isoformat())


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, once: Once) -> Kept:
    data = copy_of(once("recorded", record), tmp_path_factory.mktemp("data"))
    return Kept(data, datetime.fromisoformat((data / "now").read_text()))


@pytest.fixture(autouse=True)
def environment(kept: Kept, verbs_at: Callable[[Path], None]) -> None:
    verbs_at(kept.data)
