"""Lines that read like instructions to a model, found where the file's own lines and unseen characters still stand.

Readers join lines and take out what nobody sees; the marks of chat roles and of disguise go with it. So a reader says
these lines beside its blocks, and the splitter marks them wherever they come out (`spans`). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from knowledge.text.characters import line
from knowledge.text.injection import flag
from knowledge.text.sentences import spans as sentences

_MOST = 2_000_000  # characters of a file that are looked at; guess
_LEAST_WORDS = 2  # words of a sentence that is looked for again; guess
_WORD = re.compile(r"\w+")


def suspects(raw: str) -> tuple[str, ...]:
    """The sentences of flagged text, clean, each once."""
    found: dict[str, None] = {}
    text = raw[:_MOST]
    for start, end in flag(text):
        for row in text[start:end].split("\n"):
            said = line(row)
            for first, last in sentences(said):
                if len(_WORD.findall(said[first:last])) >= _LEAST_WORDS:
                    found[said[first:last].strip()] = None
    return tuple(found)


class Marker:
    """Finds a document's suspects in its text again, whatever stands between their words."""

    def __init__(self, said: Sequence[str]) -> None:
        self._by_first: dict[str, list[list[str]]] = {}
        for sentence in said:
            if words := _WORD.findall(sentence.lower()):
                self._by_first.setdefault(words[0], []).append(words)

    def spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """What `flag` says of the text and where the suspects stand in it; ascending, never overlapping."""
        flagged = list(flag(text))
        if self._by_first:
            flagged = _merged([*flagged, *self._found(text)])
        return tuple(flagged)

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        words = [(match[0].lower(), match.start(), match.end()) for match in _WORD.finditer(text)]
        for at, (word, start, _) in enumerate(words):
            for wanted in self._by_first.get(word, ()):
                here = words[at : at + len(wanted)]
                if [one for one, _, _ in here] == wanted:
                    end = here[-1][2]
                    stop = re.match(r"[.!?。]*[\"'”’)\]]*", text[end:])
                    yield start, end + (stop.end() if stop else 0)


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
