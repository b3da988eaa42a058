"""Question and passages -> the calibrated probability that the passages can answer it. Pure.

The rule kept: one number decides before any model call, and again after sentences were chosen without a model; its
threshold is a setting (POLICYBOT_REFUSE_BELOW). Knows what retrieval says about the passages and which words stand in
them; whether a sentence is true is the check's work. It tells off-topic questions well, near-topic ones by missing
names, a word that the collection hardly knows, and how near the nearest sentence comes (docs/lab).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from bot.answering.scoring import Reading
from knowledge.text.words import STOPWORDS
from knowledge.types import Nearness, Passage

TOP = 5  # passages that count for words

# Trained by tests/eval/train_answers.py; the order is that of `signals`. The share of the question's words that the
# passages hold was tried and left out: people's own words share few, and near-topic questions many.
WEIGHTS = (9.25, 0.53, -1.2)
BIAS = -4.3
# While no vector is there, by words alone: (lexical, length, missing).
LEXICAL_WEIGHTS = (4.4, 2.2, -1.4)
LEXICAL_BIAS = -3.0
# Once sentences were looked at; the order is that of `sentence_signals`.
SENTENCE_WEIGHTS = (10.7, 3.4, -0.8, -0.36, 2.5)
SENTENCE_BIAS = -7.05
COMMON = 6.0  # idf of a word that stands in every 400th passage: rarer ones count against the question

_TOKEN = re.compile(r"\w[\w./-]*")


def signals(question: str, passages: Sequence[Passage]) -> tuple[float, ...]:
    """What the probability is made from: nearness 0..1, length of the question 0..1, names that stand nowhere."""
    if any(p.similarity is not None for p in passages):
        nearness = max(0.0, *(p.similarity or 0.0 for p in passages))
    else:
        nearness = max(p.lexical for p in passages[:TOP])
    return (
        nearness,
        min(len(set(Reading(question, ()).asked)), 10) / 10,
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
    words_only = all(p.similarity is None for p in passages)
    weights, bias = (LEXICAL_WEIGHTS, LEXICAL_BIAS) if words_only else (WEIGHTS, BIAS)
    return _probability(weights, bias, signals(question, passages))


def second(question: str, passages: Sequence[Passage], rarest: float, near: Sequence[Nearness]) -> float:
    """The probability again, once it is known how near the best sentences are to the question."""
    if not passages or not near:
        return 0.0
    return _probability(SENTENCE_WEIGHTS, SENTENCE_BIAS, sentence_signals(question, passages, rarest, near))


def sentence_signals(
    question: str, passages: Sequence[Passage], rarest: float, near: Sequence[Nearness]
) -> tuple[float, ...]:
    """Mean of the nearest passage and the nearest sentence, length, names, rarest word, best of the weakest words.

    A near question that can't be answered often asks for one thing that the whole collection never mentions, or that
    no sentence comes near to, though the rest of it is near.
    """
    nearest, length, names = signals(question, passages)
    best = max(one.whole for one in near)
    mean = best if all(p.similarity is None for p in passages) else (nearest + best) / 2
    return mean, length, names, max(0.0, rarest - COMMON), max(one.weakest for one in near)


def _probability(weights: Sequence[float], bias: float, values: Sequence[float]) -> float:
    return 1 / (1 + math.exp(-bias - sum(w * x for w, x in zip(weights, values, strict=True))))
