"""Threads that ask at once share a call, and each gets its own answer or the error."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from knowledge.index.embed import Together


def test_what_arrives_during_a_call_is_answered_by_the_next_one_together() -> None:
    begun, go_on = threading.Event(), threading.Event()
    calls: list[list[int]] = []

    def double(numbers: list[int]) -> list[int]:
        calls.append(numbers)
        begun.set()
        go_on.wait(10)
        return [2 * number for number in numbers]

    together: Together[int, int] = Together(double)
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(together, [0])
        assert begun.wait(10)
        others = [pool.submit(together, [n, -n]) for n in range(1, 9)]
        while len(together._waiting) < 8:
            pass
        go_on.set()
        assert first.result() == [0]
        assert [one.result() for one in others] == [[2 * n, -2 * n] for n in range(1, 9)]
    assert len(calls) == 2 and len(calls[1]) == 16


def test_an_error_reaches_all_that_shared_the_call_and_the_next_call_works() -> None:
    def half(numbers: Sequence[int]) -> list[float]:
        return [1 / number for number in numbers]

    together: Together[int, float] = Together(half)
    with pytest.raises(ZeroDivisionError):
        together([1, 0])
    assert together([2]) == [0.5] and together([]) == []
