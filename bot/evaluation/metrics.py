"""Figures of one case and of many, with bootstrap intervals. Pure; randomness is an argument.

Evidence counts as found within B words when at least 80% of its word trigrams stand in the first B words of the ranked
passages; as quoted when they stand in the citations' quotes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bot.evaluation.gold import Case, Place
from bot.types import Answer, Citation, Outcome, Verdict
from knowledge.types import Passage

if TYPE_CHECKING:
    from random import Random

BUDGETS = (300, 750, 1500, 3000)  # words
ENOUGH = 0.8

Gram = tuple[str, ...]


def words(text: str) -> list[str]:
    """The words of a text as figures compare them: "Sec. 4.2" -> sec, 4, 2."""
    return re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKC", text).replace("\u00ad", "").lower())


def grams(tokens: Sequence[str], n: int) -> set[Gram]:
    """All runs of n words; of a shorter text the whole of it."""
    return {tuple(tokens[i : i + n]) for i in range(max(1, len(tokens) - n + 1))} if tokens else set()


def share(evidence: str, texts: Iterable[str]) -> float:
    """Share of the evidence's word trigrams (all its words if fewer than three) that occur in the texts."""
    wanted = words(evidence)
    n = min(3, len(wanted)) or 1
    needed = grams(wanted, n)
    if not needed:
        return 0.0
    seen: set[Gram] = set()
    for text in texts:
        seen |= grams(words(text), n)
    return len(needed & seen) / len(needed)


def cut(passages: Sequence[Passage], budget_words: int) -> list[str]:
    """The first `budget_words` words of the passages put end to end."""
    taken: list[str] = []
    left = budget_words
    for passage in passages:
        if left <= 0:
            break
        tokens = words(passage.text)[:left]
        left -= len(tokens)
        taken.append(" ".join(tokens))
    return taken


def same_document(a: str, b: str) -> bool:
    """Two names of one document: equal, one the tail of the other, or the same stem where one has no folder."""
    a, b = a.lower(), b.lower()
    if not a or not b:
        return False
    if a == b or a.endswith("/" + b) or b.endswith("/" + a):
        return True
    return ("/" not in a or "/" not in b) and PurePosixPath(a).stem == PurePosixPath(b).stem


def on_page(document: str, first: int | None, last: int | None, place: Place) -> bool:
    """Whether pages `first` to `last` of a document cover the gold place; False where either has no page."""
    return (
        place.page is not None
        and first is not None
        and same_document(document, place.doc)
        and first <= place.page <= (last or first)
    )


def retrieval(case: Case, passages: Sequence[Passage]) -> dict[str, float]:
    """Evidence recall at each budget, MRR, doc@5, page@5 (where the gold names a page)."""
    row = {f"evidence@{b}w": float(share(case.evidence, cut(passages, b)) >= ENOUGH) for b in BUDGETS}
    row["mrr@10"] = next((1 / i for i, p in enumerate(passages[:10], 1) if share(case.evidence, [p.text]) >= 0.5), 0.0)
    top = passages[:5]
    row["doc@5"] = float(any(same_document(p.document, place.doc) for p in top for place in case.places))
    if any(place.page for place in case.places):
        row["page@5"] = float(any(_at(p, place) for p in top for place in case.places))
    return row


def _at(passage: Passage, place: Place) -> bool:
    first, last = (passage.pages[0].page, passage.pages[-1].page) if passage.pages else (None, None)
    return on_page(passage.document, first, last, place)


def answering(case: Case, answer: Answer) -> dict[str, float]:
    """What the asker got: both refusal errors, evidence quoted, citations right, facts of the gold answer present."""
    refused = answer.outcome is Outcome.REFUSED
    if not case.answerable:
        # "I only know the policy manual" is an answer of a kind, and claims nothing
        return {"answered_unanswerable": float(not refused and bool(answer.citations))}
    row = {"refused_answerable": float(refused)}
    if case.evidence:
        quoted = share(case.evidence, [quote for c in answer.citations for quote in c.quotes or (c.quote,)])
        row |= {"evidence_quoted": float(quoted >= ENOUGH), "citation_recall": quoted}
        told = quoted if answer.citations else share(case.evidence, [near.quote for near in answer.closest])
        row["evidence_told"] = float(told >= ENOUGH)
    row["sentences_dropped"] = float(answer.dropped)
    claims = [s for s in answer.sentences if s.verdict is not Verdict.PLAIN]
    if claims:
        row["sentences_supported"] = sum(s.verdict is Verdict.SUPPORTED for s in claims) / len(claims)
    if answer.citations:
        texts = {passage.chunk_id: passage.text for passage in answer.passages}
        row["citations_resolve"] = sum(c.quote in texts.get(c.chunk_id, "") for c in answer.citations) / len(
            answer.citations
        )
        right = [c for c in answer.citations if any(_cites(c, place) for place in case.places)]
        row["citation_precision"] = len(right) / len(answer.citations)
        row["citation_hit"] = float(bool(right))
    facts = {w for text in case.answers for w in re.findall(r"\d[\d.,:]*\d|\d|(?<!^)\b[A-Z][\w-]+", text)}
    if facts:
        row["facts_in_text"] = sum(_states(answer.text, fact) for fact in facts) / len(facts)
    return row


def _states(text: str, fact: str) -> bool:
    """Whether the number or name stands in the text: 30 is neither in "130", nor in "30,000", nor in a marker [30]."""
    end = r"(?![\d]|[.,:]\d)" if fact[-1].isdigit() else ""
    return re.search(rf"(?<![\w])(?<!\d[.,:]){re.escape(fact)}{end}", re.sub(r"\[\d+\]", "", text)) is not None


def _cites(citation: Citation, place: Place) -> bool:
    if place.page is None:
        return same_document(citation.document, place.doc)
    return on_page(citation.document, citation.page, citation.page_end, place)


def interval(values: Sequence[float], rng: Random, draws: int = 1000) -> tuple[float, float, float]:
    """(mean, low, high): the mean and its 95% bootstrap interval."""
    mean = sum(values) / len(values)
    means = sorted(sum(rng.choices(values, k=len(values))) / len(values) for _ in range(draws))
    return mean, means[int(0.025 * draws)], means[int(0.975 * draws) - 1]


def summary(rows: Sequence[Mapping[str, float]], rng: Random) -> dict[str, dict[str, float]]:
    """For each figure: n, mean and interval over the rows that have it."""
    found: dict[str, dict[str, float]] = {}
    for key in dict.fromkeys(key for row in rows for key in row):
        values = [row[key] for row in rows if key in row]
        mean, low, high = interval(values, rng)
        found[key] = {"n": len(values), "mean": round(mean, 4), "low": round(low, 4), "high": round(high, 4)}
    return found


def percentile(values: Sequence[float], q: float) -> float:
    """The value below which a share q of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, ceil(q * len(ordered)) - 1)]
