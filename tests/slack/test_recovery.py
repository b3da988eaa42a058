"""What a process leaves behind is finished by the next one: in place, once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.workspace.state import Message
from bot.errors import StoreError
from bot.slack.deliver import question_id
from bot.slack.own_messages import metadata
from bot.store import Store
from bot.store.jobs import Job, Received
from bot.types import Finished, Question, Record, Status
from tests.slack.bots import FakeAssistant, answered, ended, running, says, sentences
from tests.slack_server import FakeSlack


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.url, retry_handlers=[])


def claimed_by_a_dead_worker(slack: FakeSlack, store: Store) -> tuple[Message, Job]:
    """A question whose worker died a moment ago."""
    subscriptions, slack.subscriptions = slack.subscriptions, set()
    question = slack.people.dm("U1", "How?")
    slack.deliverer.held.clear()
    slack.subscriptions = subscriptions
    long_ago = datetime.now(UTC) - timedelta(seconds=60)
    store.inbox.receive(
        Received(
            team=slack.team, channel=question.channel, message_ts=question.ts, event_id="EvX", user="U1", text="How?",
            thread_ts=None, kind="dm", received_at=long_ago,
        )
    )  # fmt: skip
    (job,) = store.inbox.claim("dead", limit=1, lease_s=1, now=long_ago)
    return question, job


async def start(client: AsyncWebClient, question: Message) -> str:
    found = await client.chat_startStream(
        channel=question.channel, thread_ts=question.ts, recipient_team_id="T0HOME", recipient_user_id="U1"
    )
    return str(found["ts"])


async def test_a_question_nobody_answered_is_answered(slack: FakeSlack, store: Store) -> None:
    slack.deliverer.hold = True
    question, _ = claimed_by_a_dead_worker(slack, store)
    slack.deliverer.hold = False
    async with running(slack, says("Yes."), store):
        await ended(slack, store, question)
    assert [m.text for m in slack.replies(question)] != []
    assert len(slack.replies(question)) == 1


async def test_a_half_streamed_message_is_completed_in_place(
    slack: FakeSlack, store: Store, client: AsyncWebClient
) -> None:
    slack.deliverer.hold = True
    question, job = claimed_by_a_dead_worker(slack, store)
    ts = await start(client, question)
    assert store.inbox.stream_started(job, ts)
    await client.chat_appendStream(channel=question.channel, ts=ts, markdown_text="First. [1]")
    slack.deliverer.hold = False
    async with running(slack, says("First.", "Second."), store):
        await ended(slack, store, question)
    (answer,) = slack.replies(question)
    assert answer.ts == ts
    assert not answer.streaming
    assert answer.blocks[0] == {"type": "markdown", "text": "First. [1] Second. [2]"}
    assert not slack.called("chat.postMessage")


async def test_a_stream_nobody_recorded_is_removed(slack: FakeSlack, store: Store, client: AsyncWebClient) -> None:
    slack.deliverer.hold = True
    question, _ = claimed_by_a_dead_worker(slack, store)
    orphan = await start(client, question)
    slack.deliverer.hold = False
    async with running(slack, says("Yes."), store):
        await ended(slack, store, question)
    assert orphan not in [m.ts for m in slack.replies(question)]
    assert len(slack.replies(question)) == 1
    assert slack.channels[question.channel].messages[orphan].deleted


async def test_a_thread_that_may_not_be_read_is_answered_all_the_same(slack: FakeSlack, store: Store) -> None:
    """Where the app was installed before it asked for the scope, for example."""
    slack.deliverer.hold = True
    question, _ = claimed_by_a_dead_worker(slack, store)
    slack.deliverer.hold = False
    slack.scopes.discard("im:history")
    async with running(slack, says("Yes."), store):
        assert (await ended(slack, store, question)).state == "final"
    assert len(slack.replies(question)) == 1


async def test_an_orphan_is_removed_even_if_the_answer_is_there_already(
    slack: FakeSlack, store: Store, client: AsyncWebClient
) -> None:
    """Killed after the answer was posted, while an earlier attempt's orphan was still to be removed."""
    slack.deliverer.hold = True
    question, job = claimed_by_a_dead_worker(slack, store)
    orphan = await start(client, question)
    posted = await client.chat_postMessage(
        channel=question.channel, thread_ts=question.ts, text="Yes.", metadata=metadata(question_id(job), 0, 1)
    )
    slack.deliverer.hold = False
    assistant = says("Another.")
    async with running(slack, assistant, store):
        assert (await ended(slack, store, question)).reason == "found_posted"
    assert [m.ts for m in slack.replies(question)] == [posted["ts"]]
    assert slack.channels[question.channel].messages[orphan].deleted
    assert not assistant.asked


