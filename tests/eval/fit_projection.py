"""The 128 directions that the kept vectors of words have (knowledge/index/minilm/projection.npy), from folders of text.

usage: python -m tests.eval.fit_projection OUT.npy FOLDER...   (docs of sets/doc2dial and sets/sourcegraph-handbook)
Principal directions of the words' states, their mean not taken away; 128 of 384 hold 78% of the square. Re-ranking
with them finds what all 384 find, random directions less: docs/lab/2026-11-28-retrieval.md.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.index import words
from knowledge.index.embed import MiniLM

DIRECTIONS, TEXTS, CHARACTERS = 128, 1_200, 900


def main(out: Path, folders: list[Path]) -> None:
    dice = np.random.default_rng(0)
    texts = []
    for folder in folders:
        parts = [
            text[start : start + CHARACTERS]
            for file in sorted(folder.rglob("*.md"))
            for text in [file.read_text(errors="replace")]
            for start in range(0, len(text), CHARACTERS)
        ]
        texts += [parts[at] for at in dice.permutation(len(parts))[: TEXTS // len(folders)]]
    rows: list[Any] = []
    words.narrow = words.unit  # type: ignore[assignment]  # all 384 numbers
    for start in range(0, len(texts), 64):
        rows += [one.rows for one in MODEL.read(texts[start : start + 64]) if len(one.rows)]
    states = np.concatenate(rows)
    squares, directions = np.linalg.eigh(states.T @ states)
    kept = directions[:, ::-1][:, :DIRECTIONS]
    print(f"{len(states)} words; {squares[::-1][:DIRECTIONS].sum() / squares.sum():.2f} of the square is kept")
    np.save(out, kept.astype(np.float16))


MODEL = MiniLM()

if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(folder) for folder in sys.argv[2:]])
