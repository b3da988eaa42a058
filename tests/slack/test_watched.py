"""/metrics and traces of a bot that answers: the real assistant on the fake Slack, a collector on a local port."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bot import tracing, wiring
from bot.settings import Settings
from bot.store import Store
from bot.types import Answer, HeldBack, Outcome, Usage
from tests.llm_server import FakeLLM
from tests.prepared import copy_of, settings_at
from tests.slack.bots import answer_to, ends, running, says, store_at
from tests.slack_server import FakeSlack

QUESTION = "What does error E-417 of the climate chamber mean?"


async def scraped(port: int | None, **headers: str) -> tuple[int, dict[str, float]]:
    url = f"http://127.0.0.1:{port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        text = await answer.text()
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]
    return answer.status, {name: float(value) for name, value in lines}


async def test_metrics_count_what_was_answered(slack: FakeSlack, store: Store) -> None:
    answer = Answer(
        Outcome.DEGRADED, "Yes.", degraded_reason="model_timeout", timings_ms={"first_sentence": 1500.0},
        usage_by={"answer": Usage(100, 20, 0.25, model='own"model')}, held_back=(HeldBack("no", "figure"),) * 2,
    )  # fmt: skip
    async with running(slack, ends(answer), store) as bot:
        assert (await scraped(bot.port))[1]["policybot_answer_seconds_count"] == 0
        for user in ("U1", "U2"):
            await answer_to(slack, slack.people.mention("C1", user, "How?"), store)
        async with asyncio.timeout(20):
            while (await scraped(bot.port))[1]["policybot_answer_seconds_count"] < 2:
                await slack.settle()
        status, found = await scraped(bot.port)
        assert (await scraped(bot.port, **{"X-Forwarded-For": "203.0.113.9"}))[0] == 404, "from outside, by a proxy"
    assert status == 200
    assert found['policybot_questions_total{code="model_timeout",outcome="degraded"}'] == 2
    assert found['policybot_tokens_total{direction="input",feature="answer",model="own\\"model"}'] == 200
    assert found['policybot_cost_usd_total{feature="answer",model="own\\"model"}'] == 0.5
    assert found['policybot_sentences_held_back_total{reason="figure"}'] == 4
    assert found['policybot_first_words_seconds_bucket{le="1.0"}'] == 0
    assert found['policybot_first_words_seconds_bucket{le="2.0"}'] == 2
    assert found["policybot_questions_open"] == 0 and found["policybot_question_age_seconds_count"] == 2
    assert not any("U1" in name or "C1" in name for name in found)


async def test_metrics_count_votes_by_what_they_say(slack: FakeSlack, store: Store) -> None:
    """A vote that changes counts again; one that is repeated or taken back does not."""
    async with running(slack, says("Yes."), store) as bot:
        answer = await answer_to(slack, slack.people.mention("C1", "U1", "How?"), store)
        for press, user in (("positive", "U1"), ("positive", "U1"), ("negative", "U1"), ("positive", "U2")):
            slack.people.button(answer, f"{press}_button", user)
            await slack.settle()
        slack.people.reaction(answer, "-1", "U3")
        await slack.settle()
        slack.people.reaction(answer, "-1", "U3", remove=True)
        await slack.settle()
        _, found = await scraped(bot.port)
    votes = {name: value for name, value in found.items() if name.startswith("policybot_votes_total")}
    assert votes == {'policybot_votes_total{value="up"}': 2, 'policybot_votes_total{value="down"}': 2}


class Collector:
    """An OTLP receiver: what came over HTTP, decoded, and its raw bytes."""

    def __init__(self) -> None:
        self.raw, self.headers, self.url = b"", dict[str, str](), ""
        self.spans: list[Any] = []

    async def receive(self, request: web.Request) -> web.Response:
        import gzip

        body = await request.read()
        body = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        self.raw += body
        self.headers = dict(request.headers)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.spans += [span for scope in resource.scope_spans for span in scope.spans]
        return web.Response(body=b"", content_type="application/x-protobuf")

    def attributes(self, name: str) -> dict[str, Any]:
        span = next(span for span in self.spans if span.name == name)
        return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    collector, app = Collector(), web.Application()
    app.add_routes([web.post("/otel/v1/traces", collector.receive)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}/otel"
    try:
        yield collector
    finally:
        await runner.cleanup()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, pages_ingested: Path) -> Settings:
    return settings_at(copy_of(pages_ingested, tmp_path_factory.mktemp("data")))


@pytest.fixture(autouse=True)
def untraced() -> Iterator[None]:
    yield
    tracing.close()


async def traced_answer(
    slack: FakeSlack, settings: Settings, store: Store, *, text: bool, script: str, ask: str = QUESTION
) -> Collector:
    """One question answered with tracing on."""
    async with collecting() as collector, FakeLLM(script) as llm:
        tracing.configure(collector.url, {"Authorization": "Basic abc"}, text=text)
        keyed = dataclasses.replace(settings, openai_api_key="k", openai_base_url=llm.url)
        async with wiring.assistant(keyed, cache=False) as parts, running(slack, parts.assistant, store):
            await answer_to(slack, slack.people.mention("C1", "U1", ask), store)
            await slack.settle()
        await asyncio.to_thread(tracing.close)
    return collector


async def test_a_question_is_one_span_with_its_parts_below(slack: FakeSlack, settings: Settings, store: Store) -> None:
    collector = await traced_answer(slack, settings, store, text=False, script="numbers")
    by_name = {span.name: span for span in collector.spans}
    root = by_name["question"]
    assert {"search", "answer", "deliver"} <= by_name.keys()
    assert not root.parent_span_id
    for span in collector.spans:
        assert span.trace_id == root.trace_id and (span is root or span.parent_span_id == root.span_id)
        assert root.start_time_unix_nano <= span.start_time_unix_nano <= span.end_time_unix_nano
    chat = collector.attributes("answer")
    assert (chat["gen_ai.operation.name"], chat["gen_ai.request.model"]) == ("chat", "gpt-4o-mini")
    assert chat["gen_ai.usage.input_tokens"] > 0 and chat["gen_ai.usage.output_tokens"] > 0
    assert chat["policybot.prompt"].startswith("answer@v")
    assert collector.attributes("search")["gen_ai.operation.name"] == "retrieval"
    about = collector.attributes("question")
    assert about["gen_ai.operation.name"] == "invoke_agent" and about["policybot.outcome"] == "answered"
    assert collector.headers["Authorization"] == "Basic abc"
    for word in (b"E-417", b"climate", b"seal", b"U1"):
        assert word not in collector.raw, "nothing that anybody wrote"


async def test_rewriting_and_verifying_are_spans_too(
    slack: FakeSlack, settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answering.search.REWRITE_S", 30.0)  # on a busy machine too
    vague = "Is my display paid for if I drop it?"
    collector = await traced_answer(slack, settings, store, text=False, script="inventing", ask=vague)
    for name in ("rewrite", "verify"):
        about = collector.attributes(name)
        assert about["policybot.prompt"].startswith(f"{name}@v") and about["gen_ai.usage.input_tokens"] > 0
        assert about["gen_ai.operation.name"] == "chat" and about["gen_ai.request.stream"] is False


async def test_text_is_sent_only_where_it_is_switched_on(slack: FakeSlack, settings: Settings, store: Store) -> None:
    collector = await traced_answer(slack, settings, store, text=True, script="faithful")
    assert "E-417" in collector.attributes("answer")["gen_ai.input.messages"]
    assert "seal" in collector.attributes("answer")["gen_ai.output.messages"]
    assert "seal" in collector.attributes("question")["gen_ai.output.messages"]


async def test_a_model_that_fails_is_a_failed_span_and_a_dead_collector_costs_no_answer(
    slack: FakeSlack, settings: Settings, store: Store, tmp_path: Path
) -> None:
    collector = await traced_answer(slack, settings, store, text=False, script="500")
    assert collector.attributes("answer")["error.type"] == "model_unavailable"
    assert collector.attributes("question")["policybot.outcome"] == "degraded"
    tracing.configure("http://127.0.0.1:9", {}, text=False)
    other = store_at(tmp_path / "other.db")
    async with wiring.assistant(settings, cache=False) as parts, running(slack, parts.assistant, other):
        answer = await answer_to(slack, slack.people.mention("C1", "U2", QUESTION), other)
    assert "seal" in str(answer)
