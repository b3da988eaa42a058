"""The thread as people see it: who said what, what was deleted, what a direct conversation goes on from."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot import texts, wiring
from bot.store import Store
from bot.types import Finished, Status, Turn
from tests.prepared import copy_of, settings_at
from tests.slack.bots import FakeAssistant, answer_to, answered, ended, running, says, sentences
from tests.slack_server import FakeSlack


async def test_what_people_say_behind_an_answer_is_heard(slack: FakeSlack, store: Store) -> None:
    assistant = says("Twenty days.")
    async with running(slack, assistant, store):
        root = slack.people.mention("C1", "U1", "How long may I work abroad?")
        await answer_to(slack, root, store)
        slack.people.say("C1", "U2", "It is about Portugal", thread_ts=root.ts)
        await slack.settle()  # people write one after the other
        taken_back = slack.people.say("C1", "U2", "or Spain", thread_ts=root.ts)
        slack.people.say("C1", "U9", "beep", bot_id="B9", subtype="bot_message", thread_ts=root.ts)
        slack.people.say("C1", "U1", "for three weeks", thread_ts=root.ts)
        slack.people.delete(taken_back)
        slack.people.mention("C1", "U2", "Is that allowed?", thread_ts=root.ts)
        await slack.wait_for(lambda: len(slack.replies(root)) == 2, "the second answer")
    assert assistant.asked[-1].history == (
        Turn("user", "How long may I work abroad?", "<PERSON_1>"),
        Turn("agent", "Twenty days. [1]", documents=("travel.pdf",)),  # as the record has it
        Turn("user", "It is about Portugal", "<PERSON_2>", to_bot=False),
        Turn("user", "for three weeks", "<PERSON_1>", to_bot=False),
    )
    assert assistant.asked[-1].speaker == "<PERSON_2>"


async def test_a_thread_that_cannot_be_read_is_what_the_records_know(slack: FakeSlack, store: Store) -> None:
    assistant = says("Twenty days.")
    slack.fault("conversations.replies", error="missing_scope", times=None)
    async with running(slack, assistant, store):
        root = slack.people.mention("C1", "U1", "How long may I work abroad?")
        await answer_to(slack, root, store)
        slack.people.mention("C1", "U1", "And in Spain?", thread_ts=root.ts)
        await slack.wait_for(lambda: len(slack.replies(root)) == 2, "the second answer")
    assert [turn.text for turn in assistant.asked[-1].history] == ["How long may I work abroad?", "Twenty days. [1]"]


@pytest.mark.parametrize(
    ("text", "file", "leans"),
    [
        ("and in Spain?", False, True),
        ("How is the parking garage opened?", False, False),
        ("is this allowed?", False, True),
        ("is this allowed?", True, False),  # what is attached
    ],
)
async def test_a_direct_message_that_leans_takes_the_last_exchange_along(
    slack: FakeSlack, store: Store, text: str, file: bool, leans: bool
) -> None:
    assistant = says("Twenty days.")
    async with running(slack, assistant, store):
        await answer_to(slack, slack.people.dm("U1", "How long may I work from Portugal?"), store)
        await answer_to(slack, slack.people.dm("U2", "What is the dress code?"), store)
        facts = {"files": [{"id": "F1", "name": "a.png"}], "subtype": "file_share"} if file else {}
        await answer_to(slack, slack.people.dm("U1", text, **facts), store)
    exchange = (
        Turn("user", "How long may I work from Portugal?"),
        Turn("agent", "Twenty days. [1]", documents=("travel.pdf",)),
    )
    assert assistant.asked[-1].history == (exchange if leans else ())


async def test_after_ten_minutes_a_direct_message_stands_for_itself(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.history.FRESH", timedelta(minutes=-10))  # as if it were later
    assistant = says("Twenty days.")
    async with running(slack, assistant, store):
        await answer_to(slack, slack.people.dm("U1", "How long may I work from Portugal?"), store)
        await answer_to(slack, slack.people.dm("U1", "and in Spain?"), store)
    assert assistant.asked[-1].history == ()


async def test_a_mention_in_a_group_conversation_is_answered_once(slack: FakeSlack, store: Store) -> None:
    slack.add_channel("GM1", kind="mpim")
    assistant = says("Yes.")
    async with running(slack, assistant, store):
        slack.people.say("GM1", "U1", "Has anyone asked?")
        question = slack.people.mention("GM1", "U1", "May I?")
        answer = await answer_to(slack, question, store)
        await slack.settle()
    assert (answer.thread_ts, [q.text for q in assistant.asked]) == (question.ts, ["May I?"])


@pytest.mark.parametrize("where", ["in a thread", "in a thread before a word", "in a direct conversation"])
async def test_a_follow_up_waits_for_the_answer_it_goes_on_from(slack: FakeSlack, store: Store, where: str) -> None:
    gate = asyncio.Event()
    one, two = sentences("Twenty days.", "In Europe.")
    begin = [gate, one] if "before" in where else [Status("reading"), one, gate]
    steps = [*begin, two, Finished(answered([one, two]))]
    assistant = FakeAssistant(lambda q: steps if "long" in q.text else [Finished(answered([one]))])
    async with running(slack, assistant, store):
        if "direct" in where:
            root = slack.people.dm("U1", "How long may I work from Portugal?")
            await slack.wait_for(lambda: slack.replies(root), "the stream")
            follow = slack.people.dm("U1", "and in Spain?")
        else:
            root = slack.people.mention("C1", "U1", "How long may I work from Portugal?")
            await slack.wait_for(lambda: assistant.asked if "before" in where else slack.replies(root), "the stream")
            follow = slack.people.mention("C1", "U1", "and in Spain?", thread_ts=root.ts)
        other = slack.people.mention("C1", "U2", "And who signs it?")
        await answer_to(slack, other, store)  # who asks something else does not wait
        assert len(assistant.asked) == 2
        gate.set()
        await ended(slack, store, follow)
    last = assistant.asked[-1]
    assert [turn.text for turn in last.history] == [
        "How long may I work from Portugal?",
        "Twenty days. [1] In Europe. [2]",
    ]


async def test_a_follow_up_does_not_wait_for_ever(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.history.EARLIER_S", 0.5)
    gate = asyncio.Event()
    (one,) = sentences("Twenty days.")
    assistant = FakeAssistant(lambda q: [one, *([gate] if "long" in q.text else []), Finished(answered([one]))])
    async with running(slack, assistant, store):
        root = slack.people.mention("C1", "U1", "How long may I work from Portugal?")
        await slack.wait_for(lambda: slack.replies(root), "the stream")
        follow = slack.people.mention("C1", "U1", "and in Spain?", thread_ts=root.ts)
        assert (await ended(slack, store, follow)).state == "final"
        gate.set()


async def test_an_answer_that_came_after_the_follow_up_is_heard_and_later_ones_are_not(
    slack: FakeSlack, store: Store
) -> None:
    """As when nobody was free to take the follow-up until both others were answered."""
    assistant = says("Twenty days.")
    async with running(slack, assistant, store):
        root = slack.people.mention("C1", "U1", "How long may I work from Portugal?")
        follow = slack.people.say("C1", "U1", "hm", thread_ts=root.ts)
        later = slack.people.mention("C1", "U2", "Who signs a travel request?", thread_ts=root.ts)
        for asked in (root, later):
            await ended(slack, store, asked)
        follow.text = f"<@{slack.bot_user}> and in Spain?"
        slack.deliverer.deliver(slack.message_event(follow) | {"type": "app_mention"}, slack.channels["C1"])
        await ended(slack, store, follow)
    assert [turn.text for turn in assistant.asked[-1].history] == [
        "How long may I work from Portugal?",
        "Twenty days. [1]",
    ]


async def test_who_only_calls_the_bot_in_a_thread_means_what_people_asked_there(
    slack: FakeSlack, manual_ingested: Path, tmp_path: Path
) -> None:
    rows = [  # what is said in a thread, how the bot is called below it, a word of the answer
        (["How many vacation days do we get in Spain?"], "", "23"),
        (["How many vacation days do we get in Spain?", "no idea", "lol"], "?", "23"),
        (["How many vacation days do we get in Spain?", "I think 25"], "👀", "23"),
        (["How many vacation days do we get in Spain?"], ":eyes:", "23"),
        (["How many vacation days do we get in Spain?"], "pls", "23"),
        (["Wie viele Urlaubstage haben wir in Spanien?"], "🤔", "23"),
        (["<@BOT> How many vacation days do we get in Spain?", "and in Austria?"], "", "25"),
        (["<@BOT> When is the salary paid?", "how many days may I carry over?", "I think 7"], "is that right?", "ight"),
        (["<@BOT> How many vacation days do we get in Spain?", "I think 25"], "is that right?", "23"),
        (["good morning!"], "", texts.of().small_talk["greeting"][:20]),
        (["How many vacation days do we get in Spain?"], "🙏", texts.of().small_talk["thanks"][:10]),
        ([], "", texts.of().small_talk["capabilities"][:40]),
    ]
    wrong = []
    settings = settings_at(copy_of(manual_ingested, tmp_path) / "demo")
    async with wiring.assistant(settings, cache=False) as parts, running(slack, parts.assistant, parts.store):
        for said, call, word in rows:
            thread: dict[str, str] = {}
            for one in said:
                say = slack.people.mention if "BOT" in one else slack.people.say
                told = say("C1", "U2", one.removeprefix("<@BOT> "), **thread)
                if "BOT" in one:
                    await ended(slack, parts.store, told)
                thread = thread or {"thread_ts": told.ts}
            asked = slack.people.mention("C1", "U1", call, **thread)
            await ended(slack, parts.store, asked)
            root = slack.channels["C1"].messages[thread.get("thread_ts", asked.ts)]
            # what its asker asked without calling it may still be under way below
            await slack.wait_for(lambda root=root: not any(one.streaming for one in slack.replies(root)), "all ends")
            if word not in (last := slack.replies(root)[-1].shown):
                wrong.append((said, call, last))
    assert wrong == []
