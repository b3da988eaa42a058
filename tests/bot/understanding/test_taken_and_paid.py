"""A device that was taken, in slang; a named person's pay in other words; ordinary sentences with the same words."""

from __future__ import annotations

from bot.understanding.topics import matter, of_somebody
from tests.rows import each


@each("text")
def test_a_device_taken_is_reported_whatever_the_slang(text: str) -> None:
    assert matter(text) == "device"


@each("text")
def test_ordinary_words_take_no_device(text: str) -> None:
    assert matter(text) is None


@each("text")
def test_a_named_persons_pay_is_nobodys_business(text: str) -> None:
    assert of_somebody(text)


@each("text")
def test_what_is_paid_in_general_is_a_rule(text: str) -> None:
    assert not of_somebody(text)


@each("text")
def test_who_goes_to_court_with_the_company_threatens_it(text: str) -> None:
    assert matter(text) == "legal"


@each("text")
def test_who_goes_to_court_with_a_landlord_or_needs_a_paper_for_a_lawyer_asks(text: str) -> None:
    assert matter(text) is None


@each("text, taken")
def test_who_was_robbed_has_lost_what_was_taken(text: str, taken: bool) -> None:
    assert (matter(text) == "device") is taken
