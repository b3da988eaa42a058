"""One ranking from two: cosines and BM25 of the candidates in, fused order out. Pure; the numbers to tune are on top.

Measured choices are in docs/lab.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.search.lexical import STOP, tokens
from knowledge.types import edition_order

CANDIDATES = 60  # chunks of each kind, for each text; measured: policybot eval GOLD --retrieval
LEXICAL_WEIGHT = 0.4  # share of the sum; the rest is the cosine's; measured: policybot eval GOLD --retrieval
NAMED_BOOST = 0.25  # score for chunks of a document that the question names; guess
NAMED_SHARE = 0.7  # share of a name's weight that a question must hold to name it; guess
# times a document's best score for the thread, for each of its chunks: a thread stays on its document; measured:
# policybot eval GOLD --retrieval
STAY = 1.0
LEFT_WORDS = 2  # telling words that must be left of a question without the name in it; guess
SAME_SHARE = 0.6  # share of common words (Jaccard) from which two passages state the same rule; guess


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one text's searches say of a chunk."""

    chunk_id: str
    similarity: float | None  # None while its vector is pending
    lexical: float  # BM25, 0 or more
    named: bool = False  # its document is named in the question


def fuse(candidates: Sequence[Candidate], most: float) -> dict[str, float]:
    """A score for each candidate of one text: weighted sum of the cosine and of BM25 as a share of what it could be.

    Divided by `most`, not by the best found: words that a manual does not use then count little, and a keyword that
    stands there whole counts in full. That serves people's own words and exact terms with one weight.
    """
    scores: dict[str, float] = {}
    for one in candidates:
        cosine = max(0.0, one.similarity) if one.similarity is not None else 0.0
        words = one.lexical / most if most > 0 else 0.0
        score = (1 - LEXICAL_WEIGHT) * cosine + LEXICAL_WEIGHT * words
        scores[one.chunk_id] = score + (NAMED_BOOST if one.named else 0.0)
    return scores


def stay(scores: Mapping[str, float], document: Mapping[str, int]) -> dict[str, float]:
    """The scores of a thread's text, each chunk with a share of the best of its document."""
    best: dict[int, float] = {}
    for key, score in scores.items():
        best[document[key]] = max(score, best.get(document[key], 0.0))
    return {key: score + STAY * best[document[key]] for key, score in scores.items()}


def combine(rankings: Sequence[tuple[float, Mapping[str, float]]]) -> list[tuple[str, float]]:
    """Weighted sum over the texts of a query, best first; ties by id, so that equal input gives equal order."""
    whole = sum(weight for weight, _ in rankings) or 1.0
    total: dict[str, float] = {}
    for weight, scores in rankings:
        for key, score in scores.items():
            total[key] = total.get(key, 0.0) + weight / whole * score
    return sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))


@dataclass(frozen=True, slots=True)
class Text:
    """A ranked chunk as the order of editions sees it."""

    document: str
    text: str
    effective: date | None
    version: str | None

    @property
    def edition(self) -> tuple[date, list[tuple[int, str]]]:
        """What sorts editions, the later ones last."""
        return edition_order(self.effective, self.version)


def newest_first(texts: Sequence[Text]) -> list[int]:
    """Positions in the order to show: of equal texts the newest edition only, of conflicting ones the newest first."""
    editions = [one.edition for one in texts]
    same: dict[str, list[int]] = {}
    for at, one in enumerate(texts):
        same.setdefault(" ".join(one.text.lower().split()), []).append(at)
    order = [max(places, key=lambda at: (editions[at], -at)) for places in same.values()]
    if all(edition == editions[0] for edition in editions):
        return order
    words = {at: frozenset(re.findall(r"\w+", texts[at].text.lower())) for at in order}
    for i in range(1, len(order)):
        here = order[i]
        for j in range(i):
            other = order[j]
            if editions[other] < editions[here] and texts[other].document != texts[here].document:
                common = len(words[here] & words[other])
                if common >= SAME_SHARE * len(words[here] | words[other]):
                    order.insert(j, order.pop(i))
                    break
    return order


def named(
    question: Sequence[str], names: Mapping[int, Sequence[frozenset[str]]], weight: Mapping[str, float]
) -> set[int]:
    """Which documents a question names: `names` gives each one's (title words, file name words).

    `weight` says how telling a word is among names; unknown words count nothing.
    """
    asked = set(question)
    found: set[int] = set()
    for document, variants in names.items():
        for words in variants:
            whole = sum(weight.get(word, 0.0) for word in words)
            held = sum(weight.get(word, 0.0) for word in words & asked)
            if whole > 0 and held >= NAMED_SHARE * whole:
                found.add(document)
    return found


def without_name(question: str, names: Iterable[frozenset[str]], weight: Mapping[str, float]) -> str:
    """The question less the run of words that names its documents; "" when nothing telling is left.

    What is asked is then compared with the text of a section, not with the title that all its sections share.
    """
    name = frozenset().union(*names)
    words = question.split()
    held = [frozenset(tokens(word)) for word in words]
    best, telling = 0.0, (0, 0)
    for start, first in enumerate(held):
        if not first & name:
            continue
        total = 0.0
        for at in range(start, len(words)):
            if not held[at] <= name | STOP:
                break
            total += sum(weight.get(part, 0.0) for part in held[at] & name)
            if held[at] & name and total > best:
                best, telling = total, (start, at + 1)
    rest = words[: telling[0]] + words[telling[1] :]
    return " ".join(rest) if len(set(tokens(" ".join(rest))) - STOP) >= LEFT_WORDS else ""
