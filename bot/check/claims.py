"""What a sentence claims, and what was ruled about it; the figures of a text, comparable by value. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from bot.check.lexicon import lexicon
from bot.check.sources import words
from bot.types import Support
from knowledge.text.figure_words import merged as merged_words
from knowledge.text.figure_words import units
from knowledge.text.quantities import Quantity, converted, quantities, same_value

Kind = Literal["sentence", "item", "row", "over", "listing", "plain"]
LARGEST_COUNT = 12  # things that a number word counts; beyond it a number is meant; guess
MEASURES = ("km", "mile")  # no wording exchanges one for the other, and a rate names them without a number
LONGEST = 8000  # characters of a text whose figures are read: a claim or a passage is shorter; guess

_QUOTED = re.compile(r"(?<!\w)[\"“„«]([^\"“”„«»\n]{3,400})[\"”“»](?!\w)")
_MARKDOWN = re.compile(r"^\s*(?:[-*+•–‣◦▪●○]\s+|\(?\d{1,3}[.)]\s+|#{1,6}\s+)|[*`|]+|(?<!\w)_+|_+(?!\w)")


@dataclass(frozen=True, slots=True)
class Claim:
    """A piece of an answer, in the order of display."""

    text: str  # Markdown without markers, with the white space before it
    kind: Kind  # over: a heading, lead-in or table header; plain: claims nothing
    cites: tuple[int, ...] = ()
    context: str = ""  # what it stands under, or the sentence that it leans on
    leans: bool = False  # opens with "It", "Otherwise" ...

    @property
    def plain(self) -> str:
        """As a person reads it, on one line: "**Two** days" -> "Two days"."""
        return " ".join(_MARKDOWN.sub(" ", self.text).split())

    @property
    def is_applied(self) -> bool:
        """Whether it says that it applies a rule to the asker's case ("So for you: three months.")."""
        return opens_with(self.plain, lexicon().applied)

    @property
    def listed(self) -> str:
        """The lines of a code listing, without its fence."""
        return self.text.strip().strip("`").partition("\n")[2]


@dataclass(frozen=True, slots=True)
class Ruling:
    """`reason` is one of a short list (docs/check.md); `about` the words that it is about."""

    supported: bool
    reason: str
    about: str = ""
    supports: tuple[Support, ...] = ()


def opens_with(text: str, phrases: Iterable[str]) -> bool:
    """Whether a text begins with one of the phrases."""
    opening = words(text[:80])[:6]
    return any(" ".join(opening[:n]) in phrases for n in range(1, len(opening) + 1))


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Quantity, ...]:
    """The figures, units, dates, times and identifiers of a text."""
    return quantities(text[:LONGEST])


def same_figure(claimed: Quantity, known: Quantity) -> bool:
    """Equal by value, and their units do not exclude each other. A conversion is not the same value; "one" is none."""
    units = {claimed.unit, known.unit}
    is_value = claimed.kind == known.kind and same_value(claimed.value, known.value)
    return claimed.kind == "weak" or (is_value and (None in units or len(units) == 1 or units in _LIKE))


# One unit said more and less exactly; which of the two is right is for the verifier to say.
_LIKE = ({"day", "working_day"}, {"day", "calendar_day"})


def held(claimed: Quantity, known: Iterable[Quantity]) -> bool:
    """Whether one of the known figures is the claimed one."""
    return any(same_figure(claimed, one) for one in known)


def is_hard(figure: Quantity) -> bool:
    """Whether no wording explains it: an amount with its unit, a date, a time, an identifier, a number beyond twelve.

    "First", "half" and "three things" may be another way to say what a source says: they are for the verifier.
    """
    if figure.kind == "number":
        return figure.unit is not None or (figure.number or 0) > LARGEST_COUNT or "." in figure.value
    return figure.kind in ("date", "time", "code")


def may_stand_for(claimed: Quantity, known: Quantity) -> bool:
    """Whether the verifier may accept one for the other: equal, a year, an hour, or the same amount converted."""
    if same_figure(claimed, known):
        return True
    if known.kind == "time" and claimed.kind == "number" and claimed.unit in (None, "hour"):
        hour, minute = (int(part) for part in known.value.split(":"))  # "saat 17'de", "17 h", "14.30", "half past two"
        exact = hour + minute / 100
        return claimed.number in (exact, exact - 12, hour % 12, hour % 12 + 1)
    if known.kind in ("date", "code") and claimed.kind in ("number", "date") and claimed.unit is None:
        parts = re.split(r"\W+", known.value)  # of a date: its year, its day, "31.3."
        return claimed.value.split("-")[0] in parts or claimed.value.split(".") == [p.lstrip("0") for p in parts[:0:-1]]
    if known.kind == "ordinal" and claimed.kind == "number" and claimed.unit is None:
        return claimed.value == known.value  # "zum 15."
    least = converted(claimed)
    if least is None or least != converted(known):
        return False
    return least[1] != "cent" or "cent" in (claimed.unit, known.unit)  # a euro is no dollar


def unexplained(text: str, known: Sequence[Quantity], source_texts: Sequence[str], *, counts_too: bool = False) -> str:
    """The first hard figure of a text that none of the known may stand for, as written; "" when there is none.

    `counts_too`: a small count is one as well, unless the text lists what it counts ("three things: ...").
    """
    for figure in figures(text):
        is_count = (
            counts_too
            and figure.kind == "number"
            and figure.value != "1"
            and not re.search(r":(\s|$)", text[figure.end :])
        )
        if not (is_hard(figure) or is_count) or any(may_stand_for(figure, one) for one in known):
            continue
        written = text[figure.start : figure.end].strip()
        if figure.kind == "code" and any(squeezed(written) in squeezed(source) for source in source_texts):
            continue  # spelt otherwise: "1-800-772-1213" and "1 800 772 1213"
        return written
    return ""


def foreign_measure(text: str, source_texts: Iterable[str]) -> str:
    """The measure that a text names ("par kilomètre") and no source does in any language; "" when there is none."""
    named = _measures(text)
    return next((word for unit, word in named.items() if not any(unit in _measures(one) for one in source_texts)), "")


def _measures(text: str) -> dict[str, str]:
    known, numbers = units(), merged_words("hundreds")  # "mil" is a thousand in Spanish, a mile in Turkish
    return {u: word for word in words(text) if (u := known.get((word,), "")) in MEASURES and word not in numbers}


def squeezed(text: str) -> str:
    """Letters and digits alone, however they are spelt: "1-800 772" -> "1800772"."""
    return "".join(c for c in text.casefold() if c.isalnum())


def quotations(text: str) -> list[str]:
    """What the text puts in quotation marks, of three words or more."""
    return [q for q in _QUOTED.findall(text) if len(words(q)) > 2]


def merged(first: Claim, second: Claim) -> Claim:
    """A bare "Yes." and the sentence that it belongs to, as one claim."""
    text = first.text + " " * (not second.text[:1].isspace()) + second.text
    cites = tuple(dict.fromkeys((*first.cites, *second.cites)))
    return replace(second, text=text, cites=cites, context=first.context, leans=False)
