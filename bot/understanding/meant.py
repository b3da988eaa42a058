"""What a model says a message means: its kind, its language, the words to search for. Pure.

In: the reply to the rewrite prompt, be it JSON, JSON that broke off, or a bare line. Out: Meant, or None. Rule kept:
what no list of ours knows is left out.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

from bot.understanding.phrases import languages

MAX_WORDS = 40  # words of a rewrite; guess

Kind = Literal["question", "sensitive", "form", "chat"]
_QUERY = re.compile(r'"query"\s*:\s*"((?:[^"\\]|\\.)+)')  # in a reply that broke off


@dataclass(frozen=True, slots=True)
class Meant:
    """What a message means: `query` is searched for; of chat it is the kind of chat, of form the wish in our words."""

    query: str
    kind: Kind = "question"
    language: str | None = None  # ISO 639-1


def read(reply: str) -> Meant | None:
    """What a model's reply says, be it JSON, JSON that broke off, or a bare line; None for nothing."""
    data = _json(reply)
    kind, language = data.get("kind"), data.get("language")
    lines = str(data.get("query") or "").strip().splitlines()
    words = lines[0].strip(" \"'“”`").split()[:MAX_WORDS] if lines else []
    if not words:
        return None
    return Meant(
        " ".join(words),
        next((one for one in get_args(Kind) if one == kind), "question"),
        language if language in languages().values() else None,
    )


def _json(reply: str) -> dict[str, Any]:
    start, end = reply.find("{"), reply.rfind("}")
    if start < 0:
        return {"query": reply}
    try:
        data = json.loads(reply[start : end + 1])
    except (ValueError, RecursionError):
        broken = _QUERY.search(reply)
        return {"query": broken[1]} if broken else {}
    return data if isinstance(data, dict) else {}
