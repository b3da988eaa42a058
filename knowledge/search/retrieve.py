"""Query in, ranked passages out, from what is live now: nearest vectors and BM25, fused by knowledge.search.rank.

Each search ends with a look at the catalog's generation: where that moved, it loads what changed, searches anew and
takes what leaves from the catalog, so removed text is never returned, however old the loaded state is. Where vectors
can't be had in time, the words in memory find and `Found.trouble` says why. Thread-safe.
Knows nothing of files, prompts or answers.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from knowledge.catalog.reading import Catalog, CollectionState, Indexed
from knowledge.errors import IndexMissing, IndexUnavailable
from knowledge.index.chroma import Index, mapped
from knowledge.index.sync import Embedder, Multilingual, WordReader
from knowledge.index.words import Floats, Ints, WordVectors, means, nearness, unpack, unpack_rows, unpack_wholes
from knowledge.ingest.split import SPLITTER
from knowledge.search import rank
from knowledge.search.lexical import GLOSSARY_WEIGHT, Lexical, Matches, Vocabulary, of_company, translated
from knowledge.search.meaning import Bounded, Meaning
from knowledge.text.places import with_countries
from knowledge.text.words import mend, mended
from knowledge.types import Chunk, Excerpt, Found, Nearness, Query, passage_of

RELOAD_WAIT_S = 2.0  # seconds that a search waits for changes to load, then it answers from what it has; guess
SPARE = 1.25  # times the limit: chunks looked at in full, so that dropping duplicates leaves enough; guess
CHUNKS_KEPT = 4_096  # chunks kept in memory as they are in the catalog, about 3 kB each; guess


@dataclass(frozen=True, slots=True)
class _Loaded:
    """One generation of a collection, as searched. Positions count live chunks."""

    generation: int
    space: str  # of vectors
    pending: int
    ids: list[str]
    position: dict[str, int]
    document: list[int]  # by position: revision
    lexical: Lexical
    names: rank.Names
    glossary: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Encoded:
    """The chunks of a revision as numbers, one behind the other."""

    ids: list[str]
    lengths: list[int]
    flat: Ints


class _Shelf:
    """A collection's loaded state and what is reused when it moves."""

    def __init__(self) -> None:
        self.loaded: _Loaded | None = None
        self.vocabulary = Vocabulary()
        self.encoded: dict[int, _Encoded] = {}  # by revision
        self.reload: Future[_Loaded] | None = None


