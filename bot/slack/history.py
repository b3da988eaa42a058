"""The turns before a question: from the store, or from Slack once for a thread the bot has not answered in yet.

In: a job. Out: turns, oldest first, the newest kept. Knows no assistant.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

from bot.errors import SlackError
from bot.slack.api import Api
from bot.slack.parse import Identity, plain
from bot.slack.store_pool import StorePool
from bot.store import Store
from bot.store.inbox import Job
from bot.types import Turn

TURNS = 12
READ_S = 5.0  # an answer does not wait longer for a long or throttled thread


async def history(job: Job, store: Store, in_thread: StorePool, api: Api, me: Identity) -> tuple[Turn, ...]:
    """What was said before in the job's thread. A thread that can't be read counts as new."""
    if job.thread_ts is None:
        return ()
    turns = await in_thread(store.answers.thread, job.team, job.channel, job.thread_ts)
    if turns or job.thread_ts == job.message_ts:
        return tuple(turns)[-TURNS:]
    kept: deque[Turn] = deque(maxlen=TURNS)
    with contextlib.suppress(SlackError, TimeoutError):
        async with asyncio.timeout(READ_S):
            async for message in api.replies(job.channel, job.thread_ts, latest=job.message_ts):
                if float(message["ts"]) >= float(job.message_ts):
                    break
                ours = message.get("user") == me.user
                text = plain(str(message.get("text") or ""), me.user)
                if text and (ours or not message.get("bot_id")):
                    kept.append(Turn("agent" if ours else "user", text))
    return tuple(kept)
