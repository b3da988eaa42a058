"""Files in, a live and true index out: plan (knowledge.ingest.plan, pure), then apply in steps that can stop anywhere.

The catalog is written first and Chroma follows, so whatever is killed, the next run finds what is missing and ends at
the same index as a clean run. New documents are searchable by words as soon as they are read; vectors follow in
batches. A replaced document's old revision serves until the new one has its vectors. Gone files stay unless pruned,
and are named in the report. Knows no file format and no ranking.
"""

import dataclasses
import os
import posixpath
import time
from collections import Counter
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from knowledge.catalog.changes import Changes, Known
from knowledge.catalog.reading import Catalog, CollectionState
from knowledge.catalog.runs import finish_run, last_done, start_run
from knowledge.catalog.tables import chunk_rows
from knowledge.database import alone
from knowledge.errors import IndexUnavailable, KnowledgeError, ReadError
from knowledge.files import GLOSSARY, sha256, stamp, walk
from knowledge.index.chroma import Index, mapped
from knowledge.index.sync import Embedder, Progress, clear, embed_awaiting, repair, sweep
from knowledge.ingest.plan import Plan, Seen, plan, to_hash
from knowledge.ingest.split import SPLITTER, split
from knowledge.read import SUFFIXES
from knowledge.read.pool import read_all
from knowledge.types import Document, FileReport, IngestReport, told_end

_NOT_READ = {
    *(".doc", ".docm", ".dot", ".dotx", ".rtf", ".odt", ".pages", ".epub", ".wpd", ".eml", ".msg"),
    *(".ppt", ".pptx", ".odp", ".key", ".xls", ".xlsx", ".xlsm", ".ods", ".numbers", ".csv", ".tsv"),
}
NAMED_GONE = 5  # files gone that a note names


@dataclass(slots=True)
class _Tally:
    added: int = 0
    replaced: int = 0
    renamed: int = 0
    partial: list[FileReport] = field(default_factory=list)
    failed: list[FileReport] = field(default_factory=list)
    flagged: list[tuple[str, int | None]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def ingest(
    paths: Sequence[Path],
    *,
    catalog: Catalog,
    index: Index,
    embedder: Embedder,
    collection: str = "default",
    prune: bool = False,
    forget: bool = False,
    rebuild: bool = False,
    ocr: bool = False,
    passwords: Mapping[str, str] | None = None,
    apart: Collection[str] = (),
    progress: Progress = lambda stage, done, total: None,
) -> IngestReport:
    """Bring the collection in line with the files under `paths` (folders, or single files).

    `apart`: collections that others may see: their files, and folders of theirs within one of `paths`, stay out.
    `prune`: documents go whose files are gone. `forget`: those of `paths` go, whether their files are there or not.
    Raises IndexMismatch (made by another embedder, and no `rebuild`), IngestBusy, IndexUnavailable,
    StoreError or EmbeddingFailed: what is live stays live, and the next run goes on from there. A
    KeyboardInterrupt is noted in the run's row and passed on.
    """
    began = time.monotonic()
    with alone(catalog.engine) as check:
        before = catalog.collection(collection)
        if before is not None and not rebuild:
            catalog.expect(before, embedder.name, before.splitter)  # what another splitter cut is read again
        run = start_run(catalog.engine, collection)
        tally, state, words = _Tally(), "failed", list[str]()
        try:
            old = before if rebuild else None  # what answers until the new is whole
            space = old.beside(embedder.name) if old else before.space if before else embedder.name
            changes = Changes(catalog.engine, collection, space, beside=old is not None)
            changes.open(SPLITTER)
            if old:
                _room_for(old, changes, index, tally)
            else:
                repair(changes, index)
            seen, hashes, known, gone = _look(paths, changes, tally, apart, prune=prune, forget=forget)
            todo = plan(seen, hashes, known, gone, splitter=SPLITTER, ocr=ocr, afresh=rebuild)
            _apply_known(todo, changes, tally, prune=prune or forget)
            progress("read", 0, len(todo.read))
            files = [(file.file, file.folder) for file in todo.read]
            outcomes = read_all(files, workers=os.cpu_count() or 1, passwords=passwords or {}, ocr=ocr)
            _read(outcomes, todo, hashes, changes, tally, ocr, check, progress)
            if prune and seen:
                tally.notes += _elsewhere(changes, seen, paths)
            embed_awaiting(changes, index, embedder, check=check, progress=progress)
            if before and (old or before.splitter != SPLITTER):
                changes.switch(SPLITTER)
                tally.notes += _read_otherwise(changes)
            if old:
                clear(changes, index, old.space)
            changes.settle()
            sweep(changes, index)
            words = _glossaries(catalog.folders(collection))
            if words != last_done(catalog.engine, collection).get("glossary", []):
                changes.words_changed()
                tally.notes.append(f"{GLOSSARY} is new or changed. A running bot takes it within seconds.")
            state = "done"
        except KeyboardInterrupt:
            state = "stopped"
            raise
        finally:
            noted = {"failed": [dataclasses.astuple(row) for row in tally.failed], "glossary": words}
            try:
                finish_run(catalog.engine, run, state, noted)
            except KnowledgeError:
                if state == "done":
                    raise  # else the first error says what happened, and the next run tidies this row up
    live = catalog.totals(collection)
    counts = ((one.name, getattr(tally, one.name)) for one in dataclasses.fields(tally))
    counted: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in counts}
    return IngestReport(
        **counted,
        unchanged=len(todo.unchanged),
        removed=len(todo.gone) if prune or forget else 0,
        pages=live.pages,
        chunks=live.chunks,
        searchable=live.documents,
        seconds=time.monotonic() - began,
    )


