"""Question and passages -> the calibrated probability that the passages can answer it. Pure.

The rule kept: one number decides before any model call, and its threshold is a setting with this default. Knows what
retrieval says about the passages and which words stand in them; whether a sentence is true is the check's work. It
tells off-topic questions well, near-topic ones only by their missing names and rare words (docs/experiments.md).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from bot.llm.extractive import Reading
from bot.words import STOPWORDS
from knowledge.types import Passage

THRESHOLD = 0.15  # below it a question is refused: about 1 in 14 answerable ones on the hardest set

TOP = 5  # passages that count for words

# Trained by tests/eval/train_refusal.py; the order is that of `signals`.
WEIGHTS = (8.8, 2.5, 1.8, -1.2)
BIAS = -6.06
# While no vector is there: by words alone.
LEXICAL_WEIGHTS = (4.4, 2.2, -1.4)
LEXICAL_BIAS = -3.0

_TOKEN = re.compile(r"\w[\w./-]*")


def signals(question: str, passages: Sequence[Passage]) -> tuple[float, ...]:
    """What the probability is made from; all but the last 0..1."""
    similarity = max(0.0, *(p.similarity or 0.0 for p in passages))
    lexical = max(p.lexical for p in passages[:TOP])
    return (
        similarity,
        similarity * lexical if any(p.similarity is not None for p in passages) else lexical,
        min(len(set(Reading(question, ()).asked)), 10) / 10,  # long questions share fewer of their words
        float(len(missing(question, passages))),
    )


def missing(question: str, passages: Sequence[Passage]) -> list[str]:
    """Names, acronyms, numbers and codes of the question that stand in no passage."""
    text = " ".join(" ".join((p.title, *p.section, p.text)) for p in passages).lower()
    found = []
    for i, match in enumerate(_TOKEN.finditer(question)):
        token = match.group().strip("./-")
        special = any(c.isdigit() for c in token) or any(c.isupper() for c in (token[1:] if i == 0 else token))
        if special and token.lower() not in STOPWORDS and not re.search(rf"\b{re.escape(token.lower())}\b", text):
            found.append(token)
    return found


def confidence(question: str, passages: Sequence[Passage]) -> float:
    """Probability 0..1 that `passages` (best first) hold the answer; 0 without passages."""
    if not passages:
        return 0.0
    values = signals(question, passages)
    if all(p.similarity is None for p in passages):
        logit = LEXICAL_BIAS + sum(w * x for w, x in zip(LEXICAL_WEIGHTS, values[1:], strict=True))
    else:
        logit = BIAS + sum(w * x for w, x in zip(WEIGHTS, values, strict=True))
    return 1 / (1 + math.exp(-logit))
