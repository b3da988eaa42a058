"""More that was taken for something else, and ordinary messages with the same words, which stay what they are."""

from bot.answering.wanted import things, wants_reason
from bot.understanding.follow_up import complains
from tests.rows import each


@each("text, reason")
def test_a_why_with_its_doubt_behind_it_wants_the_reason(text: str, reason: bool) -> None:
    assert wants_reason(text) == reason


@each("text, complaint")
def test_what_nobody_needs_a_bot_for_is_a_complaint(text: str, complaint: bool) -> None:
    assert complains(text) == complaint


@each(
    "question, named",
    [
        ("when does the cooling finally come on", ["cooling"]),
        ("is the gauge ran out last month", ["gauge"]),
        ("ok for the todays measurement", ["measurement"]),
        ("may I bring the family to the assembly", ["family", "assembly"]),
        ("who pays for the reply envelope", ["reply", "envelope"]),
    ],
)
def test_adverbs_and_verbs_are_no_things(question: str, named: list[str]) -> None:
    assert [word for _, word in things(question)] == named


DEATH, WEDDING, BIRTH = "death of a partner, child or parent | 5", "own wedding | 2 days", "birth of a child | 2"
