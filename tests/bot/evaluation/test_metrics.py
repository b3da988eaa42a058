"""Evaluation figures against hand-worked cases."""

import json
from dataclasses import replace
from random import Random

import pytest

from bot.evaluation import gold, metrics
from bot.types import Answer, Citation, Outcome, Question, Sentence, Turn, Verdict
from knowledge.types import PageSpan, Passage
from tests.rows import each


def passage(text: str, document: str = "a/manual.pdf", page: int = 3) -> Passage:
    return Passage("c", document, "t", (), text, 1.0, pages=(PageSpan(0, page, None),))


CASE = gold.Case(
    "1",
    "question",
    Question("1", "q"),
    True,
    "leave is thirty days a year",
    ("30 days", "HR"),
    (gold.GoldPlace("manual.pdf", 3),),
)


def test_evidence_counts_within_the_words_of_the_budget_only() -> None:
    far = [passage("word " * 400), passage("Annual leave is thirty days a year.")]
    found = metrics.retrieval(CASE, far)
    assert found["evidence@300w"] == 0 and found["evidence@750w"] == 1
    assert found["mrr@10"] == pytest.approx(0.5)
    assert found["doc@5"] == found["page@5"] == 1


def test_a_missing_fifth_of_the_trigrams_is_forgiven_and_more_is_not() -> None:
    assert metrics.share("one two three four five six seven", ["one two three four five six"]) == pytest.approx(0.8)
    assert metrics.share("one two three", ["three two one"]) == 0


def test_answering_figures() -> None:
    right = Citation(1, "c", "a/manual.pdf", "t", (), "leave is thirty days a year", page=3, page_end=3)
    wrong = Citation(2, "d", "b.pdf", "t", (), "other", page=3, page_end=3)
    answer = Answer(
        Outcome.ANSWERED,
        "It is 30 days [1].",
        (Sentence("x", Verdict.SUPPORTED), Sentence("y", Verdict.PLAIN)),
        (right, wrong),
        passages=(Passage("c", "a/manual.pdf", "t", (), "Annual leave is thirty days a year.", 1.0),),
    )
    row = metrics.answering(CASE, answer)
    assert row == {
        "refused_answerable": 0, "evidence_quoted": 1, "citation_recall": 1, "evidence_told": 1, "sentences_dropped": 0,
        "sentences_supported": 1, "citations_resolve": 0.5, "citation_precision": 0.5, "citation_hit": 1,
        "facts_in_text": 1,
    }  # fmt: skip


@each("text, stated")
def test_a_number_of_the_gold_answer_must_stand_by_itself(text: str, stated: int) -> None:
    case = gold.Case("1", "question", Question("1", "q"), True, answers=("30 days",))
    assert metrics.answering(case, Answer(Outcome.ANSWERED, text))["facts_in_text"] == stated


def test_percentiles_are_nearest_rank() -> None:
    assert [metrics.percentile([4, 1, 3, 2], q) for q in (0.0, 0.5, 0.75, 0.95)] == [1, 2, 3, 4]
    assert metrics.percentile(list(range(1, 21)), 0.95) == 19


def test_both_refusal_errors_are_kept_apart() -> None:
    refusal, answer = Answer(Outcome.REFUSED, ""), Answer(Outcome.ANSWERED, "x")
    unanswerable = gold.Case("2", "question", Question("2", "q"), False)
    assert metrics.answering(CASE, refusal)["refused_answerable"] == 1
    assert metrics.answering(unanswerable, refusal) == {"answered_unanswerable": 0}
    cited = replace(answer, citations=(Citation(1, "c", "a.pdf", "t", (), "q"),))
    assert metrics.answering(unanswerable, cited) == {"answered_unanswerable": 1}
    assert metrics.answering(unanswerable, answer) == {"answered_unanswerable": 0}, (
        "it cites nothing, so claims nothing"
    )


def test_the_interval_contains_the_mean_and_narrows_with_more_rows() -> None:
    few, many = ([{"x": float(i % 2)} for i in range(n)] for n in (10, 1000))
    a, b = metrics.summary(few, Random(1))["x"], metrics.summary(many, Random(1))["x"]
    assert a["low"] <= 0.5 <= a["high"] and b["high"] - b["low"] < a["high"] - a["low"]


def test_cases_of_a_gold_file_one_for_each_wording_malformed_rows_left_out() -> None:
    lines = [
        '{"id": "a", "question": "x?", "question_keywords": "x", "doc": "m.pdf", "page": 2, "also_at": [{"page": 9}]}',
        "not json",
        "",
        '{"question": "y?", "answerable": false, '
        '"history": [{"role": "user", "text": "hi"}, {"role": "agent", "text": "ho"}]}',
    ]
    found = list(gold.cases(lines, "default"))
    assert [(c.id, c.wording) for c in found] == [("a", "question"), ("a", "question_keywords"), ("4", "question")]
    assert found[0].places == (gold.GoldPlace("m.pdf", 2), gold.GoldPlace("m.pdf", 9))
    assert found[2].question.history == (Turn("user", "hi"), Turn("agent", "ho")) and not found[2].answerable
    assert [number for number, row in gold.rows(lines) if row is None] == [2]
    loose = {"question": "z?", "answers": "25 days", "page": "7", "doc": "m.pdf", "also_in": "n.pdf"}
    (case,) = gold.cases([json.dumps(loose | {"also_at": {"page": 9}})], "default")
    assert case.answers == ("25 days",) and case.answerable
    assert case.places == (gold.GoldPlace("m.pdf", 7), gold.GoldPlace("m.pdf", 9), gold.GoldPlace("n.pdf", None))
    (odd,) = gold.cases(['{"id": null, "question": "z?", "history": 5}'], "default")
    assert odd.id == "1" and odd.question.history == ()
