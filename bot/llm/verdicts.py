"""A model's reply -> the verdicts in it, by the names of their fields, as models write them. Pure.

"Sure: {'id': 1, 'supported': True, 'quote': 'two days'}" -> [{"id": "1", "supported": "True", "quote": "two days"}].
"""

from __future__ import annotations

import re

LONGEST_REPLY = 6_000  # characters read of a reply: what its tokens can have; guess
NOTHING = ("null", "none", "false", "n/a", "na", "not applicable", "-", "—", "~")  # no value
FIELDS = {name: name for name in ("id", "supported", "quote", "source", "wrong")}
FIELDS |= {"claim_id": "id", "is_supported": "supported", "verdict": "supported", "not": "wrong"}
FIELDS |= {"quotes": "quote", "evidence": "quote", "sources": "source"}

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

    Two values of one field, or words between the fields, make a verdict doubtful. One that is cut off is none.
    """
    rows = []
    for number, fields in _OBJECT.findall(reply[:LONGEST_REPLY]):
        row = {"id": number} if number else {}
        for name, _, quoted, listed, bare in _FIELD.findall(fields):
            name, value = FIELDS.get(name.lower(), ""), (listed or bare or _ESCAPE.sub(_unescaped, quoted)).strip()
            value = "" if value.strip(" .").lower() in NOTHING else value
            row[name] = value if row.get(name, value) == value else "doubtful"
        if any(c.isalpha() for c in _FIELD.sub("", fields)):
            row["wrong"] = "doubtful"
        if "supported" in row:
            rows.append(row)
    return rows


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else " " if escape[2] in "bfnrt" else escape[2]
