"""What is quoted below the sentence that answers although it scores far behind: what limits it, its table."""

from bot.answering.quoting import OTHER_MARGIN, chosen
from bot.answering.scoring import Candidate, Reading
from tests.bot.answering.test_quoting import passage, texts
from tests.rows import each

FAR = OTHER_MARGIN + 0.5  # log-odds behind the best
BETWEEN = "Lunch is served at noon."  # what stands next to the answer goes on from it anyway


def below(question: str, answer: str, further: str) -> bool:
    """Whether a sentence two further down that scores far worse is quoted below the answer."""
    reading = Reading(question, [passage(f"{answer} {BETWEEN} {further}", section=("4 Rules",))])
    said = texts(chosen(reading, [Candidate(1, 0, 20.0), Candidate(1, 2, 20.0 - FAR)]))
    assert said[0] == answer
    return further in said


@each("question, answer, further")
def test_what_the_manual_forbids_in_the_same_matter_is_quoted_below_the_rule(
    question: str, answer: str, further: str
) -> None:
    assert below(question, answer, further)


@each("question, answer, further")
def test_what_is_forbidden_in_other_matters_or_forbids_nothing_is_left_out(
    question: str, answer: str, further: str
) -> None:
    assert not below(question, answer, further)


def test_the_table_of_the_section_that_answers_is_quoted_below_it_and_that_of_another_is_not() -> None:
    table = "Absence | Amount\nless than 8 hours | none\n8 hours and more | 16 euros"
    for section, shown in ((("6 Travel", "6.5 Allowances"), True), (("7 Cars", "7.1 Tolls"), False)):
        rule = passage("A daily allowance covers meals.", section=("6 Travel", "6.5 Allowances"))
        reading = Reading("daily allowance", [rule, passage(table, section=section)])
        said = texts(chosen(reading, [Candidate(1, 0, 20.0), Candidate(2, 1, 20.0 - FAR)]))
        assert said[0] == "A daily allowance covers meals." and ("16 euros" in " ".join(said)) is shown


@each("second, together")
def test_a_later_stage_of_a_rule_is_quoted_behind_the_stage_before(second: str, together: bool) -> None:
    reading = Reading("What is paid?", [passage(f"Pay goes on in full for six weeks. {second}")])
    said = texts(chosen(reading, [Candidate(1, 1, 20.0)]))
    assert said == ["Pay goes on in full for six weeks."] * together + [second]
