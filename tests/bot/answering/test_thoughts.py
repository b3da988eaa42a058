"""What a model thinks aloud, or says that it will not do, is no part of its answer."""

from bot.answering.assistant import final
from bot.errors import ModelCut
from tests.bot.answering.scripted import LEAVE, Script, Shelf, ask, assistant
from tests.rows import each


@each(
    "thought",
    [
        "<think>\nUp to eight days may be carried over [1].\n</think>\n\n",
        "<thinking>NO_ANSWER?</thinking>",
        "analysisThe user asks for leave. Up to eight days may be carried over [1].assistantfinal",
        "<|channel|>analysis<|message|>Leave. 99 days.<|end|><|start|>assistant<|channel|>final<|message|>",
        "<|start|>assistant<|channel|>analysis<|message|>Leave.<|end|><|start|>assistant<|channel|>final<|message|>",
    ],
)
async def test_what_a_model_thinks_aloud_is_not_its_answer(thought: str) -> None:
    said = f"{thought}Annual leave is 30 working days a year [1]."
    for pieces in ((said,), tuple(said)):
        answer = await final(assistant(Shelf(LEAVE), Script(*pieces)), ask("How much leave?"))
        assert answer.text == "Annual leave is 30 working days a year. [1]"
    unended = said.replace("</", "<").replace("final", "")
    answer = await final(assistant(Shelf(LEAVE), Script(*unended)), ask("How much leave?"))
    assert (
        answer.model == "extractive" and "30 working days" in answer.text
    )  # it thought to its end: the manual answers


@each(
    "thought",
    [
        "Okay, the user asks for leave. Annual leave is 30 working days [1].\n</think>\n\n",
        "We need to answer: up to eight days may be carried over [1].</think>",
        "The user asks for it; hmm. [1]\n</think>\n\n",
        "NO_ANSWER? Let me check.\n</thinking>\n",
    ],
)
async def test_thoughts_that_nothing_opens_are_no_answer_either(thought: str) -> None:
    said = f"{thought}Annual leave is 30 working days a year [1]."
    for pieces in ((said,), tuple(said)):
        answer = await final(assistant(Shelf(LEAVE), Script(*pieces), manner="yes"), ask("How much leave?"))
        assert answer.text == "Annual leave is 30 working days a year. [1]" and not answer.dropped


async def test_who_thinks_without_opening_it_once_is_waited_for_the_next_time() -> None:
    model = Script(*"Sources speak of leave. Up to eight days may be carried over [1].</think>Annual leave is 30 days.")
    asking = assistant(Shelf(LEAVE), model, manner="yes")
    first, second = [await final(asking, ask(text)) for text in ("How much leave?", "How much annual leave?")]
    assert "think" not in first.text and second.text == "Annual leave is 30 days. [1]"


@each(
    "opening",
    [
        "Okay, ", "Okay, so ", "OK, ", "Alright, ", "Hmm, ", "Sure, ", "Got it, ", "Got it! ", "Of course: ",
        "Alles klar, ", "Verstanden. ", "Gerne: ", "Tamam, ", "Elbette, ", "D'accord, ", "Bien sûr : ", "De acuerdo, ",
        "Claro, ", "The question is about leave: ", "Let me quote: ", "We need to know this: ", "The user is told: ",
    ],
)  # fmt: skip
async def test_an_answer_that_opens_like_thoughts_is_kept_where_it_breaks_off(opening: str) -> None:
    said = f"{opening}annual leave is 30 working days a year [1]. Up to eight days may be carried over [1]. The rest"
    answer = await final(
        assistant(Shelf(LEAVE), Script(*said, error=ModelCut("x")), manner="yes"), ask("How much leave?")
    )
    assert "cut" in answer.notes and "Up to eight days may be carried over. [1]" in answer.text, answer.text


@each("said", ["Sure, {}", "Okay, {}", "Alles klar: {}", "Anladım, {}", "D'accord, {}", "Según el manual, {}"])
async def test_a_courtesy_before_the_manual_s_own_words_leaves_them_a_copy(said: str) -> None:
    said = said.format("annual leave is 30 working days a year [1].")
    answer = await final(assistant(Shelf(LEAVE), Script(said), manner="no"), ask("How much leave?"))
    assert answer.text == "Annual leave is 30 working days a year. [1]" and not answer.dropped


@each(
    "said",
    ["Okay, the user asks for leave. It is 30 days [1]. Hmm, but", "Let me check the sources: [1] says 30 days. And"],
)
async def test_thoughts_that_break_off_are_no_answer(said: str) -> None:
    answer = await final(
        assistant(Shelf(LEAVE), Script(*said, error=ModelCut("x")), manner="yes"), ask("How much leave?")
    )
    assert answer.model == "extractive" and answer.text == "Annual leave is 30 working days a year. [1]"


@each(
    "said",
    [
        "I'm sorry, but I can't assist with that request.",
        "I cannot help with this.",
        "Sorry, I’m unable to provide that information.",
        "Es tut mir leid, aber dabei kann ich Ihnen nicht weiterhelfen.",
        "Je suis désolé, mais je ne peux pas répondre à cette question.",
        "Lo siento, pero no puedo ayudarte con eso.",
        "Üzgünüm, bu konuda yardımcı olamam.",
    ],
)
async def test_a_model_s_own_refusal_is_no_claim_and_the_manual_is_quoted(said: str) -> None:
    answer = await final(assistant(Shelf(LEAVE), Script(said), manner="yes"), ask("How much annual leave?"))
    assert answer.model == "extractive" and "30 working days" in answer.text and not answer.dropped


@each("said", ["Employees who say “I can't help” are paid for 30 days [1].", "The desk cannot help with leave [1]."])
async def test_what_the_manual_says_of_help_is_a_claim(said: str) -> None:
    answer = await final(assistant(Shelf(LEAVE), Script(said), manner="no"), ask("How much annual leave?"))
    assert answer.dropped == 1
