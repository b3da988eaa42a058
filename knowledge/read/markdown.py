"""Markdown in, blocks out: front matter, headings with the anchors web sites give them, lists, tables, code.

Links become their text, images their description; HTML is read as HTML; what is struck through is left out; notes
stand behind the sentence that calls them; the marks of other dialects are gone before (knowledge.read.dialects).
Front matter that is no mapping is text; YAML that breaks its own rules ("title: Travel: the rules") counts.
A first heading of level 1 that stands alone is the document's title and not part of section paths.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from knowledge.read import dialects, notes, sections
from knowledge.read.about import Facts, in_opening, stated
from knowledge.read.html import UNSEEN, fragment
from knowledge.read.text import decoded, paragraph
from knowledge.text.characters import line
from knowledge.text.injection import suspects
from knowledge.types import Block, BlockKind

_FRONT = re.compile(r"\A\ufeff?\s*(---|\+\+\+)[ \t]*\r?\n(.*?\r?\n)?\1[ \t]*(?:\r?\n|\Z)", re.S)
_JSON = re.compile(r"\A\ufeff?\s*()(\{\s*\".*?\n\})[ \t]*(?:\r?\n|\Z)", re.S)
_FIELD = re.compile(r"^([A-Za-z][\w -]{0,40}?)[ \t]*:[ \t]+['\"]?(.+?)['\"]?[ \t\r]*$", re.M)
_SAYS = ("inline", "fence", "code_block", "html_block")
_TAG = re.compile(r"<(/?)(\w+)([^>]*)>")
_HIDES = re.compile(rf"line-through|{UNSEEN.pattern}", re.I)  # as a style
_ONE_TILDE = re.compile(r"(?<![\w~])~(?![\s~])[^~\n]{0,400}[^\s~]~(?![\w~])")
_MARGIN = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.M)  # of what is quoted
_TASK = re.compile(r"^\[[ xX]\](?:\s+|$)")
_UNCALLED = re.compile(r"\[\^[\w-]{1,40}\]")
_ID = re.compile(r"\s*\{\s*#([\w.:-]+)[^}]*\}\s*$")


def read_markdown(path: Path) -> Iterator[Block | Facts]:
    """What the text states about itself, then its blocks in reading order."""
    text = decoded(path)
    front = _FRONT.match(text) or _JSON.match(text)
    fields = front_matter(front[1], front[2] or "") if front else None
    facts = Facts() if fields is None else stated(fields)
    raw = text if front is None or fields is None else text[front.end() :]
    tokens = _plain(_parser().parse(dialects.common(raw)))
    tops = [at for at, token in enumerate(tokens) if token.type == "heading_open"]
    first = [_ID.sub("", notes.without_calls(tokens[at + 1].content)) for at in tops if tokens[at].tag == "h1"]
    title_at = tops[0] if tops and tokens[tops[0]].tag == "h1" and len(first) == 1 else None
    yield facts.over(Facts(title=first[0] if title_at is not None else None)).over(in_opening(raw[:4000]))
    if raw.strip() and not any(token.type in _SAYS for token in tokens):  # nested beyond what the parser goes into
        yield Block(re.sub(r"[>*_#`|]+", " ", raw))
    found = _notes(tokens)
    for block in _Reader(sections.Path(), title_at).blocks(tokens):
        yield replace(block, text=notes.attached(block.text, found))
    yield Facts(suspects=suspects(_MARGIN.sub("", raw)))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin).use(deflist_plugin)


class _Reader:
    """Tokens into blocks."""

    def __init__(self, where: sections.Path, title_at: int | None) -> None:
        self._where, self._title_at = where, title_at
        self._struck = 0  # `<del>` around blocks that are open

    def blocks(self, tokens: list[Token]) -> Iterator[Block]:
        at = 0
        while at < len(tokens):
            token, end = tokens[at], _end(tokens, at)
            if token.type == "html_block":
                while end < len(tokens) and _goes_on(tokens[end]):
                    end += 1
                yield from self._html("".join(one.content for one in tokens[at:end]))
            elif token.type == "heading_open":
                yield from self._heading(tokens[at + 1].content, int(token.tag[1]), at == self._title_at)
            elif token.type == "blockquote_open":
                end = at + 1  # what is inside counts as if it stood outside
            elif token.type != "footnote_block_open" and not self._struck:
                yield from self._block(tokens[at:end])
            at = max(end, at + 1)
        yield from self._where.alone()

    def _block(self, tokens: list[Token]) -> Iterator[Block]:
        token = tokens[0]
        if token.type == "paragraph_open":
            drawn = tokens[1].markup.startswith(("+-", "┌─", "╔═"))
            yield from self._said(*paragraph(tokens[1].markup.split("\n")) if drawn else (tokens[1].content,))
        elif token.type in ("fence", "code_block"):
            yield from self._said(token.content, "code")
        elif token.type in ("bullet_list_open", "ordered_list_open", "dl_open", "table_open"):
            yield from fragment(_parser().renderer.render(tokens, _parser().options, {}), self._where)

    def _said(self, text: str, kind: BlockKind = "text") -> Iterator[Block]:
        if text:
            self._where.said()
            yield Block(text, self._where.section, anchor=self._where.anchor, kind=kind)

    def _heading(self, whole: str, level: int, is_title: bool) -> Iterator[Block]:
        heading = notes.without_calls(whole).strip()
        given = _ID.search(heading)
        heading = _ID.sub("", heading)
        anchor = given[1] if given else self._where.slug(heading)
        if is_title:
            self._where.anchor = anchor
        elif heading:
            yield from self._where.alone(level)
            self._where.enter(level, heading, anchor)
        if called := notes.calls_in(whole):
            yield Block(called, self._where.section, anchor=anchor)

    def _html(self, text: str) -> Iterator[Block]:
        opened, closed = text.lower().count("<del"), text.lower().count("</del")
        before, self._struck = self._struck, max(0, self._struck + opened - closed)
        if self._struck:
            return
        if before:
            text = re.split(r"</del\s*>", text, flags=re.I)[-1]
        yield from fragment(text, self._where)


def _goes_on(token: Token) -> bool:
    """Whether it is more of the HTML before it: an empty line cuts that, and what is indented then counts as code."""
    return token.type == "html_block" or (token.type == "code_block" and bool(_TAG.match(token.content.lstrip())))


def front_matter(fence: str, text: str) -> Mapping[Any, Any] | None:
    """YAML ("---", and JSON with it) or TOML ("+++"); None when it is text between two rules."""
    try:
        given = tomllib.loads(text) if fence == "+++" else yaml.safe_load(text[:65536])
    except (ValueError, yaml.YAMLError, RecursionError):
        given = dict(_FIELD.findall(text)) or text
    return {} if given is None else given if isinstance(given, dict) else None


def inline_text(token: Token, start: int = 0) -> str:
    """A paragraph's words without marks and without what is struck through; a forced line break stays one.

    `start`: the child to begin with.
    """
    parts: list[str] = []
    struck: list[str] = []
    is_raised = False
    for child in (token.children or [])[start:]:
        _strikes(child, struck)
        if struck:
            continue
        if child.type == "text" and is_raised and re.fullmatch(r"\d{1,3}", child.content):
            parts.append(notes.call(child.content))  # a mark or an exponent, which `attached` tells apart
        elif child.type == "text":
            parts.append(_UNCALLED.sub("", _ONE_TILDE.sub("", child.content)))
        elif child.type == "code_inline":
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "html_inline":
            is_raised = child.content.lower() == "<sup>"
            parts.append("\n" if re.match(r"<br\b", child.content, re.I) else "")
        elif child.type == "footnote_ref":
            parts.append(notes.call(f"n{child.meta['id']}"))
        elif child.type == "image":
            parts.append(" ".join(inner.content for inner in child.children or []))
    return "".join(parts).strip()


def _strikes(child: Token, open_tags: list[str]) -> None:
    """Opens and closes what is struck through or hidden; tags within it count, so that each closes its own."""
    if child.type in ("s_open", "s_close"):
        name, closes, begins = "~~", child.nesting < 0, True
    elif child.type == "html_inline" and (tag := _TAG.match(child.content)):
        name, closes = tag[2].lower(), bool(tag[1])
        begins = name in ("del", "s", "strike") or bool(_HIDES.search(tag[3])) or name in open_tags
    else:
        return
    if not closes and begins:
        open_tags.append(name)
    elif closes and name in open_tags:
        del open_tags[len(open_tags) - 1 - open_tags[::-1].index(name) :]


def _led(inline: Token) -> tuple[str | None, str]:
    """What the box is called that this paragraph begins, if it does, and what the paragraph says besides."""
    box = dialects.ALERT.match(inline.content)
    if box is None:
        return None, inline_text(inline)
    breaks = (at for at, child in enumerate(inline.children or []) if child.type in ("softbreak", "hardbreak"))
    return dialects.lead(box[1], box[2]), inline_text(inline, next(breaks, len(inline.children or [])))


def _plain(tokens: list[Token]) -> list[Token]:
    """The tokens, each inline one as its words; as its `markup` what it was.

    What a box is called stands before the paragraph that begins the box, or is one.
    """
    found, lead = list[Token](), ""
    for at, token in enumerate(tokens):
        if token.type == "inline":
            named, said = _led(token)
            lead, words = "", _TASK.sub("", " ".join(filter(None, (lead, named, said))))
            if named and not said and [one.type for one in tokens[at + 1 : at + 3]][1:] == ["paragraph_open"]:
                lead, words = words, ""
            token = token.copy(markup=token.content, content=words, children=[Token("text", "", 0, content=words)])
        found.append(token)
    return found


def _notes(tokens: list[Token]) -> dict[str, str]:
    """Text of each note by its number."""
    found: dict[str, str] = {}
    for at, token in enumerate(tokens):
        if token.type == "footnote_open":
            said = (one.content for one in tokens[at : _end(tokens, at)] if one.type == "inline")
            found[f"n{token.meta['id']}"] = line(" ".join(said))
    return found


def _end(tokens: list[Token], at: int) -> int:
    """The place after the token that closes this one."""
    if tokens[at].nesting != 1:
        return at + 1
    level = tokens[at].level
    for place in range(at + 1, len(tokens)):
        if tokens[place].nesting == -1 and tokens[place].level == level:
            return place + 1
    return len(tokens)
