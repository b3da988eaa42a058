"""Chat, and what leans on an answer, by meaning, with the bundled model."""

from collections.abc import Sequence

import pytest

from bot.understanding.small_talk import likely_chat
from bot.wiring.by_meaning import leaning_by
from knowledge.errors import EmbeddingFailed
from knowledge.index.embed import MiniLM


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("okay that makes sense to me", "thanks"),
        ("hey there stranger", "greeting"),
        ("you are my new best friend", "praise"),
        ("you're giving me a headache", "complaint"),
        ("hello I need information about leave", None),
        ("can I say thanks to a supplier?", None),
        ("wrong bank account", None),
        ("who do I contact about harassment", None),
    ],
)
def test_what_the_manual_has_nothing_on_may_be_chat(model: MiniLM, text: str, code: str | None) -> None:
    assert likely_chat(model.embed([text])[0]) == code


def test_in_a_thread_what_may_go_on_from_an_answer_is_no_chat(model: MiniLM) -> None:
    said = ["in Berlin", "part-time", "my manager agreed", "I work nights", "with my own car"]
    assert [likely_chat(vector, in_thread=True) for vector in model.embed(said)] == [None] * len(said)
    assert likely_chat(model.embed(["you saved my bacon"])[0], in_thread=True) == "praise"


@pytest.mark.parametrize("text", ["the paragraph on night shifts is missing", "my contract started before 2019"])
def test_what_leans_on_an_answer_is_for_the_bot(model: MiniLM, text: str) -> None:
    assert leaning_by(model.embed)(text)


@pytest.mark.parametrize(
    "text", ["my cat would love that", "you saved my bacon", "oops wrong channel sorry", "mein Vertrag ist von 2019"]
)
def test_thoughts_thanks_and_other_languages_are_not(model: MiniLM, text: str) -> None:
    assert not leaning_by(model.embed)(text)


def test_what_cannot_be_told_is_not_for_the_bot() -> None:
    def broken(texts: Sequence[str]) -> None:
        raise EmbeddingFailed("no model")

    assert not leaning_by(broken)("the paragraph on night shifts is missing")
