"""What people give on the command line -> what it means: "7d" a moment in UTC, "figure=0.8" a threshold."""

from __future__ import annotations

import argparse
import re
from datetime import UTC, datetime, timedelta

_SPAN = re.compile(r"(\d{1,5})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}


def since(text: str) -> datetime:
    """The moment meant; argparse tells the user what is not one."""
    if span := _SPAN.fullmatch(text.strip().lower()):
        return datetime.now(UTC) - timedelta(hours=int(span[1]) * _HOURS[span[2]])
    try:
        day = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no time: give 7d, 24h, 2w or 2026-11-01") from error
    return day if day.tzinfo else day.replace(tzinfo=UTC)


def threshold(text: str) -> tuple[str, float]:
    """A figure's name and the value it must reach."""
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no threshold: give evidence_quoted=0.8") from error
