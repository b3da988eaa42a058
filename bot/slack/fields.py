"""What every payload of Slack's is made of, read strictly: ids, message times, moments; and who the bot is.

Pure. What is not surely such a field raises ValueError: bot.slack.parse makes Malformed of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_ID = re.compile(r"[!-~]{1,32}")  # of a team, channel or person
_TS = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,10})?")

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in its workspace, as auth.test says."""

    team: str
    user: str
    bot: str | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing to do, and why."""

    reason: str


def moment(value: Any, received_at: datetime) -> datetime:
    """When it was done; not after we heard of it, or a time far ahead would lock the vote for ever."""
    try:
        return min(datetime.fromtimestamp(float(value), UTC), received_at)
    except (TypeError, ValueError, OverflowError, OSError):
        return received_at


def ident(value: Any) -> str:
    """The id of a team, channel or person."""
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    raise ValueError("no id")


def is_ts(value: Any) -> bool:
    """Whether it names a message, as "1700000000.000100" does."""
    return isinstance(value, str) and _TS.fullmatch(value) is not None


def ts(value: Any) -> str:
    """The time that names a message."""
    if isinstance(value, str) and is_ts(value):
        return value
    raise ValueError("no message time")


def event_id(value: str) -> str:
    """The id of an event, as the inbox keeps it."""
    if len(value) <= 255 and value.isascii() and value.isprintable():
        return value
    raise ValueError("no event id")
