"""What a message is about by its meaning, where no word of the lists says so; the bundled model, as deployed."""

from __future__ import annotations

import pytest

from bot.understanding.topics import topic
from bot.wiring.by_meaning import SensitiveMeaning
from knowledge.errors import KnowledgeError
from knowledge.index.embed import MiniLM


@pytest.fixture(scope="module")
def meaning() -> SensitiveMeaning:
    return SensitiveMeaning(MiniLM().embed)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a guy in my team won't stop touching my shoulder, who do I tell", "harassment"),
        ("i keep thinking nobody would miss me if I was gone", "self_harm"),
        ("my manager hinted my job won't exist in June. what am I owed", "dismissal"),
    ],
)
def test_what_no_word_tells_its_meaning_does(meaning: SensitiveMeaning, text: str, wanted: str) -> None:
    assert topic(text) is None and meaning.of(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "how do I record overtime",
        "who is on the committee against bullying",
        "I want to end my trial subscription of the tool",
        "my manager is away, who signs",
        "",
        "🙂" * 500,
    ],
)
def test_what_anybody_may_read_is_not_sensitive(meaning: SensitiveMeaning, text: str) -> None:
    assert meaning.of(text) is None


def test_an_embedder_that_fails_tells_nothing() -> None:
    def fails(texts: object) -> None:
        raise KnowledgeError("no")

    assert SensitiveMeaning(fails).of("everything is pointless") is None
