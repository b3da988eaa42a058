"""Chunks as the catalog and Chroma store them. Pure: the same document gives the same rows, ids and hashes anywhere."""

import hashlib
from collections.abc import Sequence
from typing import Any

from knowledge.types import Chunk

LEAST_PREFIX = 12  # words that title and headings may take before a short text; guess


def chunk_rows(collection: str, root: str, chunks: Sequence[Chunk]) -> list[dict[str, Any]]:
    """Rows of kb_chunks. An id stands for root, path, prefix and text: a stored vector never needs an update."""
    return [
        {name: getattr(chunk, name) for name in ("ordinal", "text", "anchor", "kind", "ocr")}
        | {
            "chunk_id": digest(collection, root, chunk.document, chunk.id, chunk.prefix, chunk.text),
            "section": list(chunk.section),
            "pages": [[span.start, span.page, span.label] for span in chunk.pages],
            "flagged": [list(span) for span in chunk.flagged],
            "embed_hash": digest(_prefix(chunk.title, chunk.section, chunk.text), chunk.text),
        }
        for chunk in chunks
    ]


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
