"""What no manual answers by its wording, and what to look up instead: emergencies, phishing, legal threats, bullying.

In: a message. Out: its kind, and words to search for. The signs are word lists, one file a language, all read as one.
"""

from __future__ import annotations

import re
from typing import Literal

from bot.understanding.addressed import asks
from bot.understanding.topics import topic
from knowledge.text.words import word_lists

LONGEST = 4_000  # characters looked at; guess

Matter = Literal["emergency", "phishing", "legal", "harassment"]
KINDS: tuple[Matter, ...] = ("emergency", "phishing", "legal", "harassment")


def matter(text: str, *, asked: bool = False) -> Matter | None:
    """The kind of matter that a message tells of; with `asked`, or asks about: then the manual is looked at first."""
    flat = " ".join(text[:LONGEST].casefold().replace("’", "'").split())
    for kind in KINDS[:-1]:
        said = word_lists(__name__, kind)
        if any(re.search(sign, flat) for sign in said["signs"]) and not any(
            re.search(s, flat) for s in said["not_now"]
        ):
            return kind
    told = topic(text) == "harassment" and (asked or not asks(text))
    return "harassment" if told else None


def instead(kind: Matter, language: str) -> list[str]:
    """What is looked up for it, in English and in the language spoken: nobody knows the manual's before it is read."""
    said = word_lists(__name__, kind)
    return [*said["ask"], *said.get(f"ask_{language}", ())]
