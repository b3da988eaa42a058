"""A model's reply -> the verdicts in it, by the names of their fields, as models write them. Pure.

"Sure: {'id': 1, 'supported': True, 'quote': 'two days'}" -> [{"id": "1", "supported": "True", "quote": "two days"}].
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from knowledge.text.words import data_file

LONGEST_REPLY = 6_000  # characters read of a reply: what its tokens can have; guess

_OBJECT = re.compile(
    r"""(?:["'“”]?([0-9]{1,9})["'“”]?\s*:\s*)?\{((?:[^{}]|\{[^{}:"]*\})*)\}"""
)  # with its name, if that is a number; "{name}" is text
# A name and its value in JSON, or what was meant to be: "quote": "the "old" rule", supported: True.
_FIELD = re.compile(
    r"""["'“”]?\b([a-z_]{1,20})["'“”]?\s*:\s*"""
    r"""(?:(["'“])(.{0,1000}?)(?<!\\)(?:\2|”)(?=\s*(?:[,\]\n]|\Z))|(\[[^\[\]]{0,1000}\])|([^\s,\]\["'“][^,\]\[\n]{0,200}))""",
    re.I | re.S,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|(.))", re.I | re.S)


def verdicts(reply: str) -> list[dict[str, str]]:
    """The objects with a verdict in a reply, by the names of their fields, whatever stands around them.

    Two values of one field, or words between the fields, make a verdict doubtful, and so does what takes all of them
    back behind the last. One that is cut off is none.
    """
    rows, behind = [], 0
    for found in _OBJECT.finditer(reply[:LONGEST_REPLY]):
        (number, fields), behind = found.groups(), found.end()
        row = {"id": number} if number else {}
        for name, _, quoted, listed, bare in _FIELD.findall(fields):
            name = _fields().get(name.lower()) or _fields().get(name.lower().removesuffix("s"), "")
            value = (listed or bare or _ESCAPE.sub(_unescaped, quoted)).strip()
            value = "" if value.strip(" .").lower() in _words()["nothing"] else value
            row[name] = value if row.get(name, value) == value else "doubtful"
        if any(c.isalpha() for c in _FIELD.sub("", fields)):
            row["wrong"] = "doubtful"
        if "supported" in row:
            rows.append(row)
    is_taken_back = _taken_back().search(reply[behind:LONGEST_REPLY]) is not None
    return [row | {"wrong": "doubtful"} for row in rows] if is_taken_back else rows


def _words() -> Mapping[str, Any]:
    return data_file("bot.llm", "verdicts.toml")


@cache
def _fields() -> dict[str, str]:
    """The names of fields by what models call them."""
    return {name: field for field, others in _words()["fields"].items() for name in (field, *others)}


@cache
def _taken_back() -> re.Pattern[str]:
    return re.compile(rf"(?:\A|[.!?\n])[^\w.!?\n]*(?:{'|'.join(_words()['taken_back'])})\b", re.I)


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else " " if escape[2] in "bfnrt" else escape[2]
