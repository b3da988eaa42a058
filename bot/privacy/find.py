# ruff: noqa: E501 - a pattern on several lines is harder to read, not easier
"""Text in, the personal data in it out: kind and place, ascending, never overlapping. Pure; no call, no model.

Kinds: what has a form or a checksum (EMAIL, PHONE, CARD, IBAN, NATIONAL_ID, IP), a date of birth beside a word that
says so, secrets by their makers' forms or the word before them, and mentions of people as Slack writes them. Names and
postal addresses have no such form: bot.privacy.people.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.privacy import numbers
from bot.privacy.keys import keys
from bot.privacy.words import beside
from knowledge.text.characters import invisible
from knowledge.text.figures_alike import squeezed
from knowledge.text.words import stopwords, word_lists

PHONE_END = 7  # digits by which two ways to write a phone number are the same; guess
BIRTH_BEFORE = 40  # characters before a date in which a word says that somebody was born then; guess
LONGEST_NAME = 160  # characters before "at" in an address that is read out; guess
BIRTH_BEHIND = 12  # behind it: "14 March 1987 is my birthday"; guess

_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%'-]{1,64}(?:(?:@|%40)(?!\dx\.)|\s?[(\[{]\s?(?:at|ät)\s?[)\]}]\s?)"
    r"(?:[\w-]{1,63}(?:\.|\s?[(\[{]\s?(?:dot|punkt)\s?[)\]}]\s?)){1,6}[^\W\d_]{2,24}(?!-|_*[^\W_])",
    re.I,
)
_ENDS = r"(?:com|org|net|edu|gov|info|eu|io|co|example|test|de|at|ch|tr|fr|es|it|uk|nl|be|pt|pl|us|ca|mx|ar)"
_MENTION = re.compile(r"<@[UW][A-Z0-9]{1,20}(?:\|[^<>]{0,80})?>")
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = re.compile(
    rf"(?<!\w)(?:{_DAY}(?:[./-] ?{_DAY}[./-] ?(?:19|20)?|[. ]{{1,2}}{_DAY}[. ]{{1,2}}(?:19|20))\d\d|(?:19|20)\d\d[./-]{_DAY}[./-]{_DAY}"
    r"|\d{1,2}(?:st|nd|rd|th|er|\.)? (?:of |de )?[^\W\d_]{3,10}\.?,? (?:de |del )?(?:19|20)\d\d"
    r"|[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d)(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters start..end of the text, and what they are."""

    kind: str
    start: int
    end: int


Finds = Callable[[str], tuple[Span, ...]]  # what tells the personal data in a text


def find(text: str, countries: Collection[str] | None = None) -> tuple[Span, ...]:
    """All that is personal in the text. What two kinds claim is the earlier one's.

    `countries`: whose national and tax ids are looked for; None: all that are known.
    """
    found: list[Span] = []
    places: Sequence[int] = range(len(text))
    if not text.isascii():
        seen = [(shown, at) for at, char in enumerate(text) if (shown := _shown(char))]
        text, places = "".join(shown for shown, _ in seen), [at for _, at in seen]
    left = text  # without what is found already
    for kind, finder in _finders(text, countries):
        at, pieces = 0, []
        for start, end in _joined(finder(left)):
            found.append(Span(kind, places[start], places[end - 1] + 1))
            pieces += [left[at:start], "\0" * (end - start)]
            at = end
        left = "".join([*pieces, left[at:]]) if pieces else left
    return tuple(sorted(found, key=lambda one: one.start))


def unheld(said: str, texts: Sequence[str]) -> str:
    """The kind of the first personal value that none of the texts holds; "" where there is none."""
    spans = find(said)
    there = squeezed("\n".join(texts)) if spans else ""
    for span in spans:
        value = squeezed(said[span.start : span.end])
        if (value[-PHONE_END:] if span.kind == "PHONE" else value) not in there:
            return span.kind
    return ""


