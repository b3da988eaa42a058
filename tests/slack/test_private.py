"""What is better not answered for all to read is answered to its asker alone, once, with a kind word first."""

import asyncio
import functools
from dataclasses import replace
from pathlib import Path

import pytest

from bot import texts, wiring
from bot.rules.file import RulesFile
from bot.store import Store
from bot.types import Finished, Status
from bot.wiring.adapters import ByMeaning
from knowledge.index.embed import MiniLM
from tests.bot.answering.scripted import tells
from tests.llm_server import FakeLLM
from tests.prepared import copy_of, settings_at
from tests.slack import bots
from tests.slack.bots import FakeAssistant, answer_to, answered, ended, says, sentences
from tests.slack_server import FakeSlack, Message

SAY = texts.of()
running = functools.partial(bots.running, told=ByMeaning(MiniLM().embed).told)


async def privately(slack: FakeSlack, user: str) -> tuple[Message, Message]:
    """(what opens it, the answer) in the person's direct messages."""
    place = slack.open_dm(user)
    (root,) = await slack.wait_for(
        lambda: [m for m in place.messages.values() if m.user == slack.bot_user and not m.thread_ts], "the private word"
    )
    (answer,) = await slack.wait_for(
        lambda: [m for m in place.messages.values() if m.thread_ts == root.ts and not m.streaming and m.blocks], "it"
    )
    return root, answer


@pytest.mark.parametrize(
    ("text", "topic", "say"),
    [
        ("My manager keeps harassing me, what can I do?", "harassment", SAY),
        ("Ich bin schwanger, wem muss ich das sagen?", "pregnancy", texts.of("de")),
        ("how much does Marta earn?", "pay", SAY),
        ("I'll see this company in court", "asked", SAY),
        ("i want to die, can I get leave", "asked", SAY),
    ],
)
async def test_a_sensitive_question_in_a_channel_is_answered_to_its_asker_alone(
    slack: FakeSlack, store: Store, text: str, topic: str, say: texts.Texts
) -> None:
    assistant = says("Talk to the ombudsperson.")
    async with running(slack, assistant, store):
        question = slack.people.mention("C1", "U1", text)
        here = await answer_to(slack, question, store)
        root, there = await privately(slack, "U1")
    assert say.says["private_moved"] in here.shown
    assert say.private[topic] in root.shown and text in root.shown
    assert "Talk to the ombudsperson." in there.shown and say.notes["private"] in there.shown
    assert "ombudsperson" not in "".join(m.shown for m in slack.channels["C1"].messages.values())
    record = store.answers.by_message(slack.team, there.channel, there.ts)
    assert record is not None and record.question.private and record.question.channel == there.channel


@pytest.mark.parametrize("text", ["Is <@U2> pregnant?", "Ist <@U2> krank?", "how much does <@U2> earn?"])
async def test_who_asks_after_a_colleague_is_not_comforted_and_reads_no_placeholder(
    slack: FakeSlack, store: Store, text: str
) -> None:
    async with running(slack, says("That is nobody's."), store):
        slack.people.mention("C1", "U1", text)
        root, _ = await privately(slack, "U1")
    assert (
        SAY.private["pay" if "earn" in text else "asked"] in root.shown
        and text.replace("<@U2>", "person A") in root.shown
    )


async def test_what_a_model_finds_sensitive_is_moved_before_a_word_is_shown(slack: FakeSlack, store: Store) -> None:
    told = sentences("The council listens.")
    steps = [Status("searching"), Status("sensitive"), *told, Finished(answered(told))]
    async with running(slack, FakeAssistant(lambda _: steps), store):
        here = await answer_to(
            slack, slack.people.mention("C1", "U1", "things at home are bad, can I get time off?"), store
        )
        root, there = await privately(slack, "U1")
    assert SAY.says["private_moved"] in here.shown and SAY.private["asked"] in root.shown
    assert "The council listens." in there.shown


