"""A recorded question -> the row that `questions`, `explain` and `report` show: people as pseudonyms. Pure.

In: bot.store.answers.Asked. Out: JSON-ready dicts. Rule kept: no user id leaves; what people wrote is shown as they
wrote it, for that is what the policy owner needs to read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot import json_rows
from bot.types import Answer, Outcome

if TYPE_CHECKING:
    from bot.store.answers import Asked

Named = Callable[[str], str]  # a user id's pseudonym


def nearest(answer: Answer) -> tuple[str, tuple[str, ...]] | None:
    """(document, section) that it is about: what the answer cites, a refusal came near, or was found first."""
    for places in (answer.citations, answer.closest, answer.passages):
        if places:
            return places[0].document, places[0].section
    return None


def section(place: tuple[str, tuple[str, ...]] | None) -> str | None:
    """The place in words: "travel.pdf: 4 Hotels > 4.2 Limits"."""
    if place is None:
        return None
    document, headings = place
    return f"{document}: {json_rows.SEPARATOR.join(headings)}" if headings else document


def why(answer: Answer) -> str | None:
    """Why it is no plain answer: the code of the failure, or the remark of a refusal."""
    if answer.outcome is Outcome.FAILED:
        return answer.error[0] if answer.error else None
    return answer.degraded_reason or (answer.notes[0] if answer.outcome is Outcome.REFUSED and answer.notes else None)


def row(asked: Asked, named: Named) -> dict[str, Any]:
    """A line of `questions --json`."""
    record, answer = asked.record, asked.record.answer
    return {
        "id": record.id,
        "at": record.created_at.isoformat(timespec="seconds"),
        "outcome": answer.outcome.value,
        "why": why(answer),
        "person": named(record.question.user or "") or None,
        "collection": ", ".join(record.question.collections),
        "question": record.question.text,
        "closest": section(nearest(answer)),
        "votes": [
            {"value": vote.value, "reason": vote.reason, "comment": vote.comment, "person": named(vote.user)}
            for vote in asked.votes
        ],
    }
