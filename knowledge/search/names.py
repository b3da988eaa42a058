"""What documents are called, and which of them a question names. Pure.

In: live documents, a question. Out: a boost for each document that is named. A name counts by two words or more, with a
digit, or in quotation marks: one ordinary word ("monitor") is what the question is about, not a document.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.search.lexical import STOP, phrases, tokens

if TYPE_CHECKING:
    from knowledge.catalog.reading import Name

NAMED_BOOST = 0.25  # score for chunks of a document that the question names; guess
GLUED_BOOST = 0.1  # score for chunks of a document whose file name is glued from words of the question; guess
NAMED_SHARE = 0.7  # share of a name's weight that a question must hold to name it; guess
GLUED_WORDS = 3  # neighbouring words of a question that a part of a file name may be glued from; guess
LEFT_WORDS = 2  # telling words that must be left of a question without the name in it; guess

_SUFFIX = re.compile(r"\.\w{2,5}$")
_PART = re.compile(r"[^\W\d_]+|\d+")  # FY2019: fy, 2019
_GLUED = re.compile(r"(?=.*\d)[^\W_]+(?:[_\-][^\W_]+)+")  # ACME_2019_10K


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
            sets = {frozenset(tokens(text)) - STOP for text in (*titles, stem, *parts)}
            variants[doc.revision] = [words for words in sets if words]
            if _GLUED.fullmatch(stem):
                glued[doc.revision] = frozenset(re.split(r"[_\-]", stem.lower()))
            count.update(frozenset().union(*sets, glued.get(doc.revision, frozenset())))
        weight = {word: math.log(len(documents) / many) for word, many in count.items()}
        return cls(variants, glued, weight)

    def named(self, question: str) -> dict[int, float]:
        """The boost of each document that the question names, NAMED_BOOST or GLUED_BOOST."""
        asked = set(tokens(question)) - STOP
        quoted = {frozenset(tokens(phrase)) - STOP for phrase in phrases(question)}
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
                if not held[at] <= name | STOP:
                    break
                total += sum(self.weight.get(part, 0.0) for part in held[at] & name)
                if held[at] & name and total > best:
                    best, run = total, (start, at + 1)
        rest = words[: run[0]] + words[run[1] :]
        return " ".join(rest) if len(set(tokens(" ".join(rest))) - STOP) >= LEFT_WORDS else ""


def _glued(question: str) -> set[str]:
    """The question's words, their runs of letters and of digits, and neighbours written as one: best buy, bestbuy."""
    words = [word for word in re.findall(r"[^\W_]+", question.lower().replace("'s", "").replace("’s", "")) if word]
    runs = [
        "".join(words[start : start + size])
        for size in range(1, GLUED_WORDS + 1)
        for start in range(len(words) - size + 1)
    ]
    return {*runs, *(part for word in words for part in _PART.findall(word))}
