"""Two runs over the same cases: paired differences with intervals, flipped cases; thresholds and baselines. Pure.

In: results of both. Out: JSON-ready rows. Rule kept: only cases that both runs have are compared, each with itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb
from typing import TYPE_CHECKING, Any

from bot.evaluation import metrics

if TYPE_CHECKING:
    from random import Random

    from bot.evaluation.run import Result

LESS_IS_BETTER = ("refused_answerable", "answered_unanswerable", "sentences_dropped")
FLIPS = ("refused_answerable", "answered_unanswerable", "evidence_quoted", "citation_hit", "evidence@1500w")


def paired(a: Sequence[Result], b: Sequence[Result], rng: Random) -> list[dict[str, Any]]:
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


def _pairs(a: Sequence[Result], b: Sequence[Result]) -> list[tuple[Result, Result]]:
    known = {(one.id, one.wording): one for one in b}
    return [(one, known[one.id, one.wording]) for one in a if (one.id, one.wording) in known]


def _difference(figure: str, both: Sequence[tuple[float, float]], rng: Random) -> dict[str, Any]:
    differences = [new - old for old, new in both]
    mean, low, high = metrics.interval(differences, rng)
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


def flipped(a: Sequence[Result], b: Sequence[Result]) -> list[dict[str, Any]]:
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


def worse_than(baseline: Sequence[Result], now: Sequence[Result], rng: Random) -> list[str]:
    """The figures that are worse than the baseline's beyond chance, in words; a case that newly failed is one."""
    told = [
        f"{row['wording']} {row['figure']}: {row['a']} -> {row['b']} [{row['low']:+}, {row['high']:+}]"
        for row in paired(baseline, now, rng)
        if row["verdict"] == "worse"
    ]
    newly = [new.id for old, new in _pairs(baseline, now) if new.outcome == "failed" != old.outcome]
    return [*told, *([f"newly failed: {', '.join(newly)}"] if newly else [])]


def under(summary: Mapping[str, Any], wanted: Sequence[tuple[str, float]]) -> list[str]:
    """The thresholds that the summary does not reach, in words.

    A name is a figure of the wording `question`, or `wording.figure`. Where less is better the value is the most.
    """
    told = []
    for name, value in wanted:
        wording, _, figure = name.rpartition(".")
        found = summary.get(wording or "question", {}).get(figure)
        if found is None:
            told.append(f"{name}: not measured here")
        elif figure in LESS_IS_BETTER and found["mean"] > value:
            told.append(f"{name}: {found['mean']} is over {value:g}")
        elif figure not in LESS_IS_BETTER and found["mean"] < value:
            told.append(f"{name}: {found['mean']} is under {value:g}")
    return told
