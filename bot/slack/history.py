"""The turns before a question: the thread as Slack has it now, our own answers from their records.

In: a job. Out: turns, oldest first, the newest kept; people are mentions, until they are masked. Rules kept: what
was deleted or edited in Slack is so here too; a thread that can't be read in time is what our records know of it. A
root message of a direct conversation that leans on what came before takes the exchange before it along. What is
personal in a question is kept in Slack alone, and read there once more for the answer to its asker. Knows no assistant.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import SlackError
from bot.privacy.mask import alone, masked, shape
from bot.slack import message_text
from bot.slack.access import Judge
from bot.slack.api import Api
from bot.slack.meanings import Identity
from bot.slack.services import Services
from bot.store.answers import answer_id, exchange
from bot.store.jobs import PRIVATE, Job, Received, asked_at, question_id
from bot.types import WITHDRAWN, Question, Record, Turn
from bot.understanding.follow_up import leans
from bot.understanding.topics import held_on

TURNS = 12
READ_S = 5.0  # an answer does not wait longer for a long or throttled thread
EARLIER_S = 20.0  # so long it waits for an earlier answer of its thread; guess: half of what an answer may take
LOOK_S = 0.2  # between two looks whether that has ended
FRESH = timedelta(minutes=10)  # how long a direct conversation goes on outside a thread; given: issue 14


async def history(services: Services, job: Job, halt: asyncio.Event) -> Question:
    """The question with what was said before it, once answers that it may go on from are there. Not masked.

    Of a question that is answered elsewhere than where it was asked: in the thread that it was asked in.
    """
    at = await services.in_thread(services.store.inbox.moved_from, job) if asked_at(job) else job
    await after_those_before(services, at, halt)
    return await question_of(services, job, at)


async def question_of(services: Services, message: Received, at: Received | None = None) -> Question:
    """A message of anybody's with what was said before it where it stands, or before `at`. Not masked."""
    person = await services.access.person(message.user, message.channel)
    private = asked_at(message) is not None
    text, turns, asker = await _said_before(services, at or message, services.access.judge(person), private=private)
    question = await services.question(question_id(message), message)
    return replace(question, text=text, history=turns[-TURNS:], speaker=asker)


async def _said_before(
    services: Services, job: Received, may_see: Judge, *, private: bool
) -> tuple[str, tuple[Turn, ...], str]:
    """(the message as it stands in Slack, what was said before it less what is not for its author, its author).

    What is answered to its asker alone, `private`, goes on from own questions or from what was; others not from that.
    """
    store, in_thread, me = services.store, services.in_thread, services.me

    def may_know(record: Record | None) -> bool:
        return may_see(record) and not (record and WITHDRAWN in record.answer.notes)

    root = job.thread_ts in (None, job.message_ts)
    read: list[Mapping[str, Any]] | None = []
    if not root or masked(job.text):
        try:
            async with asyncio.timeout(READ_S):
                read = await _read(job, services.api, "" if job.kind == "again" else me.user)
        except (SlackError, TimeoutError):
            read = None
    own = [
        message_text.text_of(m, me.user) for m in read or () if m["ts"] == job.message_ts and m.get("user") == job.user
    ]
    text = own[0] if own and shape(alone(own[0], me.find_personal)) == shape(job.text) else job.text
    if root:
        return text, await _exchange_before(services, job, may_know), ""
    if read is None:
        return text, await in_thread(store.answers.thread, job.team, job.channel, job.root, may_know), ""
    read = [message for message in read if message["ts"] != job.message_ts]
    before = await in_thread(store.inbox.asked_before, job)
    others = [one for one in before if one.user != job.user]
    goes_on = private and len(others) < len(before)
    aside = {one.message_ts for one in others if goes_on or (not private and one.reason == PRIVATE)}
    ours = [str(message["ts"]) for message in read if message.get("user") == me.user]
    records = await in_thread(store.answers.by_messages, job.team, job.channel, ours)
    turns, asker = _turns(job, read, records, me, may_know, aside)
    for user in {message_text.user_of(turn.speaker) for turn in turns if turn.speaker}:
        services.locales.learn(user)  # and the name, by which an answer may speak of them
    return text, turns, asker


