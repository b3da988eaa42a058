"""One request of Slack's -> what it means to us: a question, a vote, a change of either, or Ignored with the reason.

Pure. In: the decoded body of an event, action or command, and who we are. Out: plain data. Rules kept: whatever is
not surely meant for the bot is ignored, and never for an unstated reason; no body raises, and what leaves here fits the
columns of the store. Knows no Slack client, no store, no clock.
"""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bot.privacy.mask import alone, sent
from bot.slack import meanings, message_text
from bot.slack.meanings import Body, Identity, Ignored, Meaning
from bot.store.hand_offs import Carried, ask_key
from bot.store.jobs import Kind, Received
from bot.types import Vote

UP = frozenset({"+1", "thumbsup"})
DOWN = frozenset({"-1", "thumbsdown"})
_VOTES: dict[str, meanings.Value] = {"up": "up", "down": "down"}
_ID = re.compile(r"[!-~]{1,32}")  # of a team, channel or person
_TS = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,10})?")  # the time that names a message: "1700000000.000100"
_LINE = re.compile(r"[ -~]{0,255}")  # what a column takes, and Slack a call with it: the id of an event, a trigger


def parse(body: Body, me: Identity, received_at: datetime) -> Meaning:
    """What the request means; never raises. No action counts as later than `received_at`."""
    try:
        return _parse(body, me, received_at)
    except Exception as error:  # a field of another type, an id that is none: whoever sent it sends it again
        return meanings.Malformed(error, _waiting(body, me))


def _parse(body: Body, me: Identity, received_at: datetime) -> Meaning:
    kind = body.get("type")
    if kind == "event_callback":
        return _event(body, me, received_at)
    if kind == "block_actions":
        return _action(body, me, received_at)
    if kind == "message_action":
        return _shortcut(body, me)
    if kind == "view_submission":
        return _submission(body, me, received_at)
    return Ignored(f"not used: {str(kind or body.get('command') or 'request')[:40]}")


def _waiting(body: Body, me: Identity) -> tuple[str, str | None, str] | None:
    """Where a person waits for an answer to what could not be read, as far as that can be told."""
    try:
        event = body["event"]
        asked = event["type"] == "app_mention" or (event["type"] == "message" and event["channel"].startswith("D"))
        if not asked or event.get("bot_id") or event.get("subtype") not in (None, "file_share"):
            return None
        user = _id(event["user"])
        times = (event.get("thread_ts"), event.get("ts"))
        ts = next((ts for ts in times if isinstance(ts, str) and _TS.fullmatch(ts)), None)
        return None if user in (me.user, "USLACKBOT") else (_id(event["channel"]), ts, user)
    except (LookupError, TypeError, ValueError, AttributeError):  # nobody to tell: what was malformed is logged
        return None


def thumb(reaction: str) -> meanings.Value | None:
    """Up or down for every alias and skin tone of the two thumbs; None for any other emoji."""
    name = reaction.strip(":").partition("::")[0]
    return "up" if name in UP else "down" if name in DOWN else None


def thumb_of(message: Body | None, user: str) -> meanings.Value | None:
    """The first thumb of this person under a message, as Slack tells it."""
    theirs = (one for one in (message or {}).get("reactions", ()) if user in one.get("users", ()))
    return next(filter(None, (thumb(str(one.get("name"))) for one in theirs)), None)


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
        channel, thread_ts = _id(event.get("channel") or event.get("channel_id")), _optional_ts(event.get("thread_ts"))
        return meanings.Stopped(_team(body, me), channel, thread_ts or "", streams)
    if kind == "app_home_opened" and event.get("tab") in ("home", "messages"):
        return meanings.HomeOpened(_team(body, me), _id(event["user"]), _id(event["channel"]), event["tab"])
    if kind == "member_joined_channel" and event.get("user") == me.user:
        if body.get("is_ext_shared_channel"):
            return Ignored("invited to a channel that is shared with others")
        inviter = event.get("inviter")
        return meanings.Invited(_team(body, me), _id(inviter) if inviter else "", _id(event["channel"]))
    if kind in ("tokens_revoked", "app_uninstalled"):
        return meanings.Revoked(kind)
    return Ignored(f"not used: {kind[:40]}")


def _message(body: Body, event: Body, me: Identity, received_at: datetime) -> Meaning:
    subtype = event.get("subtype")
    if subtype in ("message_changed", "message_deleted"):
        return _change(body, event, me, received_at)
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
    named = message_text.mentions(event.get("text"))
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
    called = frozenset(message_text.called(event.get("text")))
    return meanings.Overheard(replace(message, kind="follow"), frozenset(named), called)


def _received(body: Body, event: Body, me: Identity, received_at: datetime, kind: Kind) -> Received:
    team, outsider = _team(body, me), _outside(body, event, me)
    theirs = event.get("user_team") or event.get("source_team") or event.get("team")
    return Received(
        team=team,
        channel=_id(event["channel"]),
        message_ts=_ts(event["ts"]),
        event_id=_event_id(str(body.get("event_id") or f"{event['channel']}:{event['ts']}")),
        user=_id(event["user"]),
        text=alone(message_text.text_of(event, me.user), me.find_personal),
        thread_ts=_optional_ts(event.get("thread_ts")),
        kind=kind,
        recipient_team=_id(theirs or team) if outsider else team,
        outsider=outsider,
        files=bool(message_text.files(event)),
        received_at=received_at,
    )


