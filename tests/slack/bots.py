"""A bot under test: the real app on a fake Slack, with an assistant that says what the test wants."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from bot.demo.workspace.state import Message
from bot.rules.file import RulesFile
from bot.settings import Settings
from bot.slack.serve import serve
from bot.slack.services import Serving
from bot.store import Store
from bot.store.jobs import Job
from bot.types import Answer, Citation, Finished, Outcome, Question, Sentence, Status, Verdict
from knowledge.database import connect
from tests.services import sqlite_at
from tests.slack_server import FakeSlack

Event = Status | Sentence | Finished


def citation(n: int, **facts: Any) -> Citation:
    base: dict[str, Any] = {
        "chunk_id": f"c{n}",
        "document": "travel.pdf",
        "title": "Travel Policy",
        "section": ("Meals", "Per diem"),
        "quote": "Meals are refunded.",
        "page": 72,
        "page_end": 72,
        "page_label": "45",
        "url": "https://docs.example.com/travel.pdf#page=72",
    }
    return Citation(n=n, **(base | facts))


def sentences(*texts: str) -> list[Sentence]:
    """Supported sentences, the first citing source 1, and so on; without links, so that markers stay as they are."""
    return [
        Sentence((" " if i else "") + f"{text} [{i + 1}]", Verdict.SUPPORTED, (citation(i + 1, url=None),))
        for i, text in enumerate(texts)
    ]


def answered(shown: Sequence[Sentence], **facts: Any) -> Answer:
    cited = tuple(c for s in shown for c in s.citations)
    return Answer(Outcome.ANSWERED, "".join(s.text for s in shown).strip(), tuple(shown), cited, model="fake", **facts)


Step = Event | asyncio.Event | Exception


@dataclass
class FakeAssistant:
    """Says the steps of `script`, waiting at every asyncio.Event. Remembers what it was asked."""

    script: Callable[[Question], Iterable[Step]]
    asked: list[Question] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)

    async def answer(self, question: Question) -> AsyncIterator[Event]:
        self.asked.append(question)
        try:
            for step in self.script(question):
                if isinstance(step, asyncio.Event):
                    await step.wait()
                elif isinstance(step, Exception):
                    raise step
                else:
                    yield step
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled.append(question.text)
            raise


def says(*texts: str) -> FakeAssistant:
    """An assistant with one answer to everything."""
    shown = sentences(*texts)
    return FakeAssistant(lambda _: [Status("searching"), Status("reading"), *shown, Finished(answered(shown))])


class Slow:
    """Says one sentence, waits for `gate`, then says the rest."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        one, two, three = sentences("First.", "Second.", "Third.")
        steps = [Status("reading"), one, self.gate, two, three, Finished(answered([one, two, three]))]
        self.assistant = FakeAssistant(lambda _: steps)

    async def begun(self, slack: FakeSlack, question: Message) -> Message:
        return await slack.wait_for(lambda: next((m for m in slack.replies(question) if "First" in m.text), None))


def ends(answer: Answer) -> FakeAssistant:
    return FakeAssistant(lambda _: [Status("searching"), Finished(answer)])


def store_at(database: Path | str) -> Store:
    """An up-to-date store in a SQLite file, or at a URL."""
    return Store(connect(sqlite_at(database) if isinstance(database, Path) else database))


@dataclass
class Running:
    store: Store
    stop: asyncio.Event
    task: asyncio.Task[None]
    port: int | None = None

    async def get(self, path: str) -> tuple[int, Any]:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.status, await answer.json()


@asynccontextmanager
async def running(
    slack: FakeSlack,
    assistant: Any,
    store: Store,
    *,
    rules: RulesFile | None = None,
    settings: Mapping[str, Any] | None = None,
    connected: bool = True,
    **options: Any,
) -> Any:
    """A bot that serves the fake Slack by Socket Mode, or by HTTP with http_port=0. `settings`: some by their names."""
    stop = asyncio.Event()
    listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    access = {
        "slack_bot_token": slack.bot_token,
        "slack_app_token": slack.app_token,
        "slack_signing_secret": slack.signing_secret,
        "slack_api_url": slack.url,
    }
    task = asyncio.create_task(
        serve(
            Serving(
                assistant,
                store,
                rules or RulesFile(None),
                Settings(**(access | (settings or {}))),
                **({"health_port": 0} | options),
            ),
            stop=stop,
            listening=listening.set_result,
        )
    )
    bot = Running(store, stop, task)
    bot.port = await listening
    if "http_port" in options:
        slack.deliverer.request_url = f"http://127.0.0.1:{bot.port}/slack/events"
        async with asyncio.timeout(20):
            while (await bot.get("/readyz"))[0] != 200 and connected:  # noqa: ASYNC110 - another server's state
                await asyncio.sleep(0.02)
    elif connected:
        await slack.wait_for(lambda: slack.deliverer.connections, "a connection")
    try:
        yield bot
    finally:
        stop.set()
        await asyncio.wait_for(task, 30)


async def answer_to(slack: FakeSlack, question: Message, store: Store) -> Message:
    """The finished answer in the question's thread, once its record is kept: no person presses a button sooner."""

    def found() -> Message | None:
        return next((m for m in slack.replies(question) if m.streaming_state in (None, "completed")), None)

    answer = await slack.wait_for(found, "an answer", timeout_s=60)
    await ended(slack, store, question)
    return answer


async def ended(slack: FakeSlack, store: Store, question: Message, *, timeout_s: float = 60) -> Job:
    """The question's job, once it has ended. Its end is a row in the database, which can only be polled."""
    async with asyncio.timeout(timeout_s):
        while True:
            job = store.inbox.find(slack.team, question.channel, question.ts)
            if job and job.state in ("final", "failed"):
                return job
            await asyncio.sleep(0.02)


QUICK = {"shutdown_s": 5.0}
