"""Word in, blocks out: headings by style or outline level (custom styles too), lists, tables in reading order.

The text is what a reader sees and what is in force: tracked insertions are in; deletions, hidden and struck-through
words, comments and prompts of empty controls are out; Word's own numbers stand before headings and items; a note stands
behind the sentence that calls it. The archive is measured before it is opened: more than LIMIT_BYTES unpacked, or a
part that unpacks absurdly, is refused as a bomb; python-docx resolves no entities. Headers and footers are not read.
Word has no pages in its file.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml

from knowledge.errors import ReadError
from knowledge.read import hyphens, notes, sections
from knowledge.read.about import Facts, in_opening, stated, without_author
from knowledge.read.tables import TableRows
from knowledge.read.word_numbers import Numbers, Styles, flag, named_style, number
from knowledge.read.word_numbers import named as _w
from knowledge.text.characters import CLOSING, line
from knowledge.text.injection import suspects
from knowledge.text.words import data_file
from knowledge.types import Block, BlockKind

LIMIT_BYTES = 200_000_000
LIMIT_RATIO = 300  # of one part over a megabyte
LIMIT_PARTS = 20_000
_BOLD_LINE = 80  # characters of the longest line that counts as a heading for being bold


_PARAGRAPH, _TABLE = _w("p"), _w("tbl")
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_RUNS, _WORDS = frozenset({_w("r"), _MATH + "r"}), frozenset({_w("t"), _MATH + "t"})
_UNSEEN = frozenset(
    {_w("del"), _w("moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_WRAPPERS = {_w("sdt"), _w("sdtContent"), _w("ins"), _w("moveTo"), _w("customXml"), _w("smartTag")}
_SIGNS = {_w("tab"): "\t", _w("br"): "\n", _w("cr"): "\n", _w("noBreakHyphen"): "-"}
_NOTES = {_w("footnoteReference"): "f", _w("endnoteReference"): "e"}
_NUMBER_TYPED = re.compile(r"\(?\w{1,3}[.)] ")
_TYPED = re.compile(r"(?:\d{1,3}|[*†‡§]{1,3}|[a-h])")  # a note's mark that was typed, not made by Word


def read_docx(path: Path) -> Iterator[Block | Facts]:
    """What the document states about itself, then its blocks in reading order."""
    _measure(path)
    try:
        document: Any = docx.Document(str(path))
        text = _Text(document)
        _unpart(document.element.body)
        body = list(_body(document.element.body))
        items = _numbered(body, text, Numbers(_root(document, "/numbering"), text.styles))
        given = _stated(document)
    except Exception as error:  # the package raises whatever its parsers do
        raise ReadError(f"Word can't have written this ({type(error).__name__}). Save it again as .docx.") from error
    all_notes = text.notes | {
        notes.called(one.text)[0]: notes.without_calls(one.text).strip() for one in items if one.is_note
    }
    items = [one for one in items if not one.is_note]
    titles = [one.title for one in items if one.text and one.style == "title"]
    tops = [one.title for one in items if one.level == 1]
    lone = tops[0] if not titles and len(tops) == 1 else None
    opening = "\n".join(one.text for one in items[:40])
    own = without_author(given).over(Facts(title=next(iter(titles), lone)))
    lone = lone if own.title == lone else None  # under another title it is a heading
    yield own.over(in_opening(opening[:4000])).over(in_opening(_page_edges(document)[:4000])).over(stated(given))
    for block in _blocks(items, lone):
        yield replace(block, text=notes.attached(block.text, all_notes))
    yield Facts(suspects=suspects("\n".join(one.text for one in items)))


def _page_edges(document: Any) -> str:
    """What stands above and below the first section's pages, a line a paragraph: no content, but maybe its edition."""
    heads = [
        head
        for one in document.sections[:1]
        for head in (one.first_page_header, one.header, one.first_page_footer, one.footer)
    ]
    paragraphs = [p for head in heads if not head.is_linked_to_previous for p in head._element.iter(_w("p"))]
    return "\n".join("".join(str(piece) for piece in p.itertext(_w("t"))) for p in paragraphs)


