"""HTML in, blocks out: the page's own text with heading ids as anchors; navigation and everything unseen is dropped.

Walks without recursion, so that absurd nesting costs time and no stack. Scripts, forms without a paragraph in them and
what is hidden or struck through, by its element, its style or the page's style sheet, are not text. `main` or `article`
is the page where there is one. A table cell that goes over several rows is said in each of them; a table that lays out
a page (by its role, or with headings in it) is no table. A note stands behind the sentence that calls it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from lxml import etree, html

from knowledge.errors import ReadError
from knowledge.read import contents, hyphens, notes, sections
from knowledge.read.about import Facts, in_opening, stated
from knowledge.read.page import HEADINGS, TAB, fill_in, is_around, name_details, open_accordions, open_tabs, page_words
from knowledge.read.tables import TableRows
from knowledge.read.text import decoded
from knowledge.read.word_numbers import formed
from knowledge.text.characters import CLOSING, line
from knowledge.text.injection import suspects
from knowledge.types import Block, BlockKind

_NO_TEXT = {
    "script", "style", "template", "noscript", "button", "svg", "datalist", "iframe", "object", "head",
    "canvas", "audio", "video", "del", "s", "strike",
}  # fmt: skip
_OF_MACROS = {"ac:parameter", "ac:task-id", "ac:task-status"}  # of Confluence's storage format
_BLOCKS = {
    "p", "div", "section", "article", "aside", "main", "body", "html", "blockquote", "ul", "ol", "li", "dl", "dt", "dd",
    "figure", "figcaption", "legend", "details", "summary", "address", "fieldset", "center", "br", "hr", "table", "pre",
    "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr", "caption", "tbody", "thead", "tfoot",
}  # fmt: skip
UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*[01](?:px|pt|\s*;|\s*$)|opacity\s*:\s*0(?![.\d])"
    r"|(?<!-)color\s*:\s*(?:#fff(?:fff)?\b|white|transparent)",
    re.I,
)
_BROKEN = re.compile(r"[^\W_][-‐‑/@\xad]\n?\Z")  # what a forced line break cuts: "long-", "term"
_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{0,4000})\}")
_SELECTOR = re.compile(r"([a-z]\w*)?((?:[.#][\w-]+)*)", re.I)  # a part of a selector that is understood
_MAX_SELECTORS = 200  # of a sheet that strike through; guess
_PERMALINK = "¶§#🔗"
_OF_DOCUMENT = 2  # facts that a foot must state to be the document's; guess
_FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_SPAN = 100  # rows or columns that one cell may take


def read_html(path: Path) -> Iterator[Block | Facts]:
    """What the page states about itself, then its blocks in reading order."""
    text = re.sub(r"\A\s*<\?xml[^>]*\?>|<!\[CDATA\[|\]\]>", "", decoded(path)).replace("\0", "")
    root = _parsed(html.document_fromstring, text)
    metas = {meta.get("name") or meta.get("property"): meta.get("content") for meta in root.iter("meta")}
    facts = stated(metas | ({"lang": root.get("lang")} if root.get("lang") else {}))
    for heading in root.iterfind(".//*[@role='heading']"):
        if heading.get("aria-level", "2") in "123456" and heading.tag in ("div", "p", "span"):
            heading.tag = f"h{heading.get('aria-level', '2')}"
    open_tabs(root)
    open_accordions(root)
    top = next((one for one in root.iter() if one.tag == "main" or one.get("role") == "main"), None)
    if top is None:
        articles = list(root.iter("article"))
        body = root.find("body")
        top = articles[0] if len(articles) == 1 else body if body is not None else root
    page_notes = notes.lifted(root)
    tops = list(top.iter("h1"))
    head = root.find(".//title")
    named = line(_words(head)) if head is not None else ""
    title = re.sub(r"\s*[¶#🔗]+$", "", line(_words(tops[0]))) if len(tops) == 1 else named or None
    facts = facts.over(Facts(title=title))
    yield facts.over(in_opening(_words(top)[:4000]))
    opening = ""
    _strike_by_sheet(root)
    for block in text_blocks(top, page_notes, tops[0] if len(tops) == 1 else None, is_page=True):
        if len(opening) < 4000:
            opening += block.text[:4000] + "\n"
        yield block
    feet = in_opening("\n".join(piece for foot in root.iter("footer") for piece in foot.itertext())[:2000])
    if sum(fact is not None for fact in (feet.version, feet.effective, feet.owner)) < _OF_DOCUMENT:
        feet = Facts()  # of the site's software, its last change
    yield (
        facts.over(in_opening(opening))
        .over(feet)
        .over(Facts(suspects=suspects("\n".join(str(piece) for piece in top.itertext()))))
    )
    if not opening:  # nested beyond what the parser goes into: the words at least
        yield Block(re.sub(r"<[^<>]{0,2000}>", " ", re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", text)))


def text_blocks(top: Any, note_texts: Mapping[str, str], title: Any, *, is_page: bool) -> Iterator[Block]:
    """Blocks of an element with the notes that were `found` in it (notes.lifted).

    `title`: the heading that names all of it; `is_page`: what pages have around their text is none.
    """
    fill_in(top)
    name_details(top)
    for block in _Walk(title, page=is_page).blocks(top):
        yield replace(block, text=notes.attached(block.text, note_texts))


def fragment(text: str) -> Any:
    """The element that holds HTML which is no whole page."""
    return _parsed(html.fragment_fromstring, text, create_parent="div")


def _parsed(parse: Callable[..., Any], text: str, **how: Any) -> Any:
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        return parse(text, parser=parser, **how)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ReadError(f"This is no HTML that can be read ({error}). Check the file.") from error


def _strike_by_sheet(root: Any) -> None:
    """Marks what the page's own style sheet strikes through: ".old", "td.gone", "#draft li", "ul > .x"."""
    sheets = "\n".join(style.text or "" for style in root.iter("style"))[:400_000]
    sheets = re.sub(r"(?s)/\*.*?\*/", "", sheets)
    rules = [rule[1] for rule in _RULE.finditer(sheets) if "line-through" in rule[2]]
    for selector in ",".join(rules).split(",")[:_MAX_SELECTORS]:
        for element in root.xpath(path) if (path := _xpath(selector)) else ():
            element.set("style", "text-decoration: line-through")


