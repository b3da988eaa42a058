"""Buttons and thumbs under answers -> votes, committed before Slack is told so.

In: Clicked or Reacted. Out: a stored vote, and for a button a thank-you that only its presser sees. Rule kept: one
vote per person and answer, whichever message of the answer it was given on. Knows no emoji and no payload.
"""

from __future__ import annotations

import structlog

from bot import texts
from bot.slack.parse import Clicked, Reacted
from bot.slack.store_pool import StorePool
from bot.store import Store
from bot.types import Vote


async def clicked(store: Store, in_thread: StorePool, click: Clicked) -> str:
    """What to say to the presser; "" where the press counts for nothing. Raises StoreError.

    A vote counts for an answer that stands in the message it came from, and for no other.
    """
    record = await in_thread(store.answers.by_message, click.team, click.channel, click.message_ts)
    if record is None and click.answer:  # its message has just come up, and is being noted
        latest = await in_thread(store.answers.by_id, click.answer)
        if latest is not None and latest.message_ts in (None, click.message_ts):
            place = latest.question.team, latest.question.channel, latest.thread_ts
            record = latest if place == (click.team, click.channel, click.thread_ts) else None
    if record is None or record.id != click.answer:
        structlog.get_logger().warning("vote_ignored", channel=click.channel, reason="no such answer in this message")
        return ""
    ts = record.message_ts or click.message_ts
    await in_thread(
        store.feedback.cast, Vote(click.team, click.channel, ts, click.user, click.value, "button", click.at)
    )
    return texts.of().says["thanks" if click.value == "up" else "thanks_down"]


async def reacted(store: Store, in_thread: StorePool, reaction: Reacted) -> None:
    """Cast or retract the vote, if it is on an answer, or one being streamed. Raises StoreError."""
    message = reaction.team, reaction.channel, reaction.message_ts
    record = await in_thread(store.answers.by_message, *message)
    if record is None and not await in_thread(store.inbox.streams, *message):
        return
    ts = (record.message_ts if record else None) or reaction.message_ts
    vote = Vote(reaction.team, reaction.channel, ts, reaction.user, reaction.value, "reaction", reaction.at)
    await in_thread(store.feedback.cast, vote, was=reaction.was)
