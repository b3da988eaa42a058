"""What this process has done, in Prometheus' text form for /metrics: counts and times, no ids, nothing people wrote.

In: each question when it ends, each vote when it is stored. Out: text. Rule kept: labels are codes and model names, so
that there are few of them.
"""

from __future__ import annotations

from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, generate_latest

from bot.store.feedback import Change
from bot.types import Answer, Outcome

SECONDS = (0.25, 0.5, 1, 2, 3, 5, 8, 13, 21, 34, 60)  # upper bounds of the buckets

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The figures of one process since its start."""

    def __init__(self) -> None:
        self._registry = found = CollectorRegistry()
        Info("policybot", "The running version.", registry=found).info({"version": version("policybot")})
        self.open = Gauge("policybot_questions_open", "Questions being answered now.", registry=found)
        self._questions = Counter(
            "policybot_questions", "Questions that ended, by outcome and its code.", ("outcome", "code"), registry=found
        )
        self._first = Histogram(
            "policybot_first_words_seconds", "From the start of an answer to its first words.", buckets=SECONDS,
            registry=found,
        )  # fmt: skip
        self._took = Histogram(
            "policybot_answer_seconds", "From the claim of a question to its end.", buckets=SECONDS, registry=found
        )
        self._age = Histogram(
            "policybot_question_age_seconds", "From Slack's event to the end.", buckets=SECONDS, registry=found
        )
        self._tokens = Counter(
            "policybot_tokens", "Tokens, by feature, model and direction.", ("feature", "model", "direction"),
            registry=found,
        )  # fmt: skip
        self._cost = Counter(
            "policybot_cost_usd", "Dollars at list prices, by feature and model.", ("feature", "model"), registry=found
        )
        self._held = Counter(
            "policybot_sentences_held_back", "The model's sentences that were not shown, by reason.", ("reason",),
            registry=found,
        )  # fmt: skip

        self._votes = Counter(
            "policybot_votes", "Votes that were cast or changed, by what they say.", ("value",), registry=found
        )

    def voted(self, change: Change) -> None:
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
