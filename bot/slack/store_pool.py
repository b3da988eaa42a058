"""Calls of the store off the event loop, on threads of their own: a slow search can't delay an acknowledgement.

In: a function of the store and its arguments. Out: its result, awaited. Knows nothing of Slack.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


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
