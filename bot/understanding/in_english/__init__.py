"""A question in German, French, Spanish or Turkish -> the same, word by word, in a manual's English. Pure.

In: a message and its language. Out: English good enough to be searched for, never shown; order and grammar stay the
asker's. The rule kept: a word that no list has stays as it is, so that it tells against what is found, and of a message
with more of those than of words that say something, or with a verb that denies ([denied]), nothing is sure. One file a
language beside this one.
"""

import re
from functools import cache
from itertools import groupby

from bot.understanding.directives import bounded
from knowledge.text.quantities import quantities
from knowledge.text.words import data_file, has_phrase, unaccented

LANGUAGES = ("de", "es", "fr", "tr")
_LETTERS = str.maketrans({"ı": "i", "œ": "oe", "’": "'", "¿": None, "¡": None})  # besides accents
_LISTED = 10  # the largest number in words that each list has; of more, "once años", digits are read; given: *.toml


def in_english(text: str, language: str) -> tuple[str, bool]:
    """The message with its words in English, and whether that is sure; "" where no word says something.

    It is not sure where few of its words are known, or where a "not" that is no word of its own would be lost.
    """
    if language not in LANGUAGES:
        return "", False
    meanings, known_words = _known(language)
    flat = unaccented(_in_digits(bounded(text)).casefold().translate(_LETTERS))
    put: list[str] = []
    saying = unknown = 0
    for match in known_words.finditer(flat):
        english, says = meanings[int(match.lastgroup[1:])] if match.lastgroup else (match[0], False)
        put.append(english)
        saying += says
        unknown += match.lastgroup is None and match[0].isalpha()
    denied = data_file(__name__, f"{language}.toml").get("denied", {}).get("signs", ())
    sure = saying >= unknown and not any(re.search(sign, flat) for sign in denied)
    return re.sub(r" ([?.,;!])", r"\1", " ".join(" ".join(put).split())) if saying else "", sure and saying > 0


def asks_who(text: str) -> bool:
    """Whether a question in English or one of these languages asks for a person: "Wem kann ich das sagen?"."""
    forms = [form for code in LANGUAGES for form in data_file(__name__, f"{code}.toml")["small"]["who"]]
    return has_phrase(unaccented(text), ["who", "whom", *forms])


def _in_digits(text: str) -> str:
    """The text with its clock times, and larger numbers in words, as a manual has them: "20 Uhr" is 20:00, no hours."""
    for one in reversed(quantities(text)):
        written, value = text[one.start : one.end], one.value.split("|")[0]
        has_digits, unit = any(map(str.isdecimal, written)), written.split()[-1] if one.unit else ""
        if one.kind == "time" and has_digits:
            text = text[: one.start] + value + text[one.end :]
        elif one.kind == "number" and not has_digits and float(value) > _LISTED and (unit or not written.isalpha()):
            text = text[: one.start] + f"{value} {unit}".strip() + text[one.end :]
    return text


@cache
def _known(language: str) -> tuple[list[tuple[str, bool]], re.Pattern[str]]:
    """(English, whether it says something) of each word in the file, and the pattern that finds words by their place.

    The longest is tried first; what none of them is, a word or a mark, is found without a group.
    """
    file = data_file(__name__, f"{language}.toml")
    tables = [table for table in file if table != "denied"]
    listed = [(form, english, table) for table in tables for english, forms in file[table].items() for form in forms]
    listed.sort(key=lambda one: (-len(one[0][:2]), one[0][:2], -len(one[0])))
    forms = [(form[:2], f"(?P<w{at}>{_rest(form)})") for at, (form, _, _) in enumerate(listed)]
    # by their first letters: a thousand words are tried each where a text may begin with it
    begun = (f"{re.escape(two)}(?:{'|'.join(form for _, form in of)})" for two, of in groupby(forms, lambda f: f[0]))
    pattern = re.compile(rf"[a-z]{{1,2}}-\d\w*|(?<!\w)(?:{'|'.join(begun)})|\w+(?:[.,:'/-]\d\w*)*|[^\w\s]")
    return [(english, table == "words") for _, english, table in listed], pattern


def _rest(form: str) -> str:
    """A pattern of what follows a form's first two letters, * being any ending; "l'" stands before a word."""
    return re.escape(form[2:]).replace(r"\*", r"\w*") + ("" if form.endswith("'") else r"(?!\w)")
