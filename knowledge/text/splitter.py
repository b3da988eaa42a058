"""A text that arrives in pieces -> its sentences, as soon as each is complete. Pure.

What comes out, joined, is what went in; white space leads the sentence it precedes. Any cut of the input gives the same
sentences. A list item, table row, heading and code block is one sentence; citation markers right after a full stop
belong to the sentence before them. No sentence is held longer than LIMIT characters. Knows nothing of sources.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from knowledge.text.figure_words import merged, units
from knowledge.text.words import listed

LIMIT = 2000  # characters after which a sentence is cut at white space; guess

_CANDIDATE = re.compile(r"[.!?…。！？؟।]+|\n|`+")
_CLOSERS = re.compile(r"[\"'”’»)\]*_」』）]*")
_GAP = re.compile(r"[^\S\n]*")
_WHOLE_LINE = re.compile(r"[-*+•–‣◦▪●○][ \t]|\(?\d{1,3}[.)][ \t]|\(?[a-zA-Z][.)][ \t]|#{1,6}[ \t]|\||>")
_ONE_LINE = re.compile(r"#|\|")  # a heading or row never runs on
_WORD = re.compile(r"[^\W\d_]+")
_DOTTED = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]")


class Marks(NamedTuple):
    """What may stand behind a full stop and still belong to the sentence before it."""

    whole: re.Pattern[str]  # matches where such a mark begins
    unfinished: re.Pattern[str]  # matches what may become one when more of the text arrives
    look: int  # characters behind a full stop in which they are looked for


class Splitter:
    """Feed deltas, take sentences; `finish` gives what is left."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._text = ""
        self._line_start = True  # the text that is left begins a line

    def feed(self, delta: str) -> list[str]:
        """Sentences that `delta` completes."""
        self._text += delta
        return self._take(last=False)

    def finish(self) -> list[str]:
        """The rest; the splitter is then as new."""
        found = self._take(last=True)
        self._line_start = True
        return found

    def _take(self, *, last: bool) -> list[str]:
        found = []
        while self._text:
            window = self._text[: LIMIT + self._marks.look]
            whole = last or len(window) == LIMIT + self._marks.look
            end = _end(window, self._marks, line_start=self._line_start, last=whole)
            if end is None:
                break
            if end > LIMIT:
                space = max(window.rfind(c, LIMIT - 200, LIMIT) for c in " \n\t")
                end = space if space > 0 else LIMIT
            found.append(self._text[:end])
            self._text = self._text[end:]
            self._line_start = False
        return found


def _end(text: str, marks: Marks, *, line_start: bool, last: bool) -> int | None:
    """Where the first sentence of `text` ends; None while that depends on what follows."""
    begin = len(text) - len(text.lstrip())
    if begin == len(text):
        return len(text) if last else None
    line_start = line_start or "\n" in text[:begin]
    if line_start and text.startswith("```", begin):
        return _code_end(text, begin, last)
    whole_line = line_start and _WHOLE_LINE.match(text, begin) is not None
    in_code = False
    for candidate in _CANDIDATE.finditer(text, begin):
        run, at = candidate.group(), candidate.start()
        if candidate.end() == len(text) and not last:
            return None
        if run[0] == "`":
            in_code = not in_code
        elif run == "\n":
            in_code = False
            after = _first(text, at + 1)
            if after is None:
                return at if last else None
            if not after.islower() or text[at - 1] in ".!?:;" or _ONE_LINE.match(text, begin):
                return at
        elif not in_code and not whole_line:
            end = _stop(text, marks, begin, candidate, last)
            if end != -1:
                return end
    return len(text) if last else None


def _first(text: str, at: int) -> str | None:
    """The first character from `at` on that is no space or tab; a second line feed counts."""
    gap = _GAP.match(text, at)
    assert gap is not None
    return text[gap.end()] if gap.end() < len(text) else None


def _code_end(text: str, begin: int, last: bool) -> int | None:
    close = text.find("\n```", begin)
    if close != -1:
        line = text.find("\n", close + 1)
        if line != -1:
            return line
    return len(text) if last else None


def _stop(text: str, known: Marks, begin: int, run: re.Match[str], last: bool) -> int | None:
    """End of the sentence if these full stops end it; -1 if not; None if what follows decides."""
    closers = _CLOSERS.match(text, run.end())
    assert closers is not None
    marks = known.whole.match(text, closers.end(), closers.end() + known.look)
    end = marks.end() if marks else closers.end()
    gap = _GAP.match(text, end)
    assert gap is not None
    after = gap.end()
    more = len(text) < closers.end() + known.look  # of what arrives may be looked at
    if not last and (after == len(text) or (more and known.unfinished.match(text, after))):
        return None
    if text[end - 1 : end + 1] == "](":  # a link's label and target: apart, each would be rendered as harmless
        return -1
    unspaced = run.group()[-1] in "。！？"
    if after == len(text) or unspaced:
        return end
    if marks and text[after].islower() and marks.group()[0].isspace():
        return closers.end()  # "... a year. [2] says that"
    if after == end and not marks and text[after] != "\n":
        return -1
    follows = text[after]
    if run.group() != ".":
        return -1 if follows.islower() and not marks else end
    token = text[begin : run.start()].split()[-1:] or [""]
    before = token[0].lstrip("([{\"'“‘*_").lower()
    if before in listed("never_last"):
        return -1
    if before in listed("before_number"):
        return -1 if follows.isdigit() or follows.islower() else end
    if follows.islower() and not marks:
        return -1
    if before.isdigit() and text[begin : run.start()].strip("([{\"'“‘*_ \t\n") == before:
        return -1  # "1. First"
    is_day = before.isdecimal() and len(before) < 3 and not marks
    if is_day or before in listed("may_be_last") or _DOTTED.fullmatch(before):
        word = _WORD.match(text, after)
        if word is not None and word.end() == len(text) and not last:
            return None
        follower = word.group().casefold() if word else ""
        if is_day:  # "bis zum 30. April", "am 3. Tag"
            return -1 if follower in merged("months") or (follower,) in units() else end
        return end if not follower or follower in listed("starters") else -1
    return end
