"""Plain text in, blocks out: paragraphs at empty lines, lists by their marks. The whole file in memory, up to a limit.

Also where bytes become text for the other text formats: UTF-8, UTF-16 with its mark, else Windows-1252; binary content
under a text suffix is refused. Knows no headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.errors import ReadError
from knowledge.read.facts import Facts, in_opening
from knowledge.types import Block, BlockKind

MAX_BYTES = 50_000_000
ITEM = re.compile(r"^\s*(?:[-*+•▪●○◦‣·–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
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
        return data.decode("cp1252", errors="replace")


def read_text(path: Path) -> Iterator[Block | Facts]:
    text = decoded(path)
    yield in_opening(text[:4000])
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = [row for row in part.split("\n") if row.strip()]
        if lines:
            yield Block(*paragraph(lines))


def paragraph(lines: list[str]) -> tuple[str, tuple[str, ...], None, None, BlockKind]:
    """Lines of one paragraph as the opening fields of a Block; list items stay on lines of their own."""
    if not any(ITEM.match(row) for row in lines):
        return " ".join(row.strip() for row in lines), (), None, None, "text"
    rows: list[str] = []
    for row in lines:
        if ITEM.match(row) or not rows:
            rows.append(_BULLET.sub("- ", row).strip())
        else:
            rows[-1] += " " + row.strip()
    return "\n".join(rows), (), None, None, "list"