class Retriever:
    """Holds terms and ids of the collections it was asked about; texts and vectors stay in SQL and Chroma."""

    def __init__(self, catalog: Catalog, index: Index, embedder: Embedder, *, splitter: str = SPLITTER) -> None:
        self._catalog, self._index, self._embedder = catalog, index, embedder
        self._splitter = splitter
        self._shelves: dict[str, _Shelf] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, "reload")
        self._chunks: Bounded[tuple[str, int], Chunk] = Bounded(CHUNKS_KEPT)  # by id and revision
        self._meaning = Meaning(catalog, index, embedder)
        self.forget = self._meaning.forget  # every text that somebody asked

    def search(self, query: Query) -> Found:
        """Rank the collection for all texts of the query. IndexMissing when nothing was ever ingested into it."""
        shelf = self._shelves.get(query.collection)
        if shelf is not None and shelf.loaded is not None:
            found = self._search(query, shelf.loaded)
            if self._state(query.collection).generation == found.generation:  # else it moved since, and is read anew
                return found
        return self._search(query, self.refresh(query.collection, wait_s=RELOAD_WAIT_S), moves=True)

    def _search(self, query: Query, loaded: _Loaded, *, moves: bool = False) -> Found:
        said, is_known = " ".join(text for text, _ in query.texts), loaded.lexical.holds
        meant = {**mended(said, is_known), **with_countries(said, is_known)}
        texts = [(mend(text, meant), weight) for text, weight in query.texts if text.strip()]
        if not loaded.ids or not texts:
            return Found((), loaded.generation, loaded.pending)
        own, weight = texts[0]
        abouts = [loaded.names.named(text) for text, _ in texts]
        if abouts[0] and (rest := loaded.names.without(own, abouts[0])):  # what is asked of a document, beside its name
            texts[:1] = [(own, weight / 2), (rest, weight / 2)]
            abouts.insert(0, abouts[0])
        added: tuple[tuple[str, float], ...] = ()
        if in_manual_words := translated(own, loaded.glossary):
            added = ((in_manual_words, GLOSSARY_WEIGHT),)
            texts.extend(added)
            abouts.append(abouts[0])
        weights = [weight for _, weight in texts]
        worded = [text for text, _ in texts]
        matches = [loaded.lexical.match(text) for text in worded]
        trouble: list[str] = []
        asked = self._meaning.asked(worded, trouble) if loaded.pending < len(loaded.ids) else None
        similar, words = self._similar(query.collection, loaded, worded, asked, matches, trouble)
        rankings = []
        for (text, weight), about, match, cosines in zip(texts, abouts, matches, similar, strict=True):
            by_words = match.scores[np.fromiter(cosines, np.int32, len(cosines))].tolist()
            candidates = [
                rank.ChunkScores(loaded.ids[at], cosine, score, about.get(loaded.document[at], 0.0))
                for (at, cosine), score in zip(cosines.items(), by_words, strict=True)
            ]
            scores = rank.fuse(candidates, match.most)
            if own in text and len(text) > len(own):  # the question in its thread
                scores = rank.keep_to_document(scores, {loaded.ids[at]: loaded.document[at] for at in cosines})
            rankings.append((weight, scores))
        order = rank.combine(rankings)
        if asked is not None and words:
            order = rank.rerank(
                order, _word_nearness(asked, weights, [key for key, _ in order[: rank.RERANKED]], words)
            )
        order = order[: int(query.limit * SPARE)]
        chunks = self._live(query.collection, loaded, [key for key, _ in order], moves=moves)
        written = {loaded.position[key]: chunk.language for key, chunk in chunks.items()}
        near = _mean(similar, weights, written)
        known = {at: cosine for at, cosine in near.items() if cosine is not None}
        near |= zip(known, self._meaning.alike(own, list(known.values()), [written[at] for at in known]), strict=True)
        found = [(chunks[key], score) for key, score in order if key in chunks]
        kept = rank.newest_first([chunk for chunk, _ in found])[: query.limit]
        best = tuple(
            passage_of(
                chunk,
                score=score,
                similarity=near.get(loaded.position[chunk.id]),
                lexical=min(1.0, float(matches[0].covered[loaded.position[chunk.id]])),
                collection=query.collection,
            )
            for chunk, score in (found[at] for at in kept)
        )
        rarest, unknown = matches[0].rarest, loaded.lexical.unknown(own)
        return Found(best, loaded.generation, loaded.pending, rarest, meant, added, " ".join(trouble), unknown)

    def wholes(self, texts: Sequence[str]) -> Floats:
        """One unit row a text, from what was kept of questions where it was read before."""
        return np.stack([one.whole for one in self._meaning.read(list(texts))])

    @property
    def tells_nearness(self) -> bool:
        """Whether `nearness` can be asked."""
        return isinstance(self._embedder, WordReader | Multilingual)

    @property
    def multilingual(self) -> bool:
        """Whether a question finds what is written in another language."""
        return isinstance(self._embedder, Multilingual)

    def without_words(self, collection: str) -> int:
        """How many vectors lack those of their words; 0 for an embedder that tells none."""
        state = self._catalog.collection(collection) if isinstance(self._embedder, WordReader) else None
        return self._catalog.without_words(collection, state.space) if state else 0

    def nearness(self, question: str, excerpts: Sequence[Excerpt]) -> list[Nearness]:
        """How near each excerpt is to the question, from what was kept at ingest; read now where nothing was."""
        if self.multilingual:
            return self._meaning.across(question, [one.text for one in excerpts])
        (asked,) = self._meaning.read([question])
        ids = list(dict.fromkeys(one.chunk_id for one in excerpts if one.chunk_id))
        packed = {
            key: words
            for name, shelf in list(self._shelves.items())
            if shelf.loaded is not None
            for key, words in self._meaning.kept_words(name, shelf.loaded.space, ids).items()
        }
        kept = dict(zip(packed, unpack([*packed.values()]), strict=True))
        known = [one for one in excerpts if one.chunk_id in kept]
        near = dict(
            zip(
                known, nearness(asked, [kept[one.chunk_id] for one in known], [one.spans for one in known]), strict=True
            )
        )
        rest = [one for one in excerpts if one not in near]
        if rest:
            read = self._meaning.read([one.text for one in rest])
            by_words = nearness(asked, read, [((0, len(one.text)),) for one in rest])
            judged = self._meaning.answers(asked, read)
            for one, telling, text, answers in zip(rest, by_words, read, judged, strict=True):
                near[one] = telling._replace(whole=float(asked.whole @ text.whole), answers=answers)
        return [near[one] for one in excerpts]

    def refresh(self, collection: str, *, wait_s: float | None = None) -> _Loaded:
        """Load what changed. With `wait_s`, give up waiting after it and return what there is, unless there is nothing.

        A server calls this every few seconds, so that no question waits for a load.
        """
        state = self._state(collection)
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

    def _state(self, collection: str) -> CollectionState:
        state = self._catalog.collection(collection)
        if state is None:
            raise IndexMissing(f'Nothing is in the collection "{collection}" yet. Run `policybot ingest PATH` first.')
        self._catalog.expect(state, self._embedder.name, self._splitter)
        return state

    def trouble(self) -> list[str]:
        """Why the vectors can't be asked for now, so that words in memory answer; nothing where they can."""
        try:
            self._meaning.of_index(self._index.ping)
            loaded = [(name, shelf.loaded) for name, shelf in list(self._shelves.items())]
            held = [mapped(name, one.space) for name, one in loaded if one and one.ids]
            if held and not any(self._meaning.of_index(lambda: [self._index.count(name) for name in held])):
                return [self._index.gone().message]  # what opens a deleted folder makes it anew, empty
        except IndexUnavailable as error:
            return [error.message]
        return []

    def close(self) -> None:
        """Wait for what is loading, and load no more."""
        self._pool.shutdown(wait=True)

    def _load(self, state: CollectionState, shelf: _Shelf) -> _Loaded:
        # Chroma first: what it then holds is at least as new as the pending count read after it
        self._index.reopen()
        pending = self._catalog.pending(state.name, state.space)
        documents = self._catalog.live(state.name)
        wanted = {doc.revision for doc in documents}
        before = shelf.loaded
        if before is not None and wanted == shelf.encoded.keys():
            ids, lexical, position, owners = before.ids, before.lexical, before.position, before.document
        else:
            encoded = {revision: one for revision, one in shelf.encoded.items() if revision in wanted}
            encoded |= self._encoded(wanted - encoded.keys(), shelf.vocabulary)
            shelf.encoded = encoded
            ids = [key for one in encoded.values() for key in one.ids]
            owners = [revision for revision, one in encoded.items() for _ in one.ids]
            flat = np.concatenate([one.flat for one in encoded.values()] or [np.zeros(0, np.int32)])
            lengths = [length for one in encoded.values() for length in one.lengths]
            lexical = Lexical(flat, lengths, shelf.vocabulary)
            position = {key: at for at, key in enumerate(ids)}
        loaded = _Loaded(
            state.generation,
            state.space,
            pending,
            ids,
            position,
            owners,
            lexical,
            rank.Names.of(documents),
            of_company(self._catalog.folders(state.name)),
        )
        shelf.loaded = loaded
        return loaded

    def _encoded(self, revisions: set[int], vocabulary: Vocabulary) -> dict[int, _Encoded]:
        def one(entries: list[Indexed]) -> _Encoded:
            rows = [vocabulary.encode(entry.prefix, entry.text) for entry in entries]
            return _Encoded([entry.chunk_id for entry in entries], [len(row) for row in rows], np.concatenate(rows))

        by_revision = groupby(self._catalog.entries(revisions), key=lambda entry: entry.revision)
        return {revision: one(list(entries)) for revision, entries in by_revision}

    def _similar(
        self,
        collection: str,
        loaded: _Loaded,
        texts: list[str],
        asked: list[WordVectors] | None,
        matches: list[Matches],
        trouble: list[str],
    ) -> tuple[list[dict[int, float | None]], dict[str, bytes]]:
        """For each text the candidates of all texts, by position, with their cosine to it; their words, by id.

        An index that can't be used adds none, and its trouble is noted.
        """
        candidates: dict[int, None] = {}
        for match in matches:
            best = np.argpartition(-match.scores, min(rank.CANDIDATES, len(match.scores) - 1))[: rank.CANDIDATES]
            candidates |= dict.fromkeys(int(at) for at in best if match.scores[at] > 0)
        if asked is None:
            return [dict.fromkeys(candidates) for _ in matches], {}
        name = mapped(collection, loaded.space)
        vectors = np.stack([one.whole for one in asked])
        known: list[dict[int, float]] = [{} for _ in matches]
        try:
            nearest = self._meaning.nearest(name, loaded.generation, texts, vectors, rank.CANDIDATES)
            for row, near in zip(known, nearest, strict=True):
                row |= {loaded.position[key]: cosine for key, cosine in near if key in loaded.position}
                candidates |= dict.fromkeys(row)
            if not any(known):
                trouble.append(self._index.gone().message)
        except IndexUnavailable as error:
            trouble.append(error.message)
        words = self._meaning.kept_words(collection, loaded.space, [loaded.ids[at] for at in candidates])
        lacking = sorted({at for row in known for at in candidates.keys() - row.keys()})
        packed = {at: words[loaded.ids[at]] for at in lacking if loaded.ids[at] in words}
        stored: dict[int, Floats] = dict(zip(packed, unpack_wholes([*packed.values()]), strict=True)) if packed else {}
        rest = [loaded.ids[at] for at in lacking if at not in stored]
        if rest and not trouble:
            try:
                held = self._meaning.of_index(lambda: self._index.vectors(name, rest))
                stored |= {loaded.position[key]: row for key, row in held.items()}
            except IndexUnavailable as error:
                trouble.append(error.message)
        if stored:
            cosines = np.stack(list(stored.values())) @ vectors.T
            for column, row in enumerate(known):
                row |= {at: float(cosines[n, column]) for n, at in enumerate(stored) if at not in row}
        return [{at: row.get(at) for at in candidates} for row in known], words

    def _live(self, collection: str, loaded: _Loaded, ids: list[str], *, moves: bool) -> dict[str, Chunk]:
        """Those of the chunks that are live now: from memory only if nothing `moves`, or has since they were loaded."""
        revision = {key: loaded.document[loaded.position[key]] for key in ids}
        chunks = {key: chunk for (key, _), chunk in self._chunks.known(revision.items()).items()}
        if moves and self._state(collection).generation != loaded.generation:
            return self._catalog.chunks(collection, ids)
        if lacking := [key for key in ids if key not in chunks]:
            read = self._catalog.chunks(collection, lacking)
            # kept under what was loaded: a change in between has another generation, and with it another revision
            self._chunks.keep({(key, revision[key]): chunk for key, chunk in read.items()})
            chunks |= read
        return chunks


