"""Rows of tables and items of lists are quoted with what they need: header, lead-in, heading."""

from collections.abc import Sequence

import pytest

from bot.answering.quoting import MAX_LIST_WORDS, MAX_WORDS, quote
from knowledge.types import Excerpt, Nearness
from tests.bot.answering.test_quoting import FILLER, passage, texts
from tests.rows import each


def test_of_a_list_too_long_to_show_the_item_that_answers_is_shown() -> None:
    items = "\n".join(f"- number {i}: a long entry about nothing in particular that fills the page" for i in range(40))
    text = f"Rules:\n{items}\n- cars must be parked in row B behind the building\n"
    shown = " ".join(texts(quote("Where must cars be parked?", [passage(text)])))
    assert "row B" in shown
    assert len(shown.split()) < MAX_LIST_WORDS + MAX_WORDS


PER_DIEM = """Per diem rates by country

Country | Daily rate | Hotel cap
France | 60 EUR | 180 EUR
Japan | 75 EUR | 210 EUR"""


NOTICE = """The notice periods of the table apply. A longer notice period may be agreed, but never more than six months.

Length of service | Notice period
up to 2 years | 1 month
more than 2 and up to 5 years | 2 months
more than 5 and up to 10 years | 3 months
more than 10 years | 4 months"""


def test_a_row_is_said_with_its_header_and_brings_its_table() -> None:
    quoted = quote("What is the daily rate for Japan?", [passage(PER_DIEM)])
    assert [c.text for c in quoted[:2]] == [
        "Country: Japan; Daily rate: 75 EUR; Hotel cap: 210 EUR",
        "\n\n| Country | Daily rate | Hotel cap |\n| --- | --- | --- |\n"
        "| France | 60 EUR | 180 EUR |\n| Japan | 75 EUR | 210 EUR |",
    ]
    assert [[PER_DIEM[s.start : s.end] for s in c.supports] for c in quoted[:2]] == [
        ["Country | Daily rate | Hotel cap", "Japan | 75 EUR | 210 EUR"],
        [PER_DIEM[PER_DIEM.index("Country |") :]],
    ]
    assert "".join(c.text for c in quoted).count("| France") == 1, "once, whatever rows fit"


@each(
    "question, answer",
    [
        ("How much notice do I have to give after six years?", "3 months"),
        ("Notice period after 18 months?", "1 month"),
        ("what's the notice period with a ten-year service", "3 months"),
        ("What notice applies after more than ten years?", "4 months"),
    ],
)
def test_a_figure_of_the_question_picks_the_row_of_its_range(question: str, answer: str) -> None:
    first = quote(question, [passage(FILLER), passage(NOTICE, section=("Notice periods",))])[0].text
    assert first.startswith("Length of service: ") and first.endswith(f"Notice period: {answer}")


def test_a_long_table_gives_the_row_alone_and_no_header_is_a_sentence() -> None:
    rows = "\n".join(f"Country {n} | {n} EUR" for n in range(1, 15))
    shown = texts(quote("daily rate country 7", [passage(f"Country | Daily rate\n{rows}")]))
    assert shown[0] == "Country: Country 7; Daily rate: 7 EUR" and not any(t.startswith("|") for t in shown)
    assert not quote("Country and daily rate", [passage("Country | Daily rate\n")])[1:]
    assert all("Country; Daily rate" not in t for t in texts(quote("country daily rate", [passage(PER_DIEM)])))


def test_of_a_long_item_the_sentence_that_answers_is_quoted_with_its_lead_in() -> None:
    item = (
        "You may take the sixteen weeks consecutively, or you may choose to use them non-consecutively within a year. "
        "If you use them non-consecutively, you must request leave in blocks of one month. "
        "If you need more flexibility, please reach out to the people team early enough."
    )
    text = f"How to take leave:\n- {item}\n- Tell your manager.\n"
    quoted = quote("must leave be requested in blocks of one month", [passage(text)])
    assert texts(quoted)[:2] == [
        "How to take leave:",
        "If you use them non-consecutively, you must request leave in blocks of one month.",
    ]


def test_a_list_announced_at_the_end_of_a_passage_is_not_quoted_without_its_items() -> None:
    text = "Parking is free for guests. Employees who move are supported as follows:"
    assert texts(quote("How are employees who move supported?", [passage(text)])) == ["Parking is free for guests."]


def test_an_answer_of_a_list_of_questions_comes_with_its_question() -> None:
    section = ("FAQ", "Q: Can contractors use the gym?")
    quoted = quote("can contractors use the gym", [passage("A: Yes, on weekdays before nine.", section=section)])
    assert texts(quoted) == ["Can contractors use the gym? Yes, on weekdays before nine."]