async def test_a_rule_asked_about_and_a_direct_message_are_answered_where_they_are(
    slack: FakeSlack, store: Store
) -> None:
    async with running(slack, says("As the manual says."), store):
        for place in (
            slack.people.mention("C1", "U1", "How long is maternity leave?"),
            slack.people.dm("U1", "I am pregnant, when must I say so?"),
        ):
            assert "As the manual says." in (await answer_to(slack, place, store)).shown


async def test_it_is_moved_once_though_the_bot_dies_in_between(slack: FakeSlack, store: Store) -> None:
    slack.fault("chat.postMessage", when=lambda args: args["channel"] == "C1", times=3)  # after the private word
    async with running(slack, says("Talk to somebody."), store):
        question = slack.people.mention("C1", "U1", "I was fired, what now?")
        await slack.wait_for(lambda: [r for r in slack.replies(question) if r.shown], "the word in the channel")
        await privately(slack, "U1")


@pytest.mark.parametrize(
    ("method", "error"), [("conversations.open", "missing_scope"), ("chat.postMessage", "messages_tab_disabled")]
)
async def test_who_cannot_be_written_to_is_told_to_write(
    slack: FakeSlack, store: Store, method: str, error: str
) -> None:
    """As before the app is installed anew (im:write is missing), or with its Messages tab off."""
    slack.fault(method, error=error, when=lambda args: args.get("channel") != "C1", times=None)
    async with running(slack, says("Talk to the ombudsperson."), store):
        here = await answer_to(
            slack, slack.people.mention("C1", "U1", "My manager keeps harassing me, what can I do?"), store
        )
    assert SAY.says["private_write_me"] in here.shown
    assert "ombudsperson" not in "".join(m.shown for m in slack.channels["C1"].messages.values())


@pytest.mark.parametrize("done", [True, False], ids=["after the answer", "while it is written"])
async def test_a_deleted_question_takes_its_private_answer_along(slack: FakeSlack, store: Store, done: bool) -> None:
    gate = asyncio.Event()
    told = sentences("Talk to the ombudsperson.", "Or to the council.")
    steps = [Status("reading"), told[0], gate, told[1], Finished(answered(told))]
    if done:
        gate.set()
    async with running(slack, FakeAssistant(lambda _: steps), store):
        question = slack.people.mention("C1", "U1", "My manager keeps harassing me, what can I do?")
        place = slack.open_dm("U1")
        await slack.wait_for(lambda: [m for m in place.messages.values() if "ombudsperson" in m.shown], "the answer")
        if done:
            await privately(slack, "U1")
            await slack.settle()
        slack.people.delete(question)
        await slack.wait_for(lambda: not slack.messages(place.id) and not slack.replies(question), "all to go")
        assert (await ended(slack, store, question)).reason == "question_deleted"


async def test_what_goes_on_from_a_private_question_is_private_too(slack: FakeSlack, store: Store) -> None:
    assistant = says("Fourteen weeks.")
    begun = {"I'm pregnant, when do I have to tell?": "U1", "How much does Tom earn?": "U1", "How long is leave?": "U3"}
    rows = [  # the thread, who asks on in it, what, whether it is answered to them alone, what it goes on from
        (0, "U1", "darf ich nachts arbeiten?", True, ["I'm pregnant, when do I have to tell?"]),
        (0, "U2", "and what happens then?", True, ["darf ich nachts arbeiten?"]),
        (0, "U1", "and then?", True, ["darf ich nachts arbeiten?"]),
        (0, "U2", "How much may a hotel in Berlin cost?", False, ["and what happens then?"]),
        (0, "U1", "what about my bonus?", True, ["and then?"]),
        (0, "U1", "How many vacation days do I get?", False, ["what about my bonus?"]),
        (0, "U1", "and for interns?", False, ["How many vacation days do I get?"]),
        (1, "U1", "What is the bonus of grade 7?", False, ["How much does Tom earn?"]),
        (2, "U1", "I'm pregnant btw", True, ["How long is leave?"]),
        (2, "U2", "and for interns?", False, ["How long is leave?"]),
    ]
    async with running(slack, assistant, store):
        roots = []
        for text, user in begun.items():
            roots.append(slack.people.mention("C1", user, text))
            await slack.wait_for(lambda: assistant.asked and assistant.asked[-1].text == text, text)  # noqa: B023
        wrong = []
        for at, user, text, alone, before in rows:
            place = slack.open_dm(user).id if alone else "C1"
            asked = slack.people.mention("C1", user, text, thread_ts=roots[at].ts)
            job = await ended(slack, store, asked)
            await slack.wait_for(lambda: assistant.asked[-1].text == text, text)  # noqa: B023
            question = assistant.asked[-1]
            said = [turn.text for turn in question.history if turn.role == "user"][-1:]
            if question.channel != place or (job.reason == "private") != alone or said != before:
                wrong.append((user, text, job.reason, question.history))
    assert wrong == []


