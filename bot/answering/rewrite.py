"""A colleague's question -> the words a manual would use, by one small model call; cached, and dispensable.

What comes back is only ever searched for, never shown.
"""

from __future__ import annotations

import re
from collections import OrderedDict

from bot.answering.prompting import conversation, gist
from bot.check.stream import NO_ANSWER
from bot.llm.complete import Completer, complete
from bot.types import Question, Usage
from prompts import Template

KEPT = 2000  # rewrites remembered a process; guess
MAX_WORDS = 40  # words of a rewrite; guess
REWRITE_S = 1.5  # seconds, the longest wait for a rewrite: people see nothing before it is over; guess

_NO_REWRITE = re.compile(
    rf"{NO_ANSWER}|^\W*(?:(?:i'?m|i am|we'?re) )?(?:sorry|unable)\b|\bi (?:can'?t|cannot|can not|don'?t|am unable)\b"
    r"|\bas an? (?:ai|language model)\b",
    re.I,
)


class Rewriter:
    """Asks a model to put a question into the manual's words; remembers the latest rewrites."""

    def __init__(self, model: Completer, template: Template, deadline_s: float) -> None:
        self._model, self._template, self._deadline_s = model, template, deadline_s
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def __call__(self, question: Question) -> tuple[str | None, Usage]:
        """(the rewrite, what it cost); None when the model wrote none, or an apology. Raises bot.errors.Model*."""
        history = conversation(question.history, question.speaker)
        key = (" ".join(question.text.casefold().split()), history)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key], Usage()
        values = {"conversation": history, "question": gist(question.text)}
        text, usage = await complete(self._model, self._template, self._deadline_s, **values)
        lines = text.strip().splitlines()
        words = lines[0].strip(" \"'“”`").split()[:MAX_WORDS] if lines else []
        if not words or _NO_REWRITE.search(lines[0].replace("’", "'")):
            return None, usage
        self._known[key] = " ".join(words)
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return self._known[key], usage
