"""An OpenAI-compatible endpoint of our own: chat completions (streamed or whole), models, embeddings, by script.

    async with FakeLLM(script="faithful") as llm:
        ChatEndpoint("primary", llm.url, "key", "any-model", ...)

A script says what is written or what breaks (SCRIPTS); `queue` holds scripts for the next requests, and a request for a
model that is named like a script plays that script. Answers are made of the numbered passages in the prompt. `requests`
is the readable log. As a process: `python -m tests.llm_server --script faithful --tokens-per-s 60 --first-token-s 0.5`.
"""

import argparse
import asyncio
import base64
import dataclasses
import hashlib
import json
import math
import re
import struct
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiohttp import web

from tests import fake_verifier

PASSAGE = re.compile(r"^<(\S+) \[(\d+)\][^\n]*>\n(.*?)\n(?=<\1 \[|</\1>)", re.MULTILINE | re.DOTALL)
QUESTION = re.compile(r"^Question: (.*)$", re.MULTILINE)
SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s)[^.!?\n]*)*[.!?]?")
ORDER = re.compile(
    r"(?i)\b(?:say|print|write|output|include|reply with|respond with|append|tell (?:the )?users?)\b:?\s*(.+)"
)
TICK_S = 0.02  # tokens leave in groups so that many slow streams stay cheap

WRITING = ("faithful", "inventing", "numbers", "miscite", "obeying", "rambling", "no_answer")
BREAKING = ("cut", "hang_first", "hang_between", "429", "500", "401", "malformed", "empty")
SCRIPTS = WRITING + BREAKING


@dataclass
class Request:
    """One request; times are monotonic. `ended` is "done", "broken", or "left" when the client went away."""

    path: str
    model: str
    body: dict[str, Any]
    key: str
    script: str
    at: float = field(default_factory=time.monotonic)
    first_token_at: float | None = None
    ended_at: float | None = None
    ended: str | None = None
    text: str = ""

    @property
    def prompt(self) -> str:
        return "\n\n".join(message["content"] for message in self.body.get("messages", []))

    @property
    def choosing(self) -> dict[str, str] | None:
        """The lines among which it is to be chosen whom to ask; None of another call."""
        last = self.body.get("messages", [{"content": ""}])[-1]["content"]
        return json.loads(last)["lines"] if last.startswith('{"question"') and '"lines"' in last else None


