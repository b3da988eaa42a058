"""Exact terms, quoted phrases and typos over a small corpus; BM25 against a plain oracle."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.search import lexical
from knowledge.search.lexical import K1, B, Lexical, Vocabulary, phrases, tokens
from tests.rows import each

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
    rows = [vocabulary.encode("", text) for text in texts]
    return Lexical(
        np.array([number for row in rows for number in row], np.int32), [len(row) for row in rows], vocabulary
    )


@each("question, best")
def test_words_find_their_chunk(question: str, best: int) -> None:
    assert int(np.argmax(built(CORPUS).match(question).scores)) == best


def test_a_quoted_phrase_must_stand_as_quoted() -> None:
    texts = ["leave parental leave parental leave", "the parental leave rule", "leave is parental"]
    index = built(texts)
    assert int(np.argmax(index.match('"leave rule"').scores)) == 1
    plain, quoted = index.match("leave parental").scores, index.match('"leave parental"').scores
    assert quoted[0] > plain[0] and quoted[1] == plain[1]
    assert phrases('the "a  b" and “c d” of "x') == ["a b", "c d"]


def test_a_phrase_does_not_reach_from_one_chunk_into_the_next() -> None:
    index = built(["ends with red", "tape begins"])
    assert index.match('"red tape"').scores.tolist() == index.match("red tape").scores.tolist()


def test_covered_is_the_share_of_the_questions_weight() -> None:
    index = built(CORPUS)
    covered = index.match("travel expenses").covered
    assert covered[4] == pytest.approx(1.0) and covered[0] == 0
    assert 0 < index.match("travel by spaceship").covered[4] < 0.5


def test_the_rarest_plain_word_counts_and_a_typo_a_code_or_a_half_of_one_does_not() -> None:
    index = built(CORPUS)
    nowhere = math.log1p((len(CORPUS) + 0.5) / 0.5)
    once = math.log1p((len(CORPUS) - 0.5) / 1.5)
    assert index.match("how is the reimbursement").rarest == pytest.approx(once)
    assert index.match("reimbursement of spaceships").rarest == pytest.approx(nowhere)
    assert index.match("I've trvael expenses of 7.7.7, X-99").rarest == pytest.approx(once)
    assert index.match("?").rarest == 0 == index.match("trvael").rarest


def test_an_empty_index_and_an_empty_question() -> None:
    assert built([]).match("anything").scores.tolist() == []
    assert built(CORPUS).match("?!").scores.tolist() == [0.0] * len(CORPUS)


words = st.sampled_from(["apple", "pear", "plum", "fig", "quince", "melon"])
texts = st.lists(st.lists(words, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=8)


@settings(deadline=None)
@given(texts, st.lists(words, min_size=1, max_size=4, unique=True), st.integers(1, 4))
def test_scores_are_bm25_whatever_is_counted_at_once(corpus: list[str], question: list[str], block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lexical, "BLOCK", block)
        index = built(corpus)
    found = index.match(" ".join(question)).scores
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
