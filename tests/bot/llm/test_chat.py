"""Chat endpoint and ladder over the real wire, against the scripted endpoint and the faulty proxy."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.answering.ports import Meant
from bot.answering.rewrite import Rewriter
from bot.errors import AnswerError, ModelCut, ModelRejected, ModelTimeout, ModelUnavailable
from bot.llm import chat
from bot.llm.chat import ChatEndpoint
from bot.llm.cost import cost_usd
from bot.llm.ladder import Breaker, Ladder
from bot.types import Message, Prompt, Question, Usage
from prompts import load
from tests.llm_server import FakeLLM
from tests.proxy import Proxy
from tests.rows import each

SOURCES = """Sources:
<d41d [1] Handbook > Leave, page 12>
Employees receive 25 days of paid leave a year. Leave must be requested 14 days ahead.
</d41d>
<d41d [2] Handbook > Travel, page 30>
Hotels are booked by the travel desk. The limit is 140 euros a night.
</d41d>

Question: How many days of paid leave do employees receive?
"""
PROMPT = Prompt((Message("system", "Answer from the sources."), Message("user", SOURCES)), "answer", "v1", "0" * 64)
LEAVE = "Employees receive 25 days of paid leave a year [1]."


@dataclass
class Read:
    """What came out of a stream."""

    text: str = ""
    usage: Usage | None = None
    error: AnswerError | None = None
    parts: list[str] = field(default_factory=list)


async def read(stream: AsyncIterator[str | Usage]) -> Read:
    result = Read()
    try:
        async for part in stream:
            if isinstance(part, Usage):
                result.usage = part
            else:
                result.parts.append(part)
    except AnswerError as error:
        result.error = error
    result.text = "".join(result.parts)
    return result


@pytest.fixture
async def llm() -> AsyncIterator[FakeLLM]:
    async with FakeLLM() as server:
        yield server


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "RETRY_PAUSE_S", 0.01)


OPEN: list[ChatEndpoint] = []


@pytest.fixture(autouse=True)
async def closed_endpoints() -> AsyncIterator[None]:
    yield
    while OPEN:
        await OPEN.pop().aclose()


def endpoint(llm: FakeLLM, *, port: int | None = None, **facts: Any) -> ChatEndpoint:
    base = f"http://127.0.0.1:{port or llm.port}/v1"
    defaults = {"name": "primary", "base_url": base, "api_key": "k-1", "model": "gpt-4o-mini"}
    OPEN.append(ChatEndpoint(**(defaults | facts)))
    return OPEN[-1]


async def warm(llm: FakeLLM, one: ChatEndpoint) -> None:
    """Open the client and the connection: on a busy machine that can take longer than a test's short deadline."""
    limit, one._first_token_s = one._first_token_s, 30.0
    assert (await read(one.stream(PROMPT))).error is None
    one._first_token_s = limit
    llm.requests.clear()


def ladder(*endpoints: ChatEndpoint, **facts: Any) -> Ladder:
    return Ladder(endpoints, **({"clock": time.monotonic} | facts))


async def test_streams_deltas_then_usage(llm: FakeLLM) -> None:
    llm.tokens_per_s = 100  # what arrives together is told together
    result = await read(endpoint(llm).stream(PROMPT))
    assert result.error is None and result.text.startswith(LEAVE) and len(result.parts) > 1
    assert result.usage and not result.usage.estimated and result.usage.model == "gpt-4o-mini"
    assert result.usage.cost_usd == cost_usd("gpt-4o-mini", result.usage.input_tokens, result.usage.output_tokens)
    (request,) = llm.requests
    assert request.key == "k-1"
    assert (request.body["temperature"], request.body["max_tokens"]) == (0, PROMPT.max_output_tokens)
    assert request.body["store"] is False


@pytest.mark.parametrize("usage", ["ignored", "rejected"])
async def test_lives_without_reported_usage(llm: FakeLLM, usage: str) -> None:
    llm.usage = usage
    one = endpoint(llm, model="unheard-of")
    first, second = await read(one.stream(PROMPT)), await read(one.stream(PROMPT))
    assert first.error is None and first.text == second.text
    assert first.usage and first.usage.estimated and first.usage.cost_usd is None
    assert 0.5 < first.usage.output_tokens / len(first.text.split()) < 3
    refusals = [request for request in llm.requests if request.ended == "broken"]
    assert len(refusals) == (1 if usage == "rejected" else 0)  # asked once, then remembered


