"""What is costly to make and begins many tests: made once a run by the worker that needs it first, then copied.

Fixtures give paths of folders that nobody may write to; `copy_of` gives a folder of one's own.
"""

import asyncio
import contextlib
import fcntl
import functools
import logging
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot import wiring
from bot.answering.assistant import final
from bot.demo import run as demo
from bot.settings import Settings, load
from bot.types import Answer, Question, Turn
from knowledge.index.embed import MiniLM
from knowledge.read import pool

Once = Callable[[str, Callable[[Path], object]], Path]
Ask = Callable[..., Answer]
PAGES = Path(__file__).parent.parent / "bot" / "demo" / "manual" / "pages"


def settings_at(data: Path, **environment: str) -> Settings:
    """Settings of a bot whose data is there; nothing of this machine's environment."""
    return load({"POLICYBOT_DATA": str(data), **environment}, dotenv=None)


def ingested(data: Path, *paths: Path, **environment: str) -> Path:
    """The data folder, with these paths in its default collection."""
    wiring.ingest(
        settings_at(data, **environment),
        paths,
        collection="default",
        prune=False,
        rebuild=False,
        ocr=False,
        progress=lambda *_: None,
    )
    return data


def copy_of(prepared: Path, folder: Path) -> Path:
    """`folder`, with a copy of everything that was prepared."""
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """`once(name, make)`: the folder of that name, which `make` has filled once for all workers of this run."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def folder(name: str, make: Callable[[Path], object]) -> Path:
        made, done = shared / f"prepared-{name}", shared / f"prepared-{name}.done"
        with (shared / f"prepared-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(made, ignore_errors=True)  # what another worker began and could not finish
                made.mkdir()
                make(made)
                done.touch()
        return made

    return folder


@pytest.fixture
def verbs_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """`verbs_at(data)`: `main` works there, without a model, Slack, or another store that this machine's user has."""
    for name in ("OPENAI_API_KEY", "SLACK_BOT_TOKEN", "DATABASE_URL", "CHROMA_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("POLICYBOT_LOG", "error")
    yield lambda data: monkeypatch.setenv("POLICYBOT_DATA", str(data))
    structlog.reset_defaults()  # main() configures the whole process
    logging.root.handlers.clear()


@pytest.fixture(scope="session", autouse=True)
def one_model() -> Iterator[None]:
    """The bundled model is loaded once a worker, by its own code, as a process outside the tests loads it once."""
    opened: list[Any] = []
    real = MiniLM._open

    def open_once(model: MiniLM) -> Any:
        if not opened:
            opened.append(real(model))
        return opened[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MiniLM, "_open", open_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def kept_readers() -> Iterator[None]:
    """A child that has read is kept for the worker's next ingest, as an ingest keeps it for its next file."""
    spare: dict[int, list[tuple[Any, int]]] = defaultdict(list)  # by their memory

    class Kept(pool._Reader):
        _is_idle = False

        def _attempt(self, *how: Any) -> Any:
            self._is_idle = False
            attempt = super()._attempt(*how)
            self._is_idle = attempt.ended in ("done", "failed")
            return attempt

        def _run(self, order: Mapping[str, Any]) -> None:
            if self._process is None:
                with contextlib.suppress(IndexError):
                    self._process, self._files = spare[self._memory_mb].pop()
            super()._run(order)

        def close(self) -> None:
            if self._process is not None and self._is_idle:
                spare[self._memory_mb].append((self._process, self._files))
                self._process = None
            super().close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pool, "_Reader", Kept)
        yield
    for process, _ in chain.from_iterable(spare.values()):
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def pages_ingested(once: Once) -> Path:
    """A data folder with the sample manual's Markdown pages."""
    return once("pages", lambda data: ingested(data, PAGES))


@pytest.fixture(scope="session")
def manual_ingested(once: Once) -> Path:
    """The data folder of a `policybot demo` that was started with the sample manual before."""
    return once("demo", lambda data: demo.ingest(settings_at(data), demo.SAMPLE, lambda *_: None))


@pytest.fixture(scope="session")
def ask(manual_ingested: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """`ask(text, *turns)`: the keyless bot's answer from the sample manual, behind what was said before.

    Once a worker: the same question is answered from memory.
    """
    settings = settings_at(copy_of(manual_ingested, tmp_path_factory.mktemp("asked")) / "demo")
    with asyncio.Runner() as runner:
        asking = wiring.assistant(settings, cache=False)
        parts = runner.run(asking.__aenter__())

        @functools.cache
        def one(text: str, *before: Turn, speaker: str = "") -> Answer:
            return runner.run(final(parts.assistant, Question("q", text, before, speaker=speaker)))

        yield one
        runner.run(asking.__aexit__(None, None, None))