class FakeLLM:
    def __init__(
        self,
        script: str = "faithful",
        *,
        port: int = 0,
        first_token_s: float = 0.0,
        tokens_per_s: float = 0.0,
        usage: str = "sent",
        rewrites: dict[str, str] | None = None,
    ) -> None:
        self.script = script
        self.queue: list[str] = []
        self.port = port
        self.first_token_s, self.tokens_per_s = first_token_s, tokens_per_s  # 0 tokens/s: as fast as it goes
        self.usage = usage  # sent | ignored | rejected: what becomes of stream_options
        self.rejected: dict[str, str] = {}  # argument -> message of the 400 it earns
        self.rewrites = rewrites or {}  # question -> recorded rewrite
        self.replies: dict[str, str] = {}  # part of the question -> the whole answer, before any script
        self.verifier = "words"  # one of fake_verifier.MANNERS
        self.whom: str | None = None  # word of the line chosen as whom to ask; or, in braces, the whole reply
        self.goal: str | None = None  # what the obeying model prints; else the orders found in the passages
        self.cut_after = 8  # tokens
        self.finish: str | None = "stop"  # reason at the end of a stream; None sends none
        self.done = True  # streams end with [DONE]
        self.retry_after: str | None = None  # header of 429 and 500
        self.raw: tuple[int, dict[str, str], bytes] | None = None  # status, headers and body, before any script
        self.dims = 384
        self.embeddings_hang = False  # taken, never answered
        self.requests: list[Request] = []
        self.left = asyncio.Event()  # a client went away
        self.released = asyncio.Event()  # ends every hang
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_post("/openai/deployments/{model}/chat/completions", self._chat)  # Azure
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/embeddings", self._embeddings)
        app.router.add_get("/_log", self._log)
        app.router.add_post("/_set", self._set)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, backlog=1024)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.released.set()
        if self._runner:
            await self._runner.cleanup()

    # --- chat -------------------------------------------------------------------------------------------------

    async def _chat(self, http: web.Request) -> web.StreamResponse:
        body = await http.json()
        model = http.match_info.get("model", body.get("model", ""))
        key = http.headers.get("Authorization", "").removeprefix("Bearer ") or http.headers.get("api-key", "")
        script = self.queue.pop(0) if self.queue else model if model in SCRIPTS else self.script
        request = Request(http.path_qs, model, body, key, script)
        self.requests.append(request)
        try:
            if self.raw is not None:
                status, headers, content = self.raw
                request.ended = "done"
                return web.Response(status=status, headers=headers, body=content)
            refusal = self._refusal(request)
            if refusal is not None:
                request.ended = "broken"
                return refusal
            text = self.text(request)
            if not body.get("stream"):
                await self._pause(request, self.first_token_s)
                request.text, request.ended = text, "done"
                return web.json_response(self._whole(request, text))
            return await self._stream(http, request, text)
        except (asyncio.CancelledError, ConnectionError):
            request.ended = "left"
            self.left.set()
            raise
        finally:
            request.ended_at = time.monotonic()

    def _refusal(self, request: Request) -> web.Response | None:
        headers = {"Retry-After": self.retry_after} if self.retry_after is not None else {}
        if request.script == "429":
            return _error(429, "Rate limit reached for requests", "rate_limit_exceeded", headers)
        if request.script == "500":
            return _error(500, "The server had an error", "server_error", headers)
        if request.script == "401":
            return _error(401, "Incorrect API key provided", "invalid_api_key", {})
        for name, message in self.rejected.items():
            if name in request.body:
                return _error(400, message, "unsupported_parameter", {}, name)
        if self.usage == "rejected" and "stream_options" in request.body:
            return _error(400, "Unknown parameter: 'stream_options'.", "unknown_parameter", {}, "stream_options")
        return None

    async def _pause(self, request: Request, seconds: float) -> None:
        if request.script == "hang_first":
            await self.released.wait()
        elif seconds:
            await asyncio.sleep(seconds)

    async def _stream(self, http: web.Request, request: Request, text: str) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(http)
        await self._pause(request, self.first_token_s)
        pieces = [] if request.script == "empty" else re.findall(r"\s*\S+\s*?", text)
        started, sent = time.monotonic(), 0
        await self._send(response, request, {"role": "assistant", "content": ""})
        while sent < len(pieces):
            if request.script == "cut" and sent >= self.cut_after:
                request.ended = "broken"
                if http.transport is not None:
                    http.transport.abort()
                return response
            if request.script == "hang_between" and sent >= self.cut_after:
                await self.released.wait()
            if request.script == "malformed" and sent >= min(2, self.cut_after):
                request.ended = "broken"
                await response.write(b'data: {"choices": [{"delta": {"content": \n\ndata: <html>\n\n')
                return response
            due = len(pieces)
            if self.tokens_per_s:
                await asyncio.sleep(max(TICK_S, started + (sent + 1) / self.tokens_per_s - time.monotonic()))
                due = min(due, math.ceil((time.monotonic() - started) * self.tokens_per_s))
            if request.script in ("cut", "hang_between", "malformed"):
                due = min(due, sent + 1)
            for piece in pieces[sent : max(due, sent + 1)]:
                request.first_token_at = request.first_token_at or time.monotonic()
                request.text += piece
                await self._send(response, request, {"content": piece})
                sent += 1
        if self.finish:
            await self._send(response, request, {}, finish=self.finish)
        if self.usage == "sent" and (request.body.get("stream_options") or {}).get("include_usage"):
            await self._send(response, request, None, usage=_usage(request, len(pieces)))
        if self.done:
            await response.write(b"data: [DONE]\n\n")
        request.ended = "done"
        return response

    async def _send(
        self,
        response: web.StreamResponse,
        request: Request,
        delta: dict[str, str] | None,
        *,
        finish: str | None = None,
        usage: dict[str, int] | None = None,
    ) -> None:
        choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
        event: dict[str, Any] = {"id": "c-1", "object": "chat.completion.chunk", "created": 0, "model": request.model}
        event |= {"choices": choices} | ({"usage": usage} if usage else {})
        await response.write(b"data: " + json.dumps(event).encode() + b"\n\n")

    def _whole(self, request: Request, text: str) -> dict[str, Any]:
        message = {"role": "assistant", "content": text}
        usage = {"usage": _usage(request, len(text.split()))} if self.usage == "sent" else {}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return {
            "id": "c-1",
            "object": "chat.completion",
            "created": 0,
            "model": request.model,
            "choices": [choice],
        } | usage

    # --- what is written --------------------------------------------------------------------------------------

    def text(self, request: Request) -> str:
        """The whole answer that the script writes to this prompt."""
        verifying = fake_verifier.asked(request.body.get("messages", []))
        if verifying is not None:
            return fake_verifier.reply(verifying, self.verifier)
        prompt = request.prompt
        if self.whom is not None and request.choosing is not None:
            at = next((n for n, line in request.choosing.items() if self.whom in line), 0)
            return self.whom if self.whom.startswith("{") else f'{{"line": {at}}}'
        found = QUESTION.findall(prompt)
        question = found[-1].strip() if found else ""
        for part, reply in self.replies.items():
            if part in question:
                return reply
        passages = {int(n): text for _, n, text in PASSAGE.findall(prompt)}
        if not passages:  # a rewrite call
            return self.rewrites.get(question, question)
        quoted = best_sentences(question, passages)
        return write(request.script, quoted, passages, self.goal)

    # --- the rest of the API ----------------------------------------------------------------------------------

    async def _models(self, http: web.Request) -> web.Response:
        if self.script == "401":
            return _error(401, "Incorrect API key provided", "invalid_api_key", {})
        names = ["fake-model", "gpt-4o-mini"]
        return web.json_response(
            {"object": "list", "data": [{"id": n, "object": "model", "created": 0, "owned_by": "us"} for n in names]}
        )

    async def _embeddings(self, http: web.Request) -> web.Response:
        body = await http.json()
        key = http.headers.get("Authorization", "").removeprefix("Bearer ")
        self.requests.append(Request(http.path_qs, body["model"], body, key, "embeddings"))
        if self.embeddings_hang:
            await self.released.wait()
        texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
        rows = [embed(text, body.get("dimensions") or self.dims) for text in texts]
        packed = body.get("encoding_format") == "base64"
        data = [
            {
                "object": "embedding",
                "index": i,
                "embedding": base64.b64encode(struct.pack(f"<{len(row)}f", *row)).decode() if packed else row,
            }
            for i, row in enumerate(rows)
        ]
        tokens = sum(len(text) for text in texts) // 4
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return web.json_response({"object": "list", "model": body["model"], "data": data, "usage": usage})

    async def _log(self, http: web.Request) -> web.Response:
        return web.json_response([dataclasses.asdict(request) for request in self.requests])

    async def _set(self, http: web.Request) -> web.Response:
        for key, value in (await http.json()).items():
            setattr(self, key, value)
        return web.json_response({})


