"""One small model call: a template filled, the whole reply and its cost."""

from __future__ import annotations

import re
from typing import Protocol

from bot.types import Message, Prompt, Usage
from prompts import Template

_THINKS = re.compile(r"\s*<(think|thinking|thought|reasoning)>", re.I)


class Completer(Protocol):
    """What writes a whole answer to a small prompt."""

    async def complete(self, prompt: Prompt, deadline_s: float) -> tuple[str, Usage]:
        """The reply and what it cost. Raises bot.errors.Model*."""


async def complete(model: Completer, template: Template, deadline_s: float, **values: str) -> tuple[str, Usage]:
    """(the reply less its thoughts, "" when it broke off; what it cost). Raises bot.errors.Model*."""
    prompt = Prompt(
        messages=tuple(Message(role, text) for role, text in template.fill(**values)),  # type: ignore[arg-type]
        name=template.name,
        version=template.version,
        sha256=template.sha256,
        max_output_tokens=template.max_output_tokens,
    )
    text, usage = await model.complete(prompt, deadline_s)
    return without_thoughts(text), usage


def without_thoughts(text: str) -> str:
    """The text behind a leading <think>...</think>; "" while it may still think."""
    begins = _THINKS.match(text)
    if begins:
        close = text.lower().find(f"</{begins[1].lower()}>", begins.end())
        return without_thoughts(text[close + len(begins[1]) + 3 :]) if close >= 0 else ""
    start = text.lstrip().lower()
    return "" if start and any(f"<{name}>".startswith(start) for name in ("thinking", "thought", "reasoning")) else text


class ModelVerifier:
    """Implements bot.check.verifier.Verifier with a chat endpoint."""

    def __init__(self, model: Completer, template: Template, deadline_s: float) -> None:
        self._model, self._template, self._deadline_s = model, template, deadline_s

    async def verify(self, request: str) -> tuple[str, Usage]:
        """The reply, "" when it broke off. Raises bot.errors.Model*."""
        return await complete(self._model, self._template, self._deadline_s, request=request)
