"""The few words that the check knows, one file a language, all languages read as one; kinds.toml names their kinds.

light: may be added to a copied sentence · hinges: change what a sentence says when they come or go (not, unless,
only) · leaning: a sentence that opens so leans on the one before · verdicts: answer a yes-or-no question · applied: a
rule is applied to the asker's case · talk: whole sentences that claim nothing · silent, manual: "the manual does not
say" · negations: deny, and so do words with a denying_ending · bounds: beside them a "not" can be said otherwise
(until, at most, forbidden) · refusals: as bounds, and what is turned round by them is the complement ("lapses after
March") · relatives: a "not" behind one denies only of whom it speaks · faultless: beside a denial, the fault that a
verifier names is none · opposites: phrases that exclude each other, by what they say (more, less); rest: beside it no
limit refutes
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from knowledge.text.words import word_lists


@cache
def lexicon(name: str) -> frozenset[str]:
    """The words and phrases of one list in every language, folded as the words of a text are (ß is ss); read once."""
    return frozenset(map(str.casefold, word_lists(__name__)[name]))


@cache
def opposites() -> Mapping[tuple[str, ...], str]:
    """What each phrase that has an opposite says: {("at", "least"): "more", ...}; read once."""
    said = word_lists(__name__, "opposites")
    return {tuple(re.split(r" |(?<!n)'", one.casefold())): name for name, ones in said.items() for one in ones}


@cache
def opposed() -> Sequence[Sequence[tuple[str, ...]]]:
    """Groups of sides that exclude each other; a side is one or more kinds of opposites; read once."""
    return [[tuple(side.split("+")) for side in group.split()] for group in word_lists(__name__)["opposed"]]


def denies(word: str) -> bool:
    """Whether a word says "not": "never", "don't", "ödenmez"."""
    return word.partition("'")[0] in lexicon("negations") or _denying().fullmatch(word) is not None


@cache
def _denying() -> re.Pattern[str]:
    return re.compile(rf"\w+(?:{'|'.join(word_lists(__name__)['denying_endings'])})")