@lru_cache(4096)
def _shown(char: str) -> str:
    """One character as the patterns know it: any space, hyphen, figure or width; "" for what nobody sees."""
    kind = unicodedata.category(char)
    if char.isspace():
        return "\n" if char == "\n" else " "
    if kind in ("Pd", "Nd"):
        return "-" if kind == "Pd" else str(unicodedata.decimal(char))
    wide = "" if invisible().match(char) else unicodedata.normalize("NFKC", char)
    return char if wide and (not wide.isascii() or len(wide) > 1 or kind == "No") else wide


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ascending; those that overlap as one, so that no part of the longer is left."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            start, end = joined[-1][0], max(end, joined.pop()[1])
        joined.append((start, end))
    yield from joined


def _finders(
    text: str, countries: Collection[str] | None
) -> Iterator[tuple[str, Callable[[str], Iterable[tuple[int, int]]]]]:
    """The finders that a text needs, the surer ones first."""
    yield "SECRET", keys
    if "<@" in text:
        yield "PERSON", lambda said: (match.span() for match in _MENTION.finditer(said))
    if "@" in text or "%40" in text or re.search(r"[(\[{]\s?[aä]t\b", text, re.I) or _spelt()[0].search(text):
        yield "EMAIL", _emails
    if re.search(r"\d|:", text):
        yield "IP", numbers.addresses
    if re.search(r"\d", text):
        yield "IBAN", numbers.ibans
        yield "CARD", numbers.cards
        yield "BIRTH_DATE", births
        yield "NATIONAL_ID", lambda said: numbers.ids(said, countries)
        yield "PHONE", numbers.phones


def _emails(text: str) -> Iterator[tuple[int, int]]:
    """Also as "name (at) domain (dot) org"; a quotation mark before it is none of its own."""
    for match in _EMAIL.finditer(text):
        start, end = match.span()
        while text[start] in "'.-+%":
            start += 1
        yield start, end
    domain, name = _spelt()
    for match in domain.finditer(text):
        local = name.search(text[max(0, match.start() - LONGEST_NAME) : match.start()])
        if local and (
            _names_one(local[0]) if "." in match[0] else local[0].lower() not in stopwords()
        ):  # "I am at work dot it is"
            yield match.start() - len(local[0]), match.end()


def _names_one(local: str) -> bool:
    """Whether it is a name in "name at example.com"; "online at example.com" and "5.2 at ..." are places."""
    return not local.isalpha() and any(letter.isalpha() for letter in local)


@cache
def _spelt() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What follows the name in "name dot surname at domain dot com", and the name: in words/'s words for the signs."""
    pairs = [pair.split() for pair in word_lists("bot.privacy.words")["spelt"]]
    domains = (
        rf"{re.escape(at)}\s[\w-]{{1,40}}(?:(?:\s{re.escape(dot)}\s|\.)[\w-]{{1,40}}){{0,3}}(?:\s{re.escape(dot)}\s|\.){_ENDS}"
        for at, dot in pairs
    )
    dots = "|".join(sorted({re.escape(dot) for _, dot in pairs}))
    name = rf"(?<![\w.+%-])(?:[\w+%-]{{1,40}}(?:\s(?:{dots})\s|\.)){{0,3}}[\w+%-]{{1,40}}$"
    return re.compile(rf"(?<=\S)\s(?:{'|'.join(domains)})(?![\w-])", re.I), re.compile(name, re.I)


def births(text: str) -> Iterator[tuple[int, int]]:
    """Dates beside a word that says that somebody was born then."""
    for match in _DATE.finditer(text):
        near = (
            text[max(0, match.start() - BIRTH_BEFORE) : match.start()],
            text[match.end() : match.end() + BIRTH_BEHIND],
        )
        if any(beside()["birth"].search(beside()["nobody"].sub(" ", words)) for words in near):
            yield match.span()
