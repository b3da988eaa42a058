"""Tables of PDFs whose cells are drawn: merged and wrapped cells, groups of rows, parts on the next page."""

from collections.abc import Callable, Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from tests.knowledge.read.test_pdf import lines, made
from tests.knowledge.read.test_siblings import said
from tests.rows import each

Rows = Sequence[Sequence[str]]
Style = tuple[object, ...]

_TEXT = getSampleStyleSheet()["BodyText"]
_GRID: Style = ("GRID", (0, 0), (-1, -1), 0.5, "black")
_INNER: Style = ("INNERGRID", (0, 0), (-1, -1), 0.5, "black")
_MIDDLE: Style = ("VALIGN", (0, 0), (-1, -1), "MIDDLE")
_TIGHT: list[Style] = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("TOP", "BOTTOM", "LEFT", "RIGHT")]


def _over(*cells: tuple[int, int, int, int]) -> list[Style]:
    """Cells from (column, row) to (column, row) as one."""
    return [("SPAN", cell[:2], cell[2:]) for cell in cells]


def _read(path: Path, rows: Rows, style: Sequence[Style], widths: Sequence[int] | None = None, **more: int) -> str:
    cells = [[Paragraph(text, _TEXT) if " " in text else text for text in row] for row in rows] if widths else rows
    table = Table(cells, colWidths=widths, style=[*style], repeatRows=more.get("head", 0))
    SimpleDocTemplate(str(path), pagesize=A4).build([Spacer(1, more.get("above", 1)), table])
    return said(path)


_NESTED = [
    ["Country", "Hotel", "", "Meals", ""],
    ["", "Low season", "High season", "Full day", "Half day"],
    ["Spain", "100", "130", "40", "20"],
    ["Turkey", "80", "110", "", "18"],
]
_NESTED_HEAD = _over((1, 0, 2, 0), (3, 0, 4, 0), (0, 0, 0, 1))
_NESTED_SAID = (
    "Country | Hotel Low season | Hotel High season | Meals Full day | Meals Half day\n"
    "Spain | 100 | 130 | 40 | 20\nTurkey | 80 | 110 | | 18"
)
_MERGED = [
    ["Region", "Country", "Limit"],
    *(["Europe", "Spain", "130"], ["", "France", "150"], ["", "Italy", "140"]),
    *(["Asia", "Japan", "200"], ["", "India", "90"]),
]
_FILLED = "Region | Country | Limit\n" + "\n".join(
    [f"Europe | {one}" for one in ("Spain | 130", "France | 150", "Italy | 140")]
    + [f"Asia | {one}" for one in ("Japan | 200", "India | 90")]
)
_WRAPPED = [
    ["Kind of expense", "Limit per person and day", "Who approves"],
    ["Hotel room in a city of more than a million people", "130 euros", "Manager and the head of finance together"],
    ["Hotel room elsewhere", "95 euros", "Manager"],
    ["Dinner with clients and their families, drinks included", "60 euros", "Nobody"],
]
_GROUPED = [
    ["Item", "Staff", "Managers"],
    *(["Domestic travel", "", ""], ["Hotel", "100", "120"], ["Meals", "30", "35"]),
    *(["Travel abroad", "", ""], ["Hotel", "150", "180"], ["Meals", "45", "50"]),
]
_DRAWN = [
    (_NESTED, [_GRID, *_NESTED_HEAD], None, _NESTED_SAID),
    (_NESTED, [_GRID, *_NESTED_HEAD, *_TIGHT], None, _NESTED_SAID),
    (_NESTED, [_INNER, *_NESTED_HEAD], None, _NESTED_SAID),
    (_MERGED, [_GRID, *_over((0, 1, 0, 3), (0, 4, 0, 5))], None, _FILLED),
    (_MERGED, [_GRID, _MIDDLE, *_over((0, 1, 0, 3), (0, 4, 0, 5))], None, _FILLED),
    (_WRAPPED, [_GRID], [110, 90, 100], "\n".join(map(" | ".join, _WRAPPED))),
    (_WRAPPED, [_GRID, _MIDDLE], [110, 90, 100], "\n".join(map(" | ".join, _WRAPPED))),
    (
        _GROUPED,
        [_GRID, *_over((0, 1, 2, 1), (0, 4, 2, 4))],
        None,
        "| Item | Staff | Managers\nDomestic travel | Hotel | 100 | 120\nDomestic travel | Meals | 30 | 35\n"
        "Travel abroad | Hotel | 150 | 180\nTravel abroad | Meals | 45 | 50",
    ),
    (  # a bold head of two rows
        [["Jab", "Staff", "", "End"], ["Jab", "lab", "office", "Done by"], ["Flu", "all", "some", "May"]],
        [_GRID, *_over((1, 0, 2, 0)), ("FONTNAME", (0, 0), (-1, 1), "Helvetica-Bold")],
        None,
        "Jab | Staff lab | Staff office | End Done by\nFlu | all | some | May",
    ),
    (  # words that touch over a rule
        [["Package", "Used", "Size"], ["exim4-daemon-light", "V:264, I:2", "15"], ["exim", "V:1, I:2", "16"]],
        [_GRID, *_TIGHT],
        [88, 80, 50],
        "Package | Used | Size\nexim4-daemon-light | V:264, I:2 | 15\nexim | V:1, I:2 | 16",
    ),
]