def _outside(body: Body, event: Body, me: Identity) -> bool:
    teams = {event.get("user_team"), event.get("source_team"), event.get("team")}
    ours = {None, me.team, body.get("enterprise_id"), body.get("context_enterprise_id")}
    return bool(body.get("is_ext_shared_channel")) or bool(teams - ours)


def _change(body: Body, event: Body, me: Identity, received_at: datetime) -> Meaning:
    team, channel = _team(body, me), _id(event.get("channel"))
    before = event.get("previous_message") or {}
    after = event.get("message") or {}
    author = before.get("user") or after.get("user")
    if author == me.user or before.get("bot_id") or after.get("bot_id"):
        return Ignored("a change of a bot's message")
    if event["subtype"] == "message_deleted" or after.get("subtype") == "tombstone":
        ts = event.get("deleted_ts") or before.get("ts") or after.get("ts")
        return meanings.Deleted(team, channel, _ts(ts)) if ts else Ignored("a deletion without a message")
    edited = after.get("edited") or {}
    if not author or not edited:
        return Ignored("not an edit")  # an unfurled link, a new reply below it
    ts = _ts(after.get("ts"))
    key = _id(event.get("event_ts") or event.get("ts") or edited.get("ts"))
    thread_ts = _optional_ts(after.get("thread_ts"))  # none at the root of no thread: in one Slack would show nothing
    told = me.user in message_text.mentions(after.get("text")) and me.user not in message_text.mentions(
        before.get("text")
    )
    asked = _received(body, {**after, "channel": channel}, me, received_at, "mention") if told else None
    text = alone(message_text.text_of(after, me.user), me.find_personal)
    return meanings.Edited(team, channel, ts, thread_ts, _id(author), text, key, asked)


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
    return meanings.Reacted(_team(body, me), _id(place[0]), _ts(place[1]), None, _id(event["user"]), shown, value, at)


def _team(body: Body, me: Identity) -> str:
    return _id(body.get("team_id") or me.team)


def _action(body: Body, me: Identity, received_at: datetime) -> Meaning:
    """What a press of a button means."""
    pressed, container = (body.get("actions") or [{}])[0], body.get("container") or {}
    name, message, opens = pressed.get("action_id"), body.get("message") or {}, _trigger(body)
    if name not in meanings.BUTTONS:
        return Ignored("not used: action")
    if name != meanings.AGAIN and _outsider(body, me):
        return Ignored("a press of another workspace's")
    if name == meanings.POST:
        return _post(body, me, received_at)
    user, value = _id((body.get("user") or {}).get("id")), str(pressed.get("value") or "")
    if name in meanings.HOME_BUTTONS:
        return meanings.HomePressed(me.team, user, name, opens)
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id")
    message_ts = message.get("ts") or container.get("message_ts")
    thread_ts = message.get("thread_ts") or container.get("thread_ts")
    vote, answer = "", value
    if name == meanings.WHY:
        message_ts, thread_ts = json.loads(value)
        answer = ""
    elif name in (meanings.PERSON, meanings.SEND_ON) and value.startswith("["):
        answer, channel, message_ts, thread_ts = json.loads(value)
    elif name == meanings.FEEDBACK:
        vote, _, answer = value.partition(":")
    if not (channel and message_ts):
        return Ignored("an action without a message")
    if name == meanings.AGAIN:
        return _again(body, me, _id(channel), received_at)
    if name == meanings.FEEDBACK and vote not in _VOTES:
        return Ignored("an unknown vote")
    return meanings.Pressed(
        *(me.team, _id(channel), _ts(message_ts), _optional_ts(thread_ts), user, name),
        answer=answer[:64] if name in (meanings.WHY, meanings.FEEDBACK) else _id(answer),
        trigger=opens,
        at=_moment(pressed.get("action_ts"), received_at),
        vote=_VOTES.get(vote),
        in_view=container.get("type") == "view",
    )


def _again(body: Body, me: Identity, channel: str, received_at: datetime) -> Meaning:
    """The question that a press of "Ask again" asks; its words are in the inbox."""
    team, person = _id((body.get("team") or {}).get("id") or me.team), body["user"]
    try:
        key, asked_ts, thread_ts, *_ = json.loads(str(body["actions"][0].get("value")))
    except (ValueError, TypeError):
        return Ignored("an unknown button")
    return Received(
        team=team,
        channel=channel,
        message_ts=_ts(asked_ts),
        event_id=_event_id(f"again:{channel}:{key}"),
        user=_id(person["id"]),
        text="",
        thread_ts=_ts(thread_ts),
        kind="again",
        recipient_team=_id(person.get("team_id") or team),
        outsider=_outsider(body, me),
        received_at=received_at,
    )


