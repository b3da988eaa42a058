# ruff: noqa: E501 - a pattern on several lines is harder to read, not easier
"""Text in, the personal data in it out: kind and place, ascending, never overlapping. Pure; no call, no model.

Kinds: what has a form or a checksum (EMAIL, PHONE, CARD, IBAN, NATIONAL_ID, IP), a date of birth beside a word that
says so, secrets by their makers' forms or the word before them, and mentions of people as Slack writes them. Names and
postal addresses have no such form: bot.privacy.people.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from bot.privacy import numbers
from bot.privacy.words import beside
from knowledge.text.words import stopwords, word_lists

BIRTH_BEFORE = 40  # characters before a date in which a word says that somebody was born then; guess
LONGEST_NAME = 160  # characters before "at" in an address that is read out; guess
BIRTH_BEHIND = 12  # behind it: "14 March 1987 is my birthday"; guess

_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%'-]{1,64}(?:@|＠|\s?[(\[{]\s?(?:at|ät)\s?[)\]}]\s?)"
    r"(?:[\w-]{1,63}(?:\.|\s?[(\[{]\s?(?:dot|punkt)\s?[)\]}]\s?)){1,6}[^\W\d_]{2,24}(?![\w-])",
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
    left = text  # without what is found already
    for kind, finder in _finders(text, countries):
        at, pieces = 0, []
        for start, end in sorted(finder(left)):
            if start >= at:
                found.append(Span(kind, start, end))
                pieces += [left[at:start], "\0" * (end - start)]
                at = end
        left = "".join([*pieces, left[at:]]) if pieces else left
    return tuple(sorted(found, key=lambda one: one.start))


def _finders(
    text: str, countries: Collection[str] | None
) -> Iterator[tuple[str, Callable[[str], Iterable[tuple[int, int]]]]]:
    """The finders that a text needs, the surer ones first."""
    yield "SECRET", keys
    if "<@" in text:
        yield "PERSON", lambda said: (match.span() for match in _MENTION.finditer(said))
    if "@" in text or "＠" in text or re.search(r"[(\[{]\s?[aä]t\b", text, re.I) or _spelt()[0].search(text):
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
        rf"{at}\s[\w-]{{1,40}}(?:(?:\s{dot}\s|\.)[\w-]{{1,40}}){{0,3}}(?:\s{dot}\s|\.){_ENDS}" for at, dot in pairs
    )
    dots = "|".join(sorted({dot for _, dot in pairs}))
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


RANDOM_CHANGES = (
    2  # at least, between letters and figures in a random value: 3 lose 4 % of those with 32 letters; guess
)
LONGEST = 4000  # characters of a private key or a token; guess
_LEFT, _RIGHT = r"(?<![A-Za-z0-9_-])", r"(?![A-Za-z0-9_-])"

# Forms: the makers' documentation, as GitHub's secret scanning and gitleaks list them.
_FORMS = re.compile(
    _LEFT + r"(?:"
    r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}"  # AWS access key id
    r"|gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{40,255}"
    r"|glpat-[\w-]{20,64}"
    r"|xox[abcdeoprs]-[A-Za-z0-9-]{10,255}|xapp-\d-[A-Za-z0-9-]{10,255}"
    r"|sk-(?:proj-|ant-|svcacct-|admin-|or-)?[\w-]{20,255}"  # OpenAI, Anthropic and others that copy them
    r"|AIza[\w-]{30,45}|ya29\.[\w-]{20,512}"
    r"|(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[A-Za-z0-9]{20,255}"
    r"|npm_[A-Za-z0-9]{36}|pypi-[\w-]{50,255}|hf_[A-Za-z0-9]{30,64}|dop_v1_[a-f0-9]{64}|shpat_[a-fA-F0-9]{32}"
    r"|SG\.[\w-]{16,64}\.[\w-]{16,64}|key-[a-f0-9]{32}|SK[a-f0-9]{32}|AC[a-f0-9]{32}"
    r"|eyJ[\w-]{8,2000}\.[\w-]{8,2000}(?:\.[\w-]{0,1000})?"  # JWT
    r")" + _RIGHT
)
_PEM = re.compile(
    rf"-----BEGIN [A-Z ]{{0,30}}PRIVATE KEY(?: BLOCK)?-----[^-]{{1,{LONGEST}}}(?:-----END [A-Z ]{{0,30}}PRIVATE KEY(?: BLOCK)?-----)?"
)
_HOOK = re.compile(r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[\w/]{10,200}")
_RANDOM = re.compile(
    r"(?<![\w/=+.-])(?=[A-Za-z+/]*\d)(?=[a-z\d+/]*[A-Z])(?=[A-Z\d+/]*[a-z])[A-Za-z\d+/]{32,128}={0,2}(?![\w/=+-]|\.\w)"
)
_FIGURE_EDGE = re.compile(r"(?<=\d)(?=\D)|(?<=\D)(?=\d)")
_WORDS = re.compile(r"(?:[a-z]{2,}(?![a-z])|[A-Z]{1,6}(?![A-Z])|\d{1,4}(?!\d)|/)+")  # "HR/Travel2024/MoreHotels"
_IN_URL = re.compile(r"(?<=://)[^\s/:@]{1,80}:([^\s/@]{3,120})(?=@)")
_BEARER = re.compile(r"(?i:\bbearer|\bbasic)\s{1,3}([\w.+/=-]{16,2000})")
_ASSIGNED = re.compile(
    r"""["'’]?\s{0,3}(?:[:=]{1,2}>?|(?:is|was|ist|lautet|est|es|è)(?=\s))\s{0,3}["'“‘`]?([^\s"'”’`,;]{4,400})"""
)
_BESIDE = re.compile(
    r"""\s{1,3}(?:["“«](?=[^"”»\n]{6,80}["”»])|(?=\S*\d)(?=\S*[^\W\d_])(?=\S*[!#$%&*+?@^~]))([^\s"'”’`,;]{6,400})"""
)  # "password Ab1! fails"
_NAMED = ("$", "[", "(", "<", "{", "%")  # a variable, a link or a placeholder stands there, no secret


def keys(text: str) -> Iterator[tuple[int, int]]:
    """Where secrets stand, in no order; they may overlap."""
    for match in _RANDOM.finditer(text):
        if len(_FIGURE_EDGE.findall(match[0])) >= RANDOM_CHANGES and not _WORDS.fullmatch(match[0]):
            yield match.span()
    for pattern in (_FORMS, _PEM, _HOOK):
        for match in pattern.finditer(text):
            yield match.span()
    for pattern in (_IN_URL, _BEARER):
        for match in pattern.finditer(text):
            yield match.span(1)
    for kind in ("secret", "secret_marked"):
        yield from _called_secret(text, kind)


def _called_secret(text: str, kind: str) -> Iterator[tuple[int, int]]:
    """What follows a word for a secret and looks like one."""
    for word in beside()[kind].finditer(text):
        said = _ASSIGNED.match(text, word.end()) or _BESIDE.match(text, word.end())
        if said is not None and (kind == "secret" or text[word.end() : said.start(1)].strip("\"'’ ")[:1] in (":", "=")):
            value = said[1].rstrip(".:)")
            value = value.rstrip("?") if text[said.end(1) : said.end(1) + 1].strip() == "" else value
            if _like_a_secret(value, any(mark in said[0] for mark in ':="“«')):
                yield said.start(1), said.start(1) + len(value)


def _like_a_secret(value: str, told: bool) -> bool:
    """Letters with figures or signs; after ':' or '=' also lower and upper case mixed. No word, date, name or link."""
    letters = sum(c.isalpha() for c in value)
    figures = sum(c.isdigit() for c in value)
    signs = sum(not c.isalnum() and c not in "-._:/" for c in value)
    mixed = value[1:].lower() != value[1:] and value.upper() != value
    if value.startswith(_NAMED) or "://" in value or len(value) < (4 if told else 6):
        return False
    if not letters:
        return told and len(value) == figures  # a PIN
    return figures > 0 or (told and (mixed or signs > 0))
