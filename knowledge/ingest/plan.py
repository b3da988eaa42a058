"""What an ingest has to do: files seen and documents known in, a Plan out. Pure.

A file is the same when size and time stamp are, else when its hash is. A file with the hash of a document that went
is that document, renamed. Gone documents are named; whether they are removed is the caller's choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.catalog.changes import Known


@dataclass(frozen=True, slots=True)
class Seen:
    """A file on disk. Size and time include its sidecar's."""

    root: str
    path: str  # relative to the root, "/" between parts
    file: Path
    folder: Path  # the root itself
    size: int  # bytes
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with each file that is there and each document that was."""

    unchanged: tuple[tuple[Seen, Known], ...]
    touched: tuple[tuple[Seen, Known], ...]  # a part of `unchanged`: another time stamp, the same content
    read: tuple[Seen, ...]  # new, changed or renamed
    renamed: Mapping[Seen, Known]  # a part of `read`, with what it was
    gone: tuple[Known, ...]  # absent and not renamed


def to_hash(seen: Iterable[Seen], known: Iterable[Known]) -> list[Seen]:
    """The files whose content must be looked at, because size and time stamp don't prove it the same."""
    stamps = {(doc.root, doc.path): (doc.size, doc.mtime_ns) for doc in known}
    return [file for file in seen if stamps.get((file.root, file.path)) != (file.size, file.mtime_ns)]


def plan(
    seen: Sequence[Seen],
    hashes: Mapping[Seen, str],
    known: Sequence[Known],
    absent: Sequence[Known],
    *,
    splitter: str,
    ocr: bool,
    afresh: bool,
) -> Plan:
    """`hashes` of those in `to_hash`; `absent`: known, but their file is gone; `afresh`: read everything again."""
    by_place = {(doc.root, doc.path): doc for doc in known}
    by_hash = {doc.sha256: doc for doc in absent}
    unchanged: list[tuple[Seen, Known]] = []
    read: list[Seen] = []
    renamed: dict[Seen, Known] = {}
    for file in seen:
        doc = by_place.get((file.root, file.path))
        same = doc is not None and hashes.get(file, doc.sha256) == doc.sha256
        if doc is not None and same and not afresh and doc.splitter == splitter and not _ocr_may_help(doc, ocr):
            unchanged.append((file, doc))
            continue
        read.append(file)
        if doc is None and (before := by_hash.pop(hashes[file], None)) is not None:
            renamed[file] = before
    moved = {doc.id for doc in renamed.values()}
    return Plan(
        unchanged=tuple(unchanged),
        touched=tuple(pair for pair in unchanged if pair[0] in hashes),
        read=tuple(read),
        renamed=renamed,
        gone=tuple(doc for doc in absent if doc.id not in moved),
    )


def _ocr_may_help(doc: Known, ocr: bool) -> bool:
    return ocr and not doc.ocr and bool(doc.problems)
