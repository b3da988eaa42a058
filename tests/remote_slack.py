"""Drives a fake Slack that runs as its own process, so that it outlives a bot that is killed."""

import asyncio
import os
import sys
import time
from collections.abc import Callable
from typing import Any, Self, TypeVar

import aiohttp

from bot.demo.workspace.state import Json

T = TypeVar("T")


class RemoteSlack:
    """`do("mention", "C1", "U1", "text")` acts, `state()` reads; see ControlledSlack.state for its fields."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self._process: asyncio.subprocess.Process | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.slack_server", *self._arguments, stdout=asyncio.subprocess.PIPE, env=os.environ
        )
        assert self._process.stdout
        self.url = (await self._process.stdout.readline()).decode().strip()
        self._session = aiohttp.ClientSession(self.url.removesuffix("api/"))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def do(self, call: str, *args: Any, **options: Any) -> Any:
        """What the call returns if it is a message (as a dict), else None."""
        async with self._session.post("_do", json={"call": call, "args": args, "options": options}) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def set(self, **attributes: Any) -> None:
        async with self._session.post("_do", json={"set": attributes}) as answer:
            answer.raise_for_status()

    async def state(self) -> Json:
        async with self._session.get("_state") as answer:
            return dict(await answer.json())

    async def wait_for(
        self, predicate: Callable[[Json], T], what: str = "", *, timeout_s: float = 60, every_s: float = 0.05
    ) -> T:
        """The first true value of `predicate(state)`; another process can only be polled."""
        deadline = time.monotonic() + timeout_s
        while not (value := predicate(await self.state())):
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {timeout_s} s in vain for {what or predicate}")
            await asyncio.sleep(every_s)
        return value
