"""Figures of one case and of many, and of two runs beside each other. Pure; randomness is an argument.

Evidence counts as found within B words when at least 80% of its word trigrams stand in the first B words of the ranked
passages; as quoted when they stand in the citations' quotes. Of two runs only the cases that both have are compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from math import ceil, comb
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from bot.evaluation.gold import Case, GoldPlace
from bot.types import Answer, Citation, Outcome, Verdict
from knowledge.types import Passage

if TYPE_CHECKING:
    from random import Random

    from bot.evaluation.run import CaseResult

BUDGETS = (300, 750, 1500, 3000)  # words
ENOUGH = 0.8

Gram = tuple[str, ...]
LESS_IS_BETTER = ("refused_answerable", "answered_unanswerable", "sentences_dropped")
FLIPS = ("refused_answerable", "answered_unanswerable", "evidence_quoted", "citation_hit", "evidence@1500w")


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


def trim(passages: Sequence[Passage], budget_words: int) -> list[str]:
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


def on_page(document: str, first: int | None, last: int | None, place: GoldPlace) -> bool:
    """Whether pages `first` to `last` of a document cover the gold place; False where either has no page."""
    return (
        place.page is not None
        and first is not None
        and same_document(document, place.doc)
        and first <= place.page <= (last or first)
    )


def retrieval(case: Case, passages: Sequence[Passage]) -> dict[str, float]:
    """Evidence recall at each budget, MRR, doc@5, page@5 (where the gold names a page)."""
    row = {f"evidence@{b}w": float(share(case.evidence, trim(passages, b)) >= ENOUGH) for b in BUDGETS}
    row["mrr@10"] = next((1 / i for i, p in enumerate(passages[:10], 1) if share(case.evidence, [p.text]) >= 0.5), 0.0)
    top = passages[:5]
    row["doc@5"] = float(any(same_document(p.document, place.doc) for p in top for place in case.places))
    if any(place.page for place in case.places):
        row["page@5"] = float(any(_at(p, place) for p in top for place in case.places))
    return row


def _at(passage: Passage, place: GoldPlace) -> bool:
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
        shown = quoted if answer.citations else share(case.evidence, [near.quote for near in answer.closest])
        row["evidence_told"] = float(shown >= ENOUGH)
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


def _cites(citation: Citation, place: GoldPlace) -> bool:
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
    figures: dict[str, dict[str, float]] = {}
    for key in dict.fromkeys(key for row in rows for key in row):
        values = [row[key] for row in rows if key in row]
        mean, low, high = interval(values, rng)
        figures[key] = {"n": len(values), "mean": round(mean, 4), "low": round(low, 4), "high": round(high, 4)}
    return figures


def percentile(values: Sequence[float], q: float) -> float:
    """The value below which a share q of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, ceil(q * len(ordered)) - 1)]


def paired(a: Sequence[CaseResult], b: Sequence[CaseResult], rng: Random) -> list[dict[str, Any]]:
    """For each wording and figure: both means, the mean difference with its 95% bootstrap interval, the sign test.

    `verdict` is better or worse where the interval excludes 0, from the point of view of b.
    """
    pairs = _pairs(a, b)
    rows = []
    for wording in dict.fromkeys(old.wording for old, _ in pairs):
        mine = [(old, new) for old, new in pairs if old.wording == wording]
        for figure in dict.fromkeys(name for old, _ in mine for name in old.figures):
            both = [
                (old.figures[figure], new.figures[figure])
                for old, new in mine
                if figure in old.figures and figure in new.figures
            ]
            if both:
                rows.append({"wording": wording, "figure": figure, **_difference(figure, both, rng)})
    return rows


def _pairs(a: Sequence[CaseResult], b: Sequence[CaseResult]) -> list[tuple[CaseResult, CaseResult]]:
    known = {(one.id, one.wording): one for one in b}
    return [(one, known[one.id, one.wording]) for one in a if (one.id, one.wording) in known]


def _difference(figure: str, both: Sequence[tuple[float, float]], rng: Random) -> dict[str, Any]:
    differences = [new - old for old, new in both]
    mean, low, high = interval(differences, rng)
    up, down = sum(d > 0 for d in differences), sum(d < 0 for d in differences)
    better, worse = (down, up) if figure in LESS_IS_BETTER else (up, down)
    sure = low > 0 or high < 0
    return {
        "n": len(both),
        "a": round(sum(old for old, _ in both) / len(both), 4),
        "b": round(sum(new for _, new in both) / len(both), 4),
        "difference": round(mean, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "better": better,
        "worse": worse,
        "sign_p": round(sign_test(better, worse), 4),
        "verdict": ("worse" if (mean > 0) == (figure in LESS_IS_BETTER) else "better") if sure else "same",
    }


def sign_test(better: int, worse: int) -> float:
    """Two-sided: the chance of a split as uneven as this if either way were as likely; ties are left out."""
    n = better + worse
    if not n:
        return 1.0
    tail = sum(comb(n, k) for k in range(min(better, worse) + 1))
    return float(min(1.0, 2 * tail / 2**n))


def flipped(a: Sequence[CaseResult], b: Sequence[CaseResult]) -> list[dict[str, Any]]:
    """The cases whose outcome or a yes-or-no figure differs, with both texts."""
    rows = []
    for old, new in _pairs(a, b):
        turned = [
            f"{name}: {old.figures[name]:g} -> {new.figures[name]:g}"
            for name in FLIPS
            if name in old.figures and name in new.figures and old.figures[name] != new.figures[name]
        ]
        if old.outcome != new.outcome:
            turned.insert(0, f"{old.outcome} -> {new.outcome}")
        if turned:
            rows.append(
                {
                    "id": old.id,
                    "wording": old.wording,
                    "question": old.question,
                    "flipped": turned,
                    "a": {"outcome": old.outcome, "text": old.text, "cites": list(old.cites)},
                    "b": {"outcome": new.outcome, "text": new.text, "cites": list(new.cites)},
                }
            )
    return rows


def worse_than(baseline: Sequence[CaseResult], now: Sequence[CaseResult], rng: Random) -> list[str]:
    """The figures that are worse than the baseline's beyond chance, in words; a case that newly failed is one."""
    worse = [
        f"{row['wording']} {row['figure']}: {row['a']} -> {row['b']} [{row['low']:+}, {row['high']:+}]"
        for row in paired(baseline, now, rng)
        if row["verdict"] == "worse"
    ]
    newly = [new.id for old, new in _pairs(baseline, now) if new.outcome == "failed" != old.outcome]
    return [*worse, *([f"newly failed: {', '.join(newly)}"] if newly else [])]


def under(summary: Mapping[str, Any], wanted: Sequence[tuple[str, float]]) -> list[str]:
    """The thresholds that the summary does not reach, in words.

    A name is a figure of the wording `question`, or `wording.figure`. Where less is better the value is the most.
    """
    missed = []
    for name, value in wanted:
        wording, _, figure = name.rpartition(".")
        measured = summary.get(wording or "question", {}).get(figure)
        if measured is None:
            missed.append(f"{name}: not measured here")
        elif figure in LESS_IS_BETTER and measured["mean"] > value:
            missed.append(f"{name}: {measured['mean']} is over {value:g}")
        elif figure not in LESS_IS_BETTER and measured["mean"] < value:
            missed.append(f"{name}: {measured['mean']} is under {value:g}")
    return missed
