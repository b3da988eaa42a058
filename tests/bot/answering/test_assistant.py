"""One question, start to finish, with a small fake knowledge base and scripted models."""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
import structlog

from bot import texts
from bot.answering.assistant import Assistant, final
from bot.answering.daily_budget import Budget, DailyMeter, Day
from bot.answering.model_writer import Model
from bot.answering.rewrite import Meant
from bot.answering.search import AnswerPolicy
from bot.errors import BudgetReached, ModelCut, ModelUnavailable, StoreError
from bot.types import Answer, Finished, Outcome, Prompt, Question, Sentence, Status, Turn, Usage, Verdict
from knowledge.errors import EmbeddingFailed, IndexMissing, KnowledgeError
from knowledge.types import Excerpt, Found, Nearness, PageSpan, Passage, Query
from prompts import load
from tests.fake_verifier import Reader

LEAVE = Passage(
    "leave", "handbook.pdf", "Employee Handbook", ("4 Leave", "4.1 Annual leave"),
    "Annual leave is 30 working days a year. Up to eight days may be carried over and must be taken by 30 April.",
    0.9, pages=(PageSpan(0, 20, "10"),), similarity=0.8, lexical=1.0,
)  # fmt: skip
HOTEL = Passage(
    "hotel", "handbook.pdf", "Employee Handbook", ("6 Travel", "6.4 Hotels"),
    "A hotel room may cost up to 130 euros a night including breakfast.",
    0.8, pages=(PageSpan(0, 28, "18"),), similarity=0.75, lexical=1.0,
)  # fmt: skip


UNSURE = replace(LEAVE, similarity=0.45)


class Shelf:
    """A knowledge base that returns what was put on it; remembers what was asked."""

    def __init__(self, *passages: Passage) -> None:
        self.passages, self.queries, self.number = passages, [], 1
        self.error: Exception | None = None
        self.pending, self.rarest = 0, 0.0

    async def search(self, query: Query, collections: Sequence[str]) -> Found:
        self.queries.append(query)
        if self.error:
            raise self.error
        return Found(self.passages, self.number, self.pending, self.rarest)


class Script:
    """A model that writes given pieces, then maybe fails."""

    name = "scripted"

    def __init__(self, *pieces: str, error: Exception | None = None) -> None:
        self.pieces, self.error, self.prompts = pieces, error, []

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage]:
        self.prompts.append(prompt)
        for piece in self.pieces:
            yield piece
        yield Usage(100, 20, 0.001)
        if self.error:
            raise self.error


