"""Word in, blocks out: headings by style or outline level (custom styles too), lists, tables in reading order.

The text is what a reader sees: tracked insertions are in, deletions out; footnotes follow their paragraph. The archive
is measured before it is opened: more than LIMIT_BYTES unpacked, or a part that unpacks absurdly, is refused as a bomb;
python-docx resolves no entities. Headers and footers are not read. Word has no pages in its file.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.errors import ReadError
from knowledge.read import headings
from knowledge.read.about import Facts, in_opening, stated
from knowledge.text.characters import line
from knowledge.types import Block

LIMIT_BYTES = 200_000_000
LIMIT_RATIO = 300  # of one part over a megabyte
LIMIT_PARTS = 20_000
_BOLD_LINE = 80  # characters of the longest line that counts as a heading for being bold


def _w(name: str) -> str:
    return "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}" + name


_PARAGRAPH, _TABLE = _w("p"), _w("tbl")
_UNSEEN = frozenset(
    {_w("del"), _w("moveFrom"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)
_WRAPPERS = {_w("sdt"), _w("sdtContent"), _w("ins"), _w("moveTo"), _w("customXml"), _w("smartTag")}
_SIGNS = {_w("tab"): "\t", _w("br"): "\n", _w("cr"): "\n", _w("noBreakHyphen"): "-"}


def read_docx(path: Path) -> Iterator[Block | Facts]:
    _measure(path)
    import docx

    try:
        document: Any = docx.Document(str(path))
        body = list(_body(document.element.body, document))
        notes = _footnotes(document)
        info = document.core_properties
        given = {"title": info.title, "version": info.version or None, "language": info.language, "author": info.author}
    except Exception as error:  # the package raises whatever its parsers do
        raise ReadError(f"Word can't have written this ({type(error).__name__}). Save it again as .docx.") from error
    said = [(item, "" if item._element.tag == _TABLE else _said(item._element)) for item in body]
    levels = [_level(item, text) if text else None for item, text in said]
    titles = [line(text) for item, text in said if text and _style(item) == "title"]
    tops = [line(text) for (_, text), level in zip(said, levels, strict=True) if level == 1]
    lone = tops[0] if not titles and len(tops) == 1 else None
    opening = "\n".join(text for _, text in said[:40])
    yield stated(given).over(Facts(title=next(iter(titles), lone))).over(in_opening(opening[:4000]))
    where, items = headings.Path(), list[str]()
    for (item, text), level in zip(said, levels, strict=True):
        table = item._element.tag == _TABLE
        if table or (text and level is None):
            where.said()
        listed = bool(text) and level is None and _listed(item)
        if items and not listed:
            yield Block("\n".join(items), where.section, kind="list")
            items = []
        if table:
            yield Block("\n".join(_rows(item._element)), where.section, kind="table")
        elif not text or _style(item) == "title" or re.match(r"toc (?:\d|heading)", _style(item)):
            continue
        elif level is not None:
            if line(text) != lone:
                if alone := where.alone(level):
                    yield Block(alone, where.section[:-1])
                where.enter(level, line(text))
        elif listed:
            items.append(text if re.match(r"\(?\w{1,3}[.)] ", text) else "- " + text)
        else:
            yield Block(text, where.section)
        for note in _inside(item._element, _w("footnoteReference")):
            yield Block(notes.get(note.get(_w("id")), ""), where.section)
    if items:
        yield Block("\n".join(items), where.section, kind="list")
    if alone := where.alone():
        yield Block(alone, where.section[:-1])


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
    packed = any(
        part.file_size > 1_000_000 and part.file_size > LIMIT_RATIO * max(part.compress_size, 1) for part in parts
    )
    if whole > LIMIT_BYTES or packed or len(parts) > LIMIT_PARTS:
        raise ReadError(f"It unpacks to {whole // 1_000_000} MB. Save it without pictures.", code="too_large")


def _body(element: Any, document: Any) -> Iterator[Any]:
    """Paragraphs and tables in order, also those in content controls, text boxes and accepted insertions."""
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for child in element:
        if child.tag == _PARAGRAPH:
            yield Paragraph(child, document._body)
            for box in _inside(child, _w("txbxContent")):
                yield from _body(box, document)
        elif child.tag == _TABLE:
            yield Table(child, document._body)
        elif child.tag in _WRAPPERS:
            yield from _body(child, document)


def _footnotes(document: Any) -> dict[str, str]:
    """Text of each footnote by its id."""
    from docx.oxml import parse_xml

    parts = [rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/footnotes")]
    notes = [note for part in parts for note in parse_xml(part.blob).iter(_w("footnote"))]
    return {note.get(_w("id")): _cell(note) for note in notes}


def _inside(element: Any, wanted: str, skipped: frozenset[str] = _UNSEEN) -> Iterator[Any]:
    """Elements of a tag in reading order, those not looked for in what is deleted, moved away or a second copy."""
    left = list(element)[::-1]
    while left:
        node = left.pop()
        if node.tag == wanted:
            yield node
        elif node.tag not in skipped:
            left += list(node)[::-1]


def _said(paragraph: Any) -> str:
    """What a reader sees: with insertions, content controls and fields, without deletions and hidden runs."""
    words: list[str] = []
    for run in _inside(paragraph, _w("r"), _UNSEEN | {_w("txbxContent")}):
        if run.find(f"{_w('rPr')}/{_w('vanish')}") is not None:
            continue
        words += [node.text or "" if node.tag == _w("t") else _SIGNS.get(node.tag, "") for node in run]
    return "".join(words).strip()


def _cell(element: Any) -> str:
    return line(" ".join(_said(paragraph) for paragraph in _inside(element, _PARAGRAPH)))


def _style(item: Any) -> str:
    return (item.style.name or "").lower() if item.style is not None else ""


def _level(item: Any, text: str) -> int | None:
    """1..9 for a heading: by the outline level of the paragraph or its styles, else by the style's name."""
    own = item._p.pPr.find(_w("outlineLvl")) if item._p.pPr is not None else None
    style, seen = item.style, 0
    while own is None and style is not None and seen < 20:
        found = re.match(r"heading (\d)", (style.name or "").lower())
        if found:
            return int(found[1])
        own = style.element.find(f"{_w('pPr')}/{_w('outlineLvl')}")
        style, seen = style.base_style, seen + 1
    if own is not None:
        value = _number(own, 9)
        return value + 1 if value < 9 else None
    runs = [run for run in item.runs if run.text.strip()]
    bold = bool(runs) and all(run.bold for run in runs)
    if bold and _style(item) in ("normal", "body text") and 2 < len(text) <= _BOLD_LINE and text[-1] not in ".:;,?!":
        return 9  # a bold line of its own: under everything that is properly marked
    return None


def _listed(item: Any) -> bool:
    numbered = item._p.pPr is not None and item._p.pPr.find(_w("numPr")) is not None
    return numbered or _style(item).startswith("list")


def _rows(table: Any) -> Iterator[str]:
    """A cell that goes over several rows is said in each of them, one that goes over several columns once."""
    above: dict[int, str] = {}
    for row in _inside(table, _w("tr")):
        column = _number(row.find(f"{_w('trPr')}/{_w('gridBefore')}"), 0)
        cells: list[str] = []
        for cell in _inside(row, _w("tc")):
            merged = cell.find(f"{_w('tcPr')}/{_w('vMerge')}")
            goes_on = merged is not None and merged.get(_w("val"), "continue") == "continue"
            cells.append(above.get(column, "") if goes_on else _cell(cell))
            above[column] = cells[-1]
            column += _number(cell.find(f"{_w('tcPr')}/{_w('gridSpan')}"), 1)
        if any(cells):
            yield " | ".join(cells)


def _number(element: Any, default: int) -> int:
    given = "" if element is None else element.get(_w("val")) or ""
    return int(given) if re.fullmatch(r"[0-9]{1,4}", given) else default
