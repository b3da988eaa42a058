"""Markdown in, blocks out: front matter, headings with the anchors web sites give them, lists, tables, code.

Links become their text, images their description; HTML is read as HTML; comments, shortcodes and admonition fences are
dropped. Front matter that is no mapping is text; YAML that breaks its own rules ("title: Travel: the rules") counts.
A first heading of level 1 that stands alone is the document's title and not part of section paths.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.read import headings
from knowledge.read.about import Facts, in_opening, stated
from knowledge.read.html import fragment
from knowledge.read.text import decoded
from knowledge.types import Block

_FRONT = re.compile(r"\A\ufeff?\s*(---|\+\+\+)[ \t]*\r?\n(.*?\r?\n)?\1[ \t]*(?:\r?\n|\Z)", re.S)
# Comments and shortcodes may span lines; the fence of an admonition and an MDX import never do.
_NOISE = re.compile(
    r"(?s:<!--.*?-->|\{\{[<%].*?[%>]\}\})|^:::[^\n]*$|^(?:import|export) [^\n]+ from ['\"][^\n]+$", re.M
)
_FIELD = re.compile(r"^([A-Za-z][\w -]{0,40}?)[ \t]*:[ \t]+['\"]?(.+?)['\"]?[ \t\r]*$", re.M)
_SAYS = ("inline", "fence", "code_block", "html_block")
_ID = re.compile(r"\s*\{\s*#([\w.:-]+)[^}]*\}\s*$")


def read_markdown(path: Path) -> Iterator[Block | Facts]:
    text = decoded(path)
    front = _FRONT.match(text)
    fields = front_matter(front[1], front[2] or "") if front else None
    facts = Facts() if fields is None else stated(fields)
    body = _NOISE.sub("", text if front is None or fields is None else text[front.end() :])
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)
    tops = [at for at, token in enumerate(tokens) if token.type == "heading_open"]
    first = [inline_text(tokens[at + 1]) for at in tops if tokens[at].tag == "h1"]
    title_at = tops[0] if tops and tokens[tops[0]].tag == "h1" and len(first) == 1 else None
    title = _ID.sub("", first[0]) if title_at is not None else None
    yield facts.over(Facts(title=title)).over(in_opening(body[:4000]))
    if body.strip() and not any(token.type in _SAYS for token in tokens):  # nested beyond what the parser goes into
        yield Block(re.sub(r"[>*_#`|]+", " ", body))
    where = headings.Path()
    at = 0
    while at < len(tokens):
        token = tokens[at]
        end = _end(tokens, at)
        if token.type == "heading_open":
            heading = inline_text(tokens[at + 1])
            given = _ID.search(heading)
            heading = _ID.sub("", heading)
            anchor = given[1] if given else where.slug(heading)
            if at == title_at:
                where.anchor = anchor
            elif heading:
                if alone := where.alone(int(token.tag[1])):
                    yield Block(alone, where.section[:-1], anchor=where.anchor)
                where.enter(int(token.tag[1]), heading, anchor)
        elif token.type == "paragraph_open":
            yield Block(inline_text(tokens[at + 1]), where.section, anchor=where.anchor)
        elif token.type == "html_block":
            while end < len(tokens) and tokens[end].type == "html_block":  # an empty line cuts it
                end += 1
            yield from fragment("".join(one.content for one in tokens[at:end]), where)
        elif token.type in ("fence", "code_block"):
            yield Block(token.content, where.section, anchor=where.anchor, kind="code")
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            yield Block("\n".join(_items(tokens[at:end])), where.section, anchor=where.anchor, kind="list")
        elif token.type == "table_open":
            yield Block("\n".join(_rows(tokens[at:end])), where.section, anchor=where.anchor, kind="table")
        elif token.type == "blockquote_open":
            end = at + 1  # what is inside counts as if it stood outside
        if token.type not in ("heading_open", "html_block"):
            where.said()
        at = max(end, at + 1)
    if alone := where.alone():
        yield Block(alone, where.section[:-1], anchor=where.anchor)


def front_matter(fence: str, text: str) -> Mapping[Any, Any] | None:
    """YAML ("---") or TOML ("+++"); None when it is text between two rules."""
    try:
        given = tomllib.loads(text) if fence == "+++" else yaml.safe_load(text[:65536])
    except (ValueError, yaml.YAMLError, RecursionError):
        given = dict(_FIELD.findall(text)) or text
    return {} if given is None else given if isinstance(given, dict) else None


def inline_text(token: Token) -> str:
    """A paragraph's words without marks; a forced line break stays a line break."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "html_inline":
            parts.append("\n" if re.match(r"<br\b", child.content, re.I) else "")
        elif child.type == "image":
            parts.append(" ".join(inner.content for inner in child.children or []))
    return "".join(parts).strip()


def _end(tokens: list[Token], at: int) -> int:
    """The place after the token that closes this one."""
    if tokens[at].nesting != 1:
        return at + 1
    level = tokens[at].level
    for place in range(at + 1, len(tokens)):
        if tokens[place].nesting == -1 and tokens[place].level == level:
            return place + 1
    return len(tokens)


def _items(tokens: list[Token]) -> Iterator[str]:
    mark, at = "", 0
    while at < len(tokens):
        token, end, rows = tokens[at], at + 1, list[str]()
        if token.type == "list_item_open":
            mark = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "inline":
            rows = [inline_text(token).replace("\n", " ")]
        elif token.type in ("fence", "code_block"):
            rows = [token.content.strip()]
        elif token.type == "html_block":
            rows = [block.text for block in fragment(token.content, headings.Path())]
        elif token.type == "table_open":
            end = _end(tokens, at)
            rows = list(_rows(tokens[at:end]))
        for row in filter(None, rows):
            yield mark + row
            mark = ""
        at = end


def _rows(tokens: list[Token]) -> Iterator[str]:
    cells: list[str] = []
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "inline":
            cells.append(inline_text(token).replace("\n", " "))
        elif token.type == "tr_close":
            yield " | ".join(cells)
