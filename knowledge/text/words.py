"""Text -> words with stems, and the lists of English words that the text rooms know (lists/en.toml). Pure.

The rule kept: it knows function words and endings, no corpus: how rare a word is must come from the passages at hand.
"""

from __future__ import annotations

import re
import threading
import tomllib
from functools import cache, lru_cache
from importlib import resources

import snowballstemmer

WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")


@cache
def listed(name: str) -> frozenset[str]:
    """The words of one list of lists/en.toml, "never_last" -> {"e.g", "cf", ...}; read when first asked for."""
    text = resources.files("knowledge.text").joinpath("lists", "en.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)[name].split())


def stopwords() -> frozenset[str]:
    """English words that carry no meaning in a search or comparison: function words, words of asking and courtesy."""
    return listed("stopwords")


class _Stemmer(threading.local):
    """One stemmer a thread: it keeps the word it works on in itself, and two threads on one spoil both words."""

    def __init__(self) -> None:
        self.english = snowballstemmer.stemmer("english")


_STEMMER = _Stemmer()


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """The common form of an English word (Porter's second stemmer); short words and numbers stay as they are."""
    w = word.lower().replace("’", "'").removesuffix("'s").replace("'", "")
    return str(_STEMMER.english.stemWord(w)) if len(w) > 3 and w.isalpha() else w.replace(",", "")


def words(text: str) -> list[str]:
    """The text's words and numbers, lower-cased, in order."""
    return WORD.findall(text.lower())


def stems(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order, repeats kept."""
    empty = stopwords()
    return [stem(w) for w in words(text) if w not in empty and (len(w) > 1 or w.isdigit())]
