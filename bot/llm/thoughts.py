"""What a reasoning model wrote -> what it says: without what it thinks aloud first. Pure."""

from __future__ import annotations

import re

_THINKS = re.compile(r"\s*<(think|thinking|thought|reasoning)>", re.I)


def without_thoughts(text: str) -> str:
    """The text behind a leading <think>...</think>; "" while it may still think."""
    begins = _THINKS.match(text)
    if begins:
        close = text.lower().find(f"</{begins[1].lower()}>", begins.end())
        return without_thoughts(text[close + len(begins[1]) + 3 :]) if close >= 0 else ""
    start = text.lstrip().lower()
    return "" if start and any(f"<{name}>".startswith(start) for name in ("thinking", "thought", "reasoning")) else text
