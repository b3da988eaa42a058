"""Model text -> the same text with nothing in it that Slack or a reader could be tricked by.

In: Markdown as the model wrote it. Out: Markdown without invisible characters, encoded or foreign links, mentions,
secrets, canary, floods and imitated notices; links that are allowed are replaced by `\\0n\\0` and returned beside it.
Pure. Rule kept: whatever is taken out leaves something visible or a word behind, so that its neighbours can't join
into what was taken out. Linear in the length of the text.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Collection

REMOVED = "(removed)"
LINK_REMOVED = "(link removed)"
MAX_CHARS = 12_000  # Slack's limit for Markdown
MAX_LINES = 150

_STRUCTURAL = {
    "\u2024": ".",
    "＜": "<",
    "﹤": "<",
    "＞": ">",
    "﹥": ">",
    "＠": "@",
    "﹫": "@",
    "＆": "&",
    "﹠": "&",
    "＃": "#",
    "﹟": "#",
}
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
    r"(?P<mail>(?<![\w.+-])[\w.+-]{1,64}@(?!(?:here|channel|everyone)\b)[\w-]+(?:\.[\w-]+)+(?![\w/@:：]))"
    rf"|(?P<domain>(?<![\w@.-])(?:[\w-]+[.。．｡])+(?:{_TLD}|xn--[\w-]+)(?![\w-])|(?<![\w@.-])www[.。．｡][\w.-]+)"
    r"|(?P<at>(?<!@)(?:(?<![^\W_])@++|@@++)(?=[*_~`]{0,3}(?:channel|here|everyone|[UW][A-Z0-9]{6})|[a-z]{0,7}$))",
    re.I,
)
_TRAILING = ".,;:!?)]}'\"*_~`"


def clean(text: str, links: Collection[str] = (), canary: str = "") -> tuple[str, list[tuple[str, str]]]:
    """The safe text, and (label, url) of each allowed link that it names as `\\0n\\0`."""
    text = _characters(_decoded(_characters(text.replace("\r\n", "\n"))))
    text = _SECRETS.sub(REMOVED, _without_canary(text, canary))
    text = _SOURCES.sub("", _DELETED.sub("", _NOTICE.sub(r"\1", text)))
    text = _bounded(text)
    kept: list[tuple[str, str]] = []

    def place(label: str, url: str) -> str:
        kept.append((label, url))
        return f"\0{len(kept) - 1}\0"

    def unwrap(match: re.Match[str]) -> str:
        token, label, url = match["token"], match["label"], match["url"]
        if token is not None:
            if token[0] in "@#!":
                shown = match["shown"] or ("" if token[0] == "#" else token[1:].partition("^")[0])
                return shown if shown and token[0] != "@" else "(mention removed)"
            label, url = match["shown"] or token, token
        if not url and not match[0].startswith("!") and token is None:
            return f"{label} "
        if url in links and not match[0].startswith("!"):
            return place(label if label == url else _swept(label, None), url)
        return label.strip() or REMOVED

    text = _UNWRAP.sub(unwrap, text)
    return _swept(text, lambda url: place(url, url) if url in links else None), kept


def _swept(text: str, allowed: Callable[[str], str | None] | None) -> str:
    """Defuse what Slack would turn into links or mentions by itself."""

    def unlink(match: re.Match[str]) -> str:
        core = match[0].rstrip(_TRAILING)
        placed = allowed(core) if allowed else None
        return (placed or LINK_REMOVED) + match[0][len(core) :]

    def defuse(match: re.Match[str]) -> str:
        if match["domain"]:
            return re.sub("[.。．｡]", "[.]", match[0])
        return match["mail"] or ""

    return _SWEEP.sub(defuse, _URL.sub(unlink, text)).replace("](", "] (")


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
    return re.sub(r"&(?=#|\w{1,31};)", "& ", text)  # what still looks like one is nobody's honest text


def _without_canary(text: str, canary: str) -> str:
    """Take the canary out, also spelled with separators, in another case, or backwards."""
    needle = "".join(c for c in canary.casefold() if c.isalnum())
    if not needle:
        return text
    places = [(i, low) for i, c in enumerate(text) if c.isalnum() for low in c.casefold()]
    squeezed = "".join(low for _, low in places)
    cuts = []
    for form in {needle, needle[::-1]}:
        at = squeezed.find(form)
        while at >= 0:
            cuts.append((places[at][0], places[at + len(form) - 1][0] + 1))
            at = squeezed.find(form, at + len(form))
    for start, end in sorted(cuts, reverse=True):
        text = text[:start] + REMOVED + text[end:]
    return text


def _bounded(text: str) -> str:
    """No flood: two empty lines at most in a row, and limits on lines and characters."""
    text = re.sub(r"\n(?:[ ]*\n){2,}", "\n\n", text)
    lines = text.split("\n", MAX_LINES)
    cut = len(lines) > MAX_LINES or len(text) > MAX_CHARS
    text = "\n".join(lines[:MAX_LINES])[:MAX_CHARS]
    return f"{text}…" if cut else text
