"""A message -> the topic or matter that it most likely tells of, where no word of the lists says so. Pure.

Read of it: what it means (its vector; the bundled model reads English, so that other languages are put into English
first), its stems alone and in pairs, its letters. The message is read as a whole and clause by clause, and what tells
most decides: "Work is fine. But I keep planning how I'd do it." Fitted to told and asked messages of each kind, so that
a rule asked about is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.understanding.fitted import counted, letters, scored, without_accents
from bot.understanding.follow_up import leans
from bot.understanding.in_english import in_english
from bot.understanding.small_talk import wording
from bot.understanding.topics import CONFIDED, LONGEST, NOTHING, respelt
from knowledge.text.quantities import quantities
from knowledge.text.words import language, stem

# A row a dimension and one for the bias; KINDS, then none. By `python -m tests.eval.conversation.train topics`.
WEIGHTS = Path(__file__).parent.parent / "topic_weights.npy"
KINDS = (
    "self_harm", "emergency", "bereaved", "relative", "device", "phishing", "legal", "harassment", "strain", "health",
    "pregnancy", "dismissal", "debts", "addiction", "pay", "person", "delivery",
)  # fmt: skip
BY_WORDS = ("person", "delivery")  # nothing grave: left to the words
LIKELY = 0.82  # probability from which it is told; measured: python -m tests.eval.conversation.sensitive SETS
# probability of self-harm, below it is "health"; measured: python -m tests.eval.conversation.sensitive SETS
SURE = 0.6
# probability of none from which words tell nothing; measured: python -m tests.eval.conversation.sensitive SETS
NONE = 0.88
# probability of a matter, below it is not told which of several it is; measured:
# python -m tests.eval.conversation.sensitive SETS
CLEAR = 0.4
STEMS, LETTERS = 1024, 1024  # places that stems and letters are counted in; given: topic_weights.npy
MEANING, PAIR = 2.0, 0.5  # what the vector counts beside the words, and a pair of stems beside one; guess
TERMS = ("year", "month", "week")  # units of what rules count from: service, probation, notice
CLAUSES, BRIEF = 8, 3  # clauses that are read, and words of the shortest; guess

_CLAUSE = re.compile(r"(?<=[.!?;,:\n])\s+|\s[-–—]\s")
_WORD = re.compile(r"\w+")

Embed = Callable[[Sequence[str]], Any]  # n texts -> their n vectors by the bundled model


def likely(text: str, embed: Embed) -> str | None:
    """One of KINDS; NOTHING where it is none of them, None where that is not sure. Raises KnowledgeError.

    >>> likely("they told me today that my post is cut", MiniLM().embed)
    'dismissal'
    """
    text = respelt(text[:LONGEST])
    if text.rstrip().endswith("?") and leans(text) and any(one.unit in TERMS for one in quantities(text)):
        return None  # "and once I've done my 10 years?": what it means, what stood before tells
    clauses = [one for one in _CLAUSE.split(text) if len(one.split()) >= BRIEF]
    texts = [text, *(clauses[:CLAUSES] if len(clauses) > 1 else ())]
    rows = [_shares(row) for row in read(texts, language(text) or "en", embed)]
    self_harm, *kinds, nothing = max(rows, key=lambda shares: 1 - shares[-1])
    if self_harm >= SURE:
        return KINDS[0]
    if 1 - nothing >= LIKELY:
        kind = KINDS[1 + kinds.index(max(kinds))]
        if self_harm > max(kinds):
            return "health"
        return None if kind in BY_WORDS or (max(kinds) < CLEAR and kind not in CONFIDED) else kind
    return NOTHING if nothing > NONE else None


def _shares(row: Any) -> list[float]:
    """The probability of each of KINDS and of none."""
    import numpy as np

    scores = scored(row, WEIGHTS)
    shares: list[float] = np.exp(scores - np.logaddexp.reduce(scores)).tolist()
    return shares


def read(texts: Sequence[str], spoken: str, embed: Embed) -> list[Any]:
    """What is known of each text in this language (ISO 639-1), a row each."""
    import numpy as np

    english = [in_english(text, spoken)[0] for text in texts]
    vectors = embed([wording(put or text) for text, put in zip(texts, english, strict=True)])
    rows = []
    for text, put, vector in zip(texts, english, vectors, strict=True):
        words = _WORD.findall(without_accents(text))
        by_letters = counted(((one, 1.0) for one in letters(words)), LETTERS)
        by_stems = counted(_told(words, spoken, put), STEMS)
        rows.append(np.concatenate([np.multiply(vector, MEANING), by_stems, by_letters]))
    return rows


def _told(words: Sequence[str], spoken: str, english: str) -> list[tuple[str, float]]:
    """Stems and pairs of them, in the language spoken and in English; "^" and "$" are the ends."""
    put = _WORD.findall(without_accents(english))
    said = ["^", *(stem(word, spoken) for word in words), "|", *(stem(word) for word in put), "$"]
    return [(one, 1.0) for one in said] + [(f"{one} {other}", PAIR) for one, other in pairwise(said)]
