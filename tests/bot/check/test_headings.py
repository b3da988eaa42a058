"""What stands over other lines of an answer: shown as a heading, judged as a claim, or left out with what is below."""

import pytest

from knowledge.types import Passage
from tests.bot.check.test_checker import lines, run
from tests.rows import each

LEAVE = Passage(
    "c", "d.md", "Handbook", ("Annual leave",), "Employees get two weeks of paid leave. Nobody smokes.", 1.0
)


@each(
    "over",
    ["## Can I carry over leave?", "**What about part-time staff?**", "## And leave? [1]", "## Annual leave [1]"],
)
def test_a_question_or_a_cited_title_is_a_heading_and_no_claim(over: str) -> None:
    shown, checker = run(f"{over}\n\nEmployees get two weeks of paid leave [1].", sources=[LEAVE])
    assert lines(shown) == [over.removesuffix(" [1]"), "Employees get two weeks of paid leave."]
    assert not checker.held_back


@each("over", ["## Penguins may smoke.", "## Penguins smoke [1]", "**Smoking? No**"])
def test_a_heading_that_states_something_is_judged(over: str) -> None:
    shown, _ = run(f"{over}\n\nEmployees get two weeks of paid leave [1].", sources=[LEAVE], manner="strict")
    assert not {"Penguins", "Smoking?"} & set(str(lines(shown)).split())


@pytest.mark.parametrize("lead", ["**Leave by country:**", "| Leave | Who |\n|---|---|"])
def test_a_lead_in_stays_for_the_next_part_of_its_list(lead: str) -> None:
    said = f"{lead}\n- Germany:\n  - a butler [1]\n- Everyone:\n  - Employees get two weeks of paid leave [1]"
    shown, _ = run(said, sources=[LEAVE], manner="strict")
    kept = [lead] * lead.endswith("**")
    assert lines(shown) == [*kept, "- Everyone:", "- Employees get two weeks of paid leave"]
