"""Numbers, pages and links of citations."""

from dataclasses import replace

from bot.answering.draft import Numbering, closest, link
from bot.answering.places import where
from bot.types import Checked, Support, Verdict
from knowledge.types import PageSpan, Passage

TEXT = "Leave is 30 days. It ends in April."
PASSAGE = Passage(
    "c1", "hr/leave policy.pdf", "Leave", ("4 Leave", "4.1 Annual"), TEXT, 0.9,
    pages=(PageSpan(0, 16, "6"), PageSpan(18, 17, "7")), version="9",
)  # fmt: skip


def test_a_citation_names_the_page_of_its_span_not_of_its_chunk() -> None:
    numbering = Numbering([PASSAGE], "https://docs.example")
    shown = numbering.number(Checked("It ends in April.\n", Verdict.SUPPORTED, (Support(1, 18, 35),)))
    assert shown.text == "It ends in April. [1]\n"
    (citation,) = numbering.citations
    assert (citation.page, citation.page_end, citation.page_label) == (17, 17, "7")
    assert citation.quote == "It ends in April."
    assert citation.url == "https://docs.example/hr/leave%20policy.pdf#page=17"
    assert citation.edition == "version 9"


def test_a_number_stands_for_a_place_and_each_sentence_keeps_its_own_quote() -> None:
    text = "Leave is 30 days. It may be split. Ask early."
    leave = replace(PASSAGE, text=text, pages=(PageSpan(0, 16, "6"), PageSpan(35, 17, "7")))
    numbering = Numbering([leave, replace(leave, chunk_id="c2"), replace(leave, section=("Sick leave",))], None)
    days, split, early = Support(1, 0, 17), Support(1, 18, 34), Support(1, 35, 45)
    shown = [
        numbering.number(Checked(said, Verdict.SUPPORTED, supports))
        for said, supports in [
            ("A", (days,)),
            (" B", (split,)),
            (" C", (early,)),
            (" AB", (days, split)),
            (" D", (replace(days, source=2),)),
            (" E", (replace(days, source=3),)),
            (" F", ()),
        ]
    ]
    assert [s.text for s in shown] == ["A [1]", " B [1]", " C [2]", " AB [1]", " D [1]", " E [3]", " F"]
    assert [[c.quote for c in s.citations] for s in shown[:3]] == [
        ["Leave is 30 days."], ["It may be split."], ["Ask early."],
    ]  # fmt: skip
    assert [c.n for c in shown[3].citations] == [1, 1]
    first, second, third = numbering.citations
    assert (first.n, second.n, third.n) == (1, 2, 3)
    assert first.quotes == ("Leave is 30 days.", "It may be split."), "each once"
    assert first.quote == "Leave is 30 days. It may be split." and first.chunk_id == "c1"


def test_a_place_reads_as_title_edition_heading_and_the_printed_page() -> None:
    numbering = Numbering([PASSAGE, replace(PASSAGE, title="Leave (9)", pages=(PageSpan(0, 16, "16"),))], None)
    for source in (1, 2):
        numbering.number(Checked("A", Verdict.SUPPORTED, (Support(source, 0, 17),)))
    assert [where(c) for c in numbering.citations] == ["Leave 9 › 4.1 Annual, p. 6 (PDF page 16)"]
    assert where(numbering.citations[0], "de-DE") == "Leave 9 › 4.1 Annual, S. 6 (PDF-Seite 16)"
    again = Numbering([replace(PASSAGE, title="Leave (9)", pages=(PageSpan(0, 16, "16"),))], None)
    again.number(Checked("A", Verdict.SUPPORTED, (Support(1, 0, 17),)))
    assert where(again.citations[0]) == "Leave (9) › 4.1 Annual, p. 16"
    assert [where(c) for c in closest([replace(PASSAGE, section=(), pages=())], None)] == ["Leave 9"]


def test_links_point_at_pages_or_headings_only_under_the_configured_base() -> None:
    assert link(None, "a.pdf", 3, None) is None
    assert link("https://d", "a b.md", None, "sick-leave") == "https://d/a%20b.md#sick-leave"
    assert link("https://d", "a.txt", None, None) == "https://d/a.txt"


def test_closest_sections_are_named_once() -> None:
    near = closest([PASSAGE, PASSAGE], None)
    assert [(c.document, c.section, c.page) for c in near] == [("hr/leave policy.pdf", ("4 Leave", "4.1 Annual"), 16)]


def test_a_row_and_a_listing_stay_what_they_are() -> None:
    numbering = Numbering([PASSAGE], None)
    for text, shown in (("\n| a | b |", "\n| a | b [1] |"), ("```\na\n```", "```\na\n```\n[1]")):
        assert numbering.number(Checked(text, Verdict.SUPPORTED, (Support(1, 0, 17),))).text == shown
