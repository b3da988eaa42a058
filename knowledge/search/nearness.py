"""How near parts of chunks are to a question in meaning, from the word vectors kept at ingest: no model runs. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from knowledge.index.words import WordVectors, best, unit
from knowledge.types import Nearness

# Cosines of kept vectors are higher than those of a text read alone, which the weights that use them were fitted with.
WHOLE_ABOVE = 0.06  # cosine, of the whole; measured: python -m tests.eval.train_answers
MEAN_ABOVE = 0.07  # cosine, of the mean over words; measured: python -m tests.eval.train_answers

Floats = np.ndarray[Any, np.dtype[np.float32]]


def nearness(
    asked: WordVectors, chunks: Sequence[WordVectors], spans: Sequence[Sequence[tuple[int, int]]]
) -> list[Nearness]:
    """Of the parts of each chunk that its spans cut out; their headings help the whole and the mean."""
    parts = [_rows(chunk, cut) for chunk, cut in zip(chunks, spans, strict=True)]
    headed = [np.concatenate([part, chunk.headings]) for part, chunk in zip(parts, chunks, strict=True)]
    question = unit(asked.rows.sum(axis=0)) if len(asked.rows) else asked.rows
    wholes = [
        float(unit(rows.sum(axis=0)) @ question) - WHOLE_ABOVE if len(rows) and len(asked.rows) else 0.0
        for rows in headed
    ]
    if not len(asked.rows):
        return [Nearness(whole, whole, whole) for whole in wholes]
    weakest = best(asked.rows, parts).min(axis=1)
    mean = best(asked.rows, headed).mean(axis=1) - MEAN_ABOVE
    return [Nearness(*map(float, one)) for one in zip(wholes, weakest, mean, strict=True)]


def _rows(chunk: WordVectors, spans: Sequence[tuple[int, int]]) -> Floats:
    return np.concatenate([chunk.at(start, end) for start, end in spans])