@dataclass(frozen=True, slots=True)
class _Item:
    """A paragraph or table of the body."""

    text: str
    table: BlockKind | None = None  # as what a table is told
    style: str = ""
    level: int | None = None  # of a heading
    mark: str | None = None  # of a list's item: "2.", "-"; "" goes on with the item before it
    depth: int = 0
    is_note: bool = False

    @property
    def title(self) -> str:
        """As a heading: on one line, with its number."""
        return line(f"{self.mark or ''} {self.text}")


def _numbered(body: list[Any], text: _Text, numbers: Numbers) -> list[_Item]:
    """What the body says, each paragraph with its number."""
    items: list[_Item] = []
    for one in body:
        if one.tag == _TABLE:
            items.append(_Item(*text.table(one, numbers)))
            continue
        content, style = text.of(one), text.styles.name(one)
        if not content:
            continue
        mark, level = numbers.mark(one), _level(one, notes.without_calls(content), text.styles)
        if level is not None:
            items.append(_Item(content, style=style, level=level, mark=mark.text if mark else None))
            continue
        shown, depth = None, int(match[1]) - 1 if (match := re.search(r"(\d)$", style)) else 0
        if mark is not None:
            shown = mark.text or ("" if _NUMBER_TYPED.match(content) else "-")
            depth = max(depth, mark.level)
        elif style == "list" or re.match(r"list (?:bullet|number)?\s*\d?$", style):
            shown = "" if _NUMBER_TYPED.match(content) else "-"
        elif style.startswith("list"):
            shown = ""
        calls = notes.called(content)
        is_note = bool(calls) and content.startswith(notes.call(calls[0])) and calls[0].startswith("typed ")
        items.append(_Item(content, style=style, mark=shown, depth=depth, is_note=is_note))
    return items


def _blocks(items: list[_Item], lone: str | None) -> Iterator[Block]:
    where, open_list = sections.HeadingPath(), list[_Item]()
    for item in items:
        if item.table or item.level is None:
            where.has_text()
        goes_on = item.mark is not None and item.level is None and (bool(item.mark) or bool(open_list))
        if open_list and not goes_on:
            yield Block("\n".join(_rows_of(open_list)), where.section, kind="list")
            open_list = []
        if item.table:
            yield Block(item.text, where.section, kind=item.table)
        elif item.style == "title" or re.match(r"toc (?:\d|heading)", item.style):
            continue
        elif item.level is not None:
            if item.title != lone:
                yield from where.heading_without_text(item.level)
                where.enter(item.level, item.title)
            if calls := notes.calls_in(item.text):
                yield Block(calls, where.section)
        elif goes_on:
            open_list.append(item)
        else:
            yield Block(item.text, where.section)
    if open_list:
        yield Block("\n".join(_rows_of(open_list)), where.section, kind="list")
    yield from where.heading_without_text()


def _rows_of(items: list[_Item]) -> list[str]:
    """One row an item, two spaces further in for each level; a paragraph that goes on with an item in its row."""
    rows: list[str] = []
    least = min((item.depth for item in items if item.mark), default=0)
    for item in items:
        row = item.text.replace("\n", " ")
        if item.mark or not rows or _NUMBER_TYPED.match(row):
            rows.append("  " * max(0, item.depth - least) + f"{item.mark} {row}".strip())
        else:
            rows[-1] += f" {row}"
    return rows


def _stated(document: Any) -> dict[str, Any]:
    """Of the document's properties, its own ones too."""
    info = document.core_properties
    given = {"title": info.title, "version": info.version or None, "language": info.language, "author": info.author}
    own = _root(document.part.package, "/custom-properties")
    for one in [] if own is None else own:
        if one.get("name") and len(one):
            given[one.get("name")] = one[0].text
    return given


def _root(holder: Any, kind: str) -> Any:
    """The root element of a part of this kind, if there is one."""
    rels = holder.part.rels if hasattr(holder, "part") else holder.rels
    parts = [rel.target_part for rel in rels.values() if rel.reltype.endswith(kind) and not rel.is_external]
    return parse_xml(parts[0].blob) if parts else None


