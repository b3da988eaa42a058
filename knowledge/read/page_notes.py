"""Footnotes of a PDF page: a page in, the page without them and each note's text by its mark out. Pure.

A note begins with a mark that is called on the page: raised, or plain in smaller letters. It goes on over the lines
below it. What looks like a note but is called nowhere stays where it stands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.read import notes
from knowledge.read.hyphens import joined
from knowledge.read.pages import Line, PageText

_PLAIN = re.compile(r"(\d{1,3}|[*†‡§]{1,3}|[a-z])[.)]?\s+(?=\S)")
_FIRST = re.compile(r"[*†‡§]{1,3}(?=\s)")
_LONE = re.compile(r"\d{1,3}|[*†‡§]{1,3}|[a-z]")
_SIGN = re.compile(r"(?<=[\w.,;:)\"”’%])([*†‡§]{1,3})(?=[\s.,;:!?)]|$)")
_SMALLER = 0.95  # of the body's size: letters of a note


@dataclass(frozen=True, slots=True)
class _Begin:
    at: int  # line
    key: str
    text: str  # of the line, without the mark


def without_notes(page: PageText, body: float, words: Collection[str]) -> tuple[PageText, dict[str, str]]:
    """The page's text and its notes. `body`: the size that most of the document has; `words`: of the document."""
    whole = _with_lone_marks(page.lines)
    begun = Counter(first[0] for line in whole if (first := _FIRST.match(notes.signs(line.text))))
    lines = [part for line in whole for part in _apart(_with_signs(line, begun))]
    wanted = {key: line.size for line in lines for key in notes.called(_behind_mark(line.text))}  # where it is called
    begins = [one for at, line in enumerate(lines) if (one := _begins(at, line, wanted, body))]
    if not wanted or not any(one.key in wanted for one in begins):
        return replace(page, lines=tuple(lines)), {}
    found: dict[str, str] = {}
    gone: set[int] = set()
    for one, following in zip(begins, [*begins[1:], None], strict=True):
        if one.key not in wanted or one.key in found or _stands_above_its_call(one, lines):
            continue
        end = _end(lines, one.at, following.at if following else len(lines))
        gone.update(range(one.at, end))
        found[one.key] = ""
        for row in [one.text, *(line.text for line in lines[one.at + 1 : end])]:
            found[one.key] = joined(found[one.key], row, words)
    return replace(page, lines=tuple(line for at, line in enumerate(lines) if at not in gone)), found


def _with_lone_marks(lines: Sequence[Line]) -> list[Line]:
    """Raised marks that the file keeps as lines of their own, with the line they belong to."""
    found: list[Line] = []
    mark: Line | None = None
    for line in lines:
        if mark is not None:
            if _raised_beside(mark, line) and 0 <= line.x0 - mark.x1 < 30:
                line = replace(line, text=f"{notes.call(notes.signs(mark.text))} {line.text}", x0=mark.x0)
            else:
                found.append(mark)
            mark = None
        if not _LONE.fullmatch(notes.signs(line.text)):
            found.append(line)
        elif found and _raised_beside(line, found[-1]) and -1 <= line.x0 - found[-1].x1 < 4:
            found[-1] = replace(found[-1], text=found[-1].text + notes.call(notes.signs(line.text)), x1=line.x1)
        else:
            mark = line
    return found if mark is None else [*found, mark]


def _raised_beside(mark: Line, line: Line) -> bool:
    return mark.size < 0.86 * line.size and line.y0 + 0.1 * line.size < mark.y0 < line.y1


def _with_signs(line: Line, begun: Mapping[str, int]) -> Line:
    """Stars and daggers behind a word call a note, raised or not, if one line of the page begins with them."""
    if not _SIGN.search(line.text):
        return line
    return replace(
        line, text=_SIGN.sub(lambda sign: notes.call(sign[1]) if begun.get(sign[1]) == 1 else sign[1], line.text)
    )


def _apart(line: Line) -> list[Line]:
    """Two notes that the file runs into one line."""
    text = line.text
    if not notes.called(text[:4]) or len(notes.called(text)) < 2:
        return [line]
    starts = [
        0,
        *(at for at in notes.places(text) if text[:at].rstrip()[-1:] in (".", ")", "/") and text[at + 1 :].strip()),
    ]
    return [replace(line, text=text[a:b].strip()) for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def _behind_mark(text: str) -> str:
    """The text without a mark that it begins with."""
    first = notes.called(text[:4])
    return text.removeprefix(notes.call(first[0])) if first else text


def _begins(at: int, line: Line, called: Mapping[str, float], body: float) -> _Begin | None:
    first = notes.called(line.text[:4])
    if first and line.text.startswith(notes.call(first[0])):
        return _Begin(at, first[0], _behind_mark(line.text).strip())
    plain = _PLAIN.match(line.text)
    if plain and (line.size < _SMALLER * called.get(plain[1], body) or not plain[1].isalnum()):
        return _Begin(at, plain[1], line.text[plain.end() :])
    return None


def _stands_above_its_call(one: _Begin, lines: Sequence[Line]) -> bool:
    called = [line.y0 for at, line in enumerate(lines) if at != one.at and one.key in notes.called(line.text)]
    return not any(y > lines[one.at].y0 for y in called)


def _end(lines: Sequence[Line], at: int, limit: int) -> int:
    """Where the note that begins at this line ends: lines of its size, one close below the other."""
    end = at + 1
    while end < limit:
        before, line = lines[end - 1], lines[end]
        step = before.y0 - line.y0
        if abs(line.size - lines[at].size) > 0.08 * lines[at].size + 0.5 or not -2 < step < 1.8 * line.size:
            break
        end += 1
    return end