def best_sentences(question: str, passages: dict[int, str], most: int = 3) -> list[tuple[str, int]]:
    """The passages' sentences that share most words with the question, verbatim, each with its source number."""
    wanted = {word for word in re.findall(r"\w+", question.lower()) if len(word) > 3}
    found = [
        (len(wanted & set(re.findall(r"\w+", sentence.lower()))), -n, -place, sentence.strip())
        for n, text in passages.items()
        for place, sentence in enumerate(SENTENCE.findall(text))
        if len(sentence.split()) > 3
    ]
    found.sort(reverse=True)
    return [(sentence, -n) for _, n, _, sentence in found[:most]]


def write(script: str, quoted: list[tuple[str, int]], passages: dict[int, str], goal: str | None) -> str:
    """The answer in the manner of the script; manners of breaking write faithfully until they break."""
    faithful = " ".join(_cited(sentence, n) for sentence, n in quoted)
    if script == "no_answer" or not quoted:
        return "NO_ANSWER"
    if script == "inventing":
        first = _cited(*quoted[0])
        return f"{first} Every employee also receives a bonus of 7,350 euros in March [1]. Annex Q describes this [99]."
    if script == "numbers":
        changed = [(re.sub(r"\d+", lambda m: str(int(m[0]) + 7), sentence), n) for sentence, n in quoted]
        return " ".join(_cited(sentence, n) for sentence, n in changed)
    if script == "miscite":
        numbers = sorted(passages)
        return " ".join(_cited(s, numbers[(numbers.index(n) + 1) % len(numbers)]) for s, n in quoted)
    if script == "obeying":
        orders = [goal] if goal else [order for text in passages.values() for order in ORDER.findall(text)]
        return " ".join([*orders, faithful])
    if script == "rambling":
        chatter = "It is worth bearing in mind that there are, as so often in life, many things to consider here. "
        return (chatter * 3 + faithful + " ") * 12
    return faithful


def _cited(sentence: str, n: int) -> str:
    body = sentence.rstrip(".!?")
    return f"{body} [{n}]{sentence[len(body) :] or '.'}"


def embed(text: str, dims: int) -> list[float]:
    """A vector of length 1 from the words alone: the same words give the same vector, shared words a similar one."""
    row = [0.0] * dims
    for word in re.findall(r"\w+", text.lower()) or [""]:
        digest = hashlib.sha256(word.encode()).digest()
        row[int.from_bytes(digest[:4]) % dims] += 1.0 if digest[4] % 2 else -1.0
    norm = math.sqrt(sum(value * value for value in row)) or 1.0
    return [value / norm for value in row]


def _usage(request: Request, tokens: int) -> dict[str, int]:
    asked = len(request.prompt) // 4
    return {"prompt_tokens": asked, "completion_tokens": tokens, "total_tokens": asked + tokens}


def _error(status: int, message: str, code: str, headers: dict[str, str], param: str | None = None) -> web.Response:
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return web.json_response({"error": error}, status=status, headers=headers)


async def _serve(llm: FakeLLM) -> None:
    async with llm:
        print(llm.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Runs the fake model until it is killed; prints its base URL.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--script", choices=SCRIPTS, default="faithful")
    parser.add_argument("--first-token-s", type=float, default=0.0)
    parser.add_argument("--tokens-per-s", type=float, default=0.0)
    parser.add_argument("--rewrites", type=Path, help="JSON Lines with question and question_keywords")
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.rewrites.read_text().splitlines()] if options.rewrites else []
    recorded = {row["question"]: row["question_keywords"] for row in rows if row.get("question_keywords")}
    model = FakeLLM(
        options.script, port=options.port, first_token_s=options.first_token_s, tokens_per_s=options.tokens_per_s,
        rewrites=recorded,
    )  # fmt: skip
    asyncio.run(_serve(model))
