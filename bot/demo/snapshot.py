"""What the page shows: workspace -> one JSON object, whole each time; and what went over the wire.

Pure. The page keeps nothing but who is looking: it filters direct messages and ephemeral ones by that.
"""

import json
from typing import Any

from bot.demo.workspace.state import Channel, Json, Message
from bot.demo.workspace.workspace import Workspace

SHOWN = ("channel", "ts", "user", "text", "thread_ts", "bot_id", "blocks", "streaming_state", "only_for", "edited")
WIRE_ROWS = 200
BODY_CHARS = 6_000  # of one row of the wire


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
