"""Several chat endpoints as one: the first that writes serves the answer, all of it within one deadline.

An endpoint that fails before its first word hands over to the next; after its first word its failure is the answer's
(ModelCut). Each endpoint has a breaker: after `failures` failures in a row it is left alone for `rest_s`, then one
question tries it. Which endpoint served is in the Usage it yields. Each call is a span with the name of its prompt.
A small call (`complete`) is a template filled, the whole reply and its cost. Knows no vendor; the clock is an argument.
"""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from typing import Any

from bot import tracing
from bot.errors import AnswerError, ModelCut, ModelRejected, ModelTimeout, ModelUnavailable
from bot.llm.chat import ChatEndpoint
from bot.llm.verdicts import verdicts
from bot.types import Prompt, Usage
from prompts import Template

LEAST_S = 1.0  # with less time left, an endpoint is not worth asking
PATIENCE = 2.5  # times as long as for the first words later verdicts are waited for; guess
THOUGHTS = ("think", "thinking", "thought", "reasoning")  # tags around them
# Channels as gpt-oss writes them, their marks lost or not: "analysisThe asker ...assistantfinalYes".
_CHANNELS = re.compile(r"\s*(?:<\|(?:start|channel)\|>|(?:analysis|commentary)(?=[A-Z]))")
_FINAL = re.compile(r".*(?:assistantfinal|<\|channel\|>final(?: ?<\|\w+\|>\w*)?<\|message\|>)", re.S)


class Breaker:
    """Closed; open after `failures` in a row; half open after `rest_s`: one caller may try, its result decides."""

    def __init__(self, clock: Callable[[], float], *, failures: int = 5, rest_s: float = 30.0) -> None:
        self._clock, self._most, self._rest_s = clock, failures, rest_s
        self._failed = 0
        self._open_until: float | None = None  # None: closed, calls pass

    @property
    def closed(self) -> bool:
        """Whether the last call succeeded, or none failed often enough."""
        return self._open_until is None

    def allows(self) -> bool:
        """Whether a call may be made now. In the half open state, True for one caller per `rest_s`."""
        if self._open_until is None:
            return True
        if self._clock() < self._open_until:
            return False
        self._open_until = self._clock() + self._rest_s  # the next caller waits for this one's result
        return True

    def succeeded(self) -> None:
        """A call succeeded: closed again."""
        self._failed, self._open_until = 0, None

    def failed(self) -> None:
        """A call failed: perhaps open from now on."""
        self._failed += 1
        if self._failed >= self._most:
            self._open_until = self._clock() + self._rest_s


