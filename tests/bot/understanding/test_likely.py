"""Chat by its meaning, with the bundled model."""

import pytest

from bot.understanding.small_talk import likely_chat
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
