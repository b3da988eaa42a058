"""The message shortcut over the wire: an answer for its presser alone, and the same in the thread on demand."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.demo.workspace.state import View
from bot.rules.file import RulesFile
from bot.slack.meanings import POST, SHORTCUT, ShortcutUsed, packed_message
from bot.store import Store
from tests.slack.bots import answer_to, ended, running, says
from tests.slack_server import FakeSlack

POSTS: dict[str, Any] = {"type": "button", "action_id": POST, "value": POST, "block_id": "b"}


async def window(slack: FakeSlack, user: str) -> View:
    """The person's window, once it shows more than that something is looked up."""

    def found() -> View | None:
        mine = [view for view in slack.views.values() if view.user == user]
        return next((view for view in mine if "Looking it up" not in json.dumps(view.view)), None)

    return await slack.wait_for(found, "the answer in the window")


async def test_an_answer_for_the_presser_alone_then_in_the_thread(slack: FakeSlack, store: Store) -> None:
    bot = says("Zebras are refunded.")
    async with running(slack, bot, store):
        message = slack.people.say("C1", "U2", "Who pays for my zebra? Write to ben@example.com")
        slack.people.shortcut(SHORTCUT, "U1", message)
        view = await window(slack, "U1")
        text = json.dumps(view.view)
        assert "Zebras are refunded" in text and "Travel Policy" in text and "Post in thread" in text
        [question] = bot.asked
        assert question.private and question.user == "U1" and "ben@example.com" not in question.text
        assert not slack.replies(message) and not slack.ephemerals()
        assert store.inbox.find(slack.team, "C1", message.ts) is None
        assert not store.asked.of_person(slack.team, "U1", 1)
        [entry] = [e for e in store.audit.export("U1") if e["kind"] == "question"]
        assert entry["facts"]["kind"] == "aside" and "zebra" not in json.dumps(entry)
        for _ in range(2):  # a double click
            slack.people.press_in_view(view, POSTS)
        answer = await answer_to(slack, message, store)
        assert "Zebras are refunded" in answer.shown
        await ended(slack, store, message)
        assert "I answer in the thread" in json.dumps(slack.views[view.id].view)
        await slack.settle()
    assert len(slack.replies(message)) == 1 and not bot.asked[1].private
    assert store.asked.of_person(slack.team, "U1", 1)


RULES = """
[channel.C01]
collection = "legal"
[collection.legal]
only = ["U0BEN"]
"""


async def test_it_is_answered_from_what_the_presser_may_see(slack: FakeSlack, store: Store, tmp_path: Path) -> None:
    slack.add_channel("C01")
    for user in ("U0ANA", "U0BEN"):
        slack.add_user(user)
        slack.channels["C01"].members.add(user)
    path = tmp_path / "policybot.toml"
    path.write_text(RULES)
    bot = says("Yes.")
    serving = {"rules": RulesFile(path), "collections": lambda: ["default", "legal"]}
    async with running(slack, bot, store, **serving):
        message = slack.people.say("C01", "U2", "May we sign?")
        for user in ("U0ANA", "U0BEN"):
            slack.people.shortcut(SHORTCUT, user, message)
            view = await window(slack, user)
        slack.people.press_in_view(view, POSTS)  # Ben's: for all to read, Ana among them
        await ended(slack, store, message)
    assert [(question.user, question.collections) for question in bot.asked] == [
        ("U0ANA", ()),
        ("U0BEN", ("legal",)),
        ("U0BEN", ()),
    ]


async def test_too_late_too_often_and_nothing_to_read_are_told(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        empty = slack.people.say("C1", "U2", "")
        slack.people.shortcut(SHORTCUT, "U1", empty)
        text = json.dumps((await window(slack, "U1")).view)
        assert "can't read attachments" in text and "Post in thread" not in text
        slack.fault("views.open", error="expired_trigger_id")
        slack.people.shortcut(SHORTCUT, "U1", slack.people.say("C1", "U2", "And now?"))
        await slack.wait_for(lambda: [m for m in slack.ephemerals("U1") if "too long to open" in m.text], "a word")


async def test_a_german_message_is_told_in_german_that_it_is_one_too_many(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.services.MINUTE_S", 1e9)  # that no minute ends between the two
    async with running(slack, says("Ja."), store, settings={"user_per_minute": 1}):
        texts = []
        for question in ("Wie viel Urlaub habe ich im Jahr?", "Wie lange ist die Kündigungsfrist?"):
            slack.people.shortcut(SHORTCUT, "U1", slack.people.say("C1", "U2", question))
            texts.append(json.dumps((await window(slack, "U1")).view, ensure_ascii=False))
            slack.views.clear()
    assert "viel gefragt" in texts[1] and "viel gefragt" not in texts[0]


def test_a_window_carries_any_message() -> None:
    for text in ("zebra " * 700, '"' * 4000, "\x01" * 4000, "\U0001f993" * 4000):
        carried = packed_message(ShortcutUsed("T1", "C1", "1.1", None, "U1", text))
        assert len(carried) <= 3000 and text.startswith(json.loads(carried)[3])
