"""Notes each quarter of a second the longest busy stretch of the event loop (CPU of its thread) and its greatest delay.

A tick every 5 ms, and no more: a clock around each step of the loop cost a tenth of what was measured. Between two
ticks the loop may take many short steps, all that were ready at once; so while a tick is overdue a second thread looks
where the loop is, and the line tells the places it was seen at, with how often.
"""

import asyncio
import os
import sys
import threading
import time
from collections import Counter
from typing import Any

FILE = os.environ.get("BENCH_WATCH")
NOTE_S, TICK_S = 0.25, 0.005
LOOK_S, OVERDUE_S = 0.02, 0.03

if FILE:
    run_forever = asyncio.base_events.BaseEventLoop.run_forever

    def place(frame: Any) -> str:
        """The three innermost functions of the loop's step, outermost first."""
        calls: list[str] = []
        while frame is not None and frame.f_code.co_name != "_run_once":
            calls.append(f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno}:{frame.f_code.co_name}")
            frame = frame.f_back
        return ">".join(reversed(calls[:3])) or "between steps"

    def watched(self: Any) -> None:
        noted, used = self.time(), time.thread_time()
        busy = late = 0.0
        expected, mine, over = noted, threading.get_ident(), threading.Event()
        here: Counter[str] = Counter()  # where the loop was seen since the last tick
        there: Counter[str] = Counter()  # the same of the longest delay since the last note

        def tick(due: float) -> None:
            nonlocal noted, used, busy, late, expected, here, there
            now, cpu = self.time(), time.thread_time()
            if now - due > late:
                late, there = now - due, here
            busy, used, here = max(busy, min(cpu - used, now - due)), cpu, Counter()
            if now - noted > NOTE_S:
                with open(str(FILE), "a") as file:
                    seen = ", ".join(f"{count}x {where}" for where, count in there.most_common(5))
                    file.write(f"{busy:.4f} {late:.4f} {seen}\n")
                busy, late, noted, there = 0.0, 0.0, now, Counter()
            expected = now + TICK_S
            self.call_at(expected, tick, expected)

        def look() -> None:
            while not over.wait(LOOK_S):
                if self.time() - expected > OVERDUE_S:
                    here[place(sys._current_frames().get(mine))] += 1

        threading.Thread(target=look, daemon=True, name="watch").start()
        self.call_soon(tick, self.time())
        try:
            run_forever(self)
        finally:
            over.set()

    asyncio.base_events.BaseEventLoop.run_forever = watched  # type: ignore[method-assign]
