"""Footnotes: where a note is called in, the note behind the sentence that calls it out. Pure.

A reader leaves `call(key)` where the mark stood. These characters are private ones that no text keeps, so a call whose
note is never found leaves nothing behind, above all no figure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_FIRST = 0xF0000  # a plane of private use: `characters.clean` takes it out
_CALL = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + 0xFF)}]+")
_END = re.compile(r"[.!?。][\"'”’)\]]*(?=\s*$|\s+[^a-zß-öø-ÿ\s])")
_ENDED = re.compile(r"[.!?。][\"'”’)\]]*\s*$")
_UNIT = re.compile(r"(?<![^\W\d_])(?:[kcdm]?m|ft|yd|mi|sec)$")
_SUPERSCRIPT = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_CELLS = re.compile(r"( \| )")


def call(key: str) -> str:
    """What stands in the text instead of the mark: unseen, and never a digit."""
    return "".join(chr(_FIRST + byte) for byte in key.encode())


def called(text: str) -> list[str]:
    """The keys that are called in the text, in order."""
    return [_key(found[0]) for found in _CALL.finditer(text)]


def signs(text: str) -> str:
    """The text with its calls as the marks that were printed."""
    return _CALL.sub(lambda found: _key(found[0]), text)


def places(text: str) -> list[int]:
    """Where these calls stand."""
    return [found.start() for found in _CALL.finditer(text)]


def raised(before: str, figures: str) -> str:
    """Raised figures as they are read where they call no note: "10" and "6" give "⁶"; "" where they are a mark."""
    power = before[-1:].isdigit() or _UNIT.search(before)
    return figures.translate(_SUPERSCRIPT) if power else ""


def without_calls(text: str) -> str:
    """The text without the raised figures that call notes."""
    return _CALL.sub("", text)


def attached(text: str, notes: Mapping[str, str]) -> str:
    """Each note in brackets behind its sentence, or at its place where no sentence ends: "Meals are paid. (In Rome.)".

    Rows and cells are looked at one by one. Raised figures that call nothing are read as `raised` says.
    """
    if not _CALL.search(text):
        return text
    rows = [_CELLS.split(row) for row in text.split("\n")]
    return "\n".join("".join(_one(cell, notes) for cell in row) for row in rows)


def _one(text: str, notes: Mapping[str, str]) -> str:
    bare, places = "", list[tuple[int, str]]()
    at = 0
    for found in _CALL.finditer(text):
        bare += text[at : found.start()]
        at = found.end()
        if re.match(r" [.,;:!?)](?:\s|$)", text[at : at + 3]):  # the mark kept them apart
            at += 1
        key = _key(found[0])
        figures = re.fullmatch(r"[+-]?\d{1,3}", key)
        if figures and (_UNIT.search(bare) or key not in notes):
            bare += raised(bare, key)
        elif note := notes.get(key, "").strip():
            places.append((len(bare), note))
    bare += text[at:]
    for end, note in reversed([(_sentence_end(bare, place), note) for place, note in places]):
        said = note if note[0] == "(" and note[-1] == ")" else f"({note})"
        bare = f"{bare[:end].rstrip()} {said}{bare[end:]}"
    return bare


def _sentence_end(text: str, place: int) -> int:
    if _ENDED.search(text[max(0, place - 8) : place]):
        return place
    found = _END.search(text, place)
    return found.end() if found else place


def _key(marks: str) -> str:
    return bytes(ord(char) - _FIRST for char in marks).decode(errors="replace")
