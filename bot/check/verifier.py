"""Third judge: one small model call, believed only with a quote. Claims -> its request; its verdicts -> rulings. Pure.

The rule kept: a "supported" counts only with a quote that stands word for word in a source that was sent, speaks of
what the claim speaks of, and does not refute it. A verdict that is cut off, two for one claim that contradict each
other, or one with a fault named beside it counts for nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.check.claims import Claim, Ruling
from bot.check.lexicon import lexicon
from bot.check.markers import without
from bot.check.refuted import refuted
from bot.check.sources import Source, locate
from bot.types import Support, Usage
from knowledge.text import contradiction
from knowledge.text.words import spelt as words
from knowledge.text.words import stems

MOST_SOURCES = 6  # sources of one call; guess
ALIKE = 3  # words of the claim by which a cited span elsewhere counts too; measured: python -m tests.eval.recorded
YES = ("true", "yes", "1", "1.0", "supported", "fully supported", "entailed", "correct")  # as models write it
_DIGITS = re.compile(r"[0-9]{1,9}")
# What a model puts between the words that it quotes.
_BREAK = re.compile(r"\n|</?\w{1,9}>|[\"'“”»]\s*(?:,|/|and)\s*[\"'“„«]")
_AROUND = re.compile(r"[\"“”„«»:]")  # 'Source 2: "the words"'

Row = Mapping[str, str]  # one verdict: id, supported, quote, source, wrong


class Verifier(Protocol):
    """The endpoint that verifies, within its deadline. Raises bot.errors.AnswerError when it can't."""

    async def verify(self, request: str) -> tuple[Sequence[Row], Usage]:
        """The verdicts that came in time of the reply to a request, by the names of their fields, and what it cost."""


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


def rulings(
    rows: Sequence[Row], claims: Mapping[int, Claim], sources: Sequence[Source], asked: str
) -> dict[int, Ruling]:
    """What the verdicts rule about the claims; those that none speaks of, or that two contradict, are left out."""
    ids = [_number(row.get("id", "")) for row in rows]
    if ids in ([None] * len(claims), [*range(len(claims))]):  # no ids, or they count from 0
        ids = list(claims)
    by_claim: dict[int, Ruling] = {}
    for n, claim in claims.items():
        own = [row for at, row in zip(ids, rows, strict=True) if at == n]
        if len({_says_yes(row) for row in own}) == 1:
            ruled = [_ruling(row, claim, sources, asked) for row in own]
            by_claim[n] = next((one for one in ruled if one.supported), ruled[0])
    return by_claim


def _number(written: str) -> int | None:
    """ "1", "claim 1" -> 1; None where there is none."""
    digits = _DIGITS.search(written)
    return int(digits[0]) if digits else None


def _says_yes(row: Row) -> bool:
    """Whether it says "supported" and names no fault beside it; "no difference" is none."""
    wrong = row.get("wrong", "")
    wrong = wrong[1:-1].strip() if wrong.endswith("]") else wrong
    is_right = not wrong or ({*words(wrong)} <= lexicon("faultless") and any(map(contradiction.denies, words(wrong))))
    return is_right and row["supported"].lower().strip(" .!*`") in YES


def _ruling(row: Row, claim: Claim, sources: Sequence[Source], asked: str) -> Ruling:
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
    stemmed = set(stems(claim.plain)) - contradiction.lexicon("light")
    quoted = " ".join(span.whole_text for span in source.around(support.start, support.end))
    alike = {word for word in stemmed & set(stems(source.passage.text)) if word.isalpha()}
    return not claim.is_applied and len(alike) >= ALIKE and not stemmed & set(stems(quoted))
