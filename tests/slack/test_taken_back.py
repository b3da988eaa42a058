"""A question deleted, edited or stopped while it is answered, or after: what people then see, and what is kept."""

import asyncio
from datetime import timedelta

import pytest

from bot import texts
from bot.demo.workspace.state import Message
from bot.store import Store
from bot.types import Finished, Sentence, Status, Verdict
from tests.slack.bots import FakeAssistant, Slow, answer_to, answered, ended, running, says, sentences
from tests.slack_server import FakeSlack


async def test_a_deleted_question_takes_its_answer_along(slack: FakeSlack, store: Store) -> None:
    slow = Slow()
    async with running(slack, slow.assistant, store):
        question = slack.people.mention("C1", "U1", "How?")
        await slow.begun(slack, question)
        slack.people.delete(question)
        job = await ended(slack, store, question)
        assert job.reason == "question_deleted"
    assert not slack.replies(question)
    assert slow.assistant.cancelled == ["How?"]


@pytest.mark.parametrize("readable", [True, False], ids=["", "where the thread can't be read"])
async def test_a_question_deleted_after_its_answer_takes_all_of_it_along(
    slack: FakeSlack, store: Store, readable: bool
) -> None:
    if not readable:
        slack.fault("conversations.replies", error="missing_scope", times=None)
    shown = [Sentence(f"Sentence number {i} says something of some length. ", Verdict.PLAIN) for i in range(300)]
    async with running(slack, FakeAssistant(lambda _: [*shown, Finished(answered(shown))]), store):
        question = slack.people.mention("C1", "U1", "How?")
        other = slack.people.mention("C1", "U2", "And?", thread_ts=question.ts)
        for asked in (question, other):
            assert (await ended(slack, store, asked)).state == "final"
        whole = slack.replies(question)
        assert len(whole) > 3
        slack.people.delete(question)
        await slack.wait_for(lambda: len(slack.replies(question)) == len(whole) / 2, "the answer to go")
        job = await ended(slack, store, question)
        assert (job.reason, job.text) == ("question_deleted", "")
        asked = store.asked.of_person(slack.team, "U1", 5) + store.asked.of_person(slack.team, "U2", 5)
        assert [one.record.question.text for one in asked] == ["", "And?"]  # nor kept in what is stored
    left = {m.metadata["event_payload"]["question"] for m in slack.replies(question) if m.metadata}
    assert len(left) == 1


