"""What the fake Slack holds and tests read: channels, messages, calls, deliveries, faults. Plain data."""

import time
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]


class SlackRefusal(Exception):
    """The method answers ok=false with this error."""

    def __init__(self, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra


@dataclass
class Write:
    """One visible change of a message: what was written, by which method, when (monotonic)."""

    method: str
    text: str
    at: float


@dataclass
class Message:
    channel: str
    ts: str
    user: str
    text: str = ""  # streamed and Markdown text as it was sent, accumulated
    thread_ts: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    streaming_state: Literal["in_progress", "completed", "stopped_by_user", "expired"] | None = None
    writes: list[Write] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    only_for: str | None = None  # ephemeral
    edited: bool = False
    deleted: bool = False
    born: float = field(default_factory=time.monotonic)

    @property
    def shown(self) -> str:
        """Everything a reader sees: the text, then the words of the blocks."""
        return "\n".join([self.text, *_texts(self.blocks)])

    @property
    def streaming(self) -> bool:
        return self.streaming_state in ("in_progress", "stopped_by_user")


def _texts(node: Any) -> list[str]:
    if isinstance(node, list):
        return [text for item in node for text in _texts(item)]
    if not isinstance(node, dict):
        return []
    own = [node["text"]] if isinstance(node.get("text"), str) else []
    return own + [text for key, item in node.items() if isinstance(item, dict | list) for text in _texts(item)]


@dataclass
class Channel:
    id: str
    name: str
    kind: Literal["channel", "group", "im", "mpim"] = "channel"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    ext_shared: bool = False
    messages: dict[str, Message] = field(default_factory=dict)  # by ts, in order

    def thread(self, root: str) -> list[Message]:
        """Root and replies that still exist, oldest first; ephemeral ones are nobody's history."""
        messages = [m for m in self.messages.values() if root in (m.ts, m.thread_ts)]
        return [m for m in messages if not m.deleted and m.only_for is None]


@dataclass
class Call:
    """One Web API call as it was answered. `error` is None for ok; `status` is the HTTP status, 0 for a reset.

    `broken`: the documented rules that it broke, refused for it or not.
    """

    method: str
    args: Json
    at: float
    error: str | None = None
    status: int = 200
    took_s: float = 0.0
    broken: list[str] = field(default_factory=list)


@dataclass
class Violation:
    """A call no correct app makes: unknown or missing arguments, more than the documented lengths."""

    method: str
    what: str


@dataclass(eq=False)
class Delivery:
    """One payload on its way to the app."""

    kind: Literal["events_api", "interactive"]
    payload: Json
    born: float = field(default_factory=time.monotonic)
    attempts: int = 0
    acked_after_s: float | None = None  # from the attempt that was acknowledged
    response: Json | None = None  # payload of the acknowledgement
    lost: bool = False  # given up after the last retry

    @property
    def acked(self) -> bool:
        return self.acked_after_s is not None

    @property
    def event_type(self) -> str:
        return str(self.payload.get("event", self.payload).get("type", self.kind))


@dataclass(eq=False)
class Fault:
    """What goes wrong with the next calls of a method, or of every one ("*")."""

    method: str
    status: int | None = None
    retry_after: int | None = None
    times: int | None = 1  # None: until removed

    def meets(self, call: Call) -> bool:
        return self.method in (call.method, "*")


@dataclass
class SlackFile:
    """A file on its way: announced, then sent, then completed."""

    id: str
    name: str
    length: int
    alt: str
    content: bytes = b""
    complete: bool = False
    shared_in: str | None = None
    refusals: int = 0  # left until it is known everywhere


@dataclass
class View:
    id: str
    user: str
    view: Json
    hash: str
    kind: Literal["modal", "home"]
