"""Brings Chroma in line with the catalog: adds vectors that are missing, deletes those no revision uses.

Each step is announced in the catalog before Chroma changes and confirmed after, so a crash in between is repaired by
running again. Knows nothing of files.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

import numpy as np

from knowledge.catalog.changes import Awaiting, Changes
from knowledge.catalog.tables import embed_text
from knowledge.index.chroma import Index, mapped
from knowledge.index.words import PREFIX, Floats, WordVectors, pack

Progress = Callable[[str, int, int], None]  # stage ("read", "embed"), done, total
BATCH_CHUNKS = 512  # chunks embedded between two commits: what a kill loses, 20-40 s of work; guess
SLICE_CHUNKS = 64  # chunks embedded between two reports of progress; guess
COPY_CHUNKS = 4_096  # vectors taken over from equal texts at once; guess


class Embedder(Protocol):
    """Texts to vectors; `name` says which model, so that vectors of two are never mixed."""

    name: str

    def embed(self, texts: Sequence[str]) -> Floats:
        """One unit vector a text, in order."""


@runtime_checkable
class WordReader(Embedder, Protocol):
    """An embedder that tells the vectors of a text's words too."""

    def read(self, texts: Sequence[str]) -> list[WordVectors]:
        """Of each text its own vector and those of its telling words, in order."""


@runtime_checkable
class Multilingual(Embedder, Protocol):
    """An embedder in whose space a text lies near its translation."""

    def alike(self, cosine: float, *, translated: bool) -> float:
        """A cosine of two texts as the bundled embedder's would be; `translated`: they are in two languages."""


def clear(changes: Changes, index: Index, space: str) -> None:
    """Empty a space of vectors: before a rebuild fills it, after one that replaced it."""
    index.drop(mapped(changes.collection, space))
    changes.forget_embedder(space)


def repair(changes: Changes, index: Index) -> None:
    """Forget vectors that Chroma lost (its folder was deleted, say) and those of other spaces.

    What is kept is searched as it would be if it were made today.
    """
    for other in changes.foreign_embedders():
        clear(changes, index, other)
    name = mapped(changes.collection, changes.space)
    index.tune(name)
    stored = changes.stored_ids()
    if index.count(name) < len(stored):
        there = index.ids(name)
        changes.lost([key for key in stored if key not in there])


def embed_awaiting(
    changes: Changes, index: Index, embedder: Embedder, *, check: Callable[[], object], progress: Progress
) -> None:
    """Give every chunk its vector: copied where an equal text has one, else embedded, equal texts once."""
    awaiting = changes.awaiting()
    name = mapped(changes.collection, changes.space)
    by_hash: dict[str, list[Awaiting]] = {}
    for chunk in awaiting:  # keeps the order: replacements first, then short before long
        by_hash.setdefault(chunk.embed_hash, []).append(chunk)
    total, done = len(awaiting), 0
    if total:
        progress("embed", 0, total)

    twins = changes.twins(list(by_hash))
    for start in range(0, len(twins), COPY_CHUNKS):
        part = dict(list(twins.items())[start : start + COPY_CHUNKS])
        stored = index.vectors(name, list(part.values()))
        words = changes.words(list(stored))
        known = {digest: (stored[key], words.get(key)) for digest, key in part.items() if key in stored}
        done += _add(changes, index, name, [(c, *known[digest]) for digest in known for c in by_hash.pop(digest)])
        progress("embed", done, total)

    rest = list(by_hash.values())
    for start in range(0, len(rest), BATCH_CHUNKS):
        group = rest[start : start + BATCH_CHUNKS]
        rows = changes.rows([same[0].chunk_id for same in group])
        made: list[tuple[Any, bytes | None]] = []
        for at in range(0, len(group), SLICE_CHUNKS):
            check()
            made += _embedded(embedder, [rows[same[0].chunk_id] for same in group[at : at + SLICE_CHUNKS]])
            progress("embed", done + sum(len(same) for same in group[: len(made)]), total)
        done += _add(changes, index, name, [(c, *one) for same, one in zip(group, made, strict=True) for c in same])


def sweep(changes: Changes, index: Index) -> None:
    """Delete from Chroma what no revision uses any more."""
    ids = changes.orphans()
    if ids:
        index.delete(mapped(changes.collection, changes.space), ids)
        changes.forget(ids)


def _embedded(embedder: Embedder, rows: Sequence[Any]) -> list[tuple[Any, bytes | None]]:
    """Each chunk's vector, and its words as they are kept where the embedder can tell them."""
    texts = [embed_text(row["title"], row["section"], row["text"]) for row in rows]
    if not isinstance(embedder, WordReader):
        return [(vector, None) for vector in np.asarray(embedder.embed(texts), np.float32)]
    made: list[tuple[Any, bytes | None]] = []
    for row, text, words in zip(rows, texts, embedder.read(texts), strict=True):
        prefix = len(" > ".join((row["title"], *row["section"])))
        before = len(text) - len(row["text"])  # both end alike
        starts = np.where(words.starts > prefix, words.starts - before, PREFIX)
        made.append((words.whole, pack(replace(words, starts=starts))))
    return made


def _add(changes: Changes, index: Index, name: str, made: Sequence[tuple[Awaiting, Any, bytes | None]]) -> int:
    if not made:
        return 0
    ids = [chunk.chunk_id for chunk, _, _ in made]
    rows = changes.rows(ids)
    half_done = changes.announce((one.chunk_id, one.embed_hash, words) for one, _, words in made)
    index.delete(name, half_done)
    texts = [rows[key]["text"] for key in ids]
    about = [_about(rows[key]) for key in ids]
    index.add(name, ids, np.stack([vector for _, vector, _ in made]), texts, about)
    changes.stored(ids)
    return len(ids)


def _about(row: Mapping[str, Any]) -> dict[str, str]:
    """What Chroma keeps beside vector and text: what the id stands for, and so never changes."""
    return {"root": row["root"], "document": row["path"], "title": row["title"], "section": " > ".join(row["section"])}
