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
from knowledge.text.figures_alike import in_digits, is_hard, may_stand_for
from knowledge.text.quantities import Quantity, quantities

Kind = Literal["sentence", "item", "row", "over", "listing", "plain"]
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
        if spelt_otherwise(figure, written, source_texts):
            continue
        return written
    return ""


def spelt_otherwise(figure: Quantity, written: str, texts: Iterable[str]) -> bool:
    """Whether a text has the figure in other clothes: "1-800-772-1213" as "1 800 772 1213", "1973" in "year1973"."""
    if figure.kind == "code":
        return any(squeezed(written) in squeezed(text) for text in texts)
    if figure.kind == "date":
        return any(in_digits(figure.value, text) for text in texts)
    is_year = re.fullmatch(r"(?:19|20)\d\d", written) is not None  # the 45 of "form A45" are no 45 lockers
    return is_year and any(re.search(rf"(?<=[^\W\d]{{3}}){written}(?!\d)", text) for text in texts)


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
