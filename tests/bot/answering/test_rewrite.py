"""A model's reply that rewrites nothing is dropped; a question about what somebody can't do is none."""

import pytest

from bot.answering.rewrite import read
from tests.rows import each


@each("reply")
def test_a_question_that_sounds_like_a_refusal_is_kept(reply: str) -> None:
    meant = read(reply)
    assert meant is not None
    assert meant.query == reply


@each("reply")
def test_a_refusal_is_no_rewrite(reply: str) -> None:
    assert read(reply) is None


@pytest.mark.parametrize(
    "reply",
    [
        "Sure! Here is the rewritten question:\n\nannual leave carry over",
        "Sure! Here is the rewritten question: **annual leave carry over**",
        "Standalone question: annual leave carry over",
        "Umformulierte Frage: annual leave carry over",
        "Pregunta reformulada: «annual leave carry over»",
        '{"question": "annual leave carry over"}',
    ],
)
def test_a_rewrite_may_stand_below_or_behind_what_introduces_it(reply: str) -> None:
    meant = read(reply)
    assert meant is not None
    assert meant.query == "annual leave carry over"


def test_whom_it_is_for_outlasts_a_rewrite_that_says_nothing() -> None:
    secret = read('{"kind": "sensitive", "query": "I need help"}')
    among_people = read('{"kind": "question", "query": "I don\'t know.", "for_bot": false}')
    assert secret and (secret.kind, secret.query) == ("sensitive", "")
    assert among_people and (among_people.for_bot, among_people.query) == (False, "")
    assert read('{"kind": "question", "query": "I need help"}') is None
