"""Words about the form of an answer ("shorter, in French", "as a list") -> codes, and the message without them. Pure.

The rule kept: a clause is a directive only when every word of it is about form, and one word names the form wanted.
"""

import re
from dataclasses import dataclass

from bot.understanding.phrases import language_names, languages, phrases_in
from knowledge.text.words import stems

_ALONE = {"tongue", "more", "repeat", "source"}  # too little to be told from the question beside which they stand
_RUN = re.compile(r"([^\S\n])[^\S\n]+|(\n)(?:[^\S\n]*\n){2,}|([,;]) ?(?:\3 ?){3,}")
_CLAUSE = re.compile(r"(?<=[.!?;:,])\s+|\s+[-–—]\s+|\n+")
# "and for the Polish colleagues?" asks about them; "for my Polish boss" wants it in Polish
_PEOPLE = re.compile(
    r"\W*(?:(?:and|n|what about|how about)\b|&)[^.!]*\b(?:colleagues?|teams?|people|staff|office)\W*\?", re.I
)
LONGEST_READ = 2000  # characters at either end of a message: nobody asks in the middle of more; guess
LONGEST = 200  # characters of a directive; guess
_MANNERS = ("quote", "table", "list", "shorter", "detail", "simpler")


@dataclass(frozen=True, slots=True)
class Directive:
    """How the answer is wanted; false when nothing was said about it."""

    manner: str | None = None  # detail, shorter, simpler, list, table, quote, repeat
    language: str | None = None  # ISO 639-1

    def __bool__(self) -> bool:
        return bool(self.manner or self.language)


def bounded(text: str) -> str:
    """The text without runs of blanks and punctuation, and of a very long one the opening and the end."""
    if len(text) > 2 * LONGEST_READ:
        text = f"{text[:LONGEST_READ]}\n{text[-LONGEST_READ:]}"
    return _RUN.sub(lambda run: run[1] or run[3] or "\n\n", text).strip()


def directive(text: str) -> tuple[Directive, str]:
    """What a message says about the form of the answer, and the rest of it; "" when it says nothing else."""
    message = bounded(text)
    forms = _forms(message)
    if "tongue" in forms and _PEOPLE.match(message):
        forms = {}
    if forms and not ("more" in forms and re.search(r"\b(?:i|we|get)\b", message, re.I)):
        return _read(forms), ""
    clauses = [c for c in _CLAUSE.split(message) if c.strip()]
    for count in range(min(3, len(clauses) - 1), 0, -1):
        for about, rest in ((clauses[:count], clauses[count:]), (clauses[-count:], clauses[:-count])):
            words = " ".join(about)
            forms = _forms(words)
            if forms and not _ALONE & forms.keys() and (" " in words or "shorter" in forms) and stems(" ".join(rest)):
                return _read(forms), " ".join(rest).rstrip(" ,;:")
    return Directive(), message


def _forms(clause: str) -> dict[str, str]:
    """Forms named in a clause with the words that do; {} when it holds anything else."""
    forms = phrases_in("form", clause) if len(clause) < LONGEST else None
    return {code: words for code, words in (forms or {}).items() if code}


def _read(forms: dict[str, str]) -> Directive:
    named = forms.get("language") or forms.get("tongue")
    tongue = re.search(rf"(?:{language_names()})(?= |\Z)", named) if named else None
    manner = next((m for m in _MANNERS if m in forms), None)
    if manner is None and tongue is None:
        manner = next(({"more": "detail", "source": "quote"}.get(m, m) for m in forms if m in _ALONE), None)
    return Directive(manner, languages()[tongue[0]] if tongue else None)
