"""Questions to begin with come from the manual's own sections, spread over its documents, and only if answered."""

from functools import partial
from pathlib import Path

import pytest

from bot import texts, wiring
from bot.answering.assistant import final
from bot.types import Outcome, Question
from bot.wiring.first_prompts import COUNT, FirstPrompts, topics
from tests.prepared import copy_of, settings_at


def test_topics_are_spread_over_documents_and_plain() -> None:
    lines = [
        ("a.md", ("A", "1. Annual leave")),
        ("a.md", ("A", "5.2 Hotel costs abroad")),
        ("a.md", ("A", "Annual leave")),
        ("a.md", ("A", "Leave")),
        ("b.md", ("B", "What is paid?")),
        ("b.md", ("B", "Mobile phones")),
        ("c.md", ()),
    ]
    assert topics(lines) == ["Annual leave", "Mobile phones", "Hotel costs abroad"]
    assert topics([]) == []


@pytest.mark.parametrize("locale", ["en", "de", "tr"])  # without a model they are put in the manual's language
async def test_each_is_answered_from_the_index_and_what_is_not_sure_is_left_out(
    pages_ingested: Path, tmp_path: Path, locale: str
) -> None:
    settings, wording = settings_at(copy_of(pages_ingested, tmp_path)), texts.of(locale).home["prompt"]
    async with wiring.assistant(settings) as parts:
        made = partial(FirstPrompts, parts.catalog, parts.retriever)
        shown = made(settings.refuse_below, any_language=False).of(["default"], wording)
        answers = [await final(parts.assistant, Question(str(n), text)) for n, text in enumerate(shown)]
        assert made(1.1, any_language=False).of(["default"], wording) == []
        own = made(settings.refuse_below, any_language=True).of(["default"], wording)
    assert len(shown) == COUNT and [answer.outcome for answer in answers] == [Outcome.ANSWERED] * COUNT
    assert all(one.startswith(wording.partition("{")[0]) for one in own)
