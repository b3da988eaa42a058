"""Chunks as the catalog and Chroma store them. Pure: the same document gives the same rows, ids and hashes anywhere."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from knowledge.types import Chunk, Document

LEAST_PREFIX = 12  # words that title and headings may take before a short text; guess


def chunk_rows(collection: str, root: str, document: Document, chunks: Sequence[Chunk]) -> list[dict[str, Any]]:
    """Rows of kb_chunks. An id stands for root, path, prefix and text: a stored vector never needs an update."""
    rows: list[dict[str, Any]] = []
    for chunk in chunks:
        row = {name: getattr(chunk, name) for name in ("ordinal", "text", "anchor", "kind", "ocr")}
        row |= {
            "chunk_id": digest(collection, root, document.path, chunk.id, chunk.prefix, chunk.text),
            "section": list(chunk.section),
            "pages": [[span.start, span.page, span.label] for span in chunk.pages],
            "flagged": [list(span) for span in chunk.flagged],
            "embed_hash": digest(_prefix(chunk.title, chunk.section, chunk.text), chunk.text),
        }
        about = {"root": root, "path": document.path, "title": document.title, "version": document.version}
        about["effective"] = document.effective.isoformat() if document.effective else None
        rows.append(row | {"meta_hash": digest(json.dumps(metadata(row | about), sort_keys=True))})
    return rows


def metadata(row: Mapping[str, Any]) -> dict[str, str | int | bool]:
    """What Chroma keeps beside vector and text: always the same keys, so that an update leaves nothing behind.

    `row`: of kb_chunks, with root, path, title, effective and version. Absent: "" or 0.
    """
    pages = row["pages"]
    same = {name: row[name] for name in ("root", "title", "ordinal", "kind", "ocr")}
    same |= {name: row[name] or "" for name in ("anchor", "effective", "version")}
    return same | {
        "document": row["path"],
        "section": " > ".join(row["section"]),
        "page": pages[0][1] if pages else 0,
        "page_end": pages[-1][1] if pages else 0,
        "page_label": (pages[0][2] or "") if pages else "",
        "pages": json.dumps(pages),
        "flagged": json.dumps(row["flagged"]),
    }


def embed_text(title: str, section: Sequence[str], text: str) -> str:
    """What is embedded and indexed: the heading prefix, then the text.

    The prefix takes no more than a third: of a long one the middle is left out, then the title.
    """
    below = text.removeprefix(section[-1] + "\n") if section else text  # the prefix has the heading already
    return _prefix(title, section, text) + "\n" + below


def _prefix(title: str, section: Sequence[str], text: str) -> str:
    most = max(LEAST_PREFIX, len(text.split()) // 2)
    path = [title, *section]
    while len(path) > 1 and sum(len(part.split()) for part in path) > most:
        del path[1 if len(path) > 2 else 0]
    return " > ".join(path)


def digest(*texts: str) -> str:
    """A short hash of the texts, which tells ("a", "b") from ("ab",)."""
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