async def test_leaves_out_what_newer_models_refuse(llm: FakeLLM) -> None:
    llm.rejected = {
        "max_tokens": "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead.",
        "temperature": "Unsupported value: 'temperature' does not support 0 with this model.",
    }
    assert (await read(endpoint(llm).stream(PROMPT))).error is None
    body = llm.requests[-1].body
    assert body["max_completion_tokens"] == 600 and "temperature" not in body and "max_tokens" not in body


async def test_azure_is_the_same_class(llm: FakeLLM) -> None:
    base = f"http://127.0.0.1:{llm.port}"
    one = endpoint(llm, base_url=base, model="my-deployment", azure_api_version="2024-10-21")
    assert (await read(one.stream(PROMPT))).text.startswith(LEAVE)
    assert llm.requests[0].path == "/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21"
    assert llm.requests[0].key == "k-1"


@pytest.mark.parametrize("failure", ["429", "500", "malformed_at_once"])
async def test_tries_once_more_before_the_first_token(llm: FakeLLM, failure: str) -> None:
    if failure == "malformed_at_once":
        failure, llm.cut_after = "malformed", 0
    llm.queue = [failure, "faithful"]
    assert (await read(endpoint(llm).stream(PROMPT))).error is None
    llm.queue = [failure, failure, "faithful"]
    result = await read(endpoint(llm).stream(PROMPT))
    assert isinstance(result.error, ModelUnavailable) and llm.queue == ["faithful"]


