"""A part of the question that only what was held back speaks of is told, like one that the model passes over."""

# ruff: noqa: E501 - cases read best on one line

from dataclasses import replace

from bot.answering.assistant import final
from bot.types import Outcome
from tests.bot.answering.scripted import HOTEL, LEAVE, Script, Shelf, ask, assistant
from tests.rows import each

PASSPORT = replace(
    HOTEL, chunk_id="passport", section=("6.8 Passports",),
    text="Passport fees are paid by the employee. The company pays in full for a second passport.",
)  # fmt: skip
PAID = "Passport fees are paid by the employee [1]."
BOTH = "Annual leave is 30 working days a year [1]. Up to eight days may be carried over [1]."


async def below(said: str, asked: str, *passages: object, language: str = "en") -> str:
    """What stands below the answer."""
    shelf = Shelf(*(passages or (PASSPORT, LEAVE)))  # type: ignore[arg-type]
    answer = await final(assistant(shelf, Script(said), language=language, manner="strict"), ask(asked))
    assert answer.outcome is Outcome.ANSWERED, answer
    assert ("\n\n" in answer.text or "doesn't say" in said) is ("incomplete" in answer.notes), answer
    _, gap, last = answer.text.rpartition("\n\n")
    return last if gap else ""


@each(
    "said, asked, open",
    [
        (f"**Gym:** The manual only mentions sports, which cost you 19 euros. **Passport:** {PAID}", "Does the company pay for my gym and for my passport?", "“gym”"),
        (f"{PAID} The gym is paid by nobody.", "Who pays for my passport and the gym?", "“gym”"),
        (f"{PAID} For kindergarten there is an allowance of 100 euros.", "Is a passport paid, and kindergarten?", "“kindergarten”"),
        (f"{PAID} Passport photos are paid in March.", "Who pays for the passport and its photos?", "“photos”"),
        (f"{PAID} Gym fees are paid in March.", "Who pays for my passport? And does the company pay for a gym?", "does the company pay for a gym?"),
        (f"Helicopters may be flown on Sundays. {PAID}", "Can I fly a helicopter? And who pays for my passport?", "Can I fly a helicopter?"),
    ],
)  # fmt: skip
async def test_what_was_held_back_leaves_its_part_of_the_question_open(said: str, asked: str, open: str) -> None:
    assert open in await below(said, asked)


@each(
    "said, asked",
    [
        (PAID, "Who pays for my passport?"),
        (f"{PAID} A gym is nice to have.", "Who pays for my passport?"),  # nobody asked
        (f"{PAID} The manual doesn't say who pays for a gym.", "Who pays for my passport and the gym?"),  # it is told
        (
            "A second passport is always free [1]. Second passports are blue.",
            "Who pays for a second passport?",
        ),  # quoted
        (f"{PAID} Sorry about your grandma.", "My grandma died, who pays for my passport?"),  # told, not asked
        (f"{PAID} So for you: the scarf costs 19 euros.", "Who pays for a passport? left my scarf somewhere"),
        (f"{PAID} Employees may fly.", "Do employees pay for a passport?"),
        (f"{BOTH} Leave is great.", "How much annual leave do I get? And how much leave may be carried over?"),
    ],
)
async def test_what_is_answered_or_was_never_asked_is_not_told(said: str, asked: str) -> None:
    assert await below(said, asked) == ""


async def test_in_another_language_than_the_sources_a_word_tells_nothing() -> None:
    said = "Die Gebühren zahlen Angestellte selbst: Passport fees are paid by the employee [1]. Der Reisepass kostet 70 Euro."
    assert await below(f"{PAID} Der Reisepass kostet 70 Euro.", "Wer zahlt den Reisepass?", language="de") == "", said
