"""The Home tab's buttons over the wire: what is stored of a person is sent, forgotten, or not kept any more."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.demo.workspace.state import View
from bot.rules.file import RulesFile
from bot.store import Store
from bot.types import Answer, Finished, Outcome, Status
from tests.bot.store.traces import files_with
from tests.slack.bots import FakeAssistant, answer_to, answered, ended, says, sentences
from tests.slack.test_private import running
from tests.slack_server import FakeSlack


async def until(true: Callable[[], object]) -> None:
    """Wait for what Slack does not hear of."""
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def press(slack: FakeSlack, act: str, user: str) -> str:
    """Open the Home tab, press the button that stands there; what the window says in the end."""
    before = slack.homes.pop(user, None)
    slack.people.open_home(user)
    home: Any = await slack.wait_for(lambda: slack.homes.get(user), "the Home tab")
    assert home is not before
    [button] = [e for b in home["blocks"] for e in b.get("elements", []) if e.get("action_id") == act]
    seen = set(slack.views)
    action = {"type": "button", "action_id": act, "value": button["value"], "block_id": "b"}
    slack.people.press_in_view(View("V0", user, home, "h", "home"), action)

    def said() -> str | None:
        shown = [json.dumps(v.view) for id, v in slack.views.items() if id not in seen and v.user == user]
        return next((text for text in shown if "One moment" not in text), None)

    return await slack.wait_for(said, "what happened")


async def asks(slack: FakeSlack, store: Store, user: str, text: str) -> None:
    asked = slack.people.dm(user, text)
    answer = await answer_to(slack, asked, store)
    await ended(slack, store, asked)
    slack.people.button(answer, "positive_button", user)
    await slack.wait_for(lambda: slack.ephemerals(user), "the thank-you")


async def test_forgotten_is_forgotten(slack: FakeSlack, store: Store, tmp_path: Path) -> None:
    for user in ("U0ANA77", "U0BEN77"):
        slack.add_user(user)
    async with running(slack, says("Zebras are refunded."), store, stated=lambda _: []):
        await asks(slack, store, "U0ANA77", "Who pays for my zebra?")
        await asks(slack, store, "U0BEN77", "And for my llama?")
        assert "Done: nothing" in await press(slack, "own_forget", "U0ANA77")
        await slack.wait_for(lambda: "zebra" not in json.dumps(slack.homes["U0ANA77"]), "the Home tab anew")
        assert files_with(tmp_path, "my zebra", "U0ANA77") == []
        assert files_with(tmp_path, "my llama", "U0BEN77")
    entries = [e for e in store.audit.export("U0ANA77") if e["kind"] == "erase"]
    assert len(entries) == 1 and entries[0]["facts"]["surface"] == "home"
    assert store.audit.verify().faults == ()


async def test_while_a_question_is_being_answered_nothing_is_forgotten(slack: FakeSlack, store: Store) -> None:
    go = asyncio.Event()
    shown = sentences("Yes.")
    waits = FakeAssistant(lambda _: [Status("searching"), go, *shown, Finished(answered(shown))])
    async with running(slack, waits, store, stated=lambda _: []):
        asked = slack.people.dm("U1", "Who pays for my zebra?")
        await until(lambda: waits.asked)
        assert "being answered right now" in await press(slack, "own_forget", "U1")
        go.set()
        await ended(slack, store, asked)
        assert store.asked.of_person(slack.team, "U1", 1)
        assert "Done: nothing" in await press(slack, "own_forget", "U1")
        assert not store.asked.of_person(slack.team, "U1", 1)


async def test_what_is_stored_is_sent_to_the_person_alone(slack: FakeSlack, store: Store, tmp_path: Path) -> None:
    for user in ("U0ANA", "U0BEN"):
        slack.add_user(user)
    path = tmp_path / "policybot.toml"
    path.write_text('[collection.legal]\nonly = ["U0ANA"]\n')
    serving = {"rules": RulesFile(path), "collections": lambda: ["default", "legal"], "stated": lambda _: []}
    async with running(slack, says("Zebras are refunded."), store, **serving):
        await asks(slack, store, "U0ANA", "Who pays for my zebra?")
        await asks(slack, store, "U0BEN", "And for my llama?")
        assert "is in a file in our direct messages" in await press(slack, "own_export", "U0ANA")
        path.write_text('[collection.legal]\nonly = ["U0BEN"]\n')  # by now closed to them
        await until(lambda: any(entry["kind"] == "rules_changed" for entry in store.audit.export()))
        assert "is in a file in our direct messages" in await press(slack, "own_export", "U0ANA")
    first, second = (file for file in slack.files.values() if file.name.endswith(".jsonl"))
    assert first.shared_in == second.shared_in == slack.open_dm("U0ANA").id
    for file in (first, second):
        rows = [json.loads(line) for line in file.content.decode().splitlines()]
        assert {"answers", "inbox", "votes", "opt_outs", "audit"} <= {row["table"] for row in rows}
        assert b"zebra" in file.content and b"llama" not in file.content
    assert b"Zebras are refunded" in first.content and b"Zebras are refunded" not in second.content
    async with running(slack, says("Yes."), store, stated=lambda _: []):
        assert "Done: nothing" in await press(slack, "own_forget", "U0ANA")
        assert not slack.files  # made of their words, so gone with them
        assert "Done: nothing" in await press(slack, "own_forget", "U0ANA")
    [noted, _] = [e["facts"] for e in store.audit.export("U0ANA") if e["kind"] == "privacy_export"]
    assert noted == {"surface": "home"}


async def test_what_slack_will_not_delete_keeps_nothing_else(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Zebras are refunded."), store, stated=lambda _: []):
        await asks(slack, store, "U1", "Who pays for my zebra?")
        assert "is in a file in our direct messages" in await press(slack, "own_export", "U1")
        slack.fault("files.delete", error="cant_delete_file")
        assert "Slack did not let me delete a file" in await press(slack, "own_forget", "U1")
        assert not store.asked.of_person(slack.team, "U1", 1) and slack.files
        assert "Done: nothing" in await press(slack, "own_forget", "U1")
        assert not slack.files


async def test_a_file_is_noted_before_it_is_sent(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store, stated=lambda _: []):
        slack.fault("files.completeUploadExternal", error="invalid_arguments")
        await press(slack, "own_export", "U1")
        assert [e["kind"] for e in store.audit.export("U1")][-1] == "privacy_file"
        assert len(store.persons.files("U1")) == 1
        assert "Done: nothing" in await press(slack, "own_forget", "U1")


async def test_words_are_not_kept_and_kept_again(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store, stated=lambda _: []):
        assert "I keep no words" in await press(slack, "own_opt_out", "U1")
        assert store.persons.opted_out("U1") and not store.persons.opted_out("U2")
        assert "I keep your words again" in await press(slack, "own_opt_in", "U1")
        assert not store.persons.opted_out("U1")
    assert [e["kind"] for e in store.audit.export("U1")] == ["opt_out", "opt_in"]


async def test_a_closed_window_and_a_refused_file_are_told(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store, stated=lambda _: []):
        slack.fault("views.open", error="expired_trigger_id")
        slack.fault("files.getUploadURLExternal", error="missing_scope")
        slack.people.open_home("U1")
        home: Any = await slack.wait_for(lambda: slack.homes.get("U1"), "the Home tab")
        action = {"type": "button", "action_id": "own_export", "value": "own_export", "block_id": "b"}
        slack.people.press_in_view(View("V0", "U1", home, "h", "home"), action)
        told = lambda: [m for m in slack.messages() if "didn't work just now" in m.text]  # noqa: E731
        [message] = await slack.wait_for(told, "a word about it")
        assert message.channel == slack.open_dm("U1").id


async def test_what_went_unanswered_is_read_by_who_may_and_each_reading_and_refusal_is_audited(
    slack: FakeSlack, store: Store, tmp_path: Path
) -> None:
    rules = tmp_path / "policybot.toml"
    rules.write_text('[collection.legal]\nonly = ["S0LAW"]\n[admins]\nraw_text = ["S0OWNERS"]\n')
    for user in ("U0ANA77", "U0BEN77"):
        slack.add_user(user)
    slack.usergroups |= {"S0OWNERS": ["U0ANA77"], "S0LAW": []}
    serving = {"rules": RulesFile(rules), "collections": lambda: ["default"], "stated": lambda _: []}
    unsure, sure = (Answer(Outcome.ANSWERED, "Yes.", notes=notes) for notes in (("incomplete",), ()))
    said = {"okapi": unsure, "yak": sure}
    some = FakeAssistant(lambda asked: [Finished(said.get(asked.text.split()[-1][:-1], Answer(Outcome.REFUSED, "")))])
    async with running(slack, some, store, **serving):
        asked = slack.people.dm("U0BEN77", "Who feeds the office *walrus*?")
        in_confidence = slack.people.dm("U0BEN77", "I am pregnant, who feeds the gnu?")
        others = [slack.people.dm("U0BEN77", f"Who feeds the office {animal}?") for animal in said]
        for question in (asked, in_confidence, *others):
            await ended(slack, store, question)
        shown = await press(slack, "own_unanswered", "U0ANA77")
        assert (
            "walrus" in shown
            and "okapi" in shown
            and "yak" not in shown
            and "gnu" not in shown
            and "U0BEN77" not in shown
        )
        slack.people.open_home("U0BEN77")
        home: Any = await slack.wait_for(lambda: slack.homes.get("U0BEN77"), "the Home tab")
        assert "own_unanswered" not in json.dumps(home)
        forged = {"type": "button", "action_id": "own_unanswered", "value": "own_unanswered", "block_id": "b"}
        slack.people.press_in_view(View("V0", "U0BEN77", home, "h", "home"), forged)
        said = await slack.wait_for(
            lambda: next((t for v in slack.views.values() if "[admins]" in (t := json.dumps(v.view))), None),
            "a refusal",
        )
        assert "walrus" not in said
    pseudonyms = store.audit.pseudonyms
    acts = [(e["kind"], e["person"]) for e in store.audit.export() if e["facts"].get("right") == "raw_text"]
    assert acts == [("raw_text", pseudonyms.of("U0ANA77")), ("refused", pseudonyms.of("U0BEN77"))]
