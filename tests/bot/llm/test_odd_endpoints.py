"""Endpoints that call themselves compatible: every oddity ends as text, or as an error of ours that says what to do."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import web

from bot import wiring
from bot.errors import AnswerError, ModelCut, ModelRejected, ModelUnavailable
from bot.llm import chat
from bot.llm.chat import ChatEndpoint
from bot.llm.cost import cost_usd
from bot.llm.events import events
from bot.llm.ladder import Ladder
from bot.settings import load as load_settings
from bot.types import Message, Prompt, Usage
from tests.llm_server import FakeLLM
from tests.rows import each

PROMPT = Prompt((Message("user", "Question: how much?"),), "answer", "v1", "0" * 64)
KEY = "key-0123456789"


def event(content: Any = None, finish: str | None = None, **more: Any) -> bytes:
    said = {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]} | more
    return b"data: " + json.dumps(said, ensure_ascii=False).encode() + b"\n\n"


def whole(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    said = {"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}
    return b"data: " + json.dumps(said).encode() + b"\n\n"


def on_lines(one: bytes, end: bytes = b"\n") -> bytes:
    """An event over several data lines."""
    lines = json.dumps(json.loads(one[6:]), indent=1).encode().split(b"\n")
    return b"".join(b"data: " + line + end for line in lines) + end


DONE = event(finish="stop") + b"data: [DONE]\n\n"
STREAM = {"Content-Type": "text/event-stream"}


@pytest.fixture
async def llm(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeLLM]:
    monkeypatch.setattr(chat, "RETRY_PAUSE_S", 0.01)
    async with FakeLLM() as server:
        yield server


async def read(llm: FakeLLM, base_url: str | None = None, **facts: Any) -> tuple[str, list[Usage], AnswerError | None]:
    one = ChatEndpoint(name="primary", base_url=base_url or llm.url, api_key=KEY, **({"model": "m"} | facts))
    text, usages = "", []
    try:
        async for part in one.stream(PROMPT):
            if isinstance(part, Usage):
                usages.append(part)
            else:
                text += part
    except AnswerError as error:
        return text, usages, error
    finally:
        await one.aclose()
    return text, usages, None


@each(
    "body, text",
    {
        "an error of null": (event("Yes.", error=None) + DONE, "Yes."),
        "content in parts": (event([{"type": "thinking"}, {"type": "text", "text": "Yes."}]) + DONE, "Yes."),
        "thoughts first": (b'data: {"choices": [{"delta": {"reasoning": "hm"}}]}\n\n' + event("A.") + DONE, "A."),
        "line ends of Unicode": (event("A\u2028b\u0085c.") + DONE, "A\u2028b\u0085c."),
        "usage that is no usage": (event("Yes.", usage="9") + event(usage={"completion_tokens": "x"}) + DONE, "Yes."),
        "another word for stop": (event("Yes.") + event(finish="eos_token") + b"data: [DONE]\n\n", "Yes."),
        "filter results first": (b'data: {"choices": [], "prompt_filter_results": []}\n\n' + event("A.") + DONE, "A."),
        "comments, CRLF, no space": (b": on\r\n\r\ndata:" + event("A.")[6:].replace(b"\n", b"\r\n") + DONE, "A."),
        "no line feed at the end": (event("A.") + event(finish="stop").strip(), "A."),
        "a byte order mark": (b"\xef\xbb\xbf" + event("No, ") + event("not.") + DONE, "No, not."),
        "a byte order mark and a comment": (b"\xef\xbb\xbf: on\n\n" + event("A.") + DONE, "A."),
        "over several lines": (on_lines(event("A ")) + on_lines(event("b.")) + DONE, "A b."),
        "over several lines that end in CRLF": (on_lines(event("A ")) + on_lines(event("b."), b"\r\n") + DONE, "A b."),
        "over several lines to the end": (event("A.") + on_lines(event(finish="stop")).rstrip(), "A."),
        "no empty lines": (event("A ")[:-1] + event("b.")[:-1] + DONE, "A b."),
        "an empty line of data": (b"data:\n\n" + event("A.") + b"data: \n\n" + DONE, "A."),
        "a whole answer": (whole("Yes."), "Yes."),
        "a whole answer behind its pieces": (event("Yes, ") + event("so.") + whole("Yes, so.") + DONE, "Yes, so."),
    }.values(),
)  # fmt: skip
async def test_what_other_servers_send_is_read(llm: FakeLLM, body: bytes, text: str) -> None:
    llm.raw = (200, STREAM, body)
    shown, usages, error = await read(llm)
    assert (shown, error) == (text, None) and [usage.estimated for usage in usages] == [True]


async def test_events_are_the_same_in_pieces_of_any_size() -> None:
    body = b"\xef\xbb\xbf" + event("A\u2028 ") + b": c\n\n" + on_lines(event("b ")) + on_lines(event("c "), b"\r\n")
    body += event("d ")[:-1] + event("e.") + DONE

    async def told(size: int) -> list[bytes]:
        async def pieces() -> AsyncIterator[bytes]:
            for at in range(0, len(body), size):
                yield body[at : at + size]

        return [one for some in [some async for some in events(pieces())] for one in some]

    whole = await told(len(body))
    assert len(whole) == 7 and [size for size in range(1, 120) if await told(size) != whole] == []


@each("odd", [b"[1]", b"7", b'{"choices": [null]}', b'{"choices": "x"}', b'{"error": {"a": 1}}'])
async def test_what_is_no_event_cuts_and_raises_nothing_else(llm: FakeLLM, odd: bytes) -> None:
    llm.raw = (200, STREAM, event("Yes. ") + b"data: " + odd + b"\n\n" + DONE)
    text, usages, error = await read(llm)
    assert text == "Yes. " and len(usages) == 1 and isinstance(error, ModelCut)
    llm.raw = (200, STREAM, b"data: " + odd + b"\n\n")
    assert isinstance((await read(llm))[2], ModelUnavailable)


@each(
    "status, headers, body",
    [
        (200, {"Content-Type": "text/html"}, b"<html>Log in</html>"),
        (200, {"Content-Type": "application/json"}, b'{"choices": [{"message": {"content": "Hi."}}]}'),
        (200, STREAM, b": keep-alive\n\n: keep-alive\n\n"),
        (204, {}, b""),
        (502, {"Content-Type": "text/html"}, b"<html>Bad gateway</html>"),
    ],
)
async def test_no_stream_of_completions_is_unavailable(
    llm: FakeLLM, status: int, headers: dict[str, str], body: bytes
) -> None:
    llm.raw = (status, headers, body)
    text, usages, error = await read(llm)
    assert (text, usages) == ("", []) and isinstance(error, ModelUnavailable) and "Check" in error.message


async def test_a_redirect_is_not_followed(llm: FakeLLM) -> None:
    async with FakeLLM() as elsewhere:
        llm.raw = (307, {"Location": f"{elsewhere.url}/chat/completions"}, b"")
        error = (await read(llm, f"http://127.0.0.1:{llm.port}", azure_api_version="1"))[2]
        assert isinstance(error, ModelRejected) and "OPENAI_BASE_URL" in error.message
        assert len(llm.requests) == 1 and not elsewhere.requests, "nor is Azure's key sent there"


class Strict(FakeLLM):
    """Takes no stream_options, and says so to five at the same time, in FastAPI's words."""

    def __init__(self) -> None:
        super().__init__()
        self.together = asyncio.Barrier(5)

    async def _chat(self, http: web.Request) -> web.StreamResponse:
        if "stream_options" not in await http.json():
            return await super()._chat(http)
        await self.together.wait()
        what = {"type": "extra_forbidden", "loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}
        return web.json_response({"detail": [what]}, status=422)


async def test_a_refusal_in_another_shape_is_understood_by_all_who_met_it() -> None:
    async with Strict() as llm:
        one = ChatEndpoint(name="primary", base_url=llm.url, api_key=KEY, model="m")

        async def ask() -> list[str | Usage]:
            return [part async for part in one.stream(PROMPT)]

        try:
            assert all(await asyncio.gather(*(ask() for _ in range(5))))
        finally:
            await one.aclose()
        assert len(llm.requests) == 5


async def test_a_model_that_only_thinks_is_counted_and_rejected(llm: FakeLLM) -> None:
    usage = {"prompt_tokens": 100, "completion_tokens": 600}
    llm.raw = (200, STREAM, event("") + event(finish="length") + event(usage=usage) + b"data: [DONE]\n\n")
    text, usages, error = await read(llm)
    assert text == "" and isinstance(error, ModelRejected) and "limit" in error.message
    assert [(u.input_tokens, u.output_tokens, u.estimated) for u in usages] == [(100, 600, False)]


async def test_a_deployment_costs_what_the_model_behind_it_costs(llm: FakeLLM) -> None:
    usage = {"prompt_tokens": 1000, "completion_tokens": 10, "prompt_tokens_details": {"cached_tokens": None}}
    llm.raw = (200, STREAM, event("Yes.", model="gpt-4o-mini-2024-07-18", usage=usage) + DONE)
    (counted,) = (await read(llm, model="our-deployment"))[1]
    assert counted == Usage(1000, 10, cost_usd("gpt-4o-mini", 1000, 10), model="our-deployment")


async def test_a_pause_that_nobody_would_wait_is_not_waited(llm: FakeLLM) -> None:
    for wanted, requests in (("12", 1), ("nan", 2), ("-3", 2), ("Wed, 21 Oct 2099 07:28:00 GMT", 2)):
        llm.requests.clear()
        llm.raw = (429, {"Retry-After": wanted}, b"{}")
        assert isinstance((await read(llm))[2], ModelUnavailable)
        assert len(llm.requests) == requests, wanted


async def test_a_failure_is_one_log_line_without_the_key_or_what_was_asked(llm: FakeLLM) -> None:
    said = {"error": {"message": f"Bad {KEY} for: how much?", "code": "context_length_exceeded"}}
    llm.raw = (400, {"Content-Type": "application/json"}, json.dumps(said).encode())
    with structlog.testing.capture_logs() as lines:
        error = (await read(llm))[2]
    (line,) = lines
    assert line["event"] == "model_failed" and line["code"] == "model_rejected"
    assert line["why"] == "400 context_length_exceeded"
    assert error is not None and KEY not in error.message and "how much?" not in str(line)


async def test_nothing_found_under_a_name_is_said(llm: FakeLLM) -> None:
    error = (await read(llm, "http://no-such-host.invalid/v1"))[2]
    assert isinstance(error, ModelUnavailable) and "Errno" in error.message
    error = (await read(llm, f"http://127.0.0.1:{llm.port}"))[2]
    assert isinstance(error, ModelRejected) and "/v1" in error.message


async def test_an_endpoint_too_slow_for_errands_is_tried_again_by_an_answer(llm: FakeLLM) -> None:
    now = [0.0]
    one = ChatEndpoint(name="primary", base_url=llm.url, api_key=KEY, model="m")
    steps = Ladder([one], clock=lambda: now[0], failures=1)

    async def answered() -> bool:
        return bool([part async for part in steps.stream(PROMPT)])

    try:
        llm.queue = ["500", "500"]
        with pytest.raises(ModelUnavailable):
            await answered()
        now[0] = 31.0
        with pytest.raises(ModelUnavailable, match="rests"):
            await steps.complete(PROMPT, 5.0)
        assert len(llm.requests) == 2 and await answered()
        assert (await steps.complete(PROMPT, 5.0))[0]
    finally:
        await steps.aclose()


async def test_an_errand_that_breaks_off_still_tells_its_cost(llm: FakeLLM) -> None:
    one = ChatEndpoint(name="primary", base_url=llm.url, api_key=KEY, model="m")
    steps = Ladder([one], clock=time.monotonic)
    usage = {"prompt_tokens": 9, "completion_tokens": 4}
    llm.raw = (200, STREAM, event("half of", usage=usage) + b"data: {\n\n")
    try:
        text, counted = await steps.complete(PROMPT, 5.0)
        assert text == "" and (counted.input_tokens, counted.output_tokens) == (9, 4)
    finally:
        await steps.aclose()


async def test_an_endpoint_is_opened_before_the_first_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    make = ChatEndpoint._open

    def noted(endpoint: ChatEndpoint) -> Any:
        made.append(endpoint.name)
        if endpoint.name == "second":
            raise ValueError("no client of such settings")
        return make(endpoint)

    monkeypatch.setattr(ChatEndpoint, "_open", noted)
    named = {"POLICYBOT_FALLBACK": "x@http://127.0.0.1:1/v1", "POLICYBOT_FALLBACK_API_KEY": "k"}
    named |= {"POLICYBOT_VERIFIER": "y", "POLICYBOT_DATA": str(tmp_path)}
    settings = load_settings(named | {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, dotenv=None)
    async with wiring.assistant(settings):
        assert made == ["primary", "second", "verifier"]
