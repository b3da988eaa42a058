"""Third judge: one small model call, believed only with a quote. Claims -> its request; its verdicts -> rulings. Pure.

The rule kept: a "supported" counts only with a quote that stands word for word in a source that was sent, speaks of
what the claim speaks of, and whose figures are the claim's. Words are the verifier's alone: a "may" for a "must", a
"not" that went, "at least" for "at most" (docs/lab/2026-12-01-check-3.md says what rules on them cost and stopped).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from bot.check.claims import Claim, Ruling, Source, locate, worked_out
from bot.check.lexicon import lexicon
from bot.check.markers import without
from bot.types import Support, Usage
from knowledge.text.figures_alike import crossed, exchanged, held, may_stand_for, only_counts, other_period, unexplained
from knowledge.text.quantities import Quantity, quantities
from knowledge.text.quotable import tables
from knowledge.text.sums import sums
from knowledge.text.words import hinges, light, stems
from knowledge.text.words import spelt as words

MOST_SOURCES = 6  # sources of one call; guess
ALIKE = 3  # words of the claim by which a cited span elsewhere counts too; measured: python -m tests.eval.recorded
SAME = 0.8  # share of a claim's words that a quote has, of those that one sentence has, to be it; guess
FEW = 4  # words of the claim by which one sentence of a quote is meant; measured: python -m tests.eval.recorded
YES = ("true", "yes", "1", "1.0", "supported", "fully supported", "entailed", "correct")  # as models write it
# What a model puts between the words that it quotes.
_BREAK = re.compile(r"\n|</?\w{1,9}>|[\"'“”»]\s*(?:,|/|and)\s*[\"'“„«]")
_AROUND = re.compile(r"[\"“”„«»:]")  # 'Source 2: "the words"'
_NUMBER = re.compile(r"^\d+(?:\.\d+)+\.?\s", re.M)  # of a clause, "3.1 "
Row = Mapping[str, str]  # one verdict: id, supported, quote, source, wrong
Request = Mapping[str, Any]  # the JSON object that the verifier reads


class Verifier(Protocol):
    """The endpoint that verifies, within its deadline. Raises bot.errors.AnswerError when it can't."""

    async def verify(self, request: Request, *, first: bool = True) -> tuple[Sequence[Row], Usage]:
        """The verdicts that came in time, by the names of their fields, and what they cost. First: people wait."""


def sources_for(claims: Sequence[Claim], sources: Sequence[Source], asked: str) -> list[Source]:
    """What the verifier reads: the cited sources first, then what is nearer to a claim in words than those."""
    chosen = {n: sources[n - 1] for claim in claims for n in claim.cites}
    for claim in claims:
        wanted = set(words(f"{claim.context} {claim.unmarked}")) | (set() if claim.cites else set(words(asked)))
        shared = {s.n: len(wanted & {w for span in s.spans for w in span.words}) for s in sources}
        nearest = sorted(shared, key=lambda n: (-shared[n], n not in claim.cites, n))
        chosen |= {n: sources[n - 1] for n in nearest[: 1 if claim.cites else 2]}
    return list(chosen.values())[:MOST_SOURCES]


def request(question: str, claims: Mapping[int, Claim], sources: Sequence[Source]) -> Request:
    """What the verifier reads; claims by id."""
    return {
        "question": question,
        "sources": [{"n": s.n, "title": s.passage.heading, "text": s.passage.for_model} for s in sources],
        "claims": [
            {"id": n, "text": c.unmarked, "cites": list(c.cites)} | ({"context": c.context} if c.context else {})
            for n, c in claims.items()
        ],
    }


def rulings(
    rows: Sequence[Row], claims: Mapping[int, Claim], sources: Sequence[Source], asked: str, today: str = ""
) -> dict[int, Ruling]:
    """What the verdicts rule about the claims; those that none speaks of, or that two contradict, are left out."""
    ids = [_number(row.get("id", "")) for row in rows]
    if ids in ([None] * len(claims), [*range(len(claims))]):  # no ids, or they count from 0
        ids = list(claims)
    by_claim: dict[int, Ruling] = {}
    for n, claim in claims.items():
        own = [row for at, row in zip(ids, rows, strict=True) if at == n]
        if len({_says_yes(row) for row in own}) == 1:
            by_claim[n] = max((_ruling(row, claim, sources, asked, today) for row in own), key=lambda r: r.supported)
    return by_claim


def _number(written: str) -> int | None:  # "claim 1" -> 1
    return int(digits[0]) if (digits := re.search(r"[0-9]{1,9}", written)) else None


def _says_yes(row: Row) -> bool:
    """Whether it says "supported" and names no fault beside it; "no difference" is none."""
    wrong = row.get("wrong", "").strip("[] ")
    said = {*words(wrong)}
    is_right = not wrong or (said <= lexicon("faultless") and not said.isdisjoint(lexicon("denials")))
    return is_right and row["supported"].lower().strip(" .!*`") in YES


def _ruling(row: Row, claim: Claim, sources: Sequence[Source], asked: str, today: str) -> Ruling:
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
        if (against := refuted(claim, source, support, sources, asked, today)) is not None:
            return against
        rests_on = (_stretched(support, source), *_besides(claim, source, sources))
        return Ruling(True, "applied" if claim.is_applied else "verified", supports=rests_on)
    return Ruling(False, "no_quote", quote[:120])


