"""What is told of a question once it ended: figures for the log, ids and verdicts for the audit trail; no words.

Pure. In: a job, its answer. Out: fields of a log line, an audit entry.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from bot.store.audit import Entry
from bot.store.jobs import Job
from bot.types import Answer, Question


def figures(answer: Answer) -> dict[str, Any]:
    """What the log may know of an answer: figures only."""
    return {
        "outcome": str(answer.outcome),
        "degraded": answer.degraded_reason,
        "error": answer.error[0] if answer.error else None,
        "model": answer.model,
        "attacks": list(answer.attacks),
        "citations": len(answer.citations),
        "held_back": dict(Counter(held.reason for held in answer.held_back)),
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
    return Entry("question", at, job.team, job.user, question_id, facts | (_told(answer) if answer else {}))


def entry_aside(question: Question, at: datetime, answer: Answer) -> Entry:
    """The same for a question of the message shortcut, which no job and no record tell of."""
    facts = {"kind": "aside", "state": "final", "reason": str(answer.outcome), **_told(answer)}
    return Entry("question", at, question.team, question.user, question.id, facts)


def _told(answer: Answer) -> dict[str, Any]:
    """What the audit trail knows of an answer: ids and verdicts."""
    verdicts = (f"{s.verdict}:{s.reason}" if s.reason else str(s.verdict) for s in answer.sentences)
    return {
        "outcome": str(answer.outcome),
        "prompt": answer.prompt,
        "model": answer.model,
        "passages": [passage.chunk_id for passage in answer.passages],
        "cited": sorted({citation.chunk_id for citation in answer.citations}),
        "verdicts": dict(Counter(verdicts)),
        "held_back": dict(Counter(held.reason for held in answer.held_back)),
    }