async def test_what_goes_on_from_what_somebody_confided_in_the_thread_is_private(
    slack: FakeSlack, store: Store
) -> None:
    gropes, pregnant = "My manager touched me again today", "I'm pregnant and nobody here knows"
    rows = [  # what people say in a thread, who then asks the bot, what, whether it is answered to them alone
        ([gropes], "U1", "whom can she turn to?", True),
        ([gropes], "U2", "do you know?", True),
        ([gropes], "U1", "", True),
        ([gropes], "U1", "👀", True),
        ([gropes], "U1", "How much may a hotel in Berlin cost?", False),
        ([gropes], "U2", "How many vacation days do I get?", False),
        ([pregnant, "oh", "shall we ask the bot?"], "U1", "and when does she have to say so?", True),
        (["Ich bin schwanger und trau mich nicht, es zu sagen"], "U1", "was muss sie jetzt tun?", True),
        (["Müdürüm bana tacizde bulunuyor"], "U1", "kime başvurabilir?", True),
        (["Mon chef me harcèle tous les jours"], "U1", "à qui peut-elle parler ?", True),
        (["Mi jefe me acosa todos los días"], "U1", "¿y qué puede hacer?", True),
        (["i want to die"], "U1", "what can we do?", True),
        (["Can I take my laptop to China?"], "U1", "do you know?", False),
        (["How long is parental leave?", "no idea"], "U1", "and for twins?", False),
        (["What counts as harassment?"], "U1", "any idea?", False),
        (["The dress code is silly"], "U1", "is it binding?", False),
    ]
    wrong = []
    async with running(slack, says("Talk to the council."), store):
        for said, user, text, alone in rows:
            root = slack.people.say("C1", "U2", said[0])
            for one in said[1:]:
                slack.people.say("C1", "U1", one, thread_ts=root.ts)
            asked = slack.people.mention("C1", user, text, thread_ts=root.ts)
            job = await ended(slack, store, asked)
            if (job.reason == "private") != alone or alone == any("council" in m.shown for m in slack.replies(root)):
                wrong.append((said, text, job.reason))
    assert wrong == []


async def test_who_asks_on_behind_a_private_answer_is_heard_without_a_mention(slack: FakeSlack, store: Store) -> None:
    assistant = says("Fourteen weeks.")
    async with running(slack, assistant, store):
        root = slack.people.mention("C1", "U1", "I'm pregnant, when do I have to tell?")
        await slack.wait_for(lambda: assistant.asked, "the first")
        await slack.settle()
        slack.people.say("C1", "U2", "ok let's talk about it tomorrow", thread_ts=root.ts)
        slack.people.say("C1", "U1", "and how long before the birth do I stop working?", thread_ts=root.ts)
        await slack.wait_for(lambda: len(assistant.asked) > 1, "the next")
        await slack.settle()
    assert [one.text for one in assistant.asked[1:]] == ["and how long before the birth do I stop working?"]
    assert assistant.asked[1].channel == slack.open_dm("U1").id


