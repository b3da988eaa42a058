"""A TCP proxy of ours between the bot and a server: it delays, trickles, truncates, resets and refuses on demand.

    async with Proxy(llm.port) as proxy:
        endpoint = ChatEndpoint(..., base_url=f"http://127.0.0.1:{proxy.port}/v1")
        proxy.truncate_after = 2_000

What is set holds for every connection from its next piece of data on. `down` is bytes from server to client.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import Self


@dataclass(eq=False)
class Link:
    """One proxied connection."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    up: int = 0
    down: int = 0


@dataclass(eq=False)
class Proxy:
    target_port: int
    port: int = 0
    refuse: bool = False  # new connections are reset at once
    delay_s: float = 0.0  # before each piece, both ways
    trickle: int | None = None  # bytes a piece from server to client
    truncate_after: int | None = None  # end cleanly after so many bytes of one connection's answer
    reset_after: int | None = None  # reset instead
    links: list[Link] = field(default_factory=list)
    seen: int = 0  # connections ever

    def __post_init__(self) -> None:
        self.flowing = asyncio.Event()  # cleared: nothing passes from server to client, the connection stays open
        self.flowing.set()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server:
            self._server.close()
        self.reset()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def reset(self) -> None:
        """Cut every open connection hard."""
        for link in list(self.links):
            for side in (link.client, link.server):
                side.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.seen += 1
        if self.refuse:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            writer.transport.abort()
            return
        link = Link(writer, far_writer)
        self.links.append(link)
        tasks = [asyncio.create_task(self._up(reader, link)), asyncio.create_task(self._down(far_reader, link))]
        self._tasks.update(tasks)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._tasks.difference_update(tasks)
            self.links.remove(link)
            for side in (writer, far_writer):
                with contextlib.suppress(OSError):
                    side.close()

    async def _up(self, reader: asyncio.StreamReader, link: Link) -> None:
        while data := await reader.read(65536):
            await asyncio.sleep(self.delay_s)
            link.up += len(data)
            link.server.write(data)
            await link.server.drain()

    async def _down(self, reader: asyncio.StreamReader, link: Link) -> None:
        while data := await reader.read(self.trickle or 65536):
            await asyncio.sleep(self.delay_s)
            await self.flowing.wait()
            most = min((n for n in (self.truncate_after, self.reset_after) if n is not None), default=None)
            if most is not None and link.down + len(data) >= most:
                link.client.write(data[: most - link.down])
                await link.client.drain()
                if self.reset_after == most:
                    link.client.transport.abort()
                return
            link.down += len(data)
            link.client.write(data)
            await link.client.drain()