def _word_nearness(
    asked: list[WordVectors], weights: list[float], ids: list[str], words: dict[str, bytes]
) -> dict[str, float]:
    """How near those chunks that have word vectors are to the texts: each telling word's best partner, on average."""
    held = [key for key in ids if key in words]
    known = [(weight, one.rows) for one, weight in zip(asked, weights, strict=True) if len(one.rows)]
    if not known or not held:
        return {}
    total = sum(weight for weight, _ in known)
    near = means([rows for _, rows in known], unpack_rows([words[key] for key in held]))
    mean: Any = sum(weight / total * by_chunk for (weight, _), by_chunk in zip(known, near, strict=True))
    return dict(zip(held, map(float, mean), strict=True))


def _mean(
    similar: list[dict[int, float | None]], weights: list[float], wanted: Iterable[int]
) -> dict[int, float | None]:
    """The wanted ones' cosines to the query: a follow-up alone is near nothing, its thread near the last answer."""
    whole = sum(weights)
    mean: dict[int, float | None] = {}
    for at in wanted:
        cosines = [row[at] for row in similar]
        known = [weight / whole * cosine for weight, cosine in zip(weights, cosines, strict=True) if cosine is not None]
        mean[at] = sum(known) if len(known) == len(cosines) else None
    return mean
