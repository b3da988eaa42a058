"""What is said and shown beside an answer: the status of a thread, a word to one person, a window.

Rule kept: none of it is worth a failure of anything else. A trigger opens one window, within three seconds; whoever
pressed sees something at once, which is filled in when the rest is there.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

import structlog

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


async def open_view(api: Api, trigger: str, view: Block, *, above: bool = False) -> str | None:
    """The id of the view, now in front of the person; None where Slack would not, as when the trigger is too old.

    `above`: the press was in a view, which it goes above.
    """
    if not trigger:
        return None
    try:
        opened = await api.call("views.push" if above else "views.open", trigger_id=trigger, view=view)
        return str(opened["view"]["id"])
    except (SlackError, KeyError, TypeError) as error:
        structlog.get_logger().info("view_not_opened", error=str(error)[:200])
        return None


async def update_view(api: Api, view_id: str, view: Block) -> None:
    """Put another view in its place. Raises Refused (the person closed it, say) and other SlackErrors."""
    await api.call_with_retries("views.update", again=True, view_id=view_id, view=view)
