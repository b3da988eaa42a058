"""A label as people write it in, what it labels out: "Doc. owner", "Revizyon no"; and the days behind it. Pure.

The words are data (labels/*.toml, a language each). A label is a phrase of the list with nothing around it but words
that may stand `besides`: so "Policy owner" is one and "car owner" is none. Everything is compared without accents.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.text.figure_words import merged
from knowledge.text.words import LANGUAGES, data_file

FACTS = ("title", "language", "supersedes", "effective", "until", "ended", "status", "written", "version", "owner")
LONGEST = 6  # words of a label; guess
ALIKE = 0.78  # share of letters that a misspelt word has of the one meant; guess
LABELS_KEPT = 4_096  # labels of which it is kept what they label; guess
_MONTH = r"[^\W\d_]{3,10}"
DATE = (
    r"(?:(?P<y>\d{4})(?=[-/.]|\d{4}(?!\d))(?P<sep>[-/.]?)(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th|er|º)?\.?[ -](?:of |de )?(?P<name>{_MONTH})\.?,?[ -](?:de )?(?P<y2>\d{{4}})"
    rf"|(?P<name3>{_MONTH})\.? (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y3>\d{{4}})"
    r"|(?P<d4>\d{1,2})\.(?P<m4>\d{1,2})\.(?P<y4>\d{4})|(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<y6>\d{4})"
    rf"|(?P<name5>{_MONTH})\.? (?P<y5>\d{{4}}))"
)
ANY_DATE = re.compile(DATE)


class Label(NamedTuple):
    """What is labelled, and whether the label's language writes 04/05 for the fourth of May."""

    fact: str
    day_first: bool


def fold(text: str) -> str:
    """In small letters without accents, as long as before."""
    return "".join(_fold(char) for char in text)


@lru_cache(maxsize=LABELS_KEPT)
def _fold(char: str) -> str:
    small = unicodedata.normalize("NFD", char)[0].lower()
    return "i" if small == "ı" else small if len(small) == 1 else char


@lru_cache(maxsize=LABELS_KEPT)
def labelled(label: str, *, field: bool = False) -> Label | None:
    """What it labels. `field`: a name in front matter or a sidecar file, where "date" and "team" say something, too."""
    both = [labelled(part, field=field) for part in label.split("/")] if "/" in label else []
    if both and both[0] and len({one and one.fact for one in both}) == 1:
        return both[0]  # in two languages: "Owner / Eigentümer"
    words = tuple(re.findall(r"[^\W_]+", fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label))))
    if not 0 < len(words) <= LONGEST:
        return None
    known = _phrases(field)
    also = {"supersedes": _words_of("version"), "effective": _words_of("small")}
    for size in range(len(words), 0, -1):
        for start in range(len(words) - size + 1):
            known_label = known.get(words[start : start + size])
            around = {*words[:start], *words[start + size :]}
            if known_label and around <= _words_of("besides") | also.get(known_label.fact, frozenset()):
                return known_label
    return None


def meant(field: str) -> str | None:
    """The name that a misspelt one was meant to be: "ownr" -> "owner", "efective_date" -> "effective date"."""
    known = {word: word for phrase in (*_phrases(True), *map(str.split, label_list("besides"))) for word in phrase}
    words = re.findall(r"[^\W_]+", fold(field))[:LONGEST]
    near = [process.extractOne(word, known, scorer=OSA.normalized_similarity, score_cutoff=ALIKE) for word in words]
    name = " ".join(one[0] for one in near if one)
    return name if all(near) and labelled(name, field=True) else None


def names_document(label: str) -> bool:
    """Whether a name in front matter holds what is said of the document: "document", "metadata"."""
    return fold(label).strip() in label_list("holders")


@cache
def label_list(*lists: str) -> frozenset[str]:
    """The phrases of these lists in every language."""
    return frozenset(phrase for data in _languages().values() for name in lists for phrase in data.get(name, ()))


@cache
def any_of(*lists: str) -> str:
    """The phrases of these lists as a pattern for plain text."""
    longest_first = sorted(label_list(*lists), key=len, reverse=True)
    return "|".join(phrase.replace(" ", r"[^\w\n]{1,3}") for phrase in longest_first)


def day_first(phrase: str) -> bool:
    """Whether the phrase is of a language that writes the day before the month."""
    words = tuple(re.findall(r"[^\W_]+", fold(phrase)))
    return _phrases(False).get(words, Label("", False)).day_first


def _languages() -> Mapping[str, Mapping[str, list[str]]]:
    return {code: data_file("knowledge.read", f"labels/{code}.toml") for code in LANGUAGES}


@cache
def _phrases(field: bool) -> dict[tuple[str, ...], Label]:
    by_words: dict[tuple[str, ...], Label] = {}
    for code, data in _languages().items():
        lists = {fact: [*data.get(fact, ()), *data.get(f"{fact}_labels", ())] for fact in FACTS}
        if field:
            lists |= {"written": lists["written"] + data["effective_fields"]}
            lists |= {"kept_by": data["owner_fields"], "until": lists["until"] + data.get("until_fields", [])}
        for fact, phrases in lists.items():
            for phrase in phrases:
                by_words.setdefault(tuple(phrase.split()), Label(fact, code != "en"))
    return by_words


@cache
def _words_of(name: str) -> frozenset[str]:
    """The single words of a list's phrases."""
    return frozenset(word for phrase in label_list(name) for word in phrase.split())


def as_date(value: object, day_first: bool = False) -> date | None:
    """The day that a value names; None where it names none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = ANY_DATE.search(fold(str(value)))
    return matched_date(match, day_first) if match else None


def matched_date(match: re.Match[str], day_first: bool) -> date | None:
    """The day of a match of `DATE`; None of what is no day, and where nobody knows which number is the month."""
    part = {name.rstrip("0123456789"): value for name, value in match.groupdict().items() if value}
    day = int(part.get("d") or part.get("first") or 1)
    month = _months().get(part["name"], 0) if "name" in part else int(part.get("m") or part["second"])
    if "first" in part and month > 12:  # "04/13/2025" can only be April; of "04/05/2025" nobody knows
        day, month = month, day
    elif "first" in part and day <= 12 and day != month and not day_first:
        return None
    try:
        return date(int(part["y"]), month, day)
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    return {fold(name): number for name, number in merged("months").items()}
