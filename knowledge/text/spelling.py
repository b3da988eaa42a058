"""Misspelt words of a question -> the words that were meant. Pure.

A word is misspelt when neither the collection nor the embedder's dictionary has it, in no form, and one edit makes it a
word of the dictionary: "vaction" -> "vacation". Names and new words, which no edit makes known, stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from rapidfuzz.distance import OSA

SHORTEST = 5  # letters of a word that is mended, and then only to one that the collection has; guess
SHORTEST_BASE = 3  # letters of a word that another is a form of; guess
ENDINGS = ("s", "es", "ed", "d", "er", "ers", "ing", "ings", "y", "ly", "in", "up", "out")  # "movers", "login"
_WORD = re.compile(r"[^\W\d_]+")


class Speller:
    """Holds a dictionary, its most frequent words first."""

    def __init__(self, words: Sequence[str]) -> None:
        self._rank = {word: n for n, word in enumerate(words)}
        self._alike: dict[tuple[str, int], list[str]] = {}  # by first letter and length
        for word in words:
            self._alike.setdefault((word[:1], len(word)), []).append(word)

    def knows(self, word: str) -> bool:
        """Whether the dictionary has it, or what it is a form of: "pinged" of "ping", "dodgy" of "dodge"."""
        bases = [word, *(word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending))]
        return any(base in self._rank or f"{base}e" in self._rank for base in bases if len(base) >= SHORTEST_BASE)

    def mended(self, text: str, is_known: Callable[[str], bool]) -> Mapping[str, str]:
        """Each misspelt word, in small letters, with the word meant: one the collection has before any other."""
        found: dict[str, str] = {}
        for word in dict.fromkeys(_WORD.findall(text.lower())):
            if len(word) < SHORTEST or self.knows(word) or is_known(word):
                continue
            near = [
                one
                for size in (len(word) - 1, len(word), len(word) + 1)
                for one in self._alike.get((word[0], size), ())
                if OSA.distance(word, one, score_cutoff=1) <= 1 and (is_known(one) or len(word) > SHORTEST)
            ]
            if near:
                found[word] = min(near, key=lambda one: (not is_known(one), self._rank[one]))
        return found


def mend(text: str, words: Mapping[str, str]) -> str:
    """The text with these words, in small letters, in place of the misspelt ones."""
    return _WORD.sub(lambda match: words.get(match[0].lower(), match[0]), text) if words else text
