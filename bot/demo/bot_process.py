"""The bot as a child process: `policybot serve`, started, killed and started again.

In: how its environment looks. Out: a process whose end is noticed, and which ends with this one, however this one ends:
it is started as this module, and reads a pipe that nobody else holds open. Its log is a file.
"""

import asyncio
import contextlib
import os
import runpy
import sys
import threading
from collections.abc import Callable
from pathlib import Path

STOP_S = 25.0  # a bit longer than POLICYBOT_SHUTDOWN_S


class Bot:
    """`environment` is asked at every start; `changed` is told when the process starts or ends."""

    def __init__(self, environment: Callable[[], dict[str, str]], log: Path, changed: Callable[[], None]) -> None:
        self._environment, self.log, self._changed = environment, log, changed
        log.unlink(missing_ok=True)  # an earlier demo's
        self._process: asyncio.subprocess.Process | None = None
        self._watch: asyncio.Task[None] | None = None
        self._order = asyncio.Lock()  # one start or stop at a time

    @property
    def runs(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    async def start(self) -> None:
        """Start it, unless it runs."""
        async with self._order:
            if self._process is not None:
                return
            with self.log.open("ab") as log:
                command, held = [sys.executable, "-m", __name__], asyncio.subprocess.PIPE
                self._process = await asyncio.create_subprocess_exec(
                    *command, env=self._environment(), stdin=held, stdout=log, stderr=log
                )
            self._watch = asyncio.create_task(self._ended(self._process))
            self._changed()

    async def kill(self) -> None:
        """End it at once, as a crash does (kill -9)."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
                self._process.kill()
            await self._gone()

    async def stop(self) -> None:
        """End it as an operator does (SIGTERM): answers are finished or handed over."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            try:
                await asyncio.wait_for(self._gone(), STOP_S)
            except TimeoutError:
                await self.kill()

    async def _gone(self) -> None:
        if self._watch is not None:
            await asyncio.shield(self._watch)

    async def _ended(self, process: asyncio.subprocess.Process) -> None:
        await process.wait()
        self._process = None
        self._changed()


def _serve() -> None:
    """The child itself: `policybot serve`, until the process at the other end of stdin is gone."""
    threading.Thread(target=lambda: os.read(0, 1) or os._exit(1), daemon=True).start()
    sys.argv = ["policybot", "serve"]
    runpy.run_module("bot", run_name="__main__")


if __name__ == "__main__":
    _serve()
