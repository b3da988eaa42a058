"""How alike texts are, by the bundled embedder: nothing leaves the machine, whatever model is configured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def alike(texts: Sequence[str]) -> Any:
    """N texts -> their n x n cosines, float32."""
    from knowledge.index.embed import MiniLM

    rows = MiniLM().embed(texts)
    return rows @ rows.T
