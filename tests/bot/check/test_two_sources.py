"""A claim that needs two sources cites both, whichever the verifier quotes; what one says alone cites that one."""

# ruff: noqa: E501 - cases read best on one line

import json

from knowledge.types import Passage
from tests.bot.check.test_checker import run
from tests.bot.check.test_examples import Says
from tests.rows import each

SECTIONS = [
    ("6.4 Hotels", "A hotel room may cost up to 130 euros a night including breakfast, and up to 190 euros in cities on the list."),
    ("B Fairs", "Employees who visit fairs pay attention to the dress code. For trade fairs the limit of a room is 240 euros a night."),
    ("4.4 Parental leave", "Parental leave is announced in writing seven weeks ahead, at most nine days before a birth."),
    ("4.7 Sabbatical", "A request for a sabbatical is made nine months ahead."),
    ("Terms 2026", "A bicycle may cost up to 5,500 euros. The lease lasts 36 months."),
    ("Terms 2025", "A bicycle may cost up to 4,000 euros. The lease lasts 36 months."),
    ("3.1 Laptops", "Laptops are given back to the service desk."),
    ("3.2 Badges", "Badges are returned at the reception. Lockers are emptied."),
]  # fmt: skip
SOURCES = [Passage(f"c{n}", "d.md", "Manual", (name,), text, 1.0) for n, (name, text) in enumerate(SECTIONS, 1)]


def cited(said: str, quote: str) -> list[tuple[int, str]]:
    """(number, the words that it rests on) of each citation."""
    source = next(n for n, one in enumerate(SOURCES, 1) if quote in one.text)
    row = {"id": 1, "supported": True, "quote": quote, "source": source}
    [checked], _ = run(said, sources=SOURCES, verifier=Says(json.dumps({"claims": [row]})))
    return [(one.source, SOURCES[one.source - 1].text[one.start : one.end]) for one in checked.supports]


@each(
    "said, quote, numbers",
    [
        ("A hotel costs up to 130 euros a night, at large trade fairs 240 euros [2][1].", "up to 130 euros a night", [1, 2]),
        ("A hotel costs up to 130 euros a night, at large trade fairs 240 euros [1, 2].", "240 euros a night", [2, 1]),
        ("Parental leave is announced seven weeks ahead and a sabbatical nine months ahead [3][4].", "seven weeks ahead", [3, 4]),
        ("The price cap rose from 4,000 euros to 5,500 euros [5][6].", "up to 5,500 euros", [5, 6]),
        ("- **Price cap:** 5,500 euros instead of 4,000 euros [6][5]", "up to 4,000 euros", [6, 5]),
        ("So for you: 130 euros, and 240 euros at the trade fair [1][2].", "up to 130 euros a night", [1, 2]),
        ("Laptops go to the service desk and badges to the reception [7][8].", "given back to the service desk", [7, 8]),
        ("Ein Hotel darf 130 Euro kosten, auf großen Messen 240 Euro [1][2].", "up to 130 euros a night", [1, 2]),
        ("Le congé parental s'annonce sept semaines avant, le congé sabbatique neuf mois avant [3][4].", "made nine months ahead", [4, 3]),
        ("Bisiklet bedeli 4.000 avrodan 5.500 avroya çıktı [5][6].", "up to 5,500 euros", [5, 6]),
        ("Un hotel cuesta hasta 130 euros; en las ferias, 240 euros [1][2].", "240 euros a night", [2, 1]),
    ],
)  # fmt: skip
def test_what_only_another_cited_source_says_stays_cited(said: str, quote: str, numbers: list[int]) -> None:
    assert [n for n, _ in cited(said, quote)] == numbers


@each(
    "said, quote",
    [
        ("A hotel costs up to 130 euros a night [1][2].", "up to 130 euros a night"),
        ("Up to 190 euros a night is fine where the city is on the list [1][2][6].", "up to 190 euros in cities"),
        ("The parental leave has to be announced seven weeks ahead [3][4].", "seven weeks ahead"),
        ("You lease it for 36 months [5][6].", "lasts 36 months"),
        ("The laptop goes to the service desk [7][8].", "given back to the service desk"),
        ("Ein Hotel darf 130 Euro kosten [1][2].", "up to 130 euros a night"),
        ("The cap for a bicycle is 5,500 euros, at most [5][6][1].", "up to 5,500 euros"),
        ("A hotel costs up to 130 euros, at trade fairs more [1].", "up to 130 euros a night"),
    ],
)  # fmt: skip
def test_what_one_source_says_alone_cites_that_one(said: str, quote: str) -> None:
    assert len(cited(said, quote)) == 1


def test_what_is_cited_besides_rests_on_the_sentence_that_says_it() -> None:
    said = "A hotel costs up to 130 euros a night, at large trade fairs 240 euros [1][2]."
    assert [words for _, words in cited(said, "up to 130 euros a night")] == [
        SECTIONS[0][1],
        "For trade fairs the limit of a room is 240 euros a night.",
    ]
