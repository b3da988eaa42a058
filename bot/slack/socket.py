"""The Socket Mode connection, kept up and watched.

In: the Bolt app and an app token. Out: a connection that comes back; what is wrong with it, in words. Rule kept: a
token that Slack refuses is a state, not a crash; a ticket for a connection is used once. Knows no events.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.errors import SlackAuthError, SlackError
from bot.log import traced
from bot.slack.api import Api

BOLT_FAILED = 500  # status of what Bolt itself could not read; our own refusal is a 503
PING_S = 5.0
CONNECT_S = 20.0
DOWN_S = 15.0  # after which the watchdog does what the SDK has not done
RETRY_REFUSED_S = 30.0
TICKET_GAP_S = 2.0  # Slack gives fifty a minute


class _Handler(AsyncSocketModeHandler):
    """Acknowledges also what Bolt itself can't read: sent again, it would read no better."""

    async def handle(self, client: Any, req: SocketModeRequest) -> None:
        """Answer one request."""
        try:
            answer = await run_async_bolt_app(self.app, req)
            if answer.status != BOLT_FAILED:
                await send_async_response(client, req, answer, time.time())
                return
            structlog.get_logger().error("payload_malformed", error="Bolt")
        except Exception as error:
            structlog.get_logger().error("payload_malformed", **traced(error))
        await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))


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