def _stretched(support: Support, source: Source) -> Support:
    """The sentences, items or rows that a quote touches: a few words stand in more than one place of a passage."""
    spans = source.around(support.start, support.end)
    edges = [support.start, support.end, *(edge for span in spans for edge in (span.start, span.end))]
    return Support(support.source, min(edges), max(edges))


def _besides(claim: Claim, source: Source, sources: Sequence[Source]) -> Iterator[Support]:
    """Where others that are cited say what this one doesn't: a figure, or most of the claim's words that it lacks."""
    known = quantities(source.whole)
    own = (f for f in quantities(claim.unmarked) if f.kind != "weak")
    figures = {f for f in own if not any(may_stand_for(f, k) for k in known)}
    lacking = {*filter(str.isalpha, stems(claim.unmarked))} - light() - {*stems(source.passage.text)}
    for other in (s for s in sources if s.n in claim.cites and s is not source):
        found = (({f for f in figures if held(f, quantities(one.text))}, one) for one in other.spans)
        said = [(has, lacking & {*stems(one.whole_text)}, one) for has, one in found]
        there, named, span = max(said, key=lambda one: (len(one[0]), len(one[1])), default=(set(), set(), None))
        if span and (there or len(named) > max(1, len(lacking) / 2)):
            figures, lacking = figures - there, lacking - named
            yield Support(other.n, span.start, span.end)


def _beside_the_point(claim: Claim, source: Source, support: Support) -> bool:
    """Whether the quoted sentence shares no word of content with the claim, though its source does."""
    stemmed = set(stems(claim.unmarked)) - light()
    quoted = " ".join(span.whole_text for span in source.around(support.start, support.end))
    alike = {word for word in stemmed & set(stems(source.passage.text)) if word.isalpha()}
    return not claim.is_applied and len(alike) >= ALIKE and not stemmed & set(stems(quoted))


def refuted(
    claim: Claim, source: Source, support: Support, sources: Sequence[Source], asked: str, today: str = ""
) -> Ruling | None:
    """The figure by which the quote, or a span that says more of the claim, speaks against it; None without one."""
    quoted = touched = source.around(support.start, support.end)
    if not source.spans:
        return None
    wanted = {word for word in words(claim.unmarked) if word[0].isalpha()} - light() - hinges()
    nearest = max(source.spans, key=lambda span: len(wanted & {*span.words}))
    best, own = len(wanted & {*nearest.words}), len(wanted & {word for span in quoted for word in span.words})
    is_near = 2 * own >= best or (own > 0 and "|" in quoted[0].text)
    if best > own or not quoted or (best >= FEW and best >= SAME * own):  # a heading, or one sentence says it all
        quoted = [nearest]
    proof = "\n".join(span.whole_text for span in quoted)
    exact = source.passage.text[support.start : support.end]
    others = [s.whole for s in sources if s.n in claim.cites and s is not source]
    besides = (asked, claim.context, today, source.passage.title, *others)
    elsewhere = [f for text in besides for f in quantities(text)]
    known = [*elsewhere, *quantities(source.whole)]
    elsewhere += (follows := worked_out(claim, asked, today, [asked, *others, source.whole]))
    if unknown := unexplained(claim.unmarked, [*known, *follows], [source.passage.text, *others]):
        return Ruling(False, "figure", unknown)
    elsewhere += [f for one in sums(claim.unmarked) if one.is_right for f in one.parts if isinstance(f, Quantity)]
    if claim.applies(asked):
        return None  # what the rule says may be turned for the asker's case, and rows be added up
    there = tables(source.spans)
    prose = [f for span in source.spans if span.over not in there for f in quantities(span.text)]
    beside: list[Quantity] = []  # figures of the rows that are spoken of, and of their header
    for over, table in there.items():
        if misplaced := table.misplaced(claim.unmarked, [*elsewhere, *prose]):
            return Ruling(False, "figure", misplaced)
        spoken = table.rows_of(claim.unmarked) or table.rows_of(asked)
        if spoken or any(span.over == over for span in touched):
            beside += table.figures(spoken)
    is_meant = own >= best or sum(f.kind != "weak" for f in quantities(claim.unmarked)) > 1
    in_quoted = [f for text in (exact, *(span.text for span in touched)) if is_meant for f in quantities(text)]
    is_row = len(quoted) == 1 and "|" in proof
    for quote, given in ((proof, [*elsewhere, *in_quoted, *beside]), (exact if is_near else "", [*elsewhere, *beside])):
        quote = _NUMBER.sub("", quote)
        is_twin = _content(claim.unmarked) == _content(quote)
        figure = exchanged(claim.unmarked, quote, given, source.passage.text, is_twin=is_twin, is_row=is_row)
        if figure and not (claim.is_applied and only_counts(figure)):
            return Ruling(False, "figure", figure)
    figure = crossed(claim.unmarked, proof)
    if not figure and len(quoted) == 1:  # one of several sentences may say otherwise of something else
        figure = other_period(claim.unmarked, proof, asked, is_row=is_row)
    return Ruling(False, "figure", figure) if figure else None


def _content(text: str) -> set[str]:
    return {*stems(" ".join(word for word in words(text) if word.isalpha() and word not in hinges()))} - light()
