"""A rebuild: the old index answers until the new one is whole, whenever the rebuild is stopped; damage is healed."""

import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import EmbeddingFailed, IndexMismatch, IndexUnavailable
from knowledge.index.chroma import mapped
from knowledge.types import Query
from tests.knowledge.building import Base, WordsEmbedder, paragraphs
from tests.knowledge.index import another_process

PAGES = {"a.txt": "Alpha rule.\n\nBeta rule.", "b.txt": "Gamma rule."}


@pytest.fixture
def base(tmp_path: Path) -> Base:
    made = Base(tmp_path)
    for path, text in PAGES.items():
        made.write(path, text)
    made.ingest()
    return made


def whole(retriever: Any) -> bool:
    """Whether everything is found by meaning too, without a word about trouble."""
    found = retriever.search(Query((("alpha rule", 1.0),)))
    best = found.passages[0]
    return best.text == "Alpha rule." and best.similarity is not None and not (found.trouble or found.vectors_pending)


class Watching(WordsEmbedder):
    """Calls `at` when the first text is embedded: the rebuild is in its middle then."""

    def __init__(self, at: Any) -> None:
        super().__init__()
        self._at = at

    def embed(self, texts: Any) -> Any:
        self._at()
        return super().embed(texts)


def test_the_old_answers_all_the_time_and_goes_when_the_new_is_whole(base: Base) -> None:
    warm, seen = base.retriever(), []
    old = mapped("default", base.embedder.name)
    for n in range(3):
        base.write("a.txt", f"Alpha rule.\n\nBeta rule number {n}.")
        report = base.ingest(
            rebuild=True, embedder=Watching(lambda: seen.append(whole(warm) and whole(base.retriever())))
        )
        assert report.replaced == 2 and all(seen) and seen and whole(warm)
        assert any(f"number {n}" in text for text in base.find("beta rule number"))
    state = base.catalog.collection("default")
    assert state is not None and state.embedder == base.embedder.name
    assert base.index.count(mapped("default", state.space)) == 3
    assert base.index.count(old) == 0, "three rebuilds: the spaces take turns"
    assert base.ingest().unchanged == 2 and base.embedder.seen.count("a\nAlpha rule.") == 1


def test_a_rebuild_that_fails_leaves_the_old(base: Base) -> None:
    def fail() -> None:
        raise EmbeddingFailed("Down. Wait.")

    with pytest.raises(EmbeddingFailed):
        base.ingest(rebuild=True, embedder=Watching(fail))
    assert whole(base.retriever())
    base.ingest()
    assert whole(base.retriever())


def test_a_rebuild_killed_anywhere_leaves_what_answers_and_is_ended_by_another(base: Base) -> None:
    codes = []
    for step in range(1, 42, 5):
        base.index.close()
        codes.append(another_process.run(another_process.ingest_killed_at, base.folder, step, True))
        assert whole(base.retriever()), f"killed at step {step}"
        if step % 10 == 1:
            base.ingest()
            assert whole(base.retriever())
    assert codes[0] == -signal.SIGKILL and codes[-1] == 0
    state = base.catalog.collection("default")
    assert state is not None and base.index.count(mapped("default", state.space)) == 3


def test_another_splitter_answers_once_it_is_whole_and_what_can_t_be_read_stays(base: Base) -> None:
    seen = []
    base.write("b.txt", "BROKEN Gamma rule.")
    report = base.ingest(
        rebuild=True,
        reading=paragraphs("paragraphs@2"),
        embedder=Watching(lambda: seen.append(whole(base.retriever()))),
    )
    assert [row.code for row in report.failed] == ["broken"] and seen and all(seen)
    with pytest.raises(IndexMismatch):
        base.retriever().search(Query((("alpha", 1.0),)))
    base.write("b.txt", PAGES["b.txt"])
    assert base.ingest(reading=paragraphs("paragraphs@2")).replaced + 1 == 2


def test_damaged_files_are_told_from_missing_ones_and_each_is_healed_by_what_is_said(base: Base) -> None:
    def trouble() -> str:
        return str(base.retriever().search(Query((("alpha rule", 1.0),))).trouble)

    folder = base.folder / "chroma"
    base.index.close()
    for file in folder.rglob("*"):
        if file.is_file():
            file.write_bytes(b"\0" * 4096)
    assert "ingest --rebuild PATH" in trouble()
    with pytest.raises(IndexUnavailable, match="ingest --rebuild PATH"):
        base.ingest()
    report = base.ingest(rebuild=True)
    assert whole(base.retriever()) and "chroma.damaged-" in report.notes[0]
    base.index.close()
    assert base.retriever().trouble() == []
    shutil.rmtree(folder)
    assert "gone from the Chroma folder" in base.retriever().trouble()[0]
    assert "are gone" in trouble() and "--rebuild" not in trouble()
    serving = base.retriever()
    serving.search(Query((("alpha rule", 1.0),)))
    assert "are gone" in serving.trouble()[0], "a search has made the folder anew, empty"
    base.ingest()
    assert whole(base.retriever())
