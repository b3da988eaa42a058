"""The model's Markdown -> only what is safe in Slack, as Markdown, as mrkdwn or without markup.

In: one sentence, or any text, and the URLs of our own document table that it may link to. Out: text in which every `<`
is ours. Each line is read by itself, what stands in it by markdown-it, whose tokens each surface writes its own way.
Pure. Rule kept: each call's output is closed in itself (no open code, emphasis or token), so outputs may be joined in
any order; that is why a stream can be rendered sentence by sentence. Knows no block and no message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from bot.slack.safe_characters import Safe, clean

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_FENCE = re.compile(r"[ ]{0,8}(?:`{3,}|~{3,})[ ]*[\w+-]{0,20}[ ]*$")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ ]+(.*)$")
_ITEM = re.compile(r"([ ]{0,12})(?:[-*+•–‣◦▪●○]|(\d{1,4})[.)])[ ]+(?=\S)(.*)$")
_QUOTE = re.compile(r"[ ]*(?:>[ ]?)+(.*)$")
_RULE = re.compile(r"[ ]*(?:[-_*=][ ]*){3,}$")
_ROW = re.compile(r"[ ]*\|(.*)\|[ ]*$")
_ROW_RULE = re.compile(r"[ |:]*-[ |:-]*$")
_MARKUP = re.compile(r"[*_~`\\]")
_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class _Surface:
    """How one place in Slack writes each kind."""

    escape: Callable[[str], str]  # any text
    literal: Callable[[str], str]  # escaped text outside code: its own markup characters
    code: Callable[[str], str]  # escaped text as code
    link: Callable[[str, str], str]  # (escaped label, url)
    row: Callable[[Sequence[str]], str]  # the cells of a table's row
    marks: dict[str, str]
    row_rule: str = ""  # a cell of what stands below a table's header
    bullet: str = "• "
    quote: str = "> "
    fence: str = "```\n"


def markdown(text: str, links: Collection[str] = (), addresses: str | None = None) -> str:
    """For markdown_text and markdown blocks: `***a***` stays so, a table's row stays a row.

    Of e-mail addresses only those that stand in the text `addresses` stay as they are; all, if that is None. `&` stays
    as it is: escaping it would break links.
    """
    return _render(text, links, addresses, _MARKDOWN)


def mrkdwn(text: str, links: Collection[str] = (), addresses: str | None = None) -> str:
    """For mrkdwn text objects and the `text` of messages: `**a**` becomes `*a*`, a table's row `• a · b`."""
    return _render(text, links, addresses, _MRKDWN)


def as_text(text: str) -> str:
    """For plain_text objects and fallback texts: no markup, and safe even where Slack parses it."""
    return _render(text, (), None, _PLAIN)


def _render(text: str, links: Collection[str], addresses: str | None, surface: _Surface) -> str:
    safe = clean(text, links, addresses)
    written: list[str] = []
    code: list[str] | None = None  # lines of a listing that is open
    for line in [*safe.text.split("\n"), None]:
        if code is None and line is not None and not _FENCE.match(line):
            written += _line(line, safe, surface)
        elif code is None:
            code = []
        elif line is not None and not _FENCE.match(line) and not line.strip().startswith("```"):
            code.append(safe.unlinked(line))
        else:
            written.append(_listing(code, surface))
            code = None
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(written)).strip(" \n")
    before, after = _edges(text)
    return f"{before}{body}{after}" if body or not text.strip() else ""


def _edges(text: str) -> tuple[str, str]:
    """The white space around a text, for it joins sentences: at most one empty line."""
    body = text.strip()
    before, _, after = text.partition(body) if body else (text, "", "")
    return _gap(before), _gap(after)


def _gap(space: str) -> str:
    breaks = min(space.count("\n"), 2)
    indent = min(len(space.rpartition("\n")[2]), 12 if breaks else 1)
    return "\n" * breaks + " " * indent


def _listing(lines: Iterable[str], surface: _Surface) -> str:
    inside = surface.escape("\n".join(lines).replace("`" * 3, "'" * 3))
    return f"{surface.fence}{inside}{surface.fence[::-1]}" if inside.strip() else ""


