"""The fake Slack as tests use it: the demo's workspace, made as unreliable as a net, and reached over HTTP too.

    async with FakeSlack() as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.url)
        ...  # start the app; then, e.g.
        question = slack.people.mention("C1", "U1", "How many days of leave?")
        answer = await slack.wait_for(lambda: next(iter(slack.replies(question)), None))
        assert not slack.violations

`python -m tests.slack_server --port 0` prints its URL; `tests.remote_slack.RemoteSlack` drives it.
"""

import argparse
import asyncio
import contextlib
import dataclasses
import hashlib
import hmac
import json
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp import web

from bot.demo.workspace.delivery import Deliverer
from bot.demo.workspace.people import People
from bot.demo.workspace.server import LocalSlack
from bot.demo.workspace.state import Call, Channel, Delivery, Fault, Json, Message, SlackRefusal
from bot.demo.workspace.workspace import Workspace


class UnreliableDeliverer(Deliverer):
    """Late, repeated, shuffled; by signed HTTP where `request_url` is set. `held` collects while `hold` is set."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.request_url: str | None = None  # HTTP mode
        self.copies = 1  # every event is sent a random number of times, up to so many
        self.late_s = 0.0  # each of them up to so much late: in any order
        self.hold = False
        self.held: list[Delivery] = []
        self._session: aiohttp.ClientSession | None = None

    def deliver(self, event: Json, channel: Channel | None = None) -> None:
        super().deliver(event, channel)
        self.again(self.deliveries[-1], self.random.randint(1, self.copies))

    def again(self, delivery: Delivery, times: int) -> None:
        """The same `times` times in all, as Slack's own retries look, acknowledged or not."""
        for n in range(1, times):
            self.send(Delivery(delivery.kind, delivery.payload, attempts=n))

    def start(self, delivery: Delivery) -> None:
        if self.hold:
            self.held.append(delivery)
        else:
            super().start(delivery)

    def release(self, *, copies: int = 1, shuffle: bool = False) -> None:
        """Send what was held, each up to `copies` times (a random number from 1), in any order."""
        self.hold = False
        batch = list(self.held)
        for one in self.held:
            extra = range(1, self.random.randint(1, copies))
            batch += [Delivery(one.kind, one.payload, attempts=n) for n in extra]
        self.deliveries += batch[len(self.held) :]
        self.held = []
        if shuffle:
            self.random.shuffle(batch)
        for delivery in batch:
            self.start(delivery)

    async def run(self, delivery: Delivery) -> None:
        await asyncio.sleep(self.random.uniform(0, self.late_s))
        await super().run(delivery)

    async def push(self, delivery: Delivery, reason: str | None) -> str | None:
        return await (self._post if self.request_url else super().push)(delivery, reason)

    # --- HTTP mode --------------------------------------------------------------------------------------------

    def signed(self, body: bytes, *, at: float | None = None, secret: str | None = None) -> dict[str, str]:
        """Slack's signature headers for a body."""
        stamp = str(int(at if at is not None else time.time()))
        key = (secret or self.workspace.signing_secret).encode()
        digest = hmac.new(key, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=" + digest}

    async def post(self, payload: Json, *, kind: str = "events_api", headers: Json | None = None) -> tuple[int, str]:
        """One signed request to `request_url`; status and body of the answer."""
        assert self.request_url
        if kind == "events_api":
            body, content_type = json.dumps(payload).encode(), "application/json"
        else:
            fields = {"payload": json.dumps(payload)} if kind == "interactive" else payload
            body, content_type = urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded"
        self._session = self._session or aiohttp.ClientSession()
        wire = self.signed(body) | {"Content-Type": content_type} | (headers or {})
        limit = aiohttp.ClientTimeout(total=self.ack_s)
        async with self._session.post(self.request_url, data=body, headers=wire, timeout=limit) as answer:
            text = await answer.text()
            return (answer.status if answer.headers.get("X-Slack-No-Retry") != "1" else -answer.status), text

    async def disconnect(self, *, abrupt: bool = False) -> None:
        """End all connections, as Slack does when it wants them made anew; `abrupt`: as a net does."""
        ending = [] if abrupt else self.connections[:]
        for connection in ending:
            self.connections.remove(connection)  # nothing new goes to it
            with contextlib.suppress(ConnectionError, RuntimeError):
                said = {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "fake"}}
                await connection.socket.send_json(said)
        self.break_off()

    async def _post(self, delivery: Delivery, reason: str | None) -> str | None:
        headers = {"X-Slack-Retry-Num": str(delivery.attempts), "X-Slack-Retry-Reason": reason or "http_timeout"}
        try:
            again = headers if delivery.attempts else {}
            status, text = await self.post(delivery.payload, kind=delivery.kind, headers=again)
        except TimeoutError:
            return "http_timeout"
        except aiohttp.ClientError:
            return "connection_failed"
        if status == 200:
            with contextlib.suppress(ValueError):
                delivery.response = json.loads(text)
            return None
        return "no-retry" if status < 0 else "http_error"

    async def close(self) -> None:
        await super().close()
        if self._session:
            await self._session.close()


