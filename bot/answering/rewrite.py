"""A colleague's message -> its kind and the words a manual would use, by one small model call; cached, dispensable.

In: a question. Out: Meant. Rule kept: what comes back is only ever searched for or looked up in our own texts, never
shown; what no list of ours knows is left out; a model that replies with a bare line instead of JSON has rewritten a
question.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, get_args

from bot.answering.lexicon import phrases
from bot.answering.model_writer import conversation, gist
from bot.answering.ports import Kind, Meant
from bot.check.stream import NO_ANSWER
from bot.llm.ladder import Ladder, complete
from bot.types import Question, Usage
from bot.understanding.phrases import languages
from knowledge.search.bounded import Bounded
from prompts import Template

MAX_WORDS = 40  # words of a rewrite; guess
KEPT = 2000  # rewrites remembered a process; guess

_QUERY = re.compile(r'"query"\s*:\s*"((?:[^"\\]|\\.)+)')  # in a reply that broke off


class Rewriter:
    """Asks a model what a message means; remembers the latest replies."""

    def __init__(self, model: Ladder, template: Template, deadline_s: float) -> None:
        self._model, self._template, self._deadline_s = model, template, deadline_s
        self._known: Bounded[tuple[str, str], Meant] = Bounded(KEPT)

    async def __call__(self, question: Question) -> tuple[Meant | None, Usage]:
        """(what is meant, what it cost); None when the model wrote nothing of use. Raises bot.errors.Model*."""
        history = conversation(question.history, question.speaker)
        key = (" ".join(question.text.casefold().split()), history)
        if (known := self._known.known([key]).get(key)) is not None:
            return known, Usage()
        asked = gist(question.text)
        text, usage = await complete(
            self._model, self._template, self._deadline_s, conversation=history, question=asked
        )
        meant = read(text)
        if meant is None or _no_rewrite().search(meant.query.replace("’", "'")):
            return None, usage
        self._known.keep({key: meant})
        return meant, usage

    def forget(self) -> None:
        """Remember no message."""
        self._known.clear()


def read(reply: str) -> Meant | None:
    """What a model's reply says, be it JSON, JSON that broke off, or a bare line; None for nothing."""
    data = _json(reply)
    kind, language, for_bot = data.get("kind"), data.get("language"), data.get("for_bot")
    lines = str(data.get("query") or "").strip().splitlines()
    words = lines[0].strip(" \"'“”`").split()[:MAX_WORDS] if lines else []
    if not words:
        return None
    return Meant(
        " ".join(words),
        next((one for one in get_args(Kind) if one == kind), "question"),
        language if language in languages().values() else None,
        for_bot if isinstance(for_bot, bool) else None,
    )


@cache
def _no_rewrite() -> re.Pattern[str]:
    """What a model says that rewrites nothing: an apology, a refusal, "n/a"."""
    listed = phrases("no_rewrite")
    wholly, starts, says = ("|".join(listed[name]) for name in ("wholly", "starts", "says"))
    return re.compile(rf"{NO_ANSWER}|^[\W_]*(?:$|(?:{wholly})\W*$|(?:{starts})(?!\w))|\b(?:{says})\b", re.I)


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
