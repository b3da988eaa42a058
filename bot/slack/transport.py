"""How Slack reaches the bot: a Socket Mode connection, kept up and watched, or HTTP; /healthz, /readyz and /metrics.

In: the Bolt app; a function that names what keeps the bot from answering. Out: a connection that comes back, and what
is wrong with it in words; 200 or 503. Rules kept: a token that Slack refuses is a state, not a crash; a ticket for a
connection is used once; alive means that the loop runs, ready that a question would be answered now; anybody may ask
this port, so paths and hosts are told to the log alone. What Slack has not signed is neither inflated nor parsed, and
costs bounded time and space. Knows no events.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.errors import SlackAuthError, SlackError
from bot.log import traced
from bot.slack.api import Api
from bot.slack.metrics import CONTENT_TYPE

BOLT_FAILED = 500  # status of what Bolt itself could not read; our own refusal is a 503
PING_S = 5.0
CONNECT_S = 20.0
DOWN_S = 15.0  # after which the watchdog does what the SDK has not done
RETRY_REFUSED_S = 30.0
TICKET_GAP_S = 2.0  # Slack gives fifty a minute
CHECK_S = 5.0  # longest look at what is wrong
MAX_BODY = 2**20  # bytes of a request; Slack's largest, a view, has a quarter of it; guess
REQUEST_S = 5.0  # to send a request; Slack itself gives up after 3
CONNECTIONS = 100  # open at once: Slack needs a few, and the process its own files; guess
_WHERE = re.compile(r"[/\\@]|:\d|\w\.\w")


async def _answered(work: Awaitable[BoltResponse]) -> BoltResponse:
    """Bolt's answer; to what Bolt itself can't read an acknowledgement: sent again, it would read no better."""
    try:
        answer = await work
        if answer.status != BOLT_FAILED:
            return answer
        structlog.get_logger().error("payload_malformed", error="Bolt")
    except Exception as error:
        structlog.get_logger().error("payload_malformed", **traced(error))
    return BoltResponse(status=200, body="")


class _Handler(AsyncSocketModeHandler):
    async def handle(self, client: Any, req: SocketModeRequest) -> None:
        """Answer one request."""
        answer = await _answered(run_async_bolt_app(self.app, req))
        await send_async_response(client, req, answer, time.time())


class Socket:
    """One connection. Make it inside the running loop."""

    def __init__(self, app: AsyncApp, api: Api, app_token: str) -> None:
        self._api, self._token = api, app_token
        self._handler = _Handler(app, app_token, ping_interval=PING_S)
        self._client = self._handler.client
        self._client.message_listeners.append(self._hello)
        self._client.issue_new_wss_url = self._ticket  # type: ignore[method-assign]
        self._asked_at = float("-inf")
        self._down_since: float | None = None
        self._counted = 0  # connections, when Slack said hello
        self.problem: str | None = "Not connected to Slack yet. Wait a moment."

    async def connect(self) -> None:
        """Connect, however long it takes; `problem` says what is in the way."""
        wait_s = 1.0
        while True:
            try:
                async with asyncio.timeout(CONNECT_S):
                    self._client.wss_uri = await self._ticket()
                    await self._client.connect()  # type: ignore[no-untyped-call]
                self.problem, self._down_since = None, None
                return
            except SlackAuthError:
                problem = "Slack refuses SLACK_APP_TOKEN. Make an app token with connections:write and set it."
                wait_s = RETRY_REFUSED_S
            except (SlackError, TimeoutError, OSError):
                problem = "Slack can't be reached for Socket Mode. Check the network and status.slack.com."
                wait_s = min(wait_s * 2, DOWN_S)
            if problem != self.problem:
                structlog.get_logger().error("socket_down", problem=problem)
            self.problem = problem
            await asyncio.sleep(wait_s)

    async def _ticket(self) -> str:
        """The address of a new connection. Paced, for the SDK asks without a pause while Slack counts too many."""
        await asyncio.sleep(max(0.0, self._asked_at + TICKET_GAP_S - time.monotonic()))
        self._asked_at = time.monotonic()
        opened, _ = await self._api.raw("apps.connections.open", {}, token=self._token)
        return str(opened["url"])

    async def watch(self) -> None:
        """One look: reconnects if the SDK has not done so for too long."""
        if await self._client.is_connected():
            self.problem, self._down_since = None, None
            return
        now = time.monotonic()
        self._down_since = self._down_since or now
        self.problem = "The connection to Slack is down; reconnecting. Check the network if it stays so."
        if now - self._down_since > DOWN_S:
            await self.connect()

    def counted(self) -> int:
        """How many connections Slack counted when it last said hello; told once, for others come and go."""
        counted, self._counted = self._counted, 0
        return counted

    async def close(self) -> None:
        """Close the connection."""
        await self._handler.close_async()  # type: ignore[no-untyped-call]

    async def _hello(self, _client: Any, message: dict[str, Any], _raw: str | None = None) -> None:
        if message.get("type") == "hello":
            self._counted = int(message.get("num_connections") or 0)


class HealthServer:
    """An aiohttp server. `app` may be set later; until then Slack's requests are refused, so that it sends again."""

    def __init__(
        self,
        problems: Callable[[], Awaitable[Sequence[str]]],
        signing_secret: str | None = None,
        notes: Callable[[], Sequence[str]] = tuple,
        metrics: Callable[[], bytes] = bytes,
    ) -> None:
        """`problems` keep the bot from answering; `notes` are told beside them, and may wait for a disk."""
        self._problems, self._secret, self._notes = problems, signing_secret or "", notes
        self._metrics = metrics
        self.app: AsyncApp | None = None
        self._runner: web.AppRunner | None = None
        self._listening: asyncio.Server | None = None
        self._silent: dict[asyncio.BaseProtocol, asyncio.TimerHandle] = {}  # connections without a request yet
        self._told: list[str] = []

    async def start(self, port: int, *, slack: bool) -> int:
        """The port that is listened on, which 0 leaves to the system."""
        application = web.Application(client_max_size=MAX_BODY, middlewares=[self._heard])
        for path, shown in (("/healthz", self._healthz), ("/readyz", self._readyz), ("/metrics", self._figures)):
            application.router.add_get(path, shown)
        if slack:
            application.router.add_post("/slack/events", self._slack)
        self._runner = web.AppRunner(
            application, access_log=None, shutdown_timeout=2.0, auto_decompress=False, keepalive_timeout=30.0
        )
        await self._runner.setup()
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(self._connection, "0.0.0.0", port)  # noqa: S104 - a server
        return int(self._listening.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.close()
        for timer in self._silent.values():
            timer.cancel()
        if self._runner is not None:
            await self._runner.cleanup()

    def _connection(self) -> asyncio.BaseProtocol:
        """What serves a new connection: nobody, where too many are open; one that stays silent is closed."""
        server = self._runner.server if self._runner else None
        if server is None or len(server.connections) >= CONNECTIONS:
            return _Closing()
        protocol = server()
        self._silent[protocol] = asyncio.get_running_loop().call_later(REQUEST_S, self._hang_up, protocol)
        return protocol

    def _hang_up(self, protocol: web.RequestHandler) -> None:
        self._silent.pop(protocol, None)
        if protocol.transport is not None:
            protocol.transport.close()

    @web.middleware
    async def _heard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if timer := self._silent.pop(request.protocol, None):
            timer.cancel()
        return await handler(request)

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def _readyz(self, _: web.Request) -> web.Response:
        try:
            problems = list(await asyncio.wait_for(self._problems(), CHECK_S))
        except TimeoutError:
            problems = ["The check itself takes too long. Look at the load of this machine and of the database."]
        notes = await asyncio.to_thread(self._notes)
        if [*problems, *notes] != self._told:
            structlog.get_logger().warning("readiness", problems=problems, notes=[*notes])
        self._told = [*problems, *notes]
        return web.json_response(
            {"ready": not problems, "problems": [*map(public, problems)]}
            | ({"notes": [*map(public, notes)]} if notes else {}),
            status=503 if problems else 200,
        )

    async def _figures(self, request: web.Request) -> web.Response:
        """For whoever reaches this port itself: what a proxy passes on comes from outside."""
        if any(name.lower().startswith(("forwarded", "x-forwarded", "x-real-ip", "via")) for name in request.headers):
            return web.Response(status=404)
        return web.Response(body=self._metrics(), headers={"Content-Type": CONTENT_TYPE})

    async def _slack(self, request: web.Request) -> web.Response:
        if self.app is None:
            return web.Response(status=503)
        if "Content-Encoding" in request.headers:  # Slack compresses nothing
            return self._refused(415)
        if (request.content_length or 0) > MAX_BODY:
            return self._refused(413)
        try:
            async with asyncio.timeout(REQUEST_S):
                body = await request.read()
        except TimeoutError:
            return self._refused(408)
        if not self._signed(request, body):
            return self._refused(401)
        return await to_aiohttp_response(await _answered(self._dispatched(self.app, request)))

    @staticmethod
    async def _dispatched(app: AsyncApp, request: web.Request) -> BoltResponse:
        return await app.async_dispatch(await to_bolt_request(request))

    def _signed(self, request: web.Request, body: bytes) -> bool:
        """Whether Slack has signed these very bytes a moment ago."""
        try:
            return SignatureVerifier(self._secret).is_valid_request(body, dict(request.headers))
        except (ValueError, TypeError, OverflowError):  # a time that is none, a signature or a body in no letters
            return False

    @staticmethod
    def _refused(status: int) -> web.Response:
        response = web.Response(status=status)
        response.force_close()  # what else comes on this connection is not read
        return response


def public(problem: str) -> str:
    """What is wrong without paths, hosts and ports: "The database … can't be opened"."""
    return " ".join("…" if _WHERE.search(word) and "slack." not in word else word for word in problem.split())


class _Closing(asyncio.Protocol):
    """Hangs up at once."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()
