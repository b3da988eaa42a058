"""Work beside the answers: what is done again and again, and what nobody waits for.

Rule kept: no such work ends in silence. What is repeated is repeated whatever it raises; what fails is logged. Knows
neither Slack nor questions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from bot.log import traced

_background: set[asyncio.Task[Any]] = set()  # the loop itself keeps no task alive


async def every(seconds: float, what: str, look: Callable[[], Awaitable[Any]]) -> None:
    """Look now, and again `seconds` after each look, until cancelled."""
    while True:
        try:
            await look()
        except Exception as error:
            structlog.get_logger().error("background_failed", what=what, **traced(error))
        await asyncio.sleep(seconds)


def in_background(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Do it without making anybody wait."""
    task = asyncio.create_task(work)
    _background.add(task)
    task.add_done_callback(_done)
    return task


def _done(task: asyncio.Task[Any]) -> None:
    _background.discard(task)
    if not task.cancelled() and (error := task.exception()) is not None:
        structlog.get_logger().error(
            "background_failed", what=getattr(task.get_coro(), "__qualname__", ""), **traced(error)
        )
