"""Sections that hold for one country or site only -> which of them a question does not mean. Pure.

"Annex A: Country supplements › Spain" answers who asks about Spain or Madrid, and nobody else: for "How many holidays
do I get?" the general rule comes first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from bot.answering.lexicon import phrases
from knowledge.text.words import stems, words
from knowledge.types import Excerpt, Nearness, Passage

# Cosine of the question and a scope's bare name from which it is meant; of ten questions on the sample manual, places
# named or paraphrased ("Prague" for Czech Republic) came to .29 and more, all others to .26 or less; guess
MEANT = 0.28
SISTERS = 2  # scopes below one heading, among the passages, that make it one over scopes; guess


def scope(section: Sequence[str]) -> str | None:
    """The heading that says whom the section is for: "Spain" below "Country supplements"; None for a general rule."""
    over = set(phrases("scopes")["sisters"])
    return next((name for above, name in pairwise(section) if over & set(words(above))), None)


def _initials(name: str) -> str:
    """ "United Kingdom" -> "UK"; the name itself where it is one word."""
    parts = name.split()
    return "".join(part[0].upper() for part in parts) if len(parts) > 1 else name


def not_meant(
    question: str, passages: Sequence[Passage], similar: Callable[[str, Sequence[Excerpt]], Sequence[Nearness]] | None
) -> set[int]:
    """The numbers (1-based) of passages for a country or site that the question neither names nor comes near to."""
    scopes = {n: name for n, p in enumerate(passages, 1) if (name := scope(p.section))}
    names = list(dict.fromkeys(scopes.values()))
    if len(names) < SISTERS:
        return set()
    asked, said = set(stems(question)), re.findall(r"\w+", question)
    meant = {name for name in names if asked & set(stems(name)) or _initials(name) in said}
    if similar is not None and not meant:
        near = similar(question, [Excerpt("", ((0, len(name)),), name) for name in names])
        meant = {name for name, one in zip(names, near, strict=True) if one.whole >= MEANT}
    return {n for n, name in scopes.items() if name not in meant}
