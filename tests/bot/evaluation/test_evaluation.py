"""`policybot eval`'s figures on a real small index, without a model and with a scripted one."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation import gold, run
from bot.settings import Settings
from bot.types import Question
from tests.llm_server import FakeLLM
from tests.prepared import copy_of, settings_at

ROWS: list[dict[str, Any]] = [
    {
        "id": "a", "question": "What does error E-417 of the climate chamber mean?", "question_keywords": "E-417",
        "doc": "lab-booking.md", "evidence": "means that the door seal is open", "answers": ["E-417"],
    },
    {"id": "b", "question": "Who won the football world cup in 1990?", "answerable": False},
    {"id": "c", "question": "What pays the bike leasing from 2026 on?", "doc": "bike-leasing-2026.md",
     "history": [{"role": "user", "text": "Is there bike leasing?"}], "evidence": "no such words stand here at all"},
]  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, pages_ingested: Path) -> Settings:
    return settings_at(copy_of(pages_ingested, tmp_path_factory.mktemp("data")))


def cases(*ids: str) -> list[gold.Case]:
    return list(gold.cases([json.dumps(row) for row in ROWS if row["id"] in ids], "default"))


async def measured(settings: Settings, cases: list[gold.Case], *, retrieval_only: bool = False) -> dict[str, Any]:
    return run.summary([one async for one in run.results(settings, cases, retrieval_only=retrieval_only)])


async def test_every_wording_is_measured_and_totals_add_up(settings: Settings) -> None:
    report = await measured(settings, cases("a", "b", "c"))
    assert list(report) == ["question", "question_keywords", "totals"]
    asked, totals = report["question"], report["totals"]
    assert asked["doc@5"]["n"] == 2 and asked["doc@5"]["mean"] == 1.0
    assert asked["evidence@3000w"]["mean"] <= 0.5, "evidence that stands nowhere is never found"
    assert asked["answered_unanswerable"] == {"n": 1, "mean": 0.0, "low": 0.0, "high": 0.0}
    assert report["question_keywords"]["refused_answerable"]["n"] == 1
    assert totals["cases"] == sum(totals["outcomes"].values()) == 4
    assert set(totals["latency_ms"]) == {"retrieve", "first_sentence", "total"}
    assert totals["input_tokens"] == totals["output_tokens"] == totals["cost_usd"] == 0
    shown = run.table(report)
    assert "question_keywords" in shown and "refused_answerable" in shown and "latency_ms" in shown


async def test_retrieval_alone_answers_nothing(settings: Settings) -> None:
    report = await measured(settings, cases("a"), retrieval_only=True)
    assert report["totals"]["outcomes"] == {} and report["totals"]["latency_ms"] == {}
    assert "doc@5" in report["question"] and "evidence_quoted" not in report["question"]


async def test_a_follow_up_is_measured_as_it_is_found_in_its_thread(settings: Settings) -> None:
    row = {
        "id": "d", "question": "How many hours can the staff request this week?", "evidence": "door seal is open",
        "history": [{"role": "user", "text": ROWS[0]["question"]}, {"role": "agent", "text": "That the door is open."}],
    }  # fmt: skip
    asked = list(gold.cases([json.dumps(row)], "default"))
    ranks = [
        (await measured(settings, asked, retrieval_only=only))["question"]["mrr@10"]["mean"] for only in (True, False)
    ]
    assert ranks[0] == ranks[1] > 0


async def test_a_model_s_tokens_and_cost_are_counted(settings: Settings) -> None:
    async with FakeLLM("faithful") as llm:
        paid = dataclasses.replace(settings, openai_api_key="k", openai_base_url=llm.url, rewrite=False)
        report = await measured(paid, cases("a"))
        prompts = [request for request in llm.requests if request.body.get("stream")]
    totals = report["totals"]
    assert totals["outcomes"] == {"answered": 2} and len(prompts) == 2
    assert totals["input_tokens"] == sum(len(request.prompt) // 4 for request in prompts)
    assert totals["output_tokens"] > 0 and totals["cost_usd"] > 0
    assert report["question"]["sentences_supported"]["mean"] == 1.0


async def test_the_ranking_is_that_of_the_answer_and_an_unknown_price_is_no_price(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answering.search.REWRITE_S", 30.0)  # on a busy machine too
    vague = Question("a", "Who won the football world cup in 1990?")
    case = dataclasses.replace(cases("a")[0], question=vague)
    async with FakeLLM(rewrites={case.question.text: "climate chamber error E-417 door seal"}) as llm:
        paid = dataclasses.replace(settings, openai_api_key="k", openai_base_url=llm.url, openai_model="own")
        with_rewrite = await measured(paid, [case])
    without = await measured(settings, [case], retrieval_only=True)
    assert with_rewrite["question"]["mrr@10"]["mean"] > without["question"]["mrr@10"]["mean"]
    assert with_rewrite["totals"]["cost_usd"] is None


async def test_a_model_that_is_down_counts_as_degraded_and_invention_is_not_shown(settings: Settings) -> None:
    async with FakeLLM("500") as llm:
        paid = dataclasses.replace(settings, openai_api_key="k", openai_base_url=llm.url, rewrite=False)
        report = await measured(paid, cases("a")[:1])
        assert report["totals"]["outcomes"] == {"degraded": 1}
        llm.script = "inventing"
        report = await measured(paid, cases("a")[:1])
        assert report["question"]["citation_hit"]["mean"] == 1.0
        assert report["question"]["sentences_dropped"]["mean"] >= 1