class Persons(People):
    """What tests let people do besides."""

    def mention(
        self,
        channel: str,
        user: str,
        text: str,
        *,
        thread_ts: str | None = None,
        times: int = 1,
        **facts: Any,
    ) -> Message:
        """A message that starts with @policybot: app_mention (`times` times) and message events, two ids, one ts."""
        known = len(self.deliverer.deliveries)
        message = self.call(channel, user, f"<@{self.ws.bot_user}> {text}", thread_ts=thread_ts, **facts)
        self.deliverer.again(self.deliverer.deliveries[known], times)
        return message

    def join(self, channel: str, user: str) -> Message:
        self.ws.channels[channel].members.add(user)
        return self.say(channel, user, f"<@{user}> has joined the channel", subtype="channel_join")

    def invite_bot(self, channel: str, user: str = "U1") -> None:
        """The bot becomes a member of the channel, and is told so."""
        self.join(channel, self.ws.bot_user)
        event = {
            "type": "member_joined_channel",
            "user": self.ws.bot_user,
            "channel": channel,
            "channel_type": "C",
            "team": self.ws.team,
            "inviter": user,
            "event_ts": self.ws.new_ts(),
        }
        self.deliverer.emit(event, self.ws.channels[channel])

    def kick_bot(self, channel: str) -> None:
        self.ws.channels[channel].members.discard(self.ws.bot_user)

    def button(self, message: Message, value: str, user: str = "U1") -> Delivery:
        """Click what carries `value`, or whose action_id is `value`; fails when nothing does."""
        for block in message.blocks:
            for element in [*block.get("elements", []), block.get("accessory")]:
                action = _clicked(element or {}, value)
                if action is not None:
                    action |= {"block_id": block.get("block_id", "b"), "action_ts": self.ws.new_ts()}
                    return self.interact(self._action(message, action, user))
        raise AssertionError(f"nothing with the value {value!r} to click on {message.blocks}")

    def command(self, name: str, text: str = "", user: str = "U1", channel: str = "C1") -> Delivery:
        place = self.ws.channels[channel]
        payload = {key: value for key, value in self._by(user, "").items() if isinstance(value, str) and value}
        payload |= {"command": name, "text": text, "user_id": user, "user_name": self.ws.users[user].name}
        payload |= {"channel_id": place.id, "channel_name": place.name, "team_id": self.ws.team, "team_domain": "home"}
        return self.deliverer.send(Delivery("slash_commands", {k: v for k, v in payload.items() if k != "user"}))


def _clicked(element: Json, value: str) -> Json | None:
    """The action that a click on the element sends, if the element carries the value."""
    action = {"type": element.get("type"), "action_id": element.get("action_id", "")}
    if element.get("type") == "feedback_buttons":
        for side in ("positive_button", "negative_button"):
            button = element[side]
            if value in (button["value"], side):
                return action | {"text": button["text"], "value": button["value"]}
        return None
    if value not in (element.get("value"), element.get("action_id")) or "type" not in element:
        return None
    return action | {key: element[key] for key in ("text", "value") if key in element}


@dataclasses.dataclass(eq=False)
class AnyFault(Fault):
    """Whatever may go wrong with a call. With `gate` alone it is only held back; `hits` tells how often it was met."""

    error: str | None = None
    page: str | None = None  # answered with a page of this content type instead of JSON
    reset: bool = False
    after: bool = False  # the effect happens first
    without: str = ""  # a field that the answer lacks
    gate: asyncio.Event | None = None  # the call waits here until the test sets it
    when: Callable[[Json], bool] | None = None
    hits: int = 0

    def meets(self, call: Call) -> bool:
        met = super().meets(call) and (self.when is None or self.when(call.args))
        self.hits += met
        return met


