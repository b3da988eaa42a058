"""Misspelt words and those that were meant."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.index.embed import MiniLM
from knowledge.text.words import SHORTEST_MENDED, Speller, mend

HELD = {"vacation", "seatly", "expenses", "notice", "period", "moves", "logic"}


@cache
def speller() -> Speller:
    return Speller(MiniLM().dictionary())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("how many Vaction days?", "how many Vacation days?"),
        ("my expences", "my expenses"),
        ("book it in Seatly", "book it in Seatly"),
        ("WHAT IS THE NOTCIE PERIDO", "WHAT IS THE notice period"),
        ("onboarding with Kubernetes and kombucha", "onboarding with Kubernetes and kombucha"),
        ("the movers pinged me, dodgy login, nose piercings", "the movers pinged me, dodgy login, nose piercings"),
        ("the admin, a nonce", "the admin, a nonce"),  # too short to be sure
        ("a freind I reffered", "a friend I referred"),  # letters doubled otherwise
        ("a templaet of it", "a template of it"),  # though the manual has none
        ("E-417 and teh 27th", "E-417 and teh 27th"),
        ("", ""),
    ],
)
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
