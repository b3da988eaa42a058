"""A question without the courtesy around it: how politely something is asked never decides what is found. Pure."""

from __future__ import annotations

import re
from functools import cache

from bot.privacy.mask import PLACEHOLDER, masked
from bot.understanding.phrases import phrases
from knowledge.text.words import stems, stopwords

ANNOUNCED_WORDS = 2  # words that say something, behind "quick question:", or all before it stays; guess
LEFT_WORDS = 2  # words that must remain, or the text stays as it is; guess
MOST = 6  # layers of courtesy on either side; guess
LONGEST = 600  # characters at either end that are looked at; guess

_EDGE = " \t\r\n,.!?;:…-–—\"'“”"


def wording(text: str) -> str:
    """The question itself; the text without its outer marks where nothing would be left."""
    before, after = _patterns()
    text = _announced(_without_placeholders(text))
    bare = " ".join(text.split()).strip(_EDGE)
    worded = bare
    for _ in range(MOST):
        match = before.match(worded[:LONGEST])
        if match is None or not match.end():
            break
        worded = worded[match.end() :].lstrip(_EDGE)
    for _ in range(MOST):
        match = after.search(worded[-LONGEST:])
        if match is None:
            break
        worded = worded[: len(worded) - (len(worded[-LONGEST:]) - match.start())].rstrip(_EDGE)
    worded = re.sub(r"\A(?:if|whether) ", "", worded, flags=re.I)
    return worded if len(worded.split()) >= LEFT_WORDS else bare


def _without_placeholders(text: str) -> str:
    """The text less `<EMAIL_1>` and the like, and less sentences that only say whose they are ("My mail is ...")."""
    if not masked(text):
        return text
    sentences = re.split(r"(?<=[.!?])\s+", text)
    asking = [one for one in sentences if not masked(one) or one.endswith("?")]
    return PLACEHOLDER.sub(" ", " ".join(asking) if len(" ".join(asking).split()) > LEFT_WORDS else text)


def _announced(text: str) -> str:
    """What stands behind the words that announce a question, small talk before it left out; else the text."""
    pattern = re.compile(rf"(?:\A|(?<=[.!?,:]))\s*(?:{'|'.join(phrases('courtesy')['announces'])})", re.I)
    for match in reversed(list(pattern.finditer(text[:LONGEST]))):
        rest = text[match.end() :]
        if len(set(stems(rest)) - stopwords()) >= ANNOUNCED_WORDS:
            return rest
    return text


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    before, after = ("|".join(f"(?:{one})" for one in phrases("courtesy")[name]) for name in ("before", "after"))
    return (
        re.compile(rf"(?:{before})(?!\w)", re.I),
        re.compile(rf"(?:^|(?<=[\s,.!?;:]))(?:{after})\Z", re.I),
    )
