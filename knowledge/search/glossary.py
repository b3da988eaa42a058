"""People's words and the manual's: a question in, the same in the manual's words out. Pure but for its data file.

Built in are some 170 workplace words and spellings (glossary.toml). What comes out is searched beside the question,
never instead of it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

GLOSSARY_WEIGHT = 0.3  # weight of the question in the manual's words, beside its own texts; guess


@cache
def built_in() -> Mapping[str, str]:
    """The words people use, in small letters, with those of manuals."""
    text = resources.files(__package__).joinpath("glossary.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def translated(question: str, words: Mapping[str, str]) -> str | None:
    """The question with its words in the glossary put as manuals put them; None where it has none.

    "how many PTO days do I get" -> "how many paid time off annual leave vacation days do I get"
    """
    out = _pattern(tuple(words)).sub(lambda match: words[match[0].lower().replace("’", "'")], question)
    return None if out == question else out


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, the longest first."""
    longest = sorted(words, key=len, reverse=True)
    any_of = "|".join(re.escape(word).replace("'", "['’]") for word in longest)
    return re.compile(rf"(?<![\w-])(?:{any_of})(?![\w-])", re.IGNORECASE)
