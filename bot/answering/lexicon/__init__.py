"""The word lists of bot/answering, one file a language, each read once.

`phrases("limits")` -> {"up_to": ("up to", "at most", ...), ...}, those of all languages together.
"""

from __future__ import annotations

from functools import partial

from knowledge.text.words import word_lists

phrases = partial(word_lists, __name__)
