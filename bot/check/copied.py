"""First judge: a sentence that says what a cited passage says in the passage's own words. No call. Pure.

The rule kept: at least COPIED of its words stand in order in a span of the passage, what it adds or leaves out are
articles and the like, never a "not", "unless" or "only", and its figures are the span's. So a clause dropped or added
sends it to the verifier, true or not.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import LCSseq

from bot.check.claims import Claim, figures, opens_with
from bot.check.lexicon import lexicon
from bot.check.sources import Source, Span, words
from bot.types import Support
from knowledge.text.figures_alike import held

COPIED = 0.9  # share of words in common; measured: python -m tests.eval.recorded
MOST_SPANS = 3  # neighbouring sentences read as one; guess
FEWEST_WORDS = 3  # words of a sentence that can be a copy; guess


def copied(claim: Claim, sources: Iterable[Source]) -> Support | None:
    """Where one of the sources says it, the shortest span first."""
    said = words(claim.plain)
    under = words(claim.context) if claim.kind in ("item", "row") else ()
    if len(said) + len(under) < FEWEST_WORDS or opens_with(claim.plain, lexicon().verdicts):
        return None
    for source in sources:
        for size in range(1, MOST_SPANS + 1):
            for first in range(len(source.spans) - size + 1):
                group = source.spans[first : first + size]
                if _says(group, said, under, claim):
                    return Support(source.n, group[0].start, group[-1].end)
    return None


def _says(group: tuple[Span, ...], said: tuple[str, ...], under: tuple[str, ...], claim: Claim) -> bool:
    there = tuple(word for span in group for word in span.words)
    if LCSseq.similarity(said, there) < COPIED * len(said):
        return False
    over = words(group[0].over[2]) if group[0].over else ()
    if LCSseq.similarity(under, over) < COPIED * len(under):
        return False  # an item means what its lead-in makes of it
    known = lexicon()
    edits = LCSseq.editops(said, there)
    changed = [said[e.src_pos] if e.tag == "delete" else there[e.dest_pos] for e in edits]
    if any(word not in known.light or word in known.hinges for word in changed):
        return False
    own = [f for span in group for f in figures(span.text)]
    return all(held(figure, own) for figure in figures(claim.plain))
