"""A text -> the language it is written in, by py3langid restricted to languages that people write to the bot in. Pure.

The rule kept: without clear evidence the answer is None; English with a foreign name or term in it is not foreign.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from knowledge.text.words import stopwords

_LANGUAGES = (
    "en de fr es tr it pt nl pl sv da fi cs ro hu no sk sl hr et lv lt vi id ru uk bg sr el ja zh ko ar he fa th hi"
)
_SURE = 0.85  # share of the two likeliest languages together: a message may be as good Danish as Norwegian
_ENGLISH_AT_MOST = 0.02  # share of English beside them
_FUNCTION_WORDS = 3  # different ones, and two words of five, make a text English
_LONGEST = 2_000  # characters that are looked at
_MARKUP = re.compile(r"<[^<>\n]{1,300}>|https?://\S+|:[a-z0-9_+-]{1,40}:")
_SCRIPTS = (  # where a few characters leave the model unsure
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)


def language(text: str) -> str | None:
    """ISO 639-1 code of the text's language, "Wer zahlt das Hotel?" -> "de"; None when it can't be told."""
    text = _MARKUP.sub(" ", text[:_LONGEST])
    if text.isascii() and _plainly_english(text):
        return "en"
    letters = sum(c.isalpha() for c in text)
    if letters < 2:
        return None
    (first, most), (_, next_most) = _identifier().rank(text)[:2]
    if first == "en":
        return "en" if most >= 0.5 else None
    english = dict(_identifier().rank(text))["en"]
    if most + next_most >= _SURE and english <= _ENGLISH_AT_MOST:
        return str(first)
    return next((code for code, script in _SCRIPTS if len(script.findall(text)) * 3 > letters), None)


def _plainly_english(text: str) -> bool:
    """Whether English function words abound: most messages, for which the model (a second to load) is not needed."""
    said = set(re.findall(r"[a-z]+", text.lower()))
    return len(said & stopwords()) >= max(_FUNCTION_WORDS, 0.4 * len(said))


@cache
def _identifier() -> Any:
    """The model, read once; it keeps nothing of a text, so threads may share it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES.split())
    return identifier
