"""One Slack workspace in memory: users, channels, messages, views, statuses, and the calls made on it.

Knows no network: what must be told to the app goes through `emit`, which the server sets.
"""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from bot.demo.workspace.rules import METHODS
from bot.demo.workspace.state import Call, Channel, Json, Message, SlackFile, SlackRefusal, View, Violation, Write
from bot.slack.checks import EVENTS, SCOPES

T = TypeVar("T")
LOOK_S = 0.1  # between two looks at what no change here announces


@dataclass
class User:
    id: str
    name: str
    team: str
    locale: str = "en-GB"
    is_bot: bool = False
    display_name: str = ""


class Workspace:
    """The readable state. Whoever changes it calls `changed`, on which `wait_for` wakes; each call of a method does."""

    team = "T0HOME"
    bot_user, bot_id, app_id = "U0BOT", "B0BOT", "A0BOT"
    bot_token, app_token = "xoxb-fake-bot", "xapp-fake-app"

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, list[str]] = {}  # id -> users
        self.views: dict[str, View] = {}
        self.files: dict[str, SlackFile] = {}  # by id
        self.file_lag = 0  # so many uses of a new file are refused, as Slack does until it is known everywhere
        self.homes: dict[str, Json] = {}  # user -> the view published
        self.triggers: dict[str, tuple[str, float]] = {}  # trigger id -> user, monotonic; each good for one view
        self.trigger_s = 3.0  # and so long
        self.base_url = ""  # of uploads
        self.statuses: list[tuple[str, str, str, float]] = []  # channel, thread, status, monotonic
        self.prompts: list[Json] = []
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self.scopes: set[str] = set(SCOPES)  # as the app was installed with its manifest
        self.subscriptions: set[str] = set(EVENTS)
        self.stream_ttl_s = 300.0
        self.stream_chars = 12_000  # msg_too_long beyond
        self.echo = True  # the app also gets the events of its own messages, as on Slack
        self.emit: Callable[[Json, Channel | None], None] = lambda event, channel: None
        self.era = ""  # part of every new id: a bot that remembers an earlier workspace must not know them
        self._n = itertools.count(1)
        self._last_s = 0
        self._wake = asyncio.Event()
        self.add_user(self.bot_user, "policybot", is_bot=True)
        self.add_user("U1", "ada")
        self.add_user("U2", "ben")
        self.add_channel("C1", "general")

    # --- building ---------------------------------------------------------------------------------------------

    def add_user(self, id: str, name: str = "", *, team: str | None = None, **facts: Any) -> User:
        self.users[id] = User(id, name or id.lower(), team or self.team, **facts)
        return self.users[id]

    def add_channel(self, id: str, name: str = "", *, bot: bool = True, **facts: Any) -> Channel:
        """A channel with everybody in it; `bot=False` leaves the bot out."""
        members = set(self.users) if bot else set(self.users) - {self.bot_user}
        self.channels[id] = Channel(id, name or id.lower(), **({"members": members} | facts))
        return self.channels[id]

    def open_dm(self, user: str) -> Channel:
        id = "D" + user
        if id not in self.channels:
            self.add_channel(id, kind="im", members={user, self.bot_user})
        return self.channels[id]

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{self.era}{next(self._n):08d}"

    def new_ts(self) -> str:
        """Unique and rising, as strings too."""
        self._last_s = max(self._last_s, int(time.time()))
        return f"{self._last_s}.{next(self._n):06d}"

    # --- reading ----------------------------------------------------------------------------------------------

    def changed(self) -> None:
        self._wake.set()
        self._wake = asyncio.Event()

    async def next_change(self, timeout_s: float) -> bool:
        """Whether anything changed within `timeout_s`."""
        try:
            await asyncio.wait_for(self._wake.wait(), timeout_s)
        except TimeoutError:
            return False
        return True

    async def wait_for(self, predicate: Callable[[], T], what: str = "", *, timeout_s: float = 30) -> T:
        """The first true value of `predicate`, asked after every change and every LOOK_S. Fails after `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while not (value := predicate()):
            if not await self.next_change(LOOK_S) and time.monotonic() > deadline:
                last = "\n".join(f"  {c.method} {c.error or 'ok'} {str(c.args)[:160]}" for c in self.calls[-12:])
                raise AssertionError(f"waited {timeout_s} s in vain for {what or predicate}; last calls:\n{last}")
        return value

    def messages(self, channel: str | None = None) -> list[Message]:
        """Everything written and not deleted, oldest first."""
        channels = [self.channels[channel]] if channel else self.channels.values()
        written = [m for c in channels for m in c.messages.values() if not m.deleted]
        return sorted(written, key=lambda m: m.ts)

    def replies(self, question: Message) -> list[Message]:
        """What the bot wrote in the question's thread, oldest first, ephemeral messages left out."""
        thread = self.channels[question.channel].thread(question.thread_ts or question.ts)
        return [m for m in thread if m.bot_id == self.bot_id]

    # --- rules shared by methods ------------------------------------------------------------------------------

    def violate(self, method: str, what: str) -> None:
        self.violations.append(Violation(method, what))

    def refuse(self, method: str, problem: str) -> NoReturn:
        """A breach of a documented rule ("error: detail"): recorded, and refused as Slack does."""
        self.violate(method, problem)
        error = problem.partition(":")[0]
        if error.startswith("msg_blocks_") and error not in METHODS.get(method, {}).get("errors", [error]):
            error = "invalid_blocks"  # the older methods' word for it
        raise SlackRefusal(error, response_metadata={"messages": [problem]})

    def channel_for(self, id: str, *, write: bool = False) -> Channel:
        channel = self.channels.get(id)
        if channel is None and write and id in self.users:
            channel = self.open_dm(id)  # posting to a user opens the DM
        if channel is None or (channel.kind != "channel" and self.bot_user not in channel.members):
            raise SlackRefusal("channel_not_found")
        if self.bot_user not in channel.members:
            raise SlackRefusal("not_in_channel")
        if write and channel.archived:
            raise SlackRefusal("is_archived")
        return channel

    def message_for(self, channel: Channel, ts: str) -> Message:
        message = channel.messages.get(ts)
        if message is None or message.deleted or message.only_for:
            raise SlackRefusal("message_not_found")
        self.expire(message)
        return message

    def thread_root(self, channel: Channel, thread_ts: str) -> str:
        """The thread's root, which must exist; a reply's ts leads to its root's thread, as on Slack."""
        if not channel.thread(thread_ts):
            raise SlackRefusal("cannot_reply_to_message")
        root = channel.messages.get(thread_ts)
        return (root.thread_ts or root.ts) if root else thread_ts

    def expire(self, message: Message) -> None:
        """Streaming ends `stream_ttl_s` after the start, whatever was appended since."""
        if message.streaming and time.monotonic() - message.born > self.stream_ttl_s:
            message.streaming_state = "expired"

    def put(self, message: Message, method: str) -> Message:
        """A new message appears."""
        self.channels[message.channel].messages[message.ts] = message
        message.writes.append(Write(method, message.shown.strip(), time.monotonic()))
        if message.bot_id and self.echo and not message.only_for:
            self.emit(self.message_event(message), self.channels[message.channel])
        self.changed()
        return message

    def change(self, message: Message, method: str, text: str) -> None:
        """A message was rewritten or ended."""
        message.writes.append(Write(method, text, time.monotonic()))
        if message.bot_id and self.echo:
            self.emit(self.nested_event(message, "message_changed"), self.channels[message.channel])

    def remove(self, message: Message) -> None:
        message.deleted = True
        if not message.bot_id or self.echo:
            self.emit(self.nested_event(message, "message_deleted"), self.channels[message.channel])
        self.changed()

    # --- the shapes of message events -------------------------------------------------------------------------

    def wire(self, message: Message, *, metadata: bool = False) -> Json:
        """A message as Slack's API and events show it."""
        facts = {
            "type": "message",
            "user": message.user,
            "ts": message.ts,
            "text": message.text,
            "team": self.team,
            "thread_ts": message.thread_ts,
            "bot_id": message.bot_id,
            "app_id": self.app_id if message.bot_id else None,
            "subtype": message.subtype,
            "blocks": message.blocks or None,
            "attachments": message.attachments or None,
            "files": message.files or None,
            "metadata": message.metadata if metadata else None,
            "streaming_state": message.streaming_state,
            "edited": {"user": message.user, "ts": message.ts} if message.edited else None,
            "reactions": [{"name": n, "users": u, "count": len(u)} for n, u in message.reactions.items() if u] or None,
        }
        return {key: value for key, value in facts.items() if value is not None}

    def message_event(self, message: Message) -> Json:
        event = self.wire(message) | {"channel": message.channel, "event_ts": message.ts}
        event["channel_type"] = self.channels[message.channel].kind
        author = self.users.get(message.user)
        if not message.bot_id:
            event["client_msg_id"] = f"00000000-0000-4000-8000-{message.ts.replace('.', '')[-12:]}"
            words = [{"type": "text", "text": message.text}]
            event["blocks"] = message.blocks or [
                {"type": "rich_text", "block_id": "b", "elements": [{"type": "rich_text_section", "elements": words}]}
            ]
        if message.thread_ts and (root := self.channels[message.channel].messages.get(message.thread_ts)):
            event["parent_user_id"] = root.user
        if author and author.team != self.team:
            event |= {"team": author.team, "user_team": author.team, "source_team": author.team}
        return event

    def nested_event(self, message: Message, subtype: str) -> Json:
        now = self.new_ts()
        event: Json = {
            "type": "message",
            "subtype": subtype,
            "hidden": True,
            "channel": message.channel,
            "channel_type": self.channels[message.channel].kind,
            "ts": now,
            "event_ts": now,
            "previous_message": self.wire(message),
        }
        if subtype == "message_deleted":
            return event | {"deleted_ts": message.ts}
        replied = len(self.channels[message.channel].thread(message.ts)) > 1  # then it is the root of a thread
        return event | {"message": ({"thread_ts": message.ts} if replied else {}) | self.wire(message)}
