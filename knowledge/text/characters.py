"""The one place where text is made fit to leave the readers: what a person can't see is taken out.

Raw text of any format in, text out without control, invisible, bidirectional or private-use characters; ligatures
become letters, odd spaces become spaces. Line breaks stay. Knows nothing of formats. Pure.
"""

import re
import unicodedata
from dataclasses import replace
from functools import cache

from knowledge.types import Block

BULLETS = "•▪●○◦‣⁃■□▫◆◇➢➤❖✓✔·∙"
CLOSING = (".", ",", ")")  # stand close to the word before, also where what was between is left out
SYMBOL_FONT_BULLETS = "\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf06e\uf0a8\uf071\uf02d"  # where Word's symbol fonts keep them
# Letters and marks that print nothing: jamo fillers, combining joiner, Khmer and Mongolian ones, variation selectors.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\u2800"


@cache
def invisible() -> re.Pattern[str]:
    """What never leaves the readers: controls, formats (zero width, bidirectional, tags), surrogates, private use.

    Made at the first call (a twentieth of a second), because nothing heavy may happen at import.
    """
    in_planes_with_letters = map(chr, range(0x20000))
    never = (c for c in in_planes_with_letters if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") and c != "\n")
    return re.compile(f"[{''.join(never)}{_BLANK}\ufe00-\ufe0f\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U0010ffff]")


_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LIGATURES = re.compile("[\ufb00-\ufb06]+")
_ASCII_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def clean(text: str) -> str:
    """Without what can't be seen; breaks are "\\n", spaces are " "."""
    text = _SPACES.sub(" ", _BREAKS.sub("\n", text))
    if text.isascii():
        return _ASCII_CONTROLS.sub("", text)
    for char in SYMBOL_FONT_BULLETS:
        text = text.replace(char, "•")
    text = _LIGATURES.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return unicodedata.normalize("NFC", invisible().sub("", text))


def line(text: str) -> str:
    """Clean, on one line, single spaces."""
    return " ".join(clean(text).split())


def block(raw: Block) -> Block | None:
    """Clean in all its parts; None when nothing to read is left."""
    text = clean(raw.text)
    rows = text.split("\n")
    rows = [row.rstrip() if raw.kind == "code" else _margin(row, raw) + " ".join(row.split()) for row in rows]
    text = "\n".join(rows).strip("\n") if raw.kind == "code" else "\n".join(row for row in rows if row.strip())
    if not any(char.isalnum() for char in text):
        return None
    section = tuple(heading for part in raw.section if (heading := line(part)))
    label = line(raw.page_label) if raw.page_label else None
    return replace(raw, text=text, section=section, page_label=label or None)


def _margin(row: str, raw: Block) -> str:
    """The spaces that say how deep an item stands in its list."""
    return " " * min(len(row) - len(row.lstrip(" ")), 16) if raw.kind == "list" else ""
