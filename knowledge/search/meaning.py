"""What texts mean, as vectors: those of questions, made here; those of chunks, from the index and the catalog.

In: texts, ids of chunks. Out: vectors, in time: a server of vectors that hangs or fails is trouble, noted and done
without. Local parts are waited for, because they do not hang. Thread-safe. Knows nothing of ranking.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from typing import Generic, TypeVar

from knowledge.catalog.reading import Catalog
from knowledge.errors import EmbeddingFailed, KnowledgeError
from knowledge.index.chroma import Index
from knowledge.index.embed import AnswerJudge, Together
from knowledge.index.sync import Embedder, Multilingual, WordReader
from knowledge.index.words import Floats, WordVectors, without_words
from knowledge.text.words import language
from knowledge.types import Nearness

VECTORS_S = 5.0  # seconds that a search waits for a server of vectors, of the 40 of an answer; guess
READ_KEPT = 2_048  # texts of questions, headings and what is quoted, read once, about 30 kB each; guess
WORDS_KEPT = 4_096  # chunks whose word vectors are kept in memory, about 6 kB each; guess
NEAREST_KEPT = 256  # texts whose nearest chunks are kept, 8 kB each: a question is searched with its rewrite; guess
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Near = Sequence[tuple[str, float]]  # ids of chunks, each with its cosine


class Bounded(Generic[K, V]):
    """Keeps at most `size` values: what was asked for longest ago is forgotten. Thread-safe."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, keys: Iterable[K]) -> dict[K, V]:
        """The values of those keys that are kept."""
        with self._lock:
            values = {key: self._values[key] for key in keys if key in self._values}
            for key in values:
                self._values.move_to_end(key)
            return values

    def clear(self) -> None:
        """Keep nothing of what was kept."""
        with self._lock:
            self._values.clear()

    def keep(self, values: Mapping[K, V]) -> None:
        """Keep these, at the cost of the oldest."""
        with self._lock:
            for key, value in values.items():
                self._values[key] = value
                self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)


