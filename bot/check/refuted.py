"""What a quote's words refute by themselves, whatever the verifier says: a figure exchanged, a "not" come or gone.

Pure. Between languages, where no word of the claim stands in the quote, both still work. They speak up only where
little else can be meant: a rule that costs true sentences is none (docs/lab/2026-11-28-check-2.md has the figures).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.check.claims import Claim, Ruling, figures, spelt_otherwise
from bot.check.lexicon import lexicon
from bot.check.sources import Source, heading, words
from bot.types import Support
from knowledge.text.figures_alike import may_stand_for
from knowledge.text.quantities import Quantity
from knowledge.text.words import stems

SIMPLE = 16  # words of a sentence with one thing to deny; measured: python -m tests.eval.recorded.changed
SIMPLE_QUOTE = 20  # words of a quote with one thing to deny; measured: python -m tests.eval.recorded.changed
SAME = 0.8  # share of content words by which two sentences are one; measured: python -m tests.eval.recorded.changed

_PARTS = re.compile(r"[;:()–—]")  # more than one thing is said
_MORE = re.compile(r"n t\b|\bnon\b", re.I)  # "don t", "non-member": what is denied can't be told
_VERDICT_END = re.compile(r"\s*([,.:;–—])\s*")
# Turkish denies in the middle of a word: "ödenmez", "verilmemeli", "ödenmemektedir", "etmeyecek", "olmadığı".
_TURKISH = re.compile(
    r"\w+(?:m[ae]z(?:s[ıi]n[ıi]z|l[ae]r)?|m[ae]m[ae](?:l[ıi]|s[ıi]|kt)\w*|m[ıiuü]yor\w*|m[ae]y(?:[ıi]n|[ae]c[ae]|[ae]n)\w*"
    r"|m[ae]d[ıi](?:m|n[ıi]z|k(?:ç[ae])?|ğ\w*|l[ae]r\w*)?)"  # no "immediately"
)


def refuted(claim: Claim, source: Source, support: Support, sources: Sequence[Source], asked: str) -> Ruling | None:
    """Why the quote, or a span that says more of the claim, speaks against the claim; None where it does not."""
    quoted = source.around(support.start, support.end)
    if claim.is_applied or not quoted:
        return None  # worked out from the rule and the asker's figures
    said = {word for word in words(claim.plain) if word[0].isalpha()} - lexicon().light
    others = [s for s in sources if s.n in claim.cites and s is not source]
    nearest = max(source.spans, key=lambda span: len(said & set(span.words)))
    is_nearest = len(said & set(nearest.words)) > len(said & {word for span in quoted for word in span.words})
    if is_nearest:
        quoted = [nearest]
    proof = "\n".join(span.whole_text for span in quoted)
    known = [asked, heading(source.passage), source.passage.text[support.start : support.end]]
    elsewhere = [f for text in (*known, *(s.passage.text for s in others)) for f in figures(text)]
    mine, theirs = _content(words(claim.plain)), _content(words(proof))
    if figure := _exchanged(claim, proof, elsewhere, source.passage.text, is_twin=mine == theirs):
        return Ruling(False, "figure", figure)
    negation = _denied(claim, proof, is_nearest=is_nearest) if len(quoted) == 1 else ""
    return Ruling(False, "negation", negation) if negation else None


def _exchanged(claim: Claim, quote: str, elsewhere: Sequence[Quantity], text: str, *, is_twin: bool) -> str:
    """The claim's figure that stands in the place of another one of the quote, as written; "" when none does.

    `elsewhere`: figures of the question, the title and the other cited sources; `text`: the source's.
    """
    said, there = (
        [f for f in figures(one) if f.kind != "weak" and (f.value, f.unit) != ("1", None)]
        for one in (claim.plain, quote)
    )
    unused = [known for known in there if not any(may_stand_for(figure, known) for figure in said)]
    for figure in said:
        written = claim.plain[figure.start : figure.end].strip()
        if any(may_stand_for(figure, known) for known in (*there, *elsewhere)):
            continue
        if spelt_otherwise(figure, written, [quote if figure.kind == "code" else text]):
            continue
        if (is_twin and figure.kind != "code") or any(
            (figure.kind, figure.unit) == (one.kind, one.unit) for one in unused
        ):
            return written
    return ""


def _denied(claim: Claim, quote: str, *, is_nearest: bool) -> str:
    """The word by which one of claim and quote denies what the other says; "" when they agree or it can't be told."""
    known = lexicon()
    opened = _opened(claim.plain)
    said, there = words(opened), words(quote)
    limits = [{w for w in one if w.partition("'")[0] in known.bounds} for one in (said, there)]
    mine, theirs = (_content(one) for one in (said, there))
    both, all_ = mine & theirs, mine | theirs
    agree = len(both) / (len(all_) or 1) if limits[0] == limits[1] else 0.0
    denials = [w for w in (*said, *there) if _denies(w)]
    if agree == 1 and len(denials) % 2 and not _MORE.search(f"{opened} {quote}"):
        return denials[0]
    is_foreign = len({*said} & {*there} & (known.light | known.hinges)) < 2 and not is_nearest
    is_simple = is_foreign and not any(limits) and len(said) <= SIMPLE and len(there) <= SIMPLE_QUOTE
    can_tell = not claim.context and not _PARTS.search(f"{opened} {quote}") and (agree >= SAME or is_simple)
    return denials[0] if len(denials) == 1 and can_tell and not _MORE.search(f"{opened} {quote}") else ""


def _content(said: Sequence[str]) -> frozenset[str]:
    """The stems of the words that are neither light nor hinges."""
    known = lexicon()
    return frozenset(stems(" ".join(w for w in said if w.isalpha() and w not in known.hinges))) - known.light


def _denies(word: str) -> bool:
    stem = word.partition("'")[0]
    return stem in lexicon().negations or word.endswith("n't") or _TURKISH.fullmatch(word) is not None


def _opened(text: str) -> str:
    """Less the "Yes," or "No:" that it opens with."""
    first, mark, rest = (*_VERDICT_END.split(text, maxsplit=1), "", "")[:3]
    return rest if mark and " ".join(words(first)) in lexicon().verdicts else text
