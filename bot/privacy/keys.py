# ruff: noqa: E501 - a pattern on several lines is harder to read, not easier
"""Secrets in a text: keys and tokens by the form their makers give them, passwords by the word before them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.words import beside

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
_IN_URL = re.compile(r"(?<=://)[^\s/:@]{1,80}:([^\s/@]{3,120})(?=@)")
_BEARER = re.compile(r"(?i:\bbearer|\bbasic)\s{1,3}([\w.+/=-]{16,2000})")
_ASSIGNED = re.compile(
    r"""["'’]?\s{0,3}(?:[:=]{1,2}>?|(?:is|was|ist|lautet|est|es|è)(?=\s))\s{0,3}["'“‘`]?([^\s"'”’`,;]{4,400})"""
)
_BESIDE = re.compile(
    r"""\s{1,3}(?=\S*\d)(?=\S*[^\W\d_])(?=\S*[!#$%&*+?@^~])([^\s"'”’`,;]{6,400})"""
)  # "password Ab1! fails"
_NAMED = ("$", "[", "(", "<", "{", "%")  # a variable, a link or a placeholder stands there, no secret


def keys(text: str) -> Iterator[tuple[int, int]]:
    """Where secrets stand, in no order; they may overlap."""
    for pattern in (_FORMS, _PEM, _HOOK):
        for match in pattern.finditer(text):
            yield match.span()
    for pattern in (_IN_URL, _BEARER):
        for match in pattern.finditer(text):
            yield match.span(1)
    for word in beside()["secret"].finditer(text):
        said = _ASSIGNED.match(text, word.end()) or _BESIDE.match(text, word.end())
        if said is not None:
            value = said[1].rstrip(".:?)")
            if _like_a_secret(value, "=" in said[0] or ":" in said[0]):
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
