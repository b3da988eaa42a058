"""A colleague's question -> the words a manual would use, by one small model call; cached, and dispensable.

What comes back is only ever searched for, never shown.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Protocol

from bot.answering.prompting import conversation
from bot.llm.thoughts import without_thoughts
from bot.types import Message, Prompt, Question, Usage
from prompts import Template

KEPT = 2000  # rewrites remembered per process
MAX_WORDS = 40
REWRITE_S = 1.5  # longest wait for a rewrite: people see nothing before it is over


class Completer(Protocol):
    async def complete(self, prompt: Prompt, deadline_s: float) -> tuple[str, Usage]: ...


class Rewriter:
    def __init__(self, model: Completer, template: Template, deadline_s: float) -> None:
        self._model, self._template, self._deadline_s = model, template, deadline_s
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def __call__(self, question: Question) -> tuple[str | None, Usage]:
        """(the rewrite, what it cost); None when the model wrote nothing usable. Raises bot.errors.Model*."""
        history = conversation(question.history)
        key = (" ".join(question.text.casefold().split()), history)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key], Usage()
        parts = self._template.fill(conversation=history, question=" ".join(question.text.split())[:2000])
        prompt = Prompt(
            messages=tuple(Message(role, text) for role, text in parts),  # type: ignore[arg-type]
            name=self._template.name,
            version=self._template.version,
            sha256=self._template.sha256,
            max_output_tokens=self._template.max_output_tokens,
        )
        text, usage = await self._model.complete(prompt, self._deadline_s)
        lines = without_thoughts(text).strip().splitlines()
        words = lines[0].strip(" \"'“”`").split()[:MAX_WORDS] if lines else []
        if not words:
            return None, usage
        self._known[key] = " ".join(words)
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return self._known[key], usage
