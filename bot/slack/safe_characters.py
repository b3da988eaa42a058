"""Model text -> the same text with nothing in it that Slack or a reader could be tricked by.

In: Markdown as the model wrote it. Out: Markdown without invisible characters, encoded or foreign links, mentions,
secrets, floods and imitated notices; links that are allowed are replaced by `\\0n\\0` and returned beside it.
Pure. Rule kept: whatever is taken out leaves something visible or a word behind, so that its neighbours can't join
into what was taken out. Linear in the length of the text.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

REMOVED = "(removed)"
LINK_REMOVED = "(link removed)"
MAX_CHARS = 12_000  # Slack's limit for Markdown
MAX_LINES = 150

_STRUCTURAL = dict(
    zip("\u2024＜﹤＞﹥＠﹫＆﹠＃﹟", ".<<>>@@&&##", strict=True)
)  # what is drawn like a sign that Slack acts on
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # drawn as nothing, yet not "format"


class _Characters(dict[int, str | None]):
    """What becomes of each character; filled as they occur."""

    def __missing__(self, code: int) -> str | None:
        char = chr(code)
        category = unicodedata.category(char)
        kept: str | None = char
        if char in _STRUCTURAL:
            kept = _STRUCTURAL[char]
        elif char == "\n" or category in ("Zl", "Zp"):
            kept = "\n"
        elif char == "\t" or category == "Zs":
            kept = " "
        elif category in ("Cc", "Cf", "Cs", "Co", "Cn") or char in _BLANKS:
            kept = None
        elif 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or 0x180B <= code <= 0x180F:
            kept = None  # variation selectors: they smuggle bytes
        self[code] = kept
        return kept


_CHARACTERS = _Characters()
_AMPERSANDS = re.compile(r"&(?:amp;?|#0*38;?|#x0*26;?)+", re.I)
_NO_ENTITY = re.compile(r"&(?=#|\w{1,31};)")
_SECRETS = re.compile(
    r"xox[a-z]-[\w-]{8,}|xapp-[\w-]{8,}|\bsk-[\w-]{16,}|\bAKIA[0-9A-Z]{12,}|\bgh[opsu]_\w{16,}|\bgithub_pat_\w{16,}"
    r"|-----BEGIN [A-Z ]{0,40}KEY-----(?:(?!-----END)[^\0]){0,8000}(?:-----END [A-Z ]{0,40}KEY-----)?"
    r"|\beyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*)?"
)
_EDGE = r"[ \t]*(?:(?:[^\w\s\0|\[(]|_)[ \t]*){0,8}"  # markup and signs that may stand before the first word of a line
_NOTICE = re.compile(
    rf"^({_EDGE})[\[(]?(?:slack ?bot|slack|system|admin(?:istrator)?|policy ?bot|assistant|developer)"
    r"(?:[ _-]?(?:message|notice|notification|alert|warning|update|prompt|override))?"
    r"(?:[\])][*_]{0,3}:?|[*_]{0,3}:|(?<=bot)[*_]{0,3} [–—-] )[*_]{0,3}[ \t]*",
    re.I | re.M,
)
_DELETED = re.compile(rf"^{_EDGE}(?:this message was deleted|\(edited\))\.?[*_]{{0,3}}[ \t]*$", re.I | re.M)
_SOURCES = re.compile(rf"^{_EDGE}(?:sources|references|citations)[*_]{{0,3}}:.*$", re.I | re.M)

_UNWRAP = re.compile(
    r"!?\[(?P<label>[^\[\]\n]*)\]\([ ]*<?(?P<url>[^()<>\s|]*(?:\([^()<>\s|]*\)[^()<>\s|]*){0,4})>?"
    r"(?:[ ]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ ]*\)"
    r"|<(?P<token>[@#!][^<>|\n]*|[a-z][a-z0-9+.-]{1,20}:[^<>|\n]*)(?:\|(?P<shown>[^<>\n]*))?>",
    re.I,
)
_TLD = (
    r"com|org|net|gov|edu|mil|int|info|biz|io|co|ai|app|dev|me|tv|xyz|site|online|club|shop|top|link|click|live|cloud|"
    r"uk|us|eu|de|fr|es|it|nl|be|ch|at|pl|tr|ru|ua|cn|jp|kr|in|au|nz|ca|br|mx|za|se|no|dk|fi|pt|gr|ie|cz|hu|ro|ly|gl|"
    r"test|example|invalid|local|localhost|internal|onion"
)
_URL = re.compile(
    r"(?:[a-z0-9+.-]{1,20}[:：][/／\\]+|[/／\\]{2,}(?=[^\s/／\\]))[^\s<>|\0]*"
    r"|(?:javascript|vbscript|mailto|(?<![a-z])(?:data|file|tel|sms|callto|slack|about|blob|intent)):(?=\S)[^\s<>|\0]*",
    re.I,
)
_SWEEP = re.compile(
    r"(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@(?!(?:here|channel|everyone)\b)[\w-]+(?:\.[\w-]+)+"
    r"(?=(?P<more>[/@]|[:：](?=[\w/]))|))"
    rf"|(?P<domain>(?<![\w.-])(?:[\w-]+[.。．｡])+(?:{_TLD}|xn--[\w-]+)(?![\w-])|(?<![\w@.-])www[.。．｡][\w.-]+)"
    r"|(?P<mention>(?<!@)(?:(?<![^\W_])@++|@@++)(?=[*_~`]{0,3}(?:channel|here|everyone|[UW][A-Z0-9]{6})|[a-z]{0,7}$))",
    re.I,
)
_PERSON = re.compile(r"[\w.+-]+@\Z")
_HOST = re.compile(r"(?<=\w@)[\w-]+(?:[.。．｡][\w-]+)+")
_TRAILING = ".,;:!?)]}'\"*_~`"


@dataclass(frozen=True, slots=True)
class Safe:
    """A text made safe; `\\0n\\0` in it stands for the n-th of `links`, each (label, url)."""

    text: str
    links: Sequence[tuple[str, str]]
    addresses: str | None

    def defused(self, text: str) -> str:
        """A part of it whose escapes (`\\.`) were resolved, once more without what Slack would act on."""
        return _swept(_NO_ENTITY.sub("& ", text), self.addresses)

    def unlinked(self, text: str) -> str:
        """A part of it with links shown by their labels: where a link can't stand."""
        return re.sub(r"\0(\d+)\0", lambda match: self.links[int(match[1])][0], text)


