"""Follow-ups without a mention: who is answered, who is left alone, and how the bot is silenced."""

import asyncio
from pathlib import Path

import pytest

from bot import texts as sentences
from bot.demo.workspace.state import Message
from bot.rules.file import RulesFile
from bot.store import Store
from bot.types import Question, Status
from bot.wiring.adapters import ByMeaning
from knowledge.index.embed import MiniLM
from tests.slack.bots import FakeAssistant, Slow, answer_to, ended, running, says
from tests.slack.bots import sentences as cited
from tests.slack_server import FakeSlack

SAY = sentences.of()


async def asked_first(slack: FakeSlack, store: Store, user: str = "U1") -> Message:
    root = slack.people.mention("C1", user, "How long is leave?")
    await answer_to(slack, root, store)
    return root


async def answers(slack: FakeSlack, root: Message, count: int) -> None:
    def finished() -> bool:
        return [m.streaming_state for m in slack.replies(root)] == ["completed"] * count

    await slack.wait_for(finished, f"{count} answers")


def texts(assistant: FakeAssistant) -> list[str]:
    return [question.text for question in assistant.asked]


async def test_the_person_it_answered_asks_on_without_a_mention(slack: FakeSlack, store: Store) -> None:
    assistant = says("Twenty days.")
    async with running(slack, assistant, store):
        root = await asked_first(slack, store)
        slack.people.say("C1", "U1", "and for interns?", thread_ts=root.ts)
        await answers(slack, root, 2)
    assert [turn.text for turn in assistant.asked[1].history] == ["How long is leave?", "Twenty days. [1]"]


async def test_who_asks_on_while_it_still_answers_is_answered_next(slack: FakeSlack, store: Store) -> None:
    slow = Slow()
    async with running(slack, slow.assistant, store):
        root = slack.people.mention("C1", "U1", "How long is leave?")
        await slow.begun(slack, root)
        said = [
            slack.people.say("C1", "U1", text, thread_ts=root.ts)
            for text in ("<@U2> and for you?", "Ben, can you sign this?", "and for interns?")
        ]
        await slack.wait_for(lambda: store.inbox.find(slack.team, "C1", said[-1].ts) is not None, "the question")
        slow.gate.set()
        await answers(slack, root, 2)
    assert texts(slow.assistant) == ["How long is leave?", "and for interns?"]
    assert [turn.text for turn in slow.assistant.asked[1].history][:1] == ["How long is leave?"]
    assert [store.inbox.find(slack.team, "C1", message.ts) for message in said[:2]] == [None] * 2


async def test_where_no_word_tells_the_meaning_does(slack: FakeSlack, store: Store) -> None:
    assistant = says("Twenty days.")
    async with running(slack, assistant, store, likely_meant=lambda text, _: "contract" in text):
        root = await asked_first(slack, store)
        slack.people.say("C1", "U1", "my cat would love that", thread_ts=root.ts)
        await slack.settle()
        slack.people.say("C1", "U1", "my contract started before 2019", thread_ts=root.ts)
        await answers(slack, root, 2)
    assert texts(assistant)[1:] == ["my contract started before 2019"]


async def test_a_model_that_reads_the_thread_says_what_no_word_tells(slack: FakeSlack, store: Store) -> None:
    assistant, read = says("Twenty days."), list[tuple[str, list[str]]]()
    said = {"the steps for Canada then": True, "my cat would love that": False, "What if I am ill?": None}

    async def for_bot(question: Question) -> bool | None:
        read.append((question.text, [turn.text for turn in question.history]))
        return said[question.text]

    async with running(slack, assistant, store, for_bot=for_bot):
        root = await asked_first(slack, store)
        slack.people.say("C1", "U1", "and for interns?", thread_ts=root.ts)  # the words tell
        await answers(slack, root, 2)
        slack.people.say("C1", "U2", "<@U1> is it so?", thread_ts=root.ts)  # it is clear for whom this is
        for count, user, text in zip((3, 3, 4), ("U2", "U2", "U1"), said, strict=True):
            message = slack.people.say("C1", user, text, thread_ts=root.ts)
            await slack.wait_for(lambda text=text: text in dict(read), "the reading")  # type: ignore[misc]
            await answers(slack, root, count)
            assert (store.inbox.find(slack.team, "C1", message.ts) is None) == (said[text] is False)
    assert [text for text, _ in read] == list(said)
    assert read[0][1][-1] == "<@U1> is it so?" and len(read[0][1]) == 5


