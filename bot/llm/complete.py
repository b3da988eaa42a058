"""One small model call: a template filled, the whole reply and its cost."""

from __future__ import annotations

from typing import Protocol

from bot.llm.thoughts import without_thoughts
from bot.types import Message, Prompt, Usage
from prompts import Template


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
