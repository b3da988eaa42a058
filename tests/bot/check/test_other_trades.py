"""Kinds of honest sentences about manuals of other trades that code once held back, and lies beside them."""

import json

from knowledge.types import Passage
from tests.bot.check.test_checker import run
from tests.bot.check.test_examples import Says
from tests.bot.check.test_refuted import reason
from tests.rows import each

TODAY = "2026-11-28"


@each("asked, text, said, quote")
def test_what_the_manual_says_in_other_words_is_shown(asked: str, text: str, said: str, quote: str) -> None:
    assert reason(said, quote, Passage("c", "d.md", "Handbook", (), text, 1.0), asked, TODAY) == ""


@each("asked, text, said, quote")
def test_another_figure_is_held_back(asked: str, text: str, said: str, quote: str) -> None:
    assert reason(said, quote, Passage("c", "d.md", "Handbook", (), text, 1.0), asked, TODAY) == "figure"


def test_a_year_in_the_title_of_a_cited_document_is_known() -> None:
    rates = Passage("a", "a.md", "Rates (2023)", ("Night out",), "A night out is 27 pounds at home.", 1.0)
    other = Passage(
        "b", "b.md", "Contacts", (), "What you got for a night out at home under older rates is told at 4410.", 1.0
    )
    row = {"id": 1, "supported": True, "quote": "What you got for a night out at home", "source": 2}
    said = "Under the rates (2023) for a night out you got 27 pounds at home [1]."
    _, checker = run(said, sources=[rates, other], verifier=Says(json.dumps({"claims": [row]})))
    assert not checker.held_back


def test_the_year_in_the_title_of_the_table_that_is_quoted_stands_for_no_cell() -> None:
    row = "Own country | 27.50 | 34.00 | 29.75"
    rates = Passage(
        "a", "a.md", "Pay (2023)", (), f"Where | UK drivers £ | Irish drivers € | Dutch drivers €\n{row}", 1.0
    )
    said = "Under Pay (2023) a UK driver's night out in the own country was £27.50"
    assert reason(said, row, rates, "What was a night out?", TODAY) == ""
    assert reason(said.replace("£27.50", "£34.00"), row, rates, "What was a night out?", TODAY) == "figure"
