"""One OpenAI-compatible chat endpoint: Prompt in, text deltas and one Usage out, our errors only.

OpenAI, Azure OpenAI and plain compatible servers go through this one class. Every wait has a limit. A failure before
the first token is tried again once if that can help; after the first token nothing is ever repeated: what was written
stands and the stream ends with ModelCut. A stream that wrote anything yields its Usage, cut or not, before it ends.
Knows nothing of other endpoints, sources or sentences.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
from collections.abc import AsyncGenerator
from typing import Any

from bot.compose import tokens
from bot.errors import AnswerError, ModelCut, ModelRejected, ModelTimeout, ModelUnavailable
from bot.llm.prices import cost_usd
from bot.types import Prompt, Usage

RETRY_PAUSE_S = 0.5
_NOT_KNOWN = re.compile(r"(?i)unsupported|not support|unknown|unrecogni[sz]ed|extra|not permitted|unexpected")


class ChatEndpoint:
    """`name` says which rung it is; `azure_api_version` makes `base_url` an Azure resource and `model` a deployment.

    `settings` is how the names of its settings begin, for errors that say what to check.
    """

    def __init__(
        self,
        *,
        name: str,
        base_url: str | None,
        api_key: str,
        model: str,
        azure_api_version: str | None = None,
        connect_s: float = 3.0,
        first_token_s: float = 15.0,
        between_tokens_s: float = 8.0,
        settings: str = "OPENAI",
    ) -> None:
        self.name, self.model, self._settings = name, model, settings
        self._base_url, self._api_key, self._azure_api_version = base_url, api_key, azure_api_version
        self._connect_s, self._first_token_s, self._between_tokens_s = connect_s, first_token_s, between_tokens_s
        self._client: Any = None
        self._opening = asyncio.Lock()
        self._refused: set[str] = set()  # arguments this endpoint does not take

    async def stream(self, prompt: Prompt, *, within_s: float | None = None) -> AsyncGenerator[str | Usage]:
        """The answer as it is written, then its Usage; all of it within `within_s`. Raises bot.errors.Model*."""
        now = asyncio.get_running_loop().time
        end = now() + within_s if within_s is not None else float("inf")
        lines, event = await self._begin(prompt, min(now() + self._first_token_s, end))
        text, finish = "", None
        reported: dict[str, Any] | None = None
        failure: Exception | None = None
        async with contextlib.aclosing(lines):
            while event is not None:
                reported = event.get("usage") or reported
                delta, reason = _said(event)
                finish = reason or finish
                if delta:
                    text += delta
                    yield delta
                try:
                    async with asyncio.timeout(min(self._between_tokens_s, end - now())):
                        event = await anext(lines, None)
                except Exception as error:  # whatever breaks a stream that has begun cuts it
                    failure = error
                    break
        yield self._usage(prompt, text, reported)
        if failure is not None or finish != "stop":
            why = repr(failure) if failure else f"it ended for the reason {finish!r}"
            message = f"{self.name} ({self.model}) broke off after {len(text)} characters: {why}. Ask again."
            raise ModelCut(message) from failure

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.close()

    async def _begin(
        self, prompt: Prompt, end: float
    ) -> tuple[AsyncGenerator[dict[str, Any], None], dict[str, Any] | None]:
        """The open stream and its first event with text. One second try, if its pause ends before `end`."""
        now = asyncio.get_running_loop().time
        retried = False
        while True:
            try:
                async with asyncio.timeout_at(end):
                    return await self._attempt(prompt)
            except TimeoutError as error:
                who = f"{self.name} ({self.model})"
                raise ModelTimeout(
                    f"{who} wrote nothing in time. Check it, or raise POLICYBOT_FIRST_TOKEN_S."
                ) from error
            except AnswerError:
                raise
            except Exception as error:
                if self._adapted(error):
                    continue
                pause = None if retried else _pause_before_retry(error)
                if pause is None or now() + pause >= end:
                    raise self._mapped(error) from error
                retried = True
                await asyncio.sleep(pause)

    async def _attempt(self, prompt: Prompt) -> tuple[AsyncGenerator[dict[str, Any], None], dict[str, Any]]:
        lines = self._events(prompt)
        try:
            async for event in lines:
                delta, reason = _said(event)
                if delta:
                    return lines, event
                if reason == "content_filter":
                    raise ModelRejected(f"{self.name} ({self.model}) filtered the answer. Rephrase the question.")
            raise ModelUnavailable(f"{self.name} ({self.model}) wrote nothing. Check the model's log and template.")
        except BaseException:
            await lines.aclose()
            raise

    async def _events(self, prompt: Prompt) -> AsyncGenerator[dict[str, Any], None]:
        """The events of one streamed completion. [DONE] becomes a finish reason: some servers give no other."""
        async with self._opening:
            if self._client is None:
                self._client = await asyncio.to_thread(self._open)  # the import takes a second
        arguments: dict[str, Any] = {
            "stream_options": {"include_usage": True},
            "temperature": 0,
            "max_tokens": prompt.max_output_tokens,
        }
        if "max_tokens" in self._refused:
            arguments["max_completion_tokens"] = arguments["max_tokens"]
        call = self._client.chat.completions.with_streaming_response.create(
            model=self.model,
            messages=[{"role": message.role, "content": message.content} for message in prompt.messages],
            stream=True,
            **{key: value for key, value in arguments.items() if key not in self._refused},
        )
        finished = False
        async with call as response:
            async for line in response.iter_lines():
                data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
                if data == "[DONE]":
                    if not finished:
                        yield {"choices": [{"finish_reason": "stop"}]}
                    return
                if data:
                    event = json.loads(data)
                    if "error" in event:
                        raise ModelUnavailable(f"{self.name} ({self.model}) reports an error. Check its log.")
                    finished = finished or bool(_said(event)[1])
                    yield event

    def _open(self) -> Any:
        import openai

        limits = openai.Timeout(None, connect=self._connect_s)
        if self._azure_api_version:
            return openai.AsyncAzureOpenAI(
                azure_endpoint=self._base_url or "",
                api_key=self._api_key,
                api_version=self._azure_api_version,
                timeout=limits,
                max_retries=0,
            )
        return openai.AsyncOpenAI(base_url=self._base_url, api_key=self._api_key, timeout=limits, max_retries=0)

    def _adapted(self, error: Exception) -> bool:
        """Whether the endpoint refused an argument that it can do without; it is left out from now on."""
        if getattr(error, "status_code", None) not in (400, 422) or not _NOT_KNOWN.search(str(error)):
            return False
        named = {name for name in ("stream_options", "temperature", "max_tokens") if name in str(error)}
        new = named - self._refused
        self._refused |= new
        return bool(new)

    def _mapped(self, error: Exception) -> AnswerError:
        status = getattr(error, "status_code", None)
        who, mine = f"{self.name} ({self.model})", self._settings
        if status in (401, 403):
            return ModelRejected(f"{who} refuses the key ({status}). Check {mine}_API_KEY and its rights.")
        if status == 404:
            return ModelRejected(f"{who} is not there (404). Check {mine}_MODEL and {mine}_BASE_URL.")
        if status is not None and 400 <= status < 500 and status not in (408, 409, 429):
            return ModelRejected(f"{who} refuses the request ({status}): {str(error)[:200]}. Check the model's limits.")
        if status is not None:
            return ModelUnavailable(f"{who} fails ({status}). Check its quota and status page, then ask again.")
        kind = type(error).__name__
        return ModelUnavailable(
            f"{who} can't be reached or breaks off ({kind}). Check {mine}_BASE_URL and the network."
        )

    def _usage(self, prompt: Prompt, text: str, reported: dict[str, Any] | None) -> Usage:
        """As the endpoint counted, else estimated."""
        if reported and reported.get("completion_tokens"):
            asked, written = reported.get("prompt_tokens") or 0, reported["completion_tokens"]
            cached = (reported.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
        else:
            reported, cached = None, 0
            asked, written = sum(tokens(message.content) for message in prompt.messages), tokens(text)
        cost = cost_usd(self.model, asked, written, cached_tokens=cached)
        return Usage(asked, written, cost, estimated=reported is None, model=self.model)


def _said(event: dict[str, Any]) -> tuple[str, str | None]:
    """The text that an event adds, and why the stream ends, if it does."""
    for choice in (event.get("choices") or [])[:1]:
        return (choice.get("delta") or {}).get("content") or "", choice.get("finish_reason")
    return "", None


def _pause_before_retry(error: Exception) -> float | None:
    """Seconds until a second try may help; None when it can't."""
    status = getattr(error, "status_code", None)
    if status is not None and status not in (408, 409, 429) and status < 500:
        return None
    if getattr(error, "code", None) == "insufficient_quota":
        return None
    headers = getattr(getattr(error, "response", None), "headers", {})
    with contextlib.suppress(ValueError):
        return float(headers["retry-after"]) if "retry-after" in headers else _jitter()
    return _jitter()


def _jitter() -> float:
    return RETRY_PAUSE_S * (0.5 + random.random())  # noqa: S311 - spreads retries, guards nothing
