"""A private answer is shared by its asker alone, once, in the thread it was asked in, and goes with its question."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot import texts
from bot.rules.file import RulesFile
from bot.store import Store
from bot.types import Finished
from knowledge.types import Passage
from tests.slack.bots import FakeAssistant, answer_to, answered, ended, says, sentences
from tests.slack.test_private import privately, running
from tests.slack_server import FakeSlack, Message

SAY = texts.of().modals
ASKED = "My manager Rick keeps harassing me, what can I do?"


def shared(slack: FakeSlack, question: Message) -> list[Message]:
    return [m for m in slack.replies(question) if "shares the answer" in m.shown]


async def test_the_asker_shares_the_answer_once_and_nothing_else(slack: FakeSlack, store: Store) -> None:
    assistant = says("Talk to the *ombudsperson* <!channel>.")
    async with running(slack, assistant, store), running(slack, assistant, store):
        root = slack.people.say("C1", "U2", "Ask the bot about trouble at work")
        question = slack.people.mention("C1", "U1", ASKED, thread_ts=root.ts)
        opening, there = await privately(slack, "U1")
        slack.people.dm("U1", "And who is told my name?", thread_ts=opening.ts)
        for _ in range(3):
            slack.people.button(there, "share", "U1")
        (copy,) = await slack.wait_for(lambda: shared(slack, root), "the answer in the channel")
        told = SAY["person_shared"].format(channel="<#C1>")
        await slack.wait_for(lambda: [m for m in slack.messages(there.channel) if m.text == told], "word of it")
        already = SAY["share_already"].format(channel="<#C1>")
        await slack.wait_for(lambda: [m for m in slack.ephemerals("U1") if m.text == already], "a word to the second")
        await slack.settle()
        assert len(shared(slack, root)) == 1
        assert "ombudsperson" in copy.shown and "Travel Policy" in copy.shown and copy.thread_ts == root.ts
        for private in (ASKED, "Rick", "told my name", texts.of().notes["private"], texts.of().private["harassment"]):
            assert private not in copy.shown
        assert not any(block["type"] in ("actions", "context_actions") for block in copy.blocks)
        entries = [row["facts"] for row in store.audit.export() if row["kind"] == "hand_off"]
        assert entries == [{"what": "share", "channel": "C1"}]
        slack.people.delete(question)
        await slack.wait_for(lambda: not shared(slack, root), "it to go with its question")
        await slack.wait_for(lambda: there.deleted, "and the private one")


async def test_nobody_else_shares_it(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Talk to the ombudsperson."), store):
        question = slack.people.mention("C1", "U1", ASKED)
        _, there = await privately(slack, "U1")
        slack.people.button(there, "share", "U2")
        await slack.wait_for(lambda: slack.called("chat.postEphemeral"), "why not")
        await slack.settle()
        assert not shared(slack, question)
        slack.people.delete(question)
        await slack.wait_for(lambda: there.deleted, "the answer to go")
        slack.people.button(there, "share", "U1")  # what is still in front of the person
        await slack.wait_for(lambda: len(slack.called("chat.postEphemeral")) == 2, "why not")
        assert all(call.args["text"] == SAY["share_gone"] for call in slack.called("chat.postEphemeral"))
        await slack.settle()
    assert not shared(slack, question)


@pytest.mark.parametrize(("cited", "near"), [("default", "default"), ("default", "legal"), ("legal", "legal")])
async def test_what_the_channel_may_not_see_is_not_shared_there(
    slack: FakeSlack, store: Store, tmp_path: Path, cited: str, near: str
) -> None:
    (tmp_path / "policybot.toml").write_text('[collection.legal]\nonly = ["U0ANA"]\n')
    slack.add_user("U0ANA")
    told = sentences("Talk to the ombudsperson.")
    told = [replace(s, citations=tuple(replace(c, collection=cited) for c in s.citations)) for s in told]
    serving = {"rules": RulesFile(tmp_path / "policybot.toml"), "collections": lambda: ["default", "legal"]}
    nearest = Passage("c", "d", "T", (), "What comes closest.", 1.0, collection=near)
    whole = replace(answered(told), passages=(nearest,))
    async with running(slack, FakeAssistant(lambda _: [*told, Finished(whole)]), store, **serving):
        slack.people.mention("C1", "U0ANA", ASKED)
        _, there = await privately(slack, "U0ANA")
    assert (SAY["share"] in str(there.blocks)) == (cited == near == "default")


async def test_a_direct_question_has_no_such_button(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Talk to the ombudsperson."), store):
        assert SAY["share"] not in str((await answer_to(slack, slack.people.dm("U1", ASKED), store)).blocks)


async def test_what_slack_does_not_take_is_told(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Talk to the ombudsperson."), store):
        question = slack.people.mention("C1", "U1", ASKED)
        _, there = await privately(slack, "U1")
        await ended(slack, store, question)
        slack.people.kick_bot("C1")
        slack.people.button(there, "share", "U1")
        told = SAY["person_not_shared"].format(channel="<#C1>")
        await slack.wait_for(lambda: [m for m in slack.messages(there.channel) if m.text == told], "word of it")
    assert not shared(slack, question)
