"""Bytes of a server-sent stream of chat completions in; what its events say out. Pure.

Whoever's server sends them: with a byte order mark, over several lines, with no empty line between, as one message.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, NamedTuple

LINE_BYTES = 2**20  # of one event; guess
STREAM_BYTES = 2**23  # of one answer on the wire; guess
# A line of data, behind a mark of UTF-8 where that stands first; or the empty line behind an event.
_LINE = re.compile(rb"^(?:(?:\xef\xbb\xbf)?data:[ \t]*([^\r\n]*)|)\r?$", re.M)


class Said(NamedTuple):
    """What events of the stream say, one or several."""

    text: str = ""
    finish: str | None = None
    counted: tuple[int, int, int] | None = None  # tokens asked, written, and asked from the endpoint's own cache
    model: str = ""
    done: bool = False  # [DONE] has come, for which some servers give no finish reason

    def then(self, later: Said) -> Said:
        """What both say, the earlier and the later."""
        return Said(
            self.text + later.text,
            later.finish or self.finish,
            later.counted or self.counted,
            later.model or self.model,
            self.done or later.done,
        )


async def events(pieces: AsyncIterator[bytes]) -> AsyncIterator[list[bytes]]:
    """The events that arrive with one piece, for each piece that completes any.

    Cut at line feeds only: text that is read in lines also breaks at U+2028 and U+0085, which may stand in JSON.
    """
    rest, read, begun = b"", 0, list[bytes]()
    async for piece in pieces:
        read += len(piece)
        whole, cut, rest = (rest + piece).rpartition(b"\n")
        if len(rest) > LINE_BYTES or read > STREAM_BYTES:
            raise ValueError("more than an answer can have")
        if cut and (complete := list(_complete(_LINE.findall(whole), begun))):
            yield complete
    if complete := list(_complete([*_LINE.findall(rest), b""], begun)):
        yield complete


def _complete(lines: Iterable[bytes], begun: list[bytes]) -> Iterator[bytes]:
    """The events that are complete with these lines; `begun` holds the lines of one that is not.

    Most stand on one line, which not every server follows with an empty one.
    """
    for line in lines:
        if line and (begun or (line[:1] == b"{" and line.rstrip()[-1:] != b"}")):
            begun.append(line)
        elif line:
            yield line
        elif begun:
            yield b"\n".join(begun)
            begun.clear()


def said_by(payload: dict[str, Any], *, begun: bool) -> Said:
    """Reads one event of any compatible server; what is no such event raises something or other.

    A message stands for the whole answer, and says nothing where some of it has come.
    """
    text: Any = ""
    finish = None
    for choice in (payload.get("choices") or [])[:1]:
        written = choice.get("delta") or (not begun and choice.get("message")) or {}
        text, finish = written.get("content") or "", choice.get("finish_reason")
    if isinstance(text, list):  # content in parts, of which some are thoughts
        text = "".join(str(part.get("text") or "") for part in text)
    return Said(
        str(text), str(finish) if finish else None, _counted(payload.get("usage")), str(payload.get("model") or "")
    )


def _counted(usage: Any) -> tuple[int, int, int] | None:
    if usage is None:  # as in all events but the last
        return None
    with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError):  # an odd count: we estimate
        cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
        counted = int(usage.get("prompt_tokens") or 0), int(usage["completion_tokens"] or 0), int(cached)
        return counted if counted[1] > 0 else None
    return None
