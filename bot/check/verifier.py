"""Third judge: one small model call, believed only with a quote. Claims -> its request; its reply -> rulings. Pure.

The rule kept: a "supported" counts only with a quote that stands word for word in a source that was sent, speaks of
what the claim speaks of, and does not refute it. A garbled reply, two verdicts for
one claim, or a verdict with a fault named beside it counts for nothing.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.check.claims import Claim, Ruling
from bot.check.lexicon import lexicon
from bot.check.refuted import refuted
from bot.check.sources import Source, locate, words
from bot.types import Support, Usage
from knowledge.text.words import stems

MOST_SOURCES = 6  # sources of one call; guess
LONGEST_REPLY = 20_000  # characters read of a reply; guess
MOST_OBJECTS = 40  # JSON objects looked for in a reply; guess
YES = ("true", "yes", "1", "supported")  # "supported" as models write it
NO_FAULT = ("", "none", "null", "n/a", "nothing", "nothing differs", "no", "-")  # "wrong" of a claim that is supported
ALIKE = 3  # words of the claim by which a cited span elsewhere counts too; measured: python -m tests.eval.recorded

_DECODER = json.JSONDecoder()
_DIGITS = re.compile(r"[0-9]{1,9}")
_NO_JSON = re.compile(r"(?<=: )(?:True|False)\b|,(?=\s*[}\]])")  # as in Python; a comma too many
_NAMED = re.compile(r'"(\d{1,9})"\s*:\s*\Z')
_QUOTE_MARK = re.compile(r"[\"“”„«»]")


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
    """What the reply rules about the claims; those that it does not speak of are left out."""
    found: dict[int, list[Ruling]] = {}
    rows = _rows(reply)
    in_order = len(rows) == len(claims) and not any("id" in row for row in rows)
    ids = list(claims) if in_order else [_number(row.get("id")) for row in rows]
    for n, row in zip(ids, rows, strict=True):
        if n in claims:
            found.setdefault(n, []).append(_ruling(row, claims[n], sources, asked))
    return {n: ruled[0] for n, ruled in found.items() if len({r.supported for r in ruled}) == 1}


def _number(written: object) -> int:
    """1, "1", "claim 1" -> 1; 0 where there is none."""
    digits = _DIGITS.search(str(written))
    return int(digits[0]) if digits else 0


def _rows(reply: str) -> list[dict[str, Any]]:
    """The verdicts in a reply, whatever stands around them: an object, a list, one a line, cut off, {"1": {...}}."""
    text, at = _NO_JSON.sub(lambda found: found[0].lower().strip(","), reply[:LONGEST_REPLY]), 0
    found: list[dict[str, Any]] = []
    for _ in range(MOST_OBJECTS):
        if (start := text.find("{", at)) < 0:
            break
        at = start + 1  # of what is no verdict, what stands in it
        with contextlib.suppress(ValueError, RecursionError):
            value, end = _DECODER.raw_decode(text, start)
            if "supported" in value:
                named = _NAMED.search(text[max(0, start - 20) : start])
                found.append(({"id": named[1]} if named else {}) | value)
                at = end
    return found


def _ruling(row: dict[str, Any], claim: Claim, sources: Sequence[Source], asked: str) -> Ruling:
    wrong = str(row.get("wrong") or "")[:120]
    if str(row["supported"]).lower().strip(" .") not in YES or wrong.lower().strip(" .") not in NO_FAULT:
        return Ruling(False, "unsupported", wrong)
    said = row.get("quote") or ""
    quote = "…".join(map(str, said)) if isinstance(said, list) else str(said)
    # A header and a row further down; 'Source 2: "the words"'.
    ways = (quote, quote.replace("\n", "…"), max(_QUOTE_MARK.split(quote), key=len))
    named = [s for s in sources if s.n == _number(row.get("source"))]
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
