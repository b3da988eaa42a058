"""The telling words of a text as vectors where they stand, small enough to keep beside the text's own vector.

In: a model's hidden states, one row a word. Out: `WordVectors`, and bytes for the catalog. A word's vector depends on
the words around it, so "notice" of leaving is not a notice on the wall: of two texts, the words of one are compared
with those of the other (`best`). Knows no model and no storage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.types import Nearness

Floats = np.ndarray[Any, np.dtype[np.float32]]
Halves = np.ndarray[Any, np.dtype[np.float16]]
Ints = np.ndarray[Any, np.dtype[np.int32]]

STATES = 72  # word pieces of a text that the judge of answers reads; given: tests/eval/train_judge.py
PREFIX = -1  # `start` of a word of the headings before a text; given: its place is not in the text
# multiplications of one product: a larger one is spread over threads, which costs more; given: OpenBLAS
ALONE = 1_000_000
# Cosines of kept vectors are higher than those of a text read alone, which the weights that use them were fitted with.
WHOLE_ABOVE = 0.06  # cosine, of the whole; measured: python -m tests.eval.train_answers
MEAN_ABOVE = 0.07  # cosine, of the mean over words; measured: python -m tests.eval.train_answers
_NONE = 0xFFFF  # PREFIX as it is stored; given: 16 bits


@dataclass(frozen=True, slots=True)
class WordVectors:
    """What a model saw in a text: the text's vector, and of each telling word its first character and vector."""

    whole: Floats  # (dims), length 1
    starts: Ints  # (words); PREFIX for a word of the headings
    rows: Floats  # (words, narrow dims), length 1 each
    states: Halves | None = (
        None  # (word pieces, at most STATES; dims) of what was read just now, not kept in the catalog
    )

    @property
    def headings(self) -> Floats:
        """The vectors of the words before the text."""
        rows: Floats = self.rows[self.starts < 0]
        return rows

    def at(self, start: int, end: int) -> Floats:
        """The vectors of the words that begin in text[start:end]."""
        rows: Floats = self.rows[(self.starts >= start) & (self.starts < end)]
        return rows


@cache
def projection() -> Floats:
    """What makes rows of 384 numbers narrow ones: the 128 directions in which words of two handbooks differ most.

    Made by `python -m tests.eval.fit_projection`.
    """
    rows: Floats = np.load(Path(__file__).parent / "minilm" / "projection.npy").astype(np.float32)
    return rows


def narrow(states: Floats) -> Floats:
    """The states projected, each of length 1."""
    return unit(states @ projection())


def pack(words: WordVectors) -> bytes:
    """As bytes: how many words; the whole vector in 16 bits a number; the starts; the rows in 8 bits a number."""
    count = len(words.rows)
    starts = np.where(words.starts < 0, _NONE, np.minimum(words.starts, _NONE - 1)).astype("<u2")
    most = np.abs(words.rows).max(axis=1, keepdims=True, initial=1e-9)
    rows = np.round(words.rows / most * 127).astype(np.int8)
    sizes = np.array([count, len(words.whole)], "<u2")
    return b"".join(part.tobytes() for part in (sizes, words.whole.astype("<f2"), starts, rows))


def unpack(kept: Sequence[bytes]) -> list[WordVectors]:
    """The opposite of `pack`, but for rounding; of many texts of one embedder at once, as in `unpack_rows`."""
    read = zip(kept, unpack_wholes(kept), unpack_rows(kept), strict=True) if kept else ()
    marked = ((np.frombuffer(one, "<u2", len(rows), 4 + 2 * len(own)), own, rows) for one, own, rows in read)
    return [WordVectors(own, np.where(at == _NONE, PREFIX, at.astype(np.int32)), rows) for at, own, rows in marked]