class Kept:
    """A memory in a dictionary."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, ...], Answer] = {}
        self.number = 1  # of the collections as they are now

    async def get(self, key: tuple[str, ...], collections: Sequence[str]) -> Answer | None:
        return self.answers.get((str(self.number), *key))

    async def put(self, key: tuple[str, ...], answer: Answer, collections: Sequence[str], user: str | None) -> None:
        self.answers[str(answer.generation), *key] = answer


class Purse:
    def __init__(self, *, empty: bool = False) -> None:
        self.empty, self.spent = empty, []

    async def check(self, question: Question) -> None:
        if self.empty:
            raise BudgetReached("used up")

    async def spend(self, question: Question, used: Mapping[str, Usage]) -> None:
        self.spent.append(dict(used))


def assistant(
    shelf: Shelf, model: Script | None = None, *, threshold: float = 0.0, language: str | None = None, **more
):
    ticks: Callable[[], int] = itertools.count().__next__
    verifier = Reader(more.pop("manner", "words"))
    return Assistant(
        shelf,
        replace(AnswerPolicy(threshold=threshold), **{k: more.pop(k) for k in ("rewrite_s",) if k in more}),
        model=model
        and Model(
            model, load("answer"), verifier, new_token=lambda: f"token{ticks()}", today=lambda: date(2026, 11, 28)
        ),
        language_of=lambda text: language,
        clock=lambda: ticks() / 1000,
        **more,
    )


def ask(text: str, *history: Turn) -> Question:
    return Question("q1", text, history)


async def test_small_talk_searches_nothing() -> None:
    shelf = Shelf(LEAVE)
    answer = await final(assistant(shelf), ask("hello!"))
    assert answer.outcome is Outcome.ANSWERED and answer.text and not answer.citations
    assert shelf.queries == []


async def test_what_finds_nothing_and_means_chat_is_answered_as_chat() -> None:
    def chat_of(text: str, in_thread: bool) -> str | None:
        return "praise" if "bacon" in text else None

    shelf = Shelf(LEAVE)
    answer = await final(assistant(shelf, threshold=2.0, chat_of=chat_of), ask("you saved my bacon"))
    assert answer.outcome is Outcome.ANSWERED and answer.text == texts.of().small_talk["praise"]
    assert shelf.queries  # the manual is asked first
    found = await final(assistant(Shelf(LEAVE), chat_of=chat_of), ask("annual leave, bacon"))
    assert found.citations  # what it has something on is answered
    refused = await final(assistant(shelf, threshold=2.0, chat_of=chat_of), ask("my best friend's wedding"))
    assert refused.outcome is Outcome.REFUSED
    foreign = await final(assistant(shelf, threshold=2.0, chat_of=chat_of, language="de"), ask("mein bacon"))
    assert foreign.outcome is Outcome.REFUSED


async def test_an_attack_told_by_its_meaning_is_noted_and_answered_all_the_same() -> None:
    answer = await final(assistant(Shelf(LEAVE), attack_of=lambda text: 9.0), ask("annual leave"))
    assert answer.attacks == ("meaning",) and answer.citations
    assert (await final(assistant(Shelf(LEAVE), attack_of=lambda text: -9.0), ask("annual leave"))).attacks == ()


async def test_chat_in_a_thread_is_not_answered_with_what_was_said_before() -> None:
    shelf = Shelf(LEAVE)
    history = (Turn("user", "How much annual leave do I get?"), Turn("agent", "30 working days."))
    one = assistant(shelf, chat_of=lambda text, in_thread: "praise" if in_thread else None)
    assert (await final(one, ask("you saved my bacon", *history))).text == texts.of().small_talk["praise"]
    assert not shelf.queries
    assert (await final(one, ask("what about my bacon?", *history))).citations


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("You told me that yesterday already", "statement"),
        ("I need a new parking permit", None),
        ("dress code offices", None),
    ],
)
async def test_a_refusal_fits_when_nothing_was_asked(text: str, note: str | None) -> None:
    answer = await final(assistant(Shelf(LEAVE), threshold=2.0), ask(text))
    assert answer.outcome is Outcome.REFUSED and answer.notes == ((note,) if note else ())


async def test_a_model_s_sentences_are_checked_numbered_and_cited() -> None:
    model = Script("Annual leave is 30 work", "ing days a year [1]. A hotel room may cost up to 130 euros a night [2].")
    answer = await final(assistant(Shelf(LEAVE, HOTEL), model), ask("How much leave do I get?"))
    assert answer.outcome is Outcome.ANSWERED and answer.dropped == 0
    assert [s.verdict for s in answer.sentences] == [Verdict.SUPPORTED, Verdict.SUPPORTED]
    assert [(c.n, c.chunk_id, c.page, c.page_label) for c in answer.citations] == [
        (1, "leave", 20, "10"),
        (2, "hotel", 28, "18"),
    ]
    assert "[1]" in answer.text and answer.citations[0].quote in LEAVE.text
    assert answer.usage_by["answer"].input_tokens == 100 and answer.prompt == "answer@v3" and answer.model == "scripted"


async def test_the_first_sentence_leaves_before_the_model_has_finished() -> None:
    release = asyncio.Event()

    class Slow(Script):
        async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage]:
            yield "Annual leave is 30 working days a year [1]. Up"
            await release.wait()
            yield " to eight days may be carried over [1]."

    events = assistant(Shelf(LEAVE), Slow()).answer(ask("How much leave?"))
    async for event in events:
        if isinstance(event, Sentence):
            break
    assert "30 working days" in event.text and not release.is_set()
    release.set()
    assert isinstance([e async for e in events][-1], Finished)


async def test_lies_and_invented_numbers_never_reach_the_reader() -> None:
    model = Script(
        "Annual leave is 45 working days a year [1]. Annual leave is 30 working days a year [7]. Ask Bob Smith [2]."
    )
    answer = await final(assistant(Shelf(LEAVE, HOTEL), model), ask("How much leave?"))
    assert "45" not in answer.text and "[7]" not in answer.text and "Bob" not in answer.text
    assert answer.text == "“Annual leave is 30 working days a year.” [1]"
    assert (answer.held_back[0].reason, answer.held_back[0].replaced_by) == (
        "figure",
        "“Annual leave is 30 working days a year.”",
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (
            "Rules:\n- A pony [1].\n\n## Ponies\n## Leave\nAnnual leave is 30 working days a year [1].",
            "## Leave",
        ),
        ("Hello!\n\nAnnual leave is 30 working days a year [1].\n\nRules:\n- A pony [1].\n\nThank you!", "Hello!"),
        ("Annual leave is 30 working days a year [1].\n\n| Leave | Days |\n|---|---|\n| Pony | 45 [1] |", "Annual"),
    ],
)
async def test_what_stands_over_nothing_that_was_shown_is_not_shown(said: str, shown: str) -> None:
    answer = await final(assistant(Shelf(LEAVE), Script(*said)), ask("How much leave?"))
    assert answer.text.startswith(shown) and "30 working days" in answer.text
    assert not any(word in answer.text for word in ("AnswerPolicy", "Ponies", "| Leave", "---"))
    assert answer.text.endswith("Thank you!") == ("Thank you!" in said)


@pytest.mark.parametrize(
    "thought", ["<think>\nUp to eight days may be carried over [1].\n</think>\n\n", "<thinking>NO_ANSWER?</thinking>"]
)
async def test_what_a_model_thinks_aloud_is_not_its_answer(thought: str) -> None:
    said = f"{thought}Annual leave is 30 working days a year [1]."
    for pieces in ((said,), tuple(said)):
        answer = await final(assistant(Shelf(LEAVE), Script(*pieces)), ask("How much leave?"))
        assert answer.text == "Annual leave is 30 working days a year. [1]"
    answer = await final(assistant(Shelf(LEAVE), Script(*said.replace("</", "<"))), ask("How much leave?"))
    assert (
        answer.model == "extractive" and "30 working days" in answer.text
    )  # it thought to its end: the manual answers


async def test_where_nothing_a_model_wrote_can_be_shown_the_manual_is_quoted_or_the_question_refused() -> None:
    model = Script("Everyone gets a pony [1].")
    quoted = await final(assistant(Shelf(LEAVE), model), ask("How much annual leave do I get?"))
    assert quoted.model == "extractive" and "30 working days" in quoted.text and quoted.dropped == 1
    far = assistant(Shelf(replace(LEAVE, similarity=0.4)), model, threshold=0.22, similar=alike(0.1))
    assert (await final(far, ask("Do I get a pony?"))).outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    "said",
    [
        "NO_ANSWER",
        " NO_ANSWER\n",
        "**NO_ANSWER**",
        "<think>No.</think>NO_ANSWER",
        "NO_ANSWER. Sorry.",
    ],
)
async def test_no_answer_becomes_a_refusal_with_the_closest_sections(said: str) -> None:
    answer = await final(assistant(Shelf(LEAVE), Script(*said)), ask("Do I get a pony?"))
    assert answer.outcome is Outcome.REFUSED
    assert answer.sentences == () and answer.citations == ()
    assert answer.closest[0].section == ("4 Leave", "4.1 Annual leave")


async def test_passages_that_cannot_answer_are_refused_before_any_model_call() -> None:
    model = Script("Annual leave is 30 working days a year [1].")
    answer = await final(assistant(Shelf(LEAVE), model, threshold=1.1), ask("How much leave?"))
    assert answer.outcome is Outcome.REFUSED and model.prompts == [] and answer.closest and not answer.citations


async def test_without_a_model_the_manual_is_quoted() -> None:
    answer = await final(assistant(Shelf(LEAVE, HOTEL)), ask("How many days of annual leave do I get a year?"))
    assert answer.outcome is Outcome.ANSWERED and answer.degraded_reason is None and "quoted" in answer.notes
    assert "Annual leave is 30 working days a year." in answer.text
    assert all(c.quote in LEAVE.text + HOTEL.text for c in answer.citations)


def alike(cosine: float, error: KnowledgeError | None = None) -> Callable[[str, Sequence[Excerpt]], list[Nearness]]:
    """Tells the same nearness of every sentence."""

    def similar(question: str, texts: Sequence[Excerpt]) -> list[Nearness]:
        if error:
            raise error
        return [Nearness(cosine, cosine, cosine)] * len(texts)

    return similar


async def test_without_a_model_sentences_that_come_nowhere_near_are_not_quoted() -> None:
    far = replace(LEAVE, similarity=0.35)
    question = ask("How many days of annual leave do I get a year?")
    first = assistant(Shelf(far), threshold=0.22)
    assert (await final(first, question)).outcome is Outcome.ANSWERED
    answer = await final(assistant(Shelf(far), threshold=0.22, similar=alike(0.1)), question)
    assert answer.outcome is Outcome.REFUSED and answer.closest and not answer.citations and answer.notes == ("unsure",)
    assert answer.closest[0].quote.startswith("Annual leave is 30 working days a year. Up to eight days")
    near = await final(assistant(Shelf(far), threshold=0.22, similar=alike(0.7)), question)
    assert near.outcome is Outcome.ANSWERED


async def test_a_refusal_shows_the_nearest_sentence_of_passages_that_come_near_and_none_of_far_ones() -> None:
    for similarity, said in ((0.2, True), (0.05, False)):
        shelf = Shelf(replace(LEAVE, similarity=similarity, lexical=0.1))
        answer = await final(assistant(shelf, threshold=0.22, similar=alike(0.2)), ask("May I bring my parrot along?"))
        assert (
            answer.outcome is Outcome.REFUSED
            and (answer.closest[0].quote in LEAVE.text)
            and bool(answer.closest[0].quote) is said
        )


async def test_what_may_not_be_the_answer_is_shown_as_the_closest_sections_and_not_as_the_answer() -> None:
    question = ask("How many days of annual leave do I get a year?")
    others = [replace(HOTEL, chunk_id=f"h{n}", section=(f"{n}",), score=0.85) for n in range(6)]
    among = await final(
        assistant(Shelf(replace(LEAVE, similarity=0.4), *others), threshold=0.22, similar=alike(0.4)), question
    )
    assert among.outcome is Outcome.REFUSED and among.notes == ("unsure",) and not among.citations
    assert among.closest[0].quote.startswith("Annual leave is 30 working days a year.") and len(among.closest) == 3
    chatty = assistant(
        Shelf(replace(LEAVE, similarity=0.4), *others),
        threshold=0.22,
        similar=alike(0.4),
        chat_of=lambda text, in_thread: "person",
    )
    assert (await final(chatty, question)).notes == ("unsure",), "what comes near to passages is no chat"
    alone = await final(assistant(Shelf(LEAVE, replace(HOTEL, score=0.1)), similar=alike(0.8)), question)
    assert alone.text.startswith("Annual leave is 30")
    always = await final(assistant(Shelf(replace(LEAVE, similarity=0.4), *others), similar=alike(0.4)), question)
    assert always.outcome is Outcome.ANSWERED, "where nothing is to be refused"
    thread = (Turn("user", "What leave is there?"), Turn("agent", "Leave is paid."))
    going_on = ask(question.text, *thread)
    follow_up = await final(assistant(Shelf(UNSURE, *others), threshold=0.22, similar=alike(0.4)), going_on)
    assert follow_up.outcome is Outcome.ANSWERED


async def test_without_a_model_a_question_about_what_the_collection_never_mentions_is_refused() -> None:
    shelf, question = Shelf(replace(LEAVE, similarity=0.4)), ask("Is the leave of my parrot paid?")
    assert (await final(assistant(shelf, threshold=0.22, similar=alike(0.5)), question)).outcome is Outcome.ANSWERED
    shelf.rarest = 10.3
    answer = await final(assistant(shelf, threshold=0.22, similar=alike(0.5)), question)
    assert answer.outcome is Outcome.REFUSED and answer.closest


async def test_a_follow_up_is_not_judged_by_the_nearness_of_sentences() -> None:
    shelf, history = Shelf(LEAVE), (Turn("user", "How much annual leave do I get?"), Turn("agent", "30 days."))
    answer = await final(
        assistant(shelf, threshold=0.22, similar=alike(0.0)), ask("And how much is carried?", *history)
    )
    assert answer.outcome is Outcome.ANSWERED


async def test_words_choose_when_what_tells_meaning_is_broken() -> None:
    broken = alike(0.0, EmbeddingFailed("no model"))
    answer = await final(assistant(Shelf(LEAVE), similar=broken), ask("How many days of annual leave do I get a year?"))
    assert answer.outcome is Outcome.ANSWERED and "30 working days" in answer.text


async def test_more_detail_quotes_what_was_not_said_yet() -> None:
    one = assistant(Shelf(LEAVE, HOTEL))
    said = "Annual leave is 30 working days a year. [1]"
    question = ask("more detail please", Turn("user", "How much annual leave do I get a year?"), Turn("agent", said))
    answer = await final(one, question)
    assert "30 working days" not in answer.text and "carried over" in answer.text


async def test_a_model_that_is_down_degrades_to_quoting() -> None:
    model = Script(error=ModelUnavailable("down"))
    answer = await final(assistant(Shelf(LEAVE), model), ask("How much annual leave?"))
    assert answer.outcome is Outcome.DEGRADED and answer.degraded_reason == "model_unavailable"
    assert "30 working days" in answer.text and answer.model == "extractive"


async def test_a_cut_stream_keeps_what_was_checked_and_says_so() -> None:
    model = Script("Annual leave is 30 working days a year [1]. Up to eight da", error=ModelCut("cut"))
    answer = await final(assistant(Shelf(LEAVE), model), ask("How much leave?"))
    assert answer.outcome is Outcome.DEGRADED and answer.degraded_reason == "model_cut" and "cut" in answer.notes
    assert "30 working days" in answer.text and "eight da" not in answer.text


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
    async def meant(_: Question) -> tuple[Meant, Usage]:
        return Meant("leave when things are bad at home", "sensitive"), Usage()

    kept, model = Kept(), Script("Annual leave is 30 working days a year [1].")
    one = assistant(Shelf(UNSURE), model, memory=kept, rewrite=meant)
    question = ask("things at home are bad, how much leave do I get?")  # in a direct message, then in a channel
    for _ in range(2):
        assert Status("sensitive") in [event async for event in one.answer(question)]
    assert not kept.answers


async def test_a_follow_up_is_never_answered_from_memory() -> None:
    shelf, kept = Shelf(LEAVE), Kept()
    await final(
        assistant(shelf, memory=kept), ask("And for interns?", Turn("user", "How much leave?"), Turn("agent", "30."))
    )
    assert kept.answers == {}


async def test_another_language_without_a_model_is_said_plainly() -> None:
    answer = await final(assistant(Shelf(LEAVE), language="it"), ask("Quante ferie ho all'anno?"))
    assert answer.outcome is Outcome.REFUSED and answer.notes[:1] == ("language",) and not answer.closest


async def test_a_known_language_without_a_model_is_answered_in_the_manuals_words() -> None:
    answer = await final(assistant(Shelf(LEAVE), language="de"), ask("Wie viele Urlaubstage habe ich?"))
    assert answer.text.startswith("Annual leave is 30 working days") and "as_written" in answer.notes


async def test_another_language_with_a_model_is_verified_like_any_other() -> None:
    model = Script("Sie haben 30 Arbeitstage Urlaub im Jahr [1]. Sie haben 45 Tage Urlaub im Jahr [1].")
    one = assistant(Shelf(LEAVE), model, language="de", manner="yes")
    answer = await final(one, ask("Wie viele Urlaubstage habe ich?"))
    assert answer.prompt == "answer@v3" and "language: de" in model.prompts[0].messages[1].content
    assert answer.sentences[0].text.startswith("Sie haben 30 Arbeitstage") and "45" not in answer.text


def means(meant: Meant) -> Any:
    async def rewrite(question: Question) -> tuple[Meant, Usage]:
        return meant, Usage(5, 5)

    return rewrite


async def test_chat_that_only_a_model_recognises_is_answered_as_chat() -> None:
    model = Script("Annual leave is 30 working days a year [1].")
    meant = means(Meant("complaint", "chat", "en"))
    answer = await final(assistant(Shelf(UNSURE), model, rewrite=meant), ask("Well, this leave nonsense again"))
    assert answer.text == texts.of().small_talk["complaint"] and not model.prompts
    asked = await final(assistant(Shelf(UNSURE), model, rewrite=meant), ask("How much leave do I get?"))
    assert asked.citations  # what asks is a question, whatever a model says


async def test_a_wish_about_form_that_only_a_model_recognises() -> None:
    model = Script("Annual leave is 30 working days a year [1].")
    history = (
        Turn("user", "How much annual leave do I get?"),
        Turn("agent", "Annual leave is 30 working days a year."),
    )
    meant = means(Meant("as a table", "form", "en"))
    await final(assistant(Shelf(UNSURE), model, rewrite=meant), ask("give it some columns and rows", *history))
    assert "Markdown table" in model.prompts[0].messages[1].content
    assert "How much annual leave do I get?" in model.prompts[0].messages[1].content


async def test_the_model_says_the_language_where_it_could_not_be_told() -> None:
    model = Script("Annual leave is 30 working days a year [1].")
    meant = means(Meant("annual leave", "question", "de"))
    await final(assistant(Shelf(UNSURE), model, rewrite=meant, language=None), ask("Urlaub"))
    assert "language: de" in model.prompts[0].messages[1].content


async def test_the_rewrite_joins_the_search_and_a_slow_one_is_skipped() -> None:
    async def quick(question: Question) -> tuple[Meant, Usage]:
        return Meant("annual leave entitlement"), Usage(5, 5)

    async def never(question: Question) -> tuple[Meant, Usage]:
        await asyncio.Event().wait()
        raise AssertionError

    model = Script("Annual leave is 30 working days a year [1].")
    shelf = Shelf(UNSURE)
    answer = await final(assistant(shelf, model, rewrite=quick), ask("How much time off?"))
    assert answer.rewrite == "annual leave entitlement" and answer.usage_by["rewrite"].input_tokens == 5
    assert "annual leave entitlement" in [text for text, _ in shelf.queries[-1].texts]
    answer = await final(assistant(Shelf(UNSURE), model, rewrite=never, rewrite_s=0.01), ask("How much time off?"))
    assert answer.rewrite is None and answer.outcome is Outcome.ANSWERED
    sure = await final(assistant(Shelf(LEAVE), model, rewrite=never), ask("How much time off?"))
    assert sure.rewrite is None and "rewrite" not in sure.usage_by  # a sure search waits for none


async def test_a_knowledge_base_that_fails_is_a_finished_failure() -> None:
    shelf = Shelf()
    shelf.error = IndexMissing("Nothing has been ingested. Run policybot ingest PATH.")
    events = [event async for event in assistant(shelf).answer(ask("How much leave?"))]
    assert isinstance(events[0], Status)
    assert events[-1].answer.outcome is Outcome.FAILED and events[-1].answer.error[0] == "index_missing"


async def test_pending_vectors_are_mentioned() -> None:
    shelf = Shelf(LEAVE)
    shelf.pending = 7
    answer = await final(assistant(shelf), ask("How many days of annual leave a year?"))
    assert "vectors_pending" in answer.notes


async def test_an_answer_is_json_with_every_promised_field() -> None:
    from bot import json_rows

    answer = await final(assistant(Shelf(LEAVE)), ask("How many days of annual leave do I get a year?"))
    row = json.loads(json_rows.dumps(json_rows.answer(None, answer)))
    assert row["id"] is None and row["citations"][0]["section"] == "4 Leave > 4.1 Annual leave"
    assert row["timings_ms"].keys() == {"retrieve", "first_sentence", "total"}
    assert row["sentences"][0]["citations"] == [1] and row["passages"][0]["chunk_id"] == "leave"


async def test_the_budget_covers_the_rewrite() -> None:
    asked = []

    async def rewrite(question: Question) -> tuple[Meant, Usage]:
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

    async def rewrite(question: Question) -> tuple[Meant, Usage]:
        shelf.error = EmbeddingFailed("gone")  # for the second search, with the rewrite
        return Meant("annual leave"), Usage(7, 3)

    purse, shelf = Purse(), Shelf(UNSURE)
    answer = await final(assistant(shelf, model, meter=purse, rewrite=rewrite), ask("How much annual leave?"))
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


async def test_a_database_that_fails_is_a_finished_failure() -> None:
    class Locked(Purse):
        async def check(self, question: Question) -> None:
            raise StoreError("The database is locked. Try again.")

    model = Script("Annual leave is 30 working days a year [1].")
    answer = await final(assistant(Shelf(LEAVE), model, meter=Locked()), ask("How much annual leave?"))
    assert answer.outcome is Outcome.FAILED and answer.error is not None and answer.error[0] == "store_unavailable"


async def test_a_store_that_fails_beside_the_answer_is_logged_with_the_question_and_costs_no_answer() -> None:
    """A sure search waits for no reading of the message: a fault in it must not be left to asyncio."""

    class Failing:
        looks = 0

        def today(self, *_: object) -> Day:
            self.looks += 1
            if self.looks == 1:
                raise StoreError("The database is locked.")
            return cast(Day, SimpleNamespace(tokens=0, cost_usd=0.0, user_tokens=0, channel_tokens=0))

        def add(self, *_: object) -> None:
            raise StoreError("The database is locked.")

    async def rewrite(question: Question) -> tuple[Meant, Usage]:
        return Meant("annual leave"), Usage()

    class Later(Shelf):
        async def search(self, query: Query, collections: Sequence[str]) -> Found:
            beside.extend(task for task in asyncio.all_tasks() if "_meaning" in str(task.get_coro()))
            await asyncio.wait(beside)
            return await super().search(query, collections)

    beside: list[asyncio.Task[Any]] = []
    meter = DailyMeter(Failing(), Budget(tokens=10**9), lambda: datetime.now(UTC))
    model = Script("Annual leave is 30 working days a year [1].")
    question = ask("How much annual leave?")
    with structlog.testing.capture_logs() as logs:
        answer = await final(assistant(Later(LEAVE), model, meter=meter, rewrite=rewrite), question)
    assert answer.outcome is Outcome.ANSWERED and [task.exception() for task in beside] == [None]
    assert [line["event"] for line in logs if line.get("id") == question.id] == ["budget_unknown", "budget_not_booked"]
