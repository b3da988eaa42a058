"""Gold cases -> the real Assistant -> figures by wording, with bootstrap intervals.

The same path as in Slack: nothing here answers by itself, and the ranking measured is the one the answer was made of.
A run kept in a folder (config.json, cases.jsonl, summary.json) goes on where it stopped only under the configuration
that it began with; half a line that a crash left counts for nothing.
"""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Self

import structlog

from bot import wiring
from bot.answering.assistant import final
from bot.errors import SettingsError
from bot.evaluation import metrics
from bot.evaluation.gold import Case
from bot.log import traced
from bot.settings import Settings
from bot.types import Answer, Outcome
from bot.understanding.follow_up import resolve
from knowledge.records import build, dumps
from knowledge.types import Query

DEPTH = 40  # passages ranked for the word budgets


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case."""

    id: str
    wording: str
    question: str
    figures: dict[str, float]
    outcome: str | None = None  # None: only searched for
    text: str = ""
    cites: tuple[str, ...] = ()  # "document, page"
    timings_ms: dict[str, float] = field(default_factory=dict)
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None


async def results(
    settings: Settings, cases: Sequence[Case], *, retrieval_only: bool = False, at_once: int = 1
) -> AsyncGenerator[CaseResult]:
    """Each case's result as it is ready; `at_once` are under way side by side."""
    free = asyncio.Semaphore(max(1, at_once))
    async with wiring.assistant(settings, cache=False) as parts:

        async def result(case: Case) -> CaseResult:
            async with free:
                return await _result(parts, case, retrieval_only)

        tasks = [asyncio.create_task(result(case)) for case in cases]
        try:
            for task in asyncio.as_completed(tasks):
                yield await task
        finally:
            for one in tasks:
                one.cancel()


async def _result(parts: wiring.Asking, case: Case, retrieval_only: bool) -> CaseResult:
    figures: dict[str, float] = {}
    try:
        answer = None if retrieval_only else await final(parts.assistant, case.question)
    except Exception as error:  # a fault of ours in one case must not take the others along
        structlog.get_logger().error("assistant_failed", id=case.question.id, **traced(error))
        answer = Answer(Outcome.FAILED, "", error=("internal", f"{type(error).__name__}. Report it."))
    failed = answer is not None and answer.outcome is Outcome.FAILED
    if case.answerable and case.evidence and not failed:
        passages = answer.passages if answer else ()
        if not passages:  # small talk, or not asked
            query = Query(resolve(case.question).threaded.searched, case.question.collections[0], limit=DEPTH)
            passages = (await parts.documents.search(query, case.question.collections)).passages
        figures |= metrics.retrieval(case, passages)
    asked = case.id, case.wording, case.question.text
    if answer is None:
        return CaseResult(*asked, figures)
    if not failed:
        figures |= metrics.answering(case, answer)
    return CaseResult(
        *asked,
        figures,
        answer.outcome.value,
        answer.text or (answer.error[1] if answer.error else ""),
        tuple(f"{c.document}, page {c.page}" if c.page else c.document for c in answer.citations),
        answer.timings_ms,
        answer.usage.input_tokens,
        answer.usage.output_tokens,
        answer.usage.cost_usd,
    )


