"""What is said beside an answer: the status of a thread, a word to one person. Neither is worth a failure."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from bot.errors import SlackError
from bot.slack.api import Api
from bot.slack.background import in_background
from bot.slack.blocks import Block, section


def show_status(api: Api, channel: str, thread_ts: str, text: str) -> asyncio.Task[None]:
    """Set the thread's status without waiting for it."""

    async def show() -> None:
        with contextlib.suppress(SlackError):
            await api.call("assistant.threads.setStatus", channel_id=channel, thread_ts=thread_ts, status=text)

    return in_background(show())


async def post(api: Api, channel: str, thread_ts: str | None, text: str) -> None:
    """Say something of our own in a thread; if Slack won't, it stays unsaid."""
    with contextlib.suppress(SlackError):
        await api.call("chat.postMessage", channel=channel, thread_ts=thread_ts, text=text)


async def react(api: Api, channel: str, ts: str, emoji: str) -> None:
    """Put an emoji under a message; if Slack won't, it stays without."""
    with contextlib.suppress(SlackError):
        await api.call("reactions.add", channel=channel, timestamp=ts, name=emoji)


async def post_ephemeral(
    api: Api, channel: str, user: str, thread_ts: str | None, text: str, more: Sequence[Block] = ()
) -> None:
    """Say something to one person; if Slack won't, it stays unsaid."""
    with contextlib.suppress(SlackError):
        await api.call(
            "chat.postEphemeral",
            channel=channel,
            user=user,
            thread_ts=thread_ts,
            text=text,
            blocks=[section(text), *more] if more else None,
        )
