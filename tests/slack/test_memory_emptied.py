"""What somebody wrote stands nowhere in a running bot's memory once another process has erased them."""

import asyncio
import gc
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import wiring
from bot.store import Store
from bot.store.audit import Entry
from tests.llm_server import FakeLLM
from tests.prepared import copy_of, settings_at
from tests.slack.bots import QUICK, answer_to, ended, running, says
from tests.slack_server import FakeSlack

ROOT = Path(__file__).parents[2]


def remembered(word: str, *roots: object) -> list[str]:
    """Every text with the word that can be reached from these and from our modules; no other module is entered.

    Nor is the loop with its tasks: from Python 3.12 on it can be reached, and holds the test and its fake Slack.
    """
    ours = [module for name, module in sys.modules.items() if name.partition(".")[0] in ("bot", "knowledge")]
    foreign = (id(vars(module)) for module in set(sys.modules.values()) - set(ours) if hasattr(module, "__dict__"))
    seen, found = {*foreign, id(sys.modules)}, []
    waiting: list[Any] = [*roots, *(vars(module) for module in ours)]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, asyncio.AbstractEventLoop | asyncio.Future):
            continue
        seen.add(id(one))
        if isinstance(one, str) and word.casefold() in one.casefold():
            found.append(one)
        waiting += gc.get_referents(one)
    return found


async def test_an_erasure_by_another_process_empties_the_memory_of_a_running_bot(
    slack: FakeSlack, pages_ingested: Path, tmp_path: Path
) -> None:
    data = copy_of(pages_ingested, tmp_path / "data")
    word = "Zorblatt"
    async with FakeLLM() as llm:
        settings = settings_at(data, OPENAI_API_KEY="sk-test", OPENAI_BASE_URL=llm.url)
        async with wiring.assistant(settings) as parts:
            kept = parts.retriever, parts.assistant, re._cache  # type: ignore[attr-defined]
            async with running(slack, parts.assistant, parts.store, settings=QUICK, forget=parts.forget):
                asked = slack.people.mention(
                    "C1", "U1", f"How many days of leave does my friend {word} (zorblatt@firm.example) have in 2026?"
                )
                await answer_to(slack, asked, parts.store)
                more = slack.people.mention("C1", "U1", f"And what about {word} in Thailand?", thread_ts=asked.ts)
                await ended(slack, parts.store, more)
                await slack.settle()
                assert remembered(word, *kept), "a bot that remembers nothing need not forget"
                erase = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "bot", "privacy", "erase", "--user", "U1",
                    env={"PATH": os.environ["PATH"], "POLICYBOT_DATA": str(data)},
                    cwd=ROOT, stdout=asyncio.subprocess.PIPE,
                )  # fmt: skip
                said, _ = await erase.communicate()
                assert b"Removed: " in said and erase.returncode == 0
                async with asyncio.timeout(20):
                    while remembered(word, *kept):  # noqa: ASYNC110 - it looks every two seconds
                        await asyncio.sleep(0.1)
                again = slack.people.mention("C1", "U2", "How many days of leave do I have?")
                await answer_to(slack, again, parts.store)


async def test_what_a_question_under_way_read_after_an_erasure_is_forgotten_when_it_has_ended(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.serve.REFRESH_S", 0.02)
    monkeypatch.setattr("bot.slack.serve.UNDER_WAY_S", 0.1)
    memory, sweeps = ["Zorblatt"], []

    def forget() -> None:
        sweeps.append(memory.copy())
        memory[:] = [] if len(sweeps) > 1 else ["Zorblatt, read by a question under way"]

    async with running(slack, says("Yes."), store, forget=forget):
        store.audit.append(Entry("erase", datetime.now(UTC), slack.team))
        await slack.wait_for(lambda: len(sweeps) > 1, "a second sweep")
    assert not memory and len(sweeps) == 2
