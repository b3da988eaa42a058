"""Calls that arrive while others run are answered by one call for all of them: what comes alone waits for nothing.

In: a function from a list to a list. Out: the same, for threads. Knows nothing of what is computed.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")


class _Call(Generic[A, B]):
    """What one thread asked, and what it is told."""

    def __init__(self, asked: Sequence[A]) -> None:
        self.asked = asked
        self.over = False
        self.told: list[B] = []
        self.error: BaseException | None = None


class Together(Generic[A, B]):
    """One call of `run` at a time; it takes all that waits."""

    def __init__(self, run: Callable[[list[A]], Sequence[B]]) -> None:
        self._run = run
        self._running = threading.Lock()
        self._queue = threading.Lock()
        self._waiting: list[_Call[A, B]] = []

    def __call__(self, asked: Sequence[A]) -> list[B]:
        """`run(asked)`, perhaps with what other threads ask; its error, if it fails."""
        mine = _Call[A, B](asked)
        with self._queue:
            self._waiting.append(mine)
        with self._running:
            if not mine.over:  # nobody took it along
                with self._queue:
                    calls, self._waiting = self._waiting, []
                self._answer(calls)
        if mine.error is not None:
            raise mine.error
        return mine.told

    def _answer(self, calls: list[_Call[A, B]]) -> None:
        try:
            told = iter(self._run([one for call in calls for one in call.asked]))
            for call in calls:
                call.told = [next(told) for _ in call.asked]
        except BaseException as error:
            for call in calls:
                call.error = error
        finally:
            for call in calls:
                call.over = True
