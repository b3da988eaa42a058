"""What is there: live chunks for search, counts for `status`. Reads only; every answer is of live revisions.

Knows nothing of Chroma, files' contents or ranking.
"""

import shlex
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from knowledge.catalog.tables import chunks, collections, documents, revisions, roots, runs, vectors
from knowledge.database import Rows, batches, reading
from knowledge.errors import IndexMismatch
from knowledge.files import stamp
from knowledge.types import Chunk, FileReport, PageSpan

FLAGGED_SHOWN = 200  # chunks with flagged text that `status` names; guess
FLAGGED_CHARS = 200  # characters of flagged text that are shown; guess

_STATE = sa.select(collections.c.name, collections.c.embedder, collections.c.splitter, collections.c.generation).where(
    collections.c.name == sa.bindparam("wanted")
)
_LANGUAGES = (
    sa.select(revisions.c.language, sa.func.sum(revisions.c.chunks))
    .join(documents, documents.c.live == revisions.c.id)
    .where(documents.c.collection.in_(sa.bindparam("among", expanding=True)), revisions.c.language.is_not(None))
    .group_by(revisions.c.language)
)


@dataclass(frozen=True, slots=True)
class CollectionState:
    """A collection, what made it, and a number that grows with every change."""

    name: str
    space: str  # the set of vectors in use: its embedder's name, with #2 behind it after every other rebuild
    splitter: str
    generation: int

    @property
    def embedder(self) -> str:
        """Whose vectors they are."""
        return self.space.partition("#")[0]

    def beside(self, embedder: str) -> str:
        """The space that a rebuild fills while this one answers."""
        return embedder if self.space != embedder else f"{embedder}#2"


