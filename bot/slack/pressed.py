"""Presses that open a view, and views that were sent -> what they mean.

Pure; part of bot.slack.parse, which catches what this raises. Rule kept: a view is opened for people of this workspace
only; what a form says is taken as far as it is one of our own choices and one line of text. Knows no client, no store.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.privacy.mask import alone
from bot.slack import written
from bot.slack.fields import Body, Identity, Ignored, ident, ts

SHARE = "share"  # the action id of a button
SHOW, WHY, PERSON = "show", "why", "person"  # action ids of our buttons; of the last two, their forms' callback ids too
EXPORT, FORGET, OPT_OUT, OPT_IN = "own_export", "own_forget", "own_opt_out", "own_opt_in"  # on the Home tab
UNANSWERED = "own_unanswered"  # there too, for who may read what people wrote
OWN = (EXPORT, FORGET, OPT_OUT, OPT_IN, UNANSWERED)
ASIDE, POST = "what_does_the_manual_say", "aside_post"  # the shortcut in manifest.json; the button of its window
REASONS = ("wrong", "outdated", "not_asked", "source_missing", "too_long", "other")
REASON, COMMENT = "reason", "comment"  # block ids and action ids in the form
MAX_ASIDE = 2_800  # characters of a message that a window can carry: Slack takes 3,000 with what stands around them
MAX_COMMENT = 500  # characters
QUESTION, NAMED, YES, URGENCY = "question", "named", "yes", "urgency"  # the same in the form to ask a person
URGENCIES = ("today", "days", "whenever")
MAX_QUESTION = 3000  # characters; as many as Slack lets anybody type


@dataclass(frozen=True, slots=True)
class ShowPressed:
    """A press of "Show in manual". `answer` is the answer's id, `trigger` opens one view within three seconds."""

    team: str
    channel: str
    message_ts: str
    thread_ts: str | None
    user: str
    answer: str
    trigger: str


@dataclass(frozen=True, slots=True)
class HandOffPressed(ShowPressed):
    """A press of "Ask a person" below a refusal, or about an answer that did not help; then perhaps in a window."""

    in_view: bool = False


@dataclass(frozen=True, slots=True)
class SharePressed(ShowPressed):
    """A press of "Share in the channel" below a private answer."""


@dataclass(frozen=True, slots=True)
class HandOffGiven:
    """A question as its asker sends it off to `owners`, a channel."""

    team: str
    channel: str  # where it was asked
    thread_ts: str
    user: str
    answer: str
    owners: str
    text: str
    named: bool
    yes: bool  # to those who will read it
    urgency: str  # one of URGENCIES


@dataclass(frozen=True, slots=True)
class WhyPressed:
    """A press of "Tell me why?" about the person's vote on the message `message_ts`."""

    team: str
    channel: str
    message_ts: str
    thread_ts: str | None
    user: str
    trigger: str


@dataclass(frozen=True, slots=True)
class WhyGiven:
    """Why a person found an answer not helpful: one of REASONS, and perhaps what would be right."""

    team: str
    channel: str
    message_ts: str  # of the vote
    thread_ts: str | None
    user: str
    reason: str
    comment: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class HomePressed:
    """A press on the Home tab, most about what is stored of the person: `act` is one of OWN."""

    team: str
    user: str
    act: str
    trigger: str


@dataclass(frozen=True, slots=True)
class Aside:
    """The message shortcut: `text` is what the message says, whoever wrote it."""

    team: str
    channel: str
    message_ts: str
    thread_ts: str | None
    user: str
    text: str
    trigger: str = ""


@dataclass(frozen=True, slots=True)
class PostPressed:
    """A press of "Post in thread" in the shortcut's window `view`; `text` is the message's."""

    team: str
    channel: str
    message_ts: str
    thread_ts: str | None
    user: str
    text: str
    view: str


def trigger(body: Body) -> str:
    """What opens a view; "" where there is none."""
    found = body.get("trigger_id")
    return found if isinstance(found, str) and found.isascii() and found.isprintable() and len(found) <= 255 else ""


def place_value(message_ts: str, thread_ts: str | None) -> str:
    """The value of a "Tell me why?" button: which message the vote is on."""
    return json.dumps([message_ts, thread_ts])


def form_metadata(channel: str, message_ts: str, thread_ts: str | None) -> str:
    """What a form carries with it, unseen: where the vote is."""
    return json.dumps([channel, message_ts, thread_ts])


def person_value(answer: str, channel: str, message_ts: str, thread_ts: str | None) -> str:
    """The value of an "Ask a person" button that does not stand below its answer: which answer, and where it is."""
    return json.dumps([answer, channel, message_ts, thread_ts])


def person_metadata(answer: str, channel: str, thread_ts: str, owners: str) -> str:
    """What the form to ask a person carries with it, unseen."""
    return json.dumps([answer, channel, thread_ts, owners])


