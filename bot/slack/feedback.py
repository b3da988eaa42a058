"""Buttons and thumbs under answers -> votes, committed before Slack is told so.

In: Clicked or Reacted. Out: a stored vote, and what the voter alone is told or asked about it. Rule kept: one vote per
person and answer, whichever message of the answer it was given on. Knows no emoji and no payload.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.slack.meanings import Clicked, Reacted, ShowPressed
from bot.slack.store_pool import StorePool
from bot.slack.why import ONCE_S
from bot.store import Store
from bot.store.feedback import Change
from bot.types import Record, Vote


@dataclass(frozen=True, slots=True)
class Voted:
    """A vote that counts: the message it is kept under, its thread, and what changed."""

    message_ts: str
    thread_ts: str | None
    change: Change
    ask_why: bool = False  # for the first time


async def answer_of(store: Store, in_thread: StorePool, press: Clicked | ShowPressed) -> Record | None:
    """The answer that stands in the message that was pressed, if it is the one that the button says."""
    record = await in_thread(store.answers.by_message, press.team, press.channel, press.message_ts)
    if record is None and press.answer:  # its message has just come up, and is being noted
        latest = await in_thread(store.answers.by_id, press.answer)
        if latest is not None and latest.message_ts in (None, press.message_ts):
            place = latest.question.team, latest.question.channel, latest.thread_ts
            record = latest if place == (press.team, press.channel, press.thread_ts) else None
    if record is None or record.id != press.answer:
        structlog.get_logger().warning("press_ignored", channel=press.channel, reason="no such answer in this message")
        return None
    return record


async def clicked(store: Store, in_thread: StorePool, click: Clicked) -> Voted | None:
    """The vote as it counts; None where the press counts for nothing. Raises StoreError.

    A vote counts for an answer that stands in the message it came from, and for no other.
    """
    record = await answer_of(store, in_thread, click)
    if record is None:
        return None
    ts = record.message_ts or click.message_ts
    vote = Vote(click.team, click.channel, ts, click.user, click.value, "button", click.at)
    return Voted(ts, click.thread_ts, await in_thread(store.feedback.cast, vote), click.value == "down")


async def reacted(store: Store, in_thread: StorePool, reaction: Reacted) -> Voted | None:
    """Cast or retract the vote, if it is on an answer, or one being streamed. Raises StoreError."""
    message = reaction.team, reaction.channel, reaction.message_ts
    record = await in_thread(store.answers.by_message, *message)
    thread_ts = record.thread_ts if record else await in_thread(store.inbox.streams, *message)
    if record is None and thread_ts is None:
        return None
    ts = (record.message_ts if record else None) or reaction.message_ts
    vote = Vote(reaction.team, reaction.channel, ts, reaction.user, reaction.value, "reaction", reaction.at)
    change = await in_thread(store.feedback.cast, vote, was=reaction.was)
    if change.after != "down" or change.before == "down":
        return Voted(ts, thread_ts, change)
    key = f"why:{reaction.team}:{reaction.channel}:{ts}:{reaction.user}"
    first = await in_thread(store.limits.hit, key, ONCE_S, reaction.at) == 1
    return Voted(ts, thread_ts, change, first)
