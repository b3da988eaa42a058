"""Calls to a server that may hang: each is waited for so long, and nobody waits while an earlier one still hangs.

In: a function that waits for a network. Out: what it returns or raises, or this door's own error in time. What is given
up on ends in its own time, in a thread that no end of the process waits for. Knows nothing of what is called.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import TypeVar

from knowledge.errors import KnowledgeError

T = TypeVar("T")


class InTime:
    """One door. `late()` makes the error that is raised where nothing came within `limit_s` seconds."""

    def __init__(self, limit_s: float, late: Callable[[], KnowledgeError]) -> None:
        self._limit_s, self._late = limit_s, late
        self._hanging: list[Future[object]] = []

    def __call__(self, run: Callable[[], T]) -> T:
        """What `run` returns or raises; the door's error after the limit, or at once while an earlier call hangs."""
        self._hanging = [one for one in self._hanging if not one.done()]
        if self._hanging:
            raise self._late()
        future: Future[T] = Future()
        threading.Thread(target=_settle, args=(future, run), daemon=True, name="in-time").start()
        try:
            return future.result(self._limit_s)
        except NotYet:
            if future.done():  # it ended by a time limit of its own, or just now
                return future.result()
            self._hanging = [*self._hanging, future]  # type: ignore[list-item]
            raise self._late() from None


def _settle(future: Future[T], run: Callable[[], T]) -> None:
    try:
        future.set_result(run())
    except BaseException as error:
        future.set_exception(error)