async def test_who_asks_on_before_the_private_answer_is_answered_privately(slack: FakeSlack, store: Store) -> None:
    gate = asyncio.Event()
    told = sentences("The council listens.")
    steps = [Status("searching"), gate, Status("sensitive"), *told, Finished(answered(told))]
    async with running(slack, FakeAssistant(lambda _: steps), store):
        root = slack.people.mention("C1", "U1", "things at home are bad, can I get time off?")
        await slack.wait_for(lambda: slack.statuses, "its beginning")
        then = slack.people.mention("C1", "U1", "how many days?", thread_ts=root.ts)
        await slack.wait_for(lambda: store.inbox.find(slack.team, "C1", then.ts) is not None, "the next")
        gate.set()
        assert (await ended(slack, store, then)).reason == "private"


async def test_what_is_answered_privately_knows_the_thread_it_was_asked_in(slack: FakeSlack, store: Store) -> None:
    assistant = says("Fourteen weeks.")
    async with running(slack, assistant, store):
        await answer_to(slack, slack.people.dm("U1", "How is the parking garage opened?"), store)
        root = slack.people.say("C1", "U2", "Parental leave is in the handbook of Portugal")
        slack.people.mention("C1", "U1", "And while I am pregnant, write to a@example.com?", thread_ts=root.ts)
        await slack.wait_for(lambda: len(assistant.asked) == 2, "the question")
        _, there = await privately(slack, "U1")
        slack.people.dm("U1", "And for twins?", thread_ts=there.thread_ts)
        await slack.wait_for(lambda: len(assistant.asked) == 3, "the follow-up")
    first, second = assistant.asked[1:]
    assert [turn.text for turn in first.history] == ["Parental leave is in the handbook of Portugal"]
    assert (first.speaker, first.channel) == ("<PERSON_2>", there.channel)
    assert [turn.text for turn in second.history][-1] == "Fourteen weeks. [1]"


