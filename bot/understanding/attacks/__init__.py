"""Questions that read like attacks on the bot rather than questions: text in, the kinds of attack out, () for most.

A mark that is recorded and makes the check stricter; nothing is refused for it, for people ask about jailbreaks, system
prompts and ignored rules, too. One file of patterns a language, all languages read as one. The score of likely.py,
where it can be had, tells what no pattern knows, and overrules a pattern in what is plainly a question. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from bot.types import Question
from knowledge.text.injection import flag, hidden, readings
from knowledge.text.words import word_lists

MOST = 600  # characters of a text or sentence that are looked at at once; guess
ATTACK = 2.4  # log odds that tell an attack; measured: python -m tests.eval.conversation.train_attacks --held-out SETS
HARMLESS = -2.0  # log odds below which a pattern is not believed; measured: python -m tests.eval.attacks

Meaning = Callable[[str], float | None]  # log odds that a text is an attack; None where that can't be told

_MENTION = re.compile(r"<[@!#][^<>\n]{0,80}>")  # of a person or a channel: people write them, too
_FORM = re.compile(
    r"\b(?:your|the|that) (?:last )?(?:answers?|repl(?:y|ies)|summary)(?= (?:please|again|as|in)\b|\W*$)", re.I
)
_PIECE = re.compile(rf"[^\n.!?。！？;]{{1,{MOST}}}[.!?。！？;]?")


def attacks(question: Question, meaning: Meaning | None = None) -> tuple[str, ...]:
    """The kinds of attack in a question and in what its asker said before it, sorted."""
    own = [turn.text for turn in question.history if turn.role == "user" and turn.speaker in ("", question.speaker)]
    return tuple(sorted({kind for text in (*own, question.text) for kind in kinds(text, meaning)}))


def kinds(text: str, meaning: Meaning | None = None) -> set[str]:
    """What kinds of attack a text holds."""
    found = _worded(text)
    if meaning is None or found & {"hidden", "disguised"}:  # a disguise hides the meaning, too
        return found
    odds = meaning(text)
    if odds is None:
        return found
    if odds > ATTACK:
        return found | {"meaning"}
    return found if odds > HARMLESS else set()


def _worded(text: str) -> set[str]:
    found = {"hidden"} if hidden(text) else set()
    for n, reading in enumerate(readings(text)):
        said = {kind for kind, pattern in _patterns() if _stands(pattern, reading)}
        said |= {"order"} if flag(_FORM.sub(" ", _MENTION.sub(" ", reading))) else set()
        found |= said | ({"disguised"} if said and n else set())
    return found


def _stands(pattern: re.Pattern[str], text: str) -> bool:
    return any(pattern.search(piece[0]) for piece in _PIECE.finditer(text))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """A pattern for each kind, all languages in one; read once."""
    by_kind = sorted(word_lists(__name__).items())
    return tuple((kind, re.compile("|".join(f"(?:{one})" for one in patterns), re.I)) for kind, patterns in by_kind)