def unpack_wholes(kept: Sequence[bytes]) -> Floats:
    """The own vectors of many texts of one embedder, a row each, at once as in `unpack_rows`."""
    dims = int.from_bytes(kept[0][2:4], "little")
    wholes = b"".join(one[4 : 4 + 2 * dims] for one in kept)
    return unit(np.frombuffer(wholes, "<f2").reshape(len(kept), dims).astype(np.float32))


def without_words(whole: Floats) -> WordVectors:
    """A text of which only the vector is known."""
    return WordVectors(whole, np.zeros(0, np.int32), np.zeros((0, 1), np.float32))


def unpack_rows(kept: Sequence[bytes]) -> list[Floats]:
    """The rows of many texts at once, for one by one they cost four times as much."""
    sizes = [(int.from_bytes(one[:2], "little"), int.from_bytes(one[2:4], "little")) for one in kept]
    rows = [
        np.frombuffer(one, np.int8, offset=4 + 2 * (dims + count)).reshape(count, -1)
        for one, (count, dims) in zip(kept, sizes, strict=True)
        if count
    ]
    if not rows:
        return [np.zeros((0, 1), np.float32) for _ in kept]
    ends = np.cumsum([count for count, _ in sizes]).tolist()
    whole = unit(np.concatenate(rows).astype(np.float32))
    return [whole[start:end] for start, end in pairwise([0, *ends])]  # np.split takes ten times as long


def best(asked: Floats, texts: Sequence[Floats]) -> Floats:
    """For each text (rows of its words) and each word asked for the cosine of its best partner; -1 without words.

    Shape (texts, words asked).
    """
    out = np.full((len(texts), len(asked)), -1.0, np.float32)
    held = [at for at, rows in enumerate(texts) if len(rows)]
    if len(asked) and held:
        columns = np.ascontiguousarray(asked.T)
        whole = np.concatenate([texts[at] for at in held])
        step = max(1, ALONE // columns.size)
        cosines = np.concatenate([whole[at : at + step] @ columns for at in range(0, len(whole), step)])
        starts = np.cumsum([0, *(len(texts[at]) for at in held[:-1])])
        out[held] = np.maximum.reduceat(cosines, starts)
    return out


def means(asked: Sequence[Floats], texts: Sequence[Floats]) -> list[Floats]:
    """For each asking (rows of its words) the mean of its words' best partners in each text, of all in one product."""
    ends = np.cumsum([len(rows) for rows in asked])[:-1]
    return [partners.mean(axis=1) for partners in np.split(best(np.concatenate(asked), texts), ends, axis=1)]


def unit(rows: Floats) -> Floats:
    """Each row with length 1."""
    same: Floats = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-12)
    return same


def nearness(
    asked: WordVectors, chunks: Sequence[WordVectors], spans: Sequence[Sequence[tuple[int, int]]]
) -> list[Nearness]:
    """How near the parts that the spans cut out of chunks are to a question; headings help the whole and the mean."""
    parts = [np.concatenate([chunk.at(*span) for span in cut]) for chunk, cut in zip(chunks, spans, strict=True)]
    headed = [np.concatenate([part, chunk.headings]) for part, chunk in zip(parts, chunks, strict=True)]
    question = unit(asked.rows.sum(axis=0)) if len(asked.rows) else asked.rows
    summed = {n: rows.sum(axis=0) for n, rows in enumerate(headed) if len(rows) and len(asked.rows)}
    units = dict(zip(summed, unit(np.stack([*summed.values()])), strict=True)) if summed else {}
    wholes = [float(units[n] @ question) - WHOLE_ABOVE if n in units else 0.0 for n in range(len(headed))]
    if not len(asked.rows):
        return [Nearness(whole, whole, whole) for whole in wholes]
    weakest = best(asked.rows, parts).min(axis=1)
    words = best(asked.rows, headed)
    starts = asked.starts.tolist()
    return [
        Nearness(whole, float(low), float(row.mean()) - MEAN_ABOVE, tuple(zip(starts, row.tolist(), strict=True)))
        for whole, low, row in zip(wholes, weakest, words, strict=True)
    ]
