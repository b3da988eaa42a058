"""Text in, spans out that read like instructions to a model rather than to people. Pure; a mark, not a defence.

Manuals tell people what they must do and ignore; an injected sentence speaks to whoever writes the answer. So what
counts is whom it addresses (an AI, an assistant), what it wants changed (the answer, earlier instructions, who gets
told what) and disguise: chat roles, model tokens, characters nobody sees, base64; the patterns are in injection.toml.
The defence is in the prompt. Readers join lines and take out what nobody sees, marks of disguise too: so they name the
`suspects` of the raw text, and the splitter marks these wherever they come out (`Marker`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, partial

from knowledge.text.characters import line
from knowledge.text.disguise import from_base64
from knowledge.text.sentences import spans
from knowledge.text.words import data_file, filled

_WORD = re.compile(r"[a-zé0-9ç]+")
_ABROAD = re.compile(r"[\u00c0-\u024f\u0400-\u04ff\u3040-\u9fff]")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
_PIECE = re.compile(r"[^\n|]+")
_BACK = re.compile(r"\b(?:of|after|before|with|to) (?:that|this|it)\b\W*$", re.I)
_SAID_WORD = re.compile(r"\w+")
_MOST = 2_000_000  # characters of a file that are looked at; guess
_LEAST_HIDDEN = 30  # characters that base64 says; guess
_LEAST_WORDS = 2  # words of a sentence that is looked for again; guess


class _Patterns:
    """What injection.toml holds, compiled."""

    def __init__(self) -> None:
        data = data_file("knowledge.text", "injection.toml")
        whole = partial(filled, parts=data["parts"])
        self.rules: dict[str, list[re.Pattern[str]]] = {}  # by each word of which one must be there
        for words, pattern in (rule for group in data["rules"].values() for rule in group):
            compiled = re.compile(whole(pattern), re.I)
            for word in words.split() or [""]:
                self.rules.setdefault(word, []).append(compiled)
        self.regions = [re.compile(pattern) for pattern in data["disguises"]["regions"]]
        self.gate = re.compile(data["disguises"]["gate"])
        self.other = {name: re.compile(whole(pattern), re.I) for name, pattern in data["other"].items()}


@cache
def _patterns() -> _Patterns:
    return _Patterns()


def flag(text: str) -> tuple[tuple[int, int], ...]:
    """Whole sentences, ascending, never overlapping."""
    known = _patterns()
    regions = known.regions if known.gate.search(text) else []
    found = [match.span() for region in regions for match in region.finditer(text)]
    before: tuple[int, int] | None = None
    for start, end in _sentences(text):
        said = _UNSEEN.sub("", text[start:end])
        if _speaks_to_a_model(said):
            if before and _BACK.search(said) and known.other["asks"].search(text[before[0] : before[1]]):
                found.append(before)
            found.append((start, end))
        before = (start, end)
    return _merged(text, found)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Sentences of each line and table cell; who hides an order writes as he likes, so any full stop ends one."""
    for piece in _PIECE.finditer(text):
        yield from spans(text, piece.start(), piece.end(), any_case=True)


def _speaks_to_a_model(sentence: str) -> bool:
    known = _patterns()
    tried = {rule for word in _WORD.findall(sentence.lower()) for rule in known.rules.get(word, ())}
    if _ABROAD.search(sentence):
        tried.update(known.rules[""])
    marked = ("<" in sentence or "![" in sentence) and known.other["marks"].search(sentence)
    return bool(marked) or any(rule.search(sentence) for rule in tried) or _hides_words(sentence)


def _hides_words(sentence: str) -> bool:
    """Whether base64 says something a person could read."""
    return any(len(said) >= _LEAST_HIDDEN and said.isascii() for said in from_base64(sentence))


def _merged(text: str, found: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Without the white space around them, ascending, those that touch as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        said = text[start:end]
        start, end = start + len(said) - len(said.lstrip()), start + len(said.rstrip())
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def bare(text: str) -> bool:
    """Whether a sentence is an address, a link or a shell command and nothing else: it says nothing about anything."""
    without = _patterns().other["address"].sub(" ", text)
    nothing_else = without != text and not re.search(r"[^\W\d_]{2}", without)
    return nothing_else or _patterns().other["command"].match(text) is not None


def suspects(raw: str) -> tuple[str, ...]:
    """The sentences of flagged text, clean, each once."""
    found: dict[str, None] = {}
    text = raw[:_MOST]
    for start, end in flag(text):
        for row in text[start:end].split("\n"):
            said = line(row)
            for first, last in spans(said):
                if len(_SAID_WORD.findall(said[first:last])) >= _LEAST_WORDS:
                    found[said[first:last].strip()] = None
    return tuple(found)


class Marker:
    """Finds a document's suspects in its text again, whatever stands between their words."""

    def __init__(self, said: Sequence[str]) -> None:
        self._by_first: dict[str, list[list[str]]] = {}
        for sentence in said:
            if words := _SAID_WORD.findall(sentence.lower()):
                self._by_first.setdefault(words[0], []).append(words)

    def spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """What `flag` says of the text and where the suspects stand in it; ascending, never overlapping."""
        flagged = flag(text)
        return _merged(text, [*flagged, *self._found(text)]) if self._by_first else flagged

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        words = [(match[0].lower(), match.start(), match.end()) for match in _SAID_WORD.finditer(text)]
        for at, (word, start, _) in enumerate(words):
            for wanted in self._by_first.get(word, ()):
                here = words[at : at + len(wanted)]
                if [one for one, _, _ in here] == wanted:
                    end = here[-1][2]
                    stop = re.match(r"[.!?。]*[\"'”’)\]]*", text[end:])
                    yield start, end + (stop.end() if stop else 0)
