"""The model's Markdown -> a small tree -> only what is safe in Slack, as Markdown, as mrkdwn or without markup.

In: one sentence, or any text, and the URLs of our own document table that it may link to. Out: text in which every `<`
is ours. Pure. Rule kept: each call's output is closed in itself (no open code, emphasis or token), so outputs may be
joined in any order; that is why a stream can be rendered sentence by sentence. Knows no block and no message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.slack.safe_characters import clean

Kind = Literal["text", "bold", "emphasis", "italic", "strike", "code", "link"]


@dataclass(frozen=True, slots=True)
class Inline:
    """A run of text. `parts` of bold, emphasis, italic and strike; `url` of links."""

    kind: Kind
    text: str = ""
    parts: tuple[Inline, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One line, or one code listing. `lead` is a list item's indent and number, or ""."""

    kind: Literal["line", "heading", "item", "quote", "row", "code"]
    parts: tuple[Inline, ...] = ()
    lead: str = ""
    text: str = ""  # of code


_FENCE = re.compile(r"[ ]{0,8}(?:`{3,}|~{3,})[ ]*[\w+-]{0,20}[ ]*$")
_HEADING = re.compile(r"[ ]{0,3}#{1,6}[ ]+(.*?)[ #]*$")
_ITEM = re.compile(r"([ ]{0,12})(?:[-*+•–‣◦▪●○]|(\d{1,4})[.)])[ ]+(?=\S)(.*)$")
_QUOTE = re.compile(r"[ ]*(?:>[ ]?)+(.*)$")
_RULE = re.compile(r"[ ]*(?:[-_*=][ ]*){3,}$")
_ROW = re.compile(r"[ ]*\|(.*)\|[ ]*$")
_ROW_RULE = re.compile(r"[ |:-]*$")
_INLINE = re.compile(
    r"\0(?P<link>\d+)\0"
    r"|(?P<ticks>`{1,2})(?P<code>[^`\n]+)(?P=ticks)"
    r"|\*\*(?=[^\s*])(?P<bold>(?:[^*\n]|\*(?!\*)){1,2000}?)(?<=\S)\*\*"
    r"|__(?=[^\s_])(?P<bold2>[^_\n]+)(?<=\S)__"
    r"|\*(?=[^\s*])(?P<emphasis>[^*\n]+)(?<=\S)\*"
    r"|(?<![\w_])_(?=[^\s_])(?P<italic>[^_\n]+)(?<=\S)_(?![\w_])"
    r"|~~(?=[^\s~])(?P<strike>[^~\n]+)(?<=\S)~~"
)
_GROUPS: tuple[tuple[str, Kind], ...] = (
    ("bold", "bold"),
    ("bold2", "bold"),
    ("emphasis", "emphasis"),
    ("italic", "italic"),
    ("strike", "strike"),
)


def markdown(text: str, links: Collection[str] = (), *, canary: str = "") -> str:
    """For markdown_text and markdown blocks. `&` stays as it is: escaping it would break links."""
    return _render(text, links, canary, _MARKDOWN)


def mrkdwn(text: str, links: Collection[str] = (), *, canary: str = "") -> str:
    """For mrkdwn text objects and the `text` of messages."""
    return _render(text, links, canary, _MRKDWN)


def plain(text: str, *, canary: str = "") -> str:
    """For plain_text objects and fallback texts: no markup, and safe even where Slack parses it."""
    return _render(text, (), canary, _PLAIN)


def tree(text: str, links: Collection[str] = (), canary: str = "") -> list[Block]:
    """The text as blocks; nothing unsafe is left in them but characters that each surface escapes."""
    safe, urls = clean(text, links, canary)
    blocks: list[Block] = []
    code: list[str] | None = None
    for line in safe.split("\n"):
        if _FENCE.match(line) or (code is not None and line.strip().startswith("```")):
            if code is not None:
                blocks.append(Block("code", text="\n".join(code)))
            code = [] if code is None else None
        elif code is not None:
            code.append(_unlinked(line, urls))
        else:
            blocks += _block(line, urls)
    if code is not None:
        blocks.append(Block("code", text="\n".join(code)))
    return blocks


def _block(line: str, urls: Sequence[tuple[str, str]]) -> list[Block]:
    if (found := _ROW.match(line)) is not None:
        if _ROW_RULE.match(line):
            return []
        cells = (cell.strip() for cell in found[1].split("|"))
        return [Block("row", _inline(" · ".join(cell for cell in cells if cell), urls))]
    if len(line) > 2 and _RULE.match(line):
        return []
    if (found := _HEADING.match(line)) is not None:
        return [Block("heading", _inline(found[1], urls))]
    if (found := _QUOTE.match(line)) is not None:
        return [Block("quote", _inline(found[1], urls))]
    if (found := _ITEM.match(line)) is not None:
        number = f"{found[2]}. " if found[2] else ""
        return [Block("item", _inline(found[3], urls), lead=found[1] + number)]
    return [Block("line", _inline(line, urls))]


