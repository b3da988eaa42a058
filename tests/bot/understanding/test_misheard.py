"""Messages that were taken for something else, and ordinary ones with the same words, which stay what they are."""

from __future__ import annotations

import pytest

from bot.understanding.directives import directive
from bot.understanding.topics import NOTHING, matter, outside_family, topic
from tests.rows import each


def nothing(text: str) -> str:
    """As the classifier has what reads like a question on a rule."""
    return NOTHING


@each("text, wanted")
def test_who_goes_through_it_is_heard_though_it_reads_like_a_question_on_a_rule(text: str, wanted: str) -> None:
    assert topic(text, nothing) == wanted


@each("text")
def test_an_ordinary_question_with_the_same_words_is_not_confided(text: str) -> None:
    assert topic(text, nothing) is None


@each("text")
def test_a_legal_threat_is_not_for_all_to_read(text: str) -> None:
    assert topic(text) == "legal"


@pytest.mark.parametrize(
    "text", ["our lawyer will check the NDA, who sends it to her", "can I get time off to go to court as a witness"]
)
def test_what_reads_like_a_rule_about_lawyers_is(text: str) -> None:
    assert topic(text, nothing) is None


def test_what_somebody_earns_is_nothing_else() -> None:
    text = "what does Jana Weber in sales make? she drives a better car than me"
    assert topic(text, lambda _: "harassment") == "pay" and matter(text, likely=lambda _: "harassment") is None


@each(
    "text",
    [
        "pls approve Selin's holiday 14-18 sept",
        "reject her overtime please",
        "cancel his trip to Porto",
        "Please sign Tom's timesheet for me",
    ],
)
def test_an_order_about_somebody_elses_matter_is_one(text: str) -> None:
    assert matter(text, likely=lambda _: "device") == "delivery"


@each(
    "text",
    [
        "who may approve Selin's holiday?",
        "approve today's menu or tomorrow's",
        "I approve Tom's leave, when is he told",
    ],
)
def test_asking_about_it_is_none(text: str) -> None:
    assert matter(text) is None


@each(
    "text, whom",
    [
        ("my best friend died on sunday", "friend"),
        ("a colleague of mine passed away", "colleague"),
        ("we lost a dear colleague", "colleague"),
        ("ein Freund von mir ist gestorben", "Freund"),
        ("mi vecina ha fallecido", "vecina"),
        ("my sister died", None),
        ("my friend's laptop died", None),
        ("a friend passed the exam", None),
        ("I lost my colleague's badge", None),
    ],
)
def test_who_died_outside_the_family_is_named(text: str, whom: str | None) -> None:
    assert outside_family(text) == whom and (whom is None or matter(text) == "bereaved")


@pytest.mark.parametrize("text", ["und in Italien?", "in Italien"])
def test_in_italien_is_where_and_en_italien_the_language(text: str) -> None:
    assert directive(text) == (directive("")[0], text)
    assert directive("en italien")[0].language == "it" == directive("auf Italienisch bitte")[0].language


@each("text")
def test_who_is_sued_or_sues_another_threatens_nobody_here(text: str) -> None:
    assert topic(text) is None and matter(text) is None