def _measure(path: Path) -> None:
    if path.stat().st_size == 0:
        raise ReadError("The file is empty. Nothing to do, or remove it.", code="empty")
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        if path.read_bytes()[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise ReadError(
                "The file is encrypted or an old .doc. Save it as .docx without a password.", code="encrypted"
            ) from error
        raise ReadError(f"This is no Word file ({error}). Save it again as .docx.") from error
    whole = sum(part.file_size for part in parts)
    packed = any(part.file_size > max(1_000_000, LIMIT_RATIO * part.compress_size) for part in parts)
    if whole > LIMIT_BYTES or packed or len(parts) > LIMIT_PARTS:
        raise ReadError(f"It unpacks to {whole // 1_000_000} MB. Save it without pictures.", code="too_large")


def _body(element: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, also those in content controls, text boxes and accepted insertions."""
    for child in element:
        if child.tag in (_PARAGRAPH, _TABLE):
            yield child
            for box in _inside(child, _w("txbxContent")) if child.tag == _PARAGRAPH else ():
                yield from _body(box)
        elif child.tag in _WRAPPERS and not _empty_control(child):
            yield from _body(child)


def _inside(element: Any, wanted: str | frozenset[str], skipped: frozenset[str] = _UNSEEN) -> Iterator[Any]:
    """Elements of these tags in reading order, those not looked for in what is deleted, moved away or a second copy.

    A content control that nobody filled in says nothing.
    """
    tags = frozenset({wanted}) if isinstance(wanted, str) else wanted
    left = list(element)[::-1]
    while left:
        node = left.pop()
        if node.tag in tags:
            yield node
        elif node.tag not in skipped and not _empty_control(node):
            left += list(node)[::-1]


def _empty_control(node: Any) -> bool:
    """One that nobody filled in, and the table of contents."""
    given = node.find(_w("sdtPr")) if node.tag == _w("sdt") else None
    if given is None:
        return False
    gallery = given.find(f"{_w('docPartObj')}/{_w('docPartGallery')}")
    contents = gallery is not None and gallery.get(_w("val")) == "Table of Contents"
    return contents or bool(flag(given.find(_w("showingPlcHdr"))))


def _unpart(body: Any) -> None:
    """Paragraphs whose end was deleted, with the one they go on in."""
    for one in list(body.iter(_PARAGRAPH)):
        after = one.getnext()
        deleted = one.find(f"{_w('pPr')}/{_w('rPr')}/{_w('del')}") is not None
        if deleted and after is not None and after.tag == _PARAGRAPH:
            at = int(after.find(_w("pPr")) is not None)
            after[at:at] = [child for child in one if child.tag != _w("pPr")]
            one.getparent().remove(one)


class _Text:
    """What a reader sees of a paragraph: with insertions, controls and fields, without what is withdrawn or hidden."""

    def __init__(self, document: Any) -> None:
        self.styles = Styles(document.styles.element)
        self.notes: dict[str, str] = {}
        for kind, tag in (("f", "footnote"), ("e", "endnote")):
            root = _root(document, f"/{tag}s")
            for note in [] if root is None else root.iter(_w(tag)):
                self.notes[kind + (note.get(_w("id")) or "")] = notes.without_calls(self.cell(note))

    def of(self, paragraph: Any) -> str:
        words, is_left_out = list[str](), False
        for run in _inside(paragraph, _RUNS, _UNSEEN | {_w("txbxContent")}):
            if any(self.styles.on(run, paragraph, name) for name in ("vanish", "strike", "dstrike")):
                is_left_out = True
                continue
            said = "".join(self._run(run, "".join(words)[-12:]))
            if is_left_out and said.startswith(CLOSING) and words:
                words[-1] = words[-1].rstrip()
            words.append(said)
            is_left_out = is_left_out and not said
        return hyphens.unwrapped("".join(words).strip())

    def _run(self, run: Any, before: str) -> list[str]:
        font = run.find(f"{_w('rPr')}/{_w('rFonts')}")
        symbols = _symbols((font.get(_w("ascii")) if font is not None else "") or "")
        words: list[str] = []
        for node in run:
            if node.tag in _NOTES:
                words.append(notes.call(_NOTES[node.tag] + (node.get(_w("id")) or "")))
                if node.get(_w("customMarkFollows")) in ("1", "true", "on"):
                    return words
            elif node.tag in _WORDS:
                words.append((node.text or "").translate(symbols))
            elif node.tag == _w("sym"):
                words.append(_symbol(node))
            else:
                words.append(_SIGNS.get(node.tag, ""))
        written = "".join(words)
        raised = run.find(f"{_w('rPr')}/{_w('vertAlign')}")
        if raised is not None and raised.get(_w("val")) == "superscript" and _TYPED.fullmatch(written.strip()):
            return [notes.raised(before, written.strip()) or notes.call(f"typed {written.strip()}")]
        return words

    def cell(self, element: Any, numbers: Numbers | None = None) -> str:
        """Its paragraphs on one line, each with its number."""
        lines = list[str]()
        for paragraph in _inside(element, _PARAGRAPH):
            mark = numbers.mark(paragraph) if numbers else None
            lines += [mark.text if mark else "", self.of(paragraph)]
        return " ".join(" ".join(lines).split())

    def table(self, table: Any, numbers: Numbers) -> tuple[str, BlockKind]:
        """What its rows say, and as what."""
        table_rows = TableRows()
        for row in _inside(table, _w("tr")):
            if row.find(f"{_w('trPr')}/{_w('del')}") is not None:
                continue
            cells, heads = list[tuple[str | None, int]](), list[bool]()
            for cell in _inside(row, _w("tc")):
                merged = cell.find(f"{_w('tcPr')}/{_w('vMerge')}")
                goes_on = merged is not None and merged.get(_w("val"), "continue") == "continue"
                wide = number(cell.find(f"{_w('tcPr')}/{_w('gridSpan')}"), 1)
                cells.append((None if goes_on else self.cell(cell, numbers), wide))
                heads.append(_is_bold(cell))
            table_rows.add(cells, before=number(row.find(f"{_w('trPr')}/{_w('gridBefore')}"), 0), heads=heads)
        return table_rows.told()


@cache
def _symbols(font: str) -> Mapping[int, str]:
    """What a font prints for a character, by its code and by the private one of symbol fonts, from U+F000 on."""
    runs = data_file("knowledge.read", "symbols.toml").get(font.lower(), {})
    signs = {int(code, 16) + at: sign for code, run in runs.items() for at, sign in enumerate(run)}
    return signs | {code + 0xF000: sign for code, sign in signs.items()}


def _symbol(node: Any) -> str:
    """What it prints; a blank where that isn't known, as a figure stands on either side of some."""
    given = node.get(_w("char")) or ""
    code = int(given, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", given) else 0
    sign = _symbols(node.get(_w("font")) or "").get(code, " ")
    return chr(code) if sign == " " and 0xFF < code < 0xD800 else sign


def _level(paragraph: Any, text: str, styles: Styles) -> int | None:
    """1..9 for a heading: by the outline level of the paragraph or its styles, else by the style's name."""
    outline = f"{_w('pPr')}/{_w('outlineLvl')}"
    own = paragraph.find(outline)
    for style in styles.of(paragraph) if own is None else ():
        if match := re.match(r"heading (\d)", named_style(style)):
            return int(match[1])
        own = style.find(outline)
        if own is not None:
            break
    if own is not None:
        value = number(own, 9)
        return value + 1 if value < 9 else None
    if _is_bold(paragraph) and styles.name(paragraph) in ("normal", "body text") and 2 < len(text) <= _BOLD_LINE:
        return 9 if text[-1] not in ".:;,?!" else None  # a bold line of its own: under all that is properly marked
    return None


def _is_bold(element: Any) -> bool:
    """Whether all its words are."""
    runs = [run for run in _inside(element, _RUNS) if "".join(run.itertext(*_WORDS)).strip()]
    return bool(runs) and all(flag(run.find(f"{_w('rPr')}/{_w('b')}")) for run in runs)
