"""Gold cases -> the real Assistant -> figures by wording, with bootstrap intervals.

The same path as in Slack: nothing here answers by itself, and the ranking measured is the one the answer was made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import structlog

from bot import wiring
from bot.answering.assistant import final
from bot.evaluation import metrics
from bot.evaluation.gold import Case
from bot.log import traced
from bot.settings import Settings
from bot.types import Answer, Outcome
from bot.understanding.follow_up import resolve
from knowledge.types import Query

DEPTH = 40  # passages ranked for the word budgets


async def measure(settings: Settings, cases: Sequence[Case], *, retrieval_only: bool = False) -> dict[str, Any]:
    """{wording: {figure: {n, mean, low, high}}} plus outcomes, latency and tokens under "totals"."""
    rows: dict[str, list[dict[str, float]]] = {}
    outcomes: dict[str, int] = {}
    latency: dict[str, list[float]] = {"retrieve": [], "first_sentence": [], "total": []}
    tokens = {"input_tokens": 0, "output_tokens": 0}
    cost: float | None = 0.0
    async with wiring.assistant(settings, cache=False) as parts:
        for case in cases:
            row: dict[str, float] = {}
            try:
                answer = None if retrieval_only else await final(parts.assistant, case.question)
            except Exception as error:  # a fault of ours in one case must not take the others along
                structlog.get_logger().error("assistant_failed", id=case.question.id, **traced(error))
                answer = Answer(Outcome.FAILED, "", error=("internal", f"{type(error).__name__}. Report it."))
            failed = answer is not None and answer.outcome is Outcome.FAILED
            if case.answerable and case.evidence and not failed:
                passages = answer.passages if answer else ()
                if not passages:  # small talk, or not asked
                    query = Query(resolve(case.question).searched, case.question.collections[0], limit=DEPTH)
                    passages = (await parts.searcher.search(query, case.question.collections)).passages
                row |= metrics.retrieval(case, passages)
            if answer is not None:
                outcomes[answer.outcome.value] = outcomes.get(answer.outcome.value, 0) + 1
                if not failed:
                    row |= metrics.answering(case, answer)
                for key, values in latency.items():
                    if key in answer.timings_ms:
                        values.append(answer.timings_ms[key])
                tokens["input_tokens"] += answer.usage.input_tokens
                tokens["output_tokens"] += answer.usage.output_tokens
                if cost is not None and answer.usage.output_tokens:
                    cost = None if answer.usage.cost_usd is None else cost + answer.usage.cost_usd
            rows.setdefault(case.wording, []).append(row)
    report: dict[str, Any] = {
        wording: metrics.summary(found_rows, Random(0))  # noqa: S311  (a bootstrap, not a secret)
        for wording, found_rows in rows.items()
    }
    report["totals"] = {
        "cases": len(cases),
        "outcomes": outcomes,
        "latency_ms": {
            key: {f"p{round(q * 100)}": round(metrics.percentile(values, q), 1) for q in (0.5, 0.95)}
            for key, values in latency.items()
            if values
        },
        **tokens,
        "cost_usd": None if cost is None else round(cost, 6),  # null: of a model without a known price
    }
    return report


def table(report: dict[str, Any]) -> str:
    """The report for a terminal."""
    lines = []
    for wording, figures in report.items():
        if wording == "totals":
            continue
        lines.append(wording)
        for name, figure in figures.items():
            low, high = figure["low"], figure["high"]
            lines.append(f"  {name:<24}{figure['mean']:>7.3f}  [{low:.3f}, {high:.3f}]  n={figure['n']}")
    lines.append("totals")
    lines += [f"  {key:<24}{value}" for key, value in report["totals"].items()]
    return "\n".join(lines)
