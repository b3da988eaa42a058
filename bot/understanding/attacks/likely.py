"""A message and its vector (bundled model) -> the log odds that it is an attack on the bot. Pure.

Read of it: what it means (the vector), the ideas its words hold, alone, in pairs and at its beginning, and its letters
by threes to fives. Ideas are the same in every language (attack_ideas.toml), so what is learned of one holds for all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

from bot.understanding.small_talk import scored
from knowledge.text.words import data_file

# A number a dimension and one for the bias. By `python -m tests.eval.conversation.train_attacks`.
WEIGHTS = Path(__file__).parent.parent / "attack_weights.npy"
IDEAS, LETTERS = 1024, 2048  # places that ideas and letters are counted in; given: attack_weights.npy
PAIR = 0.3  # what a pair of ideas counts beside one idea; guess
REACH, FIRST = 5, 3  # words between which ideas are a pair; words that are a beginning; guess
SHORT, LONG = 5, 14  # words below and above which a message is short and long; guess

_WORD = re.compile(r"\w+")
_SIGNS = {"?": re.compile(r"\?"), "?$": re.compile(r"\?\s*$"), "<": re.compile(r"[<>\[\]{}|]")}
_SIGNS |= {":": re.compile(":"), '"': re.compile(r'["“”«»„]')}


def likely_attack(text: str, vector: Sequence[float]) -> float:
    """The log odds of an attack."""
    return float(scored(read(text, vector), WEIGHTS))


def read(text: str, vector: Sequence[float]) -> Any:
    """What is known of a message, as one row."""
    import numpy as np

    words = _WORD.findall(_plain(text))
    said = f" {' '.join(words)} "
    letters = {said[at : at + n] for n in (3, 4, 5) for at in range(len(said) - n + 1)}
    return np.concatenate(
        [vector, _counted(_told(text, words), IDEAS), _counted(((one, 1.0) for one in letters), LETTERS)]
    )


def _told(text: str, words: Sequence[str]) -> Iterator[tuple[str, float]]:
    """The ideas of a message and what its form tells, each once, with what it counts."""
    held = [_ideas(word) for word in words]
    pairs = {
        f"{one} {other}"
        for at, ones in enumerate(held)
        for others in held[at + 1 : at + 1 + REACH]
        for one in ones
        for other in others
    }
    first = {f"first {one}" for ones in held[:FIRST] for one in ones}
    form = {sign for sign, pattern in _SIGNS.items() if pattern.search(text)}
    form |= {"short"} if len(words) < SHORT else {"long"} if len(words) > LONG else set()
    yield from ((one, 1.0) for one in {one for ones in held for one in ones} | first | form)
    yield from ((pair, PAIR) for pair in pairs)


def _counted(told: Iterable[tuple[str, float]], places: int) -> Any:
    import numpy as np

    row = np.zeros(places)
    for one, counts in told:
        row[crc32(one.encode(errors="replace")) % places] += counts
    return row / (np.linalg.norm(row) or 1.0)


def _plain(text: str) -> str:
    """Small letters without accents."""
    said = unicodedata.normalize("NFKD", text.casefold().replace("ı", "i"))
    return "".join(letter for letter in said if not unicodedata.combining(letter))


@lru_cache(4096)
def _ideas(word: str) -> tuple[str, ...]:
    starts, wholes = _beginnings()
    longest = min(len(word), max(map(len, starts)))
    found = {idea for n in range(1, longest + 1) for idea in starts.get(word[:n], ())}
    return tuple(sorted(found | {*wholes.get(word, ())}))


@cache
def _beginnings() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Ideas by the beginnings of words, and by whole words."""
    starts: dict[str, list[str]] = {}
    wholes: dict[str, list[str]] = {}
    for idea, listed in data_file("bot.understanding", "attack_ideas.toml").items():
        for word in listed.split():
            (wholes if word.endswith("=") else starts).setdefault(word.removesuffix("="), []).append(idea)
    return starts, wholes
