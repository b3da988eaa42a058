"""Endpoints that send too much, too slowly or without an end: each is left, and nothing grows with what it sends."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.errors import ModelCut, ModelUnavailable
from bot.llm import chat
from bot.llm.chat import ChatEndpoint
from tests.bot.llm.test_chat import PROMPT, Read, read

Writing = Callable[[asyncio.StreamWriter], AsyncIterator[bytes]]
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"


def event(text: str) -> bytes:
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]}).encode() + b"\n\n"


@asynccontextmanager
async def endpoint(head: bytes, body: AsyncIterator[bytes]) -> AsyncIterator[tuple[str, list[int]]]:
    """An address that answers with this body until it is left; how many bytes it could send."""
    sent = [0]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head + b"Connection: close\r\n\r\n")
        try:
            async for piece in body:
                writer.write(piece)
                await writer.drain()
                sent[0] += len(piece)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", sent


async def asked(url: str, **limits: float) -> Read:
    model = ChatEndpoint(name="primary", base_url=url, api_key="k", model="m", **limits)
    try:
        async with asyncio.timeout(60):
            return await read(model.stream(PROMPT))
    finally:
        await model.aclose()


async def forever(piece: bytes, every_s: float = 0.0) -> AsyncIterator[bytes]:
    while True:
        yield piece
        await asyncio.sleep(every_s)


MANY = 64 * 2**20


@pytest.mark.parametrize("status", ["400 Bad Request", "500 Internal Server Error"])
async def test_an_error_without_an_end_is_read_for_its_beginning(status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "RETRY_PAUSE_S", 0.01)
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n".encode()
    async with endpoint(head, forever(b'{"error": ' * 1000)) as (url, sent):
        result = await asked(url)
    assert result.error is not None and result.text == ""
    assert sent[0] < MANY


async def test_a_compressed_body_is_not_inflated() -> None:
    async def once() -> AsyncIterator[bytes]:
        yield gzip.compress(b"0" * MANY)

    async with endpoint(STREAM + b"Content-Encoding: gzip\r\n", once()) as (url, _):
        assert isinstance((await asked(url)).error, ModelUnavailable)


async def test_a_line_without_an_end_is_left() -> None:
    async with endpoint(STREAM, forever(b"data: " + b"0" * 65536)) as (url, sent):
        result = await asked(url)
    assert isinstance(result.error, ModelUnavailable)
    assert sent[0] < MANY


async def test_events_that_say_nothing_are_not_read_for_ever() -> None:
    async with endpoint(STREAM, forever(b": keep-alive\n\n" * 5000)) as (url, sent):
        assert (await asked(url)).error is not None
    assert sent[0] < MANY


async def test_an_answer_has_a_greatest_length_whatever_the_endpoint_makes_of_max_tokens() -> None:
    sentence = "Staff may work from home. "
    async with endpoint(STREAM, forever(event(sentence) * 50)) as (url, _):
        result = await asked(url)
    assert isinstance(result.error, ModelCut) and result.error.__cause__ is None  # as one that ran out of tokens
    at_most = chat.CHARS_PER_TOKEN * PROMPT.max_output_tokens
    assert len(result.text) <= at_most + 500 * len(sentence)  # and what arrived together, 16 kB on the wire at most
    assert result.usage is not None and result.usage.estimated


async def test_first_words_that_trickle_are_cut_at_the_time_of_the_first_token() -> None:
    async with endpoint(STREAM, forever(event("a"), 0.05)) as (url, _):
        result = await asked(url, first_token_s=0.5, between_tokens_s=5.0)
    assert isinstance(result.error, ModelCut) and isinstance(result.error.__cause__, TimeoutError)
    assert len(result.text) < chat.FIRST_CHARS
