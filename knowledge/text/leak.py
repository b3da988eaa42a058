"""What must not come out, however it is written: the canary in a text that arrives in pieces, the prompt's own words.

Both the check and the renderer ask here. Pure.
"""

from __future__ import annotations

import base64
import unicodedata

from knowledge.text.disguise import readings

_LETTERS = str.maketrans("013457l", "oieasti")
WINDOW = 40  # letters and figures in a row that nobody writes by chance as the prompt has them; guess


class Leak:
    """`seen(piece)` says whether the canary ends in this piece."""

    def __init__(self, canary: str) -> None:
        self._forms = _forms(canary)
        self._tail = ""  # the end of what was read, squeezed: a canary cut by a sentence's end shows up here

    def seen(self, text: str) -> bool:
        """Whether the secret stands in the text, or comes to stand there together with what was read before."""
        read = self._tail + _squeeze(text)
        leaks = any(form in read for form in self._forms)
        self._tail = "" if leaks else read[-200:]
        return leaks


class Recital:
    """`stands_in(text)` says whether a text recites another: spaced, cased, turned round, in code or in disguise."""

    def __init__(self, *secret: str) -> None:
        self._windows = {
            squeezed[at : at + WINDOW] for squeezed in map(_folded, secret) for at in range(len(squeezed) - WINDOW + 1)
        }

    def stands_in(self, text: str) -> bool:
        """Whether WINDOW characters in a row are those of the secret text."""
        if len(text) < WINDOW:  # in any code it is longer
            return False
        for reading in readings(text):
            said = _folded(reading)
            for squeezed in (said, said[::-1]):
                if any(squeezed[at : at + WINDOW] in self._windows for at in range(len(squeezed) - WINDOW + 1)):
                    return True
        return False


def _folded(text: str) -> str:
    """Squeezed, with figures as the letters that they are written for: "R3v34l" is "reveal"."""
    return _squeeze(text).translate(_LETTERS)


def _squeeze(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _forms(canary: str) -> tuple[str, ...]:
    """The canary as it may be smuggled out: spaced, cased, reversed, base64, hexadecimal."""
    plain = _squeeze(canary)
    if not plain:
        return ()
    raw = canary.encode()
    # base64 of a text that holds the canary, at each alignment; the ends depend on the neighbours
    inside = [base64.b64encode(b"\0" * shift + raw).decode()[shift + 1 : -4] for shift in range(3)]
    encoded = [raw.hex(), canary[::-1], *inside]
    return tuple(dict.fromkeys(f for f in (plain, *map(_squeeze, encoded)) if len(f) >= 6 or f == plain))
