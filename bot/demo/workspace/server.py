"""A Slack of our own: Web API and Socket Mode on one local port.

What is held is in `workspace.py`, methods in `methods.py`, people in `people.py`, deliveries in
`delivery.py`, Slack's rules for a call in `rules.py`. Knows nothing of the product. Rule kept: what Slack documents as
refused is refused here, for the demo and for the tests alike.
"""

import contextlib
import json
import math
import secrets
import time
from collections import defaultdict, deque
from typing import Any, Self

from aiohttp import web

from bot.demo.workspace.delivery import Deliverer
from bot.demo.workspace.methods import METHODS, receive
from bot.demo.workspace.people import People
from bot.demo.workspace.rules import CHECKS, PER_MINUTE, check_arguments
from bot.demo.workspace.rules import METHODS as RULES
from bot.demo.workspace.state import Call, Fault, Json, SlackRefusal
from bot.demo.workspace.workspace import Workspace


class LocalSlack(Workspace):
    """The workspace, served inside `async with`.

    `rate_limits` switches Slack's tiers on; `minute_s` shortens the minute in which they count.
    """

    deliverer_type, people_type, fault_type = Deliverer, People, Fault

    def __init__(self, *, port: int = 0, rate_limits: bool = False, minute_s: float = 60.0) -> None:
        super().__init__()
        self.port = port
        self.rate_limits, self.minute_s = rate_limits, minute_s
        self._accepted: dict[tuple[str, str], deque[float]] = defaultdict(deque)  # when calls were let through
        self.faults: list[Fault] = []
        self.deliverer = self.deliverer_type(self)
        self.people = self.people_type(self, self.deliverer)
        self.emit = self.deliverer.emit
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Base URL of the Web API, as slack_sdk takes it."""
        return f"http://127.0.0.1:{self.port}/api/"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=16 * 2**20)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link", self.deliverer.socket)
        app.router.add_post("/upload/{id}", self._upload)
        self.routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self.base_url = f"http://127.0.0.1:{self.port}"
        return self

    def routes(self, app: web.Application) -> None:
        """Paths beside Slack's own; a subclass adds its own before the server starts."""

    async def __aexit__(self, *_: object) -> None:
        await self.deliverer.close()
        if self._runner:
            await self._runner.cleanup()

    def fault(self, method: str, **facts: Any) -> Fault:
        """Let the next call(s) of `method` go wrong; see state.Fault."""
        fault = self.fault_type(method, **facts)
        self.faults.append(fault)
        return fault

    @property
    def deliveries(self) -> list[Any]:
        return self.deliverer.deliveries

    # --- Web API ----------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        started = time.monotonic()
        token, args = await self._arguments(request)
        call = Call(name, args, started)
        self.calls.append(call)
        known = len(self.violations)
        headers = {"x-oauth-scopes": ",".join(sorted(self.scopes)), "x-accepted-oauth-scopes": ""}
        try:
            answer = await self.answer(request, call, token)
        except SlackRefusal as refusal:
            call.error = refusal.error
            call.status = int(refusal.extra.pop("http", 200))
            if wait_s := refusal.extra.pop("retry_after", None):
                headers["Retry-After"] = str(wait_s)
            answer = {"ok": False, "error": refusal.error} | refusal.extra
        call.took_s, call.broken = time.monotonic() - started, [one.what for one in self.violations[known:]]
        self.changed()
        return web.json_response(answer, status=call.status, headers=headers)

    async def _arguments(self, request: web.Request) -> tuple[str | None, Json]:
        """The token and the arguments, from query, form or JSON; JSON inside form fields is opened."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or None
        args: Json = dict(request.query)
        if request.content_type == "application/json":
            args |= json.loads(await request.text() or "{}")
        else:
            args |= {key: str(value) for key, value in (await request.post()).items()}
        for key in ("blocks", "message", "metadata", "view", "attachments", "prompts"):
            if isinstance(args.get(key), str) and args[key]:
                with contextlib.suppress(ValueError):  # what is no JSON the rules refuse
                    args[key] = json.loads(args[key])
        return str(args.pop("token", "") or "") or token, args

    async def answer(self, request: web.Request, call: Call, token: str | None) -> Json:
        """What the call is answered; SlackRefusal where it goes wrong or breaks a rule."""
        if fault := self.next_fault(call):
            error = "ratelimited" if fault.status == 429 else "internal_error"
            raise SlackRefusal(error, http=fault.status, retry_after=fault.retry_after)
        return self.performed(request, call, token)

    def next_fault(self, call: Call) -> Fault | None:
        """What goes wrong with this call; once more of it is used up."""
        fault = next((one for one in self.faults if one.meets(call)), None)
        if fault and fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self.faults.remove(fault)
        return fault

    def performed(self, request: web.Request, call: Call, token: str | None) -> Json:
        if request.content_type == "application/json" and not RULES.get(call.method, {"json": True})["json"]:
            self.violate(call.method, "takes no JSON body")
        self._authorize(call.method, call.args, token)
        return {"ok": True} | self._perform(call.method, call.args)

    def _authorize(self, name: str, args: Json, token: str | None) -> None:
        """Raise SlackRefusal for a call that Slack would not perform: rates, token, scopes, arguments."""
        if wait_s := self._throttled(name, args):
            raise SlackRefusal("ratelimited", http=429, retry_after=wait_s)
        if not token:
            raise SlackRefusal("not_authed")
        wanted = self.app_token if name == "apps.connections.open" else self.bot_token
        if token != wanted:
            raise SlackRefusal(
                "not_allowed_token_type" if token in (self.app_token, self.bot_token) else "invalid_auth"
            )
        if (known := RULES.get(name)) is None:
            return
        if known["scopes"] and not self.scopes & set(known["scopes"]):
            raise SlackRefusal(
                "missing_scope", needed=",".join(known["scopes"]), provided=",".join(sorted(self.scopes))
            )
        problems = check_arguments(name, args)
        for problem in problems:
            self.violate(name, problem)
        if problems:
            error = "msg_too_long" if problems[0].startswith("markdown_text has") else "invalid_arguments"
            raise SlackRefusal(error, response_metadata={"messages": problems})

    def _throttled(self, name: str, args: Json) -> int:
        """Seconds to wait, as Retry-After; 0 when the call is within its tier."""
        if not self.rate_limits or name not in RULES:
            return 0
        limits = [((name, ""), PER_MINUTE[RULES[name]["tier"]], self.minute_s)]
        if name == "chat.postMessage":
            limits.append(((name, str(args.get("channel"))), 1, self.minute_s / 60))
        now, wait_s = time.monotonic(), 0.0
        for key, most, window_s in limits:
            accepted = self._accepted[key]
            while accepted and accepted[0] <= now - window_s:
                accepted.popleft()
            if len(accepted) >= most:
                wait_s = max(wait_s, accepted[0] + window_s - now)
        if not wait_s:
            for key, _, _ in limits:
                self._accepted[key].append(now)
        return math.ceil(wait_s)

    def _perform(self, name: str, args: Json) -> Json:
        if name == "apps.connections.open":
            ticket = secrets.token_hex(8)
            self.deliverer.tickets.add(ticket)
            return {"url": f"ws://127.0.0.1:{self.port}/link?ticket={ticket}"}
        handler = METHODS.get(name)
        if handler is None:
            self.violate(name, "unknown method")
            raise SlackRefusal("unknown_method")
        for kind in CHECKS if name != "blocks.validate" else ():  # which tells in its answer what is wrong
            if args.get(kind) and (problem := CHECKS[kind](args[kind])):
                self.refuse(name, problem)
        return handler(self, args)

    async def _upload(self, request: web.Request) -> web.Response:
        """A file, sent to the address it was announced for; a fault of the method "upload" breaks it."""
        content = await request.read()
        if "Authorization" in request.headers:
            self.violate("upload", "the token goes to an address that is not the Web API's")
        call = Call("upload", {"id": request.match_info["id"], "length": len(content)}, time.monotonic())
        self.calls.append(call)
        fault = self.next_fault(call)
        call.status = (fault.status or 500) if fault else receive(self, request.match_info["id"], content)
        self.changed()
        return web.Response(status=call.status)
