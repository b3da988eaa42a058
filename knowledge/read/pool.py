"""Files in, Documents or ReadErrors out, each read in a child process that may be killed. No file ever stops the rest.

A child reads one file after the other and sends what it finds as lines of JSON: a parser taken over by a hostile file
can send nonsense and nothing worse. When it dies, or a page or document takes too long, the parent ends it, starts
another and reads the file again without the page it died on (RETRIES times, within the document's deadline); what is
left is a partly read document, or a ReadError where nothing could be read.
"""

import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from knowledge.errors import ReadError
from knowledge.files import CHILD_ENVIRONMENT, limited
from knowledge.read import Item, assemble, items
from knowledge.read.about import Facts
from knowledge.read.pages import Page
from knowledge.records import build
from knowledge.types import Block, Document, Problem

DEADLINE_S = 300.0  # of one file
MEMORY_MB = 700  # of a reading child
PAGE_S = 20.0  # a page may take this long
OCR_SLOWER = 4
START_S = 60.0  # a child may take this long to come up on a busy machine; not part of a document's time
RETRIES = 3
_FILES_A_CHILD = 200  # then it is replaced, so that what a library leaks doesn't pile up
_LINE_BYTES = 64_000_000  # of one message

_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from knowledge.read.pool import child; child(int(sys.argv[2]))"
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in (Block, Facts, Page, Problem)}
_DIED = {
    "timeout": ("page_timeout", "timeout", "takes too long to read"),
    "died": ("page_failed", "too_large", "needs more memory than allowed, or breaks the reader"),
}


def read_all(
    files: Sequence[tuple[Path, Path]],
    *,
    workers: int,
    passwords: Mapping[str, str],
    ocr: bool,
    deadline_s: float = DEADLINE_S,
    memory_mb: int = MEMORY_MB,
    page_s: float = PAGE_S,
) -> Generator[tuple[Path, Document | ReadError]]:
    """Files as (path, root), in the order in which they are done; closing the generator ends the children.

    `passwords` by file name or by path below the root. `deadline_s` for one file, `page_s` for one of its pages,
    `memory_mb` of address space for a child.
    """
    todo: queue.SimpleQueue[tuple[Path, Path]] = queue.SimpleQueue()
    for file in files:
        todo.put(file)
    done: queue.Queue[tuple[Path, Document | ReadError]] = queue.Queue(maxsize=max(2, workers))
    stop = threading.Event()

    def work() -> None:
        with closing(_Reader(deadline_s, page_s, memory_mb, stop, ocr=ocr)) as reader:
            while not stop.is_set():
                try:
                    path, root = todo.get_nowait()
                except queue.Empty:
                    return
                below = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
                try:
                    result = reader.read(path, root, passwords.get(below, passwords.get(path.name)))
                except Exception as error:  # whoever waits for this file would wait for ever
                    result = ReadError(f"The file can't be read ({type(error).__name__}). Check it.")
                while not stop.is_set():
                    with suppress(queue.Full):
                        done.put((path, result), timeout=0.2)
                        break

    threads = [threading.Thread(target=work, name=f"reader-{n}", daemon=True) for n in range(min(workers, len(files)))]
    for thread in threads:
        thread.start()
    try:
        for _ in files:
            yield done.get()
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=5)


@dataclass(slots=True)
class _Attempt:
    found: list[Item] = field(default_factory=list)
    page: int | None = None  # the last one begun
    ended: str = "died"  # done, failed, timeout, died, stopped
    error: ReadError | None = None


def _blocks(attempt: _Attempt) -> int:
    return sum(isinstance(item, Block) for item in attempt.found)


