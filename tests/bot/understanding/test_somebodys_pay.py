"""A named person's pay or health in many words; ordinary sentences with the same words."""

from bot.understanding.topics import of_somebody, told
from tests.rows import each


@each("text")
def test_a_named_persons_pay_is_nobodys_business(text: str) -> None:
    assert of_somebody(text)


@each("text")
def test_what_is_paid_in_general_is_a_rule(text: str) -> None:
    assert not of_somebody(text)


@each("text")
def test_a_named_persons_health_is_nobodys_business(text: str) -> None:
    of_it = told(text)
    assert of_somebody(text) and of_it and of_it.topic == "health"


@each("text")
def test_what_is_asked_for_somebody_ill_is_a_rule(text: str) -> None:
    assert not of_somebody(text)
