"""Misspelt words and those that were meant."""

from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from knowledge.text.words import SHORTEST_MENDED, Speller, mend, rare_words
from tests.rows import each

HELD = {"vacation", "seatly", "expenses", "notice", "period", "moves", "logic"}


@cache
def speller() -> Speller:
    return Speller(rare_words())


@each("text, read")
def test_one_edit_from_a_word_is_that_word_and_names_stay(text: str, read: str) -> None:
    assert mend(text, speller().mended(text, HELD.__contains__)) == read


@given(st.sampled_from(["vacation", "manager", "training", "salary", "contract"]), st.integers(1, 4), st.booleans())
def test_letters_that_change_places_or_go_are_put_right(word: str, at: int, swap: bool) -> None:
    wrong = word[:at] + (word[at + 1] + word[at] + word[at + 2 :] if swap else word[at + 1 :])
    known = {word}.__contains__
    meant = mend(wrong, speller().mended(wrong, known))
    assert meant in (word, wrong) and (meant == word or len(wrong) < SHORTEST_MENDED or speller().knows(wrong))


@given(st.text(max_size=60))
def test_what_the_collection_knows_is_never_changed(text: str) -> None:
    assert mend(text, speller().mended(text, lambda word: True)) == text
