"""The question that came first goes first through the CPU-bound work."""

import asyncio
import threading

import pytest

from bot.turns import TurnTaker, arrival


async def test_calls_run_in_the_order_in_which_their_questions_arrived_whenever_they_were_made() -> None:
    pool, ran, gate = TurnTaker(1), [], threading.Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(pool)
    busy = asyncio.create_task(asyncio.to_thread(gate.wait))
    await asyncio.sleep(0)

    async def answering(name: str, at: float) -> None:
        arrival.set(at)
        await asyncio.to_thread(ran.append, name)

    tasks = [asyncio.create_task(answering(*one)) for one in (("last", 3.0), ("second", 2.0), ("first", 1.0))]
    await asyncio.sleep(0)
    cancelled = asyncio.create_task(answering("cancelled", 0.5))
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.sleep(0)
    nobodys = asyncio.create_task(asyncio.to_thread(ran.append, "no question's"))
    await asyncio.sleep(0)
    gate.set()
    await asyncio.gather(busy, nobodys, *tasks)
    assert ran == ["no question's", "first", "second", "last"]


async def test_an_error_reaches_its_caller_and_stops_no_worker() -> None:
    pool = TurnTaker(1)
    with pytest.raises(ZeroDivisionError):
        pool.submit(lambda: 1 / 0).result(5)
    assert pool.submit(sum, (1, 2)).result(5) == 3
    pool.shutdown()
