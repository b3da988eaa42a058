"""A claim that failed -> the manual's own sentence in its stead, in quotation marks: an answer has no holes. Pure.

Of the cited passages, then of all, the span that says most of the claim and of the question; near enough or nothing.
A table row comes with its header, a list item with its lead-in. What was shown already is not shown twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bot.check.claims import Claim
from bot.check.sources import Source, Span
from bot.types import Checked, Support, Verdict
from knowledge.text.figures_alike import held
from knowledge.text.quantities import quantities
from knowledge.text.words import stems

ENOUGH = 0.34  # share of the claim's own words that the span must hold; measured: python -m tests.eval.recorded
OF_QUESTION = 0.5  # weight of the question's words against the claim's; guess
OF_FIGURES = 0.05  # score for a figure of the claim that the span has; guess
LONGEST_OVER = 240  # characters of a lead-in or header that is quoted with its item or row; guess
_BULLET = re.compile(r"(?:[-*+•–‣◦▪●○]|\(?\d{1,3}[.)])\s+")


def repair(claim: Claim, sources: Sequence[Source], asked: str, shown: Collection[Support]) -> Checked | None:
    """The quotation that stands in for the claim; None where nothing is near enough or all of it was shown."""
    wanted = {stem for stem in stems(claim.plain) if not stem[0].isdigit()}  # a figure may be what is wrong
    question = set(stems(asked))
    claimed = [f for f in quantities(claim.plain) if f.kind != "weak"]
    best: tuple[float, Source, Span] | None = None
    for source in sorted(sources, key=lambda source: source.n not in claim.cites):
        if best is not None and source.n not in claim.cites:
            break
        for span in source.spans:
            there = set(stems(f"{span.whole_text} {source.passage.section[-1] if source.passage.section else ''}"))
            near = len(wanted & there) / (len(wanted) or 1)
            figures_held = sum(held(figure, quantities(span.text)) for figure in claimed)
            if near < ENOUGH and not figures_held:
                continue
            score = near + OF_QUESTION * len(question & there) / (len(question) or 1)
            score += OF_FIGURES * figures_held
            if best is None or score > best[0]:
                best = (score, source, span)
    return quoted(claim, best[1], best[2], shown) if best else None


def quoted(claim: Claim, source: Source, span: Span, shown: Collection[Support]) -> Checked | None:
    """The span as a quotation that takes the claim's place; None when it was shown."""
    if any(s.source == source.n and s.start < span.end and span.start < s.end for s in shown):
        return None
    text = span.text
    if span.over and len(span.over[2]) <= LONGEST_OVER:
        between = source.passage.text[span.over[1] : span.start]
        text = f"{span.over[2]} {'' if between.isspace() else '… '}{text}"
    body = claim.text.lstrip()
    gap = claim.text[: len(claim.text) - len(body)]
    mark = bullet[0] if claim.kind == "item" and (bullet := _BULLET.match(body)) else ""
    quotation = f"{mark}“{' '.join(text.split())}”"
    if claim.kind == "row":  # one cell: a table stays one
        quotation = f"| {quotation.replace(' | ', ' · ')} |"
    support = Support(source.n, span.start, span.end)
    return Checked(f"{gap}{quotation}", Verdict.SUPPORTED, (support,), reason="quoted")
