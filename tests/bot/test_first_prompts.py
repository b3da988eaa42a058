"""Questions to begin with come from the manual's own sections, spread over its documents, and only if answered."""

from pathlib import Path

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


async def test_each_is_answered_from_the_index_and_what_is_not_sure_is_left_out(
    pages_ingested: Path, tmp_path: Path
) -> None:
    settings, wording = settings_at(copy_of(pages_ingested, tmp_path)), texts.of().home["prompt"]
    async with wiring.assistant(settings) as parts:
        shown = FirstPrompts(parts.catalog, parts.retriever, settings.refuse_below).of(["default"], wording)
        answers = [await final(parts.assistant, Question(str(n), text)) for n, text in enumerate(shown)]
        assert FirstPrompts(parts.catalog, parts.retriever, 1.1).of(["default"], wording) == []
    assert len(shown) == COUNT and [answer.outcome for answer in answers] == [Outcome.ANSWERED] * COUNT
