"""Every code has a sentence that users can act on."""

import pytest

from bot import errors, texts
from bot.understanding.follow_up import SMALL_TALK
from knowledge import errors as knowledge_errors


def codes(base: type) -> set[str]:
    return {base.code} | {code for sub in base.__subclasses__() for code in codes(sub)}


@pytest.mark.parametrize("code", sorted(codes(errors.PolicybotError) | codes(knowledge_errors.KnowledgeError)))
def test_every_error_has_a_sentence_with_the_next_step(code: str) -> None:
    sentence = texts.ERRORS[code]
    assert "{id}" in sentence
    assert any(word in sentence for word in ("Please", "again"))


def test_every_kind_of_small_talk_has_a_reply() -> None:
    assert set(SMALL_TALK) == set(texts.SMALL_TALK)


def test_every_reason_for_a_degraded_answer_has_a_sentence() -> None:
    assert codes(errors.AnswerError) - {"answer"} == set(texts.DEGRADED)
