"""The deployed whole: two `policybot serve`, one PostgreSQL, one `chroma run`, and an ingest from elsewhere.

The commands and health checks are compose.yaml's and the Dockerfile's, with the addresses of this machine.
"""

import asyncio
import itertools
import json
import os
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.demo.workspace.state import Message
from bot.slack.deliver import question_id
from bot.store import Store
from knowledge.database import connect
from tests.services import Chroma, Postgres, free_port
from tests.slack.bots import ended
from tests.slack_server import FakeSlack
from tests.test_deployment import SERVICES, steps

WORKERS = 2
PER_MINUTE = 5
BOT_IS_HEALTHY = json.loads(steps("HEALTHCHECK")[0].partition("CMD ")[2])
CHROMA_IS_HEALTHY = SERVICES["chroma"]["healthcheck"]["test"][1:]


class Deployment:
    """Processes of one installation. Each has a data folder of its own, as on machines of their own."""

    def __init__(self, slack: FakeSlack, database_url: str, chroma: Chroma, folder: Path) -> None:
        self.slack, self.folder, self.manual = slack, folder, folder / "manual"
        self.store = Store(connect(database_url))
        unset = dict.fromkeys(("OPENAI_API_KEY", "SLACK_SIGNING_SECRET"), "")
        self.environment = os.environ | unset | {
            "DATABASE_URL": database_url, "CHROMA_URL": chroma.url, "SLACK_API_URL": slack.url,
            "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "POLICYBOT_LOG": "info",
            "POLICYBOT_USER_PER_MINUTE": str(PER_MINUTE),
        }  # fmt: skip

    async def process(self, name: str, *arguments: str, health_port: int = 0) -> asyncio.subprocess.Process:
        with (self.folder / f"{name}.log").open("wb") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", *arguments, stdout=log, stderr=log,
                env=self.environment
                | {"POLICYBOT_DATA": str(self.folder / name), "POLICYBOT_HEALTH_PORT": str(health_port)},
            )  # fmt: skip

    async def ingest(self, text: str) -> None:
        self.manual.mkdir(exist_ok=True)
        (self.manual / "parking.md").write_text(f"# Parking\n\n{text}\n")
        assert await (await self.process("ingest", "ingest", str(self.manual))).wait() == 0

    def answered_by(self) -> dict[str, str]:
        """The worker that ended each question, by its id, as their logs say."""
        found = {}
        for worker in range(WORKERS):
            for line in (self.folder / f"worker{worker}.log").read_text().splitlines():
                entry = json.loads(line)
                if entry["event"] == "question" and entry["state"] != "unfinished":
                    assert found.setdefault(entry["id"], str(worker)) == str(worker), "ended twice"
        return found

    async def answer(self, question: Message) -> tuple[str, str]:
        """What the question's answer shows, and whose it is."""
        job = await ended(self.slack, self.store, question)
        (message,) = self.slack.replies(question)
        async with asyncio.timeout(10):
            while question_id(job) not in self.answered_by():  # noqa: ASYNC110 - another process's log
                await asyncio.sleep(0.02)
        return message.shown, self.answered_by()[question_id(job)]


async def is_healthy(check: list[str], port: int) -> bool:
    """What a health check of an image says, asked of this port."""
    program, *arguments = check
    assert program == "python"
    here = [re.sub(r"(127\.0\.0\.1):\d+", rf"\1:{port}", one) for one in arguments]
    return await (await asyncio.create_subprocess_exec(sys.executable, *here)).wait() == 0


@asynccontextmanager
async def serving(deployment: Deployment) -> AsyncIterator[None]:
    ports = [free_port() for _ in range(WORKERS)]
    workers = [
        await deployment.process(f"worker{number}", *SERVICES["app"]["command"], health_port=port)
        for number, port in enumerate(ports)
    ]
    try:
        await deployment.slack.wait_for(lambda: len(deployment.slack.deliverer.connections) == WORKERS, "connections")
        assert await is_healthy(BOT_IS_HEALTHY, ports[0])
        yield
        for worker in workers:
            worker.terminate()
        assert [await asyncio.wait_for(worker.wait(), 30) for worker in workers] == [0, 0]
    finally:
        for worker in workers:
            if worker.returncode is None:
                worker.kill()


async def test_workers_share_questions_votes_limits_and_what_is_ingested(
    slack: FakeSlack, postgres: Postgres, chroma: Chroma, tmp_path: Path
) -> None:
    slack.deliverer.copies = 3
    users = (slack.add_user(f"U{number}").id for number in itertools.count(10))
    deployment = Deployment(slack, postgres.empty_database(), chroma, tmp_path)
    assert await is_healthy(CHROMA_IS_HEALTHY, chroma.port)
    assert await (await deployment.process("migrate", *SERVICES["migrate"]["command"])).wait() == 0
    await deployment.ingest("A parking space costs 10 euros a month.")
    async with serving(deployment):
        asked = [slack.people.mention("C1", next(users), "How much is a parking space?") for _ in range(20)]
        for shown, _ in [await deployment.answer(question) for question in asked]:
            assert "10 euros" in shown
        async with asyncio.timeout(60):  # a worker answers once it has loaded what that takes
            while set(deployment.answered_by().values()) != {"0", "1"}:
                await deployment.answer(slack.people.mention("C1", next(users), "How much is a parking space?"))

        (answer,) = slack.replies(asked[0])
        clicks = [slack.people.button(answer, "positive_button", f"U{10 + i}") for i in range(4)]
        clicks += [slack.people.button(answer, "negative_button", "U10")]
        await slack.wait_for(lambda: all(click.acked for click in clicks), "the votes")
        votes = {row["user"]: row["vote"] for row in deployment.store.feedback.export()}
        assert votes == {"U10": "down", "U11": "up", "U12": "up", "U13": "up"}

        minute = int(time.time() // 60)
        flood = [slack.people.mention("C1", "U1", f"How much is parking space {i}?") for i in range(4 * PER_MINUTE)]
        jobs = [await ended(slack, deployment.store, question) for question in flood]
        allowed = sum(job.reason != "user_limit" for job in jobs)
        assert allowed == PER_MINUTE or (int(time.time() // 60) > minute and allowed <= 2 * PER_MINUTE)

        await deployment.ingest("A parking space costs 12 euros a month.")
        fresh: set[str] = set()
        async with asyncio.timeout(30):
            while len(fresh) < WORKERS:
                question = slack.people.mention("C1", next(users), "How much is a parking space?")
                shown, worker = await deployment.answer(question)
                assert "12 euros" in shown or worker not in fresh
                fresh |= {worker} if "12 euros" in shown else set()
    await slack.settle()
