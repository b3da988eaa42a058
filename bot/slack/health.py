"""/healthz and /readyz, and in HTTP mode Slack's requests, on one port.

In: a function that names what keeps the bot from answering. Out: 200 or 503. Rule kept: alive means that the loop
runs; ready means that a question would be answered now. Knows no question.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp

CHECK_S = 5.0


class HealthServer:
    """An aiohttp server. `app` may be set later; until then Slack's requests are refused, so that it sends again."""

    def __init__(self, problems: Callable[[], Awaitable[Sequence[str]]]) -> None:
        self._problems = problems
        self.app: AsyncApp | None = None
        self._runner: web.AppRunner | None = None

    async def start(self, port: int, *, slack: bool) -> int:
        """Listen; returns the port, which 0 leaves to the system."""
        routes = [web.get("/healthz", self._healthz), web.get("/readyz", self._readyz)]
        if slack:
            routes.append(web.post("/slack/events", self._slack))
        application = web.Application(client_max_size=4 * 2**20)
        application.add_routes(routes)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=2.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "0.0.0.0", port).start()  # noqa: S104 - a server
        return int(self._runner.addresses[0][1])

    async def close(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def _readyz(self, _: web.Request) -> web.Response:
        try:
            problems = list(await asyncio.wait_for(self._problems(), CHECK_S))
        except TimeoutError:
            problems = ["The check itself takes too long. Look at the load of this machine and of the database."]
        return web.json_response({"ready": not problems, "problems": problems}, status=503 if problems else 200)

    async def _slack(self, request: web.Request) -> web.Response:
        if self.app is None:
            return web.Response(status=503)
        try:
            int(request.headers["X-Slack-Request-Timestamp"])
            asked = await to_bolt_request(request)
        except (ValueError, LookupError, TypeError, AttributeError):
            return web.Response(status=401)  # Bolt reads before it verifies; what can't be read, Slack has not signed
        return await to_aiohttp_response(await self.app.async_dispatch(asked))
