"""Text in, the personal data in it out: kind and place, ascending, never overlapping. Pure; no call, no model.

Kinds: what has a form or a checksum (EMAIL, PHONE, CARD, IBAN, NATIONAL_ID, IP), a date of birth beside a word that
says so, secrets and keys, and mentions of people as Slack writes them. Names and postal addresses have no form that
could be told from a manual's prose; they stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bot.privacy import numbers
from bot.privacy.keys import keys
from bot.privacy.words import beside

BIRTH_BEFORE = 40  # characters before a date in which a word says that somebody was born then; guess
BIRTH_BEHIND = 12  # behind it: "14 March 1987 is my birthday"; guess

_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%'-]{1,64}(?:@|＠|\s?[(\[{]\s?(?:at|ät)\s?[)\]}]\s?)"
    r"(?:[\w-]{1,63}(?:\.|\s?[(\[{]\s?(?:dot|punkt)\s?[)\]}]\s?)){1,6}[^\W\d_]{2,24}(?![\w-])",
    re.I,
)
_MENTION = re.compile(r"<@[UW][A-Z0-9]{1,20}(?:\|[^<>]{0,80})?>")
_DATE = re.compile(
    r"(?<!\w)(?:\d{1,2}[./ -]{1,2}\d{1,2}[./ -]{1,2}(?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}"
    r"|\d{1,2}(?:st|nd|rd|th|er|\.)? (?:of |de )?[^\W\d_]{3,10}\.?,? (?:de |del )?(?:19|20)\d\d"
    r"|[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d)(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters start..end of the text, and what they are."""

    kind: str
    start: int
    end: int


def find(text: str) -> tuple[Span, ...]:
    """All that is personal in the text. What two kinds claim is the earlier one's."""
    found: list[Span] = []
    left = text  # without what is found already
    for kind, finder in _finders(text):
        at, pieces = 0, []
        for start, end in sorted(finder(left)):
            if start >= at:
                found.append(Span(kind, start, end))
                pieces += [left[at:start], "\0" * (end - start)]
                at = end
        left = "".join([*pieces, left[at:]]) if pieces else left
    return tuple(sorted(found, key=lambda one: one.start))


def _finders(text: str) -> Iterator[tuple[str, Callable[[str], Iterable[tuple[int, int]]]]]:
    """The finders that a text needs, the surer ones first."""
    yield "SECRET", keys
    if "<@" in text:
        yield "PERSON", lambda said: (match.span() for match in _MENTION.finditer(said))
    if "@" in text or "＠" in text or re.search(r"[(\[{]\s?[aä]t\b", text, re.I):
        yield "EMAIL", _emails
    if re.search(r"\d|:", text):
        yield "IP", numbers.addresses
    if re.search(r"\d", text):
        yield "IBAN", numbers.ibans
        yield "CARD", numbers.cards
        yield "BIRTH_DATE", births
        yield "NATIONAL_ID", numbers.ids
        yield "PHONE", numbers.phones


def _emails(text: str) -> Iterator[tuple[int, int]]:
    """Also as "name (at) domain (dot) org"; a quotation mark before it is none of its own."""
    for match in _EMAIL.finditer(text):
        start, end = match.span()
        while text[start] in "'.-+%":
            start += 1
        yield start, end


def births(text: str) -> Iterator[tuple[int, int]]:
    """Dates beside a word that says that somebody was born then."""
    for match in _DATE.finditer(text):
        near = (
            text[max(0, match.start() - BIRTH_BEFORE) : match.start()],
            text[match.end() : match.end() + BIRTH_BEHIND],
        )
        if any(beside()["birth"].search(words) for words in near):
            yield match.span()
