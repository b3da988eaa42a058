"""Word in, blocks out: headings by style or outline level (custom styles too), lists, tables in reading order.

The archive is measured before it is opened: more than LIMIT_BYTES unpacked, or a part that unpacks absurdly, is
refused as a bomb; python-docx resolves no entities. Headers and footers are not read. Word has no pages in its file.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.errors import ReadError
from knowledge.read import headings
from knowledge.read.clean import line
from knowledge.read.facts import Facts, in_opening, stated
from knowledge.types import Block

LIMIT_BYTES = 200_000_000
LIMIT_RATIO = 300  # of one part over a megabyte
LIMIT_PARTS = 20_000
_BOLD_LINE = 80  # characters of the longest line that counts as a heading for being bold


def read_docx(path: Path) -> Iterator[Block | Facts]:
    _measure(path)
    import docx
    from docx.table import Table

    try:
        document: Any = docx.Document(str(path))
        body = list(document.iter_inner_content())
        info = document.core_properties
        given = {"title": info.title, "version": info.version or None, "language": info.language, "author": info.author}
    except Exception as error:  # the package raises whatever its parsers do
        raise ReadError(f"Word can't have written this ({type(error).__name__}). Save it again as .docx.") from error
    if given["author"] == "python-docx":
        del given["author"]
    opening = "\n".join(item.text for item in body[:40] if not isinstance(item, Table))
    levels = {id(item): level for item in body if not isinstance(item, Table) and (level := _level(item)) is not None}
    titles = [
        line(item.text)
        for item in body
        if not isinstance(item, Table) and _style(item) == "title" and item.text.strip()
    ]
    tops = [line(item.text) for item in body if levels.get(id(item)) == 1 and item.text.strip()]
    lone = tops[0] if not titles and len(tops) == 1 else None
    yield stated(given).over(Facts(title=next(iter(titles), lone))).over(in_opening(opening[:4000]))
    where, items = headings.Path(), list[str]()
    for item in body:
        table = isinstance(item, Table)
        if table or (item.text.strip() and id(item) not in levels):
            where.said()
        level = levels.get(id(item))
        text = "" if table else item.text.strip()
        listed = not table and level is None and _listed(item)
        if items and not listed:
            yield Block("\n".join(items), where.section, anchor=where.anchor, kind="list")
            items = []
        if table:
            yield Block("\n".join(_rows(item)), where.section, anchor=where.anchor, kind="table")
        elif not text or (_style(item) == "title") or re.match(r"toc \d", _style(item)):
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
    if items:
        yield Block("\n".join(items), where.section, kind="list")


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


def _style(item: Any) -> str:
    return (item.style.name or "").lower() if item.style is not None else ""


def _level(item: Any) -> int | None:
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
        value = int(own.get(_w("val")) or 9)
        return value + 1 if 0 <= value < 9 else None
    text = item.text.strip()
    runs = [run for run in item.runs if run.text.strip()]
    bold = bool(runs) and all(run.bold for run in runs)
    if bold and _style(item) in ("normal", "body text") and 2 < len(text) <= _BOLD_LINE and text[-1] not in ".:;,?!":
        return 9  # a bold line of its own: under everything that is properly marked
    return None


def _listed(item: Any) -> bool:
    numbered = item._p.pPr is not None and item._p.pPr.find(_w("numPr")) is not None
    return bool(item.text.strip()) and (numbered or _style(item).startswith("list"))


def _rows(table: Any) -> Iterator[str]:
    for row in table.rows:
        cells: list[str] = []
        last = None
        for cell in row.cells:
            if cell._tc is not last:  # a merged cell comes once for each column it spans
                cells.append(line(cell.text))
            last = cell._tc
        if any(cells):
            yield " | ".join(cells)


def _w(name: str) -> str:
    return "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}" + name
