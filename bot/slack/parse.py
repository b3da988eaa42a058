"""One request of Slack's -> what it means to us: a question, a vote, a change of either, or Ignored with the reason.

Pure. In: the decoded body of an event, action or command, and who we are. Out: plain data. Rules kept: whatever is
not surely meant for the bot is ignored, and never for an unstated reason; no body raises, and what leaves here fits the
columns of the store. Knows no Slack client, no store, no clock.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.privacy.mask import alone
from bot.slack import pressed, written
from bot.slack.fields import Body, is_ts
from bot.slack.fields import Identity as Identity
from bot.slack.fields import Ignored as Ignored
from bot.slack.fields import event_id as _event_id
from bot.slack.fields import ident as _id
from bot.slack.fields import moment as _moment
from bot.slack.fields import ts as _ts
from bot.slack.pressed import (
    Aside,
    HandOffGiven,
    HomePressed,
    PostPressed,
    SharePressed,
    ShowPressed,
    WhyGiven,
    WhyPressed,
)
from bot.store.jobs import Kind, Received

UP = frozenset({"+1", "thumbsup"})
DOWN = frozenset({"-1", "thumbsdown"})
FEEDBACK, AGAIN = "feedback", "again"  # action ids of our buttons

Value = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Overheard:
    """A message in a channel that does not mention the bot; it may be meant for it all the same."""

    message: Received
    names_others: bool  # people or groups are mentioned


@dataclass(frozen=True, slots=True)
class Malformed:
    """Nothing that Slack's documentation describes. `error` says where it could not be read.

    `place` is where its author waits for an answer, if anybody does: channel, thread, person.
    """

    error: Exception
    place: tuple[str, str | None, str] | None = None


@dataclass(frozen=True, slots=True)
class Clicked:
    """A press of a feedback button. `answer` is the answer's id."""

    team: str
    channel: str
    message_ts: str
    thread_ts: str | None
    user: str
    value: Value
    answer: str
    at: datetime
    trigger: str = ""  # opens one view within three seconds


@dataclass(frozen=True, slots=True)
class Reacted:
    """A thumb put under a message of ours, or taken away (`value` None, `was` says which)."""

    team: str
    channel: str
    message_ts: str
    user: str
    value: Value | None
    was: Value
    at: datetime


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message that may be a question is gone."""

    team: str
    channel: str
    message_ts: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A message that may be a question was edited; perhaps its text. `key` names this edit."""

    team: str
    channel: str
    message_ts: str
    thread_ts: str
    user: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looks at the app's Home tab, or begins to write to it."""

    team: str
    user: str
    channel: str  # their direct conversation with the bot
    tab: str = "home"  # or "messages"


@dataclass(frozen=True, slots=True)
class Invited:
    """The bot is in a channel from now on. `user` invited it; "" where Slack does not say who."""

    team: str
    user: str
    channel: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """Someone pressed Slack's Stop button on these streaming messages; none named: on all of the thread."""

    team: str
    channel: str
    thread_ts: str
    streams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revoked:
    """The app was removed from the workspace, or its token withdrawn."""

    reason: str


Meaning = (
    Received
    | Overheard
    | SharePressed
    | ShowPressed
    | HandOffGiven
    | WhyPressed
    | WhyGiven
    | Clicked
    | Reacted
    | Deleted
    | Edited
    | HomeOpened
    | HomePressed
    | Invited
    | Aside
    | PostPressed
    | Stopped
    | Revoked
    | Ignored
    | Malformed
)


def parse(body: Body, me: Identity, received_at: datetime) -> Meaning:
    """What the request means; never raises. No action counts as later than `received_at`."""
    try:
        return _parse(body, me, received_at)
    except Exception as error:  # a field of another type, an id that is none: whoever sent it sends it again
        return Malformed(error, _waiting(body, me))


def _parse(body: Body, me: Identity, received_at: datetime) -> Meaning:
    kind = body.get("type")
    if kind == "event_callback":
        return _event(body, me, received_at)
    if kind == "block_actions":
        return pressed.action(body, me) or _action(body, me, received_at)
    if kind == "message_action":
        return pressed.shortcut(body, me)
    if kind == "view_submission":
        return pressed.submission(body, me, received_at)
    return Ignored(f"not used: {str(kind or body.get('command') or 'request')[:40]}")