def _glossaries(folders: Sequence[Path]) -> list[str]:
    """The folders' glossaries as hashes."""
    files = (folder / GLOSSARY for folder in folders)
    return sorted(sha256(file) for file in files if file.is_file() and os.access(file, os.R_OK))


def _room_for(before: CollectionState, changes: Changes, index: Index, tally: _Tally) -> None:
    """An empty space for a rebuild, beside the one that answers; where that can't even be opened, in its stead."""
    try:
        index.count(mapped(before.name, before.space))
        clear(changes, index, changes.space)
    except IndexUnavailable:
        aside = index.set_aside()
        if aside is None:
            raise
        tally.notes.append(f"The vectors could not be read and were made anew. Delete what is left of them: {aside}")
        for one in (before.space, changes.space):
            changes.forget_embedder(one)


def _read_otherwise(changes: Changes) -> list[str]:
    """A note if documents are left as another splitter cut them: they could not be read, or were not asked for."""
    left = [doc for doc in changes.known() if doc.splitter != SPLITTER]
    folders = changes.roots()
    named = ", ".join(sorted({folders[doc.root] for doc in left}))
    return [f"{len(left)} documents answer as an older version cut them. Run ingest with {named}."] if left else []


def _elsewhere(changes: Changes, seen: Sequence[Seen], paths: Sequence[Path]) -> list[str]:
    """A note on documents of other folders: an earlier edition or a sample that nobody means any more answers too."""
    given, homes = {(one.root, one.path) for one in seen}, changes.roots()
    here = [_plain(f"{path.resolve()}/") for path in paths]
    other = Counter(homes[doc.root] for doc in changes.known() if (doc.root, doc.path) not in given)
    apart = {home: count for home, count in other.items() if not any(one.startswith(f"{home}/") for one in here)}
    named = ", ".join(f"{home} ({count})" for home, count in sorted(apart.items()))
    note = f"Documents of other folders answer too: {named}. To take one out: policybot ingest --forget"
    of = "" if changes.collection == "default" else f" --collection {changes.collection}"
    return [f"{note}{of} FOLDER"] if named else []


def _look(
    paths: Sequence[Path],
    changes: Changes,
    tally: _Tally,
    apart: Collection[str],
    *,
    prune: bool,
    forget: bool,
) -> tuple[list[Seen], dict[Seen, str], list[Known], list[Known]]:
    """Files that can be read, hashes where needed, documents known, and those of them whose file is gone.

    A file is one document, whichever folder around it is given: where it is known by its place, it keeps its name.
    With `prune`, the documents of a path that is gone are, too; never all there are: it may be a share not mounted.
    With `forget`, every path counts as gone.
    """
    starts: list[tuple[Path, str, list[Path]]] = []
    whole: list[str] = []
    lacking: list[Path] = []
    before = changes.roots()
    vanished = [path for path in before.values() if not Path(path).is_dir()]
    unknown: Counter[str] = Counter()
    folders_apart, files_apart = changes.of_others(apart)
    for given in paths:
        if forget or (not given.is_dir() and not given.is_file()):
            lacking.append(given)
            continue
        folder = given.resolve() if given.is_dir() else given.parent.resolve()
        files = [folder / given.name]
        if given.is_dir():
            whole.append(_plain(f"{folder}/"))
            files = list(walk(folder))
            unknown.update(file.suffix.lower() for file in files if file.suffix.lower() in _NOT_READ - SUFFIXES)
            files = [file for file in files if file.suffix.lower() in SUFFIXES]
        within = tuple(f"{home}/" for home in folders_apart if home.startswith(_plain(f"{folder}/")))
        kept = [file for file in files if (at := _plain(str(file))) not in files_apart and not at.startswith(within)]
        if len(kept) < len(files):
            left = f"{len(files) - len(kept)} files in {folder} stay out, as fewer may see them"
            tally.notes.append(f"{left}: they are of a collection that is closed ({', '.join(sorted(apart))}).")
        files = kept
        starts.append((folder, changes.root(_plain(str(folder)), _plain(folder.name) or "root", vanished), files))
    if unknown:
        counts = ", ".join(f"{count} {suffix}" for suffix, count in sorted(unknown.items()))
        tally.notes.append(f"Files of formats that are not read: {counts}. Convert them to PDF or .docx.")
    known, homes = changes.known(), changes.roots()
    places = [(posixpath.join(homes[doc.root], doc.path), doc) for doc in known]
    for given in lacking:
        inside = _plain(f"{given.resolve()}/")
        lost = sum(f"{place}/".startswith(inside) for place, _ in places)
        if (forget and lost) or (prune and 0 < lost < len(known)):
            whole.append(inside)
            continue
        stays = "It is gone, but its documents are all there are, so they stay. Ingest what is to answer instead first."
        nothing = "No document of it answers. Check path and --collection."
        message = nothing if forget else stays if prune and lost else "There is no such file or folder. Check the path."
        tally.failed.append(FileReport(str(given), "missing", message))
    by_place = dict(places)
    there: set[str] = set()
    seen: list[Seen] = []
    for folder, root, files in starts:
        for file in files:
            place = _plain(str(file))
            if place in there:
                continue
            there.add(place)
            doc = by_place.get(place)
            root_of, path = (doc.root, doc.path) if doc else (root, _plain(file.relative_to(folder).as_posix()))
            try:
                seen.append(Seen(root_of, path, file, folder, *stamp(file)))
            except OSError as error:
                tally.failed.append(_unreadable(path, error))
    gone = [
        doc
        for place, doc in places
        if f"{place}/".startswith(tuple(whole)) and (place not in there or by_place[place] is not doc)
    ]
    hashes: dict[Seen, str] = {}
    for one in to_hash(seen, known):
        try:
            hashes[one] = sha256(one.file)
        except OSError as error:
            tally.failed.append(_unreadable(one.path, error))
            seen.remove(one)
    return seen, hashes, known, gone