async def test_what_is_confided_in_its_thread_is_heard_with_and_without_a_model(slack: FakeSlack, store: Store) -> None:
    async def never(_: Question) -> bool:
        return False

    telling = ByMeaning(MiniLM().embed).told
    for for_bot in (None, never):
        assistant = says("Twenty days.")
        async with running(slack, assistant, store, told=telling, likely_meant=lambda *_: False, for_bot=for_bot):
            root = await asked_first(slack, store)
            slack.people.say("C1", "U1", "thanks, my mother just died", thread_ts=root.ts)
            await answers(slack, root, 2)
            slack.people.say("C1", "U2", "the oven is on fire!", thread_ts=root.ts)
            await answers(slack, root, 3)
            slack.people.say("C1", "U1", "I'm dying to go on holiday", thread_ts=root.ts)
            await slack.settle()
            alone = slack.people.say("C1", "U2", "I want to die", thread_ts=root.ts)
            await slack.wait_for(lambda: len(assistant.asked) == 4, "the private answer")  # noqa: B023
            assert SAY.says["private_moved"] in slack.replies(alone)[-1].shown
        assert texts(assistant)[1:] == ["thanks, my mother just died", "the oven is on fire!", "I want to die"]
        assert assistant.asked[-1].channel == slack.open_dm("U2").id


async def test_what_is_not_meant_for_it_is_neither_answered_nor_stored(slack: FakeSlack, store: Store) -> None:
    assistant = says("Twenty days.")
    async with running(slack, assistant, store):
        root = await asked_first(slack, store)
        elsewhere = slack.people.say("C1", "U1", "Who has the key?")
        said = [
            elsewhere,
            slack.people.say("C1", "U1", "What about you?", thread_ts=elsewhere.ts),
            slack.people.say("C1", "U1", "<@U2> and for interns?", thread_ts=root.ts),
            slack.people.say("C1", "U2", "Do you know the date?", thread_ts=root.ts),
        ]
        await slack.settle()
        said.append(slack.people.say("C1", "U1", "Is it the same for you?", thread_ts=root.ts))  # U2 spoke since
        await slack.settle()
        slack.people.mention("C1", "U2", "and for me?", thread_ts=root.ts)
        await answers(slack, root, 2)
        slack.people.say("C1", "U2", "What if I am ill?", thread_ts=root.ts)
        await answers(slack, root, 3)
    assert texts(assistant) == ["How long is leave?", "and for me?", "What if I am ill?"]
    assert [store.inbox.find(slack.team, "C1", message.ts) for message in said] == [None] * len(said)


async def test_told_to_be_quiet_it_is_until_it_is_mentioned_again(slack: FakeSlack, store: Store) -> None:
    assistant = says("Twenty days.")
    async with running(slack, assistant, store):
        root = await asked_first(slack, store)
        mute = slack.people.say("C1", "U2", "Mute, please", thread_ts=root.ts)
        await slack.wait_for(lambda: "no_bell" in mute.reactions, "the sign that it is quiet")
        slack.people.say("C1", "U1", "and for interns?", thread_ts=root.ts)
        await slack.settle()
        slack.people.mention("C1", "U1", "and for managers?", thread_ts=root.ts)
        await answers(slack, root, 2)
        slack.people.say("C1", "U1", "why?", thread_ts=root.ts)
        await answers(slack, root, 3)
        stop = slack.people.mention("C1", "U1", "stop", thread_ts=root.ts)
        await slack.wait_for(lambda: "no_bell" in stop.reactions, "the sign that it is quiet")
        slack.people.say("C1", "U1", "and then?", thread_ts=root.ts)
        await slack.settle()
        slack.people.mention("C1", "U1", "unmute", thread_ts=root.ts)  # a mention, no wish for quiet
        await slack.wait_for(lambda: len(texts(assistant)) == 4, "an answer")
    assert texts(assistant) == ["How long is leave?", "and for managers?", "why?", "unmute"]


