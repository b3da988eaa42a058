"""People's words in the manual's."""

import pytest

from knowledge.search.glossary import built_in, translated


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("How many PTO days do I get?", "annual leave"),
        ("can I WFH?", "remote work"),
        ("is a doctor’s note needed", "medical certificate"),
        ("I lost my laptop", "company equipment"),
        ("what is the organisation's rule", "organization's rule"),
        ("mat leave?", "maternity leave"),
    ],
)
def test_a_question_is_put_in_the_manual_s_words(question: str, holds: str) -> None:
    assert holds in (translated(question, built_in()) or "")


@pytest.mark.parametrize(
    "question", ["How long is the notice period?", "a cell-like structure", "filling in a form", ""]
)
def test_a_question_without_such_words_is_left_alone(question: str) -> None:
    assert translated(question, built_in()) is None


def test_the_file_is_in_small_letters_and_tells_something_new() -> None:
    assert len(built_in()) > 120
    for word, manual in built_in().items():
        assert word == word.lower() and manual and word != manual
