"""Third judge: one small model call, believed only with a quote. Claims -> its request; its reply -> rulings. Pure.

The rule kept: a "supported" counts only with a quote that stands word for word in a source that was sent, speaks of
what the claim speaks of, and does not refute it. A verdict that is cut off, two for one claim that contradict each
other, or one with a fault named beside it counts for nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Protocol

from bot.check.claims import Claim, Ruling
from bot.check.lexicon import denies, lexicon
from bot.check.markers import without
from bot.check.refuted import refuted
from bot.check.sources import Source, locate, words
from bot.types import Support, Usage
from knowledge.text.words import stems

MOST_SOURCES = 6  # sources of one call; guess
LONGEST_REPLY = 6_000  # characters read of a reply: what its tokens can have; guess
MOST_FIELDS = 200  # fields read of a reply; guess
ALIKE = 3  # words of the claim by which a cited span elsewhere counts too; measured: python -m tests.eval.recorded
YES = ("true", "yes", "1", "1.0", "supported", "fully supported", "entailed", "correct")  # as models write it
NOTHING = ("null", "none", "false", "n/a", "na", "-")  # no value
FIELDS = {"claim_id": "id", "is_supported": "supported", "quotes": "quote", "evidence": "quote", "sources": "source"}
FIELDS |= {"verdict": "supported", "not": "wrong"} | {
    name: name for name in ("id", "supported", "quote", "source", "wrong")
}

_DIGITS = re.compile(r"[0-9]{1,9}")
# A name and its value, in JSON or what was meant to be, YAML, XML: "quote": "the "old" rule", supported: True, "1": {.
_FIELD = re.compile(
    r"""["'“”*`]{0,3}\b([a-z_]{1,20}|[0-9]{1,9})["'“”*`]{0,3}\s*[:=>]"""
    r"""(?:[*`\s]*(?:(["'“])(.{0,1000}?)(?<!\\)(?:\2|”)(?=\s*(?:[,}\]\n<>]|\Z))|(\[[^\[\]{}]{0,1000}\]|[{\[]))"""
    r"""|[*` ]*([^\s,}\]\[{<][^,}\]\[{\n"<]*))""",
    re.I | re.S,
)
_BEGINS = re.compile(
    r"(?:.*[{,>\[;(]|.*<[^<>]{0,200}|\s*(?:[-*•]|\d{1,2}[.)])?)\s*", re.S
)  # before a field in its line
_BLOCK_FAULT = re.compile(
    r"\bwrong\b[\"'*`]{0,3} {0,9}[:>]\s{0,9}?(?:<\w{1,9}>\s?\w|\n[ \t]{1,20}(?:[-*] ?)?[\w ]{1,200}(?:\n|\Z))", re.I
)
_GOES_ON = re.compile(r",\s*\w+\s+\w")  # "yes, but only for staff"
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|(.))", re.I | re.S)
# What a model puts between the words that it quotes.
_BREAK = re.compile(r"\n|</?\w{1,9}>|[\"'“”»]\s*(?:,|/|and)\s*[\"'“„«]")
_AROUND = re.compile(r"[\"“”„«»:]")  # 'Source 2: "the words"'


class Verifier(Protocol):
    """The endpoint that verifies. Raises bot.errors.AnswerError when it can't."""

    async def verify(self, request: str) -> tuple[str, Usage]:
        """The reply to a request, and what it cost."""


def sources_for(claims: Sequence[Claim], sources: Sequence[Source], asked: str) -> list[Source]:
    """What the verifier reads: the cited sources first, then what is nearer to a claim in words than those."""
    chosen = {n: sources[n - 1] for claim in claims for n in claim.cites}
    for claim in claims:
        wanted = set(words(f"{claim.context} {claim.plain}")) | (set() if claim.cites else set(words(asked)))
        shared = {s.n: len(wanted & {w for span in s.spans for w in span.words}) for s in sources}
        nearest = sorted(shared, key=lambda n: (-shared[n], n not in claim.cites, n))
        chosen |= {n: sources[n - 1] for n in nearest[: 1 if claim.cites else 2]}
    return list(chosen.values())[:MOST_SOURCES]


def request(question: str, claims: Mapping[int, Claim], sources: Sequence[Source]) -> str:
    """The one JSON object that the verifier reads; claims by id."""
    return json.dumps(
        {
            "question": question,
            "sources": [{"n": s.n, "title": s.passage.heading, "text": s.passage.for_model} for s in sources],
            "claims": [
                {"id": n, "text": c.plain, "cites": list(c.cites)} | ({"context": c.context} if c.context else {})
                for n, c in claims.items()
            ],
        },
        ensure_ascii=False,
    )


