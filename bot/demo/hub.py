"""The demo's server: the workspace, the page, and what people do on it, on one loopback port.

In: clicks and words from the page, under a random key in the address. Out: the page's three files, the state after each
change (server-sent events), the manual's files. Rule kept: nothing is served without the key; nothing leaves the
machine; documents can't run scripts. The page keeps nothing but who is looking: it filters direct
messages and ephemeral ones by that.
"""

import asyncio
import contextlib
import json
import mimetypes
import os
import secrets
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from bot.demo.bot_process import Bot
from bot.demo.stand_in import MANNERS, StandIn
from bot.demo.workspace.methods import IMAGES
from bot.demo.workspace.server import LocalSlack
from bot.demo.workspace.state import Channel, Json, Message, View
from bot.demo.workspace.workspace import Workspace
from bot.errors import SettingsError

PAGE = Path(__file__).parent / "page"
FILES = {"": "index.html", "demo.css": "demo.css", "demo.js": "demo.js"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
DOCUMENT_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
GUARD = {"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
GATHER_S = 0.04  # changes that come together are shown together
BEAT_S = 15.0
PEOPLE = {"U1": "Ada", "U2": "Ben", "U3": "Chidi", "U0ADMIN00": "Dana", "U5": "Emi", "U6": "Farid"}
ROLES = {"U0ADMIN00": "administrator", "U5": "People team", "U6": "People team"}  # of policybot.toml
OWNERS = "C0PEOPLE0"  # of policybot.toml: where questions to a person go
SHORTCUTS: list[Json] = [
    {"name": "What does the manual say", "callback_id": "what_does_the_manual_say"}
]  # on messages, as in manifest.json: name, callback_id
SHOWN = ("channel", "ts", "user", "text", "thread_ts", "bot_id", "blocks", "streaming_state", "only_for", "edited")
WIRE_ROWS = 200
BODY_CHARS = 6_000  # of one row of the wire
SHORT_STREAM_S, USUAL_STREAM_S = 1.0, 300.0


class DemoSlack(LocalSlack):
    """The workspace with a page. `bot` is set before the first visit."""

    bot: Bot

    def __init__(self, folder: Path, *, port: int, models: dict[str, str], examples: list[str]) -> None:
        super().__init__(port=port, rate_limits=True)
        self.bot_token, self.app_token = (f"{kind}-{secrets.token_hex(12)}" for kind in ("xoxb", "xapp"))
        self.era = f"{time.time_ns() // 1_000_000:X}"
        self.key = secrets.token_urlsafe(16)
        self.stand_in = StandIn()
        self.models, self.model = models, next(iter(models))  # what can answer: name -> label
        self.born = time.monotonic()
        self._folder, self._examples = folder.resolve(), examples
        for id, name in PEOPLE.items():
            self.add_user(id, name)
            self.channels["C1"].members.add(id)
            self.open_dm(id)
        self.add_channel(OWNERS, "people-team", members={"U5", "U6", self.bot_user})

    async def __aenter__(self) -> Self:
        try:
            return await super().__aenter__()
        except OSError as error:
            why = os.strerror(error.errno or 0)
            raise SettingsError(f"Port {self.port}: {why}. Choose another with --port, or leave it out.") from error

    @property
    def address(self) -> str:
        """Of the page."""
        return f"http://127.0.0.1:{self.port}/{self.key}/"

    def routes(self, app: web.Application) -> None:
        """The page's paths, all below the key."""
        app.router.add_get(f"/{self.key}/events", self._events)
        app.router.add_get(f"/{self.key}/wire", self._wire)
        app.router.add_post(f"/{self.key}/do", self._do)
        app.router.add_get(f"/{self.key}/manual/{{path:.+}}", self._document)
        app.router.add_get(f"/{self.key}/file/{{id}}", self._uploaded)
        app.router.add_post(f"/{self.key}/model/v1/chat/completions", self.stand_in.chat)
        for path in FILES:
            app.router.add_get(f"/{self.key}/{path}", self._file)

    # --- what the page reads ----------------------------------------------------------------------------------

    async def _file(self, request: web.Request) -> web.FileResponse:
        file = PAGE / FILES[request.path.rpartition("/")[2]]
        return web.FileResponse(file, headers=GUARD | {"Content-Security-Policy": POLICY})

    async def _document(self, request: web.Request) -> web.StreamResponse:
        """A file of the manual. PDFs are shown by the browser; nothing else is more than text and pictures."""
        file = (self._folder / request.match_info["path"]).resolve()
        if not file.is_relative_to(self._folder) or not file.is_file():
            raise web.HTTPNotFound
        kind = mimetypes.guess_type(file.name)[0] or "text/plain"
        if file.suffix == ".pdf":
            return web.FileResponse(file, headers=GUARD)
        if kind.startswith("text/"):
            kind = f"{'text/html' if kind == 'text/html' else 'text/plain'}; charset=utf-8"
        return web.FileResponse(
            file, headers=GUARD | {"Content-Security-Policy": DOCUMENT_POLICY, "Content-Type": kind}
        )

    async def _uploaded(self, request: web.Request) -> web.Response:
        """A picture that the bot uploaded."""
        file = self.files.get(request.match_info["id"])
        if file is None or not file.complete or not file.content.startswith(IMAGES):
            raise web.HTTPNotFound
        kind = mimetypes.guess_type(file.name)[0] or "image/png"
        return web.Response(body=file.content, content_type=kind, headers=GUARD)

    def state(self) -> Json:
        """Everything that the page shows."""
        online = "online" if self.deliverer.connections else "starting"
        return snapshot(self) | {
            "roles": ROLES,
            "examples": self._examples,
            "shortcuts": SHORTCUTS,
            "bot_state": online if self.bot.runs else "down",
            "log": str(self.bot.log),
            "models": self.models,
            "model": self.model,
            "manner": self.stand_in.manner,
            "faults": {
                "throttled": sum(fault.times or 0 for fault in self.faults if fault.status == 429),
                "failing": any(fault.status == 500 for fault in self.faults),
                "short_streams": self.stream_ttl_s == SHORT_STREAM_S,
            },
        }

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """The state now and after each change, as long as the page is open."""
        response = web.StreamResponse(headers=GUARD | {"Content-Type": "text/event-stream"})
        await response.prepare(request)
        last = ""
        with contextlib.suppress(ConnectionError):  # the page was closed
            while True:
                now = json.dumps(self.state(), ensure_ascii=False)
                await response.write(f"data: {now}\n\n".encode() if now != last else b": beat\n\n")
                last = now
                if await self.next_change(BEAT_S):
                    await asyncio.sleep(GATHER_S)
        return response

    async def _wire(self, _request: web.Request) -> web.Response:
        return web.json_response(wire(self, self.deliveries, self.born), headers=GUARD)

    # --- what people do ---------------------------------------------------------------------------------------

    async def _do(self, request: web.Request) -> web.Response:
        order = await request.json()
        try:
            result = await ACTS[order.pop("act")](self, **order)
        except KeyError:  # what was clicked on has gone meanwhile
            result = None
        self.changed()
        return web.json_response(result or {}, headers=GUARD)

    def message(self, channel: str, ts: str) -> Message:
        """The message that a click was on."""
        return self.channels[channel].messages[ts]


Act = Callable[..., Awaitable[Json | None]]
ACTS: dict[str, Act] = {}


def act(function: Act) -> Act:
    """Registers an act under its name; it takes the workspace and the fields of the page's request."""
    ACTS[function.__name__] = function
    return function


@act
async def say(slack: DemoSlack, channel: str, user: str, text: str, thread: str | None = None) -> Json:
    """Write a message; @policybot in it becomes a mention."""
    name = slack.users[slack.bot_user].name
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    mentioned = escaped.replace(f"@{name}", f"<@{slack.bot_user}>")
    if slack.channels[channel].kind == "im":
        return {"ts": slack.people.dm(user, mentioned, thread_ts=thread).ts}
    write = slack.people.call if mentioned != escaped else slack.people.say
    return {"ts": write(channel, user, mentioned, thread_ts=thread).ts}


@act
async def edit(slack: DemoSlack, channel: str, ts: str, text: str) -> None:
    """Change one's own message."""
    name = slack.users[slack.bot_user].name
    slack.people.edit(slack.message(channel, ts), text.replace(f"@{name}", f"<@{slack.bot_user}>"))


@act
async def delete(slack: DemoSlack, channel: str, ts: str) -> None:
    """Delete a message."""
    slack.people.delete(slack.message(channel, ts))


@act
async def react(slack: DemoSlack, channel: str, ts: str, user: str, name: str) -> None:
    """Put an emoji under a message, or take it away."""
    message = slack.message(channel, ts)
    slack.people.reaction(message, name, user, remove=user in message.reactions.get(name, []))


@act
async def stop(slack: DemoSlack, channel: str, ts: str, user: str) -> None:
    """Press the Stop button of a streaming answer."""
    message = slack.message(channel, ts)
    slack.expire(message)
    if message.streaming_state == "in_progress":
        slack.people.stop_button(message, user)


@act
async def home(slack: DemoSlack, user: str, tab: str = "home") -> None:
    """Open the app's Home or Messages tab."""
    slack.people.open_home(user, tab)


@act
async def press(
    slack: DemoSlack,
    user: str,
    action: Json,
    channel: str = "",
    ts: str = "",
    view: str = "",
    values: Json | None = None,
) -> None:
    """Use an element of a message, a modal (`view` is its id) or the Home tab (`view` is "home")."""
    if ts:
        slack.people.press(slack.message(channel, ts), action, user)
    elif view == "home":
        slack.people.press_in_view(View("VHOME" + user, user, slack.homes[user], "h", "home"), action)
    else:
        slack.people.press_in_view(slack.views[view], action, values)


@act
async def shortcut(slack: DemoSlack, user: str, callback: str, channel: str = "", ts: str = "") -> None:
    """Use a shortcut, on a message or anywhere."""
    slack.people.shortcut(callback, user, slack.message(channel, ts) if ts else None)


@act
async def submit(slack: DemoSlack, view: str, values: Json) -> Json:
    """Send a modal; {"errors": {block_id: text}} if a field is missing or the app refuses it, else it is closed."""
    shown = slack.views[view]
    if missing := [block for block in _required(shown) if not _filled(values.get(block, {}))]:
        return {"errors": dict.fromkeys(missing, "Please complete this required field.")}  # as Slack does
    delivery = slack.people.submit(shown, values)
    await slack.wait_for(lambda: delivery.acked or delivery.lost, "an acknowledgement")
    if delivery.lost:
        return {"errors": {"": "The app did not answer. Try again."}}
    if errors := (delivery.response or {}).get("errors"):
        return {"errors": errors}
    slack.views.pop(view, None)
    return {}


def _required(view: View) -> list[str]:
    """The inputs that Slack sends no form without."""
    return [one["block_id"] for one in view.view["blocks"] if one["type"] == "input" and not one.get("optional")]


def _filled(values: Json) -> bool:
    return any(facts for value in values.values() for key, facts in value.items() if key != "type")


@act
async def close(slack: DemoSlack, view: str) -> None:
    """Close a modal without sending it."""
    slack.views.pop(view, None)


@act
async def model(slack: DemoSlack, name: str = "", manner: str = "") -> None:
    """Choose what answers, which starts the bot anew, or how the stand-in behaves, which holds at once."""
    if manner in MANNERS:
        slack.stand_in.manner = manner
    if name in slack.models and name != slack.model:
        slack.model = name
        await slack.bot.stop()
        await slack.bot.start()


@act
async def fault(slack: DemoSlack, kind: str) -> None:
    """Let something go wrong, or end it; killing and starting the bot too."""
    if kind == "throttle":
        for method in ("chat.startStream", "chat.appendStream", "chat.postMessage"):
            slack.fault(method, status=429, retry_after=2)
    elif kind == "short_streams":
        slack.stream_ttl_s = USUAL_STREAM_S if slack.stream_ttl_s == SHORT_STREAM_S else SHORT_STREAM_S
    elif kind == "failing":
        if any(one.status == 500 for one in slack.faults):
            slack.faults.clear()
        else:
            slack.fault("*", status=500, times=None)
    elif kind == "disconnect":
        slack.deliverer.break_off()
    elif kind == "kill":
        await slack.bot.kill()
    elif kind == "start":
        await slack.bot.start()


def snapshot(ws: Workspace) -> Json:
    """Users, channels, messages, statuses, Home tabs and open modals."""
    return {
        "bot": {"id": ws.bot_user, "name": ws.users[ws.bot_user].name},
        "users": [{"id": user.id, "name": user.name} for user in ws.users.values() if not user.is_bot],
        "channels": [
            {"id": c.id, "name": c.name, "kind": c.kind, "members": sorted(c.members)} for c in ws.channels.values()
        ],
        "messages": [_message(ws, message) for message in ws.messages()],
        "statuses": _statuses(ws),
        "homes": ws.homes,
        "modals": [{"id": v.id, "user": v.user, "view": v.view} for v in ws.views.values() if v.kind == "modal"],
        "prompts": {p["channel_id"]: p for p in ws.prompts},
    }


def _message(ws: Workspace, message: Message) -> Json:
    ws.expire(message)
    reactions = {name: users for name, users in message.reactions.items() if users}
    return {name: getattr(message, name) for name in SHOWN} | {"reactions": reactions}


def _statuses(ws: Workspace) -> dict[str, str]:
    """What the bot says it is doing, by "channel thread"; ends with its first words there, as in Slack."""
    latest = {(channel, thread): (text, at) for channel, thread, text, at in ws.statuses}
    return {
        f"{channel} {thread}": text
        for (channel, thread), (text, at) in latest.items()
        if text and not _answered(ws.channels[channel], thread, at)
    }


def _answered(channel: Channel, thread: str, since: float) -> bool:
    return any(m.bot_id and m.text and m.writes[-1].at > since for m in channel.thread(thread) if m.writes)


def wire(ws: Workspace, deliveries: list[Any], born: float) -> list[Json]:
    """The last calls of the bot and deliveries to it, oldest first; `s`: seconds since `born`."""
    rows: list[tuple[float, Json]] = []
    for call in ws.calls[-WIRE_ROWS:]:
        ms = round(call.took_s * 1000)
        row = {"to": "slack", "name": call.method, "error": call.error, "broken": call.broken, "ms": ms}
        rows.append((call.at, row | {"body": call.args}))
    for one in deliveries[-WIRE_ROWS:]:
        took = None if one.acked_after_s is None else round(one.acked_after_s * 1000)
        error = "lost" if one.lost else None
        rows.append(
            (
                one.born,
                {"to": "bot", "name": one.event_type, "error": error, "broken": [], "ms": took, "body": one.payload},
            )
        )
    rows.sort(key=lambda row: row[0])
    return [row | {"s": round(at - born, 2), "body": _body(row["body"])} for at, row in rows[-WIRE_ROWS:]]


def _body(value: Any) -> str:
    text = json.dumps(value, indent=1, ensure_ascii=False)
    return text if len(text) <= BODY_CHARS else text[:BODY_CHARS] + " …"