async def test_a_deletion_that_comes_before_its_question(slack: FakeSlack, store: Store) -> None:
    assistant = says("Yes.")
    async with running(slack, assistant, store):
        slack.deliverer.hold = True
        question = slack.people.mention("C1", "U1", "How?")
        slack.people.delete(question)
        *mentions, deletion = slack.deliverer.held
        slack.deliverer.held = [deletion]
        slack.deliverer.release()
        await slack.wait_for(lambda: deletion.acked, "the deletion")
        slack.deliverer.held = mentions
        slack.deliverer.release()
        await slack.settle()
        assert (await ended(slack, store, question)).reason == "question_deleted"
    assert not assistant.asked
    assert not slack.replies(question)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is edited was asked long ago: it is offered to be answered again."""
    monkeypatch.setattr("bot.slack.app.FRESH", timedelta(minutes=-10))


async def offered_again(slack: FakeSlack, store: Store) -> tuple[Message, Message]:
    """A question that was answered and then edited, and the offer to answer it again."""
    question = slack.people.mention("C1", "U1", "How?")
    await answer_to(slack, question, store)
    slack.people.edit(question, f"<@{slack.bot_user}> How long?")
    (offer,) = await slack.wait_for(lambda: slack.ephemerals("U1"), "the offer")
    return question, offer


@pytest.mark.usefixtures("later")
async def test_an_edit_that_comes_before_its_question_is_offered(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        slack.deliverer.hold = True
        question = slack.people.mention("C1", "U1", "How?")
        slack.people.edit(question, f"<@{slack.bot_user}> How long?")
        *mentions, edit = slack.deliverer.held
        slack.deliverer.held = [edit]
        slack.deliverer.release()
        await slack.wait_for(lambda: edit.acked, "the edit")
        slack.deliverer.held = mentions
        slack.deliverer.release()
        await slack.wait_for(lambda: slack.ephemerals("U1"), "the offer")


@pytest.mark.usefixtures("later")
async def test_an_edit_before_the_first_word_is_offered_again_where_slack_shows_it(
    slack: FakeSlack, store: Store
) -> None:
    gate = asyncio.Event()
    async with running(slack, FakeAssistant(lambda _: [gate, Finished(answered(sentences("Yes.")))]), store):
        question = slack.people.mention("C1", "U1", "How?")
        await slack.wait_for(lambda: slack.called("assistant.threads.setStatus"), "its status")
        slack.people.edit(question, f"<@{slack.bot_user}> How long?")
        (offer,) = await slack.wait_for(lambda: slack.ephemerals("U1"), "the offer")
        gate.set()
        assert (await ended(slack, store, question)).state == "final"
    assert offer.thread_ts is None
    assert not slack.violations


async def test_a_mention_that_an_edit_adds_asks_the_question(slack: FakeSlack, store: Store) -> None:
    async with running(slack, assistant := says("Yes."), store):
        root = slack.people.say("C1", "U1", "How long?")
        talk = slack.people.say("C1", "U1", "Well")
        below = slack.people.say("C1", "U2", "and for interns?", thread_ts=talk.ts)
        slack.people.edit(slack.people.say("C1", "U1", "lunch?"), "lunch at one?")
        await slack.settle()
        for message in (root, below):
            slack.people.edit(message, f"<@{slack.bot_user}> {message.text}")
            assert (await ended(slack, store, message)).state == "final"
        slack.people.edit(root, f"<@{slack.bot_user}> How long?!")
        await slack.settle()
    assert sorted(q.text for q in assistant.asked) == ["How long?", "and for interns?"]
    assert [len(slack.replies(one)) for one in (root, talk)] == [1, 1]


@pytest.mark.usefixtures("later")
async def test_an_edited_question_is_offered_again(slack: FakeSlack, store: Store) -> None:
    assistant = says("Yes.")
    async with running(slack, assistant, store):
        question, offer = await offered_again(slack, store)
        slack.people.edit(question, f"<@{slack.bot_user}> How long?")  # same text as before: another edit event
        for _ in range(2):
            slack.people.button(offer, "again")
        await slack.wait_for(lambda: len(slack.replies(question)) == 2, "the second answer")
        await slack.settle()
        long = "How " + "very " * 780 + "long?"
        slack.people.edit(question, f"<@{slack.bot_user}> {long}")
        slack.people.button((await slack.wait_for(lambda: slack.ephemerals("U1")[1:], "another offer"))[0], "again")
        await slack.wait_for(lambda: len(slack.replies(question)) == 3, "the third answer")
    assert [q.text for q in assistant.asked] == ["How?", "How long?", long]
    assert len(slack.replies(question)) == 3


@pytest.mark.parametrize("written", [True, False], ids=["answered", "while it is answered"])
async def test_what_soon_asks_something_else_is_answered_anew(slack: FakeSlack, store: Store, written: bool) -> None:
    gate, said = asyncio.Event(), texts.of("en").says["answered_before"]
    (one,) = sentences("Yes.")
    old = [Status("reading"), one, *([] if written else [gate]), Finished(answered([one]))]
    (two,) = sentences("Two days.")
    assistant = FakeAssistant(lambda asked: old if "Portugal" in asked.text else [Finished(answered([two]))])
    async with running(slack, assistant, store):
        question = slack.people.mention("C1", "U1", "May I work from Portugal?")
        await slack.wait_for(lambda: [m for m in slack.replies(question) if "Yes" in m.shown], "the first answer")
        if written:
            await ended(slack, store, question)
        for _ in range(2):  # Slack may deliver an event twice
            slack.people.edit(question, f"<@{slack.bot_user}> May I work from Spain?")
        await slack.wait_for(lambda: [m for m in slack.replies(question) if "Two days" in m.shown], "the second")
        await slack.wait_for(lambda: said in slack.replies(question)[0].shown, "the mark on the first")
        await slack.settle()
        slack.people.edit(question, f"<@{slack.bot_user}> May I work from Spain? :pray: EDIT: thanks!")
        await slack.wait_for(lambda: slack.ephemerals("U1"), "the offer")
    assert [asked.text for asked in assistant.asked] == ["May I work from Portugal?", "May I work from Spain?"]
    first, second = (m.shown for m in slack.replies(question))
    assert "Yes." not in first and "Two days." in second


async def test_what_is_edited_before_anybody_has_begun_is_answered_once(slack: FakeSlack, store: Store) -> None:
    gate, shown = asyncio.Event(), sentences("Yes.")
    assistant = FakeAssistant(
        lambda asked: [*([gate] if asked.text == "Who?" else []), *shown, Finished(answered(shown))]
    )
    async with running(slack, assistant, store, settings={"max_answers": 1}):
        slack.people.mention("C1", "U2", "Who?")
        await slack.wait_for(lambda: assistant.asked, "one that is being answered")
        question = slack.people.mention("C1", "U1", "How?")
        await slack.settle()
        slack.people.edit(question, f"<@{slack.bot_user}> How long?")
        await slack.settle()
        gate.set()
        await answer_to(slack, question, store)
    assert [asked.text for asked in assistant.asked] == ["Who?", "How long?"]
    assert len(slack.replies(question)) == 1 and not slack.ephemerals("U1")


@pytest.mark.usefixtures("later")
async def test_the_answer_to_what_was_edited_says_so(slack: FakeSlack, store: Store) -> None:
    async with running(slack, says("Yes."), store):
        question = slack.people.mention("C1", "U1", "How?")
        await ended(slack, store, question)
        slack.people.edit(question, f"<@{slack.bot_user}> How long?")
        (offer,) = await slack.wait_for(lambda: slack.ephemerals("U1"), "the offer")
        slack.people.button(offer, "again")
        said = texts.of("en").says["answered_before"]
        await slack.wait_for(lambda: [m for m in slack.replies(question) if said in m.shown], "the mark")
        await slack.wait_for(lambda: len(slack.replies(question)) == 2, "the second answer")
        await slack.settle()
    first, second = slack.replies(question)
    assert "Yes." not in first.shown and said not in second.shown


@pytest.mark.parametrize("readable", [True, False], ids=["", "where the thread can't be read"])
@pytest.mark.usefixtures("later")
async def test_a_follow_up_does_not_know_the_answer_that_was_withdrawn(
    slack: FakeSlack, store: Store, readable: bool
) -> None:
    if not readable:
        slack.fault("conversations.replies", error="missing_scope", times=None)
    assistant = FakeAssistant(lambda asked: [Finished(answered(sentences(f"Told of {asked.text}")))])
    async with running(slack, assistant, store):
        question, offer = await offered_again(slack, store)
        slack.people.button(offer, "again")
        await slack.wait_for(lambda: len(slack.replies(question)) == 2, "the second answer")
        await slack.settle()
        slack.people.mention("C1", "U1", "And in Spain?", thread_ts=question.ts)
        await slack.wait_for(lambda: len(slack.replies(question)) == 3, "the answer to the follow-up")
    assert [turn.text for turn in assistant.asked[-1].history] == ["How long?", "Told of How long? [1]"]


@pytest.mark.usefixtures("later")
async def test_the_old_answer_stays_where_the_queue_takes_no_new_one(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, shown = asyncio.Event(), sentences("Yes.")
    end = Finished(answered(shown))
    assistant = FakeAssistant(lambda asked: [*shown, end] if asked.text == "How?" else [gate, *shown, end])
    monkeypatch.setattr("bot.slack.app.MAX_QUEUE", 1)
    settings = {"max_answers": 1, "user_per_minute": 0}
    async with running(slack, assistant, store, settings=settings):
        question, offer = await offered_again(slack, store)
        slack.people.mention("C1", "U2", "Who?")
        await slack.wait_for(lambda: len(assistant.asked) == 2, "one that is being answered")
        slack.people.mention("C1", "U2", "Where?")
        await slack.wait_for(lambda: store.inbox.waiting() == 1, "one that waits")
        slack.people.button(offer, "again")
        await slack.wait_for(lambda: slack.ephemerals("U1")[1:], "that the queue is full")
        await slack.settle()
        assert "Yes." in slack.replies(question)[0].shown
        gate.set()


@pytest.mark.usefixtures("later")
async def test_a_deleted_question_is_not_answered_again(slack: FakeSlack, store: Store) -> None:
    assistant = says("Yes.")
    async with running(slack, assistant, store):
        question, offer = await offered_again(slack, store)
        slack.people.delete(question)
        await slack.wait_for(lambda: not slack.replies(question), "the answer's removal")
        slack.people.button(offer, "again")
        await slack.settle()
        other = slack.people.mention("C1", "U2", "And this?")
        await answer_to(slack, other, store)  # whatever was to come before it has come
    assert [q.text for q in assistant.asked] == ["How?", "And this?"]


async def test_the_stop_button_cancels_and_keeps_what_is_there(slack: FakeSlack, store: Store) -> None:
    slow = Slow()
    async with running(slack, slow.assistant, store):
        question = slack.people.mention("C1", "U1", "How?")
        answer = await slow.begun(slack, question)
        slack.people.stop_button(answer)
        job = await ended(slack, store, question)
    assert job.reason == "stopped_by_user"
    assert answer.text == "First. [1]"
    assert not answer.streaming
    assert slow.assistant.cancelled == ["How?"]
    record = store.answers.by_message(slack.team, "C1", answer.ts)
    assert record is not None
    assert record.answer.notes == ("stopped",)
    assert not slack.called("chat.postMessage")


async def test_a_stopped_answer_is_recorded_as_far_as_it_was_shown(slack: FakeSlack, store: Store) -> None:
    slow, never = Slow(), asyncio.Event()
    one, two = sentences("First.", "Second.")
    slow.assistant.script = lambda _: [Status("reading"), one, slow.gate, two, never]
    held = slack.fault("chat.appendStream", gate=asyncio.Event(), error="stopped_by_user", times=None)
    held.when = lambda args: "Second" in args["markdown_text"]
    async with running(slack, slow.assistant, store):
        question = slack.people.mention("C1", "U1", "How?")
        answer = await slow.begun(slack, question)
        slow.gate.set()
        await slack.wait_for(lambda: held.hits, "the second append, on its way")
        slack.people.stop_button(answer)
        held.gate.set()  # type: ignore[union-attr]
        assert (await ended(slack, store, question)).reason == "stopped_by_user"
    record = store.answers.by_message(slack.team, "C1", answer.ts)
    assert record is not None
    assert (answer.text, record.answer.text) == ("First. [1]", "First. [1]")
    assert [c.n for c in record.answer.citations] == [1]
    assert "Sources" in answer.shown


async def test_stop_before_the_first_word_ends_in_silence(slack: FakeSlack, store: Store) -> None:
    assistant = FakeAssistant(lambda _: [asyncio.Event()])
    async with running(slack, assistant, store):
        question = slack.people.mention("C1", "U1", "How?")
        await slack.wait_for(lambda: assistant.asked and slack.statuses, "the status")
        stop = {"type": "agent_session_stopped", "channel": "C1", "thread_ts": question.ts, "user": "U1"}
        slack.deliverer.deliver(stop)
        assert (await ended(slack, store, question)).reason == "stopped_by_user"
        await slack.wait_for(lambda: slack.statuses[-1][2] == "", "the status to go")
    assert not slack.replies(question)


async def test_a_stop_while_nobody_held_the_question_keeps_what_is_there(slack: FakeSlack, store: Store) -> None:
    hanging = FakeAssistant(lambda _: [Status("reading"), *sentences("First."), asyncio.Event()])
    async with running(slack, hanging, store, settings={"shutdown_s": 4.5}):
        question = slack.people.mention("C1", "U1", "How?")
        answer = await slack.wait_for(lambda: next((m for m in slack.replies(question) if m.text), None))
    store.inbox.stop(slack.team, "C1", question.ts, [answer.ts])
    async with running(slack, says("Another."), store):
        assert (await ended(slack, store, question)).reason == "stopped_by_user"
    record = store.answers.by_message(slack.team, "C1", answer.ts)
    assert record is not None
    assert (answer.text, record.answer.text) == ("First. [1]", "First. [1]")


async def test_a_stop_that_shows_only_at_the_next_append(slack: FakeSlack, store: Store) -> None:
    slack.subscriptions.discard("agent_session_stopped")
    gate, never = asyncio.Event(), asyncio.Event()
    one, two = sentences("First.", "Second.")
    assistant = FakeAssistant(lambda _: [Status("reading"), one, gate, two, never])
    async with running(slack, assistant, store):
        question = slack.people.mention("C1", "U1", "How?")
        answer = await slack.wait_for(lambda: next((m for m in slack.replies(question) if m.text), None))
        slack.people.stop_button(answer)
        gate.set()
        job = await ended(slack, store, question)
    assert job.reason == "stopped_by_user"
    assert assistant.cancelled == ["How?"]
    assert answer.text == "First. [1]"
    assert len(slack.replies(question)) == 1


async def test_a_question_deleted_while_it_is_handed_over_is_gone_at_once(slack: FakeSlack, store: Store) -> None:
    slow = Slow()
    closing = slack.fault("chat.stopStream", gate=asyncio.Event())
    async with running(slack, slow.assistant, store, settings={"shutdown_s": 4.0}) as bot:
        question = slack.people.mention("C1", "U1", "How?")
        await slow.begun(slack, question)
        bot.stop.set()
        await slack.wait_for(lambda: closing.hits, "the hand-over")
        slack.people.delete(question)
        await slack.wait_for(lambda: slack.deliverer.deliveries[-1].acked, "the deletion")
        assert closing.gate
        closing.gate.set()
        await bot.task
    assert not slack.replies(question)
    job = store.inbox.find(slack.team, "C1", question.ts)
    assert job and (job.state, job.reason) == ("final", "question_deleted")