def rulings(reply: str, claims: Mapping[int, Claim], sources: Sequence[Source], asked: str) -> dict[int, Ruling]:
    """What the reply rules about the claims; those that it does not speak of, or says two things of, are left out."""
    rows = _rows(reply)
    ids = [_number(row["id"]) if "id" in row else None for row in rows]
    if len(rows) == len(claims) and not any("id" in row for row in rows):
        ids = list(claims)
    elif 0 in ids:
        ids = [None if n is None else n + 1 for n in ids]
    found: dict[int, Ruling] = {}
    for n, claim in claims.items():
        own = [row for at, row in zip(ids, rows, strict=True) if at == n]
        if len({_says_yes(row) for row in own}) == 1:
            ruled = [_ruling(row, claim, sources, asked) for row in own]
            found[n] = next((one for one in ruled if one.supported), ruled[0])
    return found


def _number(written: str) -> int:
    """ "1", "claim 1" -> 1; 0 where there is none."""
    digits = _DIGITS.search(written)
    return int(digits[0]) if digits else 0


def _rows(reply: str) -> list[dict[str, str]]:
    """The verdicts in a reply by the names of their fields, whatever stands around or is wrong with them.

    A field begins a line, a tag or what stands in braces: in a sentence it is prose. A brace, or a name that comes
    again, begins the next verdict. One that is cut off is none.
    """
    text, rows, end = reply[:LONGEST_REPLY], [dict[str, str]()], 0
    if _BLOCK_FAULT.search(text):
        return []
    for field in islice(_FIELD.finditer(text), MOST_FIELDS):
        if not _BEGINS.fullmatch(text[text.rfind("\n", 0, field.start()) + 1 : field.start()]):
            continue
        name, value = FIELDS.get(field[1].lower(), ""), field[4] or field[5] or _ESCAPE.sub(_unescaped, field[3] or "")
        if field[1].isdigit() and value == "{":  # "1": {"supported": ...}
            name, value = "id", field[1]
        if name == "supported" and _GOES_ON.match(text, field.end()):
            value = "in part"
        elif name == "quote" and field[5] and value[0] in "\"'“":
            value = ""  # cut off
        if name in rows[-1] or "{" in text[end : field.start()]:
            rows.append({})
        if name:
            rows[-1][name] = "" if value.strip(" .").lower() in NOTHING else value.strip()
        end = field.end()
    if text.count("{") > text.count("}") or any(text.count(f"<{name}>") > text.count(f"</{name}>") for name in FIELDS):
        rows.pop()
    return [row for row in rows if "supported" in row]


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else " " if escape[2] in "bfnrt" else escape[2]


def _says_yes(row: Mapping[str, str]) -> bool:
    """Whether it says "supported" and names no fault beside it; "no difference" is none."""
    wrong = row.get("wrong", "")
    wrong = wrong[1:-1].strip() if wrong.endswith("]") else wrong
    is_right = not wrong or ({*words(wrong)} <= lexicon("faultless") and any(map(denies, words(wrong))))
    return is_right and row["supported"].lower().strip(" .!*`") in YES


def _ruling(row: Mapping[str, str], claim: Claim, sources: Sequence[Source], asked: str) -> Ruling:
    if not _says_yes(row):
        return Ruling(False, "unsupported", row.get("wrong", "")[:120])
    quote = row.get("quote", "")
    part = max(_AROUND.split(quote), key=len)
    ways = [quote, _BREAK.sub("…", quote), without(quote), part if 2 * len(part) > len(quote) else ""]
    named = [s for s in sources if s.n == _number(row.get("source", ""))]
    for source in (*named, *(s for s in sources if s not in named)):
        support = next(filter(None, (locate(way, source) for way in ways)), None)
        if support is None or _beside_the_point(claim, source, support):
            continue
        if (against := refuted(claim, source, support, sources, asked)) is not None:
            return against
        return Ruling(True, "applied" if claim.is_applied else "verified", supports=(support,))
    return Ruling(False, "no_quote", quote[:120])


def _beside_the_point(claim: Claim, source: Source, support: Support) -> bool:
    """Whether the quoted sentence shares no word of content with the claim, though its source does."""
    said = set(stems(claim.plain)) - lexicon("light")
    quoted = " ".join(span.whole_text for span in source.around(support.start, support.end))
    alike = {word for word in said & set(stems(source.passage.text)) if word.isalpha()}
    return not claim.is_applied and len(alike) >= ALIKE and not said & set(stems(quoted))