async def after_those_before(services: Services, job: Job, halt: asyncio.Event) -> None:
    """Wait for answers that this question may go on from: to the person's own, or to any where it leans on them.

    What is asked again waits for the answer to what it said before.
    """
    again, direct = job.kind == "again", job.channel.startswith("D")
    leaning = again or (bool(job.thread_ts or direct) and leans(job.text))
    if not leaning and not job.thread_ts:
        return
    before = job, None if leaning else job.user, job.received_at - FRESH
    until = time.monotonic() + EARLIER_S
    while time.monotonic() < until and await services.in_thread(services.store.inbox.open_before, *before):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(halt.wait(), LOOK_S)  # of another process perhaps, which tells nobody
            break


async def _read(job: Received, api: Api, later_of: str) -> list[Mapping[str, Any]]:
    """The newest messages of the thread and the question: one call, but for a thread of a thousand.

    With those that `later_of` wrote after the question: the answer to an earlier one may have come so late.
    """
    kept: deque[Mapping[str, Any]] = deque(maxlen=2 * TURNS)  # a long answer of ours is several messages
    later: deque[Mapping[str, Any]] = deque(maxlen=2 * TURNS)
    root = job.thread_ts or job.message_ts
    upto: dict[str, Any] = {"latest": job.message_ts, "inclusive": True}
    async for message in api.replies(job.channel, root, limit=1000, **({} if later_of else upto)):
        if float(message["ts"]) <= float(job.message_ts):
            kept.append(message)
        elif message.get("user") == later_of:
            later.append(message)
    return [*kept, *later]


def _turns(
    job: Received,
    read: Sequence[Mapping[str, Any]],
    records: Mapping[str, Record],
    me: Identity,
    may_see: Judge,
    aside: Collection[str],
) -> tuple[tuple[Turn, ...], str]:
    """The turns less the questions `aside` with what was said to them, and who asks."""
    before = {str(m["ts"]) for m in read if float(m["ts"]) < float(job.message_ts)}
    answers = {answer_id(job.team, job.channel, ts) for ts in before}
    asked = {shape(record.question.text) for record in records.values()}
    shown: set[str] = set()
    turns: list[Turn] = []
    hidden = {answer_id(job.team, job.channel, ts) for ts in aside}
    skips = False  # the answers to the question before
    for message in read:
        text, user = message_text.text_of(message, me.user), str(message.get("user") or "")
        if user == me.user:
            record = records.get(str(message["ts"]))
            if not may_see(record) or (message["ts"] not in before and (record is None or record.id not in answers)):
                continue
            if record is not None and record.id in shown:
                continue  # a further message of the same answer
            if record.id in hidden if record is not None else skips:
                continue
            shown |= {record.id} if record else set()
            answer = record.answer if record else None
            turns.append(Turn("agent", answer.text, documents=answer.documents) if answer else Turn("agent", text))
        elif skips := message["ts"] in aside:
            continue
        elif text and not message.get("bot_id"):
            to_bot = (
                job.kind == "dm"
                or me.user in message_text.mentions(message.get("text"))
                or shape(alone(text, me.find_personal)) in asked
            )
            turns.append(Turn("user", text, f"<@{user}>", to_bot))
    return tuple(turn for turn in turns if turn.text), f"<@{job.user}>"


async def _exchange_before(services: Services, job: Received, may_see: Judge) -> tuple[Turn, ...]:
    """The last question and answer of a direct conversation, when this message means little without them.

    Or when that told of something grave, which holds on.
    """
    if not job.channel.startswith("D") or job.files:  # "is this allowed?" means what is attached
        return ()
    asked = datetime.fromtimestamp(float(job.message_ts), UTC)
    until = asked if job.kind == "again" else services.now()  # it may have waited for that answer
    place = job.team, job.channel
    before = await services.in_thread(services.store.answers.latest, *place, asked - FRESH, until, job.message_ts)
    if before is None or not may_see(before):
        return ()
    turns = (*before.question.history, *exchange(before))
    said = [one.text for one in turns if one.role == "user" and one.to_bot]
    grave = await asyncio.to_thread(held_on, None, job.text, said, services.told)
    return turns if grave or leans(job.text) else ()
