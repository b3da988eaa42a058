"""One ranking from two: cosines and BM25 of the candidates in, fused order out; which documents a question names. Pure.

The numbers to tune are on top; measured choices are in docs/lab. A document's name counts by two words or more, with a
digit, or in quotation marks: one ordinary word ("monitor") is what the question is about, not a document.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from knowledge.search.lexical import phrases, stop_words, tokens
from knowledge.types import Chunk, edition_order

if TYPE_CHECKING:
    from knowledge.catalog.reading import Name

RERANKED = 60  # first chunks whose words are compared with the question's; measured: policybot eval GOLD --retrieval
WORDS_WEIGHT = 0.75  # score for each 1 of cosine, word by word; measured: policybot eval GOLD --retrieval
CANDIDATES = 60  # chunks of each kind, for each text; measured: policybot eval GOLD --retrieval
LEXICAL_WEIGHT = 0.4  # share of the sum; the rest is the cosine's; measured: policybot eval GOLD --retrieval
# times a document's best score for the thread, for each of its chunks: a thread stays on its document; measured:
# policybot eval GOLD --retrieval
STAY = 1.0
PAIRS_KEPT = 16_384  # pairs of passages whose likeness is kept; guess
WORDS_KEPT = 1_024  # passages whose words are kept, about 5 kB each; guess
SAME_SHARE = 0.6  # share of common words (Jaccard) from which two passages state the same rule; guess
NAMED_BOOST = 0.25  # score for chunks of a document that the question names; guess
# score for chunks of a document whose file name is glued from words of the question; given: shared retrieval figures,
# FinanceBench page@5 .396 -> .453
GLUED_BOOST = 0.1
NAMED_SHARE = 0.7  # share of a name's weight that a question must hold to name it; guess
GLUED_WORDS = 3  # neighbouring words of a question that a part of a file name may be glued from; guess
LEFT_WORDS = 2  # telling words that must be left of a question without the name in it; guess
_SUFFIX = re.compile(r"\.\w{2,5}$")
_PART = re.compile(r"[^\W\d_]+|\d+")  # FY2019: fy, 2019
_GLUED = re.compile(r"(?=.*\d)[^\W_]+(?:[_\-][^\W_]+)+")  # ACME_2019_10K


class ChunkScores(NamedTuple):
    """What one text's searches say of a chunk."""

    chunk_id: str
    similarity: float | None  # None while its vector is pending
    lexical: float  # BM25, 0 or more
    boost: float = 0.0  # for a document that the question names


def fuse(candidates: Sequence[ChunkScores], most: float) -> dict[str, float]:
    """A score for each candidate of one text: weighted sum of the cosine and of BM25 as a share of what it could be.

    Divided by `most`, not by the best found: words that a manual does not use then count little, and a keyword that
    stands there whole counts in full. That serves people's own words and exact terms with one weight.
    """
    scores: dict[str, float] = {}
    for one in candidates:
        cosine = max(0.0, one.similarity) if one.similarity is not None else 0.0
        words = one.lexical / most if most > 0 else 0.0
        score = (1 - LEXICAL_WEIGHT) * cosine + LEXICAL_WEIGHT * words
        scores[one.chunk_id] = score + one.boost
    return scores


def keep_to_document(scores: Mapping[str, float], document: Mapping[str, int]) -> dict[str, float]:
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


def rerank(order: Sequence[tuple[str, float]], near: Mapping[str, float]) -> list[tuple[str, float]]:
    """The first RERANKED again, by their words too: `near` is how near those that have vectors are, word by word.

    What has none keeps its score, as if it were as near as the others on average.
    """
    if not near:
        return list(order)
    mean = sum(near.values()) / len(near)
    first = [(key, score + WORDS_WEIGHT * (near.get(key, mean) - mean)) for key, score in order[:RERANKED]]
    return [*sorted(first, key=lambda pair: (-pair[1], pair[0])), *order[RERANKED:]]


def newest_first(texts: Sequence[Chunk]) -> list[int]:
    """Positions in the order to show: of equal texts the newest edition only, of conflicting ones the newest first."""
    stated = [edition_order(one.effective, one.version) for one in texts]
    older_first = {edition: n for n, edition in enumerate(sorted(set(stated)))}
    editions = [older_first[edition] for edition in stated]  # numbers: each pair is compared
    same: dict[str, list[int]] = {}
    for at, one in enumerate(texts):
        same.setdefault(_normal(one.text), []).append(at)
    order = [max(places, key=lambda at: (editions[at], -at)) for places in same.values()]
    if all(edition == editions[0] for edition in editions):
        return order
    words = [_words(one.text) for one in texts]
    for i in range(1, len(order)):
        here = order[i]
        for j in range(i if editions[here] else 0):  # none is older than the oldest
            other = order[j]
            if editions[other] < editions[here] and texts[other].document != texts[here].document:
                fewest, most = sorted((len(words[here]), len(words[other])))
                if fewest >= SAME_SHARE * most and _likeness(words[here], words[other]) >= SAME_SHARE:
                    order.insert(j, order.pop(i))
                    break
    return order


