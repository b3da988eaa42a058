"""Runs ingest in processes of their own, forked from one that has the heavy imports behind it; kills on demand."""

import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from knowledge.errors import KnowledgeError
from knowledge.index import sync
from tests.forks import FORKS
from tests.knowledge.building import Base


def run(target: Callable[..., None], *arguments: Any) -> int:
    """The exit code of `target` in a process of its own; minus the signal's number when one killed it."""
    child = FORKS.Process(target=target, args=arguments)
    child.start()
    child.join(120)
    assert child.exitcode is not None, "the child hangs"
    return child.exitcode


def ingest(folder: Path, url: str | None, collection: str) -> None:
    Base(folder, url=url).ingest(prune=True, collection=collection)


def ingest_killed_at(folder: Path, step: int, rebuild: bool = False) -> None:
    """SIGKILL at the step-th commit or Chroma call: before it when `step` is even, after it when odd."""
    base = Base(folder)
    sync.BATCH_CHUNKS = 3
    left = [step]

    def count() -> None:
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    call = base.index._call

    def counted(what: Callable[[], Any]) -> Any:
        if step % 2 == 0:
            count()
        found = call(what)
        if step % 2:
            count()
        return found

    base.index._call = counted  # type: ignore[method-assign]
    sa.event.listen(base.engine, "commit", lambda connection: count())
    base.ingest(prune=True, rebuild=rebuild)


def ingest_on_a_full_disk(folder: Path, largest_file: int) -> None:
    """Exit code 7 when ingest fails with one of our errors. No file may grow beyond `largest_file` bytes."""
    base = Base(folder)
    base.index.count("opened")
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    try:
        base.ingest(prune=True)
    except KnowledgeError as error:
        assert error.code in ("store_unavailable", "index_unavailable"), error
        os._exit(7)
