"""Whoever sits at the command line: what is printed for them, and their acts in the audit trail.

Text comes wrapped at words on a terminal, its markers [n] coloured; to a pipe or a file as it is. Rules kept: what was
written is never changed but for white space; words are not cut and tables not wrapped; an act is noted with a pseudonym
of the account it came from.
"""

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TextIO

from bot.errors import StoreError
from bot.store import Store
from bot.store.audit import Entry

_WORD = re.compile(r"\n|[^\S\n]+|\S+")
_MARKER = re.compile(r"(?:\[\d{1,3}\])+")
_CYAN, _PLAIN = "\x1b[36m", "\x1b[0m"


class Paper:
    """Where an answer is printed. Remembers the column between two calls, as sentences come one by one."""

    def __init__(self, out: TextIO, width: int | None = None) -> None:
        self._out = out
        self._terminal = out.isatty()
        self._width = width or (min(shutil.get_terminal_size().columns, 100) if self._terminal else 0)
        self._column = 0
        self._row = False  # inside a table's row

    def write(self, text: str, indent: int = 0) -> None:
        """Print what comes next, without a line's end of its own."""
        gap = ""
        for piece in _WORD.findall(text):
            if piece == "\n":
                self._out.write("\n")
                self._column, gap, self._row = 0, "", False
            elif piece.isspace():
                gap = piece
            else:
                self._row = self._row or (self._column == 0 and piece.startswith("|"))
                full = self._column + len(gap) + len(piece) > self._width > 0
                if full and gap and self._column and not self._row:
                    gap = "\n" + " " * indent
                    self._column = -1
                self._column += len(gap) + len(piece)
                self._out.write(gap + (_MARKER.sub(self._coloured, piece) if self._terminal else piece))
                gap = ""
        self._out.write(gap)
        self._column += len(gap)
        self._out.flush()

    def line(self, text: str, indent: int = 4) -> None:
        """Print one line; what does not fit goes on below it, `indent` to the right."""
        self.write(text, indent)
        self.end()

    def lines(self, text: str) -> None:
        """Print lines that may begin with spaces; what does not fit goes on two further to the right."""
        for one in text.splitlines():
            self.write(f"{one}\n", len(one) - len(one.lstrip()) + 2)

    def end(self) -> None:
        """Go to a new line, unless nothing stands in this one."""
        if self._column:
            self.write("\n")

    @staticmethod
    def _coloured(marker: re.Match[str]) -> str:
        return f"{_CYAN}{marker[0]}{_PLAIN}"


def print_table(heads: Mapping[str, int | None], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns of these names, as wide beside each other as their numbers say, or as they need."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True, expand=True)
    for name, ratio in heads.items():
        table.add_column(name, ratio=ratio, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    Console(highlight=False).print(table)


def account(store: Store) -> str:
    """The pseudonym of `account:NAME`: as the operating system names it, not as the environment says."""
    return store.audit.pseudonyms.of(f"account:{_name()}")


def _name() -> str:
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):  # Windows; a container's user without a name
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "command line"


def note(store: Store, kind: str, *, person: str | None = None, about: str | None = None, **facts: Any) -> None:
    """Write the act down. `person`: the user id of whom it was about; `about`: the question's id."""
    store.audit.append(Entry(kind, datetime.now(UTC), None, person, about, {"account": account(store), **facts}))


def note_asked(store: Store, verb: str, **facts: Any) -> None:
    """Write down that questions were asked from here: they are answered still where nothing can be written."""
    with contextlib.suppress(StoreError):
        note(store, verb, **facts)


Progress = Callable[[str, int, int], None]


@contextmanager
def progress() -> Iterator[Progress]:
    """Tells (stage, done, total): how many files will be read; a progress bar on a terminal, nothing elsewhere."""

    def announce(stage: str, done: int, total: int) -> None:
        if stage == "read" and total and not done:
            print(f"Reading {total} new or changed {'file' if total == 1 else 'files'}.", file=sys.stderr)

    if not sys.stderr.isatty():
        yield announce
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def update(stage: str, done: int, total: int) -> None:
            announce(stage, done, total)
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield update