async def test_what_is_sensitive_by_its_meaning_alone_is_moved_too(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Talk to the ombudsperson."), store, told=tells("harassment", "creepy")):
        here = await answer_to(slack, slack.people.mention("C1", "U1", "a lead here is creepy, who can I tell?"), store)
        root, _ = await privately(slack, "U1")
        open_one = await answer_to(slack, slack.people.mention("C1", "U1", "who can I tell about a lost badge?"), store)
    assert SAY.says["private_moved"] in here.shown and SAY.private["harassment"] in root.shown
    assert "ombudsperson" in open_one.shown


async def test_a_rule_asked_about_is_answered_in_the_channel_though_a_word_stands_in_it(
    slack: FakeSlack, store: Store
) -> None:
    async with running(slack, says("Repeated attacks."), store):
        rule = slack.people.mention("C1", "U1", "what counts as bullying under the policy?")
        assert "Repeated attacks." in (await answer_to(slack, rule, store)).shown
        told = slack.people.mention("C1", "U1", "I want to die, says the policy anything?")
        assert SAY.says["private_moved"] in (await answer_to(slack, told, store)).shown
        root, _ = await privately(slack, "U1")
    assert SAY.private["asked"] in root.shown


async def test_where_the_rules_say_open_it_is_answered_there_and_not_called_private(
    slack: FakeSlack, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "policybot.toml").write_text('[privacy]\nsensitive = "open"\n')
    rules = RulesFile(tmp_path / "policybot.toml")
    async with running(slack, says("Talk to the ombudsperson."), store, rules=rules):
        here = await answer_to(slack, slack.people.mention("C1", "U1", "My manager keeps harassing me"), store)
    assert "Talk to the ombudsperson." in here.shown and SAY.notes["private"] not in here.shown


async def test_what_a_model_finds_sensitive_in_a_direct_message_is_no_example_either(
    slack: FakeSlack, store: Store
) -> None:
    told = sentences("The council listens.")
    steps = [Status("searching"), Status("sensitive"), *told, Finished(answered(told))]
    async with running(slack, FakeAssistant(lambda _: steps), store):
        answer = await answer_to(slack, slack.people.dm("U1", "things at home are bad, can I get time off?"), store)
    record = store.answers.by_message(slack.team, answer.channel, answer.ts)
    assert record is not None and record.question.private and SAY.notes["private"] in answer.shown


async def test_who_is_in_danger_reads_whom_to_call_in_a_direct_message_too(
    slack: FakeSlack, pages_ingested: Path, tmp_path: Path
) -> None:
    settings = settings_at(copy_of(pages_ingested, tmp_path))
    async with wiring.assistant(settings) as parts, running(slack, parts.assistant, parts.store):
        answer = await answer_to(slack, slack.people.dm("U1", "i want to die, can I get leave"), parts.store)
        record = parts.store.answers.by_message(slack.team, answer.channel, answer.ts)
    assert answer.shown.startswith(SAY.private["self_harm"])
    assert record is not None and record.question.private


async def test_who_is_in_danger_is_told_once_whom_to_call_when_asked_in_a_channel(
    slack: FakeSlack, pages_ingested: Path, tmp_path: Path
) -> None:
    settings = settings_at(copy_of(pages_ingested, tmp_path))
    async with wiring.assistant(settings) as parts, running(slack, parts.assistant, parts.store):
        slack.people.mention("C1", "U1", "there's no reason to wake up any more")
        root, answer = await privately(slack, "U1")
    assert answer.shown.startswith(SAY.private["self_harm"]) and SAY.private["self_harm"] not in root.shown


async def test_a_refusal_says_who_looks_after_what_comes_closest(
    slack: FakeSlack, pages_ingested: Path, tmp_path: Path
) -> None:
    settings = settings_at(copy_of(pages_ingested, tmp_path))
    async with wiring.assistant(settings) as parts, running(slack, parts.assistant, parts.store):
        question = slack.people.mention("C1", "U1", "does the company pay for my gym shoes?")
        refused = await answer_to(slack, question, parts.store)
    assert SAY.says["refused_ask"].format(owner="Travel desk") in refused.shown


async def test_what_is_grave_holds_on_in_direct_messages_outside_threads(slack: FakeSlack, store: Store) -> None:
    assistant = says("Talk to somebody.")
    async with running(slack, assistant, store):
        for text in (
            "I want to die",
            "nobody would notice",
            "How much may a hotel in Berlin cost?",
            "nobody would notice",
        ):
            await answer_to(slack, slack.people.dm("U1", text), store)
    before = [[turn.text for turn in one.history if turn.role == "user"] for one in assistant.asked]
    assert before == [[], ["I want to die"], [], []]


async def test_with_a_model_a_channel_is_left_for_what_it_reads_and_not_for_what_is_only_heard(
    slack: FakeSlack, pages_ingested: Path, tmp_path: Path
) -> None:
    data, heard, ashamed = copy_of(pages_ingested, tmp_path), "my Marta heard it, how is it?", "the bailiff was here"
    read = {heard: "nothing", ashamed: "debts"}
    replies = {
        one: f'{{"kind": "question", "tells": "{kind}", "query": "parking garage"}}' for one, kind in read.items()
    }
    async with FakeLLM(rewrites=replies) as llm:
        settings = replace(settings_at(data), openai_api_key="k", openai_base_url=llm.url)
        async with wiring.assistant(settings) as parts:
            more = {"told": tells("harassment", "heard it"), "for_bot": parts.assistant.for_bot}
            async with running(slack, parts.assistant, parts.store, **more):
                here = await answer_to(slack, slack.people.mention("C1", "U1", heard), parts.store)
                assert SAY.says["private_moved"] not in here.shown
                here = await answer_to(slack, slack.people.mention("C1", "U1", ashamed), parts.store)
                root, there = await privately(slack, "U1")
    assert SAY.says["private_moved"] in here.shown and SAY.private["debts"] in root.shown
    assert SAY.notes["private"] in there.shown
    assert "no shame" not in "".join(m.shown for m in slack.channels["C1"].messages.values())