async def test_a_channel_says_how_far_it_follows(slack: FakeSlack, store: Store, tmp_path: Path) -> None:
    file = tmp_path / "policybot.toml"
    file.write_text(
        '[channel.C0SHY]\nfollow = "mention"\n[channel.C0EAGER]\nfollow = "every question"\n', encoding="utf-8"
    )
    slack.add_channel("C0SHY")
    slack.add_channel("C0EAGER")
    assistant = says("Twenty days.")
    async with running(slack, assistant, store, rules=RulesFile(file)):
        root = slack.people.mention("C0SHY", "U1", "How long is leave?")
        await answer_to(slack, root, store)
        slack.people.say("C0SHY", "U1", "and for interns?", thread_ts=root.ts)
        slack.people.say("C0EAGER", "U2", "good morning")
        slack.people.say("C0EAGER", "U2", "Did you see this, <@U1>?")
        await answer_to(slack, slack.people.say("C0EAGER", "U2", "How long is parental leave?"), store)
        await slack.settle()
    assert texts(assistant) == ["How long is leave?", "How long is parental leave?"]


async def test_outsiders_are_not_followed(slack: FakeSlack, store: Store) -> None:
    slack.add_user("U7", "guest", team="T9")
    slack.channels["C1"].members.add("U7")
    assistant = says("Twenty days.")
    async with running(slack, assistant, store):
        root = await asked_first(slack, store)
        slack.people.say("C1", "U7", "and for guests?", thread_ts=root.ts)
        await slack.settle()
    assert len(slack.replies(root)) == 1


@pytest.mark.parametrize("begun", [True, False], ids=["while it is written", "before its first word"])
async def test_quiet_ends_what_is_being_answered(slack: FakeSlack, store: Store, begun: bool) -> None:
    never = asyncio.Event()
    first = [Status("reading"), *cited("First.")] if begun else []
    assistant = FakeAssistant(lambda _: [*first, never])
    async with running(slack, assistant, store):
        question = slack.people.mention("C1", "U1", "How?")
        await slack.wait_for(lambda: [m for m in slack.replies(question) if m.text] if begun else assistant.asked, "it")
        stop = slack.people.say("C1", "U1", "stop", thread_ts=question.ts)
        assert (await ended(slack, store, question)).reason == "stopped_by_user"
        await slack.wait_for(lambda: "no_bell" in stop.reactions, "the sign that it is quiet")
        among_people = slack.people.say("C1", "U1", "Let us go")
        other = slack.people.say("C1", "U2", "stop", thread_ts=among_people.ts)
        await slack.settle()
    assert not other.reactions and [m.text for m in slack.replies(question) if m.user == slack.bot_user] == (
        ["First. [1]"] if begun else []
    )


async def test_quiet_in_a_direct_message_ends_the_answer_and_asks_nothing(slack: FakeSlack, store: Store) -> None:
    assistant = FakeAssistant(lambda _: [asyncio.Event()])
    async with running(slack, assistant, store):
        question = slack.people.dm("U1", "How?")
        await slack.wait_for(lambda: assistant.asked, "it")
        stop = slack.people.dm("U1", "stop", thread_ts=question.ts)
        assert (await ended(slack, store, question)).reason == "stopped_by_user"
        await slack.wait_for(lambda: "no_bell" in stop.reactions, "the sign that it is quiet")
        again = slack.people.dm("U1", "And now?", thread_ts=question.ts)
        await slack.wait_for(lambda: [q for q in assistant.asked if q.text == "And now?"], "the next question")
        assert again and [q.text for q in assistant.asked] == ["How?", "And now?"]
