"""Comparisons and gates against cases worked out by hand."""

from random import Random

import pytest

from bot.evaluation.metrics import flipped, paired, sign_test, under, worse_than
from bot.evaluation.run import CaseResult, summary
from tests.rows import each


def result(n: int, outcome: str = "answered", wording: str = "question", **figures: float) -> CaseResult:
    return CaseResult(str(n), wording, f"Question {n}?", figures, outcome, f"text {outcome}", ("a.pdf, page 3",))


def test_differences_are_of_the_same_case_only() -> None:
    a = [result(n, evidence_quoted=float(n < 4)) for n in range(10)]  # 4 of 10
    b = [result(n, evidence_quoted=float(n < 9)) for n in range(9, -1, -1)]  # 9 of 10, in another order
    (row,) = paired(a, [*b, result(99, evidence_quoted=0.0)], Random(0))
    assert (row["n"], row["a"], row["b"], row["difference"]) == (10, 0.4, 0.9, 0.5)
    assert (row["better"], row["worse"], row["verdict"]) == (5, 0, "better")
    assert row["low"] > 0 and row["sign_p"] == 0.0625, "2 / 2**5"


def test_where_less_is_better_more_is_worse() -> None:
    a = [result(n, refused_answerable=0.0) for n in range(20)]
    b = [result(n, refused_answerable=float(n < 10)) for n in range(20)]
    (row,) = paired(a, b, Random(0))
    assert (row["better"], row["worse"], row["verdict"]) == (0, 10, "worse")
    assert worse_than(a, b, Random(0)) and not worse_than(b, a, Random(0))


def test_a_difference_that_may_be_chance_is_none() -> None:
    a = [result(n, evidence_quoted=float(n % 2)) for n in range(10)]
    b = [result(n, evidence_quoted=float(n % 2 or n == 0)) for n in range(10)]
    (row,) = paired(a, b, Random(0))
    assert row["difference"] == 0.1 and row["verdict"] == "same" and worse_than(b, a, Random(0)) == []


@each("better, worse, p", [(0, 0, 1.0), (1, 1, 1.0), (3, 0, 0.25), (0, 10, 2 / 1024), (8, 2, 112 / 1024)])
def test_the_sign_test(better: int, worse: int, p: float) -> None:
    assert sign_test(better, worse) == pytest.approx(p)


def test_flipped_cases_are_told_with_both_texts() -> None:
    a = [result(1, evidence_quoted=1.0), result(2, evidence_quoted=1.0), result(3, "refused", facts_in_text=0.5)]
    b = [result(1, evidence_quoted=1.0), result(2, evidence_quoted=0.0), result(3, facts_in_text=0.7)]
    two, three = flipped(a, b)
    assert two["id"] == "2" and two["flipped"] == ["evidence_quoted: 1 -> 0"]
    assert three["flipped"] == ["refused -> answered"] and three["b"]["text"] == "text answered"


def test_a_newly_failed_case_is_worse() -> None:
    assert worse_than([result(1)], [result(1, "failed")], Random(0)) == ["newly failed: 1"]
    assert worse_than([result(1, "failed")], [result(1, "failed")], Random(0)) == []


def test_thresholds() -> None:
    found = summary(
        [result(n, evidence_quoted=float(n < 8), refused_answerable=float(n == 0)) for n in range(10)]
        + [result(0, wording="question_keywords", evidence_quoted=1.0)]
    )
    assert (
        under(
            found, [("evidence_quoted", 0.8), ("question_keywords.evidence_quoted", 1.0), ("refused_answerable", 0.1)]
        )
        == []
    )
    told = under(found, [("evidence_quoted", 0.81), ("refused_answerable", 0.05), ("invented", 1.0)])
    assert [line.split(":")[0] for line in told] == ["evidence_quoted", "refused_answerable", "invented"]
