"""What a request of Slack's means to us, as plain data, and the names by which our own buttons and forms come back.

bot.slack.parse makes it, bot.slack.app acts on it. Of all that a person does on a message `message_ts` names that
message, `thread_ts` its thread, `user` who did it; `trigger` opens one view within three seconds. Pure.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.privacy.find import FindPersonal, find
from bot.store.hand_offs import Carried
from bot.store.jobs import OfMessage, Received
from bot.types import Vote

Body = Mapping[str, Any]
Value = Literal["up", "down"]

# Action ids of our buttons; WHY and PERSON are the callback ids of their forms too.
FEEDBACK, AGAIN, SHARE, SHOW, WHY, PERSON = "feedback", "again", "share", "show", "why", "person"
SEND_ON = "send_on"  # what its asker writes behind a person's answer
EXPORT, FORGET, OPT_OUT, OPT_IN = "own_export", "own_forget", "own_opt_out", "own_opt_in"  # on the Home tab
UNANSWERED = "own_unanswered"  # there too, for who may read what people wrote
HOME_BUTTONS = (EXPORT, FORGET, OPT_OUT, OPT_IN, UNANSWERED)
SHORTCUT, POST = "what_does_the_manual_say", "aside_post"  # the shortcut in manifest.json; the button of its window
BUTTONS = (FEEDBACK, AGAIN, SHARE, SHOW, WHY, PERSON, SEND_ON, POST, *HOME_BUTTONS)

# Block ids and action ids in forms, and what may be chosen there.
REASON, COMMENT = "reason", "comment"
REASONS = ("wrong", "outdated", "not_asked", "source_missing", "too_long", "other")
QUESTION, NAMED, YES, URGENCY = "question", "named", "yes", "urgency"
URGENCIES = ("today", "days", "whenever")
MAX_COMMENT = 500  # characters
MAX_QUESTION = 3000  # characters; as many as Slack lets anybody type
MAX_CARRIED = 2_800  # characters of a message that a window can carry: Slack takes 3,000 with what stands around them


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in its workspace, as auth.test says, and what it takes for personal in what people write."""

    team: str
    user: str
    bot: str | None = None
    find_personal: FindPersonal = find


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to do, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """Nothing that Slack's documentation describes. `error` says where it could not be read.

    `place` is where its author waits for an answer, if anybody does: channel, thread, person.
    """

    error: Exception
    place: tuple[str, str | None, str] | None = None


@dataclass(frozen=True, slots=True)
class Revoked:
    """The app was removed from the workspace, or its token withdrawn."""

    reason: str


@dataclass(frozen=True, slots=True)
class Overheard:
    """A message in a channel that does not mention the bot; it may be meant for it all the same."""

    message: Received
    named: frozenset[str]  # people who are mentioned, by id; "" for a group
    called: frozenset[str] = frozenset()  # of these, whom it opens by calling


@dataclass(frozen=True, slots=True)
class Stopped:
    """Someone pressed Slack's Stop button on these streaming messages; none named: on all of the thread."""

    team: str
    channel: str
    thread_ts: str
    streams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looks at the app's Home tab, or begins to write to it."""

    team: str
    user: str
    channel: str  # their direct conversation with the bot
    tab: str = "home"  # or "messages"


@dataclass(frozen=True, slots=True)
class HomePressed:
    """A press on the Home tab, most about what is stored of the person: `act` is one of HOME_BUTTONS."""

    team: str
    user: str
    act: str
    trigger: str


@dataclass(frozen=True, slots=True)
class Invited:
    """The bot is in a channel from now on. `user` invited it; "" where Slack does not say who."""

    team: str
    user: str
    channel: str


@dataclass(frozen=True, slots=True)
class Deleted(OfMessage):
    """A message that may be a question is gone."""


@dataclass(frozen=True, slots=True)
class OnMessage(OfMessage):
    """What a person did on a message, or about it."""

    thread_ts: str | None
    user: str


@dataclass(frozen=True, slots=True)
class Reacted(OnMessage):
    """A thumb put under a message of ours, or taken away (`value` None, `was` says which). No thread is told."""

    value: Value | None
    was: Value
    at: datetime


@dataclass(frozen=True, slots=True)
class Edited(OnMessage):
    """A message that may be a question was edited; perhaps its text. `key` names this edit.

    `asked`: the question that it is from now on, where the edit added the mention that it wanted.
    """

    text: str
    key: str
    asked: Received | None = None


@dataclass(frozen=True, slots=True)
class Pressed(OnMessage):
    """A press of a button of ours below a message, or in a window about it.

    `answer` is the id of the answer that it is about, "" where the button does not tell it.
    """

    button: str  # its action id
    answer: str
    trigger: str
    at: datetime
    vote: Value | None = None  # of a feedback button
    in_view: bool = False  # the button stands in a window


@dataclass(frozen=True, slots=True)
class WhyGiven(OnMessage):
    """Why a person found the answer in the message not helpful: one of REASONS, and perhaps what would be right."""

    vote: Vote


@dataclass(frozen=True, slots=True)
class HandOffGiven(OnMessage):
    """A question as its asker, who is in that thread, sends it off to people."""

    question: Carried
    yes: bool  # to those who will read it


@dataclass(frozen=True, slots=True)
class ShortcutUsed(OnMessage):
    """The message shortcut: `text` is what the message says, whoever wrote it."""

    text: str
    trigger: str = ""


@dataclass(frozen=True, slots=True)
class PostPressed(OnMessage):
    """A press of "Post in thread" in the shortcut's window `view`."""

    question: Received
    view: str


Meaning = (
    Received | Overheard | Pressed | Reacted | WhyGiven | HandOffGiven | ShortcutUsed | PostPressed | Deleted | Edited
    | Stopped | HomeOpened | HomePressed | Invited | Revoked | Ignored | Malformed
)  # fmt: skip


def packed(*parts: str | None) -> str:
    """What a button or a form of ours carries with it, unseen: bot.slack.parse reads it back."""
    return json.dumps(parts)


def packed_message(used: ShortcutUsed) -> str:
    """What the shortcut's window carries: where the message is and as much of what it says as fits."""
    text = used.text[:MAX_CARRIED]
    place = used.channel, used.message_ts, used.thread_ts
    while len(carried := json.dumps([*place, text], ensure_ascii=False)) > 3000:
        text = text[: len(text) // 2]  # it was nearly all escapes
    return carried