def _inline(text: str, urls: Sequence[tuple[str, str]], depth: int = 0) -> tuple[Inline, ...]:
    parts: list[Inline] = []
    at = 0
    for found in _INLINE.finditer(text):
        parts.append(Inline("text", text[at : found.start()]))
        at = found.end()
        if found["link"]:
            label, url = urls[int(found["link"])]
            parts.append(Inline("link", label, url=url))
        elif found["code"]:
            parts.append(Inline("code", _unlinked(found["code"], urls)))
        for group, kind in _GROUPS:
            if found[group]:
                inner = _inline(found[group], urls, depth + 1) if depth < 2 else ()
                parts.append(Inline(kind, parts=inner or (Inline("text", _unlinked(found[group], urls)),)))
    parts.append(Inline("text", text[at:]))
    return tuple(part for part in parts if part.text or part.parts)


def _unlinked(text: str, urls: Sequence[tuple[str, str]]) -> str:
    """Links shown by their labels: where a link can't stand."""
    return re.sub(r"\0(\d+)\0", lambda found: urls[int(found[1])][0], text)


@dataclass(frozen=True, slots=True)
class _Surface:
    """How one place in Slack writes each kind."""

    escape: Callable[[str], str]  # any text
    literal: Callable[[str], str]  # escaped text outside code: its own markup characters
    marks: dict[str, str]  # what stands on both sides of a kind
    link: Callable[[str, str], str]  # (escaped label, url)
    bullet: str
    quote: str
    fence: str


def _render(text: str, links: Collection[str], canary: str, surface: _Surface) -> str:
    lead, tail = _edges(text)
    lines = [_line(block, surface) for block in tree(text, links, canary)]
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(" \n")
    return f"{lead}{body}{tail}" if body or not text.strip() else ""


def _edges(text: str) -> tuple[str, str]:
    """The white space around a text, for it joins sentences: at most one empty line."""
    body = text.strip()
    if not body:
        return _gap(text), ""
    at = text.index(body)
    before, after = text[:at], text[at + len(body) :]
    return _gap(before), _gap(after)


def _gap(space: str) -> str:
    breaks = min(space.count("\n"), 2)
    indent = min(len(space.rpartition("\n")[2]), 12 if breaks else 1)
    return "\n" * breaks + " " * indent


def _line(block: Block, surface: _Surface) -> str:
    if block.kind == "code":
        inside = surface.escape(block.text.replace("`" * 3, "'" * 3))
        return f"{surface.fence}{inside}{surface.fence[::-1]}" if inside.strip() else ""
    text = _written(block.parts, surface)
    if block.kind == "heading":
        mark = surface.marks["bold"]
        inner = text if mark in text else f"{mark}{text.strip()}{mark}"
        return inner if text.strip() else ""
    if block.kind in ("item", "row"):
        indent = block.lead if block.lead.strip() else block.lead + surface.bullet
        return f"{indent}{text}"
    return f"{surface.quote}{text}" if block.kind == "quote" else text


def _written(parts: Sequence[Inline], surface: _Surface) -> str:
    out = []
    for part in parts:
        if part.kind == "text":
            out.append(surface.literal(surface.escape(part.text)))
        elif part.kind == "link":
            out.append(surface.link(surface.escape(re.sub(r"[\[\]`|\\*\0]", "", part.text)), part.url))
        else:
            mark = surface.marks[part.kind]
            inner = surface.escape(part.text) if part.kind == "code" else _written(part.parts, surface)
            out.append(f"{mark}{inner}{mark}")
    return "".join(out)


def _angles(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _literal_markdown(text: str) -> str:
    return re.sub(r"(?<!\w)_|_(?!\w)|[*\\]|~(?=~)", r"\\\g<0>", text.replace("`", "'"))


def _encoded(url: str) -> str:
    return url.translate({ord(c): f"%{ord(c):02X}" for c in "<>|()[] \"'\\`*\n"})


_MARKDOWN = _Surface(
    escape=_angles,
    literal=_literal_markdown,
    marks={"bold": "**", "emphasis": "*", "italic": "_", "strike": "~~", "code": "`"},
    link=lambda label, url: f"[{label}]({_encoded(url)})",
    bullet="- ",
    quote="> ",
    fence="```\n",
)
_MRKDWN = _Surface(
    escape=lambda text: _angles(text.replace("&", "&amp;")),
    literal=lambda text: text.replace("`", "'"),
    marks={"bold": "*", "emphasis": "*", "italic": "_", "strike": "~", "code": "`"},
    link=lambda label, url: f"<{_encoded(url)}|{label}>",
    bullet="• ",
    quote="> ",
    fence="```\n",
)
_PLAIN = _Surface(
    escape=lambda text: text.replace("<", "‹").replace(">", "›"),
    literal=lambda text: text.replace("`", "'"),
    marks=dict.fromkeys(("bold", "emphasis", "italic", "strike", "code"), ""),
    link=lambda label, url: label,
    bullet="• ",
    quote="",
    fence="",
)