@pytest.mark.parametrize(
    ("heading", "over"), [("Countries to stay out of", "Countries to stay out of:"), ("Where not?", "Where not?")]
)
def test_a_list_without_a_lead_in_stands_under_its_heading(heading: str, over: str) -> None:
    listed = passage("- Cuba\n- Russia (case by case)\n- Syria", section=("Moving", heading))
    assert texts(quote("May I work in Russia?", [listed])) == [f"{over}\n- Cuba\n- Russia (case by case)\n- Syria"]


def test_a_list_announced_in_the_middle_of_a_sentence_comes_along() -> None:
    text = "Each employee chooses one of the following once a year, in November.\n- a ticket\n- a bicycle"
    shown = texts(quote("what can each employee choose in november", [passage(text)]))[0]
    assert shown == text


OVER = "After probation the periods of the table apply to both sides. They end on the last day of a month. Ask HR."
TABLE = "Length of service | Notice period\nup to 2 years | 1 month\nmore than 2 years | 2 months"


@pytest.mark.parametrize("apart", [True, False])
def test_a_row_brings_what_the_sentences_over_its_table_say_of_all_rows(apart: bool) -> None:
    own = {"section": ("2 Joining", "2.4 Notice periods")}
    parts = [passage(TABLE, ordinal=5, **own), passage(OVER, ordinal=4, score=0.9, **own)]
    whole = [passage(f"{OVER}\n{TABLE}", **own)]
    quoted = quote("how much notice after 3 years of service?", parts if apart else whole)
    assert texts(quoted)[0].startswith("Length of service: more than 2 years")
    said = " ".join(texts(quoted))
    assert "of the table apply to both sides. They end on the last day" in said and "Ask HR" not in said


@pytest.mark.parametrize("apart", [True, False])
def test_a_table_comes_with_the_sentence_that_leads_it_in_and_no_other(apart: bool) -> None:
    own, lead = {"section": ("2.4 Notice periods",)}, "After probation both sides have the following periods:"
    text = f"Whoever leaves tells the manager. {lead}"
    parts = [passage(TABLE, ordinal=5, **own), passage(text, ordinal=4, score=0.9, **own)]
    quoted = texts(quote("how much notice after 3 years?", parts if apart else [passage(f"{text}\n{TABLE}", **own)]))
    assert quoted[0] == lead and quoted[1].strip().startswith("Length of service: more than 2 years")
    assert len(quoted) == 3 and "tells the manager" not in quoted[2]


def test_a_row_stands_over_its_table_only_where_the_judge_or_its_name_tells_it_from_the_others() -> None:
    moves = passage(
        "Move | Paid\nto another house | 900 euros\nto another country | 2,100 euros", section=("6 Moving",)
    )
    for question, gap, first in (
        ("how much for moving to lisbon?", 0.5, "|"),
        ("how much for moving to lisbon?", 1.0, "Move: to another house"),
        ("how much for moving to another house?", 0.5, "Move: to another house"),
    ):

        def near(_: str, excerpts: Sequence[Excerpt], gap: float = gap) -> list[Nearness]:
            return [Nearness(0.5, 0.5, 0.5, (), 3.0 + gap * ("house" in one.text)) for one in excerpts]

        assert texts(quote(question, [moves], near))[0].startswith(first), (question, gap)


def test_what_stands_over_a_table_is_quoted_once() -> None:
    text = f"The notice periods follow the table. They end with a month.\n{TABLE}"
    said = " ".join(texts(quote("notice period of the table after 3 years of service?", [passage(text)])))
    assert said.count("follow the table") == 1


def test_steps_come_in_their_order_and_on_their_level() -> None:
    text = "1. Leave the building.\n  1. Use the stairs.\n2. Go to the point:\n  - office: car park\n3. Wait."
    quoted = quote("Where is the point of the office?", [passage(text, section=("On alarm",))])
    told = "1. Leave the building.\n   1. Use the stairs.\n2. Go to the point:\n   - office: car park\n3. Wait."
    assert texts(quoted) == [f"On alarm:\n{told}"]


def test_a_letter_that_may_be_referred_to_stays() -> None:
    text = "4.2 Gifts must never be accepted:\n(a) from bidders in a tender;\n(b) in cash or as vouchers."
    quoted = quote("May I accept gifts in cash or vouchers?", [passage(text)])
    assert "- (a) from bidders in a tender;\n- (b) in cash or as vouchers." in quoted[0].text
