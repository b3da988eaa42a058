"""Notes each quarter of a second the longest busy stretch of the event loop (CPU of its thread) and its greatest delay.

A tick every 5 ms, and no more: a clock around each step of the loop cost a tenth of what was measured.
"""

import asyncio
import os
import time
from typing import Any

FILE = os.environ.get("BENCH_WATCH")
NOTE_S, TICK_S = 0.25, 0.005

if FILE:
    run_forever = asyncio.base_events.BaseEventLoop.run_forever

    def watched(self: Any) -> None:
        noted, used = self.time(), time.thread_time()
        busy = late = 0.0

        def tick(due: float) -> None:
            nonlocal noted, used, busy, late
            now, cpu = self.time(), time.thread_time()
            busy, late = max(busy, min(cpu - used, now - due)), max(late, now - due)
            used = cpu
            if now - noted > NOTE_S:
                with open(str(FILE), "a") as file:
                    file.write(f"{busy:.4f} {late:.4f}\n")
                busy, late, noted = 0.0, 0.0, now
            self.call_at(now + TICK_S, tick, now + TICK_S)

        self.call_soon(tick, self.time())
        run_forever(self)

    asyncio.base_events.BaseEventLoop.run_forever = watched  # type: ignore[method-assign]
