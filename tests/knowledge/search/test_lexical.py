"""Exact terms, quoted phrases and typos over a small corpus; BM25 against a plain oracle."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.lexical import K1, B, Lexical, Vocabulary, distance, phrases, tokens

CORPUS = [
    "Section 5.1.1.1 covers memorized secrets.",
    "Section 5.1.1 covers authenticators. Form I-9 is due on day three.",
    "Multi-factor authentication protects accounts.",
    "The factor of safety is two. Authentication happens before.",
    "Reimbursement of travel expenses takes ten days.",
    "Employees' holidays and policies, per NIST 800-63B.",
]


def built(texts: list[str]) -> Lexical:
    vocabulary = Vocabulary()
    return Lexical([vocabulary.encode("", text) for text in texts], vocabulary)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("what does 5.1.1.1 say", 0),
        ("5.1.1", 1),
        ("form I-9", 1),
        ("form i 9", 1),
        ("multi-factor", 2),
        ("multi factor", 2),
        ('"factor of safety"', 3),
        ("“travel expenses”", 4),
        ("800-63b", 5),
        ("policy for a holiday", 5),
        ("reimbursment", 4),
        ("trvael", 4),
        ("authentcation of acounts", 2),
    ],
)
def test_words_find_their_chunk(question: str, best: int) -> None:
    assert int(np.argmax(built(CORPUS).match(question).scores)) == best


def test_a_quoted_phrase_must_stand_as_quoted() -> None:
    texts = ["leave parental leave parental leave", "the parental leave rule", "leave is parental"]
    lexical = built(texts)
    assert int(np.argmax(lexical.match('"leave rule"').scores)) == 1
    plain, quoted = lexical.match("leave parental").scores, lexical.match('"leave parental"').scores
    assert quoted[0] > plain[0] and quoted[1] == plain[1]
    assert phrases('the "a  b" and “c d” of "x') == ["a b", "c d"]


def test_a_phrase_does_not_reach_from_one_chunk_into_the_next() -> None:
    lexical = built(["ends with red", "tape begins"])
    assert lexical.match('"red tape"').scores.tolist() == lexical.match("red tape").scores.tolist()


def test_covered_is_the_share_of_the_questions_weight() -> None:
    lexical = built(CORPUS)
    covered = lexical.match("travel expenses").covered
    assert covered[4] == pytest.approx(1.0) and covered[0] == 0
    assert 0 < lexical.match("travel by spaceship").covered[4] < 0.5


def test_the_rarest_plain_word_counts_and_a_typo_a_code_or_a_half_of_one_does_not() -> None:
    lexical = built(CORPUS)
    nowhere = math.log1p((len(CORPUS) + 0.5) / 0.5)
    once = math.log1p((len(CORPUS) - 0.5) / 1.5)
    assert lexical.match("how is the reimbursement").rarest == pytest.approx(once)
    assert lexical.match("reimbursement of spaceships").rarest == pytest.approx(nowhere)
    assert lexical.match("I've trvael expenses of 7.7.7, X-99").rarest == pytest.approx(once)
    assert lexical.match("?").rarest == 0 == lexical.match("trvael").rarest


def test_an_empty_index_and_an_empty_question() -> None:
    assert built([]).match("anything").scores.tolist() == []
    assert built(CORPUS).match("?!").scores.tolist() == [0.0] * len(CORPUS)


words = st.sampled_from(["apple", "pear", "plum", "fig", "quince", "melon"])
texts = st.lists(st.lists(words, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=8)


@given(texts, st.lists(words, min_size=1, max_size=4, unique=True))
def test_scores_are_bm25(corpus: list[str], question: list[str]) -> None:
    found = built(corpus).match(" ".join(question)).scores
    split = [text.split() for text in corpus]
    mean = sum(map(len, split)) / len(split)
    for at, text in enumerate(split):
        want = 0.0
        for word in question:
            holding = sum(word in other for other in split)
            if not holding:
                continue
            count = Counter(text)[word]
            idf = math.log(1 + (len(split) - holding + 0.5) / (holding + 0.5))
            want += idf * count * (K1 + 1) / (count + K1 * (1 - B + B * len(text) / mean))
        assert found[at] == pytest.approx(want, rel=1e-4, abs=1e-6)


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_distance_is_edit_distance_with_swaps(a: str, b: str) -> None:
    def plain(x: str, y: str) -> int:
        if not x or not y:
            return len(x) + len(y)
        best = min(plain(x[1:], y) + 1, plain(x, y[1:]) + 1, plain(x[1:], y[1:]) + (x[0] != y[0]))
        if len(x) > 1 and len(y) > 1 and x[0] == y[1] and x[1] == y[0]:
            best = min(best, plain(x[2:], y[2:]) + 1)
        return best

    if len(a) + len(b) <= 8:
        assert distance(a, b, 2) == min(plain(a, b), 3)


def test_tokens_keep_what_exact_terms_are_made_of() -> None:
    assert tokens("5.1.1.1 I-9 multi-factor O'Neill's Policies boss") == (
        [
            "5.1.1.1",
            "i-9",
            "i",
            "9",
            "multi-factor",
            "multi",
            "factor",
            "o'neill's",
            "o",
            "neill",
            "s",
            "policy",
            "boss",
        ]
    )
