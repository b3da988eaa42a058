"""What earlier attempts left in a thread: parts of an answer by their metadata, empty messages nobody owns.

In: a thread, a question's id. Out: our messages there. Rule kept: a message is deleted only if it is ours, wordless
and recorded nowhere. Knows no answers.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from typing import Any

from bot.slack.api import Api, Refused
from bot.slack.blocks import Block

EVENT_TYPE = "policybot_answer"
LOOKED_AT = 100  # messages of a channel in which one of an earlier attempt is looked for; guess
MOMENT_S = 10.0  # in which a stream that has just begun is recorded by its owner

Message = dict[str, Any]


def metadata(question_id: str, number: int, of: int) -> dict[str, Any]:
    """What marks a message as part `number` of an answer."""
    return {"event_type": EVENT_TYPE, "event_payload": {"question": question_id, "part": number, "parts": of}}


def part(message: Message, question_id: str) -> tuple[int, int] | None:
    """Which part of the question's answer a message is, and of how many; None: none."""
    mark = message.get("metadata") or {}
    payload = mark.get("event_payload") or {}
    if mark.get("event_type") != EVENT_TYPE or payload.get("question") != question_id:
        return None
    return int(payload.get("part", 0)), int(payload.get("parts", 1))


def parts(mine: Sequence[Message], question_id: str) -> dict[int, tuple[int, str]]:
    """The parts of the question's answer by number: of how many, and the ts."""
    return {numbers[0]: (numbers[1], str(one["ts"])) for one in mine if (numbers := part(one, question_id))}


async def ours(api: Api, channel: str, thread_ts: str | None, me: str) -> list[Message]:
    """The bot's own messages in a thread, oldest first; without one, those of the channel's newest, newest first."""
    if thread_ts:
        return [message async for message in api.replies(channel, thread_ts) if message.get("user") == me]
    answer = await api.call_with_retries(
        "conversations.history", again=True, channel=channel, limit=LOOKED_AT, include_all_metadata=True
    )
    return [message for message in answer.get("messages", ()) if message.get("user") == me]


async def post(
    api: Api, key: str, text: str, blocks: Sequence[Block] | None, number: int = 0, of: int = 1, **more: Any
) -> str:
    """Post a message marked as part `number` of what the key names; its ts."""
    mark = metadata(key, number, of)
    sent = await api.call_with_retries("chat.postMessage", text=text, blocks=blocks or None, metadata=mark, **more)
    return str(sent["ts"])


async def posted(api: Api, channel: str, thread_ts: str | None, me: str, key: str) -> str | None:
    """The ts of the message that an earlier attempt posted, marked with this key."""
    mine = await ours(api, channel, thread_ts, me)
    return next((str(message["ts"]) for message in mine if part(message, key)), None)


async def opens(api: Api, channel: str, thread_ts: str, me: str) -> str:
    """The key that our message which a thread stands below is marked with; "" where it has none, or is not ours."""
    place = {"channel": channel, "ts": thread_ts, "limit": 1, "include_all_metadata": True}
    answer = await api.call_with_retries("conversations.replies", again=True, **place)
    root: Message = next((message for message in answer.get("messages", ()) if message.get("user") == me), {})
    mark = root.get("metadata") or {}
    return str(mark["event_payload"].get("question", "")) if mark.get("event_type") == EVENT_TYPE else ""


def wordless(mine: Sequence[Message]) -> list[str]:
    """The ts of messages that show nothing: a stream before its first words, or what a crash or a lost call left."""
    return [m["ts"] for m in mine if not m.get("text") and not m.get("blocks") and not m.get("metadata")]


async def moment_after(ts: str) -> None:
    """Wait until a message is old enough for its owner to have recorded it."""
    await asyncio.sleep(max(0.0, min(MOMENT_S, float(ts) + MOMENT_S - time.time())))


async def delete(api: Api, channel: str, ts: str) -> None:
    """Take a message of ours away, streaming or not; one that is gone already is fine."""
    for method in ("chat.stopStream", "chat.delete"):
        with contextlib.suppress(Refused):
            await api.call_with_retries(method, again=True, channel=channel, ts=ts)
