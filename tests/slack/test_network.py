"""A network that breaks between the bot and Slack, and several workers at once: one whole answer per question."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.store import Store
from bot.types import Finished, Status
from knowledge.database import connect
from tests.proxy import Proxy
from tests.slack.bots import FakeAssistant, answered, ended, running, says, sentences
from tests.slack_server import FakeSlack

FREE = {"user_per_minute": 0}


class Talking:
    """Writes three sentences with short pauses; the answer names its question."""

    async def answer(self, question: Any) -> Any:
        shown = sentences(*(f"{question.text} Part {i}." for i in range(3)))
        yield Status("reading")
        for sentence in shown:
            await asyncio.sleep(0.05)
            yield sentence
        yield Finished(answered(shown))


@pytest.mark.parametrize("seed", [1, 2])
async def test_calls_that_are_delayed_reset_and_truncated(slack: FakeSlack, store: Store, seed: int) -> None:
    rng = random.Random(seed)
    async with Proxy(slack.port) as proxy:
        url = f"http://127.0.0.1:{proxy.port}/api/"

        async def disturb() -> None:
            while True:
                proxy.delay_s = rng.choice([0, 0, 0.05])
                fault = rng.choice(["none", "reset", "truncate", "refuse"])
                proxy.reset_after = rng.randint(1, 4000) if fault == "reset" else None
                proxy.truncate_after = rng.randint(1, 4000) if fault == "truncate" else None
                proxy.refuse = fault == "refuse"
                await asyncio.sleep(rng.uniform(0.05, 0.3))
                proxy.reset_after = proxy.truncate_after = None
                proxy.refuse = False
                await asyncio.sleep(rng.uniform(0.05, 0.2))

        async with running(slack, Talking(), store, settings=FREE | {"slack_api_url": url}):
            disturbing = asyncio.create_task(disturb())
            questions = []
            for i in range(12):
                questions.append(slack.people.mention("C1", f"U{1 + i % 2}", f"Question {i}?"))
                await asyncio.sleep(0.05)
            for question in questions:
                assert (await ended(slack, store, question, timeout_s=60)).state == "final"
            disturbing.cancel()
    for i, question in enumerate(questions):
        (answer,) = slack.replies(question)
        assert all(f"Question {i}? Part {n}. [{n + 1}]" in answer.shown for n in range(3)), answer
        assert not answer.streaming


async def test_two_workers_on_one_database_answer_each_question_once(slack: FakeSlack, database_url: str) -> None:
    engine = connect(database_url)
    store, other = Store(engine), Store(connect(database_url))
    first, second = says("One."), says("Two.")
    async with running(slack, first, store, settings=FREE), running(slack, second, other, settings=FREE):
        await slack.wait_for(lambda: len(slack.deliverer.connections) == 2)
        questions = [slack.people.mention("C1", "U1", f"Question {i}?", times=2) for i in range(20)]
        for question in questions:
            assert (await ended(slack, store, question)).state == "final"
        await slack.settle()
    assert len(first.asked) + len(second.asked) == 20
    assert all(len(slack.replies(question)) == 1 for question in questions)


async def test_a_question_whose_lease_ran_out_while_it_is_answered_here_is_not_taken_again_here(
    slack: FakeSlack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine so busy that renewals come late, as every claim but the first sees it."""
    go_on, claims, claim = asyncio.Event(), [], store.inbox.claim
    slow = FakeAssistant(lambda _: [go_on, Finished(answered(sentences("First.")))])

    def late(*of: Any, now: datetime, **how: Any) -> Any:
        if slow.asked:
            claims.append(now)
            now += timedelta(minutes=5)
        return claim(*of, now=now, **how)

    monkeypatch.setattr(store.inbox, "claim", late)
    async with running(slack, slow, store, settings=FREE):
        question = slack.people.mention("C1", "U1", "How?")
        await slack.wait_for(lambda: len(claims) > 2)
        go_on.set()
        assert (await ended(slack, store, question)).state == "final"
        await slack.settle()
    assert len(slow.asked) == 1
    assert len(slack.replies(question)) == 1


async def test_a_question_deleted_while_another_worker_answers_it(slack: FakeSlack, database_url: str) -> None:
    """The deletion may reach the process that does not hold the question; the lease's renewal tells the other."""
    engine = connect(database_url)
    store = Store(engine)
    never = asyncio.Event()
    shown = sentences("First.")
    hanging = FakeAssistant(lambda _: [Status("reading"), *shown, never])
    async with running(slack, hanging, store, settings=FREE):
        question = slack.people.mention("C1", "U1", "How?")
        await slack.wait_for(lambda: [m for m in slack.replies(question) if m.text])
        # As the other process does it:
        store.inbox.cancel(slack.team, "C1", question.ts, datetime.now(UTC))
        assert (await ended(slack, store, question)).reason == "question_deleted"
    assert not slack.replies(question)


async def test_an_answer_stopped_through_another_worker_keeps_what_is_there(slack: FakeSlack, store: Store) -> None:
    never = asyncio.Event()
    shown = sentences("First.")
    async with running(slack, FakeAssistant(lambda _: [Status("reading"), *shown, never]), store, settings=FREE):
        question = slack.people.mention("C1", "U1", "How?")
        answer = await slack.wait_for(lambda: next((m for m in slack.replies(question) if m.text), None))
        store.inbox.stop(slack.team, "C1", question.ts, [answer.ts])
        assert (await ended(slack, store, question)).reason == "stopped_by_user"
    assert answer.text == "First. [1]"
    assert not answer.streaming
