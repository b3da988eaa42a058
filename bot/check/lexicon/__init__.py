"""The few words that the check knows, one file a language, all languages read as one.

light: may be added to a copied sentence · hinges: change what a sentence says when they come or go (not, unless, only)
· leaning: a sentence that opens so leans on the one before · verdicts: answer a yes-or-no question · applied: a rule is
applied to the asker's case · talk: whole sentences that claim nothing · silent, manual: "the manual does not say"
· negations: deny · bounds: beside them a "not" can be said otherwise (until, at most, forbidden)
· refusals: as bounds, and by them what is
turned round is the complement ("lapses after March") · relatives: a "not" behind one denies only of whom it speaks
· opposites: phrases that exclude each other, by what they say (more, less); rest: beside it no limit refutes
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from knowledge.text.words import word_lists


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words and phrases, lower case; a value that is one text in the file is a set of words here."""

    light: frozenset[str]
    hinges: frozenset[str]
    leaning: frozenset[str]
    verdicts: frozenset[str]
    applied: frozenset[str]
    talk: frozenset[str]
    silent: frozenset[str]
    manual: frozenset[str]
    negations: frozenset[str]
    bounds: frozenset[str]
    refusals: frozenset[str]
    relatives: frozenset[str]
    opposites: Mapping[tuple[str, ...], str]  # ("at", "least") -> "more"


@cache
def lexicon() -> Lexicon:
    """All languages together, folded as the words of a text are (ß is ss); read once."""
    listed = {
        name: frozenset(map(str.casefold, words)) for name, words in word_lists(__name__).items() if name != "opposites"
    }
    said = word_lists(__name__, "opposites")
    phrases = {tuple(re.split(r" |(?<!n)'", one.casefold())): name for name, ones in said.items() for one in ones}
    return Lexicon(**listed, opposites=phrases)
