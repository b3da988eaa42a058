"""One OpenAI-compatible chat endpoint: Prompt in, text deltas and one Usage out, our errors only.

OpenAI, Azure OpenAI and plain compatible servers go through this one class. Every wait has a limit, and so has every
byte from outside: bodies come uncompressed, errors, lines and answers up to a length, whatever was asked for. A
failure before the first token is tried again once if that can help; after the first token nothing is ever repeated:
what was written stands and the stream ends with ModelCut. A stream yields its Usage before it ends, cut or not, if it
wrote anything or was counted. Each failure is one log line, also when another endpoint serves. Knows no other
endpoint, no sentences.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import random
import re
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from typing import Any

import structlog

from bot.errors import AnswerError, ModelCut, ModelRejected, ModelTimeout, ModelUnavailable
from bot.llm.cost import cost_usd, tokens
from bot.llm.events import Said, events, said_by
from bot.types import Prompt, Usage

OPENAI_URL = "https://api.openai.com/v1"
RETRY_PAUSE_S = 0.5
LONGEST_PAUSE_S = 5.0  # someone waits: rather the next rung
COMPLETE = frozenset({"stop", "eos_token", "stop_sequence", "end_turn"})  # the last three: servers other than OpenAI's
OPTIONAL = ("stream_options", "temperature", "max_tokens", "store")  # arguments that an endpoint may refuse
ERROR_BYTES = 2**16  # of a refusal's body; guess
BEGUN = 0.75  # share of a call's time by which it must write: what begins later comes too late anyway; guess
KEPT_S = 60.0  # that an idle connection is kept, else each question pays a handshake; servers close after 75; guess
END_S = 0.05  # that an answered call waits for the body's end; guess
FIRST_CHARS = 40  # first words: what comes slower than these within the time to the first token is too slow; guess
CHARS_PER_TOKEN = 8  # at most, on average; where an endpoint ignores max_tokens, its answer ends here; guess
_NOT_KNOWN = re.compile(
    r"(?i)unsupported|not support|unknown|unrecogni[sz]ed|extra|not (?:permitted|allowed)|unexpected|invalid|deprecated"
)


_IMPORTING = threading.Lock()  # several endpoints open at once, each on a thread


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
        self._refused: frozenset[str] = frozenset()  # of OPTIONAL, by this endpoint

    async def stream(self, prompt: Prompt, *, within_s: float = float("inf")) -> AsyncGenerator[str | Usage]:
        """The answer as it is written, then its Usage; all of it within `within_s`. Raises bot.errors.Model*."""
        await self.open()
        now = asyncio.get_running_loop().time
        end = now() + within_s
        first_words = now() + min(self._first_token_s, BEGUN * within_s)
        pieces, said = await self._begin(prompt, first_words)
        piece: Said | None = said
        failure: Exception | None = None
        async with contextlib.aclosing(pieces):
            while piece is not None:
                if piece.text:
                    yield piece.text
                if len(said.text) > CHARS_PER_TOKEN * prompt.max_output_tokens:
                    said = said._replace(finish="length")
                    break
                until = end if len(said.text) >= FIRST_CHARS else first_words
                try:
                    async with asyncio.timeout(min(self._between_tokens_s, until - now())):
                        piece = await anext(pieces, None)
                except Exception as error:  # whatever breaks a stream that has begun cuts it
                    failure = error
                    break
                said = said.then(piece) if piece else said
        finish = said.finish or ("stop" if said.done else None)
        if said.text or said.counted:
            yield self._usage(prompt, said)
        if not said.text:
            raise self._nothing(finish)
        if failure is not None or finish not in COMPLETE:
            why = type(failure).__name__ if failure else f"finish reason {finish}"
            cut = f"broke off after {len(said.text)} characters ({why}). Ask again."
            raise self._error(ModelCut, cut, why) from failure

    async def open(self) -> None:
        """Make the client, before any clock runs: the import takes a second, once. Raises bot.errors.Model*."""
        try:
            async with self._opening:
                self._client = self._client or await asyncio.to_thread(self._open)
        except Exception as error:
            raise self._mapped(error) from error

    async def aclose(self) -> None:
        """Close the client's connections."""
        if self._client is not None:
            await self._client.close()

    async def _begin(self, prompt: Prompt, end: float) -> tuple[AsyncGenerator[Said, None], Said]:
        """The open stream and what it says up to its first text. One second try, if its pause ends before `end`."""
        now = asyncio.get_running_loop().time
        retried = False
        while True:
            without = self._refused
            try:
                async with asyncio.timeout_at(end):
                    return await self._attempt(prompt, without)
            except TimeoutError as error:
                late = "wrote nothing in time. Check it, or raise POLICYBOT_MODEL_DEADLINE_S."
                raise self._error(ModelTimeout, late, "no first token") from error
            except AnswerError:
                raise
            except Exception as error:
                if self._adapted(error, without):
                    continue
                pause = None if retried else _pause_before_retry(error)
                if pause is None or now() + pause >= end:
                    raise self._mapped(error) from error
                retried = True
                await asyncio.sleep(pause)

    async def _attempt(self, prompt: Prompt, without: frozenset[str]) -> tuple[AsyncGenerator[Said, None], Said]:
        """The open stream and what it says up to its first text; all of it if it ends without any."""
        pieces = self._pieces(prompt, without)
        said = Said()
        try:
            async for piece in pieces:
                said = said.then(piece)
                if piece.text:
                    break
            return pieces, said
        except BaseException:
            await pieces.aclose()
            raise

    async def _pieces(self, prompt: Prompt, without: frozenset[str]) -> AsyncGenerator[Said, None]:
        """One streamed completion, as its events arrive: those that come together are told together."""
        import openai

        body: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": message.role, "content": message.content} for message in prompt.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": 0,
            "max_tokens": prompt.max_output_tokens,
            "store": False,  # nothing is to be kept where it was asked
        }
        if "max_tokens" in without:
            body["max_completion_tokens"] = body["max_tokens"]
        called = await self._client.post(  # `chat.completions.create` turns every argument over: half of a call's CPU
            "/chat/completions",
            body={key: value for key, value in body.items() if key not in without},
            cast_to=object,
            stream=True,
            stream_cls=openai.AsyncStream[object],
        )
        begun = False
        async with called, _read_out(called.response.aiter_raw()) as arrived:
            async for some in events(arrived):
                said, failure = self._read(some, begun=begun)
                begun = begun or bool(said.text)
                yield said
                if failure is not None:
                    raise failure
                if said.done:
                    return

    def _read(self, some: Iterable[bytes], *, begun: bool) -> tuple[Said, Exception | None]:
        """What the events say, where some text has come before or none, and what is wrong behind that."""
        said = Said()
        for event in some:
            if event.rstrip() == b"[DONE]":
                return said._replace(done=True), None
            try:
                payload = json.loads(event)
                if payload.get("error"):
                    raise self._error(ModelUnavailable, "reports an error. Check its log.", "error event")
                said = said.then(said_by(payload, begun=begun or bool(said.text)))
            except Exception as error:
                return said, error
        return said, None

    def _open(self) -> Any:
        with _IMPORTING:
            import openai

        limits = openai.Timeout(None, connect=self._connect_s)
        kept = dataclasses.replace(openai.DEFAULT_CONNECTION_LIMITS, keepalive_expiry=KEPT_S)
        facts: dict[str, Any] = {
            "api_key": self._api_key,
            "timeout": limits,
            "max_retries": 0,
            # What is asked, and Azure's key, go to the host that was configured and to no other.
            # Over aiohttp, whose parser is in C: half of the CPU of a stream over h11.
            "http_client": openai.DefaultAioHttpClient(
                timeout=limits, limits=kept, follow_redirects=False, event_hooks={"response": [_bounded]}
            ),
            "default_headers": {"Accept-Encoding": "identity"},
        }
        if self._azure_api_version:
            return openai.AsyncAzureOpenAI(
                azure_endpoint=self._base_url or "", api_version=self._azure_api_version, **facts
            )
        # Without a URL the client would read one from the environment, maybe another endpoint's.
        return openai.AsyncOpenAI(base_url=self._base_url or OPENAI_URL, **facts)

    def _adapted(self, error: Exception, without: frozenset[str]) -> bool:
        """Whether the endpoint refused an argument that it can do without; it is left out from now on."""
        reason = f"{error} {getattr(error, 'body', '')}"
        if getattr(error, "status_code", None) not in (400, 422) or not _NOT_KNOWN.search(reason):
            return False
        new = {name for name in OPTIONAL if name in reason} - without
        self._refused |= new
        return bool(new)

    def _error(self, kind: type[AnswerError], message: str, why: str) -> AnswerError:
        structlog.get_logger().warning("model_failed", endpoint=self.name, model=self.model, code=kind.code, why=why)
        return kind(f"{self.name} ({self.model}) {message}")

    def _nothing(self, finish: str | None) -> AnswerError:
        """A stream without a word."""
        why = f"no text, finish reason {finish}"
        if finish == "content_filter":
            return self._error(ModelRejected, "filtered the answer. Rephrase the question.", why)
        if finish == "length":
            return self._error(
                ModelRejected, "thought until its limit and wrote nothing. Use a model that writes.", why
            )
        return self._error(ModelUnavailable, "wrote nothing. Check its log, and that it streams chat completions.", why)

    def _mapped(self, error: Exception) -> AnswerError:
        status, mine = getattr(error, "status_code", None), self._settings
        first = mine == "OPENAI"  # of a further one a single setting names model and URL
        url, model_and_url = (f"{mine}_BASE_URL", f"{mine}_MODEL and {mine}_BASE_URL") if first else (mine, mine)
        if status is None:
            check = f"Check {url} and the network."
            # The openai client calls what aiohttp can't connect to a timeout, whatever the reason.
            system = _system_error(error)
            why = f"{type(system).__name__}: {str(system)[:120]}".rstrip(": ") if system else type(error).__name__
            return self._error(ModelUnavailable, f"can't be reached or breaks off ({why}). {check}", why)
        code = getattr(error, "code", None)  # of the endpoint's; its text may repeat what was asked
        why = f"{status} {code}" if code and re.fullmatch(r"[\w.-]{1,60}", str(code)) else str(status)
        if status < 400:
            return self._error(ModelRejected, f"sends us elsewhere ({status}). Correct {url}.", why)
        if status in (401, 403):
            return self._error(ModelRejected, f"refuses the key ({why}). Check {mine}_API_KEY and its rights.", why)
        if status == 404:
            check = f"Check {model_and_url}, whose URL mostly ends in /v1."
            return self._error(ModelRejected, f"is not there ({why}). {check}", why)
        if status < 500 and status not in (408, 409, 429):
            reason = str(error) if " - " in str(error) else f"{error} {getattr(error, 'body', None) or ''}"
            reason = " ".join(reason.replace(self._api_key, "***").split())[:200].rstrip(" .")
            return self._error(ModelRejected, f"refuses the request: {reason}. Check the model's limits.", why)
        return self._error(ModelUnavailable, f"fails ({why}). Check its quota and status page, then ask again.", why)

    def _usage(self, prompt: Prompt, said: Said) -> Usage:
        """As the endpoint counted, else estimated."""
        estimated = sum(tokens(message.content) for message in prompt.messages), tokens(said.text), 0
        asked, written, cached = said.counted or estimated
        cost = cost_usd(self.model, asked, written, cached_tokens=cached)
        if cost is None:  # an Azure deployment is called anything; its events name the model
            cost = cost_usd(said.model, asked, written, cached_tokens=cached)
        return Usage(asked, written, cost, estimated=said.counted is None, model=self.model)


