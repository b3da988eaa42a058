"""Questions that read like attacks on the bot rather than questions: text in, the kinds of attack out, () for most.

A mark that is recorded and makes the check stricter; nothing is refused for it, for people ask about jailbreaks, system
prompts and ignored rules, too. What is told: patterns, one file a language, all languages read as one, outside of what
is quoted; and, where there is a vector (bundled model), a score: of what the message means (the vector), the ideas its
words hold, alone, in pairs and at its beginning, its letters by threes to fives, its words, alone and by twos. Ideas
are the same in every language (attack_ideas.toml), so what is learned of one holds for all. The score overrules a
pattern in what is plainly a question. Pure.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.types import Question
from bot.understanding.fitted import counted, letters, scored, without_accents
from knowledge.text.injection import flag, hidden, readings
from knowledge.text.words import data_file, pattern, word_lists

MOST = 600  # characters of a text or sentence that are looked at at once; guess
ATTACK = 2.5  # log odds that tell an attack; measured: python -m tests.eval.conversation.train_attacks --held-out SETS
HARMLESS = -2.0  # log odds below which a pattern is not believed; measured: python -m tests.eval.attacks
# A number a dimension and one for the bias. By `python -m tests.eval.conversation.train_attacks`.
WEIGHTS = Path(__file__).parent.parent / "attack_weights.npy"
PLACES = 2048  # that ideas, letters and words are counted in, each; given: attack_weights.npy
PAIR = 0.3  # what a pair of ideas counts beside one idea; guess
REACH, FIRST = 5, 3  # words between which ideas are a pair; words that are a beginning; guess
SHORT, LONG = 5, 14  # words below and above which a message is short and long; guess

Meaning = Callable[[str], float | None]  # log odds that a text is an attack; None where that can't be told

_MENTION = re.compile(r"<[@!#][^<>\n]{0,80}>")  # of a person or a channel: people write them, too
_FORM = re.compile(
    r"\b(?:your|the|that) (?:last )?(?:answers?|repl(?:y|ies)|summary)(?= (?:please|again|as|in)\b|\W*$)", re.I
)
_PIECE = re.compile(rf"[^\n.!?。！？;]{{1,{MOST}}}[.!?。！？;]?")
# What somebody else has said, and is asked about.
_QUOTED = re.compile(
    r"""\"[^\"\n]{1,300}\"|“[^”\n]{1,300}”|„[^“”\n]{1,300}[“”]|«[^»\n]{1,300}»|(?<!\w)['‘][^'’\n]{1,300}['’](?!\w)"""
)
# A mail that was pasted or passed on below what its reader asks of it.
_PASTED = re.compile(
    r"^>.*$|^\W*(?:-{3,}|(?:from|von|de|kimden): ).*\Z|\b(?:fwd?|wg|tr|rv)\b[^:\n]{0,40}:", re.I | re.M | re.S
)
_WORD = re.compile(r"\w+")
_SIGNS = {"?": re.compile(r"\?"), "?$": re.compile(r"\?\s*$"), "<": re.compile(r"[<>\[\]{}|]")}
_SIGNS |= {":": re.compile(":"), '"': re.compile(r'["“”«»„]')}


def attacks(question: Question, meaning: Meaning = lambda _: None) -> tuple[str, ...]:
    """The kinds of attack in a question and in what its asker said before it, sorted."""
    own = [turn.text for turn in question.history if turn.role == "user" and turn.speaker in ("", question.speaker)]
    return tuple(sorted({kind for text in (*own, question.text) for kind in kinds(text, meaning)}))


def kinds(text: str, meaning: Meaning = lambda _: None) -> set[str]:
    """What kinds of attack a text holds."""
    by_words = _worded(text)
    odds = None if by_words & {"hidden", "disguised"} else meaning(text)  # a disguise hides the meaning, too
    if odds is None:
        return by_words
    if odds > ATTACK and ((own := _own(text)) == text or (meaning(own) or 0.0) > 0.0):
        return by_words | {"meaning"}
    return by_words if odds > HARMLESS else set()


def _own(text: str) -> str:
    """What the asker says besides what somebody else has said; all where that is next to nothing."""
    own = _QUOTED.sub(" ", _PASTED.sub(" ", text))
    return own if len(_WORD.findall(own)) >= FIRST else text


def _worded(text: str) -> set[str]:
    kinds_worded = {"hidden"} if hidden(text) else set()
    for n, reading in enumerate(readings(_QUOTED.sub(" ", text).strip() or text)):
        in_reading = {kind for kind in word_lists(__name__) if _stands(pattern(__name__, "", f"%{kind}%"), reading)}
        in_reading |= {"order"} if flag(_FORM.sub(" ", _MENTION.sub(" ", reading))) else set()
        kinds_worded |= in_reading | ({"disguised"} if in_reading and n else set())
    return kinds_worded


def _stands(kind: re.Pattern[str], text: str) -> bool:
    return any(kind.search(piece[0]) for piece in _PIECE.finditer(text))


def likely_attack(text: str, vector: Sequence[float]) -> float:
    """The log odds of an attack."""
    return float(scored(read(text, vector), WEIGHTS))


def read(text: str, vector: Sequence[float]) -> Any:
    """What is known of a message, as one row."""
    import numpy as np

    words = _WORD.findall(without_accents(text))
    phrases = {*words, *map(" ".join, pairwise(words))}
    once = (((one, 1.0) for one in found) for found in (letters(words), phrases))
    told = (_told(text, words), *once)
    return np.concatenate([vector, *(counted(one, PLACES) for one in told)])


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


@lru_cache(4096)
def _ideas(word: str) -> tuple[str, ...]:
    starts, wholes = _beginnings()
    longest = min(len(word), max(map(len, starts)))
    ideas = {idea for n in range(1, longest + 1) for idea in starts.get(word[:n], ())}
    return tuple(sorted(ideas | {*wholes.get(word, ())}))


@cache
def _beginnings() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Ideas by the beginnings of words, and by whole words."""
    starts: dict[str, list[str]] = {}
    wholes: dict[str, list[str]] = {}
    for idea, listed in data_file("bot.understanding", "attack_ideas.toml").items():
        for word in listed.split():
            (wholes if word.endswith("=") else starts).setdefault(word.removesuffix("="), []).append(idea)
    return starts, wholes
