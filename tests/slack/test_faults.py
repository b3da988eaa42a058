"""Streams that break in every way Slack knows, and what people see then: the whole answer, once."""

import asyncio
from functools import partial
from typing import Any

import pytest

from bot.demo.workspace.state import Message
from bot.slack.api import StreamAllowance
from bot.store import Store
from bot.types import Answer, Finished, Outcome, Sentence, Status, Verdict
from tests.slack.bots import FakeAssistant, Slow, answer_to, answered, ended, running, says, sentences
from tests.slack_server import FakeSlack

WHOLE = "First. [1] Second. [2] Third. [3]"


def check_whole(slack: FakeSlack, question: Message) -> Message:
    """One message holds the whole answer, once, with sources and buttons; nothing streams any more."""
    (answer,) = slack.replies(question)
    assert answer.shown.count("Third. [3]") >= 1
    assert "First. [1]" in answer.shown
    assert not answer.streaming
    assert answer.metadata
    assert "PDF page 72" in answer.shown
    return answer


async def test_a_stream_that_expires_is_completed_in_place(slack: FakeSlack, store: Store) -> None:
    slow = Slow()
    async with running(slack, slow.assistant, store):
        question = slack.people.mention("C1", "U1", "How?")
        await slow.begun(slack, question)
        slack.expire_streams()
        slow.gate.set()
        assert (await ended(slack, store, question)).state == "final"
    answer = check_whole(slack, question)
    assert answer.blocks[0] == {"type": "markdown", "text": WHOLE}


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
async def test_429_on_a_streaming_method_loses_nothing(slack: FakeSlack, store: Store, method: str) -> None:
    slow = Slow()
    fault = slack.fault(method, status=429, retry_after=1)
    async with running(slack, slow.assistant, store):
        question = slack.people.mention("C1", "U1", "How?")
        await slack.wait_for(lambda: fault.hits or method == "chat.stopStream")
        slow.gate.set()
        assert (await ended(slack, store, question)).state == "final"
    check_whole(slack, question)


@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
async def test_429_on_a_whole_message_waits_and_posts_once(slack: FakeSlack, store: Store, method: str) -> None:
    slack.fault("chat.startStream", error="channel_type_not_supported")
    if method == "chat.update":
        slack.clear_faults()
        slack.fault("chat.stopStream", error="message_not_in_streaming_state", after=True)
    slack.fault(method, status=429, retry_after=1)
    async with running(slack, says("First.", "Second.", "Third."), store):
        question = slack.people.mention("C1", "U1", "How?")
        assert (await ended(slack, store, question)).state == "final"
    check_whole(slack, question)


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream"])
async def test_a_lost_call_is_neither_lost_nor_repeated(
    slack: FakeSlack, store: Store, method: str, after: bool
) -> None:
    """The connection is reset before or after Slack has done what was asked."""
    slow = Slow()
    fault = slack.fault(method, reset=True, after=after)
    async with running(slack, slow.assistant, store):
        question = slack.people.mention("C1", "U1", "How?")
        await slack.wait_for(lambda: fault.hits or method == "chat.stopStream")
        slow.gate.set()
        assert (await ended(slack, store, question)).state == "final"
    answer = check_whole(slack, question)
    assert answer.text.count("Third.") == 1


@pytest.mark.parametrize("after", [True, False])
async def test_a_lost_post_is_looked_up_before_it_is_repeated(slack: FakeSlack, store: Store, after: bool) -> None:
    slack.fault("chat.startStream", error="channel_type_not_supported")
    slack.fault("chat.postMessage", reset=True, after=after)
    async with running(slack, says("First.", "Second.", "Third."), store):
        question = slack.people.mention("C1", "U1", "How?")
        assert (await ended(slack, store, question)).state == "final"
    check_whole(slack, question)


async def test_a_stream_that_begins_without_saying_where_is_done_without(slack: FakeSlack, store: Store) -> None:
    slack.fault("chat.startStream", without="ts")
    async with running(slack, says("First.", "Second.", "Third."), store):
        question = slack.people.mention("C1", "U1", "How?")
        assert (await ended(slack, store, question)).state == "final"
    check_whole(slack, question)