@dataclass(frozen=True, slots=True)
class Indexed:
    """What lexical search needs of a live chunk."""

    revision: int
    chunk_id: str
    prefix: str
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """How a live document is called."""

    revision: int
    root: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file of a document on the machine that ingested last; `live`: a chunk asked for is still served."""

    path: Path
    live: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """How much is live in a collection."""

    documents: int
    pages: int
    chunks: int


@dataclass(frozen=True, slots=True)
class Stated:
    """A live document and what it states about itself."""

    path: str
    title: str
    version: str | None
    effective: str | None  # ISO date
    owner: str | None
    language: str | None  # ISO 639-1
    pages: int
    chunks: int
    file_date: str = ""  # ISO date on which the file was changed last, UTC
    taken_in: str = ""  # ISO date on which this revision was read, UTC
    until: str | None = None  # ISO date, the last on which it applies


@dataclass(frozen=True, slots=True)
class Suspect:
    """Text that reads like instructions to a model, and where it stands. It supports no answer."""

    document: str
    section: str
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class CollectionStatus:
    """A collection as `policybot status` shows it."""

    name: str
    embedder: str
    splitter: str
    generation: int
    documents: int
    pages: int
    chunks: int
    vectors_pending: int
    stale: tuple[str, ...]  # documents whose file changed or went since they were ingested
    last_ingest: datetime | None  # UTC, end of the last finished run
    last_state: str | None  # running, done, stopped, failed
    failures: tuple[FileReport, ...]  # what the last run could not read, and what lacks in documents that answer
    flagged: tuple[Suspect, ...]


class Catalog(Rows):
    """What is there, by collection."""

    def collection(self, name: str) -> CollectionState | None:
        """The cheap check before every search."""
        rows = self._rows(_STATE, {"wanted": name})
        return CollectionState(*rows[0]) if rows else None

    def expect(self, state: CollectionState, embedder: str, splitter: str) -> None:
        """Raise IndexMismatch unless the collection was made with these."""
        if (state.embedder, state.splitter) == (embedder, splitter):
            return
        command = "policybot ingest " + ("--rebuild " if state.embedder != embedder else "") + self.paths(state.name)
        raise IndexMismatch(
            f'The collection "{state.name}" was made with {state.embedder} and {state.splitter}, '
            f"but {embedder} and {splitter} are configured. Run `{command}`."
        )

    def paths(self, collection: str) -> str:
        """What stands behind `policybot ingest` to bring the collection up to date."""
        named = ["--collection", collection] if collection != "default" else []
        return shlex.join([*named, *map(str, self.folders(collection))])

    def collections(self) -> list[str]:
        """The names of all collections."""
        return [name for (name,) in self._rows(sa.select(collections.c.name).order_by(collections.c.name))]

    def hashes(self, collection: str) -> dict[str, str]:
        """The live documents' files: hash -> path."""
        query = sa.select(revisions.c.sha256, documents.c.path).join(documents, documents.c.live == revisions.c.id)
        return dict(map(tuple, self._rows(query.where(documents.c.collection == collection))))

    def live(self, collection: str) -> list[Name]:
        """The live documents of a collection."""
        query = (
            sa.select(documents.c.live, documents.c.root, documents.c.path, revisions.c.title)
            .join(revisions, revisions.c.id == documents.c.live)
            .where(documents.c.collection == collection)
            .order_by(documents.c.root, documents.c.path)
        )
        return [Name(*row) for row in self._rows(query)]

    def folders(self, collection: str | None = None) -> list[Path]:
        """The folders whose documents answer, of one collection or any, on the machine that ingested last."""
        here = sa.and_(documents.c.collection == roots.c.collection, documents.c.root == roots.c.name)
        query = sa.select(roots.c.path).where(sa.exists().where(here)).order_by(roots.c.name)
        if collection is not None:
            query = query.where(roots.c.collection == collection)
        return [Path(path) for (path,) in dict.fromkeys(self._rows(query))]

    def entries(self, revision_ids: Collection[int]) -> Iterator[Indexed]:
        """The chunks of these revisions, for the lexical index."""
        query = (
            sa.select(chunks.c.revision_id, chunks.c.chunk_id, revisions.c.title, chunks.c.section, chunks.c.text)
            .join(revisions, revisions.c.id == chunks.c.revision_id)
            .order_by(chunks.c.revision_id, chunks.c.ordinal)
        )
        for revision, key, title, section, text in self._among(query, chunks.c.revision_id, sorted(revision_ids)):
            yield Indexed(revision, key, " > ".join((title, *section)), text)

    def chunks(self, collection: str, ids: Sequence[str]) -> dict[str, Chunk]:
        """Those of the chunks that are live now: what is returned to people goes through here, last."""
        by_id: dict[str, Chunk] = {}
        r, served = revisions.c, (documents.c.collection, documents.c.live, documents.c.path)
        for batch in batches(ids):
            # by primary keys in two steps: in one, SQLite walks through the whole collection
            with reading(self.engine) as db:
                rows = db.execute(sa.select(chunks).where(chunks.c.chunk_id.in_(batch))).mappings().all()
                query = sa.select(r.id, r.title, r.effective, r.until, r.version, r.owner, r.language, *served)
                query = query.join(documents, documents.c.id == r.document_id)
                asked = {row["revision_id"] for row in rows}
                owners = db.execute(query.where(r.id.in_(asked))).mappings().all()
            live = {row["id"]: row for row in owners if row["live"] == row["id"] and row["collection"] == collection}
            by_id |= {
                row["chunk_id"]: chunk_of({**row, **live[row["revision_id"]]})
                for row in rows
                if row["revision_id"] in live
            }
        return by_id

    def source(self, collection: str, document: str, chunk_id: str) -> SourceFile | None:
        """The file that a chunk was read from, or else the one that is called like its document; None: not known."""
        place = sa.and_(roots.c.collection == documents.c.collection, roots.c.name == documents.c.root)
        columns = sa.select(roots.c.path.label("root"), documents.c.path).join(documents, place)
        mine = sa.and_(documents.c.collection == collection, documents.c.path == document)
        served = columns.join(chunks, chunks.c.revision_id == documents.c.live)
        with reading(self.engine) as db:
            row = db.execute(served.where(mine, chunks.c.chunk_id == chunk_id).limit(1)).first()
            live = row is not None
            row = row or db.execute(columns.where(mine).order_by(documents.c.id).limit(1)).first()
        return None if row is None else SourceFile(Path(row.root) / row.path, live)

    def words(self, collection: str, embedder: str, ids: Sequence[str]) -> dict[str, bytes]:
        """The kept vectors of the words of those chunks that have them (knowledge.index.words)."""
        mine = _kept(collection, embedder)
        query = sa.select(vectors.c.chunk_id, vectors.c.words).where(mine, vectors.c.words.is_not(None))
        return {key: bytes(words) for key, words in self._among(query, vectors.c.chunk_id, ids)}

    def without_words(self, collection: str, embedder: str) -> int:
        """How many stored vectors have none of their words beside them."""
        mine = _kept(collection, embedder)
        lacking = sa.select(sa.func.count()).where(mine, vectors.c.stored, vectors.c.words.is_(None))
        return int(self._value(lacking))

    def outline(self, collection: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
        """(chunk id, path, title, section) of every live chunk, document by document in reading order."""
        query = (
            sa.select(chunks.c.chunk_id, documents.c.path, revisions.c.title, chunks.c.section)
            .join(documents, documents.c.live == chunks.c.revision_id)
            .join(revisions, revisions.c.id == chunks.c.revision_id)
            .where(documents.c.collection == collection)
            .order_by(documents.c.root, documents.c.path, chunks.c.ordinal)
        )
        return [(key, path, title, tuple(section)) for key, path, title, section in self._rows(query)]

    def pending(self, collection: str, embedder: str) -> int:
        """Live chunks that are searchable by words only, so far."""
        stored = sa.and_(_kept(collection, embedder), vectors.c.chunk_id == chunks.c.chunk_id, vectors.c.stored)
        lacking = (
            sa.select(sa.func.count())
            .select_from(chunks)
            .join(documents, documents.c.live == chunks.c.revision_id)
            .outerjoin(vectors, stored)
            .where(documents.c.collection == collection, vectors.c.chunk_id.is_(None))
        )
        return int(self._value(lacking))

    def totals(self, collection: str) -> Totals:
        """What is live in a collection."""
        count, pages, total = sa.func.count(), sa.func.sum(revisions.c.pages), sa.func.sum(revisions.c.chunks)
        query = sa.select(count, pages, total).join(documents, documents.c.live == revisions.c.id)
        (row,) = self._rows(query.where(documents.c.collection == collection))
        return Totals(row[0], row[1] or 0, row[2] or 0)

    def languages(self, collections: Sequence[str]) -> dict[str, int]:
        """The languages (ISO 639-1) that live documents of these collections are in, each with its chunks."""
        return {language: int(total) for language, total in self._rows(_LANGUAGES, {"among": collections})}

    def status(self) -> list[CollectionStatus]:
        """Every collection as it is now. Looks at each document's file (size and time, not content)."""
        return [self._status(name) for name in self.collections()]

    def _status(self, name: str) -> CollectionStatus:
        state = self.collection(name)
        assert state is not None
        of_live = sa.select(revisions).join(documents, documents.c.live == revisions.c.id)
        of_live = of_live.add_columns(documents.c.path, roots.c.path.label("root_path")).join(
            roots, sa.and_(roots.c.collection == documents.c.collection, roots.c.name == documents.c.root)
        )
        with reading(self.engine) as db:
            live = db.execute(of_live.where(documents.c.collection == name)).mappings().all()
            last = db.execute(sa.select(runs).where(runs.c.collection == name).order_by(runs.c.id.desc()).limit(1))
            run = last.mappings().first()
        return CollectionStatus(
            name,
            state.embedder,
            state.splitter,
            state.generation,
            documents=len(live),
            pages=sum(row["pages"] for row in live),
            chunks=sum(row["chunks"] for row in live),
            vectors_pending=self.pending(name, state.space),
            stale=tuple(row["path"] for row in live if _stale(row)),
            last_ingest=run["finished_at"] if run else None,
            last_state=run["state"] if run else None,
            failures=(
                *(FileReport(*row) for row in (run["report"].get("failed", ()) if run else ())),
                *(FileReport(row["path"], code, message) for row in live for code, message in row["problems"]),
            ),
            flagged=tuple(self._flagged(name)),
        )

    def stated(self, collection: str) -> list[Stated]:
        """The live documents of a collection by path, with what they state."""
        r = revisions.c
        query = sa.select(documents.c.path, r.title, r.version, r.effective, r.owner, r.language, r.pages, r.chunks)
        query = query.add_columns(r.until, r.mtime_ns, r.created_at)
        query = query.join(documents, documents.c.live == r.id).order_by(documents.c.path)
        rows = self._rows(query.where(documents.c.collection == collection))
        days = ((_day(datetime.fromtimestamp(row[-2] / 1e9, UTC)), _day(row[-1])) for row in rows)
        return [Stated(*[*row[:-3], *both, row[-3]]) for row, both in zip(rows, days, strict=True)]

    def _flagged(self, collection: str) -> Iterator[Suspect]:
        query = (
            sa.select(documents.c.path, chunks.c.section, chunks.c.pages, chunks.c.text, chunks.c.flagged)
            .join(documents, documents.c.live == chunks.c.revision_id)
            .where(documents.c.collection == collection, sa.cast(chunks.c.flagged, sa.Text) != "[]")
            .order_by(documents.c.path, chunks.c.ordinal)
            .limit(FLAGGED_SHOWN)
        )
        for path, section, pages, text, flagged in self._rows(query):
            for start, end in flagged:
                page = max((span for span in pages if span[0] <= start), default=(0, None))[1]
                yield Suspect(path, " > ".join(section), page, text[start:end][:FLAGGED_CHARS])


def _kept(collection: str, embedder: str) -> sa.ColumnElement[bool]:
    return sa.and_(vectors.c.collection == collection, vectors.c.embedder == embedder)


def chunk_of(row: Any) -> Chunk:
    """A row of kb_chunks, with path and edition, as a chunk."""
    same = ("title", "ordinal", "text", "anchor", "kind", "ocr", "version", "owner", "language")
    return Chunk(
        id=row["chunk_id"],
        document=row["path"],
        section=tuple(row["section"]),
        pages=tuple(PageSpan(*span) for span in row["pages"]),
        flagged=tuple((start, end) for start, end in row["flagged"]),
        effective=_date(row["effective"]),
        until=_date(row["until"]),
        **{name: row[name] for name in same},
    )


def _date(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _stale(row: Any) -> bool:
    root = Path(row["root_path"])
    if not root.is_dir():
        return False  # another machine ingested it: nobody here knows
    try:
        return stamp(root / row["path"]) != (row["size"], row["mtime_ns"])
    except OSError:
        return True
