"""Text -> words with stems, and the lists of words that the text rooms know (lists/, one file a language). Pure.

The rule kept: it knows function words and endings, no corpus: how rare a word is must come from the passages at hand.
"""

from __future__ import annotations

import re
import threading
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import snowballstemmer

WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")


# Languages with a list of their own, by their stemmer.
LANGUAGES = {"en": "english", "de": "german", "tr": "turkish", "fr": "french", "es": "spanish"}


@cache
def listed(name: str, language: str = "en") -> frozenset[str]:
    """The words of one list of lists/en.toml, "never_last" -> {"e.g", "cf", ...}; read when first asked for."""
    text = resources.files("knowledge.text").joinpath("lists", f"{language}.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)[name].split())


def stopwords(language: str = "en") -> frozenset[str]:
    """Words that carry no meaning in a search or comparison: function words, words of asking and courtesy."""
    return listed("stopwords", language if language in LANGUAGES else "en")


class _Stemmers(threading.local):
    """Stemmers of one thread: each keeps the word it works on in itself, and two threads on one spoil both words."""

    def __init__(self) -> None:
        self.of: dict[str, Any] = {}


_STEMMERS = _Stemmers()


@lru_cache(maxsize=32_768)
def stem(word: str, language: str = "en") -> str:
    """The common form of a word (Snowball; English for other languages); short words and numbers stay as they are."""
    w = word.lower().replace("’", "'").removesuffix("'s").replace("'", "")
    if len(w) <= 3 or not w.isalpha():
        return w.replace(",", "")
    name = LANGUAGES.get(language, "english")
    stemmer = _STEMMERS.of.get(name) or _STEMMERS.of.setdefault(name, snowballstemmer.stemmer(name))
    return str(stemmer.stemWord(w))


def words(text: str) -> list[str]:
    """The text's words and numbers, lower-cased, in order."""
    return WORD.findall(text.lower())


def stems(text: str, language: str = "en") -> list[str]:
    """Stems of the words that carry meaning, in order, repeats kept."""
    empty = stopwords(language)
    return [stem(w, language) for w in words(text) if w not in empty and (len(w) > 1 or w.isdigit())]


@cache
def word_lists(package: str, table: str = "") -> Mapping[str, tuple[str, ...]]:
    """{"up_to": ("up to", "at most", ...), ...} of the files in a package, or of one table in them; read once.

    A list that is written as one text is its words.
    """
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(resources.files(package).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            data = tomllib.loads(file.read_text(encoding="utf-8"))
            for name, listed in (data.get(table, {}) if table else data).items():
                found[name] = (*found.get(name, ()), *(listed.split() if isinstance(listed, str) else listed))
    return found