@each("rows, style, widths, expected", _DRAWN)
def test_rules_tell_the_cells(
    tmp_path: Path, rows: Rows, style: Sequence[Style], widths: Sequence[int] | None, expected: str
) -> None:
    assert _read(tmp_path / "a.pdf", rows, style, widths) == expected


_GROUPS = [["Item", "Staff"]] + [
    [f"Group {at // 9}", ""] if at % 9 == 0 else [f"Item {at}", f"{at}0"] for at in range(45)
]
_GROUP_STYLE = [_GRID, *_over(*((0, at, 1, at) for at, row in enumerate(_GROUPS) if row[0].startswith("Group")))]
_PARTS = [["Region", "Country", "Limit"], *(["Europe" * (at == 0), f"Country {at}", f"{at}0"] for at in range(45))]
_PARTS_STYLE: list[Style] = [
    *(("BOX", (0, 0), (-1, -1), 0.5, "black"), ("LINEAFTER", (0, 0), (0, -1), 0.5, "black")),
    *(("INNERGRID", (1, 0), (-1, -1), 0.5, "black"), ("LINEBELOW", (0, 0), (0, 0), 0.5, "black")),
]


@each("head", [0, 1])
def test_what_heads_rows_heads_those_on_the_next_page(tmp_path: Path, head: int) -> None:
    groups = _read(tmp_path / "a.pdf", _GROUPS, _GROUP_STYLE, head=head).split("\n")
    items = [f"Group {at // 9} | Item {at} | {at}0" for at in range(45) if at % 9]
    assert [row for row in groups if "Item " in row and row[-1].isdigit()] == items
    assert groups.count("| Item | Staff") == 2
    parts = _read(tmp_path / "b.pdf", _PARTS, _PARTS_STYLE, head=head).split("\n")
    assert [row for row in parts if "Country " in row and row[-1].isdigit()] == [
        f"Europe | Country {at} | {at}0" for at in range(45)
    ]
    assert parts.count("Region | Country | Limit") == 2


def _boxes(canvas: Canvas) -> None:
    canvas.rect(20, 20, 555, 800)  # the page's frame, with a head
    canvas.line(20, 790, 575, 790)
    canvas.line(300, 790, 300, 820)
    lines(canvas, 30, 800, "Travel policy")
    lines(canvas, 310, 800, "Version 3")
    lines(canvas, 50, 760, *["Keys are handed out at the desk, and whoever takes one signs for it."] * 3)
    canvas.rect(45, 640, 400, 60)  # a box around text
    lines(canvas, 50, 680, "Important: a lost key is told to the desk at once,", "and the lock is changed.")
    for at in range(4):  # a figure
        canvas.rect(60 + 120 * at, 500, 80, 40)
        lines(canvas, 70 + 120 * at, 515, f"Step {at}")
        canvas.line(140 + 120 * at, 520, 180 + 120 * at, 520)


def _columns(canvas: Canvas) -> None:
    """A table with rules between its columns only, and one below its head."""
    rows = [["Item", "Limit", "Owner"], ["Hotel", "x130", "Sales"], ["Meals", "x32", "Sales"], ["Bus", "x12", "IT"]]
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            lines(canvas, 60 + 100 * column, 700 - 16 * at, text)
    canvas.rect(50, 640, 300, 76)
    canvas.line(50, 695, 350, 695)
    canvas.line(150, 640, 150, 716)
    canvas.line(250, 640, 250, 716)


def _crowded(canvas: Canvas) -> None:
    lines(canvas, 60, 700, "Keys are handed out at the desk, and whoever takes one signs for it.")
    for at in range(1000):
        canvas.line(50 + at % 500, 50 + at // 2, 50 + at % 500, 60 + at // 2)
        canvas.line(50 + at % 500, 50 + at // 2, 60 + at % 500, 50 + at // 2)


@each(
    "draw, expected",
    [
        (_boxes, ["Important: a lost key is told to the desk at once, and the lock is changed."]),
        (_columns, ["Item | Limit | Owner", "Hotel | x130 | Sales", "Meals | x32 | Sales", "Bus | x12 | IT"]),
        (_crowded, ["Keys are handed out at the desk, and whoever takes one signs for it."]),
    ],
)
def test_what_else_is_drawn_makes_no_cells(
    tmp_path: Path, draw: Callable[[Canvas], None], expected: Sequence[str]
) -> None:
    text = said(made(tmp_path / "a.pdf", draw))
    assert set(expected) <= set(text.split("\n"))
    assert text.count("|") == sum(row.count("|") for row in expected)
