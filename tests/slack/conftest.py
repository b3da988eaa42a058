"""Fixtures of the Slack tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store import Store
from tests.slack.bots import store_at
from tests.slack_server import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as server:
        server.trigger_s = 60.0  # Slack's three seconds: a crowded machine may need more
        yield server
        assert not server.violations


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orphans are swept and leases end after seconds, for the fake Slack answers within milliseconds."""
    monkeypatch.setattr("bot.slack.own_messages.MOMENT_S", 1.0)
    monkeypatch.setattr("bot.slack.worker.LEASE_S", 3.0)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_at(tmp_path / "bot.db")