class Meaning:
    """Vectors by text and by chunk, and the doors to whoever makes and keeps them."""

    def __init__(self, catalog: Catalog, index: Index, embedder: Embedder) -> None:
        self._catalog, self._index, self._embedder = catalog, index, embedder
        # asked once: to look through an embedder's methods takes a while
        self._tells_words = isinstance(embedder, WordReader)
        self._multilingual = embedder if isinstance(embedder, Multilingual) else None
        self._local = self._tells_words or self._multilingual is not None
        read = embedder.read if isinstance(embedder, WordReader) else self._wholes
        self._together: Together[str, WordVectors] = Together(read)  # questions that arrive at once share a run
        self._asked: Bounded[str, WordVectors] = Bounded(READ_KEPT)
        self._nearest: Bounded[tuple[str, int, str], Near] = Bounded(NEAREST_KEPT)  # by index, generation and text
        self._words: Bounded[str, bytes] = Bounded(WORDS_KEPT)  # by chunk id, which stands for a text
        self._judge = AnswerJudge()
        self._index_call = InTime(VECTORS_S, lambda: index.unavailable(f"no answer within {VECTORS_S:g} s"))
        self._embed_call = InTime(VECTORS_S, _late_embedding)

    def forget(self) -> None:
        """Keep no text that was read."""
        self._asked.clear()
        self._nearest.clear()

    def asked(self, texts: list[str], trouble: list[str]) -> list[WordVectors] | None:
        """Each text's vector; None where there is trouble, which is noted."""
        try:
            return self.read(texts) if self._local else self._embed_call(lambda: self.read(texts))
        except EmbeddingFailed as error:
            trouble.append(error.message)
            return None

    def read(self, texts: list[str]) -> list[WordVectors]:
        """Each text's vector, with those of its words where the embedder tells them."""
        if self._local:
            known = self._asked.known(texts)
            if lacking := [text for text in dict.fromkeys(texts) if text not in known]:
                read = dict(zip(lacking, self._together(lacking), strict=True))
                self._asked.keep(read)
                known |= read
            return [known[text] for text in texts]
        return self._wholes(texts)

    def _wholes(self, texts: Sequence[str]) -> list[WordVectors]:
        return [without_words(vector) for vector in self._embedder.embed(texts)]

    def answers(self, asked: WordVectors, texts: Sequence[WordVectors]) -> Sequence[float | None]:
        """Log-odds that each of the texts, read just now, answers what is asked; None each without a judge."""
        states = [text.states for text in texts if text.states is not None]
        if asked.states is None or len(states) < len(texts):
            return [None] * len(texts)
        return self._judge(asked.states, states)

    def across(self, question: str, texts: list[str]) -> list[Nearness]:
        """How near each text is to the question as a whole, whatever the languages of both."""
        asked, *read = self.read([question, *texts])
        cosines = [float(asked.whole @ one.whole) for one in read]
        wholes = self.alike(question, cosines, [language(text) for text in texts])
        return [Nearness(whole, whole, whole) for whole in wholes]

    def alike(self, question: str, cosines: Sequence[float], written: Sequence[str | None]) -> list[float]:
        """The cosines of a question and texts in these languages (ISO 639-1), on the bundled embedder's scale."""
        if self._multilingual is None:
            return list(cosines)
        asked = language(question)
        translated = [None not in (asked, one) and asked != one for one in written]
        return [self._multilingual.alike(c, translated=t) for c, t in zip(cosines, translated, strict=True)]

    def kept_words(self, collection: str, space: str, ids: list[str]) -> dict[str, bytes]:
        """The vectors of the words of those chunks that have them; none of an embedder that tells none."""
        if not self._tells_words:
            return {}
        words = self._words.known(ids)
        if lacking := [key for key in ids if key not in words]:
            read = self._catalog.words(collection, space, lacking)
            self._words.keep(read)
            words |= read
        return words

    def nearest(self, name: str, generation: int, texts: Sequence[str], vectors: Floats, limit: int) -> list[Near]:
        """For each text the chunks nearest to its vector, from what was found in this generation before."""
        kept = self._nearest.known((name, generation, text) for text in texts)
        if lacking := [at for at, text in enumerate(texts) if (name, generation, text) not in kept]:
            found = self.of_index(lambda: self._index.nearest(name, vectors[lacking], limit))
            read = {(name, generation, texts[at]): near for at, near in zip(lacking, found, strict=True)}
            self._nearest.keep({key: near for key, near in read.items() if near})
            kept |= read
        return [kept[name, generation, text] for text in texts]

    def of_index(self, run: Callable[[], T]) -> T:
        """What the index says; IndexUnavailable in time."""
        return self._index_call(run) if self._index.is_server else run()


def _late_embedding() -> EmbeddingFailed:
    return EmbeddingFailed(
        f"The embeddings endpoint gave no answer within {VECTORS_S:g} s. Check that OPENAI_BASE_URL answers."
    )


class InTime:
    """One door. `late()` makes the error that is raised where nothing came within `limit_s` seconds."""

    def __init__(self, limit_s: float, late: Callable[[], KnowledgeError]) -> None:
        self._limit_s, self._late = limit_s, late
        self._hanging: list[Future[object]] = []

    def __call__(self, run: Callable[[], T]) -> T:
        """What `run` returns or raises; the door's error after the limit, or at once while an earlier call hangs."""
        self._hanging = [one for one in self._hanging if not one.done()]
        if self._hanging:
            raise self._late()
        future: Future[T] = Future()
        threading.Thread(target=_settle, args=(future, run), daemon=True, name="in-time").start()
        try:
            return future.result(self._limit_s)
        except NotYet:
            if future.done():  # it ended by a time limit of its own, or just now
                return future.result()
            self._hanging = [*self._hanging, future]  # type: ignore[list-item]
            raise self._late() from None


def _settle(future: Future[T], run: Callable[[], T]) -> None:
    try:
        future.set_result(run())
    except BaseException as error:
        future.set_exception(error)