def _xpath(selector: str) -> str:
    """The same as XPath: "ul.old > li" -> "//li[parent::ul[...]]"; "" where it is not understood."""
    parts = [_SELECTOR.fullmatch(part) for part in re.findall(r"[^\s>]+", selector)]
    if not parts or None in parts:
        return ""
    *around, itself = map(_step, filter(None, parts))
    path = f"//{itself}" + "".join(f"[ancestor::{one}]" for one in around)
    return f"{path}[parent::{around[-1]}]" if re.search(r">\s*[^\s>]+\s*$", selector) and around else path


def _step(part: re.Match[str]) -> str:
    """ ".old" -> "*[...]": whether the words of its class (or its id) hold it."""
    names = [("class" if name[0] == "." else "id", name[1:]) for name in re.findall(r"[.#][\w-]+", part[2])]
    holds = "[contains(concat(' ', normalize-space(@{}), ' '), ' {} ')]"
    return (part[1] or "*").lower() + "".join(holds.format(*name) for name in names)


def _words(element: Any) -> str:
    return " ".join(str(piece) for piece in element.itertext())


@dataclass(slots=True)
class _Open:
    """A list or table we are in. In a cell both are "text": part of what the cell says."""

    kind: Literal["list", "table", "layout", "text"]
    number: int | None = None  # of the next item
    form: str = "decimal"  # of its numbers, as Word calls it


