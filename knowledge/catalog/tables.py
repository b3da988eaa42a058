"""The tables of the knowledge base, for SQLite and PostgreSQL alike, and chunks as rows of them.

kb_collections ─ kb_roots ─ kb_documents ─ kb_revisions ─ kb_chunks        what is there
kb_vectors                                                               which chunks Chroma holds, or may hold
kb_runs                                                                  what ingest did

A document points at its `live` revision, the one readers see, and while a replacement waits for its vectors at its
`next` one. Only a transaction that moves these pointers changes what is found; it also moves the generation.
The same document gives the same rows, ids and hashes anywhere.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from knowledge.types import Chunk

LEAST_PREFIX = 12  # words that title and headings may take before a short text; guess

metadata = sa.MetaData()


def _created() -> sa.Column[datetime]:
    return sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, default=lambda: datetime.now(UTC))


collections = sa.Table(
    "kb_collections",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("embedder", sa.Text, nullable=False),  # name@version, or name@version#2: the vectors in use
    sa.Column("splitter", sa.Text, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),  # moves whenever a search may find something else
    _created(),
)
roots = sa.Table(
    "kb_roots",
    metadata,
    sa.Column("collection", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("path", sa.Text, nullable=False),  # absolute, on the machine that ingested last
    _created(),
)
documents = sa.Table(
    "kb_documents",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("collection", sa.Text, nullable=False),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),  # relative to the root, "/" between parts
    sa.Column("live", sa.Integer),  # revision that is served
    sa.Column("next", sa.Integer),  # revision that waits for its vectors
    _created(),
    sa.UniqueConstraint("collection", "root", "path", name="uq_kb_documents_place"),
    sqlite_autoincrement=True,
)
revisions = sa.Table(
    "kb_revisions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("document_id", sa.Integer, nullable=False, index=True),
    sa.Column("sha256", sa.Text, nullable=False),  # of the file and its sidecar
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("mtime_ns", sa.BigInteger, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("language", sa.Text),
    sa.Column("effective", sa.Text),  # ISO date
    sa.Column("version", sa.Text),
    sa.Column("owner", sa.Text),
    sa.Column("problems", sa.JSON, nullable=False),  # [[code, message]]
    sa.Column("ocr", sa.Boolean, nullable=False),  # read with OCR allowed
    sa.Column("splitter", sa.Text, nullable=False),
    sa.Column("chunks", sa.Integer, nullable=False),
    _created(),
    sa.Column("until", sa.Text),  # ISO date
    sqlite_autoincrement=True,  # an id must never come back: processes keep what they loaded by it
)
chunks = sa.Table(
    "kb_chunks",
    metadata,
    sa.Column("revision_id", sa.Integer, primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("chunk_id", sa.Text, nullable=False, index=True),
    sa.Column("section", sa.JSON, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("pages", sa.JSON, nullable=False),  # [[start, page, label]]
    sa.Column("anchor", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("ocr", sa.Boolean, nullable=False),
    sa.Column("flagged", sa.JSON, nullable=False),  # [[start, end]]
    sa.Column("embed_hash", sa.Text, nullable=False),  # of prefix and text: equal hashes share one vector
    _created(),
)
vectors = sa.Table(
    "kb_vectors",
    metadata,
    sa.Column("collection", sa.Text, primary_key=True),
    sa.Column("embedder", sa.Text, primary_key=True),
    sa.Column("chunk_id", sa.Text, primary_key=True),
    sa.Column("embed_hash", sa.Text, nullable=False, index=True),
    sa.Column("stored", sa.Boolean, nullable=False),  # False: written ahead, Chroma may or may not have it
    _created(),
    sa.Column("words", sa.LargeBinary),  # knowledge.index.words; last, so that a scan need not read it
)
runs = sa.Table(
    "kb_runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("collection", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),  # running, done, stopped, failed
    sa.Column("report", sa.JSON, nullable=False),
    sa.Column("finished_at", sa.DateTime(timezone=True)),
    _created(),
)


def chunk_rows(collection: str, root: str, parts: Sequence[Chunk]) -> list[dict[str, Any]]:
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
        for chunk in parts
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
