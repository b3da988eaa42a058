"""Tables as people make them in every format: names before values, empty cells, headers of two rows."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path

import docx
from reportlab.platypus import SimpleDocTemplate, Table

from tests.knowledge.read.test_siblings import said
from tests.rows import each

Rows = Sequence[Sequence[str]]


def _pdf(path: Path, rows: Rows, *style: tuple[object, ...]) -> str:
    SimpleDocTemplate(str(path)).build([Table(rows, style=[("GRID", (0, 0), (-1, -1), 0.5, "black"), *style])])
    return said(path)


def _html(path: Path, rows: Rows, heads: Sequence[tuple[int, int]] = ()) -> str:
    def cell(row: int, column: int) -> str:
        tag = "th" if (row, column) in heads else "td"
        return f"<{tag}>{rows[row][column]}</{tag}>"

    body = "".join(
        f"<tr>{''.join(cell(at, column) for column in range(len(rows[at])))}</tr>" for at in range(len(rows))
    )
    path.write_text(f"<table>{body}</table>")
    return said(path)


def _markdown(path: Path, rows: Rows) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    path.write_text("\n".join([head, "|---" * len(rows[0]) + "|", *body]))
    return said(path)


def _word(path: Path, rows: Rows, bold: Sequence[tuple[int, int]] = ()) -> str:
    made = docx.Document()
    table = made.add_table(len(rows), len(rows[0]))
    for at, row in enumerate(rows):
        for column, words in enumerate(row):
            table.cell(at, column).paragraphs[0].add_run(words).bold = (at, column) in bold
    made.save(str(path))
    return said(path)


_KEYED = [
    [["Seats", "120"], ["Opening", "7:00"], ["Closing", "19:00"], ["Price of lunch", "5 euros"]],
    [["Height", "1.9 m"], ["Price per day", "3 euros"], ["Closed", "Sunday"]],
    [["Deposit:", "none"], ["Music allowed:", "until 23:00"]],
    [["Monday", "8:00 - 17:00"], ["Friday", "9:00 - 12:00"]],
    [["Phone", "+49 30 5550 1188"], ["Contact", "Ines Berg"], ["Room", "B 204"]],
    [["Head cook", "Room 4"], ["Cashier", "Room 5"]],
    [["Kaution", "€ 250"], ["Öffnung", "ab 7 Uhr"], ["Ansprechpartner", "Empfang"]],
    [["Distance", "12 km"], ["Duration", "40 minutes"]],
]
_HEADED = [
    [["Room", "1 night"], ["Single", "80 euros"], ["Double", "95 euros"]],
    [["Item", "2026"], ["Meals", "32 euros"], ["Hotel", "130 euros"]],
    [["Vehicle", "Rate per 100 km"], ["Car", "30 euros"], ["Bicycle", "5 euros"]],
    [["Length of service", "Notice"], ["up to 2 years", "1 month"], ["more than 2 years", "2 months"]],
    [["Staff", "Grade 7"], ["Clerk", "12"], ["Driver", "14"]],
    [["Ticket", "1st class"], ["Director", "yes"], ["Others", "no"]],
    [["1 to 4 years", "20 days"], ["5 to 9 years", "25 days"]],
    [["Seats", "Closing", "Floor"], ["120", "19:00", "2"]],
]


def _listed(rows: Rows) -> str:
    return "\n".join(f"- {name.rstrip(':')}: {value}" for name, value in rows)


@each("rows", _KEYED)
def test_names_and_values_without_a_header_are_a_list(tmp_path: Path, rows: Rows) -> None:
    texts = {
        "html": _html(tmp_path / "a.html", rows),
        "made header": _markdown(tmp_path / "a.md", rows),
        "empty header": _markdown(tmp_path / "b.md", [["", ""], *rows]),
        "docx": _word(tmp_path / "a.docx", rows),
    }
    texts |= {"pdf": _pdf(tmp_path / "a.pdf", rows)} if len(rows) > 2 else {}
    assert texts == dict.fromkeys(texts, _listed(rows))


def test_names_are_told_from_a_header_by_their_face(tmp_path: Path) -> None:
    rows = [["Owner", "People team"], ["Contact", "Ines Berg"], ["Deputy", "Tom Reed"]]
    column, top = [(at, 0) for at in range(3)], [(0, 0), (0, 1)]
    bold = [("FONTNAME", (0, 0), (0, -1), "Helvetica-Bold")]
    made = {
        "html": _html(tmp_path / "a.html", rows, column),
        "docx": _word(tmp_path / "a.docx", rows, column),
        "pdf": _pdf(tmp_path / "a.pdf", rows, *bold),
        "empty header": _markdown(tmp_path / "a.md", [["", ""], *rows]),
    }
    assert made == dict.fromkeys(made, _listed(rows))
    headed = [["Seats", "120 at most"], ["Opening", "7:00"], ["Closing", "19:00"]]
    bold = [("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold")]
    made = {
        "html": _html(tmp_path / "b.html", headed, top),
        "docx": _word(tmp_path / "b.docx", headed, top),
        "pdf": _pdf(tmp_path / "b.pdf", headed, *bold),
    }
    assert made == dict.fromkeys(made, "\n".join(map(" | ".join, headed)))


@each("rows", _HEADED)
def test_a_table_with_a_header_stays_one(tmp_path: Path, rows: Rows) -> None:
    texts = {
        "html": _html(tmp_path / "a.html", rows),
        "markdown": _markdown(tmp_path / "a.md", rows),
        "docx": _word(tmp_path / "a.docx", rows),
    }
    assert texts == dict.fromkeys(texts, "\n".join(map(" | ".join, rows)))


_MATRICES = [
    ([["", "Lead", "Board"], ["hire", "no", "yes"], ["fire", "", "yes"], ["order", "yes", ""]], []),
    ([["", "Lead", "Board"], ["hire", "no", "yes"], ["fire", "", "yes"]], [("ALIGN", (0, 0), (-1, -1), "CENTER")]),
    (
        [["Site", "Weekday supplement", "Sunday"], ["Berlin", "10 %", "50 %"], ["Prague", "", "60 %"]],
        [("ALIGN", (1, 0), (-1, -1), "RIGHT")],
    ),
    (
        [["Class", "Rail", "Air", "Car"], ["Staff", "2nd", "economy", "0.30"], ["Guests", "", "", "0.20"]],
        [("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold")],
    ),
    (
        [["Item", "Limit", "Owner"], ["Hotel", "130 euros", "Sales"], ["Meals", "", "Sales"], ["Taxi", "20 euros", ""]],
        [],
    ),
]


@each("rows, style", _MATRICES)
def test_an_empty_cell_of_a_pdf_keeps_its_place(
    tmp_path: Path, rows: Rows, style: Sequence[tuple[object, ...]]
) -> None:
    assert _pdf(tmp_path / "a.pdf", rows, *style) == "\n".join(" ".join(" | ".join(row).split()) for row in rows)


_SPAN = [["Site", "Shift pay", ""], ["", "weekday", "Sunday"], ["Berlin", "10 %", "50 %"], ["Prague", "12 %", "60 %"]]
_SPANNED = "Site | Shift pay weekday | Shift pay Sunday\nBerlin | 10 % | 50 %\nPrague | 12 % | 60 %"
_CENTRED, _MIDDLE, _TOP = (
    [(name, (0, 0), (-1, -1), how)] for name, how in (("ALIGN", "CENTER"), ("VALIGN", "MIDDLE"), ("VALIGN", "TOP"))
)


@each("style", [[], _CENTRED, _MIDDLE, _TOP, [*_CENTRED, *_MIDDLE]])
def test_a_header_of_two_rows_in_a_pdf_is_one(tmp_path: Path, style: Sequence[tuple[object, ...]]) -> None:
    made = Table(
        _SPAN,
        style=[("GRID", (0, 0), (-1, -1), 0.5, "black"), ("SPAN", (1, 0), (2, 0)), ("SPAN", (0, 0), (0, 1)), *style],
        colWidths=[100, 120, 120],
    )
    SimpleDocTemplate(str(tmp_path / "a.pdf")).build([made])
    assert said(tmp_path / "a.pdf") == _SPANNED


def test_groups_of_columns_are_told_apart_and_a_caption_is_no_header(tmp_path: Path) -> None:
    rows = [
        *(["Service", "Notice", "", "Pay", ""], ["", "Employer", "Employee", "Base", "Bonus"]),
        *(["1 year", "1 month", "4 weeks", "3,000", "200"], ["5 years", "2 months", "4 weeks", "4,000", "300"]),
    ]
    centred = [("SPAN", (1, 0), (2, 0)), ("SPAN", (3, 0), (4, 0)), ("ALIGN", (1, 0), (-1, 0), "CENTER")]
    head = "Service | Notice Employer | Notice Employee | Pay Base | Pay Bonus"
    assert _pdf(tmp_path / "a.pdf", rows, *centred).split("\n")[0] == head
    captioned = [["Supplements of sites", "", ""], ["Site", "Weekday", "Sunday"], *_SPAN[2:]]
    style = [("SPAN", (0, 0), (2, 0)), ("ALIGN", (0, 0), (-1, 0), "CENTER")]
    made = Table(captioned, style=style, colWidths=[100, 100, 100])
    SimpleDocTemplate(str(tmp_path / "b.pdf")).build([made])
    assert said(tmp_path / "b.pdf").split("\n")[:2] == ["Supplements of sites", "Site | Weekday | Sunday"]


_GROUPS = [
    *(["Group", "Item", "Limit"], ["Travel", "Hotel", "130 euros"], ["", "Meals", "32 euros"], ["", "Taxi", ""]),
    *(["Office", "Chair", "400 euros"], ["", "Desk", "700 euros"]),
]
_SPANS = [("SPAN", (0, 1), (0, 3)), ("SPAN", (0, 4), (0, 5))]
_TIGHT = [("TOPPADDING", (0, 0), (-1, -1), 0), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)]


@each("style", [[], _TIGHT, [*_SPANS, *_TOP], [*_SPANS, *_MIDDLE], [*_SPANS, *_TIGHT, *_TOP], [*_TIGHT, *_CENTRED]])
def test_rules_part_rows_whose_first_cell_is_empty(tmp_path: Path, style: Sequence[tuple[object, ...]]) -> None:
    grid = ("GRID", (0, 0), (-1, -1), 0.5, "black")
    SimpleDocTemplate(str(tmp_path / "a.pdf")).build([Table(_GROUPS, style=[grid, *style], colWidths=[90, 90, 90])])
    rows = ["| Meals | 32 euros", "| | Taxi | |", "Office | Chair | 400 euros", "| Desk | 700 euros"]
    if _SPANS[0] in style:
        rows = [
            "Travel | Meals | 32 euros",
            "Travel | Taxi |",
            "Office | Chair | 400 euros",
            "Office | Desk | 700 euros",
        ]
    assert said(tmp_path / "a.pdf").split("\n")[2:] == rows


def test_a_header_wrapped_in_its_cell_is_one_row(tmp_path: Path) -> None:
    rows = [["Source", "Destination\nport", "Action"], ["any", "25", "permit"], ["any", "53", "deny"]]
    assert _pdf(tmp_path / "a.pdf", rows).split("\n") == [
        "Source | Destination port | Action",
        "any | 25 | permit",
        "any | 53 | deny",
    ]


def test_a_heading_row_over_all_columns_stands_in_the_first(tmp_path: Path) -> None:
    rows = [
        ["Purge", "Wipe the disk"],
        ["Destroy", "Burn it"],
        ["Magnetic disks of all sizes", ""],
        ["Purge", "Degauss"],
    ]
    rows += [["Destroy", "Shred it"]]
    assert _pdf(tmp_path / "a.pdf", rows, ("SPAN", (0, 2), (1, 2))).split("\n")[2] == f"{rows[2][0]} |"


_WIDE: list[tuple[list[list[str]], int, str]] = [  # "text@rows x columns", header rows
    (
        [["Shift", "Sat", "Sun", "Pay"], ["Late", "closed@1x2", "30 %"], ["Night", "22:00 (both)@1x2", "50 %"]],
        1,
        "Shift | Sat | Sun | Pay\nLate | closed | closed | 30 %\nNight | 22:00 (both) | 22:00 (both) | 50 %",
    ),
    (
        [["Grade", "Days", "Pay"], ["Trainees and temps@1x2", "500 euros"], ["Lead", "30", "4000 euros"]],
        1,
        "Grade | Days | Pay\nTrainees and temps | | 500 euros\nLead | 30 | 4000 euros",
    ),
    (
        [["Where", "Noon", "Night"], ["Elsewhere", "What it cost with receipts, up to 85 dollars a day@1x2"]],
        1,
        "Where | Noon | Night\nElsewhere | What it cost with receipts, up to 85 dollars a day",
    ),
    (
        [
            *(["Route@2x1", "Adult fare@1x2", "Car up to 6 m@2x1"], ["low season", "high season"]),
            *(["Bergen", "310", "420", "780"], ["Hella", "90", "120", "240"]),
        ],
        2,
        "Route | Adult fare low season | Adult fare high season | Car up to 6 m\nBergen | 310 | 420 | 780\n"
        "Hella | 90 | 120 | 240",
    ),
    (
        [["Route", "Fare@1x2", "Car"], ["", "Class 1", "Class 2", ""], ["Bergen", "310", "420", "780"]],
        2,
        "Route | Fare Class 1 | Fare Class 2 | Car\nBergen | 310 | 420 | 780",
    ),
    (
        [["Level", "Fare"], ["Weekdays@1x2"], ["", "3 euros"], ["Late", "4 euros"]],
        1,
        "| Level | Fare\nWeekdays | | 3 euros\nWeekdays | Late | 4 euros",
    ),
    (
        [["", "Pay@1x2"], ["Site", "weekday", "Sunday"], ["Bonn", "1 %", "5 %"]],
        2,
        "Site | Pay weekday | Pay Sunday\nBonn | 1 % | 5 %",
    ),
    (
        [["Staff@2x1", "30 days@1x2"], ["20 days sick", "5 days"], ["Boss", "40 days", "10 days"]],
        0,
        "Staff | 30 days | 30 days\nStaff | 20 days sick | 5 days\nBoss | 40 days | 10 days",
    ),
    (
        [
            *(["Shift", "From", "Pay"], ["Weekdays@1x3"], ["Early", "5:30", "1 %"], ["Late", "13:30", "2 %"]),
            *(
                ["Weekend@1x3"],
                ["Early", "6:00", "3 %"],
                ["Late", "14:00", "4 %"],
                ["No night shift is paid twice.@1x3"],
            ),
        ],
        1,
        "| Shift | From | Pay\nWeekdays | Early | 5:30 | 1 %\nWeekdays | Late | 13:30 | 2 %\n"
        "Weekend | Early | 6:00 | 3 %\nWeekend | Late | 14:00 | 4 %\nNo night shift is paid twice.",
    ),
    (
        [["Bonn@1x3"], ["Desk", "2", "3 euros"], ["Bed", "2", "9 euros"], ["Rome@1x3"], ["Bed", "1", "7 euros"]],
        0,
        "Bonn | Desk | 2 | 3 euros\nBonn | Bed | 2 | 9 euros\nRome | Bed | 1 | 7 euros",
    ),
    (
        [["Prices of 2026@1x3"], ["Item", "Guests", "Crew"], ["Water", "25", "10"], ["Beer", "79", "55"]],
        2,
        "Prices of 2026\nItem | Guests | Crew\nWater | 25 | 10\nBeer | 79 | 55",
    ),
    (
        [
            ["Item", "Guests", "Crew"],
            ["Water", "25", "10"],
            ["Beer is for those of 20 or more.@1x3"],
            ["Wine", "9", "5"],
        ],
        1,
        "Item | Guests | Crew\nWater | 25 | 10\nBeer is for those of 20 or more. | |\nWine | 9 | 5",
    ),
    (
        [["Tool", "Who", "Notes"], ["Crane | hoist", "licence C", "see annex"], ["Drill", "all", "on|off"]],
        1,
        "Tool | Who | Notes\nCrane ¦ hoist | licence C | see annex\nDrill | all | on¦off",
    ),
]


def _placed(rows: Rows) -> tuple[list[list[tuple[str, int, int]]], list[list[int]]]:
    """Each cell as (text, rows, columns), and in which columns they begin."""
    cells = [[(text.partition("@")[0], *_span(text)) for text in row] for row in rows]
    taken = set[tuple[int, int]]()
    places = list[list[int]]()
    for at, row in enumerate(cells):
        places.append([])
        for _, down, across in row:
            first = next(column for column in count() if (at, column) not in taken)
            places[-1].append(first)
            taken |= {(at + y, first + x) for y in range(down) for x in range(across)}
    return cells, places


def _span(text: str) -> tuple[int, int]:
    down, _, across = (text.partition("@")[2] or "1x1").partition("x")
    return int(down), int(across)


@each("rows, heads, expected", _WIDE)
def test_every_cell_stands_in_its_column(tmp_path: Path, rows: Rows, heads: int, expected: str) -> None:
    cells, places = _placed(rows)
    body = ""
    for at, row in enumerate(cells):
        tag = "th" if at < heads else "td"
        shown = (f"<{tag} rowspan={down} colspan={across}>{text}</{tag}>" for text, down, across in row)
        body += f"<tr>{''.join(shown)}</tr>"
    (tmp_path / "a.html").write_text(f"<table>{body}</table>")
    (tmp_path / "b.html").write_text(f"<table>{body.replace('<th', '<td').replace('</th', '</td')}</table>")
    made = docx.Document()
    table = made.add_table(len(rows), sum(across for _, _, across in cells[0]))
    for at, row in enumerate(cells):
        for first, (text, down, across) in zip(places[at], row, strict=True):
            table.cell(at, first).merge(table.cell(at + down - 1, first + across - 1)).text = text
    made.save(str(tmp_path / "a.docx"))
    assert {name: said(tmp_path / name) for name in ("a.html", "b.html", "a.docx")} == dict.fromkeys(
        ("a.html", "b.html", "a.docx"), expected
    )


def test_tables_of_markdown_keep_their_columns(tmp_path: Path) -> None:
    headed = [
        ["Route", "Fare", "", "Car"],
        ["", "low", "high", ""],
        ["Bergen", "3", "4", "7"],
        ["A \\| B", "1", "2", "3"],
    ]
    assert _markdown(tmp_path / "a.md", headed) == (
        "Route | Fare low | Fare high | Car\nBergen | 3 | 4 | 7\nA ¦ B | 1 | 2 | 3"
    )