def _line(line: str, safe: Safe, surface: _Surface) -> list[str]:
    """One line as the surface writes it; nothing for a rule."""

    def written(part: str) -> str:
        return _inline(part, safe, surface)

    if (match := _ROW.match(line)) is not None:
        cells = [cell.strip().replace(r"\|", "|") for cell in _BETWEEN_CELLS.split(match[1])]
        if not _ROW_RULE.match(line):
            return [surface.row([written(cell) for cell in cells])]
        return [surface.row([surface.row_rule] * len(cells))] if surface.row_rule else []
    if len(line) > 2 and _RULE.match(line):
        return []
    if (match := _HEADING.match(line)) is not None:
        closed = match[1].rstrip("# ")  # "Leave ##" is closed, "C#" is not
        inner = written(closed if match[1][len(closed) :].startswith(" ") else match[1]).strip()
        bold = surface.marks["**"]
        return [inner if not inner or bold in inner else f"{bold}{inner}{bold}"]
    if (match := _QUOTE.match(line)) is not None:
        return [surface.quote + written(match[1])]
    if (match := _ITEM.match(line)) is not None:
        return [match[1] + (f"{match[2]}. " if match[2] else surface.bullet) + written(match[3])]
    return [written(line)]


@cache
def _parser() -> MarkdownIt:
    """Reads what stands in a line: emphasis, code, escapes. Entities and links were seen to before it."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("zero").enable(["backticks", "emphasis", "escape", "strikethrough"])
    parser.parseInline("*x*")  # it collects its rules at the first use, which threads must not share
    return parser


def _inline(text: str, safe: Safe, surface: _Surface) -> str:
    """A part of a line as the surface writes it: as mrkdwn `***a*** \\*` is `_*a*_ *`."""
    if not _MARKUP.search(text):
        return _words(text, safe, surface)
    tokens: list[Token] = []
    _parser().inline.parse(text, _parser(), {}, tokens)
    marks = surface.marks
    if marks["*"] == marks["**"] and any(token.markup == "**" for token in tokens):
        marks = {**marks, "*": marks["_"]}
    written: list[str] = []
    for is_words, run in groupby(tokens, lambda token: token.nesting == 0 and token.type != "code_inline"):
        if is_words:  # also characters that were escaped
            words = "".join(token.content for token in run)
            written.append(_words(safe.defused(words) if "\\" in text else words, safe, surface))
            continue
        for token in run:
            code = surface.code(surface.escape(safe.unlinked(token.content)))
            written.append(marks[token.markup] if token.nesting else code)
    return "".join(written)


def _words(text: str, safe: Safe, surface: _Surface) -> str:
    """Text, and the links that are marked in it."""
    written: list[str] = []
    for position, run in enumerate(re.split(r"\0(\d+)\0", text)):
        if position % 2:  # the number between two zeros
            label, url = safe.links[int(run)]
            written += [" "] if written[-1].endswith("!") else []  # "![" would be an image
            written.append(surface.link(surface.escape(re.sub(r"[\[\]`|\\*]", "", label)), url))
        else:
            written.append(surface.literal(surface.escape(run)))
    return "".join(written)


def _angles(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _literal_markdown(text: str) -> str:
    return re.sub(r"(?<!\w)_|_(?!\w)|[*\\]|~(?=~)", r"\\\g<0>", text.replace("`", "'"))


def _code_markdown(text: str) -> str:
    """Backticks alone stand between doubled ones; more would close a listing."""
    text = re.sub("``+", lambda run: "'" * len(run[0]), text)
    return f"`` {text} ``" if "`" in text else f"`{text}`"


def _bulleted(cells: Sequence[str]) -> str:
    return "• " + " · ".join(cell for cell in cells if cell)


def _encoded(url: str) -> str:
    return url.translate({ord(c): f"%{ord(c):02X}" for c in "<>|()[] \"'\\`*\n"})


_MARKDOWN = _Surface(
    escape=_angles,
    literal=_literal_markdown,
    code=_code_markdown,
    link=lambda label, url: f"[{label}]({_encoded(url)})",
    row=lambda cells: "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |",
    marks={"**": "**", "__": "**", "*": "*", "_": "_", "~~": "~~"},
    row_rule="---",
    bullet="- ",
)
_MRKDWN = _Surface(
    escape=lambda text: _angles(text.replace("&", "&amp;")),
    literal=lambda text: text.replace("`", "'"),
    code=lambda text: "`" + text.replace("`", "'") + "`",
    link=lambda label, url: f"<{_encoded(url)}|{label}>",
    row=_bulleted,
    marks={"**": "*", "__": "*", "*": "*", "_": "_", "~~": "~"},  # a model that writes *a* here means bold
)
_PLAIN = _Surface(
    escape=lambda text: text.replace("<", "‹").replace(">", "›"),
    literal=lambda text: text.replace("`", "'"),
    code=lambda text: text.replace("`", "'"),
    link=lambda label, url: label,
    row=_bulleted,
    marks=dict.fromkeys(("**", "__", "*", "_", "~~"), ""),
    quote="",
    fence="",
)
