"""The word lists of bot/answering, one file a language, each read once.

`phrases("limits")` -> {"up_to": ("up to", "at most", ...), ...}, those of all languages together.
"""

from __future__ import annotations

import re
from functools import partial

from knowledge.text.words import compiled, word_lists

phrases = partial(word_lists, __name__)


def says(table: str, what: str, text: str) -> bool:
    """Whether a text has one of the signs, regular expressions, of a table's list."""
    return any(sign.search(text) for sign in compiled(__name__, table, what, re.I))