def _trigger(body: Body) -> str:
    """What opens a view; "" where there is none."""
    trigger = body.get("trigger_id")
    return trigger if isinstance(trigger, str) and _LINE.fullmatch(trigger) else ""


def _post(body: Body, me: Identity, received_at: datetime) -> meanings.PostPressed:
    view, user = body["view"], _id(body["user"]["id"])
    channel, message_ts, thread_ts, text = json.loads(view["private_metadata"])
    question = Received(
        team=me.team,
        channel=_id(channel),
        message_ts=_ts(message_ts),
        event_id=_event_id(f"aside:{channel}:{message_ts}"),
        user=user,
        text=str(text),
        thread_ts=_ts(thread_ts or message_ts),
        kind="again",
        recipient_team=me.team,
        received_at=received_at,
    )
    return meanings.PostPressed(*question.place, question.thread_ts, user, question, str(view["id"])[:64])


def _shortcut(body: Body, me: Identity) -> meanings.ShortcutUsed | Ignored:
    """What the use of a message shortcut means."""
    if body.get("callback_id") != meanings.SHORTCUT:
        return Ignored("not used: shortcut")
    if _outsider(body, me):
        return Ignored("a shortcut of another workspace's")
    message = body["message"]
    message_ts = _ts(message.get("ts") or body.get("message_ts"))
    place = me.team, _id(body["channel"]["id"]), message_ts, _optional_ts(message.get("thread_ts"))
    return meanings.ShortcutUsed(
        *place, _id(body["user"]["id"]), alone(message_text.text_of(message, me.user), me.find_personal), _trigger(body)
    )


def _submission(body: Body, me: Identity, at: datetime) -> meanings.WhyGiven | meanings.HandOffGiven | Ignored:
    """What a view that was sent says."""
    view = body.get("view") or {}
    if view.get("callback_id") not in (meanings.WHY, meanings.PERSON):
        return Ignored("not used: view")
    if _outsider(body, me):
        return Ignored("a form of another workspace's")
    if view["callback_id"] == meanings.PERSON:
        return _handed_off(body, view, me)
    channel, message_ts, thread_ts = json.loads(view["private_metadata"])
    values = view["state"]["values"]
    reason = values[meanings.REASON][meanings.REASON]["selected_option"]["value"]
    if reason not in meanings.REASONS:
        raise ValueError("no such reason")
    comment = _field(values, meanings.COMMENT).get("value")
    line = " ".join(comment.split())[: meanings.MAX_COMMENT] if isinstance(comment, str) else ""
    place, user = (me.team, _id(channel), _ts(message_ts)), _id((body.get("user") or {}).get("id"))
    vote = Vote(*place, user, "down", "button", at, reason, alone(line, me.find_personal) or None)
    return meanings.WhyGiven(*place, _optional_ts(thread_ts), user, vote)


def _handed_off(body: Body, view: Body, me: Identity) -> meanings.HandOffGiven:
    answer, channel, thread_ts, owners = json.loads(view["private_metadata"])
    values = view["state"]["values"]
    text = values[meanings.QUESTION][meanings.QUESTION].get("value")
    chosen = _field(values, meanings.URGENCY).get("selected_option")
    urgency = chosen["value"] if chosen else meanings.URGENCIES[-1]
    if urgency not in meanings.URGENCIES:
        raise ValueError("no such urgency")
    named, yes = (bool(_field(values, box).get("selected_options")) for box in (meanings.NAMED, meanings.YES))
    user, home = _id((body.get("user") or {}).get("id")), (_id(channel), _ts(thread_ts))
    question = Carried(
        key=ask_key(_id(answer)),
        kind="ask",
        team=me.team,
        answer=answer,
        user=user,
        asker=user,
        home=home,
        place=(_id(owners), None),
        text=sent(text.strip()[: meanings.MAX_QUESTION], me.find_personal) if isinstance(text, str) else "",
        named=named,
        urgency=urgency,
    )
    return meanings.HandOffGiven(me.team, *home, thread_ts, user, question, yes)


def _field(values: Body, name: str) -> Body:
    """What a field of a form holds."""
    return (values.get(name) or {}).get(name) or {}


def _outsider(body: Body, me: Identity) -> bool:
    theirs = (body.get("user") or {}).get("team_id") or (body.get("team") or {}).get("id") or me.team
    return theirs not in {me.team, (body.get("enterprise") or {}).get("id")}


def _optional_ts(value: Any) -> str | None:
    return _ts(value) if value else None


def _moment(value: Any, received_at: datetime) -> datetime:
    """When it was done; not after we heard of it, or a time far ahead would lock the vote for ever."""
    try:
        return min(datetime.fromtimestamp(float(value), UTC), received_at)
    except (TypeError, ValueError, OverflowError, OSError):
        return received_at


def _matching(form: re.Pattern[str], value: Any) -> str:
    """The value, if it is a text of this form. Raises ValueError."""
    if isinstance(value, str) and form.fullmatch(value):
        return value
    raise ValueError("not of its form")


_id, _ts, _event_id = partial(_matching, _ID), partial(_matching, _TS), partial(_matching, _LINE)