class _Reader:
    """One reading process at a time: started when needed, ended when it misbehaves or has read enough."""

    def __init__(self, deadline_s: float, page_s: float, memory_mb: int, stop: threading.Event, *, ocr: bool) -> None:
        self._deadline_s, self._page_s = deadline_s, page_s * (OCR_SLOWER if ocr else 1)
        self._memory_mb, self._stop, self._ocr = memory_mb, stop, ocr
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0
        self._rest = b""

    def read(self, path: Path, root: Path, password: str | None) -> Document | ReadError:
        """The file as a document, in part where pages of it end the child; an error where nothing can be read."""
        skip: set[int] = set()
        best = _Attempt()
        end = time.monotonic() + self._deadline_s
        why = "died"
        for _ in range(RETRIES + 1):
            now = self._attempt(path, password, skip, end)
            if now.ended == "failed" and not skip:
                return now.error or ReadError("The file can't be read. Check it.")
            if now.ended == "done" or _blocks(now) >= _blocks(best):
                best = now
            if now.ended not in _DIED:
                break
            why = now.ended
            if not now.page or time.monotonic() >= end:
                break
            skip.add(now.page)
        page_code, code, reason = _DIED[why]
        is_whole = best.ended == "done"
        pieces = list(best.found)
        if not is_whole:
            pieces.append(Problem(code, f"The file {reason}; read in part. Split it or print it anew."))
        elif skip:
            pieces = [item for item in pieces if not (isinstance(item, Problem) and item.code == "page_failed")]
            numbers = ", ".join(map(str, sorted(skip)))
            pieces.append(Problem(page_code, f"Page {numbers} {reason}. Print the file to a new PDF."))
        try:
            return assemble(path, root, pieces)
        except ReadError as error:
            is_unread = is_whole and not skip  # by its own fault
            return error if is_unread else ReadError(f"The file {reason}. Split it or print it anew.", code=code)
        except Exception as error:  # a child's nonsense
            return ReadError(f"The file can't be read ({type(error).__name__}). Check it.")

    def _attempt(self, path: Path, password: str | None, skip: set[int], end: float) -> _Attempt:
        attempt = _Attempt()
        self._run({"path": str(path), "password": password, "ocr": self._ocr, "skip": sorted(skip)})
        try:
            while True:
                kind, value = self._receive(min(end, time.monotonic() + self._page_s))
                if kind == "end":
                    attempt.ended = "done"
                    return attempt
                if kind == "error":
                    attempt.ended, attempt.error = "failed", ReadError(str(value[1]), code=str(value[0]))
                    return attempt
                item: Item = build(_KINDS[kind], value)
                if isinstance(item, Page):
                    attempt.page = item.number
                attempt.found.append(item)
        except TimeoutError:
            attempt.ended = "timeout"
        except (EOFError, ValueError, TypeError, KeyError):  # it died, or what it sent makes no sense
            attempt.ended = "stopped" if self._stop.is_set() else "died"
        self.close()
        return attempt

    def _run(self, order: Mapping[str, Any]) -> None:
        """Gives the child a file to read; `_receive` what it says about it."""
        if self._process is None or self._process.poll() is not None or self._files >= _FILES_A_CHILD:
            self.close()
            root = str(Path(__file__).parents[2])
            command = [sys.executable, "-c", _CHILD, root, str(self._memory_mb)]
            self._process = subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=CHILD_ENVIRONMENT
            )
            self._files, self._rest = 0, b""
            with suppress(TimeoutError, EOFError, ValueError):
                self._receive(time.monotonic() + START_S)
        self._files += 1
        assert self._process is not None and self._process.stdin is not None
        with suppress(OSError):  # it died: _receive() says so
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()

    def _receive(self, until: float) -> tuple[str, Any]:
        """The next message; TimeoutError when the time is over, EOFError when the child died or we are stopped."""
        process = self._process
        assert process is not None and process.stdout is not None
        waiting = select.poll()  # select() refuses a descriptor beyond 1,023, as a busy process has
        waiting.register(process.stdout, select.POLLIN)
        while b"\n" not in self._rest:
            left = until - time.monotonic()
            if len(self._rest) > _LINE_BYTES or self._stop.is_set():
                raise EOFError
            if left <= 0:
                raise TimeoutError
            if not waiting.poll(min(left, 0.5) * 1000):
                continue
            data = os.read(process.stdout.fileno(), 1 << 18)
            if not data:
                raise EOFError
            self._rest += data
        row, self._rest = self._rest.split(b"\n", 1)
        kind, value = json.loads(row)
        return kind, value

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()


def child(memory_mb: int) -> None:
    """The reading process: orders as lines of JSON on stdin, messages as lines of JSON on what was stdout."""
    out = limited(memory_mb)

    def send(kind: str, value: Any) -> None:
        out.write(json.dumps([kind, value], default=str).encode("ascii") + b"\n")

    send("ready", None)
    out.flush()
    for row in sys.stdin.buffer:
        order = json.loads(row)
        try:
            for item in items(
                Path(order["path"]), password=order["password"], ocr=order["ocr"], skip=frozenset(order["skip"])
            ):
                send(type(item).__name__, asdict(item))
                if isinstance(item, Page):
                    out.flush()
            send("end", None)
        except ReadError as error:
            send("error", [error.code, error.message])
        except MemoryError:
            send("error", ["too_large", "The file needs more memory than allowed. Split it."])
            out.flush()
            os._exit(1)  # after a failed allocation nothing is trusted
        except Exception as error:
            send("error", ["unreadable", f"The file can't be read ({type(error).__name__}). Check it."])
        out.flush()
