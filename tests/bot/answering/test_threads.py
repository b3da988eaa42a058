"""Documents that differ, questions in parts, directives and follow-ups, start to finish."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.answering.assistant import final
from bot.answering.ports import Meant
from bot.errors import ModelUnavailable
from bot.types import Outcome, Question, Status, Turn, Usage
from knowledge.types import Excerpt, Nearness, Passage
from tests.bot.answering.scripted import HOTEL, LEAVE, UNSURE, Script, Shelf, ask, assistant, tells
from tests.bot.answering.test_assistant import means
from tests.rows import each

OLD = replace(HOTEL, chunk_id="old", document="travel-2024.md", text="A hotel room may cost up to 110 euros a night.")
GUESTS = replace(HOTEL, chunk_id="guests", document="it.md", text="Guests may use the wifi of the building.")
DENIED = replace(HOTEL, chunk_id="denied", document="security.md", text="Guests may not use the wifi of the building.")


@pytest.mark.parametrize(
    ("question", "shelf", "both"),
    [
        ("What may a hotel room cost a night?", (HOTEL, OLD), ("130 euros", "110 euros")),
        ("May guests use the wifi of the building?", (GUESTS, DENIED), ("may use", "may not use")),
    ],
)
async def test_documents_that_differ_are_both_shown_and_it_is_said(
    question: str, shelf: tuple[Passage, ...], both: tuple[str, str]
) -> None:
    model = Script(" ".join(f"{p.text} [{n}]" for n, p in enumerate(shelf, 1)))
    for one in (assistant(Shelf(*shelf)), assistant(Shelf(*shelf), model)):
        answer = await final(one, ask(question))
        assert all(words in answer.text for words in both) and "disagree" in answer.notes
        assert {c.document for c in answer.citations} == {p.document for p in shelf}


async def test_two_figures_of_one_document_are_no_disagreement() -> None:
    same = replace(OLD, document=HOTEL.document)
    answer = await final(assistant(Shelf(HOTEL, same)), ask("What may a hotel room cost a night?"))
    assert len(answer.citations[0].quotes) == 2 and "disagree" not in answer.notes


async def test_parts_stand_in_paragraphs_and_what_was_not_looked_at_is_said() -> None:
    listed = "\n".join(f"{n}. {text}" for n, text in enumerate(["Annual leave?", "Hotel room cost?", "x?", "y?", "z?"]))
    answer = await final(assistant(Shelf(LEAVE, HOTEL)), ask(listed))
    assert "\n\nA hotel room" in answer.text and "first 4" in answer.text


async def test_a_part_without_an_answer_is_named_without_a_model() -> None:
    def nearness_of(question: str, texts: Sequence[Excerpt]) -> list[Nearness]:
        near = 0.9 if "leave" in question else 0.0
        return [Nearness(near, near)] * len(texts)

    one = assistant(Shelf(replace(LEAVE, similarity=0.35)), threshold=0.22, nearness_of=nearness_of)
    answer = await final(one, ask("How many days of annual leave do I get? What is the name of the office parrot?"))
    assert "30 working days" in answer.text and "“What is the name of the office parrot?”" in answer.text


async def test_what_is_not_sure_to_answer_a_question_on_what_people_said_is_told_as_that() -> None:
    def nearness_of(question: str, texts: Sequence[Excerpt]) -> list[Nearness]:
        return [Nearness(0.2, 0.2, answers=-5.0)] * len(texts)

    talk = Turn("user", "the room at the hotel is 150 a night", speaker="B", to_bot=False)
    one = assistant(Shelf(HOTEL), threshold=0.15, nearness_of=nearness_of)
    answer = await final(one, replace(ask("is that ok?", talk), speaker="A"))
    assert answer.text.startswith("I'm not sure") and "130 euros" in answer.text


async def test_a_whole_question_is_answered_among_people_as_it_is_alone() -> None:
    dogs = "Dogs are allowed in the office on Fridays. Whoever exceeds the hotel limit attaches the list of hotels."
    one = assistant(Shelf(HOTEL, replace(LEAVE, text=dogs)), threshold=0.1)
    talk = [Turn("user", text, speaker="B", to_bot=False) for text in ("can we bring dogs?", "who exceeds it?")]
    alone = await final(one, ask("what may a hotel cost?"))
    assert (await final(one, replace(ask("what may a hotel cost?", *talk), speaker="A"))).text == alone.text
    assert alone.text.startswith("A hotel room may cost")


async def test_a_follow_up_is_not_told_the_same_again() -> None:
    one = assistant(Shelf(replace(LEAVE, text="Annual leave is 30 working days a year.\n\nThe manager approves it.")))
    said = "Annual leave is 30 working days a year. [1]"
    history = (Turn("user", "How much annual leave do I get a year?"), Turn("agent", said))
    answer = await final(one, ask("who approves that?", *history))
    assert "manager" in answer.text and "30 working" not in answer.text
    told = replace(history[1], text=said + " The manager approves it. [2]")
    answer = await final(one, ask("until when?", history[0], told))
    assert answer.outcome is Outcome.ANSWERED and not answer.citations and "all I found" in answer.text
    again = await final(one, ask("How much annual leave do I get a year?", history[0], told))
    assert "30 working days" in again.text
    answer = await final(one, ask("does the manager approve that?", history[0], told))
    assert "manager approves" in answer.text and answer.citations, "what answers is said again"


@each("text", ["for fathers?", "and for part-timers?", "is breakfast included?"])
async def test_a_follow_up_after_two_questions_goes_on_from_both(text: str) -> None:
    shelf = Shelf(LEAVE, HOTEL)
    two = Turn("user", "How much annual leave do I get in Rome? And what may a hotel room cost a night?")
    await final(assistant(shelf), ask(text, two, Turn("agent", "Both.")))
    asked = [query.texts[0][0] for query in shelf.queries]
    assert len(asked) == 2 and "leave" in asked[0] and "hotel" in asked[1]


async def test_a_bare_figure_picks_its_row_and_no_sentence_that_holds_the_same() -> None:
    rows = "| Years of service | Sabbatical |\n|---|---|\n| up to 5 years | 1 month |\n| 6 to 15 years | 3 months |"
    other = "Holidays left over are paid out, at most 12 of them."
    one = assistant(Shelf(replace(LEAVE, text=f"{other}\n\n{rows}")))
    history = (Turn("user", "How long is a sabbatical after 3 years of service?"), Turn("agent", "1 month. [1]"))
    answer = await final(one, ask("what about 12?", *history))
    assert "3 months" in answer.text and "left over" not in answer.text


async def test_a_directive_before_any_question_searches_nothing() -> None:
    shelf = Shelf(LEAVE)
    answer = await final(assistant(shelf), ask("more details please"))
    assert answer.outcome is Outcome.ANSWERED and shelf.queries == []


async def test_without_a_model_what_cannot_be_reworded_is_said() -> None:
    history = (Turn("user", "How many days of annual leave do I get?"), Turn("agent", "30."))
    for text in ("in Turkish", "explain it like I'm new", "as a list"):
        answer = await final(assistant(Shelf(LEAVE)), ask(text, *history))
        assert "as_written" in answer.notes and "30 working days" in answer.text


async def test_a_foreign_question_that_was_never_put_into_english_is_refused_for_its_language() -> None:
    model = Script("Annual leave is 30 working days a year [1].")
    answer = await final(assistant(Shelf(LEAVE), model, threshold=2.0, language="it"), ask("Quante ferie ho all'anno?"))
    assert answer.outcome is Outcome.REFUSED and answer.notes[:1] == ("language",) and not answer.closest


async def test_what_is_rewritten_for_a_directive_is_the_question_it_is_about() -> None:
    asked: list[str] = []

    async def rewrite(question: Question, languages: Sequence[str]) -> tuple[Meant, Usage]:
        asked.append(question.text)
        return Meant("annual leave entitlement"), Usage(5, 5)

    model = Script("Annual leave is 30 working days a year [1].")
    one = assistant(Shelf(UNSURE), model, rewrite=rewrite)
    history = (Turn("user", "How much annual leave do I get?"), Turn("agent", "30."))
    await final(one, ask("as a list", *history))
    await final(one, ask("How many hotel nights? Keep it short."))
    assert asked == ["How much annual leave do I get?", "How many hotel nights?"]
    assert (
        "list" in model.prompts[0].messages[-1].content
        and "one or two sentences" in model.prompts[1].messages[-1].content
    )


async def test_a_follow_up_that_the_manual_does_not_answer_is_refused_with_the_closest() -> None:
    history = (Turn("user", "How much annual leave do I get?"), Turn("agent", "Annual leave is 30 working days. [1]"))
    answer = await final(assistant(Shelf(LEAVE), Script("NO_ANSWER")), ask("Can they bring dogs?", *history))
    assert answer.outcome is Outcome.REFUSED and answer.closest and not answer.text


async def test_how_it_works_is_asked_of_the_thread_not_of_the_bot() -> None:
    history = (Turn("user", "What is annual leave?"), Turn("agent", "Annual leave is 30 working days. [1]"))
    assert (await final(assistant(Shelf(LEAVE)), ask("How does it work?", *history))).passages


async def test_another_languages_question_is_searched_for_by_what_the_model_puts_for_each_of_its_parts() -> None:
    put = {"Wie viel Urlaub habe ich?": "annual leave entitlement", "Und wer zahlt das Hotel?": "hotel costs"}

    async def rewrite(question: Question, languages: Sequence[str]) -> tuple[Meant, Usage]:
        kind = "sensitive" if "Hotel" in question.text else "question"
        return Meant(put[question.text], kind, "de"), Usage(5, 5)

    model = Script("Annual leave is 30 working days a year [1].")
    for text in (*put, " ".join(put)):
        shelf = Shelf(UNSURE)
        asked = [words for words in put if words in text]
        one = assistant(shelf, model, rewrite=rewrite, language="de")
        events = [event async for event in one.answer(ask(text))]
        answer = events[-1].answer
        alone = [query.texts[0][0] for query in shelf.queries if len(query.texts) == 1]
        assert {put[words] for words in asked} <= {*alone} and answer.outcome is Outcome.ANSWERED
        assert answer.rewrite == " ".join(put[words] for words in asked)
        assert answer.usage_by["rewrite"].input_tokens == 5 * len(asked)
        assert (Status("sensitive") in events) is ("Hotel" in text)


async def test_nobody_is_comforted_before_a_channel_for_what_is_confided() -> None:
    for text in ("was bekomme ich bei Privatinsolvenz vom Lohn noch?", "I want to die"):
        one = assistant(Shelf(LEAVE), threshold=1.1, told=tells("debts", "insolvenz"))
        events = [event async for event in one.answer(ask(text))]
        shown = [event for event in events if event == Status("sensitive") or not isinstance(event, Status)]
        assert shown[0] == Status("sensitive"), text
        alone = [event async for event in one.answer(replace(ask(text), private=True))]
        assert Status("sensitive") not in alone


async def test_whatever_a_model_reads_in_it_its_meaning_tells_what_is_confided() -> None:
    async def late(question: Question, languages: Sequence[str]) -> tuple[Meant | None, Usage]:
        return None, Usage()

    async def harmless(question: Question, languages: Sequence[str]) -> tuple[Meant, Usage]:
        return Meant("sick pay", "question"), Usage(5, 5)

    told = (
        "I hear voices. How long is sick pay?",
        "How long is sick pay where I hear voices? When does the canteen open?",
    )
    for rewrite, shelf in ((late, Shelf(UNSURE)), (harmless, Shelf(LEAVE)), (harmless, Shelf(UNSURE))):
        model = Script("Annual leave is 30 working days a year [1].")
        one = assistant(shelf, model, rewrite=rewrite, told=tells("health", "voices"))
        events = [event async for event in one.answer(ask(told[0]))]
        assert Status("sensitive") in events
        parted = [event async for event in one.answer(ask(told[1]))]
        assert Status("sensitive") in parted


async def test_a_wish_behind_a_second_question_is_kept_beside_a_model() -> None:
    model = Script("Annual leave is 30 working days a year [1].")
    history = (
        Turn("user", "How many days of annual leave do I get?"),
        Turn("agent", "30."),
        Turn("user", "What is the limit for a hotel in Paris?"),
        Turn("agent", "130 euros."),
    )
    await final(assistant(Shelf(HOTEL), model), ask("in German please", *history))
    prompt = model.prompts[-1].messages[-1].content
    assert "limit for a hotel in Paris" in prompt and "language: de" in prompt


async def test_a_part_that_no_model_read_is_told_private_by_its_meaning() -> None:
    async def rewrite(question: Question, languages: Sequence[str]) -> tuple[Meant | None, Usage]:
        return (None if "Stimmen" in question.text else Meant("hotel costs", "question", "de")), Usage(5, 5)

    model = Script("Annual leave is 30 working days a year [1].")
    confides = {"language": "de", "told": tells("health", "Stimmen")}
    one = assistant(Shelf(UNSURE), model, rewrite=rewrite, **confides)
    told = "Wer zahlt das Hotel? Was tue ich, wenn ich Stimmen höre?"
    assert Status("sensitive") in [event async for event in one.answer(ask(told))]


async def test_where_no_model_reads_another_language_its_words_are_put_into_english_as_without_one() -> None:
    async def nothing(question: Question, languages: Sequence[str]) -> tuple[Meant | None, Usage]:
        return None, Usage()

    async def confided(question: Question, languages: Sequence[str]) -> tuple[Meant | None, Usage]:
        return Meant("", "sensitive", "de"), Usage()

    async def echoed(question: Question, languages: Sequence[str]) -> tuple[Meant | None, Usage]:
        return Meant(question.text.lower().strip("?")), Usage()

    async def down(question: Question, languages: Sequence[str]) -> tuple[Meant | None, Usage]:
        raise ModelUnavailable("down")

    said = "Sie haben 30 Arbeitstage Urlaub im Jahr [1]."
    for rewrite in (nothing, confided, echoed, down):
        for text, put in (
            ("Wie viele Tage Urlaub habe ich?", "leave"),
            ("Wie viele Urlaubstage habe ich? Und wer zahlt das Hotel?", "hotel"),
        ):
            shelf, model = Shelf(replace(LEAVE, language="en")), Script(said)
            one = assistant(shelf, model, rewrite=rewrite, language="de", manner="yes")
            answer = await final(one, ask(text))
            assert answer.outcome is Outcome.ANSWERED and answer.text.startswith("Sie haben 30"), text
            assert put in (answer.rewrite or "") and "language: de" in model.prompts[0].messages[1].content
    broken = assistant(Shelf(LEAVE), Script(error=ModelUnavailable("down")), rewrite=down, language="de")
    answer = await final(broken, ask("Wie viele Tage Urlaub habe ich?"))
    assert answer.outcome is Outcome.DEGRADED and answer.text.startswith("Annual leave is 30 working days")


async def test_what_a_model_puts_into_english_or_no_list_knows_stays_as_it_is() -> None:
    async def nothing(question: Question, languages: Sequence[str]) -> tuple[Meant | None, Usage]:
        return None, Usage()

    model = Script("Annual leave is 30 working days a year [1].")
    read = assistant(Shelf(LEAVE), model, rewrite=means(Meant("annual leave entitlement")), language="de")
    assert (await final(read, ask("Wie viele Tage Urlaub habe ich?"))).rewrite == "annual leave entitlement"
    for text, spoken, why in (
        ("Quante ferie ho all'anno?", "it", "language"),
        ("Schnörkelt der Quatsch vom Blubb den Urlaub?", "de", "foreign"),
    ):
        unread = assistant(Shelf(LEAVE), model, threshold=2.0, rewrite=nothing, language=spoken)
        assert (await final(unread, ask(text))).notes[:1] == (why,), text
    sure = assistant(Shelf(LEAVE), model, threshold=0.1, rewrite=nothing, language="it")
    assert (await final(sure, ask("Quante ferie ho all'anno?"))).outcome is Outcome.ANSWERED  # by its own words
