"""Above quotes that may not answer it is said what the manual never names, or that they only come closest."""

from dataclasses import replace

from bot.answering.assistant import final
from bot.answering.wanted import things, unnamed, untold
from bot.types import Outcome
from knowledge.types import Excerpt, Found, Nearness, Query
from tests.bot.answering.scripted import HOTEL, LEAVE, Shelf, ask, assistant
from tests.rows import each

QUESTION = "How many days of annual leave do I get in the lighthouse?"


@each(
    "question, named",
    [
        ("My phone got stolen on the tram, who pays for the repair?", ["repair"]),
        ("How long does a visa for Japan take?", ["visa", "Japan"]),
        ("Can I grab lunch if my train is late?", []),
        ("whats the wifi password for guests", ["wifi", "password", "guests"]),
        ("What may I spend on a normal town's hotel?", ["town's", "hotel"]),
        ("A friend in sales mentioned that the probation is short", ["friend", "probation"]),
        ("My lawyer says you owe me the bonus", ["bonus"]),
        ("May my lawyer come to the hearing?", ["lawyer", "come", "hearing"]),
        ("if it isn't out by Christmas I'm suing", ["Christmas"]),
        ("What meal allowance do I get for a trip of nine hours?", []),
        ("Who signs a purchase of 5000 EUR?", ["purchase"]),
        ("do you have a parental leave policy for the pilots", ["parental", "leave", "pilots"]),
        ("What do I get for 10 hours away?", []),
        ("When do you need my papers at the moment, or a dime by feb?", []),
    ],
)
def test_things_are_those_of_the_clause_that_asks(question: str, named: list[str]) -> None:
    found = things(question)
    assert [word for _, word in found] == named
    assert all(question[start:].startswith(word) for start, word in found)


def test_a_thing_that_the_sentences_or_the_glossary_name_is_not_unnamed() -> None:
    question = "Is there a shower in the gym?"
    unknown = frozenset({"shower", "gym"})
    near = [Nearness(0.5, 0.2, 0.3, ((11, 0.3), (25, 0.4))), Nearness(0.5, 0.2, 0.3, ((11, 0.2), (25, 0.7)))]
    assert unnamed(question, unknown, near, named=False) == ("shower",), "the gym is near to a word of the second"
    assert unnamed(question, unknown, near, named=True) == ()
    assert unnamed(question, frozenset({"there"}), near, named=False) == ()


class Lacking(Shelf):
    """A manual that does not have the word."""

    async def search(self, query: Query, collections: object) -> Found:
        return Found(self.passages, 1, unknown=frozenset({"lighthouse"}))


def far(question: str, excerpts: list[Excerpt]) -> list[Nearness]:
    at = question.index("lighthouse")
    return [Nearness(0.8, 0.2, 0.6, ((at, 0.2),)) for _ in excerpts]


async def test_what_stands_nowhere_is_said_above_the_quotes() -> None:
    answer = await final(assistant(Lacking(LEAVE), nearness_of=far), ask(QUESTION))
    assert answer.outcome is Outcome.ANSWERED
    assert answer.text.startswith("The manual doesn't name “lighthouse”. What comes closest:\n\nAnnual leave is 30")
    known = await final(assistant(Shelf(LEAVE), nearness_of=far), ask(QUESTION))
    assert known.text.startswith("Annual leave is 30")


async def test_a_code_that_stands_nowhere_is_said_above_the_quotes() -> None:
    chamber = replace(HOTEL, section=("Climate chamber",), text="When the chamber shows E-417, close its door.")
    answer = await final(assistant(Shelf(chamber), nearness_of=near), ask("The climate chamber shows E-510, what now?"))
    assert answer.text.startswith("The manual doesn't name “E-510”. What comes closest:\n\nWhen the chamber shows")
    known = await final(assistant(Shelf(chamber), nearness_of=near), ask("The climate chamber shows E-417, what now?"))
    assert known.text.startswith("When the chamber shows E-417")


def near(question: str, excerpts: list[Excerpt]) -> list[Nearness]:
    return [Nearness(0.8, 0.2, 0.6) for _ in excerpts]


async def test_what_may_be_another_rule_is_called_what_comes_closest_and_the_next_sections_follow() -> None:
    leave = replace(LEAVE, similarity=0.42, lexical=0.0)
    for score, unsure in ((0.95, True), (0.6, False)):  # of the next passages; the first one stands out or not
        hotel = replace(HOTEL, similarity=0.3, score=score)
        others = [
            replace(hotel, chunk_id=f"h{n}", section=("6 Travel", f"6.{n} Hotels"), text=f"A room costs {n}00 euros.")
            for n in range(1, 7)
        ]
        bot = assistant(Shelf(leave, *others), threshold=0.22, nearness_of=near)
        answer = await final(bot, ask("How many days of annual leave do I get a year?"))
        assert answer.outcome is Outcome.ANSWERED
        said = "I'm not sure that this answers your question. What comes closest:\n\nAnnual leave is 30 working days"
        assert answer.text.startswith(said) is unsure
        assert [c.section[-1] for c in answer.citations] == ["4.1 Annual leave", *["6.1 Hotels"] * unsure]


@each("question, quoted, lacks")
def test_quotes_that_can_not_hold_what_is_asked_for_are_told(question: str, quoted: str, lacks: bool) -> None:
    assert untold(question, quoted) is lacks