class Ladder:
    """`endpoints` in the order of preference."""

    def __init__(
        self,
        endpoints: Sequence[ChatEndpoint],
        *,
        deadline_s: float = 35.0,
        clock: Callable[[], float],
        failures: int = 5,
        rest_s: float = 30.0,
    ) -> None:
        self._rungs = [(one, Breaker(clock, failures=failures, rest_s=rest_s)) for one in endpoints]
        self._deadline_s, self._clock = deadline_s, clock

    @property
    def name(self) -> str:
        """The preferred model."""
        return self._rungs[0][0].model

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage]:
        """The answer of the first endpoint that writes. Raises the last endpoint's error when none does."""
        span, said = self._span(prompt, streamed=True), list[str]()
        try:
            async with contextlib.aclosing(self._written(prompt)) as parts:
                async for part in parts:
                    if isinstance(part, Usage):
                        span.set(_used(part))
                    else:
                        said.append(part)
                    yield part
        except Exception as error:
            span.failed(str(getattr(error, "code", type(error).__name__)))
            raise
        finally:
            span.text(output_messages=[tracing.message("assistant", "".join(said))])
            span.end()

    async def _written(self, prompt: Prompt, *, within_s: float | None = None) -> AsyncGenerator[str | Usage]:
        whole_s = min(within_s or self._deadline_s, self._deadline_s)
        end = self._clock() + whole_s
        last: AnswerError | None = None
        for endpoint, breaker in self._rungs:
            left = end - self._clock()
            if left < min(LEAST_S, whole_s / 10):
                continue
            # A short errand is no trial of an ill endpoint: that it came late would say nothing, and use the trial up.
            if not (breaker.allows() if within_s is None else breaker.closed):
                continue
            try:
                async with contextlib.aclosing(endpoint.stream(prompt, within_s=left)) as parts:
                    async for part in parts:
                        yield part
                breaker.succeeded()
                return
            except ModelRejected as error:
                breaker.succeeded()  # it is there
                last = error
            except ModelCut as error:
                if error.__cause__ is None:  # it merely ran out of tokens
                    breaker.succeeded()
                elif within_s is None:
                    breaker.failed()
                raise
            except ModelTimeout as error:
                if within_s is None:  # too slow for a short errand is not ill
                    breaker.failed()
                last = error
            except ModelUnavailable as error:
                breaker.failed()
                last = error
        raise last or ModelUnavailable(
            "Every model endpoint rests after failures in a row. Check the endpoints; they are tried again soon."
        )

    async def complete(self, prompt: Prompt, deadline_s: float, *, in_parts: bool = False) -> tuple[str, Usage]:
        """The whole answer to a small prompt, up to the prompt's limit of tokens, and what it cost.

        When it broke off: "", or what came of it where parts of it are of use too; the cost is told all the same.
        Raises bot.errors.Model* where nothing was counted.
        """
        span = self._span(prompt, streamed=False)
        try:
            text, usage = await self._whole(prompt, deadline_s, in_parts)
        except BaseException as error:  # a rewrite that comes too late is cancelled
            span.failed(str(getattr(error, "code", type(error).__name__)))
            raise
        else:
            span.set(_used(usage))
            span.text(output_messages=[tracing.message("assistant", text)])
            return text, usage
        finally:
            span.end()

    async def _whole(self, prompt: Prompt, deadline_s: float, in_parts: bool) -> tuple[str, Usage]:
        text, usage = "", Usage()
        try:
            async with contextlib.aclosing(self._written(prompt, within_s=deadline_s)) as parts:
                async for part in parts:
                    if isinstance(part, Usage):
                        usage = usage.plus(part)
                    else:
                        text += part
        except AnswerError as error:
            if usage == Usage():
                raise
            is_at_its_limit = isinstance(error, ModelCut) and error.__cause__ is None
            text = text if in_parts or is_at_its_limit else ""
        return text, usage

    async def open(self) -> None:
        """Open every endpoint; one that can't be says so when it is asked."""
        for endpoint, _ in self._rungs:
            with contextlib.suppress(AnswerError):
                await endpoint.open()

    async def aclose(self) -> None:
        """Close every endpoint."""
        for endpoint, _ in self._rungs:
            await endpoint.aclose()

    def _span(self, prompt: Prompt, *, streamed: bool) -> tracing.Span:
        about: dict[str, tracing.Value] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",  # the protocol; who answers is told by the model
            "gen_ai.request.model": self.name,
            "gen_ai.request.max_tokens": prompt.max_output_tokens,
            "gen_ai.request.stream": streamed,
            "policybot.prompt": prompt.label,
        }
        span = tracing.begin(prompt.name, about, calls=True)
        span.text(input_messages=[tracing.message(one.role, one.content) for one in prompt.messages])
        return span


def _used(usage: Usage) -> dict[str, tracing.Value]:
    return {
        "gen_ai.response.model": usage.model,
        "gen_ai.usage.input_tokens": usage.input_tokens,
        "gen_ai.usage.output_tokens": usage.output_tokens,
        "policybot.cost_usd": usage.cost_usd,
    }


async def complete(
    model: Ladder, template: Template, deadline_s: float, *, in_parts: bool = False, **values: str
) -> tuple[str, Usage]:
    """(the reply less its thoughts; what it cost), as Ladder.complete gives them. Raises bot.errors.Model*."""
    prompt = Prompt.of(template, template.fill(**values))
    text, usage = await model.complete(prompt, deadline_s, in_parts=in_parts)
    return without_thoughts(text), usage


def without_thoughts(text: str) -> str:
    """The text behind <think>...</think>, or behind thoughts that nothing opens; "" while it may still think."""
    if final := _FINAL.match(text):
        return text[final.end() :]
    if _CHANNELS.match(text):
        return ""
    lower = text.lower()
    ends = [at + len(f"</{name}>") for name in THOUGHTS if (at := lower.rfind(f"</{name}>")) >= 0]
    text = text[max(ends, default=0) :]
    start = text.lstrip().lower()
    may_think = any(start.startswith(f"<{name}>") or f"<{name}>".startswith(start) for name in THOUGHTS)
    return "" if may_think else text


class ModelVerifier:
    """Implements bot.check.verifier.Verifier with a chat endpoint.

    The first call about one claim has `deadline_s`, half as long again for each further one: verdicts are written in a
    row. A later one has PATIENCE times as long: something is shown by then.
    """

    def __init__(self, model: Ladder, template: Template, deadline_s: float) -> None:
        self._model, self._template, self._deadline_s = model, template, deadline_s

    async def verify(self, request: Mapping[str, Any], *, first: bool = True) -> tuple[list[dict[str, str]], Usage]:
        """The verdicts that are complete when the reply ends, breaks off, or has had its time. Raises Model*."""
        within_s = self._deadline_s * (1 + len(request["claims"])) / 2 * (1 if first else PATIENCE)
        asked = json.dumps(request, ensure_ascii=False)
        reply, usage = await complete(self._model, self._template, within_s, in_parts=True, request=asked)
        return await asyncio.to_thread(verdicts, reply), usage
