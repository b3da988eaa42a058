"""Tables whole with their header, stubs with what follows, no leftovers of templates, short prefixes."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.catalog.tables import LEAST_PREFIX, embed_text
from knowledge.ingest.split import TABLE_ROWS, split, without_leftovers
from knowledge.read.sections import PATH_WORDS, bounded
from knowledge.text.sentences import units
from knowledge.types import Block, Chunk, Document
from tests.rows import each


def chunks(*blocks: Block) -> list[Chunk]:
    return split(Document("a.pdf", "Handbook", blocks, pages=9), "default")


def table(rows: int, header: str = "Grade | Days of leave | Who pays") -> Block:
    body = [f"Grade {at} | {at + 20} days of leave in the calendar year | the company itself" for at in range(rows)]
    return Block("\n".join([header, *body]), ("Leave",), 1, kind="table")


def test_a_small_table_stays_whole_and_a_long_one_repeats_its_header() -> None:
    before = Block(" ".join(f"word{at}" for at in range(60)) + ".", ("Leave",), 1)
    found = chunks(before, table(TABLE_ROWS))
    assert [chunk.kind for chunk in found] == ["text", "table"]
    assert found[1].text == table(TABLE_ROWS).text
    long = chunks(table(40))
    assert len(long) > 2 and all(chunk.text.startswith("Grade | Days of leave | Who pays\n") for chunk in long)


def test_a_row_is_never_repeated_as_if_it_were_a_header() -> None:
    rows = [f"City {at} | {at + 100} euros a night and not a cent more than that" for at in range(60)]
    found = chunks(Block("\n".join(rows), ("Hotels",), 1, kind="table"))
    assert len(found) > 2 and [row for chunk in found for row in chunk.text.split("\n")] == rows


def test_what_leads_to_a_table_or_list_stands_with_it() -> None:
    before = Block(" ".join(f"word{at}" for at in range(70)) + ".", ("Leave",), 1)
    found = chunks(before, Block("The days are as follows:", ("Leave",), 1), table(5))
    assert found[-1].text.startswith("The days are as follows:\nGrade | Days of leave")


def test_a_stub_joins_what_follows_in_its_section_or_below() -> None:
    whole = " ".join(f"word{at}" for at in range(40)) + "."
    found = chunks(
        Block("All staff.", ("1 Scope",), 1),
        Block(whole, ("1 Scope", "1.1 Who"), 2),
        Block("Five euros.", ("2 Fee",), 3),
        Block(whole, ("3 Next",), 3),
        Block("See:", ("3 Next", "3.1 End"), 4),
    )
    assert [(chunk.section, chunk.text) for chunk in found] == [
        (("1 Scope", "1.1 Who"), f"1 Scope\nAll staff.\n1.1 Who\n{whole}"),
        (("2 Fee",), "2 Fee\nFive euros."),
        (("3 Next",), f"3 Next\n{whole}"),
        (("3 Next", "3.1 End"), "3.1 End\nSee:"),
    ]
    assert [(found[0].text[span.start :][:6], span.page) for span in found[0].pages] == [("1 Scop", 1), ("1.1 Wh", 2)]


def test_a_short_rule_is_not_cited_under_the_next_heading() -> None:
    rules = ("Quiet is from 22:00.", "The drill is lent for 3 days.", "Nobody smokes in here!")
    stubs = ("All staff.", "See below.", "The following rules hold:", "Rules for guests")
    alone = {
        text
        for text in (*rules, *stubs)
        if [chunk.section for chunk in chunks(Block(text, ("House",)), Block("Pets are allowed.", ("House", "Pets")))]
        == [("House",), ("House", "Pets")]
    }
    assert alone == {*rules}


@each("text, left")
def test_leftovers_of_templates_are_dropped(text: str, left: str) -> None:
    assert without_leftovers(text) == left


def test_a_list_keeps_its_levels() -> None:
    (chunk,) = chunks(Block("- one\n  - two\n    1. three", ("L",), 1, kind="list"))
    assert chunk.text == "L\n- one\n  - two\n    1. three"


@given(st.lists(st.text("ab ", min_size=1, max_size=400), max_size=12))
def test_a_section_path_is_bounded_and_keeps_its_end(section: list[str]) -> None:
    path = bounded(tuple(section))
    assert len(path) <= len(section) and bool(path) == bool(section)
    assert sum(len(title.split()) for title in path[:-1]) <= PATH_WORDS
    if section and len(section[-1]) < 200:
        assert path[-1] == section[-1]


@given(
    st.lists(st.sampled_from(["Leave and absence", "Notice", "Long title of a part of it"]), max_size=9),
    st.integers(0, 90),
)
def test_the_prefix_takes_at_most_a_third(section: list[str], words: int) -> None:
    prefix, text = embed_text("Handbook of all the rules", section, "word " * words).split("\n", 1)
    assert text == "word " * words
    assert len(prefix.replace(">", "").split()) <= max(LEAST_PREFIX, words // 2)
    assert not section or prefix.endswith(section[-1])


def test_two_tables_of_a_section_stay_two_in_their_chunk() -> None:
    two = [
        Block(text, ("Limits",), 1, kind="table")
        for text in ("Service | Notice\n2 years | 1 month", "Order | By\n9 euros | lead")
    ]
    [chunk] = chunks(*two)
    assert "1 month\n\nOrder" in chunk.text and [unit.group for unit in units(chunk.text)[-4:]] == [1, 1, 2, 2]
    assert "\n\n" not in chunks(two[0], Block("3 years | 2 months", ("Limits",), 2, kind="table"))[0].text


def test_a_table_stands_with_what_is_said_of_it_where_both_fit() -> None:
    lead, rule = (Block(text, ("Leave",), 1) for text in ("Paid leave is given for these.", "All days are gross."))
    filler = [Block(" ".join(f"{name}{at}" for at in range(50)) + ".", ("Leave",), 1) for name in "ab"]
    assert [chunk.text for chunk in chunks(filler[0], lead, table(5), rule)] == [
        "\n".join(["Leave", *(block.text for block in (filler[0], lead, table(5), rule))])
    ]
    assert [table(9).text in chunk.text for chunk in chunks(filler[0], table(9), filler[1])] == [False, True, False]


def test_a_sentence_is_not_parted_where_a_page_ends() -> None:
    first, rest = " ".join(f"word{at}" for at in range(60)), " ".join(f"word{at}" for at in range(60, 150))
    before = Block(" ".join(f"other{at}" for at in range(20)) + ".", ("Leave",), 1)
    found = chunks(before, Block(first, ("Leave",), 1), Block(rest, ("Leave",), 2))
    assert [chunk.text for chunk in found] == [f"Leave\n{before.text}", f"{first} {rest}"]
