# ruff: noqa: E501 - a pattern on several lines is harder to read, not easier
"""Text in, the personal data in it out: kind and place, ascending, never overlapping. Pure; no call, no model.

Kinds: what has a form or a checksum (EMAIL, PHONE, CARD, IBAN, NATIONAL_ID, IP), a date of birth beside a word that
says so, secrets, and mentions of people as Slack writes them. Three things tell a secret: a maker's form (keys.toml),
letters and figures that no word has, or a name before it ("password:", "DB_TOKEN=", "postgres://user:"), in whichever
language (words/). Names and postal addresses have no such form: bot.privacy.people.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.privacy import numbers
from bot.privacy.words import beside
from knowledge.text.characters import invisible
from knowledge.text.sentences import united
from knowledge.text.words import data_file, squeezed, stopwords, word_lists
from knowledge.text.written_figures import in_ascii

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
# At least, between letters and figures in a random value: 3 lose 4 % of those with 32 letters; guess
RANDOM_CHANGES = 2
LONGEST = 4000  # characters of a private key or a token; guess

_PEM = re.compile(  # whole, or its beginning
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
    rf"(?:[^\0]{{1,{LONGEST}}}?-----END [A-Z ]{{0,30}}PRIVATE KEY(?: BLOCK)?-----"
    r"|(?:\s|\\[nr]){0,9}[A-Za-z\d+/=]{8,4000}(?:(?:\s|\\[nr]){1,9}[A-Za-z\d+/=]{8,4000}){0,200})"
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


@dataclass(frozen=True, slots=True)
class Span:
    """Characters start..end of the text, and what they are."""

    kind: str
    start: int
    end: int


FindPersonal = Callable[[str], tuple[Span, ...]]  # what tells the personal data in a text


def find(text: str, countries: Collection[str] | None = None) -> tuple[Span, ...]:
    """All that is personal in the text. What two kinds claim is the earlier one's.

    `countries`: whose national and tax ids are looked for; None: all that are known.
    """
    spans: list[Span] = []
    places: Sequence[int] = range(len(text))
    if not text.isascii():
        seen = [(shown, at) for at, char in enumerate(text) if (shown := _shown(char))]
        text, places = in_ascii("".join(shown for shown, _ in seen)), [at for _, at in seen]
    left = text  # without what is found already
    for kind, finder in _finders(text, countries):
        at, pieces = 0, []
        for start, end in united(finder(left), gap=-1):  # so that of two that overlap no part is left
            spans.append(Span(kind, places[start], places[end - 1] + 1))
            pieces += [left[at:start], "\0" * (end - start)]
            at = end
        left = "".join([*pieces, left[at:]]) if pieces else left
    return tuple(sorted(spans, key=lambda one: one.start))


def unheld(text: str, texts: Sequence[str]) -> str:
    """The kind of the first personal value that none of the texts holds; "" where there is none."""
    spans = find(text)
    there = squeezed("\n".join(texts)) if spans else ""
    for span in spans:
        value = squeezed(text[span.start : span.end])
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


def _finders(
    text: str, countries: Collection[str] | None
) -> Iterator[tuple[str, Callable[[str], Iterable[tuple[int, int]]]]]:
    """The finders that a text needs, the surer ones first."""
    yield "SECRET", secrets
    if "<@" in text:
        yield "PERSON", lambda rest: (match.span() for match in _MENTION.finditer(rest))
    if "@" in text or "%40" in text or re.search(r"[(\[{]\s?[aä]t\b", text, re.I) or _spelt()[0].search(text):
        yield "EMAIL", _emails
    if re.search(r"\d|:", text):
        yield "IP", numbers.addresses
    if re.search(r"\d", text):
        yield "IBAN", numbers.ibans
        yield "CARD", numbers.cards
        yield "BIRTH_DATE", births
        yield "NATIONAL_ID", lambda rest: numbers.ids(rest, countries)
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
        if local and _names_one(local[0], match[0]):
            yield match.start() - len(local[0]), match.end()


def _names_one(local: str, domain: str) -> bool:
    """Whether it is a name: not "online at example.com", "5.2 at example.com" or "I am at work dot it is"."""
    if "." not in domain:
        return local.lower() not in stopwords()
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
        before = text[max(0, match.start() - BIRTH_BEFORE) : match.start()]
        behind = text[match.end() : match.end() + BIRTH_BEHIND]
        if any(beside()["birth"].search(beside()["nobody"].sub(" ", words)) for words in (before, behind)):
            yield match.span()


def secrets(text: str) -> Iterator[tuple[int, int]]:
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
    yield from (match.span(1) for match in _OPTION.finditer(text) if _like_a_secret(match[1], named=True))
    for kind in ("secret", "secret_marked"):
        yield from _called_secret(text, kind)


@cache
def _forms() -> re.Pattern[str]:
    forms = "|".join(data_file("bot.privacy", "keys.toml")["forms"])
    return re.compile(rf"(?<![A-Za-z0-9_-])(?:{forms})(?![A-Za-z0-9_-])")


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
        end = word.end()
        if text[end : end + 1] in (" ", "-") and beside()["no_secret"].match(text, end + 1):
            continue  # "password manager", "Passwort-Manager"
        match = _ASSIGNED.match(text, end) or _BESIDE.match(text, end) or _FURTHER.match(text, end)
        if match and (kind == "secret" or text[end : match.start(1)].strip("\"'’ ").startswith((":", "="))):
            value = match[1].rstrip(".:)")
            value = value.rstrip("?") if text[match.end(1) : match.end(1) + 1].strip() == "" else value
            if _like_a_secret(value, any(mark in match[0] for mark in ':="“«')):
                yield match.start(1), match.start(1) + len(value)
        start = max(0, word.start() - _AHEAD)
        if kind == "secret" and (before := _BEFORE.search(text[start : word.start()])):
            first, last = before.span(before.lastindex or 0)
            yield start + first, start + last


def _like_a_secret(value: str, named: bool) -> bool:
    """Letters with figures or signs; after ':' or '=' also lower and upper case mixed. No word, date, name or link."""
    letters = sum(c.isalpha() for c in value)
    figures = sum(c.isdigit() for c in value)
    signs = sum(not c.isalnum() and c not in "-._:/" for c in value)
    mixed = value[1:].lower() != value[1:] and value.upper() != value
    if _points(value) or "://" in value or len(value) < (4 if named else 6):
        return False
    if not letters:
        return named and len(value) == figures  # a PIN
    return figures > 0 or (named and (mixed or signs > 0))
