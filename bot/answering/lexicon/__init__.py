"""The word lists of bot/answering, one file a language, each read once.

`phrases("limits")` -> {"up_to": ("up to", "at most", ...), ...}, those of all languages together.
"""

import re
from functools import partial

from knowledge.text import words

phrases = partial(words.word_lists, __name__)
says = partial(words.says, __name__, flags=re.I)  # says("beside", "leans", text)
pattern = partial(words.pattern, __name__)  # pattern("editions", r"\b%until%\b")
