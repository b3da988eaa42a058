"""A question in German, French, Spanish or Turkish -> the same, word by word, in a manual's English. Pure.

In: a message and its language. Out: English good enough to be searched for, never shown; order and grammar stay the
asker's. The rule kept: a word that no list has stays as it is, so that it tells against what is found, and a message
with more of those than of words that say something, or with a verb that denies ([denied]), is not put into English at
all. One file a language beside this one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from bot.understanding.directives import bounded
from knowledge.text.words import data_file

LANGUAGES = ("de", "es", "fr", "tr")
_LETTERS = str.maketrans({"ı": "i", "’": "'"})  # what Unicode takes for no accent of another


def in_english(text: str, language: str) -> str | None:
    """The message with its words in English; None for another language, and where too few of its words are known."""
    if language not in LANGUAGES:
        return None
    meanings, known_words = _known(language)
    said = _plain(bounded(text))
    if any(
        re.search(sign, said) for sign in data_file(__name__, f"{language}.toml").get("denied", {}).get("signs", ())
    ):
        return None  # a "not" that is no word of its own would be lost
    put: list[str] = []
    saying = unknown = 0
    for found in known_words.finditer(said):
        english, says = meanings[int(found.lastgroup[1:])] if found.lastgroup else (found[0], False)
        put.append(english)
        saying += says
        unknown += found.lastgroup is None and found[0].isalpha()
    joined = re.sub(r" ([?.,;!])", r"\1", " ".join(" ".join(put).split()))
    return joined if saying and saying >= unknown else None


@cache
def _known(language: str) -> tuple[list[tuple[str, bool]], re.Pattern[str]]:
    """(English, whether it says something) of each word in the file, and the pattern that finds words by their place.

    The longest is tried first; what none of them is, a word or a mark, is found without a group.
    """
    file = data_file(__name__, f"{language}.toml")
    tables = [table for table in file if table != "denied"]
    listed = [(form, english, table) for table in tables for english, forms in file[table].items() for form in forms]
    listed.sort(key=lambda one: -len(one[0]))
    forms = (f"(?P<w{at}>{_form(form)})" for at, (form, _, _) in enumerate(listed))
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(forms)})|\w+|[^\w\s]")
    return [(english, table == "words") for _, english, table in listed], pattern


def _form(words: str) -> str:
    """A pattern of the words, * being any ending; "l'" stands before a word."""
    return re.escape(words).replace(r"\*", r"\w*") + ("" if words.endswith("'") else r"(?!\w)")


def _plain(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(one for one in apart if not unicodedata.combining(one))
