"""HTML in, blocks out: the page's own text with heading ids as anchors; navigation and everything unseen is dropped.

Walks without recursion, so that absurd nesting costs time and no stack. Scripts, forms' controls, hidden elements are
not text. `main` or `article` is the page where there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree, html

from knowledge.errors import ReadError
from knowledge.read import headings
from knowledge.read.clean import line
from knowledge.read.facts import Facts, in_opening, stated
from knowledge.read.text import decoded
from knowledge.types import Block

_DROPPED = {
    "script", "style", "template", "noscript", "nav", "header", "footer", "aside", "form", "button", "select", "svg",
    "iframe", "object", "head", "canvas", "audio", "video", "dialog", "menu",
}  # fmt: skip
_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar"}
_BLOCKS = {
    "p", "div", "section", "article", "main", "body", "html", "blockquote", "ul", "ol", "li", "dl", "dt", "dd",
    "figure", "figcaption", "details", "summary", "address", "fieldset", "center", "br", "hr", "table", "pre",
    "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "caption", "tbody", "thead", "tfoot",
}  # fmt: skip
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px|pt|\s*;|\s*$)|opacity\s*:\s*0(?![.\d])"
    r"|(?<!-)color\s*:\s*(?:#fff(?:fff)?\b|white|transparent)",
    re.I,
)
_PERMALINK = "¶§#🔗"


def read_html(path: Path) -> Iterator[Block | Facts]:
    text = re.sub(r"\A\s*<\?xml[^>]*\?>", "", decoded(path)).replace("\0", "")
    try:
        root = html.document_fromstring(
            text, parser=html.HTMLParser(huge_tree=True, remove_comments=True, no_network=True)
        )
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ReadError(f"This is no HTML that can be read ({error}). Check the file.") from error
    metas = {meta.get("name") or meta.get("property"): meta.get("content") for meta in root.iter("meta")}
    facts = stated(metas | ({"lang": root.get("lang")} if root.get("lang") else {}))
    top = next(iter(root.iter("main")), None)
    if top is None:
        articles = list(root.iter("article"))
        body = root.find("body")
        top = articles[0] if len(articles) == 1 else body if body is not None else root
    titles = [line(_words(h)) for h in top.iter("h1")]
    head = root.find(".//title")
    named = line(_words(head)) if head is not None else ""
    title = titles[0] if len(titles) == 1 else named or None
    yield facts.over(Facts(title=title)).over(in_opening(_words(top)[:4000]))
    said = False
    for block in _Walk(titles[0] if len(titles) == 1 else None).blocks(top):
        said = True
        yield block
    if not said:  # nested beyond what the parser goes into: the words at least
        yield Block(re.sub(r"<[^<>]{0,2000}>", " ", re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", text)))


def _words(element: Any) -> str:
    return " ".join(str(piece) for piece in element.itertext())


def _unseen(element: Any) -> bool:
    return (
        not isinstance(element.tag, str)
        or element.tag in _DROPPED
        or element.get("role") in _ROLES
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style") or ""))
    )


class _Walk:
    """Collects words until a block ends; lists and tables are collected whole."""

    def __init__(self, title: str | None) -> None:
        self._title = title
        self._where = headings.Path()
        self._words: list[str] = []
        self._rows: list[str] = []  # of the list or table we are in
        self._kind: str | None = None
        self._depth = 0  # of lists, or of tables, inside one another
        self._mark = ""
        self._cells: list[str] | None = None

    def blocks(self, top: Any) -> Iterator[Block]:
        skip = None
        for event, element in etree.iterwalk(top, events=("start", "end", "comment", "pi")):
            if skip is not None:
                if event == "end" and element is skip:
                    skip = None
                    self._words.append(element.tail or "")
                continue
            if event in ("comment", "pi"):
                self._words.append(element.tail or "")
            elif event == "start":
                if element is not top and _unseen(element):
                    skip = element
                    continue
                yield from self._start(element)
                self._words.append(element.text or "")
            else:
                yield from self._close(element)
                if element is not top:
                    self._words.append(element.tail or "")
        yield from self._flush()

    def _start(self, element: Any) -> Iterator[Block]:
        tag = element.tag
        if tag in _BLOCKS and not (self._kind and tag in ("p", "div", "br") and not self._said()):
            yield from self._flush()
        if tag in ("ul", "ol", "table"):
            if self._kind is None:
                self._kind, self._rows = ("table" if tag == "table" else "list"), []
            self._depth += 1
        elif tag == "li":
            parent = element.getparent()
            ordered = parent is not None and parent.tag == "ol"
            self._mark = f"{1 + sum(1 for _ in element.itersiblings('li', preceding=True))}. " if ordered else "- "
        elif tag == "tr" and self._kind == "table":
            self._cells = []

    def _close(self, element: Any) -> Iterator[Block]:
        tag = element.tag
        if tag in ("td", "th") and self._cells is not None:
            self._cells.append(self._said())
            self._words = []
        elif tag == "tr" and self._cells is not None:
            if any(self._cells):
                self._rows.append(" | ".join(self._cells))
            self._cells = None
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6") and self._kind is None:
            yield from self._heading(element)
        elif tag == "pre" and self._kind is None:
            text, self._words = "".join(self._words), []
            yield Block(text, self._where.section, anchor=self._where.anchor, kind="code")
        elif tag in _BLOCKS:
            yield from self._flush()
            if tag in ("ul", "ol", "table"):
                self._depth -= 1
                if self._depth == 0 and self._kind:
                    kind, self._kind = self._kind, None
                    text = "\n".join(self._rows)
                    yield Block(
                        text,
                        self._where.section,
                        anchor=self._where.anchor,
                        kind="table" if kind == "table" else "list",
                    )

    def _said(self) -> str:
        return line("".join(self._words))

    def _heading(self, element: Any) -> Iterator[Block]:
        text = self._said().rstrip(_PERMALINK).strip()
        self._words = []
        inner = element.get("id") or next(
            (a.get("id") or a.get("name") for a in element.iter("a", "span") if a.get("id") or a.get("name")), None
        )
        parent = element.getparent()
        anchor = inner or (parent.get("id") if parent is not None and parent.tag in ("section", "div") else None)
        if text and text == self._title:
            self._where.anchor = anchor
        elif text:
            if alone := self._where.alone(int(element.tag[1])):
                yield Block(alone, self._where.section[:-1], anchor=self._where.anchor)
            self._where.enter(int(element.tag[1]), text, anchor)

    def _flush(self) -> Iterator[Block]:
        """Ends the words collected: a cell's stay with it, a list's become an item, others a paragraph."""
        if self._cells is not None:
            self._words.append(" ")
            return
        text, self._words = self._said(), []
        if not text:
            return
        self._where.said()
        if self._kind == "list":
            self._rows.append(self._mark + text)
            self._mark = ""
        elif self._kind == "table":
            self._rows.append(text)
        else:
            yield Block(text, self._where.section, anchor=self._where.anchor)
