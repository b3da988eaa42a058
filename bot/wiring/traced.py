"""What a question calls, with a span around each call: search, rewrite, answer, verify. Used where tracing is on.

In: a searcher, a ladder of models. Out: the same ports. The name of a model's span is that of the prompt it is given.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Sequence
from typing import TYPE_CHECKING

from bot import tracing
from bot.types import Prompt, Usage
from bot.wiring.off_loop import Searcher
from knowledge.types import Found, Query

if TYPE_CHECKING:
    from bot.llm.ladder import Ladder


class TracedSearcher(Searcher):
    """The searcher with a span around each search."""

    async def search(self, query: Query, collections: Sequence[str]) -> Found:
        """What the searcher finds."""
        about = {"gen_ai.operation.name": "retrieval", "gen_ai.data_source.id": ",".join(collections)}
        with tracing.inside("search", about) as span:
            span.text(retrieval_query_text=query.texts[0][0] if query.texts else "")
            found = await super().search(query, collections)
            span.set({"policybot.passages": len(found.passages), "policybot.vectors_pending": found.vectors_pending})
            return found


class TracedModel:
    """A ladder: its own name, its own errors, a span a call."""

    def __init__(self, model: Ladder) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The first model's name."""
        return self._model.name

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage]:
        """What the model writes."""
        span, said = self._begin(prompt, streamed=True), list[str]()
        try:
            async with contextlib.aclosing(self._model.stream(prompt)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Usage):
                        _used(span, piece)
                    else:
                        said.append(piece)
                    yield piece
        except Exception as error:
            span.failed(str(getattr(error, "code", type(error).__name__)))
            raise
        finally:
            span.text(output_messages=[tracing.message("assistant", "".join(said))])
            span.end()

    async def complete(self, prompt: Prompt, deadline_s: float) -> tuple[str, Usage]:
        """The model's reply and what it cost."""
        span = self._begin(prompt, streamed=False)
        try:
            text, usage = await self._model.complete(prompt, deadline_s)
            _used(span, usage)
            span.text(output_messages=[tracing.message("assistant", text)])
            return text, usage
        except BaseException as error:  # a rewrite that comes too late is cancelled
            span.failed(str(getattr(error, "code", type(error).__name__)))
            raise
        finally:
            span.end()

    def _begin(self, prompt: Prompt, *, streamed: bool) -> tracing.Span:
        about: dict[str, tracing.Value] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",  # the protocol; who answers is told by the model
            "gen_ai.request.model": self._model.name,
            "gen_ai.request.max_tokens": prompt.max_output_tokens,
            "gen_ai.request.stream": streamed,
            "policybot.prompt": prompt.label,
        }
        span = tracing.begin(prompt.name, about, calls=True)
        span.text(input_messages=[tracing.message(one.role, one.content) for one in prompt.messages])
        return span


def _used(span: tracing.Span, usage: Usage) -> None:
    span.set(
        {
            "gen_ai.response.model": usage.model,
            "gen_ai.usage.input_tokens": usage.input_tokens,
            "gen_ai.usage.output_tokens": usage.output_tokens,
            "policybot.cost_usd": usage.cost_usd,
        }
    )


def traced(model: Ladder | None) -> Ladder | TracedModel | None:
    """The model, with a span around each call where tracing is on."""
    return TracedModel(model) if model and tracing.on() else model
