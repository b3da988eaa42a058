"""The phrases that understanding knows, one file a language, all languages read as one; each file is read once.

[chat] kinds of small talk · [form] how an answer is wanted; "" says nothing · [words] what a verdict is made of ·
[languages] code = names · [courtesy] what is put around a question. chat and form hold regular expressions for lower
case without apostrophes ("whats up" is also "what is up"), brackets capture nothing, {language}
stands for every name of a language · [self] words of who speaks of themselves · [addressed] whom a
message is for · [judged] what a verdict is told by · [emoji] messages of nothing else; as Python writes them.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache, partial

from knowledge.text import words

KEPT = 1_024  # clauses whose phrases are kept: of one message each is asked for three times; guess

_APOSTROPHE = re.compile(r"['’‘`´]")
_NOISE = re.compile(r"[^\w\s+*/=-]+")
_IS = re.compile(r"\b(what|who|how|where|that|there)s\b")  # "what's", "whats"
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")  # "youuu"
_BARE_BRACKET = re.compile(r"(?<!\\)\((?!\?)")

phrases = partial(words.word_lists, __name__)  # phrases("languages") -> {"de": ("german", "deutsch"), ...}
signs = partial(words.compiled, __name__)  # signs("addressed", "mute"): a list of patterns as Python writes them
says = partial(words.says, __name__)  # says("addressed", "mute", text): whether one of them stands in it
pattern = partial(words.pattern, __name__)  # pattern("courtesy", r"%before%\b"): any of its entries in their place


def told_by(name: str, text: str) -> bool:
    """Whether a text has one of the signs that [addressed] lists under this name."""
    return says("addressed", name, " ".join(text.lower().replace("’", "'").split()))


@cache
def languages() -> dict[str, str]:
    """Names of languages with their codes: {"deutsch": "de", ...}."""
    return {name: code for code, names in phrases("languages").items() for name in names}


@cache
def language_names() -> str:
    """The names as one alternative of a regular expression, the longest first."""
    return "|".join(sorted(languages(), key=len, reverse=True))


@cache
def _patterns(table: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (
            code,
            re.compile(
                _BARE_BRACKET.sub("(?:", _IS.sub(r"\1 is", f"({one})")).replace("{language}", language_names())
                + r"(?!\S)\s*"
            ),
        )
        for code, listed in phrases(table).items()
        for one in listed
    )


def normalised(clause: str) -> str:
    """A clause as the phrases are read: "What's up, you guyyys?!" -> "what is up you guys"."""
    small = _DRAWN_OUT.sub(r"\1", _APOSTROPHE.sub("", clause.lower()))
    return _IS.sub(r"\1 is", " ".join(_NOISE.sub(" ", small).split()))


@lru_cache(maxsize=KEPT)
def phrases_in(table: str, clause: str) -> Mapping[str, str] | None:
    """The kinds of phrases that a clause is made of, with the words of each; None when any word is left over.

    phrases_in("form", "shorter please") -> {"shorter": "shorter", "": "please"}; the longest phrase is taken first.
    """
    rest, kinds = normalised(clause), dict[str, str]()
    while rest:
        end, code = max(((m.end(), code) for code, one in _patterns(table) if (m := one.match(rest))), default=(0, ""))
        if not end:
            return None
        kinds[code] = rest[:end].strip()
        rest = rest[end:]
    return kinds
