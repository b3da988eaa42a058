"""Killed, full, locked, cut off: nothing half is ever served, and running again ends where a clean run ends."""

import shutil
import signal
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from knowledge.errors import EmbeddingFailed, IndexUnavailable, StoreError
from tests.knowledge.building import Base, WordsEmbedder
from tests.knowledge.index import another_process
from tests.services import Chroma

FIRST = {
    "kept.txt": "# Kept\n\nAlpha stays.\n\nBeta stays.",
    "changed.txt": "# Changed\n\nGamma old.\n\nDelta stays.\n\nEpsilon old.",
    "moved.txt": "# Moved\n\nZeta moves.\n\nEta moves.",
    "removed.txt": "# Removed\n\nTheta goes.",
}
SECOND = {
    "kept.txt": FIRST["kept.txt"],
    "changed.txt": "# Changed\n\nGamma new.\fDelta stays.\n\nEpsilon new.\n\nIota new.",
    "moved to.txt": FIRST["moved.txt"],
    "added.txt": "# Added\n\nKappa comes.\n\nAlpha stays.",
}


def write(base: Base, files: dict[str, str]) -> None:
    shutil.rmtree(base.docs)
    for name, text in files.items():
        base.write(name, text)


def live_texts(base: Base) -> dict[str, list[str]]:
    with base.engine.connect() as db:
        rows = db.execute(
            sa.text(
                "SELECT d.path, c.text FROM kb_documents d JOIN kb_chunks c ON c.revision_id = d.live"
                " WHERE d.collection = 'default' ORDER BY d.path, c.ordinal"
            )
        ).all()
    found: dict[str, list[str]] = {}
    for path, text in rows:
        found.setdefault(path, []).append(text)
    return found


def whole(files: dict[str, str]) -> dict[str, list[str]]:
    return {
        path: [part for part in text.replace("\f", "\n\n").split("\n\n") if not part.startswith("#")]
        for path, text in files.items()
    }


@pytest.fixture
def clean(tmp_path: Path) -> Any:
    """The contents after a clean run over the second state of the files."""
    base = Base(tmp_path / "clean")
    write(base, SECOND)
    base.ingest()
    return base.contents()


# The whole change takes 34 steps. Each run is killed once early in it or late, and once more while it recovers.
STEPS = 34
SOME = [(step, step * 11 % STEPS + 1) for step in range(2, STEPS, 5)]


@pytest.mark.parametrize("kills", SOME)
def test_killed_anywhere_and_run_again_ends_as_a_clean_run(tmp_path: Path, clean: Any, kills: tuple[int, int]) -> None:
    base = Base(tmp_path / "killed")
    write(base, FIRST)
    base.ingest()
    base.index.close()
    write(base, SECOND)
    old, new = whole(FIRST), whole(SECOND)
    for step in kills:
        code = another_process.run(another_process.ingest_killed_at, base.folder, step)
        assert code in (-signal.SIGKILL, 0)
        for path, texts in live_texts(base).items():
            assert texts in (old.get(path), new.get(path)), f"half of {path} is live"
    base.ingest(prune=True)
    assert base.contents() == clean


def test_a_full_disk_is_named_and_the_next_run_goes_on(tmp_path: Path) -> None:
    base = Base(tmp_path)
    base.write("small.txt", "A small page.")
    base.ingest()
    base.index.close()
    base.write("large.txt", "\n\n".join(f"Paragraph {n} of many words. " * 20 for n in range(400)))
    largest = max(file.stat().st_size for file in tmp_path.rglob("*") if file.is_file()) + 50_000
    assert another_process.run(another_process.ingest_on_a_full_disk, tmp_path, largest) == 7
    assert live_texts(base).get("large.txt") is None or len(live_texts(base)["large.txt"]) == 400
    report = base.ingest()
    assert report.searchable == 2 and base.catalog.status()[0].vectors_pending == 0


def test_a_full_database_keeps_what_was_live(tmp_path: Path) -> None:
    base = Base(tmp_path)
    base.write("a.txt", "Old text.")
    base.ingest()
    with base.engine.connect() as db:
        pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
    sa.event.listen(base.engine, "begin", lambda db: db.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}"))
    base.write("a.txt", "\n\n".join(f"New text {n}. " * 20 for n in range(100)))
    with pytest.raises(StoreError, match="disk space"):
        base.ingest()
    assert base.find("text") == ["Old text."]


def test_a_locked_database_is_named(tmp_path: Path) -> None:
    base = Base(tmp_path)
    base.write("a.txt", "Text.")
    base.ingest()
    sa.event.listen(base.engine, "checkout", lambda raw, *_: raw.execute("PRAGMA busy_timeout=50"))
    other = sqlite3.connect(tmp_path / "catalog.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"locked.*close it"):
        base.ingest()
    assert base.find("text") == ["Text."]
    other.close()
    assert base.ingest().unchanged == 1


class Interrupted(WordsEmbedder):
    """Calls `then` at its n-th batch."""

    def __init__(self, then: Any) -> None:
        super().__init__()
        self.then = then

    def embed(self, texts: Any) -> np.ndarray[Any, np.dtype[np.float32]]:
        self.then()
        return super().embed(texts)


def test_a_server_that_goes_away_is_named_and_the_next_run_goes_on(tmp_path: Path, clean: Any) -> None:
    server = Chroma(tmp_path / "server")
    server.start()
    try:
        base = Base(tmp_path / "base", url=server.url)
        write(base, FIRST)
        base.ingest()
        write(base, SECOND)
        with pytest.raises(IndexUnavailable, match="CHROMA_URL"):
            base.ingest(prune=True, embedder=Interrupted(server.stop))
        assert live_texts(base)["changed.txt"] == whole(FIRST)["changed.txt"]
        server.start()
        base.ingest(prune=True)
        assert base.contents() == clean
    finally:
        server.stop()


def test_an_embedder_that_fails_leaves_words_searchable_and_the_rest_for_later(tmp_path: Path) -> None:
    def fail() -> None:
        raise EmbeddingFailed("No endpoint. Check it.")

    base = Base(tmp_path)
    base.write("a.txt", "Parental leave is long.")
    with pytest.raises(EmbeddingFailed):
        base.ingest(embedder=Interrupted(fail))
    assert base.find("parental leave") == ["Parental leave is long."]
    assert base.catalog.status()[0].vectors_pending == 1
    assert base.catalog.status()[0].last_state == "failed"
    base.ingest()
    assert base.catalog.status()[0].vectors_pending == 0


def test_an_interrupt_is_noted_and_passed_on(tmp_path: Path) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    base = Base(tmp_path)
    base.write("a.txt", "Text.")
    with pytest.raises(KeyboardInterrupt):
        base.ingest(embedder=Interrupted(interrupt))
    assert base.catalog.status()[0].last_state == "stopped"
    assert base.ingest().searchable == 1


def test_a_deleted_chroma_folder_is_filled_again(tmp_path: Path) -> None:
    base = Base(tmp_path)
    write(base, SECOND)
    base.ingest()
    before = base.contents()
    base.index.close()
    shutil.rmtree(tmp_path / "chroma")
    again = Base(tmp_path)
    again.ingest()
    assert again.contents() == before