def aside_metadata(aside: Aside) -> str:
    """What the shortcut's window carries with it, unseen: where the message is and what it says."""
    text = aside.text[:MAX_ASIDE]
    while (
        len(carried := json.dumps([aside.channel, aside.message_ts, aside.thread_ts, text], ensure_ascii=False)) > 3000
    ):
        text = text[: len(text) // 2]  # it was nearly all escapes
    return carried


def shortcut(body: Body, me: Identity) -> Aside | Ignored:
    """What the use of a message shortcut means."""
    if body.get("callback_id") != ASIDE:
        return Ignored("not used: shortcut")
    if _outsider(body, me):
        return Ignored("a shortcut of another workspace's")
    message = body["message"]
    place = (
        ident(body["channel"]["id"]),
        ts(message.get("ts") or body.get("message_ts")),
        _thread(message.get("thread_ts")),
    )
    return Aside(me.team, *place, ident(body["user"]["id"]), alone(written.words(message, me.user)), trigger(body))


def _post(body: Body, me: Identity) -> PostPressed:
    view = body["view"]
    channel, message_ts, thread_ts, text = json.loads(view["private_metadata"])
    place = ident(channel), ts(message_ts), _thread(thread_ts)
    return PostPressed(me.team, *place, ident(body["user"]["id"]), str(text), str(view["id"])[:64])


def action(body: Body, me: Identity) -> ShowPressed | WhyPressed | HomePressed | PostPressed | Ignored | None:
    """What a press of a button that opens a view means; None for any other button."""
    pressed = (body.get("actions") or [{}])[0]
    name = pressed.get("action_id")
    if name not in (SHOW, WHY, PERSON, SHARE, POST, *OWN):
        return None
    if _outsider(body, me):
        return Ignored("a press of another workspace's")
    if name == POST:
        return _post(body, me)
    if name in OWN:
        return HomePressed(me.team, ident((body.get("user") or {}).get("id")), name, trigger(body))
    container, message = body.get("container") or {}, body.get("message") or {}
    if name == PERSON and pressed["value"].startswith("["):
        answer, channel, message_ts, thread_ts = json.loads(pressed["value"])
        place, user = (ident(channel), ts(message_ts), _thread(thread_ts)), ident(body["user"]["id"])
        return HandOffPressed(me.team, *place, user, ident(answer), trigger(body), container.get("type") == "view")
    channel = ident((body.get("channel") or {}).get("id") or container.get("channel_id"))
    user, opens = ident((body.get("user") or {}).get("id")), trigger(body)
    if name == WHY:
        message_ts, thread_ts = json.loads(pressed["value"])
        return WhyPressed(me.team, channel, ts(message_ts), _thread(thread_ts), user, opens)
    thread_ts = message.get("thread_ts") or container.get("thread_ts")
    message_ts = ts(message.get("ts") or container.get("message_ts"))
    kind = {SHOW: ShowPressed, PERSON: HandOffPressed, SHARE: SharePressed}[name]
    return kind(me.team, channel, message_ts, _thread(thread_ts), user, ident(pressed["value"]), opens)


def submission(body: Body, me: Identity, at: datetime) -> WhyGiven | HandOffGiven | Ignored:
    """What a view that was sent says."""
    view = body.get("view") or {}
    if view.get("callback_id") not in (WHY, PERSON):
        return Ignored("not used: view")
    if _outsider(body, me):
        return Ignored("a form of another workspace's")
    if view["callback_id"] == PERSON:
        return _handed_off(body, view, me)
    channel, message_ts, thread_ts = json.loads(view["private_metadata"])
    values = view["state"]["values"]
    reason = values[REASON][REASON]["selected_option"]["value"]
    if reason not in REASONS:
        raise ValueError("no such reason")
    comment = ((values.get(COMMENT) or {}).get(COMMENT) or {}).get("value")
    line = " ".join(comment.split())[:MAX_COMMENT] if isinstance(comment, str) else ""
    user = ident((body.get("user") or {}).get("id"))
    return WhyGiven(me.team, ident(channel), ts(message_ts), _thread(thread_ts), user, reason, alone(line) or None, at)


def _handed_off(body: Body, view: Body, me: Identity) -> HandOffGiven:
    answer, channel, thread_ts, owners = json.loads(view["private_metadata"])
    values = view["state"]["values"]
    text = values[QUESTION][QUESTION].get("value")
    chosen = ((values.get(URGENCY) or {}).get(URGENCY) or {}).get("selected_option") or {"value": URGENCIES[-1]}
    if chosen["value"] not in URGENCIES:
        raise ValueError("no such urgency")
    named, yes = (bool(((values.get(box) or {}).get(box) or {}).get("selected_options")) for box in (NAMED, YES))
    return HandOffGiven(
        team=me.team,
        channel=ident(channel),
        thread_ts=ts(thread_ts),
        user=ident((body.get("user") or {}).get("id")),
        answer=ident(answer),
        owners=ident(owners),
        text=alone(text.strip()[:MAX_QUESTION]) if isinstance(text, str) else "",
        named=named,
        yes=yes,
        urgency=chosen["value"],
    )


def _outsider(body: Body, me: Identity) -> bool:
    theirs = (body.get("user") or {}).get("team_id") or (body.get("team") or {}).get("id") or me.team
    return theirs not in {me.team, (body.get("enterprise") or {}).get("id")}


def _thread(value: Any) -> str | None:
    return ts(value) if value else None
