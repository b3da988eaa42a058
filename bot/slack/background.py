"""Work beside the event loop's own: what is done again and again, what nobody waits for, what may block.

Rules kept: no such work ends in silence (what is repeated is repeated whatever it raises; what fails is logged); calls
of the store have threads of their own, so that a slow search can't delay an acknowledgement. Knows neither Slack nor
questions.
"""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

import structlog

from bot.log import traced

P = ParamSpec("P")
T = TypeVar("T")
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
        what = getattr(task.get_coro(), "__qualname__", "")
        structlog.get_logger().error("background_failed", what=what, **traced(error))


class StorePool:
    """Awaitable calls of blocking functions."""

    def __init__(self, count: int = 6) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="store")

    async def __call__(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the call returns, made in a thread of the pool."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, functools.partial(call, *args, **kwargs))

    def close(self) -> None:
        """Start no more calls; those that run end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)
