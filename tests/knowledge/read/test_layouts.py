"""What a page's layout says: headings in columns, steps without a point, running heads of two pages, call-outs."""

from collections.abc import Sequence
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, SimpleDocTemplate, Table

from knowledge.read import read
from knowledge.read.flow import flow
from knowledge.read.pages import Line, PageText
from tests.knowledge.read.test_pdf import lines, made
from tests.knowledge.read.test_siblings import said
from tests.rows import each

_PARTS = ("Access", "Waste", "Fire", "Visits", "Parking", "Keys")
_NUMBERED = tuple(f"{at + 1} {part}" for at, part in enumerate(_PARTS))


@each(
    "titles, columns, size",
    [(_PARTS, 2, 14), (_NUMBERED, 2, 14), (_NUMBERED, 3, 14), (_PARTS, 3, 13), (_NUMBERED[:4], 2, 13)],
)
def test_headings_beside_another_column_are_headings(
    tmp_path: Path, titles: Sequence[str], columns: int, size: float
) -> None:
    def page(canvas: Canvas) -> None:
        lines(canvas, 50, 790, "Laboratory guide", size=20, bold=True)
        for at, title in enumerate(titles):
            column, row = divmod(at, len(titles) // columns)
            y = lines(canvas, 50 + column * 480 / columns, 740 - 90 * row, title, size=size, bold=True)
            lines(canvas, 50 + column * 480 / columns, y, *[f"Rule {at} holds."] * 4, size=10)

    blocks = read(made(tmp_path / "a.pdf", page), tmp_path).blocks
    assert [(block.section[-1], block.text.split()[1]) for block in blocks] == [
        (title, str(at)) for at, title in enumerate(titles)
    ]


def test_a_larger_header_of_a_table_is_no_heading(tmp_path: Path) -> None:
    rows = [("Room", "Fee"), ("Oven", "12 euros"), ("Saw", "9 euros"), ("Laser", "30 euros"), ("Mill", "3 euros")]

    def page(canvas: Canvas) -> None:
        lines(canvas, 60, 760, "Fees are paid by the month, as this long sentence says.", size=10)
        for n, row in enumerate(rows):
            for x, words in zip((60, 320), row, strict=True):
                lines(canvas, x, 740 - 20 * n, words, size=13 if n == 0 else 10, bold=n == 0)

    assert said(made(tmp_path / "a.pdf", page)).split("\n")[1:] == [" | ".join(row) for row in rows]


_STEPS = [
    ["Open the valve", "and wait until it hisses"],
    ["Read the gauge and call", "4444 where it is red"],
    ["Close the valve"],
    ["Sign the log. If it is", "full, take a new one"],
]


@each("size, gap, count", [(14, 18, 4), (11, 18, 4), (10, 20, 3), (12, 16, 2), (14, 20, 3)])
def test_steps_without_a_point_are_a_list(tmp_path: Path, size: float, gap: float, count: int) -> None:
    def page(canvas: Canvas) -> None:
        lines(canvas, 60, 780, "Stopping", size=16, bold=True)
        y = 750.0
        for at, words in enumerate(_STEPS[:count]):
            lines(canvas, 60, y - 2, str(at + 1), size=size)
            y = lines(canvas, 60 + gap, y, *words, size=11)
        lines(canvas, 60, y - 20, "The log is kept by the lead for two years.", size=11)

    steps = [f"{at + 1}. {' '.join(words)}" for at, words in enumerate(_STEPS[:count])]
    assert said(made(tmp_path / "a.pdf", page)).split("\n") == [
        f"Stopping > {steps[0]}",
        *steps[1:],
        "Stopping > The log is kept by the lead for two years.",
    ]


def test_numbers_of_a_table_are_no_steps(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        for at in range(4):
            for x, words in ((60, str(at + 1)), (82, f"Room {'ABCD'[at]}"), (300, f"{at + 3} euros")):
                lines(canvas, x, 750 - 20 * at, words)

    assert said(made(tmp_path / "a.pdf", page)).split("\n")[0] == "1 | Room A | 3 euros"


@each(
    "head, first, second",
    [
        ("Laboratory guide 2.1", "Page 1 of 2", "Page 2 of 2"),
        ("Code of conduct · 2026 · page 1", "", ""),
        ("FLOW MANUAL - Version 4 - 2026", "1", "2"),
        ("Ofenordnung, Stand Mai 2026", "Seite 1", "Seite 2"),
        ("Halden GmbH", "- 1 -", "- 2 -"),
    ],
)
def test_small_heads_of_two_pages_are_no_text(tmp_path: Path, head: str, first: str, second: str) -> None:
    def page(canvas: Canvas, number: str, text: str, head: str) -> None:
        lines(canvas, 60, 800, head, size=8)
        lines(canvas, 60, 700, *[text] * 3, size=11)
        lines(canvas, 450, 40, number, size=8)

    text = said(
        made(
            tmp_path / "a.pdf",
            lambda canvas: page(canvas, first, "The oven is hot until ten.", head),
            lambda canvas: page(canvas, second, "The saw is loud after six.", head.replace("page 1", "page 2")),
        )
    )
    assert text.split("\n") == [
        " ".join(["The oven is hot until ten."] * 3),
        " ".join(["The saw is loud after six."] * 3),
    ]


def test_what_two_pages_say_in_the_size_of_the_text_or_as_a_sentence_stays(tmp_path: Path) -> None:
    def page(canvas: Canvas, text: str) -> None:
        lines(canvas, 60, 800, "Dogs stay outside", size=11)
        lines(canvas, 60, 700, *[text] * 3, size=11)
        lines(canvas, 60, 40, "Prices are without tax.", size=8)

    text = said(
        made(tmp_path / "a.pdf", lambda one: page(one, "The oven is hot."), lambda one: page(one, "It stays on."))
    )
    assert (text.count("Dogs stay outside"), text.count("Prices are without tax.")) == (2, 2)


@each(
    "rows, title",
    [
        (["FLOW MANUAL", "1. General"], "FLOW MANUAL"),
        (["Travel allowances", "1 Rates"], "Travel allowances"),
        (["Travel allowances", "of the whole group"], "Travel allowances of the whole group"),
        (["Rules for", "2026"], "Rules for 2026"),
        (["Press rules", "A. Scope"], "Press rules"),
    ],
)
def test_a_first_numbered_heading_is_no_part_of_the_title(tmp_path: Path, rows: Sequence[str], title: str) -> None:
    def page(canvas: Canvas) -> None:
        lines(canvas, 60, 780, *rows, size=20, bold=True)
        lines(canvas, 60, 700, *["The rates hold from May on in all places."] * 6)

    assert read(made(tmp_path / "a.pdf", page), tmp_path).title == title


@each(
    "text, stands",
    [
        ('<aside class="note"><b>Warning:</b> Wear gloves.</aside>', True),
        ('<aside class="admonition-tip"><p>Wear gloves.</p></aside>', True),
        ('<aside role="note">Wear gloves.</aside>', True),
        ("<aside><strong>Achtung:</strong> Wear gloves.</aside>", True),
        ("<aside>Note: Wear gloves.</aside>", True),
        ('<aside class="related"><a href="x">Wear gloves.</a></aside>', False),
        ('<aside id="sidebar"><p>Wear gloves.</p></aside>', False),
        ('<aside class="footnotes-author">Wear gloves.</aside>', False),
        ('<div role="dialog" class="cookie-banner">Wear gloves.</div>', False),
        ('<div class="site cookie-consent"><p>Wear gloves.</p></div>', False),
        ('<section id="cookie-consent"><p>Wear gloves.</p></section>', True),
        ('<div class="section" id="cookie-notice"><p>Wear gloves.</p></div>', True),
        ('<div class="cookies-notice">Wear gloves.</div>', False),
        ('<p class="cookie-rules">Wear gloves.</p>', True),
        ('<div class="consent-rules">Wear gloves.</div>', True),
    ],
)
def test_call_outs_are_text_and_consent_to_cookies_is_none(tmp_path: Path, text: str, stands: bool) -> None:
    (tmp_path / "a.html").write_text(f"<main><h1>Press</h1><p>Wear boots.</p>{text}<p>Sign the log.</p></main>")
    rows = said(tmp_path / "a.html").split("\n")
    assert (rows[0], rows[-1], any(row.endswith("Wear gloves.") for row in rows)) == (
        "Wear boots.",
        "Sign the log.",
        stands,
    )


_BANDS = [["Grade", "Low", "High"], *([f"G{at}", f"{at},000", f"{at},500"] for at in range(1, 91))]
_PRICES = [
    ["Dish", "Price"],
    *([f"Dish {chr(65 + at % 26)}{chr(65 + at // 26)}", f"{at} euros"] for at in range(1, 91)),
]
_SITES = [["", "Weekday", "Sunday"], *([f"Site {chr(65 + at % 26)}", f"{at} %", f"{at + 9} %"] for at in range(1, 91))]


@each(
    "rows, style",
    [
        (_BANDS, []),
        (_PRICES, []),
        (_SITES, []),
        (_BANDS, [("ALIGN", (0, 0), (-1, -1), "CENTER")]),
        (_BANDS, [("ALIGN", (1, 0), (-1, -1), "RIGHT")]),
    ],
)
def test_a_table_that_goes_on_over_pages_keeps_its_header(
    tmp_path: Path, rows: Sequence[Sequence[str]], style: Sequence[tuple[object, ...]]
) -> None:
    table = Table(rows, style=style, colWidths=[90] * len(rows[0]))
    SimpleDocTemplate(str(tmp_path / "a.pdf")).build([table])
    parts = [block.text.split("\n")[0] for block in read(tmp_path / "a.pdf", tmp_path).blocks]
    assert len(parts) == 3 and set(parts) == {" | ".join(rows[0]).strip()}


_TALL = [["Step", "Limit"], *([f"Step {at}", "\n".join([f"{at} euros"] * (at % 5 + 1))] for at in range(1, 60))]
_HEAD_CENTRED = [("ALIGN", (0, 0), (-1, 0), "CENTER")]
_MIXED = [
    *_PRICES[:-12],
    *([f"Dish {chr(65 + at)}", "none" if at % 2 else "on request"] for at in range(5)),
    ["A", "1"],
]


@each(
    "rows, style, bottom",
    [
        (_TALL, [("VALIGN", (0, 0), (-1, -1), "TOP")], 72),
        (_PRICES, _HEAD_CENTRED, 72),
        (_PRICES, [], 150),
        (_MIXED, [], 72),
    ],
)
def test_it_goes_on_under_tall_rows_high_feet_and_rows_of_another_kind(
    tmp_path: Path, rows: Sequence[Sequence[str]], style: Sequence[tuple[object, ...]], bottom: float
) -> None:
    SimpleDocTemplate(str(tmp_path / "a.pdf"), bottomMargin=bottom).build(
        [Table(rows, style=style, colWidths=[90, 90])]
    )
    parts = [block.text.split("\n")[0] for block in read(tmp_path / "a.pdf", tmp_path).blocks]
    assert len(parts) > 2 and set(parts) == {" | ".join(rows[0])}


_OWNERS = [["Country", "Owner"], *([f"Land {chr(65 + at)}", f"Holder {chr(65 + at)}"] for at in range(35))]
_SEATS = [["Seats", "120"], ["Opening", "7:00"], ["Closing", "19:00"]]
_TOOLS = [["Tool", "Owner"], ["Hammer", "Anna"], ["Saw", "Ben"]]
_FORM = [["Deposit", "250 euros"], ["Music", "no"], ["Contact", "Ms Green"]]
_BOLD_NAMES = [("FONTNAME", (0, 0), (0, -1), "Helvetica-Bold")]


@each(
    "above, below, widths, style",
    [
        *((above[:24], below, (90, 90), []) for above in (_PRICES, _OWNERS) for below in (_SEATS, _TOOLS, _FORM)),
        *((above[:35], below, (70, 120), []) for above in (_PRICES, _OWNERS) for below in (_SEATS, _TOOLS, _FORM)),
        (_PRICES[:35], _TOOLS, (90, 90), []),
        (_OWNERS[:35], _SEATS, (90, 90), []),
        (_OWNERS[:35], _FORM, (90, 90), _BOLD_NAMES),
    ],
)
def test_another_table_on_the_next_page_has_not_the_header_of_the_one_before(
    tmp_path: Path,
    above: Sequence[Sequence[str]],
    below: Sequence[Sequence[str]],
    widths: Sequence[float],
    style: Sequence[tuple[object, ...]],
) -> None:
    first, second = Table(above, colWidths=[90, 90]), Table(below, colWidths=widths, style=style)
    SimpleDocTemplate(str(tmp_path / "a.pdf")).build([first, PageBreak(), second])
    *_, one, two = read(tmp_path / "a.pdf", tmp_path).blocks
    assert one.page != two.page and two.text.replace("- ", "").replace(": ", " | ") == "\n".join(map(" | ".join, below))


@each("heads", [["SMOKING", "FINES"], ["VISITORS AND GUESTS", "KEY BOX"], ["GENERAL RULES", "LAST RULES"]])
def test_headings_in_capitals_stand_over_short_sentences(tmp_path: Path, heads: Sequence[str]) -> None:
    def page(canvas: Canvas) -> None:
        y = 780.0
        for head in heads:
            y = lines(canvas, 60, y, head, "All of it holds here.", size=12) - 18

    assert said(made(tmp_path / "a.pdf", page)).split("\n") == [f"{head} > All of it holds here." for head in heads]


@each("size", [8, 9, 10, 13])
def test_a_box_beside_the_text_is_no_cell(tmp_path: Path, size: float) -> None:
    def page(canvas: Canvas) -> None:
        y = lines(canvas, 50, 760, *["Keys are handed out at the desk, and whoever takes one signs."] * 4, size=11)
        lines(canvas, 405, 756, "Good to know", "The desk is closed", size=size)
        for at, (name, price) in enumerate((("Deposit", "20 euros"), ("Copy", "8 euros"), ("Master key", "none"))):
            lines(canvas, 50, y - 30 - 14 * at, f"{name} {'.' * 40}", size=11)
            lines(canvas, 340, y - 30 - 14 * at, price, size=11)

    blocks = read(made(tmp_path / "a.pdf", page), tmp_path).blocks
    assert blocks[-1].text == "- Deposit: 20 euros\n- Copy: 8 euros\n- Master key: none"
    assert not any("|" in block.text for block in blocks)


@each("corner", ["", "CP-1"])
def test_a_header_may_name_no_column_of_some(corner: str) -> None:
    def row(y: int, *cells: tuple[str, int], rule: float | None = None) -> list[Line]:
        return [Line(text, x, y, x + 9 * len(text), y + 11, rule=rule) for text, x in cells]

    top, name = row(654, ("Contingency", 127), rule=665), row(643, ("Planning", 127))
    below = [row(y, ("CP-2", 80), ("Plan", 127), ("X", 380), ("X", 455), rule=y + 11) for y in (619, 601)]
    found = [*top, *(row(643, (corner, 80)) if corner else ()), *name, *row(643, ("Low", 380)), *below[0], *below[1]]
    texts = [text for text, _, _ in flow(PageText(1, None, 600, 800, tuple(found)), found, ())]
    assert "CP-2 | Plan | X | X" in texts[-1] and "Contingency" in " ".join(texts)
