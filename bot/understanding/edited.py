"""A question before and after an edit -> whether it asks something else now. Pure.

The rule kept: a mended typo, courtesy, thanks or an emoji makes no other question, nor does a message that became chat.
"""

import re

from rapidfuzz.distance import OSA

from bot.understanding.small_talk import EMOJI, small_talk, wording
from knowledge.text.words import vocabulary, words

LONG = 8  # letters of a word from which two slips are a typo, and not only one; guess
LONGEST = 40  # letters of a word that may hold one; guess

_EDIT = re.compile(r"\W*(?:edit|update)\w{0,3}\W+", re.I)


def asks_another(before: str, after: str) -> bool:
    """Whether it does.

    >>> asks_another("how much is a repiar?", "How much is a repair? :pray:"), asks_another("2 days?", "3 days?")
    (False, True)
    """
    before, after = (" ".join(EMOJI.sub(" ", text).split()) for text in (before, after))
    added = after[len(before) :] if after.startswith(before) else after
    if added.strip() and small_talk(_EDIT.sub("", added, count=1)) is not None:
        return False
    old, new = (words(wording(text)) for text in (before, after))
    return len(old) != len(new) or not all(
        one == other or _typo(one, other) for one, other in zip(old, new, strict=True)
    )


def _typo(old: str, new: str) -> bool:
    if len(old) > LONGEST or not (old.isalpha() and new.isalpha()) or old in vocabulary():
        return False
    return OSA.distance(old, new[: 2 * LONGEST]) <= (2 if len(old) >= LONG else 1)
