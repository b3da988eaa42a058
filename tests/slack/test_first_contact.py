"""A channel the bot is invited to is greeted once, with questions that everybody in it may see the answers of."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import texts
from bot.errors import StoreError
from bot.rules.file import RulesFile
from bot.slack import first_contact
from bot.slack.services import FOR_EVER_S
from bot.store import Store
from tests.slack.bots import running, says
from tests.slack_server import FakeSlack, Message

RULES = """
[collection.legal]
only = ["U0ANA"]
"""


def suggested(collections: Sequence[str], wording: str) -> list[str]:
    return [wording.format(topic=f"{name} *{n}* <!channel>") for name in collections for n in range(3)]


def serving(tmp_path: Path) -> dict[str, object]:
    (tmp_path / "policybot.toml").write_text(RULES)
    rules = RulesFile(tmp_path / "policybot.toml")
    known = {"rules": rules, "collections": lambda: ["default", "legal"]}
    return known | {"stated": lambda _: [], "suggested": suggested}


def written(slack: FakeSlack, channel: str = "C2") -> list[Message]:
    return [m for m in slack.messages(channel) if m.bot_id == slack.bot_id]


async def test_a_channel_is_greeted_once_with_two_prompts(slack: FakeSlack, store: Store, tmp_path: Path) -> None:
    """Three deliveries of each event, two workers, and invited again after it was sent away."""
    slack.users["U1"].locale = "de-DE"
    slack.add_channel("C2", bot=False)
    slack.deliverer.copies = 3
    async with (
        running(slack, says("Yes."), store, **serving(tmp_path)),
        running(slack, says("Yes."), store, **serving(tmp_path)),
    ):
        slack.people.invite_bot("C2", "U1")
        await slack.wait_for(lambda: written(slack), "a greeting")
        slack.people.kick_bot("C2")
        for _ in range(3):
            slack.people.invite_bot("C2", "U1")
        await slack.settle()
    (hello,) = written(slack)
    assert texts.of("de").says["invited"] in hello.shown
    assert hello.text.count("Was sagt das Handbuch zu „default ") == 2 and "legal" not in hello.shown
    assert "<!channel>" not in hello.text


async def test_a_channel_that_came_before_the_first_ingest_is_greeted_after_it(
    slack: FakeSlack, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(first_contact, "LOOK_S", 0.01)
    slack.add_channel("C2", bot=False)
    looks: list[int] = []

    def later(collections: Sequence[str], wording: str) -> list[str]:
        looks.append(1)
        return suggested(collections, wording) if len(looks) > 3 else []

    async with running(slack, says("Yes."), store, **serving(tmp_path) | {"suggested": later}):
        slack.people.invite_bot("C2", "U1")
        await slack.wait_for(lambda: written(slack), "a greeting")
        await slack.settle()
    assert len(written(slack)) == 1


async def test_nothing_is_sought_for_a_channel_that_was_greeted_days_ago(
    slack: FakeSlack, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is invited again, by somebody else."""
    monkeypatch.setattr(first_contact, "LOOK_S", 0.01)
    slack.add_channel("C2", bot=False)
    sought: list[str] = []

    def seen(collections: Sequence[str], wording: str) -> list[str]:
        sought.extend(collections)
        return []

    async with running(slack, says("Yes."), store, **serving(tmp_path) | {"suggested": seen}):
        store.limits.hit(f"{first_contact.GREETED}{slack.team}:C2", FOR_EVER_S, datetime.now(UTC) - timedelta(days=2))
        slack.people.invite_bot("C2", "U1")
        await slack.wait_for(lambda: store.limits.begun(first_contact.WAITING, datetime.min.replace(tzinfo=UTC)))
        await slack.settle()
    assert not sought and not written(slack)


async def test_a_restart_before_the_first_ingest_does_not_cost_the_greeting(
    slack: FakeSlack, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first process has nothing to greet with; of the two that follow one greets, in its inviter's language."""
    monkeypatch.setattr(first_contact, "LOOK_S", 0.01)
    slack.users["U1"].locale = "de-DE"
    slack.add_channel("C2", bot=False)
    async with running(slack, says("Yes."), store, **serving(tmp_path) | {"suggested": lambda *_: []}):
        slack.people.invite_bot("C2", "U1")
        await slack.wait_for(lambda: store.limits.begun(first_contact.WAITING, datetime.min.replace(tzinfo=UTC)))
    assert written(slack) == []
    async with (
        running(slack, says("Yes."), store, **serving(tmp_path)),
        running(slack, says("Yes."), store, **serving(tmp_path)),
    ):
        await slack.wait_for(lambda: written(slack), "a greeting")
        await slack.settle()
    (hello,) = written(slack)
    assert texts.of("de").says["invited"] in hello.shown


async def test_a_store_that_is_away_for_a_while_does_not_cost_the_greeting(
    slack: FakeSlack, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Away when the next process looks who waits, and again when it would note that it greets."""
    monkeypatch.setattr(first_contact, "LOOK_S", 0.01)
    slack.add_channel("C2", bot=False)
    async with running(slack, says("Yes."), store, **serving(tmp_path) | {"suggested": lambda *_: []}):
        slack.people.invite_bot("C2", "U1")
        await slack.wait_for(lambda: store.limits.begun(first_contact.WAITING, datetime.min.replace(tzinfo=UTC)))
        await slack.settle()
    waiting = store.limits.begun(first_contact.WAITING, datetime.min.replace(tzinfo=UTC))
    assert [key.split(":")[2:] for key in waiting] == [["C2", "U1"]]
    away = {"begun": 2, "hit": 2}

    def failing(name: str) -> Callable[..., Any]:
        real = getattr(store.limits, name)

        def call(key: str, *rest: Any) -> Any:
            if key.startswith((first_contact.WAITING, "hello:")) and away[name]:
                away[name] -= 1
                raise StoreError("The database is locked.")
            return real(key, *rest)

        return call

    for name in away:
        monkeypatch.setattr(store.limits, name, failing(name))
    async with running(slack, says("Yes."), store, **serving(tmp_path)):
        await slack.wait_for(lambda: written(slack), "a greeting")
        await slack.settle()
    assert len(written(slack)) == 1 and away == {"begun": 0, "hit": 0}


async def test_a_kill_while_an_invitation_is_noted_does_not_cost_the_greeting(
    slack: FakeSlack, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first process gets no further than to note that the channel waits."""

    async def killed(*_: object) -> None:
        return None

    slack.add_channel("C2", bot=False)
    with monkeypatch.context() as first:
        first.setattr(first_contact, "_greet", killed)
        async with running(slack, says("Yes."), store, **serving(tmp_path)):
            slack.people.invite_bot("C2", "U1")
            await slack.wait_for(lambda: store.limits.begun(first_contact.WAITING, datetime.min.replace(tzinfo=UTC)))
    async with running(slack, says("Yes."), store, **serving(tmp_path)):
        await slack.wait_for(lambda: written(slack), "a greeting")


async def test_without_anything_to_suggest_or_among_strangers_it_says_nothing(
    slack: FakeSlack, store: Store, tmp_path: Path
) -> None:
    for channel in ("C2", "C3"):
        slack.add_channel(channel, bot=False, ext_shared=channel == "C3")
    async with running(slack, says("Yes."), store, **serving(tmp_path)):
        slack.people.invite_bot("C3")
        await slack.settle()
    nothing = serving(tmp_path) | {"suggested": lambda *_: []}
    async with running(slack, says("Yes."), store, **nothing):
        slack.people.invite_bot("C2")
        slack.people.join("C2", "U2")
        await slack.settle()
    assert not written(slack) and not written(slack, "C3")
