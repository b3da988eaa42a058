"""Second judge: what no reading can make true, in any language. No call. Pure.

A figure with its unit, a date, a percentage, an identifier, an address or a quotation that neither the sources nor the
asker know is nobody's but the model's, personal data first; nor does anything leave that holds the canary or gives
orders to a model. Compared by value, across digits and number words of the languages served. What may be another way to
say the same (a conversion, "half", "first", a small count) is left to the verifier: a veto that costs true sentences is
none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.check.claims import Claim, Ruling, figures, quotations, squeezed, unexplained
from bot.check.sources import Source, heading, words
from bot.privacy.find import find
from knowledge.text.figures_alike import foreign_measure
from knowledge.text.injection import flag

PHONE_END = 7  # digits by which two ways to write a phone number are the same; guess
# "in may?" of a question names a month, "may I?" none
_MONTH = re.compile(r"\b(?:in|until|till|by|since|im|bis|seit|en|hasta|desde|depuis)\s\w+", re.I)


def veto(claim: Claim, sources: Sequence[Source], asked: str, *, may_work_out: bool) -> Ruling | None:
    """Why the claim can't be shown; None when nothing speaks against it. `asked` is the question with its thread."""
    if flag(claim.text):
        return Ruling(False, "order")
    if nobodys := _nobodys(claim.text, sources, asked):
        return Ruling(False, "personal", nobodys)
    if not (may_work_out and claim.is_applied):
        known = [f for s in sources for f in (*figures(s.passage.text), *figures(heading(s.passage)))]
        texts = [asked, *(s.passage.text for s in sources)]
        known += figures(asked)
        unknown = unexplained(claim.plain, known, texts, counts_too=claim.kind != "over")
        texts[0] = _MONTH.sub(lambda found: found[0].title(), asked)
        unknown = unknown or foreign_measure(claim.plain, texts, known)
        if unknown:
            return Ruling(False, "figure", unknown)
    quoted = quotations(claim.text)
    texts = [" ".join(words(text)) for text in (*(s.passage.text for s in sources), asked)] if quoted else []
    unknown = next((one for one in quoted if not any(" ".join(words(one)) in text for text in texts)), "")
    return Ruling(False, "quotation", unknown) if unknown else None


def _nobodys(said: str, sources: Sequence[Source], asked: str) -> str:
    """The kind of the first personal value that neither a source nor the asker holds; "" where there is none."""
    spans = find(said)
    known = [asked, *(f"{heading(s.passage)}\n{s.passage.text}" for s in sources)] if spans else []
    held = squeezed("\n".join(known))
    for span in spans:
        value = squeezed(said[span.start : span.end])
        if (value[-PHONE_END:] if span.kind == "PHONE" else value) not in held:
            return span.kind
    return ""