class _Walk:
    """Collects words until a block ends; lists and tables are collected whole."""

    def __init__(self, title: Any, *, page: bool) -> None:
        self._title, self._page = title, page
        self._where = sections.HeadingPath()
        self._terms: list[str] = []  # of a list of definitions, those that are being defined
        self._in_term = self._defined = False
        self._spelled: set[str] = set()  # abbreviations that were spelled out
        self._words: list[str] = []
        self._open: list[_Open] = []  # the outermost first
        self._rows: list[str] = []  # of the outermost list or table
        self._mark = ""
        self._cells: list[tuple[str, int, int]] | None = None  # of the row we are in: text, rows, columns
        self._table = TableRows()
        self._spans: dict[int, tuple[int, int]] = {}  # column -> rows and columns of a cell from above that goes on

    def blocks(self, top: Any) -> Iterator[Block]:
        left_out = None
        walk = etree.iterwalk(top, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                if element is not left_out:
                    yield from self._close(element)
                    if TAB in element.attrib:
                        yield from self._flush()
                        yield from self._where.leave_part()
                tail = element.tail or ""
                if element is left_out and tail.startswith(CLOSING) and self._words:
                    self._words[-1] = self._words[-1].rstrip()
                if element is not top:
                    self._words.append(tail)
                continue
            is_contents = not self._open and contents.is_list_of_links(element, self._where.section)
            if is_contents:
                self._where.has_text()
            if is_contents or (element is not top and self._unseen(element)):
                walk.skip_subtree()
                left_out = element
                if element.tag in ("td", "th") and self._cells is not None and _struck_through(element):
                    self._cells.append(("", 1, 1))
                continue
            yield from self._start(element)
            self._words.append(element.text or "")
        yield from self._flush()
        yield from self._where.heading_without_text()

    def _unseen(self, element: Any) -> bool:
        return (
            element.tag in _NO_TEXT
            or is_around(element, page=self._page)
            or (element.tag in _OF_MACROS and element.get("ac:name") != "title")
            or element.get("hidden") is not None
            or element.get("aria-hidden") == "true"
            or bool(UNSEEN.search(element.get("style") or ""))
            or (element.tag == "form" and next(element.iter("p", *HEADINGS), None) is None)
            or _struck_through(element)
        )

    @property
    def _kind(self) -> Literal["list", "table"] | None:
        """What the block will be that we are in."""
        return next((one.kind for one in self._open if one.kind == "list" or one.kind == "table"), None)

    def _start(self, element: Any) -> Iterator[Block]:
        tag = element.tag
        if tag == "br" and self._goes_on(element):
            self._words.append("" if "".join(self._words[-4:]).endswith("\xad") else "\n")
        elif tag in _BLOCKS:
            yield from self._flush()
        if TAB in element.attrib:
            self._where.enter_part(element.get(TAB), element.get("id"))
        if tag in ("ul", "ol", "table"):
            if self._cells is not None:
                self._open.append(_Open("text"))
            elif tag == "table":
                self._open.append(_Open("layout" if self._kind is None and _lays_out(element) else "table"))
                self._table, self._spans = TableRows(), {}
            else:
                form = _FORMS.get(element.get("type") or "", "decimal")
                self._open.append(_Open("list", _number(element, "start", 1) if tag == "ol" else None, form))
        elif tag == "dl" and self._cells is None:
            self._open.append(_Open("list"))
        elif tag == "dt":
            self._in_term = self._cells is None
            if self._defined:
                self._terms, self._defined = [], False
        elif tag == "dd" and self._cells is None:
            self._mark = self._margin() + (f"- {', '.join(self._terms)}: " if self._terms else "- ")
            self._defined = True
        elif tag == "img" and (alt := element.get("alt") or "") and (self._cells is not None or len(alt.split()) > 4):
            self._words.append(f" {alt} ")  # a sign may be all that a cell says, and a sentence says something anywhere
        elif tag == "li":
            around = self._open[-1] if self._open else None
            self._mark = "" if around and around.kind == "text" else self._margin() + "- "
            if around and around.number is not None:
                number = _number(element, "value", around.number)
                self._mark, around.number = f"{self._margin()}{formed(number, around.form)}. ", number + 1
        elif tag == "tr" and self._in_table():
            self._cells = []

    def _close(self, element: Any) -> Iterator[Block]:
        tag = element.tag
        if tag in ("td", "th") and self._cells is not None and self._in_table():
            rows, wide = (min(max(_number(element, name, 1), 1), _SPAN) for name in ("rowspan", "colspan"))
            self._cells.append((self._said(), rows, wide))
            self._words = []
        elif tag == "tr" and self._cells is not None and self._in_table():
            own = [cell.tag == "th" for cell in element.iterchildren("td", "th")]
            is_made = not self._page and all(own) and any(text for text, *_ in self._cells)  # Markdown has no other row
            row, faces = self._row(self._cells), iter(own)
            heads = [text is not None and next(faces, False) for text, _ in row]
            self._table.add(row, heads=None if is_made else heads)
            self._cells = None
        elif tag == "caption" and len(self._open) == 1 and self._in_table():
            yield self._block(self._said())
            self._words = []
        elif tag in HEADINGS and self._kind is None:
            yield from self._heading(element)
        elif tag == "pre" and self._cells is None:
            text, self._words = "".join(self._words), []
            if self._kind is None:
                yield self._block(text, "code")
            elif text.strip():
                self._rows.append(self._mark + text.strip())
                self._mark = ""
        elif tag == "abbr" and (long := line(element.get("title") or "")) and long not in self._spelled:
            self._spelled.add(long)
            self._words.append(f" ({long})")
        elif tag in _BLOCKS and not (tag == "br" and self._goes_on(element)):
            yield from self._flush()
            self._in_term = self._in_term and tag != "dt"
            if tag == "dl" and self._terms:
                if not self._defined:
                    self._rows.append(self._margin() + "- " + ", ".join(self._terms))
                self._terms = []
            if (tag in ("ul", "ol", "table") or (tag == "dl" and self._cells is None)) and self._open:
                kind: BlockKind | None = self._kind
                if self._open.pop().kind == "table" and self._table.rows:
                    text, told_as = self._table.told()
                    self._rows.append(self._mark + text)
                    self._table, self._mark = TableRows(), ""
                    kind = told_as if kind == "table" else kind
                if kind and self._kind is None and self._rows:
                    text, self._rows, self._mark = "\n".join(self._rows), [], ""
                    yield self._block(text, kind)

    def _goes_on(self, element: Any) -> bool:
        """Whether a forced line break stands within a heading, or a word."""
        around = islice(element.iterancestors(), 2)
        return any(one.tag in HEADINGS for one in around) or bool(_BROKEN.search("".join(self._words[-4:])))

    def _margin(self) -> str:
        """Two spaces for each list around the one we are in."""
        return "  " * (sum(one.kind == "list" for one in self._open) - 1)

    def _block(self, text: str, kind: BlockKind = "text") -> Block:
        self._where.has_text()
        return Block(text, self._where.section, anchor=self._where.anchor, kind=kind)

    def _in_table(self) -> bool:
        return bool(self._open) and self._open[-1].kind == "table"

    def _row(self, cells: list[tuple[str, int, int]]) -> list[tuple[str | None, int]]:
        """The cells of a row, None where one from above goes on in it."""
        row: list[tuple[str | None, int]] = []
        column, spans, self._spans = 0, self._spans, {}
        for text, rows, wide in [*cells, ("", 0, 0)]:
            while column in spans:
                left, across = spans[column]
                row.append((None, across))
                if left > 1:
                    self._spans[column] = left - 1, across
                column += across
            if wide:
                row.append((text, wide))
            if rows > 1:
                self._spans[column] = rows - 1, wide
            column += wide
        return row

    def _said(self) -> str:
        return " ".join(hyphens.unwrapped("".join(self._words)).split())

    def _heading(self, element: Any) -> Iterator[Block]:
        text = notes.without_calls(self._said()).rstrip(_PERMALINK if self._page else None).strip()
        called, written, self._words = notes.calls_in(self._said()), "".join(self._words), []
        inner = element.get("id") or next(
            (a.get("id") or a.get("name") for a in element.iter("a", "span") if a.get("id") or a.get("name")), None
        )
        parent = element.getparent()
        anchor = inner or (parent.get("id") if parent is not None and parent.tag in ("section", "div") else None)
        if text and not anchor and not self._page:
            anchor = self._where.slug(notes.without_calls(written))
        if text and element is self._title:
            self._where.anchor = anchor
        elif text:
            yield from self._where.heading_without_text(int(element.tag[1]))
            self._where.enter(int(element.tag[1]), text, anchor)
        if called:
            yield self._block(called)

    def _flush(self) -> Iterator[Block]:
        """Ends the words collected: a cell's stay with it, a list's become an item, others a paragraph."""
        if self._cells is not None:
            self._words.append(" ")
            return
        text, self._words = self._said(), []
        if text in ("", "☐", "☒") or (self._page and text.rstrip("?").lower() in page_words()):
            return
        if self._in_term:
            self._terms.append(text.rstrip(":"))
        elif self._kind is None:
            yield self._block(text)
        else:
            self._rows.append(self._mark + text)
            self._mark = ""


def _struck_through(element: Any) -> bool:
    return "line-through" in (element.get("style") or "")


def _lays_out(table: Any) -> bool:
    return table.get("role") in ("presentation", "none") or any(
        heading.getparent().tag != "th" for heading in table.iter("h1", "h2")
    )


def _number(element: Any, name: str, default: int) -> int:
    given = element.get(name) or ""
    return int(given) if re.fullmatch(r"[0-9]{1,6}", given) else default
