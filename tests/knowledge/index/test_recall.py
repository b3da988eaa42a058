"""The nearest neighbours that Chroma finds among 12,000 chunks, against exact vectors; thorough: 30,000.

usage: python -m tests.knowledge.index.test_recall   (prints the share found with both settings)
"""

import tempfile
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings

from knowledge.index.chroma import EF_CONSTRUCTION, EF_SEARCH, INSERT_ROWS, Index
from tests import often

CHUNKS, DIMS, CLUSTERS, QUESTIONS, NEAREST = often(12_000, 30_000), 48, 300, 100, 60


def test_an_index_of_an_older_version_finds_its_neighbours_once_ingest_has_run(tmp_path: Path) -> None:
    dice = np.random.default_rng(0)
    centres = dice.normal(size=(CLUSTERS, DIMS))
    points = centres[dice.integers(CLUSTERS, size=CHUNKS + QUESTIONS)] + 2 * dice.normal(
        size=(CHUNKS + QUESTIONS, DIMS)
    )
    points = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)
    rows, questions = points[:CHUNKS], points[CHUNKS:]
    exact = np.argsort(-(questions @ rows.T), axis=1)[:, :NEAREST].tolist()

    client = chromadb.PersistentClient(path=str(tmp_path), settings=Settings(anonymized_telemetry=False))
    old = client.create_collection("kb-old", embedding_function=None, configuration={"hnsw": {"space": "cosine"}})
    for start in range(0, CHUNKS, INSERT_ROWS):
        part = rows[start : start + INSERT_ROWS]
        old.add(ids=[str(start + n) for n in range(len(part))], embeddings=part)
    client.close()

    index = Index(tmp_path)

    def recall() -> float:
        found = index.nearest("kb-old", questions, NEAREST)
        held = [len({int(key) for key, _ in row} & set(true)) for row, true in zip(found, exact, strict=True)]
        return sum(held) / NEAREST / QUESTIONS

    assert not index.is_tuned("kb-old")
    before = recall()
    index.tune("kb-old")
    after = recall()
    print(f"recall@{NEAREST} of {CHUNKS} chunks: {before:.3f} with Chroma's own settings, {after:.3f} with ours")
    assert index.is_tuned("kb-old") and before < 0.9 and after > 0.97


def test_an_index_made_today_needs_no_tuning(tmp_path: Path) -> None:
    index = Index(tmp_path)
    assert index.is_tuned("absent")
    index.tune("absent")
    index.add("kb-new", ["a"], np.ones((1, 4), np.float32), ["A"], [{"page": "1"}])
    assert index.is_tuned("kb-new")
    client = chromadb.PersistentClient(path=str(tmp_path), settings=Settings(anonymized_telemetry=False))
    hnsw = client.get_collection("kb-new", embedding_function=None).configuration["hnsw"]
    assert (hnsw["ef_search"], hnsw["ef_construction"]) == (EF_SEARCH, EF_CONSTRUCTION)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        test_an_index_of_an_older_version_finds_its_neighbours_once_ingest_has_run(Path(place))
