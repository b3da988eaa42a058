"""What was found for a part of a question, and the policy that answers are made by. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.types import Passage


@dataclass(frozen=True, slots=True)
class AnswerPolicy:
    """How to answer; see bot/settings.py for the settings behind them."""

    threshold: float
    context_tokens: int = 2300
    docs_url: str | None = None
    rewrite_s: float = 1.5
    verify_s: float = 2.0  # longest wait for one verdict of the verifier
    passages: int = 40


@dataclass(frozen=True, slots=True)
class Search:
    """One part of the question with what was found for it."""

    text: str
    passages: tuple[Passage, ...]
    confidence: float
    rarest: float


def interleave(rankings: Sequence[Sequence[Passage]]) -> tuple[Passage, ...]:
    """One ranking from several: the best of each first, each passage once."""
    merged: dict[str, Passage] = {}
    for rank in range(max((len(r) for r in rankings), default=0)):
        for ranking in rankings:
            if rank < len(ranking):
                merged.setdefault(ranking[rank].chunk_id, ranking[rank])
    return tuple(merged.values())
