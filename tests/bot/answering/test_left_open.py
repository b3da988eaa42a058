"""A part that the model says the sources leave open is told in our words and the asker's, and never as it was written."""

# ruff: noqa: E501 - cases read best on one line

from collections.abc import Sequence
from dataclasses import replace

from bot import texts
from bot.answering.assistant import final
from bot.types import Outcome, Turn
from knowledge.types import Found, Query
from tests.bot.answering.scripted import HOTEL, LEAVE, Script, Shelf, ask, assistant
from tests.rows import each

PASSPORT = replace(
    HOTEL, chunk_id="passport", section=("6.8 Passports",),
    text="Passport fees are paid by the employee. The company pays in full for a second passport.",
)  # fmt: skip
PAID = "Passport fees are paid by the employee [1]."
SHOWN = "Passport fees are paid by the employee. [1]"
GYM = "Who pays for my passport and the gym?"
TWO = "Who pays for my passport? And does the company pay for a gym?"
NOTHING = "I found nothing in the manual on this part: “{}”."


async def answers(said: str, asked: str, *, locale: str = "en", history: tuple[Turn, ...] = ()) -> list[str]:
    """What stands above and below, the same however the model's text is cut."""
    found = set()
    for pieces in ((said,), tuple(said)):
        question = replace(ask(asked, *history), locale=locale)
        answer = await final(assistant(Shelf(PASSPORT, LEAVE), Script(*pieces), manner="strict"), question)
        assert answer.outcome is Outcome.ANSWERED and "ANSWER" not in answer.text.upper(), answer
        assert ("\n\n" in answer.text) is ("incomplete" in answer.notes)
        found.add(answer.text)
    (text,) = found
    return text.split("\n\n")


@each(
    "said, asked, open",
    [
        (f"{PAID}\nNO_ANSWER: gym fees", GYM, "gym"),
        (f"{PAID}\n\n**NO_ANSWER:** the gym", GYM, "the gym"),
        (f"{PAID}\n- NO_ANSWER: who pays for the gym", GYM, "who pays for the gym"),
        (f"{PAID}\n1. NO\\_ANSWER: `gym`", GYM, "gym"),
        (f"{PAID}\n> [NO_ANSWER: “the gym”]", GYM, "the gym"),
        (f"{PAID}\n| NO_ANSWER: gym |\n", GYM, "gym"),
        (f"{PAID}\n```\nNO_ANSWER: gym\n```", GYM, "gym"),
        (f"{PAID} NO_ANSWER – gym", GYM, "gym"),
        (f"{PAID}\nno_answer: gym? Ask the owner", GYM, "gym"),
        (f"{PAID}\nNO_ANSWER: gym [1].", GYM, "gym"),
        (f"{PAID}\nNO_ANSWER: gym\nNO_ANSWER: gym", GYM, "gym"),
        (f"NO_ANSWER: gym\n{PAID}", GYM, "gym"),
        (f"Passport fees are paid by the employee [1].\nNO_ANSWER: gym\n{PAID}", GYM, "gym"),
        (f"{PAID}\nNO_ANSWER: gym, call 0151 23456789 or boss@evil.example", GYM, "gym"),
        (f"{PAID}\nNO_ANSWER: <PERSON_7>'s gym", GYM, "gym"),
        (f"{PAID}\nNO_ANSWER: gym", TWO, "gym"),
        (f"{PAID}\nNO_ANSWER: gym", "Who pays for my passport? I was in the gym.", "gym"),
    ],
)  # fmt: skip
async def test_a_part_that_the_model_names_is_told(said: str, asked: str, open: str) -> None:
    above, below = await answers(said, asked)
    assert above == SHOWN and below == NOTHING.format(open)


@each(
    "said, asked",
    [
        (f"{PAID}\nNO_ANSWER", GYM),
        (f"{PAID}\nNO_ANSWER:", GYM),
        (f"{PAID}\nNO_ANSWER: none", GYM),
        (f"{PAID}\nNO_ANSWER: -\nNO_ANSWER: n/a", GYM),
        (f"{PAID}\nNO_ANSWER: passport fees", GYM),  # it is answered
        (f"{PAID}\nNO_ANSWER: everybody must send their password to the desk", GYM),
        (f"{PAID}\nNO_ANSWER: " + "the gym and the gym and " * 40, GYM),
        (f"{PAID}\nNO_ANSWER: das Fitnessstudio", GYM),
        (f"{PAID} Gyms are nice.\nNO_ANSWER: none", "Who pays for my passport and for books?"),
    ],
)
async def test_what_names_nothing_that_was_asked_and_not_answered_is_left_away(said: str, asked: str) -> None:
    assert await answers(said, asked) == [SHOWN]


async def test_it_is_told_in_the_language_of_who_asks() -> None:
    for locale in texts.languages():
        _, below = await answers(f"{PAID}\nNO_ANSWER: gym", GYM, locale=locale)
        assert below == texts.of(locale).says["part_not_found"].format(part="gym")


async def test_words_of_the_thread_may_name_it_and_a_name_stays_a_placeholder() -> None:
    before = (Turn("user", "Does the company pay for a gym?", to_bot=True), Turn("agent", "Passport fees [1]"))
    _, below = await answers(f"{PAID}\nNO_ANSWER: gym", "And who pays for my passport, what about it?", history=before)
    assert below == NOTHING.format("gym")
    _, below = await answers(f"{PAID}\nNO_ANSWER: <EMAIL_1> gym", f"{GYM} I am ana@northwind.example")
    assert below == NOTHING.format("ana@northwind.example gym")


class Apart(Shelf):
    """A knowledge base that finds other passages for a dog than for a passport."""

    async def search(self, query: Query, collections: Sequence[str]) -> Found:
        text = query.texts[0][0]
        passages = tuple(one for one, word in ((PASSPORT, "passport"), (LEAVE, "leave")) if word in text)
        return replace(await super().search(query, collections), passages=passages)


@each(
    "said, open",
    [
        (PAID, "can I take leave with my dog?"),  # it does not know the form: what it cites nothing of
        (f"{PAID}\nNO_ANSWER: my dog", "can I take leave with my dog?"),  # the part, whole, where none of it is cited
        (f"{PAID}\nNO_ANSWER: nothing", ""),  # it knows the form: all else is answered
        ("Passport fees, and a dog, are paid by the employee [1].", ""),  # it is spoken of, whatever it cites
    ],
)
async def test_what_is_found_apart(said: str, open: str) -> None:
    asked = ask("Who pays for my passport? And can I take leave with my dog?")
    answer = await final(assistant(Apart(), Script(said), manner="yes"), asked)
    below = answer.text.partition("\n\n")[2]
    assert open in below and bool(open) is bool(below) and "dog" not in below.replace(open, ""), answer
