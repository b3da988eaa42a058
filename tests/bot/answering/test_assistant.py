"""One question, start to finish, with a small fake knowledge base and scripted models."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
import structlog

from bot import texts
from bot.answering.assistant import final
from bot.answering.ports import Meant
from bot.errors import ModelCut, ModelUnavailable, StoreError
from bot.settings import Settings
from bot.store.shared import DailyMeter
from bot.types import Finished, Outcome, Prompt, Question, Sentence, Status, Turn, Usage, Verdict
from knowledge.errors import IndexMissing
from knowledge.types import Found, Query
from tests.bot.answering.scripted import HOTEL, LEAVE, UNSURE, Purse, Script, Shelf, alike, ask, assistant, tells
from tests.rows import each


async def test_small_talk_searches_nothing() -> None:
    shelf = Shelf(LEAVE)
    answer = await final(assistant(shelf), ask("hello!"))
    assert answer.outcome is Outcome.ANSWERED and answer.text and not answer.citations
    assert shelf.queries == []


async def test_what_silences_a_thread_is_explained_elsewhere() -> None:
    answer = await final(assistant(Shelf(LEAVE)), ask("mute"))
    assert "“mute”" in answer.text and not answer.citations


async def test_what_finds_nothing_and_means_chat_is_answered_as_chat() -> None:
    def chat(text: str, in_thread: bool) -> str | None:
        return "praise" if "bravo" in text else "thanks" if "bacon" in text else None

    shelf = Shelf(LEAVE)
    answer = await final(assistant(shelf, threshold=2.0, chat=chat), ask("you saved my bacon"))
    assert answer.outcome is Outcome.ANSWERED and answer.text == texts.of().small_talk["thanks"]
    assert not answer.passages  # so that nobody votes on it
    for judged_or_coded in ("bravo for the project", "bacon E-417"):  # it is not about the bot; it names a code
        none = await final(assistant(shelf, threshold=2.0, chat=chat), ask(judged_or_coded))
        assert none.outcome is Outcome.REFUSED
    judged = await final(assistant(shelf, threshold=2.0, chat=chat), ask("bravo for this bot"))
    assert judged.text == texts.of().small_talk["praise"]
    grave = assistant(shelf, threshold=2.0, chat=chat, told=tells("harassment", "bacon"))
    assert (await final(grave, ask("my bacon"))).text != texts.of().small_talk["thanks"]
    assert shelf.queries  # the manual is asked first
    found = await final(assistant(Shelf(LEAVE), chat=chat), ask("annual leave, bacon"))
    assert found.citations  # what it has something on is answered
    refused = await final(assistant(shelf, threshold=2.0, chat=chat), ask("my best friend's wedding"))
    assert refused.outcome is Outcome.REFUSED
    foreign = await final(assistant(shelf, threshold=2.0, chat=chat, language="de"), ask("mein bacon"))
    assert foreign.outcome is Outcome.REFUSED


@each(
    "text, answered, reply",
    [
        ("🙂", False, "greeting"),
        (":smile:", False, "greeting"),
        ("😄😄", False, "greeting"),
        ("🔥", False, "greeting"),
        ("😊 !", False, "greeting"),
        ("🙂", True, "praise"),
        ("😂", True, "praise"),
        ("great bot 🙂", False, "praise"),
        ("👍", False, "thanks"),
        ("😢", False, "sad"),
        ("👎", True, "complaint"),
    ],
)
async def test_a_smile_with_nothing_before_it_thanks_for_nothing(text: str, answered: bool, reply: str) -> None:
    history = (Turn("user", "How much annual leave do I get?"), Turn("agent", "30 working days.")) if answered else ()
    assert (await final(assistant(Shelf(LEAVE)), ask(text, *history))).text == texts.of().small_talk[reply]


async def test_an_attack_told_by_its_meaning_is_noted_and_answered_all_the_same() -> None:
    answer = await final(assistant(Shelf(LEAVE), attack=lambda text: 9.0), ask("annual leave"))
    assert answer.attacks == ("meaning",) and answer.citations
    assert (await final(assistant(Shelf(LEAVE), attack=lambda text: -9.0), ask("annual leave"))).attacks == ()


async def test_chat_in_a_thread_is_not_answered_with_what_was_said_before() -> None:
    shelf = Shelf(LEAVE)
    history = (Turn("user", "How much annual leave do I get?"), Turn("agent", "30 working days."))
    one = assistant(shelf, chat=lambda text, in_thread: "praise" if in_thread else None)
    assert (await final(one, ask("you saved my bacon", *history))).text == texts.of().small_talk["praise"]
    assert not shelf.queries
    assert (await final(one, ask("what about my bacon?", *history))).citations


@each(
    "text, note",
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
    assert answer.usage_by["answer"].input_tokens == 100 and answer.prompt == "answer@v5" and answer.model == "scripted"


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


@each(
    "said, shown",
    [
        (
            "Rules:\n- A pony [1].\n\n## Ponies\n## Leave\nAnnual leave is 30 working days a year [1].",
            "## Leave",
        ),
        ("Hello!\n\nAnnual leave is 30 working days a year [1].\n\nRules:\n- A pony [1].\n\nThank you!", "Annual"),
        ("Annual leave is 30 working days a year [1].\n\n| Leave | Days |\n|---|---|\n| Pony | 45 [1] |", "Annual"),
    ],
)
async def test_what_stands_over_nothing_that_was_shown_is_not_shown(said: str, shown: str) -> None:
    answer = await final(assistant(Shelf(LEAVE), Script(*said)), ask("How much leave?"))
    assert answer.text.startswith(shown) and "30 working days" in answer.text
    assert not any(word in answer.text for word in ("AnswerPolicy", "Ponies", "| Leave", "---", "Hello", "Thank"))


async def test_where_nothing_a_model_wrote_can_be_shown_the_manual_is_quoted_or_the_question_refused() -> None:
    model = Script("Everyone gets a pony [1].")
    quoted = await final(assistant(Shelf(LEAVE), model), ask("How much annual leave do I get?"))
    assert quoted.model == "extractive" and "30 working days" in quoted.text and quoted.dropped == 1
    listed = await final(assistant(Shelf(LEAVE), model), ask("How much annual leave do I get? As a list, please."))
    assert "quoted" in listed.notes and "as_written" not in listed.notes  # there is a model
    far = assistant(Shelf(replace(LEAVE, similarity=0.4)), model, threshold=0.22, nearness_of=alike(0.1))
    assert (await final(far, ask("Do I get a pony?"))).outcome is Outcome.REFUSED


@each(
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


async def test_another_language_with_a_model_is_verified_like_any_other() -> None:
    model = Script("Sie haben 30 Arbeitstage Urlaub im Jahr [1]. Sie haben 45 Tage Urlaub im Jahr [1].")
    one = assistant(Shelf(LEAVE), model, language="de", manner="yes")
    answer = await final(one, ask("Wie viele Urlaubstage habe ich?"))
    assert answer.prompt == "answer@v5" and "language: de" in model.prompts[0].messages[1].content
    assert answer.sentences[0].text.startswith("Sie haben 30 Arbeitstage") and "45" not in answer.text


def means(meant: Meant) -> Any:
    async def rewrite(question: Question, languages: Sequence[str]) -> tuple[Meant, Usage]:
        return meant, Usage(5, 5)

    return rewrite


async def test_the_mail_below_a_question_is_read_by_the_verifier_and_its_figures_are_the_askers() -> None:
    said = "So for you: 110 euros a night are within the limit. [1]"
    bot = assistant(Shelf(HOTEL), Script(said), manner="yes")
    mail = "Dear Ms Kurt, we thank you for the good year. A room costs 110 euros a night in the week of the fair. " * 2
    answer = await final(bot, ask(f"got this, can I take the hotel room they offer?\n\n> {mail}"))
    [request] = bot._model.verifier.requests
    assert "110 euros" in request["question"] and "110 euros" in answer.text


async def test_a_model_says_whether_a_message_is_for_the_bot_and_is_charged_for_it() -> None:
    model, purse = Script("Annual leave is 30 working days a year [1]."), Purse()
    for told in (True, False, None):
        meant = means(Meant("annual leave", for_bot=told))
        assert await assistant(Shelf(UNSURE), model, rewrite=meant, meter=purse).for_bot(ask("interns")) is told
    assert await assistant(Shelf(UNSURE), model).for_bot(ask("interns")) is None
    assert purse.spent == [{"rewrite": Usage(5, 5)}] * 3


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


async def test_the_rewrite_joins_the_search_and_a_slow_one_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    async def quick(question: Question, languages: Sequence[str]) -> tuple[Meant, Usage]:
        return Meant("annual leave entitlement"), Usage(5, 5)

    async def never(question: Question, languages: Sequence[str]) -> tuple[Meant, Usage]:
        await asyncio.Event().wait()
        raise AssertionError

    model = Script("Annual leave is 30 working days a year [1].")
    shelf = Shelf(UNSURE)
    answer = await final(assistant(shelf, model, rewrite=quick), ask("How much time off?"))
    assert answer.rewrite == "annual leave entitlement" and answer.usage_by["rewrite"].input_tokens == 5
    assert "annual leave entitlement" in [text for text, _ in shelf.queries[-1].texts]
    with monkeypatch.context() as hurried:
        hurried.setattr("bot.answering.search.REWRITE_S", 0.01)
        answer = await final(assistant(Shelf(UNSURE), model, rewrite=never), ask("How much time off?"))
    assert answer.rewrite is None and answer.outcome is Outcome.ANSWERED
    shelf = Shelf(UNSURE)
    same = await final(assistant(shelf, model, rewrite=means(Meant("how much time off"))), ask("How much time off?"))
    assert same.rewrite is None and len(shelf.queries) == 1  # the same words are not searched for twice
    sure = await final(assistant(Shelf(LEAVE), model, rewrite=never), ask("How much time off?"))
    assert sure.rewrite is None and "rewrite" not in sure.usage_by  # a sure search waits for none


async def test_what_finds_the_question_before_waits_for_its_own_rewrite() -> None:
    history = Turn("user", "How much annual leave is there a year?"), Turn("agent", "Annual leave is 30 working days.")
    rows = {"and the gym?": 1, "I meant the gym": 1, "How many working days may be carried over by April?": 0}
    for text, waits in rows.items():
        shelf, model = Shelf(LEAVE), Script("Annual leave is 30 working days a year [1].")
        await final(assistant(shelf, model, rewrite=means(Meant("sports facilities"))), ask(text, *history))
        searched = [text for text, _ in shelf.queries[-1].texts]
        assert ("sports facilities" in searched) == bool(waits), text


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

        def today(self, *_: object) -> Any:
            self.looks += 1
            if self.looks == 1:
                raise StoreError("The database is locked.")
            return SimpleNamespace(tokens=0, cost_usd=0.0, user_tokens=0, channel_tokens=0)

        def add(self, *_: object) -> None:
            raise StoreError("The database is locked.")

    async def rewrite(question: Question, languages: Sequence[str]) -> tuple[Meant, Usage]:
        return Meant("annual leave"), Usage()

    class Later(Shelf):
        async def search(self, query: Query, collections: Sequence[str]) -> Found:
            beside.extend(task for task in asyncio.all_tasks() if "meaning" in str(task.get_coro()))
            await asyncio.wait(beside)
            return await super().search(query, collections)

    beside: list[asyncio.Task[Any]] = []
    meter = DailyMeter(cast(Any, Failing()), Settings(daily_tokens=10**9), lambda: datetime.now(UTC))
    model = Script("Annual leave is 30 working days a year [1].")
    question = ask("How much annual leave?")
    with structlog.testing.capture_logs() as logs:
        answer = await final(assistant(Later(LEAVE), model, meter=meter, rewrite=rewrite), question)
    assert answer.outcome is Outcome.ANSWERED and [task.exception() for task in beside] == [None]
    assert [line["event"] for line in logs if line.get("id") == question.id] == ["budget_unknown", "budget_not_booked"]
