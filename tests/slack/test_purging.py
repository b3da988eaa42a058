"""The running bot removes what was kept long enough, by itself, once for all workers."""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from structlog.testing import capture_logs

from bot.settings import Retention
from bot.store import Store
from tests.bot.store.traces import ask
from tests.slack.bots import running, says
from tests.slack_server import FakeSlack


async def test_old_texts_go_while_the_bot_runs(slack: FakeSlack, store: Store) -> None:
    now = datetime.now(UTC)
    old = ask(store, "U0000000ANA", 1, now - timedelta(days=3), word="zebra")
    new = ask(store, "U0000000BOB", 2, now - timedelta(days=1), word="yak")
    structlog.reset_defaults()
    with capture_logs() as lines:
        kept = {"retention": Retention(question=2)}
        async with (
            running(slack, says("Yes."), store, settings=kept),
            running(slack, says("Yes."), store, settings=kept),
        ):
            async with asyncio.timeout(20):
                while not [row for row in store.audit.export() if row["kind"] == "purge"]:  # noqa: ASYNC110 - a database
                    await asyncio.sleep(0.02)
    (purged,) = [line for line in lines if line["event"] == "purged"]
    assert purged["texts_of_answers"] == purged["cached_answers"] == 1
    assert store.answers.by_id(old).answer.text == "" and store.answers.by_id(new).answer.text
    assert [row["kind"] for row in store.audit.export()].count("purge") == 1
