"""People's words in the manual's."""

from pathlib import Path

import pytest

from knowledge.search.glossary import FILE, built_in, of_company, translated
from tests.knowledge.building import Base


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("How many PTO days do I get?", "annual leave"),
        ("can I WFH?", "remote work"),
        ("is a doctor’s note needed", "medical certificate"),
        ("I lost my laptop", "company equipment"),
        ("what is the organisation's rule", "organization's rule"),
        ("mat leave?", "maternity leave"),
        ("may I work from Spain in May?", "another country of the European Union"),
        ("do contractors get a bonus?", "agency worker"),
        ("how many sick days?", "sick leave"),
        ("two weeks from the UK?", "outside the European Union"),
        ("my boss wants me to come in this Saturday", "overtime on Saturdays"),
        ("may I work every other weekend", "overtime work on Saturdays and Sundays"),
        ("can I do shifts in a bar", "secondary employment"),
        ("my pager went off at two", "on-call duty"),
        ("may we record the weekly call", "recording a meeting"),
        ("when does my pay land", "salary paid"),
        ("who has to ok a new licence", "who approves"),
        ("a colleague swallowed cleaner", "poisoning"),
    ],
)
def test_a_question_is_put_in_the_manual_s_words(question: str, holds: str) -> None:
    assert holds in (translated(question, built_in()) or "")


@pytest.mark.parametrize(
    "question",
    [
        "How long is the notice period?",
        "a cell-like structure",
        "filling in a form",
        "a car with GPS",
        "",
        "I come in by the back door of the shop on saturday",
        "saturday is when letters come in",
        "the record shows that he was on a call",
        "a record, and then a call",
        "equal pay for men and for women on this land",
        "who was on shift in the workshop",
        "the page of the form",
    ],
)
def test_a_question_without_such_words_is_left_alone(question: str) -> None:
    assert translated(question, built_in()) is None


def test_the_file_is_in_small_letters_and_tells_something_new() -> None:
    assert len(built_in()) > 120
    for word, manual in built_in().items():
        assert word == word.lower() and manual and word != manual


def test_a_company_s_own_words_count_beside_the_built_in_ones(tmp_path: Path) -> None:
    base = Base(tmp_path)
    base.write("leave.txt", "The recharge period is four weeks.\n\nThe server room is locked.")
    (base.docs / FILE).write_text("Moon Break: recharge period\nX9: [server room, locked]\n7: 7\nempty:\n")
    base.ingest()
    assert base.find("how long is a moon break?")[0].startswith("The recharge")
    assert base.find("x9")[0].startswith("The server room")
    words = of_company([base.docs, tmp_path / "gone"])
    assert words["moon break"] == "recharge period" and words["pto"] == built_in()["pto"]
    for broken in ("- a\n- b", "a: [", "\x00", "a: {b: c}"):
        (base.docs / FILE).write_text(broken)
        assert of_company([base.docs]) == built_in()