def _apply_known(todo: Plan, changes: Changes, tally: _Tally, *, prune: bool) -> None:
    for file, doc in todo.touched:
        changes.touch(doc.revision, file.size, file.mtime_ns)
    for _, doc in todo.unchanged:
        tally.partial += [FileReport(doc.path, code, message) for code, message in doc.problems]
    if todo.gone and prune:
        changes.remove([doc.id for doc in todo.gone])
    elif todo.gone:
        names = ", ".join(doc.path for doc in todo.gone[:NAMED_GONE]) + (", ..." if len(todo.gone) > NAMED_GONE else "")
        tally.notes.append(f"{len(todo.gone)} documents are gone from disk and still answer: {names}. Remove: --prune")


def _read(
    outcomes: Generator[tuple[Path, Document | ReadError]],
    todo: Plan,
    hashes: dict[Seen, str],
    changes: Changes,
    tally: _Tally,
    ocr: bool,
    check: Callable[[], object],
    progress: Progress,
) -> None:
    """Stage documents as they arrive; a file that fails is reported, and what is live of it stays."""
    files = {file.file: file for file in todo.read}
    known = {(doc.root, doc.path) for doc in changes.known()}
    with closing(outcomes):
        for done, (path, document) in enumerate(outcomes, start=1):
            check()
            file = files[path]
            if isinstance(document, ReadError):
                tally.failed.append(FileReport(file.path, document.code, document.message))
                progress("read", done, len(files))
                continue
            document = replace(document, path=file.path, title=_plain(document.title))
            chunks = split(document, changes.collection)
            problems = [FileReport(file.path, one.code, one.message) for one in document.problems]
            if not chunks:
                empty = FileReport(file.path, "empty", "Nothing could be read in it. Check the file.")
                tally.failed += problems or [empty]
                progress("read", done, len(files))
                continue
            revision = {name: getattr(document, name) for name in ("title", "pages", "language", "version", "owner")}
            revision |= {
                "sha256": hashes.get(file) or sha256(path),
                "size": file.size,
                "mtime_ns": file.mtime_ns,
                "effective": document.effective.isoformat() if document.effective else None,
                "until": document.until.isoformat() if document.until else None,
                "problems": [[one.code, one.message] for one in document.problems],
                "ocr": ocr,
                "splitter": SPLITTER,
            }
            before = todo.renamed.get(file)
            rows = chunk_rows(changes.collection, file.root, chunks)
            changes.stage(file.root, file.path, revision, rows, instead_of=before.id if before else None)
            if before:
                tally.renamed += 1
            elif (file.root, file.path) in known:
                tally.replaced += 1
            else:
                tally.added += 1
            tally.partial += problems
            if document.until and document.until < datetime.now(UTC).date():
                said = told_end(document.until)
                tally.notes.append(f"It says of itself: {said}. So it supports no answer: {file.path}")
            flagged = dict.fromkeys((c.pages[0].page if c.pages else None) for c in chunks if c.flagged)
            tally.flagged += [(file.path, page) for page in flagged]
            progress("read", done, len(files))


def _plain(path: str) -> str:
    """A file name as text that every database takes: bytes that are no UTF-8 are spelled out."""
    return path.encode("utf-8", "backslashreplace").decode()


def _unreadable(path: str, error: OSError) -> FileReport:
    return FileReport(path, "unreadable", f"The file can't be opened ({error.strerror}). Check its permissions.")