async def _bounded(response: Any) -> None:
    """Before a body is read: a compressed one is refused, of a refusal's the beginning is kept."""
    if response.headers.get("content-encoding", "identity") not in ("", "identity"):
        raise ValueError("a compressed body, which was not asked for")
    if response.status_code >= 400:
        body = b""
        async for piece in response.aiter_raw(ERROR_BYTES):
            body += piece
            if len(body) >= ERROR_BYTES:
                break
        await response.aclose()
        response._content = body[:ERROR_BYTES]  # what aread() gives; httpx has no limit of its own


@contextlib.asynccontextmanager
async def _read_out(pieces: AsyncIterator[bytes]) -> AsyncIterator[AsyncIterator[bytes]]:
    """The pieces, of which the last few are read behind the last event, or the connection could not be used again.

    A new connection costs each call two round trips and a handshake.
    """
    yield pieces
    with contextlib.suppress(Exception):
        async with asyncio.timeout(END_S):
            async for _ in pieces:
                pass


def _system_error(error: BaseException | None) -> OSError | None:
    """What the system says behind an error (no such host, refused, a certificate), if it does: the innermost."""
    innermost = None
    while error is not None:
        if isinstance(error, OSError) and not isinstance(error, BlockingIOError):  # "in progress" is no reason
            innermost = error
        error = error.__cause__ or error.__context__
    return innermost


def _pause_before_retry(error: Exception) -> float | None:
    """Seconds until a second try may help; None when it can't, or not soon."""
    status = getattr(error, "status_code", None)
    if status is not None and status not in (408, 409, 429) and status < 500:
        return None
    if getattr(error, "code", None) == "insufficient_quota":
        return None
    headers = getattr(getattr(error, "response", None), "headers", {})
    with contextlib.suppress(KeyError, ValueError):
        wanted = float(headers["retry-after"])
        if wanted >= 0:  # also no NaN
            return wanted if wanted <= LONGEST_PAUSE_S else None
    return RETRY_PAUSE_S * (0.5 + random.random())  # noqa: S311 - spreads retries, guards nothing