@pytest.mark.parametrize("posts", [True, False])
async def test_where_no_stream_is_allowed_a_whole_message_is_tried_and_then_a_direct_one(
    slack: FakeSlack, store: Store, posts: bool
) -> None:
    def here(args: dict[str, Any]) -> bool:
        return args.get("channel") == "C1"

    methods = ["chat.startStream", *["chat.postMessage"] * (not posts)]
    for method in methods:
        slack.fault(method, error="restricted_action", when=here, times=None)
    async with running(slack, says("First.", "Second.", "Third."), store):
        question = slack.people.mention("C1", "U1", "How?")
        job = await ended(slack, store, question)
        if posts:
            assert job.state == "final"
            check_whole(slack, question)
            return
        assert (job.state, job.reason) == ("failed", "restricted_action") and not slack.replies(question)
        place = slack.open_dm("U1")
        (answer,) = await slack.wait_for(lambda: [m for m in place.messages.values() if "Third. [3]" in m.shown])
        assert place.messages[answer.thread_ts].user == slack.bot_user


async def test_blocks_that_are_refused_become_plain_text(slack: FakeSlack, store: Store) -> None:
    def has_blocks(args: dict[str, Any]) -> bool:
        return bool(args.get("blocks"))

    for method in ("chat.stopStream", "chat.update"):
        slack.fault(method, error="invalid_blocks", when=has_blocks, times=None)
    async with running(slack, says("First.", "Second.", "Third."), store):
        question = slack.people.mention("C1", "U1", "How?")
        assert (await ended(slack, store, question)).state == "final"
    assert not check_whole(slack, question).blocks


async def test_a_long_answer_continues_below_at_a_boundary(slack: FakeSlack, store: Store) -> None:
    shown = [Sentence(f"Sentence number {i} says something of some length. ", Verdict.PLAIN) for i in range(400)]
    shown[1:1] = sentences("This is cited.")
    gate = asyncio.Event()
    steps = [Status("reading"), *shown[:20], gate, *shown[20:], Finished(answered(shown))]
    async with running(slack, FakeAssistant(lambda _: steps), store):
        question = slack.people.mention("C1", "U1", "How?")
        await slack.wait_for(lambda: [m for m in slack.replies(question) if m.text])
        gate.set()
        assert (await ended(slack, store, question)).state == "final"
    messages = slack.replies(question)
    texts = [m.text if m.streaming_state == "completed" and m.text else m.blocks[0]["text"] for m in messages]
    assert len(messages) > 2
    assert " ".join("".join(texts).split()) == " ".join("".join(s.text for s in shown).split())
    assert all(text.rstrip().endswith(".") for text in texts)
    assert [m.blocks[-1]["type"] == "context_actions" for m in messages if m.blocks][-1]
    record = store.answers.by_message(slack.team, "C1", messages[-1].ts)
    assert record is not None
    assert record.message_ts == messages[0].ts


async def test_msg_too_long_is_met_with_a_new_message(slack: FakeSlack, store: Store) -> None:
    slack.stream_chars = 20
    async with running(slack, says("First.", "Second.", "Third."), store):
        question = slack.people.mention("C1", "U1", "How?")
        assert (await ended(slack, store, question)).state == "final"
    check_whole(slack, question)


@pytest.mark.parametrize("html", [True, False])
async def test_error_pages_of_a_proxy_are_lost_calls(slack: FakeSlack, store: Store, html: bool) -> None:
    kind = "text/html" if html else "text/plain"
    faults = [slack.fault(m, page=kind, status=s) for m in ("chat.startStream", "chat.postMessage") for s in (502, 200)]
    async with running(slack, says("First.", "Second.", "Third."), store):
        question = slack.people.mention("C1", "U1", "How?")
        job = await ended(slack, store, question)
    assert (job.state, job.attempt) == ("final", 1)
    assert sum(fault.hits for fault in faults) == 3
    check_whole(slack, question)


