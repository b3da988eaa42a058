"""Question and passages -> the calibrated probability that the passages can answer it. Pure.

The rule kept: one number decides before any model call, and its threshold is a setting with this default. Knows only
what retrieval says about the passages and which words stand in them; that an answer is true is the check's work.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.llm.extractive import Reading
from knowledge.types import Passage

THRESHOLD = 0.35  # below it the question is refused

TOP = 5  # passages looked at


def signals(question: str, passages: Sequence[Passage]) -> tuple[float, ...]:
    """What the probability is made from; each about 0..1."""
    top = passages[:TOP]
    reading = Reading(question, top)
    similarities = sorted((p.similarity for p in passages if p.similarity is not None), reverse=True)
    return (
        similarities[0] if similarities else 0.45,
        sum(similarities[:TOP]) / TOP if similarities else 0.4,
        max(p.lexical for p in top),
        reading.share(set().union(*reading.held)),
        max((reading.share(set(said)) for own in reading.stems for said in own), default=0.0),
    )


WEIGHTS = (6.0, 2.0, 1.0, 1.5, 0.5)
BIAS = -4.0


def confidence(question: str, passages: Sequence[Passage]) -> float:
    """Probability 0..1 that `passages` (best first) hold the answer; 0 without passages."""
    if not passages:
        return 0.0
    logit = BIAS + sum(w * x for w, x in zip(WEIGHTS, signals(question, passages), strict=True))
    return 1 / (1 + math.exp(-logit))