@lru_cache(maxsize=WORDS_KEPT)
def _normal(text: str) -> str:
    return " ".join(text.lower().split())


@lru_cache(maxsize=WORDS_KEPT)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


@lru_cache(maxsize=PAIRS_KEPT)
def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the words of both that both have, 0..1; of two texts without words 1."""
    common = len(one & other)
    return common / (len(one) + len(other) - common) if one or other else 1.0


@dataclass(frozen=True, slots=True)
class Names:
    """What each document (by its revision) may be called, and how telling each word is among names."""

    variants: dict[int, list[frozenset[str]]]
    glued: dict[int, frozenset[str]]  # parts of a file name such as ACME_2019_10K
    weight: dict[str, float]

    @classmethod
    def of(cls, documents: Sequence[Name]) -> Names:
        """Titles and file names; a title that several share, or in capitals only, tells less than the file's name."""
        variants: dict[int, list[frozenset[str]]] = {}
        glued: dict[int, frozenset[str]] = {}
        count: Counter[str] = Counter()
        shared = Counter(doc.title.lower() for doc in documents)
        for doc in documents:
            stem = _SUFFIX.sub("", doc.path.rpartition("/")[2])
            # "NIST SP 800-63B - Digital ..."
            parts = [part for part in re.split(r" [-–—] |: ", stem) if " " in part.strip()]
            titles = [] if shared[doc.title.lower()] > 1 or doc.title.isupper() else [doc.title]
            if not re.search(r"[\s\d]", stem):  # travel-policy
                stem = re.sub(r"[_\-]", " ", stem)
            sets = {frozenset(tokens(text)) - stop_words() for text in (*titles, stem, *parts)}
            variants[doc.revision] = [words for words in sets if words]
            if _GLUED.fullmatch(stem):
                glued[doc.revision] = frozenset(re.split(r"[_\-]", stem.lower()))
            count.update(frozenset().union(*sets, glued.get(doc.revision, frozenset())))
        weight = {word: math.log(len(documents) / many) for word, many in count.items()}
        return cls(variants, glued, weight)

    def named(self, question: str) -> dict[int, float]:
        """The boost of each document that the question names, NAMED_BOOST or GLUED_BOOST."""
        asked = set(tokens(question)) - stop_words()
        quoted = {frozenset(tokens(phrase)) - stop_words() for phrase in phrases(question)}
        boosts: dict[int, float] = {}
        if self.glued:
            parts = _glued(question)
            boosts = {doc: GLUED_BOOST for doc, name in self.glued.items() if self._holds(parts, name)}
        for document, variants in self.variants.items():
            if any(words in quoted or self._holds(asked, words) for words in variants):
                boosts[document] = NAMED_BOOST
        return boosts

    def _holds(self, asked: set[str], name: frozenset[str]) -> bool:
        """Whether these words hold enough of the name to mean it."""
        held = name & asked
        if not held:
            return False
        if len(held) < 2 and not any(letter.isdigit() for word in held for letter in word):
            return False
        whole = sum(self.weight.get(word, 0.0) for word in name)
        return whole > 0 and sum(self.weight.get(word, 0.0) for word in held) >= NAMED_SHARE * whole

    def without(self, question: str, documents: Iterable[int]) -> str:
        """The question less the run of words that names these; "" when nothing telling is left.

        What is asked is then compared with the text of a section, not with the title that all its sections share.
        """
        name = frozenset(word for document in documents for words in self.variants[document] for word in words)
        words = question.split()
        held = [frozenset(tokens(word)) for word in words]
        best, run = 0.0, (0, 0)
        for start, first in enumerate(held):
            if not first & name:
                continue
            total = 0.0
            for at in range(start, len(words)):
                if not held[at] <= name | stop_words():
                    break
                total += sum(self.weight.get(part, 0.0) for part in held[at] & name)
                if held[at] & name and total > best:
                    best, run = total, (start, at + 1)
        rest = words[: run[0]] + words[run[1] :]
        return " ".join(rest) if len(set(tokens(" ".join(rest))) - stop_words()) >= LEFT_WORDS else ""


def _glued(question: str) -> set[str]:
    """The question's words, their runs of letters and of digits, and neighbours written as one: best buy, bestbuy."""
    words = [word for word in re.findall(r"[^\W_]+", question.lower().replace("'s", "").replace("’s", "")) if word]
    runs = [
        "".join(words[start : start + size])
        for size in range(1, GLUED_WORDS + 1)
        for start in range(len(words) - size + 1)
    ]
    return {*runs, *(part for word in words for part in _PART.findall(word))}
