"""Kinds of failure that 64 written messages showed (docs/lab/2026-11-28-messages.md), each once."""

from dataclasses import replace

import pytest

from bot.answering.confidence import missing, why
from bot.texts import of
from bot.types import Answer, Outcome, Question, Turn
from bot.understanding.addressed import Scene, meant_for_bot
from bot.understanding.codes import names_another
from bot.understanding.follow_up import resolve
from bot.understanding.topics import told
from tests.bot.answering.test_confidence import found
from tests.rows import each


@each("asked", ["E502", "e-502", "E/502"])
def test_a_code_is_found_however_it_is_written(asked: str) -> None:
    passages = found("Code E-502 means that the compressor is too hot: wait 20 minutes.")
    assert missing(f"what is {asked}?", passages) == []
    assert missing("what is E503?", passages) == ["E503"]
    assert missing("Is ISO27001 ours?", found("We are certified for ISO 27001.")) == []


def test_another_code_of_the_same_make_is_no_answer() -> None:
    assert names_another(["E-633"], "Code E-417 means that the door seal is open.")
    assert not names_another(["E-633"], "For any other code call 2230.")
    assert not names_another(["5.1.2"], "Form TR-5 is sent to 10.4.")


@each(
    "text, of_whom",
    [
        ("how much does Sandra Keller in purchasing earn?", "pay"),
        ("Is Tobias Frank on sick leave? I need his signature", "health"),
        ("How much does The company pay for sick leave?", None),
        ("Is overtime paid on sick leave?", None),
    ],
)
def test_what_concerns_a_named_person_is_told_of_nobody(text: str, of_whom: str | None) -> None:
    of_it = told(text)
    assert (of_it.topic if of_it else None) == of_whom
    assert (why(text, []) == "somebody") is (of_whom is not None)


@pytest.mark.parametrize(
    ("asked", "correction", "meant"),
    [
        ("is a furnished flat paid for 6 days", "sorry typo: 6 *weeks*, not days", "weeks"),
        ("max price for a leased bike?", "no sorry, the NEW rule", "NEW rule"),
    ],
)
def test_an_asker_corrects_the_question(asked: str, correction: str, meant: str) -> None:
    assert meant_for_bot(correction, Scene(True, True, False, False), "thread")
    assert not meant_for_bot(correction, Scene(True, True, True, False), "thread")  # somebody spoke in between
    understood = resolve(Question("q", correction, (Turn("user", asked), Turn("agent", "An answer. [1]"))))
    assert meant in understood.standalone and asked.split()[1] in understood.standalone


@pytest.mark.parametrize("why", ["language", "foreign"])
def test_a_refusal_for_the_language_is_said_in_it(why: str) -> None:
    answer = Answer(Outcome.REFUSED, "", notes=(why,), spoken="de")
    assert of("en").refusal(answer) == of("de").refused_because[why]
    assert of("en").refusal(replace(answer, spoken="xx")) == of("en").refused_because[why]