@pytest.mark.parametrize("streams", [True, False])
async def test_an_unknown_refusal_of_blocks_leaves_the_words(slack: FakeSlack, store: Store, streams: bool) -> None:
    if not streams:
        slack.fault("chat.startStream", error="channel_type_not_supported")
    for method in ("chat.stopStream", "chat.update", "chat.postMessage"):
        slack.fault(method, error="unheard_of", when=lambda args: bool(args.get("blocks")), times=None)
    async with running(slack, says("First.", "Second.", "Third."), store):
        question = slack.people.mention("C1", "U1", "How?")
        assert (await ended(slack, store, question)).state == "final"
    check_whole(slack, question)


async def test_a_status_that_is_late_does_not_stay_below_the_answer(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.slack.deliver.STATUS_S", 30.0)
    held = slack.fault("assistant.threads.setStatus", gate=asyncio.Event())
    refused = Answer(Outcome.REFUSED, "")
    async with running(slack, FakeAssistant(lambda _: [Finished(refused)]), store):
        question = slack.people.mention("C1", "U1", "How?")
        await slack.wait_for(lambda: held.hits, "the status, on its way")
        await answer_to(slack, slack.people.mention("C1", "U2", "And this?"), store)  # time enough for the first
        held.gate.set()  # type: ignore[union-attr]
        answer = await answer_to(slack, question, store)
    assert [at for _, thread, _, at in slack.statuses if thread == question.ts][-1] < answer.writes[0].at


@pytest.mark.parametrize("gone", ["archived", "kicked", "thread"])
async def test_where_the_channel_is_closed_meanwhile_its_asker_is_answered_alone(
    slack: FakeSlack, store: Store, gone: str
) -> None:
    slow = Slow()
    async with running(slack, slow.assistant, store):
        question = slack.people.mention("C1", "U1", "How?")
        answer = await slow.begun(slack, question)
        if gone == "archived":
            slack.channels["C1"].archived = True
        elif gone == "kicked":
            slack.people.kick_bot("C1")
        else:
            slack.people.delete(answer)
        slow.gate.set()
        job = await ended(slack, store, question)
        assert job.state == "failed"
        assert job.reason in ("is_archived", "not_in_channel", "message_not_found")
        place = slack.open_dm("U1")
        if gone == "thread":  # who deletes the answer wants none
            await slack.settle()
            assert not place.messages
        else:
            await slack.wait_for(lambda: [m for m in place.messages.values() if "First. [1]" in m.shown], "the answer")


async def test_sixty_answers_at_once_within_slacks_rates(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer appends, then whole messages, never an error. A minute of Slack's lasts three seconds here."""
    async with FakeSlack(rate_limits=True, minute_s=3.0) as slack:
        for i in range(60):
            slack.add_user(f"U{i + 10}")
        for i in range(6):
            slack.add_channel(f"CR{i}")
        shown = sentences(*(f"Sentence {i} of the answer." for i in range(8)))

        class Talking:
            async def answer(self, question: Any) -> Any:
                yield Status("reading")
                for sentence in shown:
                    await asyncio.sleep(0.05)
                    yield sentence
                yield Finished(answered(shown))

        settings = {"max_answers": 60}
        monkeypatch.setattr("bot.slack.serve.StreamAllowance", partial(StreamAllowance, starts=400, appends=2000))
        async with running(slack, Talking(), store, settings=settings):
            questions = [slack.people.mention(f"CR{i % 6}", f"U{i + 10}", f"Question {i}?") for i in range(60)]
            for question in questions:
                assert (await ended(slack, store, question, timeout_s=90)).state == "final"
        for question in questions:
            (answer,) = slack.replies(question)
            assert "Sentence 7 of the answer. [8]" in answer.shown
            assert not answer.streaming
        assert len({m.method for m in slack.called("chat.postMessage")}) == 1
        assert not slack.violations
