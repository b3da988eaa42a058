"""How a question is put never decides whether it is answered: on a small real knowledge base, without a model."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot import wiring
from bot.answering.assistant import Assistant, final
from bot.types import Question
from tests.bot.understanding.test_wording import ENDINGS, GREETINGS, PREAMBLES
from tests.prepared import copy_of, settings_at
from tests.rows import each

ASKED = [
    "How long does a visa for India usually take?",
    "What does error E-417 of the climate chamber mean?",
    "My phone screen is broken, what do I do?",
    "Who pays for the removal firm when I move?",
    "What is policy on AI tools like ChatGPT",
    "May I bring my dog to the office?",
    "How many parrots may I keep in the canteen?",
    "leased bicycle cost",
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, pages_ingested: Path) -> Iterator[Assistant]:
    data = copy_of(pages_ingested, tmp_path_factory.mktemp("data"))
    with asyncio.Runner() as runner:
        opened = wiring.assistant(settings_at(data), cache=False)
        yield runner.run(opened.__aenter__()).assistant
        runner.run(opened.__aexit__(None, None, None))


def verdict(assistant: Assistant, text: str) -> tuple[str, list[str]]:
    answer = asyncio.run(final(assistant, Question("q", text)))
    return answer.outcome.value, [c.quote for c in answer.citations]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(ASKED), st.sampled_from(GREETINGS), st.sampled_from(PREAMBLES), st.sampled_from(ENDINGS),
    st.sampled_from([str, str.lower, str.upper]),
)  # fmt: skip
def test_marks_capitals_and_courtesy_never_change_the_verdict(
    assistant: Assistant, question: str, greeting: str, preamble: str, ending: str, written: type[str]
) -> None:
    dressed = written(greeting + preamble + question.rstrip("?") + ending)
    assert verdict(assistant, dressed) == verdict(assistant, question)


@each("typed, meant")
def test_a_mistyped_word_never_changes_the_verdict(assistant: Assistant, typed: str, meant: str) -> None:
    assert verdict(assistant, typed)[0] == verdict(assistant, meant)[0]


@st.composite
def mistyped(draw: st.DrawFn) -> tuple[str, str]:
    """(the question, the same with one letter of a long word left out, doubled, or changing places with the next)."""
    question = draw(st.sampled_from([*ASKED, "What's the capital of Peru?", "Who is our contact for removal firms?"]))
    word = draw(st.sampled_from(re.findall(r"[A-Za-z]{6,}", question)))
    at = draw(st.integers(1, len(word) - 2))
    middle = draw(st.sampled_from(["", word[at] * 2, word[at + 1] + word[at]]))
    typed = word[:at] + middle + word[at + 1 + (len(middle) == 2 and middle[0] != middle[1]) :]
    return question, question.replace(word, typed, 1)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(mistyped())
def test_what_is_searched_for_alike_is_answered_alike(assistant: Assistant, asked: tuple[str, str]) -> None:
    """A word that the search reads as it was meant is read so by all that decides after it."""
    meant, typed = (asyncio.run(final(assistant, Question("q", text))) for text in asked)
    assume([text.casefold() for text, _ in typed.searched] == [text.casefold() for text, _ in meant.searched])
    assert (typed.outcome, typed.text, typed.notes) == (meant.outcome, meant.text, meant.notes)


def test_what_changed_is_the_difference_of_two_editions(assistant: Assistant) -> None:
    answer = asyncio.run(final(assistant, Question("q", "What changed since last year?")))
    lines = answer.text.splitlines()
    assert "5,500 euros. (edition 2025: A leased bicycle may cost up to 4,000 euros) [1][2]" in lines[0]
    assert not any("36 months" in line for line in lines) and "disagree" not in answer.notes
    assert {c.document for c in answer.citations} == {"bike-leasing-2025.md", "bike-leasing-2026.md"}


def test_both_verdicts_occur(assistant: Assistant) -> None:
    assert {verdict(assistant, question)[0] for question in ASKED} == {"answered", "refused"}
