"""Plain text in, blocks out: paragraphs at empty lines, lists by their marks. The whole file in memory, up to a limit.

Also where bytes become text for the other text formats: UTF-8, UTF-16 with its mark, else what the file declares, else
what its bytes look like; binary content under a text suffix is refused. Headings are underlined lines, short lines in
capitals, and numbered lines that stand alone and follow one another.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.errors import ReadError
from knowledge.read import hyphens, notes, sections
from knowledge.read.about import Facts, in_opening
from knowledge.read.tables import TableRows, told
from knowledge.text.characters import line
from knowledge.text.injection import suspects
from knowledge.types import Block, BlockKind, Problem

MAX_BYTES = 50_000_000
ITEM = re.compile(r"^\s*(?:[-*+•▪●○◦‣·–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
_DECLARED = re.compile(
    rb"(?:charset|encoding)\s*=\s*[\"']?((?:windows-|iso-8859-|koi8|shift_?|euc-|gb|big5|mac)[\w-]*)", re.I
)
_BROWSERS = {"iso-8859-1": "cp1252", "iso-8859-9": "cp1254"}  # which is what browsers take these for
_WESTERN = frozenset("äöüßÄÖÜéèêëàâáíóúñçîïôûùœæåøÉÈÀÇÑÅÆØ’‘“”–—…€£§°«»·©®\xa0•")
_LIKELY = (
    *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2", "koi8_r"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949", "cp874"),
)
_SAMPLE_BYTES = 200_000  # that tell the encoding; guess
_GAP = re.compile(r"(?<=\S)(?:\t+|\s{2,})(?=\S)")
_UNDERLINE = re.compile(r"\s*(?:(={3,})|-{3,}|~{3,})\s*")
_MAX_HEADING = 80  # characters
_BULLET = re.compile(r"^\s*[-*+•▪●○◦‣·–]\s+")


def decoded(path: Path) -> str:
    """The file as text. ReadError when it is empty, too large, or not text."""
    if path.stat().st_size > MAX_BYTES:
        raise ReadError(f"The file is larger than {MAX_BYTES // 1_000_000} MB. Split it.", code="too_large")
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if not data.strip():
        raise ReadError("The file is empty. Nothing to do, or remove it.", code="empty")
    head = data[:65536]
    if b"\0" in head or sum(byte < 9 or 13 < byte < 32 for byte in head) > len(head) // 50:
        raise ReadError("The file is binary, not text. Give it its right suffix.", code="binary")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        broken = data.decode("utf-8-sig", errors="replace")
    bad = broken.count("\ufffd")
    if sum(char > "\x7f" for char in broken) > 2 * bad:
        return broken  # UTF-8 with a few bad bytes
    declared = _DECLARED.search(data[:4096])
    name = declared[1].decode("ascii").lower() if declared else _guessed(data)
    try:
        return data.decode(_BROWSERS.get(name, name), errors="replace")
    except LookupError:  # an encoding nobody knows
        return data.decode("cp1252", errors="replace")


def _guessed(data: bytes) -> str:
    """The encoding of text that does not say it: Windows-1252 where its letters are western, else the likeliest."""
    sample = data[:_SAMPLE_BYTES]
    odd = {char for char in sample.decode("cp1252", errors="replace") if char > "\x7f"}
    if odd <= _WESTERN:
        return "cp1252"
    if odd <= _WESTERN | set("ýþðÝÞÐ") and odd.isdisjoint("áíóúæ"):  # Icelandic without its other letters is Turkish
        return "cp1254"
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=list(_LIKELY)).best()
    return best.encoding if best else "cp1252"


def read_text(path: Path) -> Iterator[Block | Facts | Problem]:
    """What the text states about itself, then its blocks."""
    text = whole = decoded(path)
    yield in_opening(text[:4000])
    text, texts = notes.typed(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n"))
    parts = [part.split("\n") for part in re.split(r"\n\s*\n", text)]
    words = frozenset(re.findall(r"[^\W\d_][\w-]*\w(?!-\n)", text.lower()))
    where, last = sections.HeadingPath(), tuple[int, ...]()
    for at, part in enumerate(parts):
        lines = [row for row in part if row.strip()]
        if len(lines) > 2 and _UNDERLINE.fullmatch(lines[0]) and _UNDERLINE.fullmatch(lines[2]):
            lines = lines[1:]  # a heading between two rules
        level, taken = _underlined(lines), 2
        number = sections.numbered(lines[0].strip()) if len(lines) == 1 else ()
        if level is None and len(lines) == 1 and _short(lines[0]):
            after = next((row for row in parts[at + 1 : at + 2]), [""])
            listed = len(sections.numbered(after[0].strip())) == len(number)  # the next item of a list
            if number and (sections.follows(last, number) or lines[0].isupper()) and not listed:
                level, taken, last = 2 + len(number), 1, number
            elif not number and lines[0].isupper():
                level, taken = 1, 1
        if level is not None:
            yield from where.heading_without_text(level)
            where.enter(level, line(notes.without_calls(lines[0])))
            lines = [*filter(None, [notes.calls_in(lines[0])]), *lines[taken:]]
        if lines:
            where.has_text()
            text, kind = paragraph(lines, words)
            text, kind = told(text.split("\n")) if kind == "table" else (text, kind)
            yield Block(notes.attached(text, texts), where.section, kind=kind)
    yield from where.heading_without_text()
    yield Facts(suspects=suspects(whole))


def _underlined(lines: list[str]) -> int | None:
    rule = _UNDERLINE.fullmatch(lines[1]) if len(lines) > 1 else None
    return None if rule is None or len(lines[0]) > _MAX_HEADING else 1 if rule[1] else 2


def _short(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return letters > 3 and len(text) <= _MAX_HEADING and text.rstrip()[-1] not in ".,;:?!"


def paragraph(lines: list[str], words: frozenset[str] = frozenset()) -> tuple[str, BlockKind]:
    """Lines of one paragraph; list items stay on lines of their own, and so do rows. `words`: see `hyphens.joined`."""
    table = TableRows()
    for cells in _spaced(lines):
        table.add([(cell, 1) for cell in cells])
    if table.rows:
        return "\n".join(table.rows), "table"
    if not any(ITEM.match(row) for row in lines):
        return hyphens.joined_rows(map(str.strip, lines), words), "text"
    rows: list[str] = []
    for row in lines:
        if ITEM.match(row) or not rows:
            rows.append(_BULLET.sub("- ", row).strip())
        else:
            rows[-1] = hyphens.joined(rows[-1], row.strip(), words)
    return "\n".join(rows), "list"


def _spaced(lines: list[str]) -> list[list[str]]:
    """Rows of a table whose columns are set apart by tabs or spaces; [] where the lines are no such rows."""
    rows = [re.split(r"\t+|\s{2,}", row.strip()) for row in lines if not _UNDERLINE.fullmatch(row.replace("  ", ""))]
    same = len(rows) >= 3 and len(rows[0]) >= 2 and all(len(row) == len(rows[0]) for row in rows)
    gaps = [space for row in lines if (space := _GAP.search(row))]
    aligned = len({gap.end() for gap in gaps}) == 1 or any(len(gap[0]) > 3 or "\t" in gap[0] for gap in gaps)
    same = same and aligned  # two spaces may just end a sentence
    return rows if same and not any(ITEM.match(row) for row in lines) else []
