"""Numbers, pages and links of citations."""

from bot.answering.numbering import Numbering, closest, link
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


def test_two_sentences_on_one_span_share_a_number_and_numbers_follow_the_order_shown() -> None:
    numbering = Numbering([PASSAGE], None)
    second, first = Support(1, 18, 35), Support(1, 0, 17)
    texts = [
        numbering.number(Checked(text, Verdict.SUPPORTED, supports)).text
        for text, supports in [("B", (second,)), (" A", (first,)), (" AB", (first, second)), (" C", ())]
    ]
    assert texts == ["B [1]", " A [2]", " AB [2][1]", " C"]
    assert [c.n for c in numbering.citations] == [1, 2]


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
