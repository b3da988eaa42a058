"""CPU-bound work first come, first served: as many workers as cores, and the question that came first goes first.

In: calls made while answering (asyncio.to_thread). Out: their results. Rule kept: of 50 questions that come at once
the first are answered while the others wait, instead of all of them crawling through each stage together. What gives
way goes behind what others do first: a model that is asked early writes while others search. Work that belongs to no
question goes before all. Knows no question.
"""

import heapq
import itertools
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

arrival: ContextVar[float] = ContextVar("arrival", default=0.0)  # of the question that is worked on; any clock's
LATER_S = 1.0  # seconds that a question which gives way came later, so to speak; measured: tests.bench.bench_load


def give_way() -> None:
    """The question that is worked on counts as one that came LATER_S later: so do its search, and all after that."""
    arrival.set(arrival.get() + LATER_S)


class TurnTaker(ThreadPoolExecutor):
    """A pool whose next call is not the one submitted first but the one whose question arrived first."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers, thread_name_prefix="turn")
        self._waiting: list[tuple[float, int, Future[Any], Callable[[], Any]]] = []
        self._count = itertools.count()
        self._heap_lock = threading.Lock()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The call's result to come."""
        future: Future[T] = Future()
        with self._heap_lock:
            heapq.heappush(self._waiting, (arrival.get(), next(self._count), future, lambda: fn(*args, **kwargs)))
        super().submit(self._run_first)  # as many of these are queued as calls wait
        return future

    def _run_first(self) -> None:
        with self._heap_lock:
            _, _, future, call = heapq.heappop(self._waiting)
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = call()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)