class FakeSlack(LocalSlack):
    """The workspace with what tests ask of it."""

    deliverer_type, people_type, fault_type = UnreliableDeliverer, Persons, AnyFault
    signing_secret = "fake-signing-secret"
    token_error: str | None = None  # token_revoked, account_inactive ...: every call is refused with it

    async def __aexit__(self, *_: object) -> None:
        for fault in self.faults:
            if fault.gate:
                fault.gate.set()
        await super().__aexit__()

    async def answer(self, request: web.Request, call: Call, token: str | None) -> Json:
        fault = self.next_fault(call)
        if fault and fault.gate:
            self.changed()
            await fault.gate.wait()
        if fault and not fault.after:
            self._break(fault, request, call)
        answer = self.performed(request, call, token)
        if fault and fault.after:
            self._break(fault, request, call)
        return {name: value for name, value in answer.items() if not fault or name != fault.without}

    def performed(self, request: web.Request, call: Call, token: str | None) -> Json:
        if self.token_error:
            raise SlackRefusal(self.token_error)
        return super().performed(request, call, token)

    def _break(self, fault: AnyFault, request: web.Request, call: Call) -> None:
        if fault.page:
            call.error, call.status = "page", fault.status or 502
            page = web.HTTPOk if call.status == 200 else web.HTTPBadGateway
            raise page(text="<h1>Bad gateway</h1>", content_type=fault.page)
        if fault.reset:
            call.error, call.status = "reset", 0
            request.transport.abort()
            self.changed()
            raise web.HTTPBadGateway
        if fault.retry_after is not None or fault.status == 429:
            raise SlackRefusal("ratelimited", http=429, retry_after=fault.retry_after or 1)
        if fault.status or fault.error:
            raise SlackRefusal(fault.error or "internal_error", http=fault.status or 200)

    def clear_faults(self) -> None:
        self.faults.clear()

    def revoke(self, error: str = "token_revoked") -> None:
        self.token_error = error

    async def settle(self, *, timeout_s: float = 30) -> None:
        """Wait until every delivery has been acknowledged or given up."""
        await self.wait_for(lambda: all(d.acked or d.lost for d in self.deliveries), "all acks", timeout_s=timeout_s)

    def ephemerals(self, user: str | None = None) -> list[Message]:
        return [m for m in self.messages() if m.only_for and user in (None, m.only_for)]

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def expire_streams(self) -> None:
        """Every open stream runs out now."""
        for message in self.messages():
            if message.streaming:
                message.streaming_state = "expired"
        self.changed()


class ControlledSlack(FakeSlack):
    """Reads and acts for another process, at /_state and /_do."""

    def routes(self, app: web.Application) -> None:
        app.router.add_get("/_state", self._state)
        app.router.add_post("/_do", self._do)

    def state(self) -> Json:
        """Everything readable, as JSON data."""
        return {
            "messages": [dataclasses.asdict(m) for c in self.channels.values() for m in c.messages.values()],
            "calls": [dataclasses.asdict(call) for call in self.calls],
            "violations": [dataclasses.asdict(v) for v in self.violations],
            "deliveries": [
                {"event": d.event_type, "event_id": d.payload.get("event_id"), "attempts": d.attempts, "born": d.born,
                 "acked_after_s": d.acked_after_s, "lost": d.lost, "response": d.response}
                for d in self.deliveries
            ],
            "connections": len(self.deliverer.connections),
            "statuses": self.statuses,
            "now": time.monotonic(),
        }  # fmt: skip

    async def _state(self, request: web.Request) -> web.Response:
        return web.json_response(self.state())

    async def _do(self, request: web.Request) -> web.Response:
        """Call a method of people, the deliverer or this object by name, or set attributes."""
        order = await request.json()
        for target in (self.people, self.deliverer, self):
            for key, value in order.get("set", {}).items():
                if hasattr(target, key):
                    setattr(target, key, value)
            if name := order.get("call"):
                if not hasattr(target, name):
                    continue
                result = getattr(target, name)(*map(self._local, order["args"]), **order["options"])
                result = await result if asyncio.iscoroutine(result) else result
                return web.json_response(dataclasses.asdict(result) if isinstance(result, Message) else None)
        return web.json_response(None)

    def _local(self, value: Any) -> Any:
        """A message that was handed out is named by channel and ts."""
        if isinstance(value, dict) and {"channel", "ts"} <= value.keys():
            return self.channels[value["channel"]].messages[value["ts"]]
        return value


async def _serve(port: int, rate_limits: bool, minute_s: float) -> None:
    async with ControlledSlack(port=port, rate_limits=rate_limits, minute_s=minute_s) as slack:
        print(slack.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Runs the fake Slack until it is killed; prints its API URL.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--rate-limits", action="store_true")
    parser.add_argument("--minute-s", type=float, default=60.0)
    options = parser.parse_args()
    asyncio.run(_serve(options.port, options.rate_limits, options.minute_s))
