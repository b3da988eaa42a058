"""What is told of questions: figures for /metrics, the log and traces, ids and verdicts for the audit trail; no words.

In: each question when it ends, each vote when it is stored. Out: Prometheus' text, fields of a log line, an audit
entry. Rule kept: labels are codes and model names, so that there are few of them.
"""

import collections
from datetime import datetime
from functools import partial
from importlib.metadata import version
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

from bot.store.answers import VoteChange
from bot.store.audit import Entry
from bot.store.jobs import Job
from bot.types import Answer, Outcome, Question

SECONDS = (0.25, 0.5, 1, 2, 3, 5, 8, 13, 21, 34, 60)  # upper bounds of the buckets

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The figures of one process since its start."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        Info("policybot", "The running version.", registry=registry).info({"version": version("policybot")})
        self.open = Gauge("policybot_questions_open", "Questions being answered now.", registry=registry)
        counter = partial(Counter, registry=registry)
        histogram = partial(Histogram, registry=registry, buckets=SECONDS)
        self._questions = counter(
            "policybot_questions", "Questions that ended, by outcome and its code.", ("outcome", "code")
        )
        self._first = histogram("policybot_first_words_seconds", "From the start of an answer to its first words.")
        self._took = histogram("policybot_answer_seconds", "From the claim of a question to its end.")
        self._age = histogram("policybot_question_age_seconds", "From Slack's event to the end.")
        self._tokens = counter(
            "policybot_tokens", "Tokens, by feature, model and direction.", ("feature", "model", "direction")
        )
        self._cost = counter(
            "policybot_cost_usd", "Dollars at list prices, by feature and model.", ("feature", "model")
        )
        self._held = counter(
            "policybot_sentences_held_back", "The model's sentences that were not shown, by reason.", ("reason",)
        )
        self._votes = counter("policybot_votes", "Votes that were cast or changed, by what they say.", ("value",))

    def voted(self, change: VoteChange) -> None:
        """A person's vote was stored. One that says what it said before, or was taken back, is none."""
        if change.after and change.after != change.before:
            self._votes.labels(change.after).inc()

    def ended(self, answer: Answer | None, reason: str, *, took_s: float, age_s: float) -> None:
        """A question ended; without an answer `reason` says how."""
        self._took.observe(took_s)
        self._age.observe(age_s)
        if answer is None:
            self._questions.labels("none", reason).inc()
            return
        code = answer.error[0] if answer.error else answer.degraded_reason or ""
        if answer.outcome is Outcome.REFUSED and answer.notes:
            code = answer.notes[0]
        self._questions.labels(answer.outcome.value, code).inc()
        if "first_sentence" in answer.timings_ms:
            self._first.observe(answer.timings_ms["first_sentence"] / 1000)
        for feature, used in answer.usage_by.items():
            model = used.model or ""
            self._tokens.labels(feature, model, "input").inc(used.input_tokens)
            self._tokens.labels(feature, model, "output").inc(used.output_tokens)
            self._cost.labels(feature, model).inc(used.cost_usd or 0.0)
        for held in answer.held_back:
            self._held.labels(held.reason).inc()

    def text(self) -> bytes:
        """All figures."""
        return generate_latest(self._registry)


def figures(answer: Answer) -> dict[str, Any]:
    """What the log may know of an answer: figures only."""
    return {
        "outcome": str(answer.outcome),
        "degraded": answer.degraded_reason,
        "error": answer.error[0] if answer.error else None,
        "model": answer.model,
        "attacks": list(answer.attacks),
        "citations": len(answer.citations),
        "held_back": dict(collections.Counter(held.reason for held in answer.held_back)),
        "tokens_in": answer.usage.input_tokens,
        "tokens_out": answer.usage.output_tokens,
        "cost_usd": answer.usage.cost_usd,
        **{f"{stage}_ms": value for stage, value in answer.timings_ms.items()},
    }


def spanned(answer: Answer) -> dict[str, Any]:
    """What a trace may know of an answer: figures only."""
    known = figures(answer) | {"confidence": answer.confidence, "attacks": None, "held_back": len(answer.held_back)}
    return {f"policybot.{name}": value for name, value in known.items()}


def entry(job: Job, question_id: str, at: datetime, state: str, reason: str, answer: Answer | None) -> Entry:
    """The audit trail's row of a question. It names no direct message's channel, which would name the person."""
    facts: dict[str, Any] = {"kind": job.kind, "state": state, "reason": reason}
    if not job.channel.startswith("D"):
        facts["channel"] = job.channel
    return Entry("question", at, job.team, job.user, question_id, facts | (_answer_facts(answer) if answer else {}))


def entry_of_shortcut(question: Question, at: datetime, answer: Answer) -> Entry:
    """The same for a question of the message shortcut, which no job and no record tell of."""
    facts = {"kind": "aside", "state": "final", "reason": str(answer.outcome), **_answer_facts(answer)}
    return Entry("question", at, question.team, question.user, question.id, facts)


def _answer_facts(answer: Answer) -> dict[str, Any]:
    """What the audit trail knows of an answer: ids and verdicts."""
    verdicts = (f"{s.verdict}:{s.reason}" if s.reason else str(s.verdict) for s in answer.sentences)
    return {
        "outcome": str(answer.outcome),
        "prompt": answer.prompt,
        "model": answer.model,
        "passages": [passage.chunk_id for passage in answer.passages],
        "cited": sorted({citation.chunk_id for citation in answer.citations}),
        "verdicts": dict(collections.Counter(verdicts)),
        "held_back": dict(collections.Counter(held.reason for held in answer.held_back)),
    }
