"""Query in, ranked passages out, from what is live now: nearest vectors and BM25, fused by knowledge.search.rank.

Each search asks the catalog for the generation first and loads what changed. What leaves goes through the catalog
last, so removed text is never returned, however old the loaded state is. Thread-safe.
Knows nothing of files, prompts or answers.
"""

from __future__ import annotations

import math
import re
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge.catalog.reading import Catalog, CollectionState, Name
from knowledge.errors import IndexMissing
from knowledge.index.chroma import Index, mapped
from knowledge.index.sync import Embedder
from knowledge.search.lexical import STOP, Lexical, Matches, Vocabulary, tokens
from knowledge.search.rank import CANDIDATES, Candidate, Text, combine, fuse, named, newest_first, stay, without_name
from knowledge.types import Chunk, Found, Passage, Query, passage_of

if TYPE_CHECKING:
    import numpy as np

    Ints = np.ndarray[Any, np.dtype[np.int32]]

RELOAD_WAIT_S = 2.0  # seconds that a search waits for changes to load, then it answers from what it has; guess
SPARE = 1.25  # times the limit: chunks looked at in full, so that dropping duplicates leaves enough; guess


@dataclass(frozen=True, slots=True)
class _Loaded:
    """One generation of a collection, as searched. Positions count live chunks."""

    generation: int
    pending: int
    ids: list[str]
    position: dict[str, int]
    document: list[int]  # by position: revision
    lexical: Lexical
    names: dict[int, list[frozenset[str]]]
    name_weight: dict[str, float]


class _Shelf:
    """A collection's loaded state and what is reused when it moves."""

    def __init__(self) -> None:
        self.loaded: _Loaded | None = None
        self.vocabulary = Vocabulary()
        self.encoded: dict[int, tuple[list[str], list[Ints]]] = {}  # by revision
        self.reload: Future[_Loaded] | None = None


