"""Notes each quarter of a second the longest step of the event loop (CPU of its thread) and its greatest delay."""

import asyncio
import os
import time
from typing import Any

FILE = os.environ.get("BENCH_WATCH")
NOTE_S, TICK_S = 0.25, 0.005
_longest = {"busy": 0.0, "late": 0.0}

if FILE:
    run_step = asyncio.events.Handle._run
    run_forever = asyncio.base_events.BaseEventLoop.run_forever

    def timed(self: Any) -> None:
        began = time.thread_time()
        run_step(self)
        _longest["busy"] = max(_longest["busy"], time.thread_time() - began)

    def watched(self: Any) -> None:
        noted = self.time()

        def tick(due: float) -> None:
            nonlocal noted
            now = self.time()
            _longest["late"] = max(_longest["late"], now - due)
            if now - noted > NOTE_S:
                with open(str(FILE), "a") as file:
                    file.write(f"{_longest['busy']:.4f} {_longest['late']:.4f}\n")
                _longest.update(busy=0.0, late=0.0)
                noted = now
            self.call_at(now + TICK_S, tick, now + TICK_S)

        self.call_soon(tick, self.time())
        run_forever(self)

    asyncio.events.Handle._run = timed  # type: ignore[method-assign]
    asyncio.base_events.BaseEventLoop.run_forever = watched  # type: ignore[method-assign]
