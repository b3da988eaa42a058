"""Search against what it can't do without: the query's embedding and one bare nearest-neighbour call.

usage: python -m tests.bench.bench_search [CHUNKS] [QUERIES]   (15000 200). Prints a table; no thresholds.
Chunks are generated words with random vectors, questions are embedded by the bundled model.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.store.migrations import migrate
from knowledge.catalog import Catalog
from knowledge.database import connect
from knowledge.index.chroma import Index, mapped
from knowledge.index.embed import MiniLM
from knowledge.ingest.run import ingest
from knowledge.search.retrieve import Retriever
from knowledge.types import Query
from tests.knowledge.building import reading


class RandomVectors:
    """Stands in for the model while the index is filled, under its name."""

    name = MiniLM.name

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        rows = np.random.default_rng(len(texts)).normal(size=(len(texts), 384)).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def synthetic(folder: Path, chunks: int) -> list[str]:
    """Writes files of about so many chunks in all; questions in their words."""
    dice = random.Random(1)
    words = ["".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=dice.randint(3, 10))) for _ in range(20_000)]
    weights = [1 / (n + 5) for n in range(len(words))]
    for n in range(chunks // 100):
        body = (" ".join(dice.choices(words, weights, k=110)) for _ in range(100))
        (folder / f"{n}.txt").write_text(f"# {' '.join(dice.choices(words, k=3))}\n\n" + "\n\n".join(body))
    return [" ".join(dice.choices(words, weights, k=10)) for _ in range(1000)]


def main(chunks: int, queries: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        questions = synthetic(folder, chunks)[:queries]
        engine = connect(f"sqlite:///{folder}/catalog.db")
        migrate(engine)
        catalog, index, model = Catalog(engine), Index(folder / "chroma"), MiniLM()
        began = time.perf_counter()
        report = ingest([folder], catalog=catalog, index=index, embedder=RandomVectors(), reading=reading())
        print(f"{report.chunks} chunks put in (without embedding) in {time.perf_counter() - began:.1f} s")
        retriever = Retriever(catalog, index, model, splitter="paragraphs@1")
        began = time.perf_counter()
        retriever.refresh("default")
        print(f"loaded into a new process in {time.perf_counter() - began:.2f} s")
        collection = mapped("default", model.name)
        for count in (1, 2):
            bare, ours = [], []
            for n, question in enumerate(questions):  # in turns, so that both meet the same machine
                texts = [question, questions[n - 1] + " " + question][:count]
                began = time.perf_counter()
                vectors = model.embed(texts)
                for vector in vectors:
                    index.nearest(collection, vector[None], 10)
                bare.append(time.perf_counter() - began)
                began = time.perf_counter()
                retriever.search(Query(tuple((text, 1.0) for text in texts)))
                ours.append(time.perf_counter() - began)
            print(f"\n{count} text(s)          p50 ms   p95 ms")
            for label, times in (("embed + bare NN", bare), ("search", ours)):
                cuts = statistics.quantiles(times[5:], n=20)
                print(f"{label:18} {cuts[9] * 1000:6.1f}   {cuts[18] * 1000:6.1f}")
            print(f"ratio of medians   {statistics.median(ours[5:]) / statistics.median(bare[5:]):6.2f}")
        retriever.close()
        index.close()


if __name__ == "__main__":
    main(int((sys.argv[1:2] or ["15000"])[0]), int((sys.argv[2:3] or ["200"])[0]))