class Retriever:
    """Holds terms and ids of the collections it was asked about; texts and vectors stay in SQL and Chroma."""

    def __init__(self, catalog: Catalog, index: Index, embedder: Embedder, *, splitter: str | None = None) -> None:
        self._catalog, self._index, self._embedder = catalog, index, embedder
        self._splitter = splitter
        self._shelves: dict[str, _Shelf] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, "reload")

    def search(self, query: Query) -> Found:
        """Rank the collection for all texts of the query. IndexMissing when nothing was ever ingested into it."""
        loaded = self.refresh(query.collection, wait_s=RELOAD_WAIT_S)
        texts = [(text, weight) for text, weight in query.texts if text.strip()]
        own = texts[0][0] if texts else ""
        abouts = [
            named([w for w in tokens(text) if w not in STOP], loaded.names, loaded.name_weight) for text, _ in texts
        ]
        if texts and abouts[0]:  # what is asked of a document, beside its name
            (text, weight), about = texts[0], abouts[0]
            rest = without_name(text, [words for doc in about for words in loaded.names[doc]], loaded.name_weight)
            if rest:
                texts[:1] = [(text, weight / 2), (rest, weight / 2)]
                abouts.insert(0, about)
        if not loaded.ids or not texts:
            return Found((), loaded.generation, loaded.pending)
        matches = [loaded.lexical.match(text) for text, _ in texts]
        similar = self._similar(query.collection, loaded, [text for text, _ in texts], matches)
        rankings = []
        for (text, weight), about, match, cosines in zip(texts, abouts, matches, similar, strict=True):
            candidates = [
                Candidate(loaded.ids[at], cosine, float(match.scores[at]), loaded.document[at] in about)
                for at, cosine in cosines.items()
            ]
            scores = fuse(candidates, match.most)
            if own in text and len(text) > len(own):  # the question in its thread
                scores = stay(scores, {loaded.ids[at]: loaded.document[at] for at in cosines})
            rankings.append((weight, scores))
        order = combine(rankings)[: int(query.limit * SPARE)]
        chunks = self._catalog.chunks(query.collection, [key for key, _ in order])
        near = _mean(similar, [weight for _, weight in texts])
        passages = [
            self._passage(chunks[key], score, loaded.position[key], matches[0], near)
            for key, score in order
            if key in chunks
        ]
        kept = newest_first([Text(p.document, p.text, p.effective, p.version) for p in passages])
        best = tuple(passages[at] for at in kept[: query.limit])
        return Found(best, loaded.generation, loaded.pending, matches[0].rarest)

    def refresh(self, collection: str, *, wait_s: float | None = None) -> _Loaded:
        """Load what changed. With `wait_s`, give up waiting after it and return what there is, unless there is nothing.

        A server calls this every few seconds, so that no question waits for a load.
        """
        state = self._catalog.collection(collection)
        if state is None:
            raise IndexMissing(f'Nothing is in the collection "{collection}" yet. Run `policybot ingest PATH` first.')
        state.expect(self._embedder.name, self._splitter or _shipped_splitter())
        with self._lock:
            shelf = self._shelves.setdefault(collection, _Shelf())
            loaded = shelf.loaded
            if loaded is not None and loaded.generation == state.generation:
                return loaded
            if shelf.reload is None or shelf.reload.done():
                shelf.reload = self._pool.submit(self._load, state, shelf)
            reload = shelf.reload
        try:
            fresh = reload.result(None if loaded is None else wait_s)
        except NotYet:
            assert loaded is not None
            return loaded
        if fresh.generation < state.generation:  # that load had begun before the change
            return self.refresh(collection, wait_s=wait_s)
        return fresh

    def close(self) -> None:
        """Wait for what is loading, and load no more."""
        self._pool.shutdown(wait=True)

    def _load(self, state: CollectionState, shelf: _Shelf) -> _Loaded:
        # Chroma first: what it then holds is at least as new as the pending count read after it
        self._index.reopen()
        pending = self._catalog.pending(state.name, state.embedder)
        documents = self._catalog.live(state.name)
        wanted = {doc.revision for doc in documents}
        before = shelf.loaded
        if before is not None and wanted == shelf.encoded.keys():
            ids, lexical, position, owners = before.ids, before.lexical, before.position, before.document
        else:
            encoded = {revision: rows for revision, rows in shelf.encoded.items() if revision in wanted}
            for entry in self._catalog.entries(wanted - encoded.keys()):
                keys, rows = encoded.setdefault(entry.revision, ([], []))
                keys.append(entry.chunk_id)
                rows.append(shelf.vocabulary.encode(entry.prefix, entry.text))
            shelf.encoded = encoded
            ids = [key for keys, _ in encoded.values() for key in keys]
            owners = [revision for revision, (keys, _) in encoded.items() for _ in keys]
            lexical = Lexical([row for _, rows in encoded.values() for row in rows], shelf.vocabulary)
            position = {key: at for at, key in enumerate(ids)}
        names, weight = _names(documents)
        loaded = _Loaded(state.generation, pending, ids, position, owners, lexical, names, weight)
        shelf.loaded = loaded
        return loaded

    def _similar(
        self, collection: str, loaded: _Loaded, texts: list[str], matches: list[Matches]
    ) -> list[dict[int, float | None]]:
        """For each text the candidates of all texts, by position, with their cosine to it."""
        import numpy as np

        found: dict[int, None] = {}
        for match in matches:
            best = np.argpartition(-match.scores, min(CANDIDATES, len(match.scores) - 1))[:CANDIDATES]
            found |= dict.fromkeys(int(at) for at in best if match.scores[at] > 0)
        if loaded.pending >= len(loaded.ids):
            return [dict.fromkeys(found) for _ in texts]
        name = mapped(collection, self._embedder.name)
        vectors = self._embedder.embed(texts)
        known: list[dict[int, float]] = []
        for near in self._index.nearest(name, vectors, CANDIDATES):
            known.append({loaded.position[key]: cosine for key, cosine in near if key in loaded.position})
            found |= dict.fromkeys(known[-1])
        lacking = sorted({at for row in known for at in found.keys() - row.keys()})
        stored = self._index.vectors(name, [loaded.ids[at] for at in lacking])
        rows = [at for at in lacking if loaded.ids[at] in stored]
        if rows:
            cosines = np.stack([stored[loaded.ids[at]] for at in rows]) @ vectors.T
            for column, row in enumerate(known):
                row |= {at: float(cosines[n, column]) for n, at in enumerate(rows) if at not in row}
        return [{at: row.get(at) for at in found} for row in known]

    def _passage(
        self, chunk: Chunk, score: float, at: int, match: Matches, similar: dict[int, float | None]
    ) -> Passage:
        covered = min(1.0, float(match.covered[at]))
        return passage_of(chunk, score=score, similarity=similar.get(at), lexical=covered)


def _names(documents: list[Name]) -> tuple[dict[int, list[frozenset[str]]], dict[str, float]]:
    """What each document may be called (title, file name), and how telling each word is among names."""
    names = {}
    count: dict[str, int] = {}
    for doc in documents:
        stem = re.sub(r"\.\w{2,5}$", "", doc.path.rpartition("/")[2])
        parts = [
            part for part in re.split(r" [-–—] |: ", stem) if " " in part.strip()
        ]  # "NIST SP 800-63B - Digital ..."
        variants = {frozenset(tokens(text)) - STOP for text in (doc.title, stem, *parts)}
        names[doc.revision] = [words for words in variants if words]
        for word in frozenset().union(*variants):
            count[word] = count.get(word, 0) + 1
    return names, {word: math.log(len(documents) / many) for word, many in count.items()}


def _mean(similar: list[dict[int, float | None]], weights: list[float]) -> dict[int, float | None]:
    """Each candidate's cosine to the query: a follow-up alone is near nothing, its thread near the last answer."""
    whole = sum(weights)
    mean: dict[int, float | None] = {}
    for at in similar[0]:
        cosines = [row[at] for row in similar]
        known = [weight / whole * cosine for weight, cosine in zip(weights, cosines, strict=True) if cosine is not None]
        mean[at] = sum(known) if len(known) == len(cosines) else None
    return mean


def _shipped_splitter() -> str:
    from knowledge.ingest.split import SPLITTER

    return SPLITTER
