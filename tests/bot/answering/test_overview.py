from bot.answering.outlines import MOST_SECTIONS, Line, opening, overview
from bot.answering.wanted import overview_topic
from knowledge.types import Passage
from tests.rows import each


@each(
    "question, about",
    [
        ("Summarise chapter 4", "chapter 4"),
        ("can you summarize the leave policy?", "leave"),
        ("what does it say on travel", "travel"),
        ("what does chapter 6 say?", "chapter 6"),
        ("What is chapter 6 about?", "chapter 6"),
        ("Tell me about the dress code", None),
        ("What is a chapter?", None),
        ("Give me an overview of our rules on remote work, please", "remote work"),
        ("Was steht in Kapitel 3?", "Kapitel 3"),
        ("How many days of leave do I get?", None),
        ("Who summarises the meeting?", None),
        ("Summarise", None),
        ("Can you give us the gist of the chapter on travel, we have a new colleague", "chapter travel"),
        ("Summarise data protection please - I have an audit", "data protection"),
        ("what's in the travel chapter, roughly?", "travel chapter"),
        ("Summarise travel, hotels and cars", "travel, hotels and cars"),
    ],
)
def test_what_an_overview_is_wanted_of(question: str, about: str | None) -> None:
    assert overview_topic(question) == about


def line(key: str, *section: str, document: str = "handbook.pdf", title: str = "Handbook") -> Line:
    return Line(key, document, title, section)


LINES = [
    line("a", "1 About"),
    line("b", "4 Leave"),
    line("c", "4 Leave", "4.1 Annual leave"),
    line("d", "4 Leave", "4.1 Annual leave"),
    line("e", "4 Leave", "4.2 Sick leave", "Certificates"),
    line("f", "14 Tools", "14.1 Mail"),
    line("g", "6 Business travel", "6.1 Approval"),
    line("h", "6 Business travel", "6.2 Booking"),
    line("i", "Terms", document="bike.md", title="Bicycle leasing"),
    line("j", "Ending early", document="bike.md", title="Bicycle leasing"),
]


@each(
    "about, found",
    [
        ("chapter 4", ["c", "e"]),
        ("section 4.1", []),  # has no sections of its own
        ("leave", ["c", "e"]),
        ("travel", ["g", "h"]),
        ("travel chapter", ["g", "h"]),
        ("bicycle leasing", ["i", "j"]),
        ("parrots", []),
        ("chapter 9", []),
    ],
)
def test_the_sections_below_the_heading_that_is_meant(about: str, found: list[str]) -> None:
    assert opening(about, LINES) == found


def test_a_long_chapter_is_cut() -> None:
    assert len(opening("leave", [line(str(n), "Leave", f"Rule {n}") for n in range(40)])) == MOST_SECTIONS


def test_headings_come_with_their_first_sentence_and_only_where_all_passages_are_of_the_chapter() -> None:
    texts = {"4.1 Annual leave": "4.1 Annual leave\nLeave is 30 days. Ask early.", "4.2 Sick leave": "Call in by nine."}
    shelf = [
        Passage(heading, "handbook.pdf", "Handbook", ("4 Leave", heading), text, 1.0) for heading, text in texts.items()
    ]
    said = overview("Summarise chapter 4", shelf)
    assert (
        "".join(c.text for c in said)
        == "- **4.1 Annual leave**: Leave is 30 days.\n- **4.2 Sick leave**: Call in by nine."
    )
    assert [shelf[s.source - 1].text[s.start : s.end] for c in said for s in c.supports] == [
        "Leave is 30 days.", "Call in by nine.",
    ]  # fmt: skip
    other = Passage("x", "bike.md", "Bicycle leasing", ("Terms",), "It may cost 4,000 euros.", 1.0)
    assert overview("Summarise chapter 4", [*shelf, other]) == []
    assert overview("How many days of leave?", shelf) == []
