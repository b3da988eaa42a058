"""The verifier over the wire: slow, down, garbled, contradicting itself, quoting what nobody wrote, saying yes."""

import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import cast

import pytest

from bot.answering.assistant import Assistant, final
from bot.answering.model_writer import ModelWriter
from bot.answering.search import AnswerPolicy
from bot.llm.chat import ChatEndpoint
from bot.llm.ladder import Ladder, ModelVerifier
from bot.types import Answer, Outcome, Prompt, Question, Usage
from knowledge.types import Found, Passage, Query
from prompts import load
from tests import fake_verifier
from tests.bot.answering.scripted import classifiers
from tests.llm_server import FakeLLM
from tests.rows import each

TEXT = "Hotels are booked by the travel desk. A room costs up to 140 euros a night. Managers get 25 days of leave."
SAID = (
    "The travel desk does the booking of hotels [1]. A room may cost up to 170 euros per night [1]. "
    "Up to 140 euros is what a room may cost for a night [1]. Managers get 25 days of leave [1]."
)


class Shelf:
    def languages(self, collections: Sequence[str]) -> tuple[str, ...]:
        return ("en",)

    async def search(self, query: Query, collections: Sequence[str]) -> Found:
        return Found((Passage("c", "d.md", "Handbook", (), TEXT, 1.0, similarity=0.9, lexical=1.0),), 1)


@pytest.fixture
async def writer() -> AsyncIterator[FakeLLM]:
    async with FakeLLM() as llm:
        llm.replies["book"] = SAID
        yield llm


@pytest.fixture
async def reader() -> AsyncIterator[FakeLLM]:
    async with FakeLLM() as llm:
        yield llm


async def asked(writer: FakeLLM, reader: FakeLLM, *, deadline_s: float = 60.0) -> Answer:
    def ladder(llm: FakeLLM) -> Ladder:
        return Ladder([ChatEndpoint(name="m", base_url=llm.url, api_key="k", model="m")], clock=time.monotonic)

    chat, verifying = ladder(writer), ladder(reader)
    made = ModelWriter(
        chat,
        load("answer"),
        ModelVerifier(verifying, load("verify"), deadline_s),
        lambda: "token",
        lambda: datetime(2026, 11, 28, tzinfo=UTC),
    )
    one = Assistant(
        Shelf(), AnswerPolicy(threshold=0.0), model=made,
        classifiers=classifiers("en"), clock=time.monotonic,
    )  # fmt: skip
    try:
        return await final(one, Question("q", "Who does book hotels?"))
    finally:
        await chat.aclose()
        await verifying.aclose()


TRUE = ["The travel desk does the booking of hotels", "Up to 140 euros is what a room may cost", "Managers get 25 days"]


async def test_an_honest_verifier_lets_what_is_true_through_in_order(writer: FakeLLM, reader: FakeLLM) -> None:
    reader.verifier = "yes"
    answer = await asked(writer, reader)
    places = [answer.text.find(text) for text in TRUE]
    assert -1 not in places and places == sorted(places) and "170" not in answer.text
    assert [h.reason for h in answer.held_back] == ["figure"] and answer.usage_by["verify"].output_tokens > 0
    requests = [(fake_verifier.asked(r.body["messages"]) or {})["claims"] for r in reader.requests]
    # By itself, to be there soon; two calls at once may arrive in either order.
    assert ["The travel desk does the booking of hotels."] in [[c["text"] for c in claims] for claims in requests]


@each("manner")
async def test_whatever_it_says_nothing_is_false_by_figure_and_nothing_is_lost(
    writer: FakeLLM, reader: FakeLLM, manner: str
) -> None:
    reader.verifier = manner
    answer = await asked(writer, reader)
    assert answer.outcome is Outcome.ANSWERED and "170" not in answer.text
    for fact in ("travel desk", "140 euros", "25 days"):
        assert fact in answer.text
    believed = manner in ("yes", "brief", "first-words", "prose", "fenced")
    assert (TRUE[0] in answer.text) == believed and ("words_only" in answer.notes) == (
        manner in ("garbled", "silent", "contradicts")
    )


@pytest.mark.parametrize("ill", ["500", "hang_first", "cut", "429", "empty"])
async def test_an_ill_verifier_costs_its_deadline_once_and_the_manual_speaks_instead(
    writer: FakeLLM, reader: FakeLLM, ill: str
) -> None:
    reader.script = ill
    answer = await asked(writer, reader, deadline_s=0.3)
    assert answer.outcome is Outcome.ANSWERED and "words_only" in answer.notes
    assert "“Hotels are booked by the travel desk.”" in answer.text and "Managers get 25 days" in answer.text
    assert "170" not in answer.text and TRUE[0] not in answer.text
    claims = [c["text"] for r in reader.requests for c in (fake_verifier.asked(r.body["messages"]) or {})["claims"]]
    assert all(claims.count(text) <= 2 for text in claims), "at most the endpoint's own second try"


async def test_of_a_verdict_that_comes_too_late_the_claims_before_it_are_shown_and_its_cost_is_counted(
    writer: FakeLLM, reader: FakeLLM
) -> None:
    writer.replies["book"] = f"{SAID} The desk also does the booking of travel [1]."
    reader.verifier, reader.queue = "yes", ["faithful", "hang_between"]
    reader.cut_after = 24  # words: the first verdict of the second call is written, the next one begun
    answer = await asked(writer, reader, deadline_s=0.5)
    assert all(text in answer.text for text in TRUE) and "also" not in answer.text
    assert [h.reason for h in answer.held_back] == ["figure", "no_verdict"]
    assert answer.usage_by["verify"].output_tokens > 24 and answer.usage_by["verify"].estimated


@pytest.mark.parametrize(
    ("claims", "first", "within_s"), [(1, True, 2.0), (2, True, 3.0), (3, True, 4.0), (1, False, 5.0), (3, False, 10.0)]
)
async def test_each_further_claim_of_a_call_has_half_as_long_again_and_later_calls_more(
    claims: int, first: bool, within_s: float
) -> None:
    class Timed:
        async def complete(self, prompt: Prompt, deadline_s: float, *, in_parts: bool) -> tuple[str, Usage]:
            assert (deadline_s, in_parts) == (within_s, True)
            return "", Usage(1)

    request = {"claims": [{"id": n} for n in range(claims)]}
    assert (await ModelVerifier(cast(Ladder, Timed()), load("verify"), 2.0).verify(request, first=first)) == (
        [],
        Usage(1),
    )
