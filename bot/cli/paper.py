"""Text for a terminal as it comes: wrapped at words, its markers [n] coloured; to a pipe or a file as it is.

The rule kept: what was written is never changed but for white space; words are not cut and tables not wrapped.
"""

from __future__ import annotations

import re
import shutil
from typing import TextIO

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
