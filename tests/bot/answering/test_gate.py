"""The gate: what a search is too unsure of is read by no model, and what it is hardly sure of is quoted by nobody."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answering.assistant import final
from bot.errors import ModelUnavailable
from bot.types import Outcome, Turn
from knowledge.types import Found, Query
from tests.bot.answering.scripted import HOTEL, LEAVE, Script, Shelf, ask, assistant
from tests.rows import each

RULE = "Annual leave is 30 working days a year [1]."


@each(
    "similarity, model, asked, outcome",
    [
        (0.25, Script(RULE), 1, Outcome.ANSWERED),
        (0.25, Script("NO_ANSWER"), 1, Outcome.REFUSED),
        (0.25, Script("Everyone gets a pony [1]."), 1, Outcome.REFUSED),  # nothing to show, nor sure enough to quote
        (0.25, Script("Hello! How can I help?"), 1, Outcome.REFUSED),
        (0.25, Script(error=ModelUnavailable("down")), 1, Outcome.REFUSED),  # as without a model
        (0.15, Script(RULE), 0, Outcome.REFUSED),
        (0.25, None, 0, Outcome.REFUSED),
    ],
)
async def test_what_the_search_is_hardly_sure_of_a_model_reads_and_nobody_quotes(
    similarity: float, model: Script | None, asked: int, outcome: Outcome
) -> None:
    shelf = Shelf(replace(LEAVE, similarity=similarity, lexical=0.3))
    answer = await final(assistant(shelf, model, threshold=0.22), ask("Is there much holiday in summer for us?"))
    assert (len(model.prompts) if model else 0, answer.outcome) == (asked, outcome)
    assert bool(answer.citations) == (outcome is Outcome.ANSWERED) != bool(answer.closest)


class Drawn(Shelf):
    """Finds the hotel by a question alone; what is far from it with the talk above it."""

    async def search(self, query: Query, collections: Sequence[str]) -> Found:
        await super().search(query, collections)
        return Found((replace(LEAVE, similarity=0.1, lexical=0.1),) if len(query.texts) > 1 else (HOTEL,), 1)


@each(
    "text, asked, outcome",
    [
        ("What may a hotel room cost a night?", 1, Outcome.ANSWERED),
        ("How much may we spend on hotel rooms abroad?", 1, Outcome.ANSWERED),
        ("and what is the limit for a hotel room?", 1, Outcome.ANSWERED),
        ("and for them?", 0, Outcome.REFUSED),  # means nothing by itself
    ],
)
async def test_a_model_is_asked_a_whole_question_whatever_was_said_above_it(
    text: str, asked: int, outcome: Outcome
) -> None:
    history = Turn("user", "How much leave do I get?"), Turn("agent", "Annual leave is 30 working days a year.")
    model = Script("A hotel room may cost up to 130 euros a night [1].")
    answer = await final(assistant(Drawn(), model, threshold=0.22), ask(text, *history))
    assert (len(model.prompts), answer.outcome) == (asked, outcome)
