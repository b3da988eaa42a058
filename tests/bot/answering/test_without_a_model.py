"""One question answered without a model: the manual is quoted, or refused with what comes near."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot import texts
from bot.answering.assistant import final
from bot.types import Outcome, Turn
from knowledge.errors import EmbeddingFailed
from knowledge.types import Excerpt, Found, Nearness, Passage, Query
from tests.bot.answering.scripted import HOTEL, LEAVE, UNSURE, Shelf, alike, ask, assistant
from tests.rows import each


async def test_without_a_model_the_manual_is_quoted() -> None:
    answer = await final(assistant(Shelf(LEAVE, HOTEL)), ask("How many days of annual leave do I get a year?"))
    assert answer.outcome is Outcome.ANSWERED and answer.degraded_reason is None and "quoted" in answer.notes
    assert "Annual leave is 30 working days a year." in answer.text
    assert all(c.quote in LEAVE.text + HOTEL.text for c in answer.citations)


async def test_without_a_model_sentences_that_come_nowhere_near_are_not_quoted() -> None:
    far = replace(LEAVE, similarity=0.35)
    question = ask("How many days of annual leave do I get a year?")
    first = assistant(Shelf(far), threshold=0.22)
    assert (await final(first, question)).outcome is Outcome.ANSWERED
    answer = await final(assistant(Shelf(far), threshold=0.22, nearness_of=alike(0.1)), question)
    assert answer.outcome is Outcome.REFUSED and answer.closest and not answer.citations and answer.notes == ("unsure",)
    assert answer.closest[0].quote.startswith("Annual leave is 30 working days a year. Up to eight days")
    near = await final(assistant(Shelf(far), threshold=0.22, nearness_of=alike(0.7)), question)
    assert near.outcome is Outcome.ANSWERED


async def test_a_refusal_shows_the_nearest_sentence_of_passages_that_come_near_and_none_of_far_ones() -> None:
    for similarity, said in ((0.2, True), (0.05, False)):
        shelf = Shelf(replace(LEAVE, similarity=similarity, lexical=0.1))
        answer = await final(
            assistant(shelf, threshold=0.22, nearness_of=alike(0.2)), ask("May I bring my parrot along?")
        )
        assert (
            answer.outcome is Outcome.REFUSED
            and (answer.closest[0].quote in LEAVE.text)
            and bool(answer.closest[0].quote) is said
        )


async def test_what_may_not_be_the_answer_is_shown_as_the_closest_sections_and_not_as_the_answer() -> None:
    question = ask("How many days of annual leave do I get a year?")
    others = [replace(HOTEL, chunk_id=f"h{n}", section=(f"{n}",), score=0.85) for n in range(6)]
    among = await final(
        assistant(Shelf(replace(LEAVE, similarity=0.4), *others), threshold=0.22, nearness_of=alike(0.35)), question
    )
    assert among.outcome is Outcome.REFUSED and among.notes == ("unsure",) and not among.citations
    assert among.closest[0].quote.startswith("Annual leave is 30 working days a year.") and len(among.closest) == 3
    chatty = assistant(
        Shelf(replace(LEAVE, similarity=0.4), *others),
        threshold=0.22,
        nearness_of=alike(0.35),
        chat=lambda text, in_thread: "person",
    )
    assert (await final(chatty, question)).notes == ("unsure",), "what comes near to passages is no chat"
    alone = await final(assistant(Shelf(LEAVE, replace(HOTEL, score=0.1)), nearness_of=alike(0.8)), question)
    assert alone.text.startswith("Annual leave is 30")
    always = await final(assistant(Shelf(replace(LEAVE, similarity=0.4), *others), nearness_of=alike(0.4)), question)
    assert always.outcome is Outcome.ANSWERED, "where nothing is to be refused"
    thread = (Turn("user", "What leave is there?"), Turn("agent", "Leave is paid."))
    going_on = ask(question.text, *thread)
    follow_up = await final(assistant(Shelf(UNSURE, *others), threshold=0.22, nearness_of=alike(0.4)), going_on)
    assert follow_up.outcome is Outcome.ANSWERED


async def test_without_a_model_a_question_about_what_the_collection_never_mentions_is_refused() -> None:
    shelf, question = Shelf(replace(LEAVE, similarity=0.4)), ask("Is the leave of my parrot paid?")
    assert (await final(assistant(shelf, threshold=0.22, nearness_of=alike(0.5)), question)).outcome is Outcome.ANSWERED
    shelf.rarest = 10.3
    answer = await final(assistant(shelf, threshold=0.22, nearness_of=alike(0.5)), question)
    assert answer.outcome is Outcome.REFUSED and answer.closest


async def test_a_follow_up_is_not_judged_by_the_nearness_of_sentences() -> None:
    shelf, history = Shelf(LEAVE), (Turn("user", "How much annual leave do I get?"), Turn("agent", "30 days."))
    answer = await final(
        assistant(shelf, threshold=0.22, nearness_of=alike(0.0)), ask("And how much is carried?", *history)
    )
    assert answer.outcome is Outcome.ANSWERED


async def test_words_choose_when_what_tells_meaning_is_broken() -> None:
    broken = alike(0.0, EmbeddingFailed("no model"))
    answer = await final(
        assistant(Shelf(LEAVE), nearness_of=broken), ask("How many days of annual leave do I get a year?")
    )
    assert answer.outcome is Outcome.ANSWERED and "30 working days" in answer.text


async def test_more_detail_quotes_what_was_not_said_yet() -> None:
    one = assistant(Shelf(LEAVE, HOTEL))
    said = "Annual leave is 30 working days a year. [1]"
    question = ask("more detail please", Turn("user", "How much annual leave do I get a year?"), Turn("agent", said))
    answer = await final(one, question)
    assert "30 working days" not in answer.text and "carried over" in answer.text


async def test_another_language_without_a_model_is_said_plainly() -> None:
    answer = await final(assistant(Shelf(LEAVE), language="it"), ask("Quante ferie ho all'anno?"))
    assert answer.outcome is Outcome.REFUSED and answer.notes[:1] == ("language",) and not answer.closest


@each("text, spoken", [("İntihar etmek istiyorum", "tr"), ("Ich bringe mich um", "de"), ("Me quito la vida", "es")])
async def test_who_cries_for_help_hears_of_help_before_anything_else(text: str, spoken: str) -> None:
    answer = await final(assistant(Shelf(LEAVE), language=spoken), ask(text))
    assert answer.text.startswith(texts.of("en").kindly("self_harm"))
    assert answer.outcome is Outcome.ANSWERED and "language" not in answer.notes


async def test_a_known_language_without_a_model_is_answered_in_the_manuals_words() -> None:
    answer = await final(assistant(Shelf(LEAVE), language="de"), ask("Wie viele Urlaubstage habe ich?"))
    assert answer.text.startswith("Annual leave is 30 working days") and "word_by_word" in answer.notes


async def test_of_a_known_language_with_few_known_words_what_comes_closest_is_shown() -> None:
    german = assistant(Shelf(LEAVE), threshold=0.1, language="de")
    answer = await final(german, ask("Schnörkelt der Quatsch vom Blubb den Urlaub?"))
    assert answer.outcome is Outcome.REFUSED and answer.notes[:1] == ("foreign",) and answer.spoken == "de"
    assert answer.closest


class Shelves(Shelf):
    """A shelf for what has a word, and one for all else."""

    def __init__(self, word: str, first: Passage, other: Passage) -> None:
        super().__init__(first)
        self.word, self.other = word, other

    async def search(self, query: Query, collections: Sequence[str]) -> Found:
        found = await super().search(query, collections)
        return found if self.word in query.texts[0][0] else replace(found, passages=(self.other,))


@pytest.mark.parametrize(("similarity", "near"), [(0.35, True), (0.2, False)])
async def test_a_part_that_nothing_answers_is_told_one_whole_sentence_that_comes_near_or_that_there_is_none(
    similarity: float, near: bool
) -> None:
    pad = replace(HOTEL, text=f"The roof is closed. {HOTEL.text}", similarity=similarity, lexical=0.0, score=0.4)

    def nearness_of(question: str, texts: Sequence[Excerpt]) -> list[Nearness]:
        return [Nearness(*[0.8 if "leave" in question else 0.1] * 3)] * len(texts)

    shelf = Shelves("leave", LEAVE, pad)
    question = ask("How many days of annual leave do I get? Also, do we have a room for helicopters?")
    answer = await final(assistant(shelf, threshold=0.22, nearness_of=nearness_of), question)
    below = answer.text.rpartition("\n\n")[2]
    assert answer.text.startswith("Annual leave is 30 working days a year.")
    assert below.endswith(f"What comes closest: “{HOTEL.text}”") if near else below.startswith("I found nothing")


async def test_a_part_is_told_as_it_was_asked_without_what_people_said_above() -> None:
    roof = replace(HOTEL, text="The roof is closed.", similarity=0.2, lexical=0.0, score=0.4)

    def nearness_of(question: str, texts: Sequence[Excerpt]) -> list[Nearness]:
        return [Nearness(*[0.8 if "leave" in question else 0.1] * 3)] * len(texts)

    talk = Turn("user", "who is in for the football cup?", speaker="B", to_bot=False)
    asked = ask("count me in, which day is it and how many days of annual leave do I get?", talk)
    one = assistant(Shelves("leave", LEAVE, roof), threshold=0.22, nearness_of=nearness_of)
    answer = await final(one, replace(asked, speaker="A"))
    assert "30 working days" in answer.text
    assert answer.text.endswith("on this part: “count me in, which day is it?”.")
