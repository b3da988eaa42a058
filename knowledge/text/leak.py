"""Watches a text that arrives in pieces for the canary, however it is written. Pure."""

from __future__ import annotations

import base64
import unicodedata


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