def _waiting(body: Body, me: Identity) -> tuple[str, str | None, str] | None:
    """Where a person waits for an answer to what could not be read, as far as that can be told."""
    try:
        event = body["event"]
        asked = event["type"] == "app_mention" or (event["type"] == "message" and event["channel"].startswith("D"))
        if not asked or event.get("bot_id") or event.get("subtype") not in (None, "file_share"):
            return None
        user = _id(event["user"])
        ts = next((t for t in (event.get("thread_ts"), event.get("ts")) if is_ts(t)), None)
        return None if user in (me.user, "USLACKBOT") else (_id(event["channel"]), ts, user)
    except Exception:
        return None


def thumb(reaction: str) -> Value | None:
    """Up or down for every alias and skin tone of the two thumbs; None for any other emoji."""
    name = reaction.strip(":").partition("::")[0]
    return "up" if name in UP else "down" if name in DOWN else None


def again_value(key: str, message_ts: str, thread_ts: str) -> str:
    """The value of an "ask again" button; the question is in the inbox. The same key is answered once."""
    return json.dumps([key, message_ts, thread_ts])


def _event(body: Body, me: Identity, received_at: datetime) -> Meaning:
    event = body.get("event") or {}
    kind = str(event.get("type", ""))
    if kind in ("app_mention", "message"):
        return _message(body, event, me, received_at)
    if kind in ("reaction_added", "reaction_removed"):
        return _reaction(body, event, me, received_at)
    if kind == "agent_session_stopped":
        streams = event.get("streaming_message_ts") or ()
        streams = (streams,) if isinstance(streams, str) else tuple(map(_ts, streams))
        channel = _id(event.get("channel") or event.get("channel_id"))
        return Stopped(_team(body, me), channel, _ts(event["thread_ts"]) if event.get("thread_ts") else "", streams)
    if kind == "app_home_opened" and event.get("tab") in ("home", "messages"):
        return HomeOpened(_team(body, me), _id(event["user"]), _id(event["channel"]), event["tab"])
    if kind == "member_joined_channel" and event.get("user") == me.user:
        if body.get("is_ext_shared_channel"):
            return Ignored("invited to a channel that is shared with others")
        inviter = event.get("inviter")
        return Invited(_team(body, me), _id(inviter) if inviter else "", _id(event["channel"]))
    if kind in ("tokens_revoked", "app_uninstalled"):
        return Revoked(kind)
    return Ignored(f"not used: {kind[:40]}")


def _message(body: Body, event: Body, me: Identity, received_at: datetime) -> Meaning:
    subtype = event.get("subtype")
    if subtype in ("message_changed", "message_deleted"):
        return _change(body, event, me)
    if event.get("user") == me.user or (me.bot and event.get("bot_id") == me.bot):
        return Ignored("our own message")
    if event.get("bot_id") or subtype == "bot_message":
        return Ignored("written by a bot")
    if subtype not in (None, "file_share", "thread_broadcast"):
        return Ignored(f"not a question: {str(subtype)[:40]}")
    if not event.get("user") or not event.get("ts") or not event.get("channel"):
        return Ignored("no author, time or channel")
    if event["user"] == "USLACKBOT":
        return Ignored("written by Slackbot")
    private = event.get("channel_type") == "im" or str(event["channel"]).startswith("D")
    named = written.mentions(event.get("text"))
    if event["type"] == "message" and not private and me.user in named and event.get("channel_type") != "mpim":
        # A mention in a channel arrives as app_mention too; one of the two is enough. In a group DM it may not.
        return Ignored("in a channel the bot answers mentions")
    if event["type"] == "app_mention" and event.get("edited"):
        return Ignored("an edit")  # a mention added by editing would be answered at the time of the old message
    message = _received(body, event, me, received_at, "dm" if private else "mention")
    if private or me.user in named or event["type"] == "app_mention":
        return message
    if message.outsider or subtype == "thread_broadcast":
        return Ignored("said among people")
    return Overheard(replace(message, kind="follow"), bool(named))


def _received(body: Body, event: Body, me: Identity, received_at: datetime, kind: Kind) -> Received:
    team, outsider = _team(body, me), _outside(body, event, me)
    theirs = event.get("user_team") or event.get("source_team") or event.get("team")
    return Received(
        team=team,
        channel=_id(event["channel"]),
        message_ts=_ts(event["ts"]),
        event_id=_event_id(str(body.get("event_id") or f"{event['channel']}:{event['ts']}")),
        user=_id(event["user"]),
        text=alone(written.words(event, me.user)),
        thread_ts=_ts(event["thread_ts"]) if event.get("thread_ts") else None,
        kind=kind,
        recipient_team=_id(theirs or team) if outsider else team,
        outsider=outsider,
        files=written.has_files(event),
        received_at=received_at,
    )


