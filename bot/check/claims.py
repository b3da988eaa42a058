"""What a sentence claims, and what was ruled about it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bot.check.lexicon import lexicon
from bot.check.sources import words
from bot.types import Support

Kind = Literal["sentence", "item", "row", "over", "listing", "plain"]
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
        return opens_with(self.plain, lexicon("applied"))

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


def quotations(text: str) -> list[str]:
    """What the text puts in quotation marks, of three words or more."""
    return [q for q in _QUOTED.findall(text) if len(words(q)) > 2]


def merged(first: Claim, second: Claim) -> Claim:
    """A bare "Yes." and the sentence that it belongs to, as one claim."""
    text = first.text + " " * (not second.text[:1].isspace()) + second.text
    cites = tuple(dict.fromkeys((*first.cites, *second.cites)))
    return replace(second, text=text, cites=cites, context=first.context, leans=False)
