"""A small, fast knowledge base for tests: one paragraph a chunk, words hashed into vectors, real SQL and Chroma."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import sqlalchemy as sa
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from knowledge.catalog import Catalog
from knowledge.database import connect
from knowledge.errors import ReadError
from knowledge.index.chroma import Index, mapped
from knowledge.ingest import run
from knowledge.search.retrieve import Retriever
from knowledge.types import Block, Chunk, Document, IngestReport, PageSpan, Problem, Query
from tests.services import sqlite_at

PARAGRAPHS = "paragraphs@1"
SHIPPED = nullcontext()  # files are read as they are by the product


class WordsEmbedder:
    """Bag of hashed words: close texts get close vectors, and every text embedded is on record."""

    name = "words@1"

    def __init__(self, *, fail_after: int | None = None) -> None:
        self.seen: list[str] = []
        self.fail_after = fail_after

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        self.seen.extend(texts)
        out = np.full((len(texts), 64), 1e-3, np.float32)
        for row, text in zip(out, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                row[int(hashlib.md5(word.encode()).hexdigest(), 16) % 64] += 1
        return out / np.linalg.norm(out, axis=1, keepdims=True)


def stored_rows(index: Index, name: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Everything that Chroma stores under a name, by id: (text, metadata)."""

    def run(collection: Any) -> dict[str, tuple[str, dict[str, Any]]]:
        found = collection.get(include=["documents", "metadatas"])
        return dict(zip(found["ids"], zip(found["documents"], map(dict, found["metadatas"]), strict=True), strict=True))

    return index._ask(name, run, {})


def write_pdf(path: Path, *pages: str) -> None:
    """A PDF with one line on each page."""
    canvas = Canvas(str(path), pagesize=A4)
    for text in pages:
        canvas.setFont("Helvetica", 12)
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()


def read_texts(files: Sequence[tuple[Path, Path]], **options: object) -> Iterator[tuple[Path, Document | ReadError]]:
    """Paragraphs become blocks, a form feed turns the page, `# x` sets the title, `effective: d` the date."""
    for path, _ in files:
        text = path.read_text()
        if "BROKEN" in text:
            yield path, ReadError("Broken. Mend it.", code="broken")
            continue
        found = re.search(r"^# (.+)$", text, re.M)
        dated = re.search(r"^effective: (\S+)$", text, re.M)
        body = re.sub(r"^(# .+|effective: .+)$", "", text, flags=re.M)
        blocks = [
            Block(paragraph.strip(), page=number, page_label=str(number))
            for number, page in enumerate(body.split("\f"), start=1)
            for paragraph in page.split("\n\n")
            if paragraph.strip()
        ]
        problems = (Problem("half", "Half of it. Look."),) if "HALF" in text else ()
        effective = date.fromisoformat(dated.group(1)) if dated else None
        title = found.group(1) if found else path.stem
        stated = {"effective": effective, "owner": "Anna", "language": "en"}
        yield path, Document("?", title, tuple(blocks), body.count("\f") + 1, problems=problems, **stated)


def split_paragraphs(document: Document, collection: str) -> list[Chunk]:
    seen: dict[str, int] = {}
    chunks = []
    for ordinal, block in enumerate(document.blocks):
        seen[block.text] = seen.get(block.text, 0) + 1
        key = hashlib.md5(f"{document.path}{block.text}{seen[block.text]}".encode()).hexdigest()
        pages = (PageSpan(0, block.page or 1, block.page_label),)
        flagged = ((0, 6),) if "IGNORE" in block.text else ()
        chunks.append(Chunk(key, document.path, document.title, (), ordinal, block.text, pages, flagged=flagged))
    return chunks


def paragraphs(splitter: str = PARAGRAPHS) -> AbstractContextManager[object]:
    """While it is open, ingest reads text files by these two."""
    own = {"read_all": read_texts, "split": split_paragraphs, "SPLITTER": splitter, "SUFFIXES": frozenset({".txt"})}
    return patch.multiple(run, **own)


class Base:
    """Catalog, index and files under one folder."""

    def __init__(
        self,
        folder: Path,
        *,
        url: str | None = None,
        headers: dict[str, str] | None = None,
        database_url: str | None = None,
    ) -> None:
        self.folder, self.url = folder, url
        self.docs = folder / "docs"
        self.docs.mkdir(parents=True, exist_ok=True)
        self.engine = connect(database_url or sqlite_at(folder / "catalog.db"))
        self.catalog = Catalog(self.engine)
        self.index = Index(url=url, headers=headers) if url else Index(folder / "chroma")
        self.embedder = WordsEmbedder()

    def write(self, path: str, text: str) -> Path:
        file = self.docs / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def ingest(
        self, *paths: Path, reading: AbstractContextManager[object] | None = None, **options: Any
    ) -> IngestReport:
        options = {"embedder": self.embedder} | options
        with reading or paragraphs():
            return run.ingest(paths or (self.docs,), catalog=self.catalog, index=self.index, **options)

    def retriever(self) -> Retriever:
        return Retriever(self.catalog, self.index, self.embedder, splitter=PARAGRAPHS)

    def find(self, question: str, **options: Any) -> list[str]:
        return [p.text for p in self.retriever().search(Query(((question, 1.0),), **options)).passages]

    def contents(self, collection: str = "default") -> tuple[list[Any], dict[str, Any]]:
        """Everything that makes up the index, without the numbers that depend on history."""
        with self.engine.begin() as db:
            rows = db.execute(
                sa.text(
                    "SELECT d.root, d.path, r.sha256, r.title, r.pages, c.ordinal, c.chunk_id, c.text, c.pages,"
                    " c.embed_hash, v.stored, d.next FROM kb_documents d"
                    " JOIN kb_revisions r ON r.id = d.live JOIN kb_chunks c ON c.revision_id = r.id"
                    " LEFT JOIN kb_vectors v ON v.chunk_id = c.chunk_id AND v.collection = d.collection"
                    " WHERE d.collection = :c ORDER BY 1, 2, 6"
                ),
                {"c": collection},
            ).all()
            loose = db.execute(
                sa.text("SELECT count(*) FROM kb_vectors WHERE chunk_id NOT IN (SELECT chunk_id FROM kb_chunks)")
            ).scalar_one()
            unused = db.execute(
                sa.text("SELECT count(*) FROM kb_chunks WHERE revision_id NOT IN (SELECT live FROM kb_documents)")
            ).scalar_one()
        self.index.reopen()
        stored = stored_rows(self.index, mapped(collection, self.embedder.name))
        return [*map(tuple, rows), loose, unused], stored