async def test_an_answer_that_was_saved_but_not_shown_is_shown_as_saved(slack: FakeSlack, store: Store) -> None:
    slack.deliverer.hold = True
    question, job = claimed_by_a_dead_worker(slack, store)
    asked = Question("q", "How?", team=slack.team, channel=question.channel, user="U1")
    saved = Record(question_id(job), asked, answered(sentences("Saved.")), datetime.now(UTC), None, question.ts)
    store.answers.save(saved)
    slack.deliverer.hold = False
    assistant = says("Another.")
    async with running(slack, assistant, store):
        await ended(slack, store, question)
    (answer,) = slack.replies(question)
    assert answer.blocks[0]["text"] == "Saved. [1]"
    assert not assistant.asked
    record = store.answers.by_message(slack.team, question.channel, answer.ts)
    assert record is not None
    assert record.id == saved.id


async def test_an_answer_that_was_posted_but_not_recorded_is_found(slack: FakeSlack, store: Store) -> None:
    """The database goes away between the post and the end of the job."""
    finish = store.inbox.finish
    broken = [True]

    def flaky(*args: Any, **kwargs: Any) -> bool:
        if broken:
            broken.clear()
            raise StoreError("The disk is full. Free some space.")
        return finish(*args, **kwargs)

    store.inbox.finish = flaky  # type: ignore[method-assign]
    assistant = says("Yes.")
    async with running(slack, assistant, store):
        question = slack.people.mention("C1", "U1", "How?")
        job = await ended(slack, store, question, timeout_s=40)
    assert job.reason == "found_posted"
    assert len(assistant.asked) == 1
    (answer,) = slack.replies(question)
    record = store.answers.by_message(slack.team, "C1", answer.ts)
    assert record is not None


async def test_a_failed_commit_is_not_acknowledged_and_the_retry_counts(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive = store.inbox.receive
    failures = [1, 2]

    def flaky(event: Received, most: int | None = None) -> bool | None:
        if failures:
            failures.pop()
            raise StoreError("The database is locked. Wait a moment.")
        return receive(event, most)

    monkeypatch.setattr(store.inbox, "receive", flaky)
    slack.deliverer.retry_delays_s = (0.0, 0.0, 0.0)
    slack.deliverer.ack_s = 0.3
    async with running(slack, says("Yes."), store):
        question = slack.people.mention("C1", "U1", "How?")
        await ended(slack, store, question)
        await slack.settle()
    assert (
        max(d.attempts for d in slack.deliveries if d.event_type == "app_mention") >= 3
    )  # more where the third is slow
    assert len(slack.replies(question)) == 1


async def test_a_deploy_hands_an_unfinished_answer_to_the_next_process(slack: FakeSlack, store: Store) -> None:
    never = asyncio.Event()
    (one,) = sentences("First.")
    hanging = FakeAssistant(lambda _: [Status("reading"), one, never])
    async with running(slack, hanging, store, settings={"shutdown_s": 4.5}):
        question = slack.people.mention("C1", "U1", "How?")
        answer = await slack.wait_for(lambda: next((m for m in slack.replies(question) if m.text), None))
    assert not answer.streaming
    job = store.inbox.find(slack.team, "C1", question.ts)
    assert job is not None
    assert (job.state, job.worker) == ("streaming", None)
    async with running(slack, says("First.", "Second."), store):
        assert (await ended(slack, store, question)).state == "final"
    (whole,) = slack.replies(question)
    assert whole.blocks[0]["text"] == "First. [1] Second. [2]"


async def test_a_running_answer_is_finished_before_the_process_stops(slack: FakeSlack, store: Store) -> None:
    gate = asyncio.Event()
    shown = sentences("First.", "Second.")
    assistant = FakeAssistant(lambda _: [Status("reading"), shown[0], gate, shown[1], Finished(answered(shown))])
    async with running(slack, assistant, store) as bot:
        question = slack.people.mention("C1", "U1", "How?")
        await slack.wait_for(lambda: [m for m in slack.replies(question) if m.text])
        bot.stop.set()
        late = slack.people.mention("C1", "U2", "Too late?")
        gate.set()
        await bot.task
    job = store.inbox.find(slack.team, "C1", question.ts)
    assert job is not None
    assert job.state == "final"
    waiting = store.inbox.find(slack.team, "C1", late.ts)
    # begun before the stop was seen it is finished too; begun and dropped it would be "claimed"
    assert waiting is None or waiting.state == "received" or (waiting.state == "final" and slack.replies(late))


async def test_a_question_that_a_damaged_database_took_is_not_left_in_silence(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite takes rows into its log of writes; the restored file won't hold them, so the asker must ask again."""

    def damaged(*_: Any) -> None:
        error = StoreError("The database is damaged.")
        error.lasting = True
        raise error

    monkeypatch.setattr(store.answers, "save", damaged)
    async with running(slack, says("Yes."), store):
        slack.people.mention("C1", "U1", "How?")
        (told,) = await slack.wait_for(lambda: slack.ephemerals("U1"), "a sentence")
    assert "database can't be reached" in told.text and told.thread_ts is None
