"""What a quote's words refute by themselves: a figure exchanged, a word turned round, a "not".

Pure. Between languages, where no word of the claim stands in the quote, they still work. They speak up only where
little else can be meant: a rule that costs true sentences is none (docs/lab/2026-11-28-check-3.md has the figures).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.check.claims import Claim, Ruling
from bot.check.lexicon import lexicon
from bot.check.sources import Source
from bot.types import Support
from knowledge.text import contradiction
from knowledge.text.contradiction import SAME, content, denied, other_period, turned
from knowledge.text.figures_alike import crossed, exchanged, unexplained
from knowledge.text.quantities import quantities
from knowledge.text.words import spelt as words

FEW = 4  # words of the claim by which one sentence of a quote is meant; measured: python -m tests.eval.recorded
_VERDICT_END = re.compile(r"\s*([,.:;–—])\s*")


def refuted(claim: Claim, source: Source, support: Support, sources: Sequence[Source], asked: str) -> Ruling | None:
    """Why the quote, or a span that says more of the claim, speaks against the claim; None where it does not."""
    quoted = source.around(support.start, support.end)
    if claim.is_applied or not source.spans:
        return None  # worked out from the rule and the asker's figures
    wanted = {word for word in words(claim.plain) if word[0].isalpha()} - contradiction.lexicon("light")
    nearest = max(source.spans, key=lambda span: len(wanted & {*span.words}))
    best, own = len(wanted & {*nearest.words}), len(wanted & {word for span in quoted for word in span.words})
    is_near, is_single = 2 * own >= best or (own > 0 and "|" in quoted[0].text), len(quoted) == 1
    if best > own or not quoted or (best >= FEW and best >= SAME * own):  # a heading, or one sentence says it all
        quoted = [nearest]
    proof = "\n".join(span.whole_text for span in quoted)
    exact = source.passage.text[support.start : support.end]
    others = [s.passage.text for s in sources if s.n in claim.cites and s is not source]
    elsewhere = [f for text in (asked, *others) for f in quantities(text)]
    known = [*elsewhere, *quantities(f"{source.passage.heading}\n{source.passage.text}")]
    if unknown := unexplained(claim.plain, known, [source.passage.text, *others]):
        return Ruling(False, "figure", unknown)
    is_row = len(quoted) == 1 and "|" in proof
    for quote, known in ((proof, [*elsewhere, *quantities(exact)]), (exact if is_near else "", elsewhere)):
        is_twin = content(claim.plain) == content(quote)
        if figure := exchanged(claim.plain, quote, known, source.passage.text, is_twin=is_twin, is_row=is_row):
            return Ruling(False, "figure", figure)
    if figure := crossed(claim.plain, proof):
        return Ruling(False, "figure", figure)
    if len(quoted) > 1:
        return None  # one of several sentences may say otherwise of something else
    statement = _opened(claim.plain)
    if opposite := turned(statement, proof) or other_period(statement, proof, asked, is_row=is_row):
        return Ruling(False, "opposite", opposite)
    negation = "" if claim.context else denied(statement, proof, exact if is_single else proof)
    return Ruling(False, "negation", negation) if negation else None


def _opened(text: str) -> str:
    """Less the "Yes," or "No:" that it opens with."""
    first, mark, rest = (*_VERDICT_END.split(text, maxsplit=1), "", "")[:3]
    return rest if mark and " ".join(words(first)) in lexicon("verdicts") else text
