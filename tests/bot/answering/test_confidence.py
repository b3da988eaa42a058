from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.confidence import LEAST, confidence, missing, second, sure
from bot.answering.quote_writer import FIRM, SURE
from bot.answering.scoring import Candidate
from bot.settings import Settings
from knowledge.types import Nearness, Passage
from tests.rows import each

THRESHOLD = Settings().refuse_below
TEXT = "Annual leave amounts to 25 days. Contractors book travel through TravelDesk and keep receipts for 90 days."


def found(text: str = TEXT, similarity: float | None = 0.6, lexical: float = 0.7) -> list[Passage]:
    return [
        Passage(f"c{i}", "m.pdf", "Manual", ("Leave",), text, 1 / (1 + i), similarity=similarity, lexical=lexical)
        for i in range(5)
    ]


def near(*cosines: float) -> list[Nearness]:
    return [Nearness(cosine, cosine, cosine) for cosine in cosines]


def how_sure(
    question: str, passages: list[Passage], nearest: list[Nearness], lead: float, answers: float | None = None
) -> float:
    first = Candidate(1, 0, 5.0, nearest[0]._replace(answers=answers) if nearest else None)
    return sure(question, passages, nearest, first, lead, by_row=False)


def test_without_passages_nothing_can_be_answered() -> None:
    assert confidence("How many days?", []) == 0.0


def test_a_near_passage_with_the_words_is_enough_and_a_far_one_without_is_not() -> None:
    assert confidence("How many days of annual leave are there?", found()) > 0.6
    assert confidence("How do I calibrate a torque wrench?", found(similarity=0.15, lexical=0.0)) < THRESHOLD / 2


def test_own_words_without_a_word_in_common_are_not_refused_when_the_meaning_is_near() -> None:
    assert confidence("How much holiday may I spend?", found(similarity=0.55, lexical=0.05)) > THRESHOLD


def test_a_keyword_that_stands_there_is_enough_whatever_its_cosine() -> None:
    assert confidence("TravelDesk", found(similarity=0.15, lexical=1.0)) > THRESHOLD
    assert confidence("TravelDesk", found(similarity=0.15, lexical=0.5)) < THRESHOLD
    assert confidence("which desk calibrates wrenches", found(similarity=0.15, lexical=1.0)) < THRESHOLD


def test_keywords_work_as_well() -> None:
    assert confidence("annual leave days", found(similarity=0.55, lexical=0.9)) > THRESHOLD


def test_a_code_that_stands_nowhere_lowers_the_confidence() -> None:
    text = TEXT + " Error E-417 means that the door is open."
    known = confidence("What does error E-417 mean?", found(text))
    unknown = confidence("What does error E-999 mean?", found(text))
    assert unknown < known


@each(
    "question, codes",
    [
        ("Which YubiKey model do we use with TravelDesk in 2031?", []),
        ("What is the rule for section 5.1.2?", ["5.1.2"]),
        ("my mail is <EMAIL_1>, do I keep receipts?", []),
        ("what does e-417 mean", ["e-417"]),
        ("Who signs for 8,000 euros, 3km away, 4.2k more, 5h30 later, on the 2nd of May, 24/7?", []),
        ("We spent nothing in Q1 and h2, may we in Q3?", []),
        ("is WPA2 allowed under ISO27001?", ["WPA2", "ISO27001"]),
        ("Can contractors book travel?", []),
        ("Do I keep receipts for 90 days?", []),
        ("What do form EX-7a and W-2s say, and 1099-MISC?", ["EX-7a", "W-2", "1099-MISC"]),
        ("Wofür ist die A1-Bescheinigung, und was heißt E-417-Fehler?", ["A1", "E-417"]),
        ("İSG-12 formu nerede?", ["İSG-12"]),
        ("SOP-HR-12", ["SOP-HR-12"]),
        ("where is pwd-17, h1b, wpa2 or 6-B?", ["pwd-17", "h1b", "wpa2", "6-B"]),
        ("pol-hr-004 or iso27001? error 0x80070057", ["pol-hr-004", "iso27001", "0x80070057"]),
    ],
)
def test_codes_and_numbers_of_the_question_are_looked_up(question: str, codes: list[str]) -> None:
    assert missing(question, found()) == codes


@each("question")
def test_a_number_with_a_word_is_no_code(question: str) -> None:
    assert missing(question, found()) == []


@given(st.sampled_from(["how many days of annual leave", "receipts", "TravelDesk"]), st.integers(1, 40))
def test_length_says_nothing(question: str, times: int) -> None:
    longer = " ".join([question] * times)
    assert confidence(longer, found()) == confidence(question, found())
    assert second(longer, found(), 0, near(0.5)) == second(question, found(), 0, near(0.5))


