"""Buttons and thumbs under answers -> votes, committed before Slack is told so.

In: Clicked or Reacted. Out: a stored vote, and for a button a thank-you that only its presser sees. Rule kept: one
vote per person and answer, whichever message of the answer it was given on. Knows no emoji and no payload.
"""

from __future__ import annotations

from bot.slack.parse import Clicked, Reacted
from bot.slack.render import SAYS
from bot.slack.store_pool import StorePool
from bot.store import Store
from bot.types import Vote


async def clicked(store: Store, in_thread: StorePool, click: Clicked) -> str:
    """Cast the vote; returns what to say. Raises StoreError."""
    record = await in_thread(store.answers.by_id, click.answer) if click.answer else None
    ts = (record.message_ts if record else None) or click.message_ts
    await in_thread(
        store.feedback.cast, Vote(click.team, click.channel, ts, click.user, click.value, "button", click.at)
    )
    return SAYS["thanks" if click.value == "up" else "thanks_down"]


async def reacted(store: Store, in_thread: StorePool, reaction: Reacted) -> None:
    """Cast or retract the vote. Raises StoreError."""
    record = await in_thread(store.answers.by_message, reaction.team, reaction.channel, reaction.message_ts)
    ts = (record.message_ts if record else None) or reaction.message_ts
    vote = Vote(reaction.team, reaction.channel, ts, reaction.user, reaction.value, "reaction", reaction.at)
    await in_thread(store.feedback.cast, vote, was=reaction.was)
