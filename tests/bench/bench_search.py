"""Search against what it can't do without: the query's embedding and one bare nearest-neighbour call.

usage: python -m tests.bench.bench_search [CHUNKS] [QUERIES]   (15000 200). Prints a table; no thresholds.
       python -m tests.bench.bench_search --start [CHUNKS]     (200000) a new process loads a catalog, searches by words
Chunks are generated words with random vectors, questions are embedded by the bundled model.
"""

import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.store.migrations import migrate
from knowledge.catalog import Catalog
from knowledge.catalog.changes import Changes
from knowledge.catalog.tables import chunk_rows
from knowledge.database import connect
from knowledge.index.chroma import Index, mapped
from knowledge.index.embed import MiniLM
from knowledge.ingest.run import ingest
from knowledge.search.retrieve import Retriever
from knowledge.types import Chunk, Query
from tests.knowledge.building import paragraphs


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


def start(chunks: int) -> None:
    """What a worker needs to begin with an index of this size: seconds, and memory at most and afterwards."""
    with tempfile.TemporaryDirectory() as place:
        _fill(Path(place), chunks)
        subprocess.run([sys.executable, "-m", __spec__.name, "--load", place], check=True)


def _fill(folder: Path, chunks: int) -> None:
    """A catalog of generated words, 110 a chunk, 100 chunks a document; no vectors."""
    dice = np.random.default_rng(1)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = np.array(["".join(dice.choice(letters, size=size)) for size in dice.integers(3, 11, size=60_000)])
    odds = 1 / (np.arange(len(words)) + 5.0)
    engine = connect(f"sqlite:///{folder}/catalog.db")
    migrate(engine)
    changes = Changes(engine, "default", MiniLM.name)
    changes.open("paragraphs@1")
    changes.root(str(folder), "root", ())
    for n in range(chunks // 100):
        drawn = words[dice.choice(len(words), p=odds / odds.sum(), size=(100, 110))]
        title = " ".join(words[dice.integers(len(words), size=3)])
        parts = [Chunk(f"{n}-{at}", f"{n}.txt", title, (), at, " ".join(row)) for at, row in enumerate(drawn)]
        rows = chunk_rows("default", "root", parts)
        revision = {
            "sha256": str(n),
            "size": 0,
            "mtime_ns": 0,
            "title": title,
            "pages": 0,
            "problems": [],
            "ocr": False,
        }
        changes.stage("root", f"{n}.txt", revision | {"splitter": "paragraphs@1"}, rows, instead_of=None)
    engine.dispose()


def _load(folder: Path) -> None:
    engine = connect(f"sqlite:///{folder}/catalog.db")
    retriever = Retriever(Catalog(engine), Index(folder / "chroma"), MiniLM(), splitter="paragraphs@1")
    began, cpu = time.perf_counter(), time.process_time()
    retriever.refresh("default")
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    print(f"loaded in {took:.1f} s, {cpu:.1f} CPU s; {pages * 4 / 1024:.0f} MB held, {most:.0f} MB at most")
    began = time.perf_counter()
    found = retriever.search(Query((("leave policy of the year", 1.0),)))
    print(f"a search by words alone in {(time.perf_counter() - began) * 1000:.0f} ms: {len(found.passages)} passages")
    retriever.close()


def main(chunks: int, queries: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        questions = synthetic(folder, chunks)[:queries]
        engine = connect(f"sqlite:///{folder}/catalog.db")
        migrate(engine)
        catalog, index, model = Catalog(engine), Index(folder / "chroma"), MiniLM()
        began = time.perf_counter()
        with paragraphs():
            report = ingest([folder], catalog=catalog, index=index, embedder=RandomVectors())
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
    if sys.argv[1:2] == ["--start"]:
        start(int((sys.argv[2:3] or ["200000"])[0]))
    elif sys.argv[1:2] == ["--load"]:
        _load(Path(sys.argv[2]))
    else:
        main(int((sys.argv[1:2] or ["15000"])[0]), int((sys.argv[2:3] or ["200"])[0]))
