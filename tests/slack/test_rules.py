"""A serving bot keeps to policybot.toml, and to what it said before it was broken."""

import asyncio
from pathlib import Path

import pytest
import structlog

from bot.rules.file import RulesFile
from bot.store import Store
from tests.slack.bots import answer_to, running, says
from tests.slack_server import FakeSlack


async def test_a_broken_edit_is_told_and_does_not_stop_the_bot(
    slack: FakeSlack, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.serve.REFRESH_S", 0.02)
    path = tmp_path / "policybot.toml"
    path.write_text('[collection.legal]\nonly = ["U0LAW"]\n')
    file = RulesFile(path)
    async with running(slack, says("Yes."), store, http_port=0, rules=file) as bot:
        assert await bot.get("/readyz") == (200, {"ready": True, "problems": []})
        path.write_text('[collection.legal]\nonyl = ["U0LAW"]\n')
        async with asyncio.timeout(10):
            while "notes" not in (found := (await bot.get("/readyz")))[1]:  # noqa: ASYNC110 - another task's state
                await asyncio.sleep(0.02)
        assert found[0] == 200 and found[1]["notes"][0].startswith("The last edit of the rules is wrong in line 2;")
    assert file.rules.about("legal").only == ("U0LAW",)


async def test_without_a_file_nobody_is_answered_from_what_is_not_default(
    slack: FakeSlack, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    slack.add_channel("C0OPEN")
    assistant = says("Yes.")
    with structlog.testing.capture_logs() as logged:
        async with running(slack, assistant, store, http_port=0, collections=lambda: ["default", "legal"]) as bot:
            await answer_to(slack, slack.people.dm("U1", "May I?"), store)
            await answer_to(slack, slack.people.mention("C0OPEN", "U1", "May I?"), store)
            notes = (await bot.get("/readyz"))[1]["notes"]
    assert [question.collections for question in assistant.asked] == [("default",)] * 2
    assert "no file of rules" in notes[0]
    assert [one["note"] for one in logged if one["event"] == "to_know"] == notes


async def test_a_private_channel_is_answered_in_direct_messages_and_a_slow_one_slowly(
    slack: FakeSlack, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "policybot.toml"
    path.write_text("[channel.C0QUIET]\nprivate = true\n[channel.C0SLOW]\nquestions_per_minute = 1\n")
    slack.add_channel("C0QUIET")
    slack.add_channel("C0SLOW")
    assistant = says("Yes.")
    async with running(slack, assistant, store, rules=RulesFile(path)):
        said = await answer_to(slack, slack.people.mention("C0QUIET", "U1", "May I, here?"), store)
        assert "I've answered you privately" in said.shown
        assert "Yes." in (await answer_to(slack, slack.people.dm("U1", "May I?"), store)).shown
        assert "Yes." in (await answer_to(slack, slack.people.mention("C0SLOW", "U1", "May I?"), store)).shown
        slack.people.mention("C0SLOW", "U2", "And I?")
        await slack.wait_for(lambda: slack.ephemerals("U2"), "the limit told")
    assert sorted(question.text for question in assistant.asked) == ["May I, here?", "May I?", "May I?"]


async def test_a_change_of_the_rules_is_in_the_audit_trail(
    slack: FakeSlack, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.serve.REFRESH_S", 0.02)
    path = tmp_path / "policybot.toml"
    path.write_text('[collection.legal]\nonly = ["U0LAW"]\n')
    async with running(slack, says("Yes."), store, rules=RulesFile(path)):
        async with asyncio.timeout(10):
            while not list(store.audit.export()):  # noqa: ASYNC110 - a database can only be polled
                await asyncio.sleep(0.02)
            path.write_text('[collection.legal]\nonly = ["U0LAW", "U0CEO"]\n')
            while len(rows := list(store.audit.export())) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    assert [row["kind"] for row in rows] == ["serve", "rules_changed"]
    assert rows[0]["facts"]["rules"] != rows[1]["facts"]["rules"] and "U0LAW" not in str(rows)


async def test_a_change_counts_for_the_next_question(
    slack: FakeSlack, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.serve.REFRESH_S", 0.02)
    path = tmp_path / "policybot.toml"
    text = '[channel.C0SALES]\ncollection = ["default", "sales"]\n[dm]\ncollections = ["sales"]\n'
    path.write_text(text)
    slack.add_channel("C0SALES")
    file, assistant = RulesFile(path), says("Yes.")
    async with running(slack, assistant, store, rules=file, collections=lambda: ["default", "legal", "sales"]):
        for _ in range(2):
            await answer_to(slack, slack.people.mention("C0SALES", "U1", "May I?"), store)
            await answer_to(slack, slack.people.dm("U1", "May I?"), store)
            path.write_text(text.replace('"sales"', '"legal"'))
            async with asyncio.timeout(10):
                while "legal" not in file.rules.served:  # noqa: ASYNC110 - another task's state
                    await asyncio.sleep(0.02)
    assert [question.collections for question in assistant.asked] == [
        ("default", "sales"),
        ("sales",),
        ("default", "legal"),
        ("legal",),
    ]
