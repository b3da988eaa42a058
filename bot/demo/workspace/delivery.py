"""Payloads on their way to the app: Socket Mode envelopes with acks and redelivery.

A delivery goes to any one connection. Without an ack within `ack_s`, or when the connection dies first, it is sent
again up to three times (events only; interactions are sent once). Without a connection it waits for one.
"""

import asyncio
import json
import random
import time
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

from bot.demo.workspace.state import Channel, Delivery, Json
from bot.demo.workspace.workspace import Workspace

MAX_CONNECTIONS = 10


@dataclass(eq=False)
class Connection:
    socket: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)  # by envelope id


class Deliverer:
    """Sends what the workspace emits."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.connections: list[Connection] = []
        self.deliveries: list[Delivery] = []
        self.ack_s = 3.0
        self.ghosts = 0  # half-open connections that Slack still counts in hello
        self.retry_delays_s: tuple[float, ...] = (0.0, 1.0, 5.0)  # Slack's are at once, 60 and 300
        self.tickets: set[str] = set()
        self.random = random.Random(7)  # noqa: S311 - the same disorder each time
        self._tasks: set[asyncio.Task[None]] = set()

    # --- payloads ---------------------------------------------------------------------------------------------

    def envelope(self, event: Json, channel: Channel | None = None) -> Json:
        """An event as the Events API wraps it."""
        ws = self.workspace
        who = {"enterprise_id": None, "team_id": ws.team, "user_id": ws.bot_user, "is_bot": True}
        return {
            "token": "legacy",
            "team_id": ws.team,
            "context_team_id": ws.team,
            "context_enterprise_id": None,
            "api_app_id": ws.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": ws.new_id("Ev"),
            "event_time": int(time.time()),
            "authorizations": [who | {"is_enterprise_install": False}],
            "is_ext_shared_channel": bool(channel and channel.ext_shared),
            "event_context": "4-fake",
        }

    def emit(self, event: Json, channel: Channel | None = None) -> None:
        """Deliver an event if the app subscribed to it."""
        name = event["type"]
        if name == "message":
            name += {"channel": ".channels", "group": ".groups", "im": ".im", "mpim": ".mpim"}[event["channel_type"]]
        if name in self.workspace.subscriptions:
            self.deliver(event, channel)

    def deliver(self, event: Json, channel: Channel | None = None) -> None:
        self.send(Delivery("events_api", self.envelope(event, channel)))

    def send(self, delivery: Delivery) -> Delivery:
        self.deliveries.append(delivery)
        self.start(delivery)
        return delivery

    def start(self, delivery: Delivery) -> None:
        task = asyncio.get_running_loop().create_task(self.run(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(self, delivery: Delivery) -> None:
        retries = self.retry_delays_s if delivery.kind == "events_api" else ()
        reason = None
        for delay in (0.0, *retries):
            if delay:
                await asyncio.sleep(delay)
            started = time.monotonic()
            reason = await self.push(delivery, reason)
            delivery.attempts += 1
            if reason is None:
                delivery.acked_after_s = time.monotonic() - started
                break
            if reason == "no-retry":
                break
        delivery.lost = not delivery.acked
        self.workspace.changed()

    # --- Socket Mode ------------------------------------------------------------------------------------------

    async def push(self, delivery: Delivery, reason: str | None) -> str | None:
        """Send to one connection and wait for its ack; None when acknowledged, else why not."""
        await self.workspace.wait_for(lambda: self.connections, "a connection", timeout_s=3600)
        connection = self.random.choice(self.connections)
        envelope = self.workspace.new_id("env")
        message: Json = {
            "envelope_id": envelope,
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != "events_api",
            "payload": delivery.payload,
        }
        if delivery.kind == "events_api":
            message |= {"retry_attempt": delivery.attempts, "retry_reason": reason or ""}
        ack = asyncio.get_running_loop().create_future()
        connection.waiting[envelope] = ack
        try:
            await connection.socket.send_json(message)
            delivery.response = await asyncio.wait_for(ack, self.ack_s)
        except TimeoutError:
            return "timeout"
        except (ConnectionError, RuntimeError):
            return "connection_failed"
        finally:
            connection.waiting.pop(envelope, None)
        return None

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        if request.query.get("ticket") not in self.tickets:
            await socket.close()
            return socket
        self.tickets.discard(request.query["ticket"])
        if len(self.connections) + self.ghosts >= MAX_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            await socket.close()
            return socket
        connection = Connection(socket, request)
        debug = {"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060}
        count = len(self.connections) + 1 + self.ghosts
        info = {"connection_info": {"app_id": self.workspace.app_id}, "debug_info": debug}
        await socket.send_json({"type": "hello", "num_connections": count, **info})
        self.connections.append(connection)
        self.workspace.changed()
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._acknowledge(connection, message.data)
        finally:
            if connection in self.connections:
                self.connections.remove(connection)
            for ack in connection.waiting.values():
                if not ack.done():
                    ack.set_exception(ConnectionResetError("the connection died before the ack"))
            self.workspace.changed()
        return socket

    def _acknowledge(self, connection: Connection, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return self.workspace.violate("socket", f"not JSON: {text[:80]}")
        ack = connection.waiting.get(message.get("envelope_id", ""))
        if ack is not None and not ack.done():
            ack.set_result(message.get("payload"))
        return None

    def break_off(self) -> None:
        """Abort all connections, as a net does."""
        for connection in self.connections[:]:
            self.connections.remove(connection)
            if connection.request.transport is not None:
                connection.request.transport.abort()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for connection in list(self.connections):
            await connection.socket.close()
