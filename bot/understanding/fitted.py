"""Fitted weights -> scores; and what such weights read of a text besides its vector. Pure."""

import math
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


def placed(told: Iterable[tuple[str, float]], places: int, start: int = 0) -> dict[int, float]:
    """What is told, each counted at the place of its checksum, from row `start` on; of length 1 in all."""
    counts: dict[int, float] = {}
    for one, count in told:
        place = start + crc32(one.encode(errors="replace")) % places
        counts[place] = counts.get(place, 0.0) + count
    length = math.hypot(*counts.values()) or 1.0
    return {place: count / length for place, count in counts.items()}


def counted(told: Iterable[tuple[str, float]], places: int) -> Any:
    """The same as a row of so many places."""
    import numpy as np

    row = np.zeros(places)
    for place, count in placed(told, places).items():
        row[place] = count
    return row


def letters(words: Sequence[str]) -> set[str]:
    """The letters of words by threes to fives."""
    spaced = f" {' '.join(words)} "
    return {spaced[at : at + n] for n in (3, 4, 5) for at in range(len(spaced) - n + 1)}


def without_accents(text: str) -> str:
    """Small letters without accents."""
    return unaccented(text.casefold().replace("ı", "i"))
