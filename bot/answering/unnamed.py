"""What a question asks about that the manual never names: "the gym shower", where no section knows a gym. Pure.

A near question that can't be answered is often about a thing that stands nowhere: what is quoted for it is on its
neighbour. Only things count, not what people tell beside them ("stolen on the tram"): words of a clause that asks,
behind an article or preposition, that neither the glossary nor the meaning brings near to anything found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import cache
from itertools import pairwise

from bot.answering.lexicon import phrases
from knowledge.text.words import stopwords
from knowledge.types import Nearness

NEAR = 0.6  # cosine of a word and its nearest among the sentences read, from which these name it; guess

_VERB = re.compile(r"(?:n't|'(?:m|re|ve|ll|d))\Z")  # "I'm suing": no thing behind "by Christmas"
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|[.,;:!?]")


def unnamed(question: str, unknown: Set[str], near: Sequence[Nearness], *, named: bool) -> tuple[str, ...]:
    """The things asked about that stand nowhere, as they are written; `near` is what came nearest.

    With `named`, what is quoted names what the glossary puts for them.
    """
    if named or not unknown:
        return ()
    nearest: dict[int, float] = {}
    for one in near:
        for start, cosine in one.words:
            nearest[start] = max(cosine, nearest.get(start, -1.0))
    lacking = (word for at, word in things(question) if word.lower() in unknown and nearest.get(at, 1.0) < NEAR)
    return tuple(dict.fromkeys(lacking))


def things(question: str) -> list[tuple[int, str]]:
    """(where it begins, word) of the things in the clauses that ask.

    "My phone got stolen on the tram, who pays for the repair?" -> [(47, "repair")]
    """
    named_things: list[tuple[int, str]] = []
    signs = phrases("things")
    before, generic, empty, tells = set(signs["before"]), set(signs["generic"]), stopwords(), set(signs["tells"])
    pieces = _clauses(question)
    asking = [piece for piece in pieces if _asking().match(piece[1])]
    for offset, piece in asking or pieces:
        inside = False
        for match in _WORD.finditer(piece):
            word = match[0].lower().replace("’", "'")
            if named_things and word in tells and piece[: match.start()].rstrip().endswith(named_things[-1][1]):
                named_things.pop()  # "my lawyer says": who says it is not what is asked about
            if word in before:
                inside = True
            elif word in empty or word in tells or not word[0].isalnum() or _VERB.search(word):
                inside = False
            elif inside and word not in generic and not word[0].isdigit():
                named_things.append((offset + match.start(), match[0]))
    return named_things


def _clauses(text: str) -> list[tuple[int, str]]:
    """(where it begins, clause) of each."""
    starts = [0, *(match.end() for match in _border().finditer(text)), len(text)]
    return [(a, text[a:b]) for a, b in pairwise(starts) if text[a:b].strip()]


@cache
def _border() -> re.Pattern[str]:
    signs = {name: "|".join(listed) for name, listed in phrases("things").items()}
    return re.compile(rf"[.!?;:,]\s|\s(?=(?:{signs['joins']}) (?:{signs['subjects']})\b)", re.I)


@cache
def _asking() -> re.Pattern[str]:
    return re.compile(rf"\W*(?:\w+\W+){{0,2}}?(?:{'|'.join(phrases('things')['asks'])})\b", re.I)
