"""Text in, the text without what a template left in it out: "TBD", "[insert name]", "Click here to enter text".

What counts is in leftovers_en.txt, a pattern a line. Pure but for that file.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_SURE = re.compile(
    r"[\[<{](?:insert|enter|add|type|fill in|your|company|name|date|placeholder)\b[^\[\]<>{}\n]{0,80}[\]>}]", re.I
)  # in brackets
_PROMPT = re.compile(
    r"(?:click (?:here|or tap here) to enter [a-z ]{1,20}|choose an item|click to (?:add|edit) (?:text|title))\.?", re.I
)


def without_leftovers(text: str) -> str:
    """Line by line; a line that is nothing else is gone."""
    rows = (_kept(row) for row in text.split("\n"))
    return "\n".join(row for row in rows if row.strip())


def _kept(row: str) -> str:
    if _whole().fullmatch(row) or re.fullmatch(rf"\W*{_SURE.pattern}\W*", row, re.I):
        return ""
    return _PROMPT.sub("", row) if _PROMPT.search(row) else row


@cache
def _whole() -> re.Pattern[str]:
    listed = (Path(__file__).parent / "leftovers_en.txt").read_text(encoding="utf-8").split("\n")
    return re.compile(rf"[\W\d]*(?:{'|'.join(filter(None, listed))})\W*", re.I)