def _outside(body: Body, event: Body, me: Identity) -> bool:
    teams = {event.get("user_team"), event.get("source_team"), event.get("team")}
    ours = {None, me.team, body.get("enterprise_id"), body.get("context_enterprise_id")}
    return bool(body.get("is_ext_shared_channel")) or bool(teams - ours)


def _change(body: Body, event: Body, me: Identity) -> Meaning:
    team, channel = _team(body, me), _id(event.get("channel"))
    before = event.get("previous_message") or {}
    after = event.get("message") or {}
    author = before.get("user") or after.get("user")
    if author == me.user or before.get("bot_id") or after.get("bot_id"):
        return Ignored("a change of a bot's message")
    if event["subtype"] == "message_deleted" or after.get("subtype") == "tombstone":
        ts = event.get("deleted_ts") or before.get("ts") or after.get("ts")
        return Deleted(team, channel, _ts(ts)) if ts else Ignored("a deletion without a message")
    edited = after.get("edited") or {}
    if not author or not edited:
        return Ignored("not an edit")  # an unfurled link, a new reply below it
    ts = _ts(after.get("ts"))
    key = _id(event.get("event_ts") or event.get("ts") or edited.get("ts"))
    thread_ts = _ts(after.get("thread_ts") or ts)
    return Edited(team, channel, ts, thread_ts, _id(author), alone(written.words(after, me.user)), key)


def _reaction(body: Body, event: Body, me: Identity, received_at: datetime) -> Meaning:
    value = thumb(str(event.get("reaction", "")))
    item = event.get("item") or {}
    if value is None:
        return Ignored("not a thumb")
    place = item.get("channel"), item.get("ts")
    if item.get("type") != "message" or not all(place) or event.get("item_user") not in (me.user, None):
        return Ignored("a reaction to something else")
    if event.get("user") in (me.user, None):
        return Ignored("our own reaction")
    if body.get("is_ext_shared_channel"):
        return Ignored("a reaction in a channel that is shared with others")
    shown = value if event["type"] == "reaction_added" else None
    at = _moment(event.get("event_ts"), received_at)
    return Reacted(_team(body, me), _id(place[0]), _ts(place[1]), _id(event["user"]), shown, value, at)


def _action(body: Body, me: Identity, received_at: datetime) -> Meaning:
    action = (body.get("actions") or [{}])[0]
    container = body.get("container") or {}
    message = body.get("message") or {}
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    ts = message.get("ts") or container.get("message_ts")
    user = body.get("user") or {}
    name, value = action.get("action_id"), str(action.get("value") or "")
    team = _id((body.get("team") or {}).get("id") or me.team)
    if not channel or not ts or not user.get("id"):
        return Ignored("an action without a message")
    channel, ts, presser, theirs = _id(channel), _ts(ts), _id(user["id"]), _id(user.get("team_id") or team)
    outsider = theirs not in {me.team, (body.get("enterprise") or {}).get("id")}
    if name == FEEDBACK:
        choice, _, answer = value.partition(":")
        if choice not in ("up", "down"):
            return Ignored("an unknown vote")
        if outsider:
            return Ignored("a vote of another workspace's")
        thread = message.get("thread_ts") or container.get("thread_ts")
        thread_ts = _ts(thread) if thread else None
        at = _moment(action.get("action_ts"), received_at)
        vote: Value = "up" if choice == "up" else "down"
        return Clicked(me.team, channel, ts, thread_ts, presser, vote, answer[:64], at, pressed.trigger(body))
    if name == AGAIN:
        try:
            key, asked_ts, thread_ts, *_ = json.loads(value)
        except (ValueError, TypeError):
            return Ignored("an unknown button")
        return Received(
            team=team,
            channel=channel,
            message_ts=_ts(asked_ts),
            event_id=_event_id(f"again:{channel}:{key}"),
            user=presser,
            text="",  # as the inbox has it
            thread_ts=_ts(thread_ts),
            kind="again",
            recipient_team=theirs,
            outsider=outsider,
            received_at=received_at,
        )
    return Ignored("not used: action")


def _team(body: Body, me: Identity) -> str:
    return _id(body.get("team_id") or me.team)