def summary(results: Sequence[CaseResult]) -> dict[str, Any]:
    """{wording: {figure: {n, mean, low, high}}} plus outcomes, latency and tokens under "totals"."""
    wordings = list(dict.fromkeys(one.wording for one in results))
    report: dict[str, Any] = {
        wording: metrics.summary([one.figures for one in results if one.wording == wording], Random(0))  # noqa: S311
        for wording in wordings
    }
    latency = {
        key: [one.timings_ms[key] for one in results if key in one.timings_ms]
        for key in ("retrieve", "first_sentence", "total")
    }
    paid = [one.cost_usd for one in results if one.output_tokens]
    known = [cost for cost in paid if cost is not None]
    report["totals"] = {
        "cases": len(results),
        "outcomes": dict(Counter(one.outcome for one in results if one.outcome)),
        "latency_ms": {
            key: {f"p{round(q * 100)}": round(metrics.percentile(values, q), 1) for q in (0.5, 0.95)}
            for key, values in latency.items()
            if values
        },
        "input_tokens": sum(one.input_tokens for one in results),
        "output_tokens": sum(one.output_tokens for one in results),
        "cost_usd": round(sum(known), 6) if len(known) == len(paid) else None,  # None: a model without a known price
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
    return "\n".join([*lines, *_lines("totals", report["totals"])])


def _lines(name: str, value: Any, indent: str = "") -> list[str]:
    """A name and its value in one line; a mapping below its name."""
    if not isinstance(value, dict):
        return [f"{indent}{name:<{26 - len(indent)}}{'unknown' if value is None else value}"]
    return [f"{indent}{name}", *(line for key, one in value.items() for line in _lines(key, one, f"{indent}  "))]


def configuration(
    settings: Settings, gold: Iterable[str], collection: dict[str, Any] | None, *, retrieval_only: bool
) -> dict[str, Any]:
    """All that may change a figure: model, prompts, settings, questions, and the manual as it is indexed."""
    from importlib.metadata import version

    from prompts import load

    prompts = {name: load(name) for name in ("answer", "rewrite", "verify", "whom")}
    keyed = settings.openai_api_key is not None
    verifier = settings.verifier
    return {
        "version": version("policybot"),
        "model": settings.openai_model if keyed else None,
        "base_url": settings.openai_base_url if keyed else None,
        "verifier": verifier.model if verifier else None,
        "rewrite": settings.rewrite and keyed,
        "refuse_below": settings.refuse_below,
        "prompts": {name: f"{one.version} {one.sha256[:12]}" for name, one in prompts.items()} if keyed else {},
        "retrieval_only": retrieval_only,
        "gold_sha256": hashlib.sha256("".join(gold).encode("utf-8", "surrogatepass")).hexdigest(),
        "collection": collection,
    }


class Run:
    """A saved run; made by `open`, read by `read`."""

    def __init__(self, folder: Path, configuration: dict[str, Any], results: list[CaseResult]) -> None:
        self.folder, self.configuration, self.results = folder, configuration, results

    @classmethod
    def read(cls, folder: Path) -> Self:
        """A run that was saved. SettingsError where there is none."""
        try:
            configuration = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            lines = (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError) as error:
            raise SettingsError(f"{folder} is no saved run ({error}). Make one with policybot eval --save.") from error
        return cls(folder, configuration, list(_complete(lines)))

    @classmethod
    def open(cls, folder: Path, configuration: dict[str, Any]) -> Self:
        """A new run, or one that goes on. SettingsError where another configuration began it."""
        if (folder / "config.json").exists():
            begun = cls.read(folder)
            if begun.configuration != configuration:
                keys = {*begun.configuration, *configuration}
                other = [key for key in sorted(keys) if begun.configuration.get(key) != configuration.get(key)]
                raise SettingsError(
                    f"{folder} was begun with another configuration ({', '.join(other)}). Name another folder."
                )
            begun._write(begun.results)  # less what a crash cut
            return begun
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "cases.jsonl").write_text("", encoding="utf-8")
        (folder / "config.json").write_text(json.dumps(configuration, indent=2), encoding="utf-8")
        return cls(folder, configuration, [])

    def add(self, result: CaseResult) -> None:
        """Keep a result; it is on disk when this returns."""
        self.results.append(result)
        with (self.folder / "cases.jsonl").open("a", encoding="utf-8") as file:
            file.write(dumps(result) + "\n")

    def end(self, summary: dict[str, Any], order: Iterable[tuple[str, str]]) -> None:
        """Write the summary, and the cases in the order of the gold file."""
        place = {key: n for n, key in enumerate(order)}
        self.results.sort(key=lambda one: place.get((one.id, one.wording), len(place)))
        self._write(self.results)
        (self.folder / "summary.json").write_text(json.dumps(summary, indent=2), encoding="utf-8")

    def _write(self, results: Iterable[CaseResult]) -> None:
        whole = self.folder / "cases.jsonl.new"
        whole.write_text("".join(dumps(one) + "\n" for one in results), encoding="utf-8")
        whole.replace(self.folder / "cases.jsonl")


def _complete(lines: Iterable[str]) -> Iterable[CaseResult]:
    for line in lines:
        try:
            yield build(CaseResult, json.loads(line))
        except ValueError:
            continue
