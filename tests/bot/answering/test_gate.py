"""The gate: what a search is too unsure of is read by no model, and what it is hardly sure of is quoted by nobody."""

from dataclasses import replace

from bot.answering.assistant import final
from bot.errors import ModelUnavailable
from bot.types import Outcome
from tests.bot.answering.scripted import LEAVE, Script, Shelf, ask, assistant
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
