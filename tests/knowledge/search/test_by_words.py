"""Vectors that can't be had: words find, the ranking says so, and nobody waits twice for what hangs."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest

from knowledge.errors import EmbeddingFailed
from knowledge.index.chroma import Index
from knowledge.search import meaning
from knowledge.search.meaning import InTime
from knowledge.types import Found, Query
from tests.knowledge.building import Base, WordsEmbedder
from tests.services import Chroma

HUNG = 30.0  # far below the minute after which Chroma's client gives up by itself


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Base:
    monkeypatch.setattr(meaning, "VECTORS_S", 0.3)
    made = Base(tmp_path)
    made.write("a.txt", "Alpha rule.\n\nBeta rule.")
    made.ingest()
    return made


def ask(retriever: Any, text: str = "alpha rule") -> Found:
    retriever.forget()  # what was found for the text before would do without the index
    began = time.monotonic()
    found: Found = retriever.search(Query(((text, 1.0),)))
    assert time.monotonic() - began < HUNG
    return found


def by_words(found: Found) -> bool:
    return found.passages[0].text == "Alpha rule." and found.passages[0].similarity is None and bool(found.trouble)


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_a_chroma_server_that_never_answers(base: Base, silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    base.index = Index(url=f"{silent.replace('//', '//me:secret@')}")
    retriever = base.retriever()
    found = ask(retriever)
    assert by_words(found) and silent in found.trouble and "secret" not in found.trouble
    monkeypatch.setattr(retriever._meaning._index_call, "_limit_s", 2 * HUNG)
    with ThreadPoolExecutor(20) as pool:  # the first call hangs still: nobody waits for another
        assert all(map(by_words, pool.map(lambda _: ask(retriever), range(40))))
    assert "no answer" in retriever.trouble()[0]


def test_a_chroma_server_that_hangs_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Chroma(tmp_path / "server")
    server.start()
    try:
        base = Base(tmp_path, url=server.url)
        base.write("a.txt", "Alpha rule.\n\nBeta rule.")
        base.ingest()
        retriever = base.retriever()
        assert not ask(retriever).trouble
        monkeypatch.setattr(retriever._meaning._index_call, "_limit_s", 0.3)
        server.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, server.process.pid, os.WSTOPPED | os.WNOWAIT)  # until then it may still answer
        assert by_words(ask(retriever)) and by_words(ask(retriever))
        server.process.send_signal(signal.SIGCONT)
        monkeypatch.setattr(retriever._meaning._index_call, "_limit_s", HUNG)
        retriever._meaning._index_call._hanging[0].result(HUNG)
        assert not ask(retriever).trouble and ask(retriever).passages[0].similarity is not None
        server.stop()
        assert by_words(ask(retriever))
    finally:
        server.stop()


def test_an_embedding_endpoint_that_hangs_then_fails_then_works(base: Base) -> None:
    class Ill(WordsEmbedder):
        def __init__(self) -> None:
            super().__init__()
            self.released, self.fails = Event(), False

        def embed(self, texts: Any) -> Any:
            assert self.released.wait(HUNG)
            if self.fails:
                raise EmbeddingFailed("Down. Wait.")
            return super().embed(texts)

    base.embedder = ill = Ill()
    retriever = base.retriever()
    found = ask(retriever)
    assert by_words(found) and "embeddings endpoint gave no answer" in found.trouble
    ill.fails = True
    ill.released.set()
    with pytest.raises(EmbeddingFailed):
        retriever._meaning._embed_call._hanging[0].result(HUNG)
    assert by_words(found := ask(retriever)) and found.trouble == "Down. Wait."
    ill.fails = False
    assert not ask(retriever).trouble


def test_a_damaged_folder_and_one_that_another_process_just_wrote(base: Base) -> None:
    retriever = base.retriever()
    assert not ask(retriever).trouble
    real, failed = base.index._collection, []

    def once(*arguments: Any, **options: Any) -> Any:
        if not failed:
            failed.append(1)
            raise RuntimeError("Error finding id")
        return real(*arguments, **options)

    base.index._collection = once  # type: ignore[method-assign]
    assert not ask(retriever).trouble, "opened anew and asked again"
    base.index.close()
    for file in (base.folder / "chroma").rglob("*"):
        if file.is_file():
            file.write_bytes(b"\0" * 4096)
    found = ask(retriever)
    assert by_words(found) and str(base.folder / "chroma") in found.trouble


def test_words_chosen_chunks_keep_their_meaning_where_it_is_in_the_catalog(base: Base, silent: str) -> None:
    from knowledge.index.words import WordVectors

    class Reader(WordsEmbedder):
        name = "reader@1"

        def read(self, texts: Any) -> Any:
            none = np.zeros((0, 1), np.float32)
            return [WordVectors(row, np.zeros(0, np.int32), none) for row in self.embed(texts)]

    base.embedder = Reader()
    base.ingest(rebuild=True)
    base.index.close()
    base.index = Index(url=silent)
    found = ask(base.retriever())
    assert found.trouble and found.passages[0].similarity is not None


def test_a_call_in_time_gives_what_it_gives() -> None:
    door = InTime(HUNG, lambda: EmbeddingFailed("late"))
    assert door(lambda: 7) == 7
    with pytest.raises(TimeoutError, match="its own"):
        door(lambda: (_ for _ in ()).throw(TimeoutError("its own")))
