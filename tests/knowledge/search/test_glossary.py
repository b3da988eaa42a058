"""People's words in the manual's."""

from pathlib import Path

from knowledge.files import GLOSSARY as FILE
from knowledge.search.lexical import built_in, of_company, translated
from tests.knowledge.building import Base
from tests.rows import each


@each("question, holds")
def test_a_question_is_put_in_the_manual_s_words(question: str, holds: str) -> None:
    assert holds in (translated(question, built_in()) or "")


@each("question")
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
