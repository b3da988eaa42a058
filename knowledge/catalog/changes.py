"""What ingest writes. Each method is one transaction, so that a crash between any two leaves a state to go on from.

Vectors are written ahead: a row of kb_vectors stands before Chroma is asked to add, and goes after Chroma has
deleted. So every id Chroma may hold is known here, and no full comparison is ever needed.
"""

import posixpath
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from knowledge.catalog.reading import Catalog
from knowledge.catalog.tables import chunks, collections, documents, revisions, roots, vectors
from knowledge.database import Rows, batches, insert, inserted, writing


@dataclass(frozen=True, slots=True)
class Known:
    """A document as the catalog has it: its newest revision, served or waiting."""

    id: int
    root: str
    path: str
    revision: int
    sha256: str
    size: int
    mtime_ns: int
    splitter: str
    ocr: bool
    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A chunk, served or soon to be, without a vector."""

    chunk_id: str
    embed_hash: str
    length: int  # characters of its text


# Joins a chunk with its document, served or waiting.
OF_ANY = sa.or_(documents.c.live == chunks.c.revision_id, documents.c.next == chunks.c.revision_id)


class Changes(Rows):
    """Writes of one ingest into one collection with one space of vectors: an embedder's name, or that with #2.

    `beside` another that answers: nothing replaces what is served before `switch`.
    """

    def __init__(self, engine: sa.Engine, collection: str, space: str, *, beside: bool = False) -> None:
        super().__init__(engine)
        self.collection, self.space, self._beside = collection, space, beside
        self._mine = sa.and_(vectors.c.collection == collection, vectors.c.embedder == space)
        self._vector = sa.and_(self._mine, vectors.c.chunk_id == chunks.c.chunk_id, vectors.c.stored)  # of a chunk

    def open(self, splitter: str) -> None:
        """Make the collection's row where there is none."""
        row = {"name": self.collection, "embedder": self.space, "splitter": splitter, "generation": 0}
        with writing(self.engine) as db:
            db.execute(insert(db, collections).values(row).on_conflict_do_nothing())

    def switch(self, splitter: str) -> None:
        """Serve all that was made beside: its documents, and its vectors."""
        self._beside = False
        with writing(self.engine) as db:
            self._bump(db)
            mine = collections.c.name == self.collection
            db.execute(sa.update(collections).where(mine).values(embedder=self.space, splitter=splitter))
            self._settle(db)

    def root(self, path: str, name: str, vanished: Collection[str]) -> str:
        """The name of the root at `path`: as known, else `name`, numbered when another folder has it.

        A root of that name whose folder is in `vanished` has moved here and keeps its name.
        """
        mine = roots.c.collection == self.collection
        with writing(self.engine) as db:
            known: dict[str, str] = dict(map(tuple, db.execute(sa.select(roots.c.name, roots.c.path).where(mine))))
            if same := next((other for other, folder in known.items() if folder == path), None):
                return same
            if known.get(name) in vanished:
                db.execute(sa.update(roots).where(mine, roots.c.name == name).values(path=path))
                return name
            free = next(n for i in range(1, len(known) + 2) if (n := name if i == 1 else f"{name}-{i}") not in known)
            db.execute(sa.insert(roots).values(collection=self.collection, name=free, path=path))
            return free

    def roots(self) -> dict[str, str]:
        """Name -> folder."""
        query = sa.select(roots.c.name, roots.c.path).where(roots.c.collection == self.collection)
        return self._pairs(query)

    def known(self) -> list[Known]:
        """Every document of the collection, at its newest revision."""
        newest = sa.func.coalesce(documents.c.next, documents.c.live)
        r = revisions.c
        columns = (r.id.label("revision"), r.sha256, r.size, r.mtime_ns, r.splitter, r.ocr, r.problems)
        query = sa.select(documents.c.id, documents.c.root, documents.c.path, *columns).join(revisions, r.id == newest)
        rows = self._rows(query.where(documents.c.collection == self.collection))
        return [Known(*(*row[:9], tuple((code, message) for code, message in row[9]))) for row in rows]

    def of_others(self, names: Collection[str]) -> tuple[list[str], set[str]]:
        """The folders of these collections, and where each of their documents lies."""
        home = sa.and_(roots.c.collection == documents.c.collection, roots.c.name == documents.c.root)
        query = sa.select(roots.c.path, documents.c.path).join(documents, home)
        rows = self._rows(query.where(documents.c.collection.in_(names)))
        return sorted({home for home, _ in rows}), {posixpath.join(home, path) for home, path in rows}

    def touch(self, revision: int, size: int, mtime_ns: int) -> None:
        """The same content with another time stamp: the next comparison need not hash it."""
        self._write(sa.update(revisions).where(revisions.c.id == revision).values(size=size, mtime_ns=mtime_ns))

    def stage(
        self, root: str, path: str, revision: dict[str, Any], rows: Sequence[dict[str, Any]], *, instead_of: int | None
    ) -> None:
        """Put a read document in: served at once, or when its vectors are there if it replaces one that has them.

        `instead_of`: id of the document that this one was before it was renamed.
        """
        same = sa.and_(documents.c.collection == self.collection, documents.c.root == root, documents.c.path == path)
        with writing(self.engine) as db:
            self._bump(db)  # first of all: takes the write lock
            if instead_of is not None:
                self._remove(db, [instead_of])
            row = db.execute(sa.select(documents.c.id, documents.c.next).where(same)).first()
            if row is None:
                document = inserted(db, documents, {"collection": self.collection, "root": root, "path": path})
            else:
                document = row.id
                if row.next is not None:
                    self._drop_revisions(db, [row.next])
            new = inserted(db, revisions, {"document_id": document, "chunks": len(rows), **revision})
            db.execute(sa.insert(chunks), [{"revision_id": new, **row} for row in rows])
            db.execute(sa.update(documents).where(documents.c.id == document).values(next=new))
            self._settle(db, document)

    def remove(self, document_ids: Collection[int]) -> None:
        """Forget these documents with all their revisions and chunks."""
        if document_ids:
            with writing(self.engine) as db:
                self._bump(db)
                self._remove(db, document_ids)

    def awaiting(self) -> list[Awaiting]:
        """Chunks without a vector: of replacements first, then short before long."""
        wanted = OF_ANY
        if self._beside:  # what is replaced keeps the vectors it has
            wanted = sa.func.coalesce(documents.c.next, documents.c.live) == chunks.c.revision_id
        replacing = sa.func.max(sa.case((documents.c.next == chunks.c.revision_id, 1), else_=0))
        length = sa.func.max(sa.func.length(chunks.c.text))
        query = (
            sa.select(chunks.c.chunk_id, chunks.c.embed_hash, length)
            .join(documents, wanted)
            .outerjoin(vectors, self._vector)
            .where(documents.c.collection == self.collection, vectors.c.chunk_id.is_(None))
            .group_by(chunks.c.chunk_id, chunks.c.embed_hash)
            .order_by(replacing.desc(), length, chunks.c.chunk_id)
        )
        return [Awaiting(*row) for row in self._rows(query)]

    def rows(self, ids: Sequence[str]) -> dict[str, Any]:
        """Chunks by id with root, path and title, newest revision last; waiting ones too."""
        query = (
            sa.select(chunks, documents.c.root, documents.c.path, revisions.c.title)
            .join(documents, OF_ANY)
            .join(revisions, revisions.c.id == chunks.c.revision_id)
            .where(documents.c.collection == self.collection)
            .order_by(chunks.c.revision_id)
        )
        return {row.chunk_id: row._mapping for row in self._among(query, chunks.c.chunk_id, ids)}

    def twins(self, embed_hashes: Sequence[str]) -> dict[str, str]:
        """For hashes whose vector Chroma holds already, under whatever id: that id."""
        query = sa.select(vectors.c.embed_hash, vectors.c.chunk_id).where(self._mine, vectors.c.stored)
        return dict(map(tuple, self._among(query, vectors.c.embed_hash, embed_hashes)))

    def words(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The kept vectors of the words of those chunks that have them."""
        return Catalog(self.engine).words(self.collection, self.space, ids)

    def announce(self, rows: Iterable[tuple[str, str, bytes | None]]) -> list[str]:
        """Before Chroma adds (id, embed hash, vectors of its words): the ids announced before, perhaps half added."""
        values = [
            {"collection": self.collection, "embedder": self.space, "stored": False}
            | {"chunk_id": key, "embed_hash": embed_hash, "words": words}
            for key, embed_hash, words in rows
        ]
        before: list[str] = []
        with writing(self.engine) as db:
            for batch in batches([row["chunk_id"] for row in values]):
                mine = sa.and_(self._mine, vectors.c.chunk_id.in_(batch))
                before += db.scalars(sa.select(vectors.c.chunk_id).where(mine))
                db.execute(sa.delete(vectors).where(mine))
            db.execute(sa.insert(vectors), values)
        return before

    def stored(self, ids: Sequence[str]) -> None:
        """After Chroma added: replacements whose vectors are complete are served from this transaction on."""
        with writing(self.engine) as db:
            self._mark(db, ids, stored=True)
            self._settle(db)

    def words_changed(self) -> None:
        """A search may find something else, though no document changed."""
        with writing(self.engine) as db:
            self._bump(db)

    def settle(self) -> None:
        """Serve every replacement that waits for nothing."""
        with writing(self.engine) as db:
            if self._settle(db):
                self._bump(db)

    def lost(self, ids: Sequence[str]) -> None:
        """Chroma does not hold these after all."""
        with writing(self.engine) as db:
            self._mark(db, ids, stored=False)

    def stored_ids(self) -> list[str]:
        """Ids of the chunks that Chroma holds with a vector of this embedder."""
        return self._column(sa.select(vectors.c.chunk_id).where(self._mine, vectors.c.stored))

    def orphans(self) -> list[str]:
        """Ids Chroma may hold that no revision uses any more."""
        used = sa.select(chunks.c.chunk_id).join(documents, OF_ANY).where(documents.c.collection == self.collection)
        return self._column(sa.select(vectors.c.chunk_id).where(self._mine, vectors.c.chunk_id.not_in(used)))

    def forget(self, ids: Sequence[str]) -> None:
        """After Chroma deleted."""
        with writing(self.engine) as db:
            for batch in batches(ids):
                db.execute(sa.delete(vectors).where(self._mine, vectors.c.chunk_id.in_(batch)))

    def foreign_embedders(self) -> list[str]:
        """Other spaces of which Chroma may still hold vectors of this collection."""
        theirs = sa.and_(vectors.c.collection == self.collection, vectors.c.embedder != self.space)
        return self._column(sa.select(vectors.c.embedder).where(theirs).distinct())

    def forget_embedder(self, embedder: str) -> None:
        """After Chroma deleted all vectors of another embedder."""
        with writing(self.engine) as db:
            self._bump(db)
            both = sa.and_(vectors.c.collection == self.collection, vectors.c.embedder == embedder)
            db.execute(sa.delete(vectors).where(both))

    def _column(self, query: sa.Executable) -> list[str]:
        return [value for (value,) in self._rows(query)]

    def _pairs(self, query: sa.Executable) -> dict[str, str]:
        return dict(map(tuple, self._rows(query)))

    def _mark(self, db: sa.Connection, ids: Sequence[str], *, stored: bool) -> None:
        self._bump(db)
        for batch in batches(ids):
            db.execute(sa.update(vectors).where(self._mine, vectors.c.chunk_id.in_(batch)).values(stored=stored))

    def _bump(self, db: sa.Connection) -> None:
        moved = collections.c.generation + 1
        db.execute(sa.update(collections).where(collections.c.name == self.collection).values(generation=moved))

    def _settle(self, db: sa.Connection, document: int | None = None) -> bool:
        """Serve replacements that gain nothing by waiting: theirs are complete, or the served ones' are not."""
        mine = sa.and_(documents.c.collection == self.collection, documents.c.next.is_not(None))
        if document is not None:
            mine = sa.and_(mine, documents.c.id == document)
        waiting = {row.id: row for row in db.execute(sa.select(documents).where(mine))}
        if not waiting:
            return False
        lacking_next = self._lacking(db, documents.c.next, mine)
        lacking_live = self._lacking(db, documents.c.live, mine)
        ready = [
            key
            for key, row in waiting.items()
            if row.live is None or (not self._beside and (key not in lacking_next or key in lacking_live))
        ]
        for batch in batches(ready):
            here = documents.c.id.in_(batch)
            db.execute(sa.update(documents).where(here).values(live=documents.c.next, next=None))
        self._drop_revisions(db, [waiting[key].live for key in ready if waiting[key].live is not None])
        return bool(ready)

    def _lacking(self, db: sa.Connection, pointer: sa.Column[Any], where: sa.ColumnElement[bool]) -> set[int]:
        """Documents of which the revision under `pointer` has chunks without vectors."""
        query = (
            sa.select(documents.c.id)
            .join(chunks, chunks.c.revision_id == pointer)
            .outerjoin(vectors, self._vector)
            .where(where, vectors.c.chunk_id.is_(None))
            .distinct()
        )
        return set(db.scalars(query))

    def _remove(self, db: sa.Connection, document_ids: Collection[int]) -> None:
        for batch in batches(list(document_ids)):
            theirs = sa.select(revisions.c.id).where(revisions.c.document_id.in_(batch))
            self._drop_revisions(db, list(db.scalars(theirs)))
            db.execute(sa.delete(documents).where(documents.c.id.in_(batch)))

    def _drop_revisions(self, db: sa.Connection, ids: Sequence[int]) -> None:
        for batch in batches(ids):
            db.execute(sa.delete(chunks).where(chunks.c.revision_id.in_(batch)))
            db.execute(sa.delete(revisions).where(revisions.c.id.in_(batch)))
