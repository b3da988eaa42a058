"""Above quotes that may not answer it is said what the manual never names, or that they only come closest."""

from dataclasses import replace

import pytest

from bot.answering.assistant import final
from bot.answering.wanted import things, unnamed, untold
from bot.types import Outcome
from knowledge.types import Excerpt, Found, Nearness, Query
from tests.bot.answering.scripted import HOTEL, LEAVE, Shelf, ask, assistant

QUESTION = "How many days of annual leave do I get in the lighthouse?"


@pytest.mark.parametrize(
    ("question", "named"),
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
    answer = await final(assistant(Lacking(LEAVE), similar=far), ask(QUESTION))
    assert answer.outcome is Outcome.ANSWERED
    assert answer.text.startswith("The manual doesn't name “lighthouse”. What comes closest:\n\nAnnual leave is 30")
    known = await final(assistant(Shelf(LEAVE), similar=far), ask(QUESTION))
    assert known.text.startswith("Annual leave is 30")


async def test_a_code_that_stands_nowhere_is_said_above_the_quotes() -> None:
    chamber = replace(HOTEL, section=("Climate chamber",), text="When the chamber shows E-417, close its door.")
    answer = await final(assistant(Shelf(chamber), similar=near), ask("The climate chamber shows E-510, what now?"))
    assert answer.text.startswith("The manual doesn't name “E-510”. What comes closest:\n\nWhen the chamber shows")
    known = await final(assistant(Shelf(chamber), similar=near), ask("The climate chamber shows E-417, what now?"))
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
        bot = assistant(Shelf(leave, *others), threshold=0.22, similar=near)
        answer = await final(bot, ask("How many days of annual leave do I get a year?"))
        assert answer.outcome is Outcome.ANSWERED
        said = "I'm not sure that this answers your question. What comes closest:\n\nAnnual leave is 30 working days"
        assert answer.text.startswith(said) is unsure
        assert [c.section[-1] for c in answer.citations] == ["4.1 Annual leave", *["6.1 Hotels"] * unsure]


@pytest.mark.parametrize(
    ("question", "quoted", "lacks"),
    [
        ("Where do I sign up for the course?", "The course is offered in October.", True),
        ("Where do I sign up for the course?", "The course is booked in the portal.", False),
        ("Where can I smoke?", "Smoking is allowed at the marked places outside.", False),
        ("How do I become a mentor?", "The programme starts in April and lasts nine months.", True),
        ("How do I become a mentor?", "Mentors write to the People team.", False),
        ("How do I reset it?", "Close the door and press Reset.", False),
        ("Who is allowed to see the recordings?", "Recordings are overwritten after a while.", True),
        ("Who is allowed to see the recordings?", "Recordings are seen by the works council.", False),
        ("Who pays for lunch?", "Guests are invited by their host.", False),
        ("What's the commission rate?", "People in Sales have a commission plan.", True),
        ("How much is the bonus?", "The bonus is 8 percent.", False),
        ("How much do I pay for a lost badge?", "A lost badge costs nothing the first time.", False),
        ("What's the phone number of the doctor?", "The doctor is there on Tuesdays.", True),
        ("What's the phone number of the doctor?", "Call 4444.", False),
        ("May I smoke on the balcony?", "Dogs are allowed.", False),
        ("What's the name of our insurer?", "Finland: Care is provided by an outside insurer.", True),
        ("What's the name of our insurer?", "Care is provided by Nordic Mutual.", False),
        ("What is the form for visas called?", "It is called TR-5.", False),
        ("Which gyms are in the programme?", "It costs employees 19 euros a month.", True),
        ("Which insurer pays abroad?", "Journeys are insured with Baltica.", False),
        ("May I sign in the name of the company?", "Managing directors sign for it.", False),
        ("Which bank holidays do we get?", "Those of the place of work.", False),
        ("What hotel limit holds?", "A room may cost 130 euros.", False),
        ("Which hotels may I book?", "Hotels of the list are booked in advance.", False),
        ("How often is the alarm tested?", "The alarm can be heard on every", False),
        ("How often is the alarm tested?", "The alarm is loud and the lights flash.", True),
        ("How long is the training valid?", "It holds until the role changes.", False),
        ("Does my project get charged for a bench?", "Benches are booked four weeks ahead.", True),
        ("Does my project get charged for a bench?", "Projects bear 40 euros a day.", False),
        ("Who's in charge of export control?", "The export control officer decides.", False),
        ("May I charge my car at work?", "Cars stand at the marked places.", False),
        ("What does a second badge cost?", "The first one is free, a further one is deducted from the pay.", False),
        ("At what age can I draw my pension?", "The company pays into the fund after three years.", True),
        ("At what age can I draw my pension?", "It is paid from the age of 65.", False),
        ("How old must I be to drive a forklift?", "Drivers are at least 18 years old.", False),
    ],
)
def test_quotes_that_can_not_hold_what_is_asked_for_are_told(question: str, quoted: str, lacks: bool) -> None:
    assert untold(question, quoted) is lacks
