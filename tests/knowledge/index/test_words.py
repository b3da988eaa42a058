"""The vectors of a text's words: what is kept of them, where they stand, and what they find."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from knowledge.index.embed import MiniLM
from knowledge.index.words import PREFIX, WordVectors, best, pack, unit, unpack, unpack_wholes


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM()


def test_one_run_tells_the_text_s_vector_and_its_telling_words_where_they_stand(minilm: MiniLM) -> None:
    texts = ["The notice period is 6 weeks.", "of the", "", "Onboarding " * 300]
    read = minilm.read(texts)
    assert np.allclose(np.stack([one.whole for one in read]), minilm.embed(texts), atol=1e-5)
    first = read[0]
    assert [texts[0][start:].split()[0] for start in first.starts] == ["notice", "period", "6", "weeks."]
    assert np.allclose(np.linalg.norm(first.rows, axis=1), 1, atol=1e-5)
    assert len(read[1].rows) == len(read[2].rows) == 0 and len(read[3].rows) == 300
    assert len(first.at(4, 17)) == 2 and len(first.at(0, 4)) == 0


def test_words_that_mean_the_same_are_partners(minilm: MiniLM) -> None:
    asked, near, far = minilm.read(["vacation days", "Annual leave is 25 days.", "Parking costs nothing."])
    partners = best(asked.rows, [near.rows, far.rows])
    assert partners.shape == (2, 2) and (partners[0] > partners[1] + 0.2).all()


rows = st.integers(0, 6).flatmap(
    lambda count: arrays.arrays(
        np.float32, (count, 8), elements=st.floats(0.125, 1, width=32) | st.floats(-1, -0.125, width=32)
    ).map(unit)
)


@given(rows, st.lists(rows, max_size=5))
def test_the_best_partner_is_the_best_of_all(asked: np.ndarray, texts: list[np.ndarray]) -> None:
    found = best(asked, texts)
    assert found.shape == (len(texts), len(asked))
    for at, text in enumerate(texts):
        for n, word in enumerate(asked):
            assert found[at, n] == pytest.approx(max((float(row @ word) for row in text), default=-1.0), abs=1e-5)


@given(rows, st.integers(0, 2**20))
def test_what_is_kept_is_what_was_read_but_for_rounding(narrow: np.ndarray, start: int) -> None:
    starts = np.array([PREFIX, *range(start, start + len(narrow))][: len(narrow)], np.int32)
    whole = unit(np.linspace(-1, 1, 384).astype(np.float32))
    kept = pack(WordVectors(whole, starts, narrow))
    back, _ = unpack([kept, pack(WordVectors(whole, starts[:0], narrow[:0]))])
    assert np.allclose(back.whole, whole, atol=1e-3) and (unpack_wholes([kept, kept])[1] == back.whole).all()
    assert (back.starts == np.minimum(starts, 0xFFFE)).all()
    assert np.allclose(back.rows.reshape(narrow.shape), unit(narrow), atol=0.02)
