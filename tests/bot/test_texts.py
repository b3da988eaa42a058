"""Every code has a sentence that users can act on, in every language."""

import dataclasses
import string

import pytest

from bot import errors, texts
from bot.understanding.follow_up import SMALL_TALK
from knowledge import errors as knowledge_errors

LANGUAGES = texts.languages()


def codes(base: type) -> set[str]:
    return {base.code} | {code for sub in base.__subclasses__() for code in codes(sub)}


def sentences(language: str) -> dict[str, str]:
    tables = dataclasses.asdict(texts.of(language))
    return {f"{table}.{code}": sentence for table, found in tables.items() for code, sentence in found.items()}


def filled(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", sorted(codes(errors.PolicybotError) | codes(knowledge_errors.KnowledgeError)))
def test_every_error_has_a_sentence_with_the_next_step(code: str) -> None:
    sentence = texts.of().errors[code]
    assert "{id}" in sentence
    assert any(word in sentence for word in ("Please", "again"))


def test_every_kind_of_small_talk_has_a_reply() -> None:
    assert set(SMALL_TALK) == set(texts.of().small_talk)


def test_every_reason_for_a_degraded_answer_has_a_sentence() -> None:
    assert codes(errors.AnswerError) - {"answer"} == set(texts.of().degraded)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence_with_what_is_filled_in(language: str) -> None:
    english, other = sentences("en"), sentences(language)
    assert other.keys() == english.keys()
    assert all(other.values())
    assert {code: filled(text) for code, text in other.items()} == {c: filled(text) for c, text in english.items()}


def test_a_language_without_a_file_gets_english() -> None:
    assert texts.of("xx-XX") == texts.of("en-GB") == texts.of("")
