"""What is remembered of an answer, and what it costs."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from itertools import product

from bot import texts
from bot.answering.assistant import final
from bot.answering.ports import Meant
from bot.types import Outcome, Prompt, Question, Sentence, Status, Turn, Usage
from bot.understanding.topics import COMFORTED, Kind, Told
from knowledge.errors import EmbeddingFailed
from knowledge.types import Found, Query
from tests.bot.answering.scripted import HOTEL, LEAVE, UNSURE, Kept, Purse, Script, Shelf, ask, assistant, tells
from tests.rows import each


async def test_a_spent_budget_quotes_and_a_used_model_is_charged() -> None:
    empty, model = Purse(empty=True), Script("Annual leave is 30 working days a year [1].")
    answer = await final(assistant(Shelf(LEAVE), model, meter=empty), ask("How much annual leave?"))
    assert answer.degraded_reason == "budget_reached" and model.prompts == []
    purse = Purse()
    await final(assistant(Shelf(LEAVE), model, meter=purse), ask("How much annual leave?"))
    assert purse.spent[0]["answer"].input_tokens == 100


async def test_the_same_question_is_answered_from_memory_until_the_index_moves() -> None:
    shelf, kept = Shelf(LEAVE), Kept()
    model = Script("Annual leave is 30 working days a year [1].")
    one = assistant(shelf, model, memory=kept)
    first = await final(one, ask("How much leave?"))
    again = await final(one, ask("  how MUCH   leave "))
    assert len(model.prompts) == 1 and again.text == first.text and "cached" in again.notes and again.usage == Usage()
    shelf.number = kept.number = 2
    assert "cached" not in (await final(one, ask("How much leave?"))).notes
    assert len(model.prompts) == 2


async def test_what_is_private_is_kept_for_nobody() -> None:
    kept, model = Kept(), Script("Annual leave is 30 working days a year [1].")
    one = assistant(Shelf(LEAVE), model, memory=kept)
    for _ in range(2):
        answer = await final(one, replace(ask("How much leave?"), private=True))
        assert "cached" not in answer.notes
    assert len(model.prompts) == 2


async def test_what_a_model_finds_sensitive_is_kept_for_nobody_so_that_a_channel_is_told_first() -> None:
    async def meant(_: Question, languages: Sequence[str]) -> tuple[Meant, Usage]:
        return Meant("leave when things are bad at home", "sensitive"), Usage()

    kept, model = Kept(), Script("Annual leave is 30 working days a year [1].")
    one = assistant(Shelf(UNSURE), model, memory=kept, rewrite=meant)
    question = ask("things at home are bad, how much leave do I get?")  # in a direct message, then in a channel
    for _ in range(2):
        assert Status("sensitive") in [event async for event in one.answer(question)]
    assert not kept.answers


async def test_no_kind_word_is_said_before_it_is_known_whether_a_channel_may_read_it() -> None:
    async def meant(_: Question, languages: Sequence[str]) -> tuple[Meant, Usage]:
        return Meant("leave after a death", "sensitive"), Usage()

    one = assistant(
        Shelf(UNSURE),
        Script("Annual leave is 30 working days a year [1]."),
        rewrite=meant,
        told=tells("bereaved", "died"),
    )
    events = [event async for event in one.answer(ask("My mother died yesterday, how much leave do I get?"))]
    told = [event.text for event in events if isinstance(event, Sentence)]
    assert told[0] == texts.of().kindly("bereaved")
    assert events.index(Status("sensitive")) < events.index(next(e for e in events if isinstance(e, Sentence)))


class ByWords(Shelf):
    """What is found for the message itself is on leave, for all else on hotels."""

    async def search(self, query: Query, collections: Sequence[str]) -> Found:
        found = await super().search(query, collections)
        return replace(found, passages=(LEAVE if query.texts[0][0].startswith("xyz happened, how many") else HOTEL,))


@each("kind", sorted({*COMFORTED} - {"person"}))
async def test_beside_a_model_whom_it_hurts_has_our_own_word_first_and_all_what_is_looked_up(kind: Kind) -> None:
    shelf, model = ByWords(), Script("\n I'm so sorry. ", "Annual leave is 30 working days a year [1].")
    one = assistant(shelf, model, told=tells(kind, "xyz"))
    events = [event async for event in one.answer(ask("xyz happened, how many days do I get?"))]
    *kindly, rule = [event.text for event in events if isinstance(event, Sentence)]
    instructed = kind in ("device", "clicked", "phishing", "breach", "witness")  # the rule says what to do
    assert kindly == ([] if instructed else [texts.of().kindly(kind)]) and rule.startswith("Annual leave is 30")
    assert ("130 euros" in str(model.prompts[0].messages)) is (kind != "delivery")  # that is looked up itself


async def test_nobody_is_blamed_beside_a_model_where_only_the_meaning_may_tell_of_it() -> None:
    wrong = []
    for kind, likely in product(("harassment", "home", "health"), (0.93, 0.97)):
        model, of_it = Script("Annual leave is 30 working days a year [1]."), Told(kind, "xyz", likely=likely)
        one = assistant(Shelf(LEAVE), model, told=lambda _, of_it=of_it: of_it)
        said = (await final(one, ask("xyz, how much annual leave?"))).text
        if said.startswith("Annual leave") != (kind != "health" and likely == 0.93):
            wrong.append((kind, likely, said))
    assert wrong == []


async def test_a_follow_up_is_never_answered_from_memory() -> None:
    shelf, kept = Shelf(LEAVE), Kept()
    await final(
        assistant(shelf, memory=kept), ask("And for interns?", Turn("user", "How much leave?"), Turn("agent", "30."))
    )
    assert kept.answers == {}


async def test_the_budget_covers_the_rewrite() -> None:
    asked = []

    async def rewrite(question: Question, languages: Sequence[str]) -> tuple[Meant, Usage]:
        asked.append(question)
        return Meant("annual leave"), Usage(7, 3)

    model = Script("Annual leave is 30 working days a year [1].")
    await final(assistant(Shelf(LEAVE), model, meter=Purse(empty=True), rewrite=rewrite), ask("How much annual leave?"))
    assert asked == []
    purse = Purse()
    refused = assistant(Shelf(UNSURE), model, threshold=1.1, meter=purse, rewrite=rewrite)
    assert (await final(refused, ask("How much annual leave?"))).outcome is Outcome.REFUSED
    assert [used["rewrite"].input_tokens for used in purse.spent] == [7]


async def test_an_answer_left_in_the_middle_and_a_search_that_fails_are_charged_once() -> None:
    purse, model = (
        Purse(),
        Script("Annual leave is 30 working days a year [1]. ", "Up to eight days may be carried over."),
    )
    events = assistant(Shelf(LEAVE), model, meter=purse).answer(ask("How much annual leave?"))
    async for event in events:
        if isinstance(event, Sentence):
            await events.aclose()
    assert [used["answer"].output_tokens > 0 for used in purse.spent] == [True]

    async def rewrite(question: Question, languages: Sequence[str]) -> tuple[Meant, Usage]:
        shelf.error = EmbeddingFailed("gone")  # for the second search, with the rewrite
        return Meant("annual leave"), Usage(7, 3)

    purse, shelf = Purse(), Shelf(UNSURE)
    answer = await final(assistant(shelf, model, meter=purse, rewrite=rewrite), ask("How much annual leave?"))
    assert answer.outcome is Outcome.FAILED and [used["rewrite"].input_tokens for used in purse.spent] == [7]


async def test_no_part_is_read_on_once_the_search_for_another_has_failed() -> None:
    left = asyncio.Event()

    async def rewrite(question: Question, languages: Sequence[str]) -> tuple[Meant, Usage]:
        if "Urlaub" in question.text:
            shelf.error = EmbeddingFailed("gone")  # for the second search for this part
            return Meant("annual leave"), Usage(7, 3)
        try:
            await asyncio.Event().wait()
        finally:
            left.set()
        raise AssertionError("it waits for ever")

    purse, shelf, model = Purse(), Shelf(UNSURE), Script("Annual leave is 30 working days a year [1].")
    asked = ask("Wer genehmigt eine Dienstreise? Wie viele Tage Urlaub habe ich im Jahr?")
    answer = await final(assistant(shelf, model, meter=purse, rewrite=rewrite, language="de"), asked)
    async with asyncio.timeout(5):
        await left.wait()
    assert answer.outcome is Outcome.FAILED and [used["rewrite"].input_tokens for used in purse.spent] == [7]


async def test_a_stand_in_s_answer_is_not_remembered() -> None:
    class StandIn(Script):
        async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage]:
            async for part in super().stream(prompt):
                yield replace(part, model="second") if isinstance(part, Usage) else part

    kept = Kept()
    model = StandIn("Annual leave is 30 working days a year [1].")
    answer = await final(assistant(Shelf(LEAVE), model, memory=kept), ask("How much annual leave?"))
    assert answer.outcome is Outcome.ANSWERED and answer.model == "second" and not kept.answers


async def test_an_answer_without_its_verifier_is_not_remembered() -> None:
    kept, model = Kept(), Script("The company grants thirty free working days to each of us [1].")
    answer = await final(assistant(Shelf(LEAVE), model, memory=kept, manner="down"), ask("How much annual leave?"))
    assert answer.outcome is Outcome.ANSWERED and "words_only" in answer.notes and not kept.answers
