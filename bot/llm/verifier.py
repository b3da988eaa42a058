"""The verifying endpoint: one JSON request in, reply and cost out; bot.check.verifier judges the reply."""

from __future__ import annotations

from bot.llm.complete import Completer, complete
from bot.types import Usage
from prompts import Template


class ModelVerifier:
    """Implements bot.check.verifier.Verifier with a chat endpoint."""

    def __init__(self, model: Completer, template: Template, deadline_s: float) -> None:
        self._model, self._template, self._deadline_s = model, template, deadline_s

    async def verify(self, request: str) -> tuple[str, Usage]:
        """The reply, "" when it broke off. Raises bot.errors.Model*."""
        return await complete(self._model, self._template, self._deadline_s, request=request)