async def test_honours_retry_after_within_the_deadline(llm: FakeLLM, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        if seconds >= 1:
            pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", note)
    llm.queue, llm.retry_after = ["429"], "2"
    assert (await read(endpoint(llm).stream(PROMPT))).error is None
    assert pauses == [2.0]
    llm.queue, llm.retry_after = ["429"], "60"
    assert isinstance((await read(endpoint(llm).stream(PROMPT))).error, ModelUnavailable)
    assert pauses == [2.0]


async def test_a_wrong_key_is_not_tried_again(llm: FakeLLM) -> None:
    llm.script = "401"
    result = await read(endpoint(llm).stream(PROMPT))
    assert isinstance(result.error, ModelRejected) and "OPENAI_API_KEY" in result.error.message
    assert len(llm.requests) == 1
    second = await read(endpoint(llm, name="second", settings="POLICYBOT_FALLBACK").stream(PROMPT))
    assert second.error is not None and "POLICYBOT_FALLBACK_API_KEY" in str(second.error)


async def test_nobody_listens(llm: FakeLLM) -> None:
    async with Proxy(llm.port, refuse=True) as proxy:
        result = await read(endpoint(llm, port=proxy.port).stream(PROMPT))
        assert isinstance(result.error, ModelUnavailable) and proxy.seen == 2


@pytest.mark.parametrize("script", ["cut", "hang_between", "malformed"])
async def test_what_breaks_after_the_first_token_is_cut_and_never_repeated(llm: FakeLLM, script: str) -> None:
    llm.script = script
    result = await read(endpoint(llm, between_tokens_s=0.2).stream(PROMPT))
    assert isinstance(result.error, ModelCut)
    assert result.text and LEAVE.startswith(result.text)
    assert result.usage and result.usage.estimated and result.usage.output_tokens > 0
    assert len(llm.requests) == 1


@pytest.mark.parametrize("fault", ["truncate_after", "reset_after"])
async def test_a_broken_wire_cuts(llm: FakeLLM, fault: str) -> None:
    async with Proxy(llm.port, **{fault: 1500}) as proxy:
        result = await read(endpoint(llm, port=proxy.port).stream(PROMPT))
    assert isinstance(result.error, ModelCut) and result.text and LEAVE.startswith(result.text[: len(LEAVE)])


async def test_a_trickling_wire_changes_nothing(llm: FakeLLM) -> None:
    whole = await read(endpoint(llm).stream(PROMPT))
    async with Proxy(llm.port, trickle=7) as proxy:
        assert (await read(endpoint(llm, port=proxy.port).stream(PROMPT))).text == whole.text


async def test_a_stream_that_stops_for_its_length_is_cut(llm: FakeLLM) -> None:
    llm.finish = "length"
    result = await read(endpoint(llm).stream(PROMPT))
    assert isinstance(result.error, ModelCut) and result.usage and not result.usage.estimated


async def test_a_clean_end_without_a_finish_is_a_cut_and_done_is_a_finish(llm: FakeLLM) -> None:
    llm.finish = None
    assert (await read(endpoint(llm).stream(PROMPT))).error is None
    llm.done = False
    assert isinstance((await read(endpoint(llm).stream(PROMPT))).error, ModelCut)


async def test_no_first_token_in_time(llm: FakeLLM) -> None:
    one = endpoint(llm, first_token_s=0.2)
    await warm(llm, one)
    llm.script = "hang_first"
    result = await read(one.stream(PROMPT))
    assert isinstance(result.error, ModelTimeout) and len(llm.requests) == 1


async def test_leaving_a_stream_ends_the_request(llm: FakeLLM) -> None:
    llm.script = "hang_between"
    stream = endpoint(llm).stream(PROMPT)
    assert await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    async with asyncio.timeout(10):
        await llm.left.wait()
    assert llm.requests[0].ended == "left"


# --- ladder ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["hang_first", "429", "500", "401", "empty"])
async def test_the_second_endpoint_serves_when_the_first_fails_early(llm: FakeLLM, script: str) -> None:
    steps = ladder(endpoint(llm, model=script, first_token_s=0.2), endpoint(llm, name="second", model="faithful"))
    result = await read(steps.stream(PROMPT))
    await steps.aclose()
    assert result.error is None and result.text.startswith(LEAVE)
    assert result.usage and result.usage.model == "faithful"
    assert steps.name == script


async def test_the_second_endpoint_never_continues_a_cut_answer(llm: FakeLLM) -> None:
    steps = ladder(endpoint(llm, model="cut"), endpoint(llm, model="faithful"))
    result = await read(steps.stream(PROMPT))
    assert isinstance(result.error, ModelCut) and [request.model for request in llm.requests] == ["cut"]


async def test_all_rungs_share_one_deadline(llm: FakeLLM) -> None:
    hanging = [endpoint(llm, first_token_s=0.3) for _ in range(4)]
    for one in hanging:
        await warm(llm, one)
    llm.script = "hang_first"
    assert isinstance((await read(ladder(*hanging, deadline_s=0.4).stream(PROMPT))).error, ModelTimeout)
    assert 1 <= len(llm.requests) <= 2


async def test_the_deadline_also_ends_an_endless_answer(llm: FakeLLM) -> None:
    one = endpoint(llm)
    await warm(llm, one)
    llm.script, llm.tokens_per_s = "rambling", 20
    result = await read(ladder(one, deadline_s=0.7).stream(PROMPT))
    assert isinstance(result.error, ModelCut) and result.text


async def test_the_breaker_leaves_a_sick_endpoint_alone_and_tries_it_again(llm: FakeLLM) -> None:
    now = [0.0]
    steps = ladder(
        endpoint(llm, model="500"), endpoint(llm, model="faithful"), clock=lambda: now[0], failures=2, rest_s=30
    )

    async def asked() -> list[str]:
        llm.requests.clear()
        assert (await read(steps.stream(PROMPT))).error is None
        return [request.model for request in llm.requests]

    assert await asked() == ["500", "500", "faithful"]  # with its one retry
    assert await asked() == ["500", "500", "faithful"]
    assert await asked() == ["faithful"]
    now[0] = 31.0
    assert await asked() == ["500", "500", "faithful"]  # half open: one try
    assert await asked() == ["faithful"]


async def test_when_all_rest_the_error_says_so(llm: FakeLLM) -> None:
    steps = ladder(endpoint(llm, model="500"), failures=1)
    assert isinstance((await read(steps.stream(PROMPT))).error, ModelUnavailable)
    llm.requests.clear()
    error = (await read(steps.stream(PROMPT))).error
    assert isinstance(error, ModelUnavailable) and "rests" in error.message and llm.requests == []


def test_a_half_open_breaker_lets_one_through() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0], failures=2, rest_s=10)
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()
    now[0] = 10.0
    assert breaker.allows() and not breaker.allows()
    breaker.succeeded()
    assert breaker.allows() and breaker.allows()


