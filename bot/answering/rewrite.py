"""A colleague's message -> its kind and the words a manual would use, by one small model call; cached, dispensable.

In: a question. Out: Meant. Rule kept: what comes back is only ever searched for or looked up in our own texts, never
shown; a model that replies with a bare line instead of JSON has rewritten a question.
"""

from __future__ import annotations

import re
from collections import OrderedDict

from bot.answering.prompting import conversation, gist
from bot.check.stream import NO_ANSWER
from bot.llm.complete import Completer, complete
from bot.types import Question, Usage
from bot.understanding.meant import Meant, read
from prompts import Template

KEPT = 2000  # rewrites remembered a process; guess
REWRITE_S = 1.5  # seconds, the longest wait for a rewrite: people see nothing before it is over; guess

_NO_REWRITE = re.compile(
    rf"{NO_ANSWER}|^\W*(?:(?:i'?m|i am|we'?re) )?(?:sorry|unable)\b|\bi (?:can'?t|cannot|can not|don'?t|am unable)\b"
    r"|\bas an? (?:ai|language model)\b",
    re.I,
)


class Rewriter:
    """Asks a model what a message means; remembers the latest replies."""

    def __init__(self, model: Completer, template: Template, deadline_s: float) -> None:
        self._model, self._template, self._deadline_s = model, template, deadline_s
        self._known: OrderedDict[tuple[str, str], Meant] = OrderedDict()

    async def __call__(self, question: Question) -> tuple[Meant | None, Usage]:
        """(what is meant, what it cost); None when the model wrote nothing of use. Raises bot.errors.Model*."""
        history = conversation(question.history, question.speaker)
        key = (" ".join(question.text.casefold().split()), history)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key], Usage()
        values = {"conversation": history, "question": gist(question.text)}
        text, usage = await complete(self._model, self._template, self._deadline_s, **values)
        meant = read(text)
        if meant is None or _NO_REWRITE.search(meant.query.replace("’", "'")):
            return None, usage
        self._known[key] = meant
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return meant, usage