def clean(text: str, links: Collection[str] = (), addresses: str | None = None) -> Safe:
    """The text without anything that Slack or a reader could be tricked by.

    E-mail addresses that the text `addresses` lacks are made unlinkable, "a@b[.]test"; none, if it is None.
    """
    text = _characters(_decoded(_characters(text.replace("\r\n", "\n"))))
    text = _SECRETS.sub(REMOVED, text)
    text = _SOURCES.sub("", _DELETED.sub("", _NOTICE.sub(r"\1", text)))
    text = _bounded(text)
    kept: list[tuple[str, str]] = []

    def marked(label: str, url: str) -> str:
        kept.append((label, url))
        return f"\0{len(kept) - 1}\0"

    def unwrap(match: re.Match[str]) -> str:
        token, label, url = match["token"], match["label"], match["url"]
        if token is not None:
            if token[0] == "#":  # a channel, as text
                return "#" + match["shown"].lstrip("#") if match["shown"] else "(channel)"
            if token[0] in "@!":
                shown = match["shown"] or token[1:].partition("^")[0]
                return shown if shown and token[0] != "@" else "(mention removed)"
            label, url = match["shown"] or token, token
        if not url and not match[0].startswith("!") and token is None:
            return f"{label} "
        if url in links and not match[0].startswith("!"):
            return marked(label if label == url else _swept(label, addresses), url)
        return label.strip() or REMOVED

    text = _UNWRAP.sub(unwrap, text)
    return Safe(_swept(text, addresses, lambda url: marked(url, url) if url in links else None), kept, addresses)


def _swept(text: str, addresses: str | None, allowed: Callable[[str], str | None] | None = None) -> str:
    """Defuse what Slack would turn into links or mentions by itself."""

    def unlink(match: re.Match[str]) -> str:
        core = match[0].rstrip(_TRAILING)
        link = allowed(core) if allowed else None
        return (link or LINK_REMOVED) + match[0][len(core) :]

    def defuse(match: re.Match[str]) -> str:
        if match["mention"]:
            return ""
        if match["mail"] and not match["more"]:
            return match[0]
        person, sign, host = match[0].rpartition("@")
        return person + sign + _broken(host)

    text = _SWEEP.sub(defuse, _URL.sub(unlink, text)).replace("](", "] (")
    return text if addresses is None else _without_addresses(text, addresses.casefold())


def _without_addresses(text: str, known: str) -> str:
    """The text with the host of each address that `known` lacks made unlinkable."""

    def broken(match: re.Match[str]) -> str:
        person = _PERSON.search(text, max(0, match.start() - 65), match.start())
        address = (person[0] if person else "@") + match[0]
        return match[0] if address.casefold() in known else _broken(match[0])

    return _HOST.sub(broken, text)


def _broken(host: str) -> str:
    return re.sub("[.。．｡]", "[.]", host)


def _characters(text: str) -> str:
    text = text.translate(_CHARACTERS)
    if text.isascii():
        return text
    out, marks = [], 3  # a text that begins with combining marks would join them to what stands before
    for char in text:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= 3:
            out.append(char)
    return "".join(out)


def _decoded(text: str) -> str:
    """HTML entities resolved, however often they were encoded."""
    for _ in range(3):
        decoded = html.unescape(_AMPERSANDS.sub("&", text))
        if decoded == text:
            break
        text = decoded
    return _NO_ENTITY.sub("& ", text)  # what still looks like one is nobody's honest text


def _bounded(text: str) -> str:
    """No flood: two empty lines at most in a row, and limits on lines and characters."""
    text = re.sub(r"\n(?:[ ]*\n){2,}", "\n\n", text)
    lines = text.split("\n", MAX_LINES)
    cut = len(lines) > MAX_LINES or len(text) > MAX_CHARS
    text = "\n".join(lines[:MAX_LINES])[:MAX_CHARS]
    return f"{text}…" if cut else text
