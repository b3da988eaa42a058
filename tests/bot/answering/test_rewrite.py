"""What rewrites nothing is dropped; a question about what somebody can't do is none. What a rewrite finds is read."""

from dataclasses import replace

import pytest

from bot.answering.assistant import final
from bot.answering.ports import Meant
from bot.answering.rewrite import read
from tests.bot.answering.scripted import UNSURE, Script, Shelf, ask, assistant
from tests.bot.answering.test_assistant import means
from tests.rows import each


@each("reply")
def test_a_question_that_sounds_like_a_refusal_is_kept(reply: str) -> None:
    meant = read(reply)
    assert meant is not None
    assert meant.query == reply


@each("reply")
def test_a_refusal_is_no_rewrite(reply: str) -> None:
    assert read(reply) is None


@pytest.mark.parametrize(
    "reply",
    [
        "Sure! Here is the rewritten question:\n\nannual leave carry over",
        "Sure! Here is the rewritten question: **annual leave carry over**",
        "Standalone question: annual leave carry over",
        "Umformulierte Frage: annual leave carry over",
        "Pregunta reformulada: «annual leave carry over»",
        '{"question": "annual leave carry over"}',
    ],
)
def test_a_rewrite_may_stand_below_or_behind_what_introduces_it(reply: str) -> None:
    meant = read(reply)
    assert meant is not None
    assert meant.query == "annual leave carry over"


def test_whom_it_is_for_outlasts_a_rewrite_that_says_nothing() -> None:
    secret = read('{"kind": "sensitive", "query": "I need help"}')
    among_people = read('{"kind": "question", "query": "I don\'t know.", "for_bot": false}')
    assert secret and (secret.kind, secret.query) == ("sensitive", "")
    assert among_people and (among_people.for_bot, among_people.query) == (False, "")
    assert read('{"kind": "question", "query": "I need help"}') is None


async def test_what_a_rewrite_finds_is_read_too_where_the_own_words_are_surer_of_something_else() -> None:
    """Sat in the car park, couldn't go in. Whom can I talk to? Parking, or counselling."""
    parking = replace(UNSURE, text="Parking spaces are given in the order of booking.")
    counselling = replace(
        UNSURE, chunk_id="counselling", text="Counselling is free of charge.", similarity=0.2, lexical=0.0
    )

    class Both(Shelf):
        async def search(self, query, collections):
            found = await super().search(query, collections)
            return found if len(query.texts) == 1 else replace(found, passages=(counselling,))

    model = Script("NO_ANSWER")
    answer = assistant(Both(parking), model, rewrite=means(Meant("employee assistance programme")))
    told = await final(answer, ask("sat in the car park, could not go in, whom can I tell"))
    assert [one.text for one in told.passages] == [parking.text, counselling.text]
