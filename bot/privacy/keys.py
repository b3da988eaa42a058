"""Secrets: keys and tokens by their forms, passwords by what stands around them. Text in, spans out. Pure.

Three things tell a secret: a maker's form (keys.toml), letters and figures that no word has, or a name before it
("password:", "DB_TOKEN=", "postgres://user:"), in whichever language (words/).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from bot.privacy.words import beside

# At least, between letters and figures in a random value: 3 lose 4 % of those with 32 letters; guess
RANDOM_CHANGES = 2
LONGEST = 4000  # characters of a private key or a token; guess

_PEM = re.compile(  # whole, or its beginning
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
    rf"(?:[^\0]{{1,{LONGEST}}}?-----END [A-Z ]{{0,30}}PRIVATE KEY(?: BLOCK)?-----"
    r"|(?:(?:\s|\\[nr]){0,9}[A-Za-z\d+/=]{8,200}){1,200})"
)
_HOOK = re.compile(r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[\w/]{10,200}")
_URL = re.compile(r"://\S{1,4000}")  # what is long and without words there is a document's address
_RANDOM = re.compile(
    r"(?<![\w/=+.%-])(?![-_]|[A-Z]{1,8}[-_/](?:19|20)\d\d[-_/])(?=[A-Za-z+/_-]*\d)(?=[a-z\d+/_-]*[A-Z])(?=[A-Z\d+/_-]*[a-z])"
    r"[A-Za-z\d+/_-]{24,128}={0,2}(?![\w/=+@-]|\.\w)"
)
_FIGURE_EDGE = re.compile(r"(?<=\d)(?=\D)|(?<=\D)(?=\d)")
_PARTS = re.compile(r"[/_+.~%-]")
_PART = 8  # characters of it without a sign between them that have letters and figures changing
_WORDS = re.compile(r"(?:[a-z]{2,}(?![a-z])|[A-Z]{1,6}(?![A-Z])|\d{1,4}(?!\d))+")  # "Travel2024MoreHotels"
# Names that programs give to secrets, before a long value: "AccountKey=", "sessionid=", "&sig="
_PROGRAM = re.compile(
    r"(?:key|token|secret|sig|signature|session|session_?id|auth|credential)[\"']?\s?[:=]\s?[\"']?"
    r"([\w.+/=%~-]{16,4000})",
    re.I,
)
_IN_URL = re.compile(r"(?<=://)[^\s/:@]{0,80}:([^\s/@]{3,120})(?=@)")
_OPTION = re.compile(  # curl -u name:password, docker login -p password
    r"(?<!\S)(?:(?:-u|--user)[ =][^\s:$]{1,80}:|--(?:password|passphrase|token|secret|api-key)[ =]"
    r"|login\s[^\n]{0,60}?\s-p )[\"']?([^\s\"'`)]{6,200})"
)
_BEARER = re.compile(r"(?i:\bbearer|\bbasic)\s{1,3}([\w.+/=-]{16,2000})")
_ASSIGNED = re.compile(
    r"""["'’]?\s{0,3}(?:[:=]{1,2}>?|(?:is|was|ist|lautet|est|es|è)(?=\s))\s{0,3}["'“‘`]?([^\s"'”’`,;]{4,400})"""
)
_FURTHER = re.compile(  # "the password for our guests' wifi: Ab1-..."
    r"""(?:\s[^\W\d_]{1,20}){1,4}\s?[:=]\s{0,3}["'“‘`]?((?=[^\s,;]*\d)(?=[^\s,;]*[a-z])(?=[^\s,;]*[A-Z])[^\s"'”’`,;]{6,400})"""
)
_BESIDE = re.compile(
    r"""\s{1,3}(?:["“«](?=[^"”»\n]{6,80}["”»])|(?=\S*\d)(?=\S*[^\W\d_])(?=\S*[!#$%&*+?@^~]))([^\s"'”’`,;]{6,400})"""
)  # "password Ab1! fails"
_IS = r"(?:is|was|as|ist|war|als|est|était|es|è)"
_MIXED = r"""((?=\S*\d)(?=\S*[a-z])(?=\S*[A-Z])[^\s"'”’`,;]{6,40})"""
_BEFORE = re.compile(  # "is Ab1-... still the password?", "Ab1-... is our password"
    rf"(?:\b{_IS}\s{_MIXED}|(?<!\S){_MIXED}\s{_IS})\s(?:[^\W\d_]{{1,6}}\s){{1,2}}$"
)
_AHEAD = 70  # characters before a word for a secret in which its value may stand
_NAMED = ("$", "[", "(", "<", "{", "%")  # a variable, a link or a placeholder stands there, no secret
_CALLED = ("[", "(")  # the beginning of a call that fetches it


def keys(text: str) -> Iterator[tuple[int, int]]:
    """Where secrets stand, in no order; they may overlap."""
    for pattern in (_forms(), _PEM, _HOOK):
        yield from (match.span() for match in pattern.finditer(text))
    elsewhere = _URL.sub(lambda url: " " * len(url[0]), text)
    yield from (match.span() for match in _RANDOM.finditer(elsewhere) if _is_random(match[0]))
    yield from (match.span(1) for match in _BEARER.finditer(text))
    yield from (match.span(1) for match in _PROGRAM.finditer(text) if _is_random(match[1]))
    for match in _IN_URL.finditer(text):
        if not _points(match[1]) and not beside()["secret"].fullmatch(match[1]):
            yield match.span(1)
    yield from (match.span(1) for match in _OPTION.finditer(text) if _like_a_secret(match[1], told=True))
    for kind in ("secret", "secret_marked"):
        yield from _called_secret(text, kind)


@cache
def _forms() -> re.Pattern[str]:
    forms = tomllib.loads(resources.files("bot.privacy").joinpath("keys.toml").read_text(encoding="utf-8"))["forms"]
    return re.compile(rf"(?<![A-Za-z0-9_-])(?:{'|'.join(forms)})(?![A-Za-z0-9_-])")


def _is_random(value: str) -> bool:
    """Whether a part of it is made of letters and figures as no word or file's name is."""
    return any(
        len(part) >= _PART and len(_FIGURE_EDGE.findall(part)) >= RANDOM_CHANGES and not _WORDS.fullmatch(part)
        for part in _PARTS.split(value)
    )


def _points(value: str) -> bool:
    """Whether it says where a secret is to be had: a variable, a placeholder, a call."""
    return value.startswith(_NAMED) or value.endswith(_CALLED)


def _called_secret(text: str, kind: str) -> Iterator[tuple[int, int]]:
    """What follows a word for a secret and looks like one."""
    for word in beside()[kind].finditer(text):
        if text[word.end() : word.end() + 1] in (" ", "-") and beside()["no_secret"].match(
            text, word.end() + 1
        ):  # "password manager", "Passwort-Manager"
            continue
        said = _ASSIGNED.match(text, word.end()) or _BESIDE.match(text, word.end()) or _FURTHER.match(text, word.end())
        if said is not None and (kind == "secret" or text[word.end() : said.start(1)].strip("\"'’ ")[:1] in (":", "=")):
            value = said[1].rstrip(".:)")
            value = value.rstrip("?") if text[said.end(1) : said.end(1) + 1].strip() == "" else value
            if _like_a_secret(value, any(mark in said[0] for mark in ':="“«')):
                yield said.start(1), said.start(1) + len(value)
        start = max(0, word.start() - _AHEAD)
        if kind == "secret" and (before := _BEFORE.search(text[start : word.start()])):
            first, last = before.span(before.lastindex or 0)
            yield start + first, start + last


def _like_a_secret(value: str, told: bool) -> bool:
    """Letters with figures or signs; after ':' or '=' also lower and upper case mixed. No word, date, name or link."""
    letters = sum(c.isalpha() for c in value)
    figures = sum(c.isdigit() for c in value)
    signs = sum(not c.isalnum() and c not in "-._:/" for c in value)
    mixed = value[1:].lower() != value[1:] and value.upper() != value
    if _points(value) or "://" in value or len(value) < (4 if told else 6):
        return False
    if not letters:
        return told and len(value) == figures  # a PIN
    return figures > 0 or (told and (mixed or signs > 0))
