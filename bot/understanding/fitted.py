"""Fitted weights -> scores; and what such weights read of a text besides its vector. Pure."""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from knowledge.text.words import unaccented


def scored(vector: Sequence[float], weights: Path) -> Any:
    """The scores of a vector under the weights of a file: a row a dimension and one for the bias."""
    import numpy as np

    return np.append(np.asarray(vector, np.float64), 1.0) @ _weights(weights)


@cache
def _weights(file: Path) -> Any:
    import numpy as np

    return np.load(file).astype(np.float64)


def counted(told: Iterable[tuple[str, float]], places: int) -> Any:
    """A unit row of so many places: what is told is counted, each at the place of its checksum."""
    import numpy as np

    row = np.zeros(places)
    for one, counts in told:
        row[crc32(one.encode(errors="replace")) % places] += counts
    return row / (np.linalg.norm(row) or 1.0)


def letters(words: Sequence[str]) -> set[str]:
    """The letters of words by threes to fives."""
    spaced = f" {' '.join(words)} "
    return {spaced[at : at + n] for n in (3, 4, 5) for at in range(len(spaced) - n + 1)}


def without_accents(text: str) -> str:
    """Small letters without accents."""
    return unaccented(text.casefold().replace("ı", "i"))