async def test_complete_returns_a_recorded_rewrite_and_respects_its_deadline(llm: FakeLLM) -> None:
    small = Prompt((Message("user", "Question: Can I skip the gym fee?"),), "rewrite", "v1", "0" * 64)
    llm.rewrites = {"Can I skip the gym fee?": "fitness subsidy waiver"}
    steps = ladder(endpoint(llm), failures=1)
    text, usage = await steps.complete(small, 5.0)
    assert text == "fitness subsidy waiver" and usage.output_tokens == 3
    llm.finish = "length"
    assert (await steps.complete(small, 5.0))[0] == text  # at its limit of tokens, which is enough for a small prompt
    llm.finish = "stop"
    llm.queue = ["hang_first"]
    with pytest.raises(ModelTimeout):
        await steps.complete(small, 0.2)
    assert (await read(steps.stream(PROMPT))).error is None  # a slow errand opens no breaker


async def test_a_small_call_that_begins_in_the_last_quarter_of_its_time_is_given_up(llm: FakeLLM) -> None:
    small = Prompt((Message("user", "Question: Can I skip the gym fee?"),), "rewrite", "v1", "0" * 64)
    one = endpoint(llm)
    await warm(llm, one)
    llm.first_token_s = 0.9
    with pytest.raises(ModelTimeout):
        await ladder(one).complete(small, 1.0)


async def test_a_rewrite_is_what_a_reasoning_model_says_not_what_it_thinks(llm: FakeLLM) -> None:
    llm.rewrites = {"Can I skip the gym fee?": "<think>\nA fee, hm.\n</think>\n\nfitness subsidy waiver"}
    rewrite = Rewriter(ladder(endpoint(llm)), load("rewrite"), 5.0)
    assert (await rewrite(Question("q1", "Can I skip the gym fee?"), ["en"]))[0] == Meant("fitness subsidy waiver")


@each(
    "reply, meant",
    [
        ('{"kind": "question", "language": "de", "query": "annual leave"}', Meant("annual leave", "question", "de")),
        ('```json\n{"query": "thanks", "kind": "chat", "language": "en"}\n```', Meant("thanks", "chat", "en")),
        ('{"kind": "sensitive", "language": "xx", "query": "sick pay"}', Meant("sick pay", "sensitive")),
        ('{"kind": "poem", "query": "sick pay"}', Meant("sick pay")),
        ('{"for_bot": false, "kind": "chat", "query": "thanks"}', Meant("thanks", "chat", for_bot=False)),
        ('{"for_bot": "no", "query": "sick pay"}', Meant("sick pay")),
        ('{"kind": "question", "language": "en", "query": "annual leave entitle', Meant("annual leave entitle")),
        ("annual leave entitlement", Meant("annual leave entitlement")),
        ('{"kind": "question", "language": "en"}', None),
        ('{"kind": "question", "query": "I am sorry, I cannot help"}', None),
        ("I apologize, but this is beyond what I may do.", None),
        ("Es tut mir leid, dabei kann ich nicht helfen.", None),
        ('{"kind": "question", "query": "N/A"}', None),
        ("Please provide more context.", None),
        ("Je ne peux pas vous aider.", None),
        ("???", None),
        ("unknown visitors on site", Meant("unknown visitors on site")),
        ("no answer from the manager", Meant("no answer from the manager")),
        ("letter of apology to a customer", Meant("letter of apology to a customer")),
        ("[[[[[[{", None),
    ],
)
async def test_what_a_model_says_a_message_means(llm: FakeLLM, reply: str, meant: Meant | None) -> None:
    llm.rewrites = {"Well?": reply}
    rewrite = Rewriter(ladder(endpoint(llm)), load("rewrite"), 5.0)
    assert (await rewrite(Question("q1", "Well?"), ["en"]))[0] == meant


def test_prices() -> None:
    assert cost_usd("gpt-4o-mini", 1_000_000, 1_000_000) == pytest.approx(0.75)
    assert cost_usd("gpt-4o-mini-2024-07-18", 2_000, 0, cached_tokens=1_000) == pytest.approx(0.000225)
    assert cost_usd("llama-3.1-8b", 1, 1) is None


async def test_one_connection_serves_call_after_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new one for each costs people a handshake before the first word."""
    async with FakeLLM(tokens_per_s=500) as llm, Proxy(llm.port) as proxy:
        endpoint = ChatEndpoint(name="main", base_url=f"http://127.0.0.1:{proxy.port}/v1", api_key="k", model="m")
        for _ in range(4):
            assert (await read(endpoint.stream(PROMPT))).text
            later = time.monotonic() + 40.0  # nobody asks for so long
            monkeypatch.setattr("aiohttp.connector.monotonic", lambda later=later: later)
        await endpoint.aclose()
        assert proxy.seen == 1