def test_a_pasted_table_of_numbers_is_no_overflow() -> None:
    table = " ".join(f"x{n}" for n in range(1000, 3000))
    assert confidence(table, found()) == pytest.approx(0, abs=1e-9)
    assert second(table, found(), 0, near(0.5)) == pytest.approx(0, abs=1e-9)


def test_words_decide_while_vectors_are_pending() -> None:
    pending = found(similarity=None)
    assert confidence("annual leave days", pending) > THRESHOLD
    assert confidence("torque wrench calibration", found(similarity=None, lexical=0.0)) < 0.3
    mixed = [replace(pending[0], similarity=0.6), *pending[1:]]
    assert confidence("annual leave days", mixed) > THRESHOLD


@given(st.text(max_size=80), st.floats(0, 1), st.floats(0, 0.9), st.floats(0, 1))
def test_a_nearer_passage_never_lowers_the_confidence(question: str, low: float, step: float, lexical: float) -> None:
    high = min(1.0, low + step)
    far, near = found(similarity=low, lexical=lexical), found(similarity=high, lexical=lexical)
    assert 0 <= confidence(question, far) <= confidence(question, near) <= 1


def test_the_second_look_refuses_when_no_sentence_comes_near() -> None:
    question, passages, pending = (
        "How many days of annual leave are there?",
        found(similarity=0.45),
        found(similarity=None),
    )
    assert second(question, passages, 0, near(0.1, 0.55)) > THRESHOLD
    assert second(question, passages, 0, near(0.1, 0.15)) < THRESHOLD < confidence(question, passages)
    assert second(question, pending, 0, near(0.6)) > THRESHOLD > second(question, pending, 0, near(0.2))
    assert second(question, [], 0, []) == 0.0


def test_a_word_that_a_large_collection_hardly_knows_speaks_against_an_answer() -> None:
    question, absent_of_ten_thousand, absent_of_a_hundred = "Is there a nursery for children?", 9.9, 5.3
    sure = second(question, found(), 0, near(0.5))
    assert second(question, found(), absent_of_ten_thousand, near(0.5)) < sure - 0.1
    assert second(question, found(), absent_of_a_hundred, near(0.5)) == sure


def test_words_without_a_partner_in_any_sentence_speak_against_an_answer() -> None:
    one, all_words = (
        [Nearness(0.5, 0.2, 0.3), Nearness(0.3, 0.1, 0.2)],
        [Nearness(0.5, 0.2, 0.3), Nearness(0.3, 0.7, 0.8)],
    )
    assert second("annual leave", found(), 0, one) < second("annual leave", found(), 0, all_words)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5), st.floats(0, 1), st.floats(0, 12))
def test_a_nearer_sentence_never_lowers_the_second_look(known: list[float], more: float, rarest: float) -> None:
    assert second("annual leave", found(), rarest, near(*known)) <= second(
        "annual leave", found(), rarest, near(*known, more)
    )


def test_what_stands_out_is_surer_than_one_of_many_that_are_as_near() -> None:
    question, near_ones = "How much holiday may I spend?", near(0.5)
    alone = [replace(p, score=0.5 if n == 0 else 0.2, lexical=0.2) for n, p in enumerate(found())]
    among = [replace(p, score=0.5, lexical=0.2) for p in found()]
    assert how_sure(question, among, near_ones, 0.5) < 0.22 * SURE < how_sure(question, alone, near_ones, 0.5)
    assert how_sure(question, alone, near_ones, 4.0) > how_sure(question, alone, near_ones, 0.0)
    assert how_sure(question, [], near_ones, 4.0) == how_sure(question, alone, [], 4.0) == 0.0


def test_a_lead_by_shared_words_alone_makes_nothing_surer() -> None:
    by_words = [replace(p, score=0.5 if n == 0 else 0.25, lexical=1.0) for n, p in enumerate(found())]
    by_meaning = [replace(p, lexical=0.0) for p in by_words]
    assert how_sure("annual leave", by_words, near(0.5), 1.0) < how_sure("annual leave", by_meaning, near(0.5), 1.0)


@given(st.sampled_from(["how many days of annual leave", "receipts", "TravelDesk"]), st.integers(1, 40))
def test_length_makes_nothing_surer(question: str, times: int) -> None:
    assert how_sure(" ".join([question] * times), found(), near(0.5), 1.0) == how_sure(
        question, found(), near(0.5), 1.0
    )


def test_the_judge_makes_an_answer_surer_or_doubtful_and_refuses_none_alone() -> None:
    question, near_ones = "How much holiday may I spend?", near(0.5)
    yes, no, never = (how_sure(question, found(), near_ones, 1.0, answers) for answers in (4.0, LEAST, -6.0))
    assert THRESHOLD * SURE < never == no < THRESHOLD * FIRM < yes
