"""Real PDFs made here: pages, sections, headers, columns, tables, hyphens, labels, encryption, OCR."""

import shutil
from datetime import date
from pathlib import Path

import pypdf
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from knowledge.errors import ReadError
from knowledge.read import read
from knowledge.read.pool import read_all
from knowledge.text.characters import invisible
from knowledge.types import Block, Document
from tests.rows import each

CORPUS = Path(__file__).parents[3] / "bot" / "demo" / "manual"


def lines(
    canvas: Canvas, x: float, y: float, *rows: str, size: float = 11, bold: bool = False, font: str = ""
) -> float:
    canvas.setFont(font or ("Helvetica-Bold" if bold else "Helvetica"), size)
    for row in rows:
        canvas.drawString(x, y, row)
        y -= size * 1.25
    return y


def made(path: Path, *pages: object, title: str = "") -> Path:
    """A PDF whose pages are drawn by these functions of a canvas."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setTitle(title)
    for draw in pages:
        draw(canvas)  # type: ignore[operator]
        canvas.showPage()
    canvas.save()
    return path


def text_of(document: Document, page: int | None = None) -> str:
    return "\n".join(block.text for block in document.blocks if page is None or block.page == page)


@pytest.fixture(scope="module")
def handbook() -> Document:
    return read(CORPUS / "handbook.pdf", CORPUS)


def test_the_sample_manual_says_what_it_is(handbook: Document) -> None:
    assert (handbook.path, handbook.title, handbook.pages) == (
        "handbook.pdf",
        "Halden Instruments Employee Handbook",
        64,
    )
    assert (handbook.effective, handbook.version, handbook.owner) == (date(2026, 2, 2), "9.0", "People team")
    assert handbook.language == "en" and handbook.problems == ()


def test_pages_have_a_place_and_a_printed_label(handbook: Document) -> None:
    labels = {block.page: block.page_label for block in handbook.blocks}
    assert labels[2] == "ii" and labels[11] == "1" and labels[15] == "5"


def test_sections_change_inside_a_page(handbook: Document) -> None:
    found = [block.section for block in handbook.blocks if block.page == 15]
    assert [section[-1] for section in dict.fromkeys(found)] == ["2.3 Probation", "2.4 Notice periods"]
    assert found[0][0] == "2 Joining and leaving"


def test_a_table_keeps_row_and_header_together(handbook: Document) -> None:
    (table,) = [block for block in handbook.blocks if block.page == 15 and block.kind == "table"]
    assert table.text.split("\n")[:2] == ["Length of service | Notice period", "up to 2 years | 1 month"]


def test_running_lines_page_numbers_and_contents_are_gone(handbook: Document) -> None:
    assert not [block for block in handbook.blocks if 3 <= (block.page or 0) <= 9]  # the contents pages
    assert "...." not in text_of(handbook)
    body = [block for block in handbook.blocks if (block.page or 0) > 10]
    assert not [block.text for block in body if block.text.startswith("Halden Instruments Employee Handbook")]
    assert not [block.text for block in body if block.text.strip().isdigit()]


@each("leader", [" . . . . . . . . . .", ""])
@each("footer", [True, False])
def test_a_heading_whose_number_counts_with_the_pages_stays(tmp_path: Path, leader: str, footer: bool) -> None:
    titles = ["1 Company cars", "2 Fuel cards", "3 Fines", "4 Tolls"]

    def contents(canvas: Canvas) -> None:
        y = lines(canvas, 72, 760, "Contents", size=16, bold=True)
        for page, title in enumerate(titles, 2):
            canvas.drawString(500, y, str(page))
            y = lines(canvas, 72, y, title + leader)

    def chapter(number: int, title: str) -> object:
        def draw(canvas: Canvas) -> None:
            lines(canvas, 72, 760, title, size=14, bold=True)
            lines(canvas, 72, 730, f"{title[2:]} are a matter of the fleet desk, which answers within a day.")
            if footer:
                lines(canvas, 300, 40, str(number))

        return draw

    pages = [chapter(number, title) for number, title in enumerate(titles, 1)]
    document = read(made(tmp_path / "cars.pdf", contents, *pages), tmp_path)
    assert [block.section for block in document.blocks] == [(title,) for title in titles]
    assert [block.page_label for block in document.blocks] == (["1", "2", "3", "4"] if footer else [None] * 4)


def test_nothing_unseen_is_left(handbook: Document) -> None:
    assert not invisible().search(text_of(handbook))


def test_paragraphs_lists_and_hyphens(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        y = lines(
            canvas,
            72,
            760,
            "Every employee who travels abroad needs the line manager's agree\xad",
            "ment before anything is booked.",
        )
        y = lines(canvas, 72, y - 12, "Take along:")
        y = lines(canvas, 72, y, "• the passport, which must be valid for six months", "• the company card")
        lines(canvas, 72, y - 12, "A last paragraph stands alone.")

    document = read(made(tmp_path / "a.pdf", page), tmp_path)
    kinds = [(block.kind, block.text) for block in document.blocks]
    assert kinds[0] == (
        "text",
        "Every employee who travels abroad needs the line manager's agreement before anything is booked.",
    )
    assert ("list", "- the passport, which must be valid for six months\n- the company card") in kinds
    assert kinds[-1] == ("text", "A last paragraph stands alone.")


@pytest.mark.parametrize("by_line", [False, True])
def test_two_columns_are_read_one_after_the_other(tmp_path: Path, by_line: bool) -> None:
    left = [f"left line {at} has words of the first column" for at in range(20)]
    right = [f"right line {at} has words of the second one" for at in range(20)]

    def page(canvas: Canvas) -> None:
        if by_line:
            for at in range(20):
                lines(canvas, 60, 760 - 14 * at, left[at], size=10)
                lines(canvas, 320, 760 - 14 * at, right[at], size=10)
        else:
            lines(canvas, 60, 760, *left, size=10)
            lines(canvas, 320, 760, *right, size=10)

    text = text_of(read(made(tmp_path / "a.pdf", page), tmp_path)).replace("\n", " ")
    assert text.index("left line 19") < text.index("right line 0")


def numbered(canvas: Canvas, *rows: tuple[str, bool]) -> None:
    y = 780.0
    for row, bold in rows:
        y = lines(canvas, 72, y - (10 if bold else 0), row, bold=bold, size=12 if bold else 11)


def test_numbered_headings_without_an_outline_follow_their_sequence(tmp_path: Path) -> None:
    path = made(
        tmp_path / "a.pdf",
        lambda canvas: numbered(
            canvas,
            ("1 Leave", True),
            ("Leave is granted to everybody who works here.", False),
            ("1.1 Annual leave", True),
            ("There are 28 days of it, and no more than that.", False),
            ("30 Days", True),  # no heading: 30 does not follow 1.1
            ("is the longest leave in one piece.", False),
            ("1.2 Sick leave", True),
            ("Bring a note from the third day on.", False),
            ("2 Travel", True),
            ("Travel is by train wherever that is possible.", False),
        ),
    )
    sections = list(dict.fromkeys(block.section for block in read(path, tmp_path).blocks))
    assert sections == [("1 Leave",), ("1 Leave", "1.1 Annual leave"), ("1 Leave", "1.2 Sick leave"), ("2 Travel",)]


def test_headings_without_numbers_are_known_by_their_size(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        y = lines(canvas, 72, 780, "Leave", size=18)
        y = lines(canvas, 72, y - 10, "Leave is granted to everybody who works here, in every office.")
        y = lines(canvas, 72, y - 20, "Sick leave", size=14)
        y = lines(canvas, 72, y - 10, "Bring a note from the third day on, whatever the reason may be.")
        y = lines(canvas, 72, y - 20, "Travel", size=18)
        lines(canvas, 72, y - 10, "Travel is by train wherever that is possible and takes a day at most.")

    blocks = read(made(tmp_path / "a.pdf", page), tmp_path).blocks
    assert [block.section for block in blocks] == [("Leave",), ("Leave", "Sick leave"), ("Travel",)]


def test_code_keeps_its_lines(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        lines(canvas, 72, 780, "Run this:")
        lines(canvas, 72, 750, "apt-get update", "apt-get upgrade", font="Courier", size=10)

    blocks = read(made(tmp_path / "a.pdf", page), tmp_path).blocks
    assert blocks[-1].kind == "code" and blocks[-1].text == "apt-get update\napt-get upgrade"


def scan(canvas: Canvas) -> None:
    canvas.rect(100, 100, 300, 300, fill=1)


def test_a_page_without_text_is_a_problem_and_an_empty_one_is_none(tmp_path: Path) -> None:
    def said(canvas: Canvas) -> None:
        lines(canvas, 72, 780, "There is text on this page and on no other.")

    document = read(made(tmp_path / "a.pdf", said, scan, scan, lambda canvas: None), tmp_path)
    (problem,) = document.problems
    assert problem.code == "no_text" and problem.message.startswith("Pages 2-3: no text layer (scanned?)")
    with pytest.raises(ReadError) as caught:
        read(made(tmp_path / "b.pdf", scan), tmp_path)
    assert caught.value.code == "no_text"


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_a_scanned_page_is_read_by_ocr(tmp_path: Path) -> None:
    def said(canvas: Canvas) -> None:
        lines(canvas, 72, 700, "Hotel costs are paid up to 140 euros", size=20)

    import pypdfium2

    page = pypdfium2.PdfDocument(made(tmp_path / "text.pdf", said))[0]
    page.render(scale=3).to_pil().save(tmp_path / "scan.png")
    path = made(tmp_path / "scan.pdf", lambda canvas: canvas.drawImage(str(tmp_path / "scan.png"), 0, 0, *A4))
    ((_, found),) = read_all([(path, tmp_path)], workers=1, passwords={}, ocr=True, deadline_s=120, memory_mb=700)
    assert isinstance(found, Document)
    (block,) = found.blocks
    assert block.ocr and "140 euros" in block.text


def test_an_encrypted_file_needs_its_password(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter(
        clone_from=made(tmp_path / "a.pdf", lambda canvas: lines(canvas, 72, 780, "Secret salary bands are here."))
    )
    writer.encrypt("sesame", algorithm="AES-256")
    writer.write(tmp_path / "b.pdf")
    for password in (None, "wrong"):
        with pytest.raises(ReadError) as caught:
            read(tmp_path / "b.pdf", tmp_path, password=password)
        assert caught.value.code == "encrypted"
    pypdf.PdfWriter().write(tmp_path / "c.pdf")  # without pages, and pdfium tells the error of the file before
    with pytest.raises(ReadError) as caught:
        read(tmp_path / "c.pdf", tmp_path)
    assert caught.value.code == "empty"
    assert "salary bands" in text_of(read(tmp_path / "b.pdf", tmp_path, password="sesame"))


def test_text_up_the_margin_is_not_read(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        lines(canvas, 100, 780, "The text of the page that people read.")
        canvas.rotate(90)
        lines(canvas, 300, -30, "This publication is free of charge", size=14)

    assert text_of(read(made(tmp_path / "a.pdf", page), tmp_path)) == "The text of the page that people read."


def test_a_title_that_is_a_file_name_is_not_taken(tmp_path: Path) -> None:
    path = made(
        tmp_path / "travel_policy.pdf",
        lambda canvas: lines(canvas, 72, 780, "All the text there is."),
        title="Microsoft Word - x.doc",
    )
    assert read(path, tmp_path).title == "travel policy"


def test_a_sidecar_file_wins(tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", lambda canvas: lines(canvas, 72, 780, "All the text there is."), title="Old title")
    (tmp_path / "a.pdf.yaml").write_text(
        "title: Travel policy\neffective: 2026-03-01\nversion: 4\nowner: Finance\nlanguage: en-GB\n"
    )
    document = read(path, tmp_path)
    assert (document.title, document.effective, document.version) == ("Travel policy", date(2026, 3, 1), "4")
    assert (document.owner, document.language) == ("Finance", "en")
    assert document.blocks[0] == Block("All the text there is.", (), 1)


@each("content", ["title: [unclosed", "just words", "- a\n- list"])
def test_a_sidecar_that_cannot_be_read_is_told(tmp_path: Path, content: str) -> None:
    path = made(tmp_path / "a.pdf", lambda canvas: lines(canvas, 72, 780, "All the text there is."))
    (tmp_path / "a.pdf.meta.yaml").write_text(content)
    document = read(path, tmp_path)
    assert document.blocks and [problem.code for problem in document.problems] == ["sidecar"]
    assert "a.pdf.meta.yaml" in document.problems[0].message
    (tmp_path / "a.pdf.meta.yaml").write_text("")
    assert not read(path, tmp_path).problems


def test_what_a_sidecar_states_in_vain_is_told(tmp_path: Path) -> None:
    """A misspelt key with the one that is meant, a date or a language that is none; not keys of one's own."""
    path = made(tmp_path / "a.pdf", lambda canvas: lines(canvas, 72, 780, "All the text there is."))
    rows = {
        "ownr: People team": "`ownr` is not read; is `owner` meant?",
        "Verison: 3": "is `version` meant?",
        "efective_date: 2026-05-01": "is `effective date` meant?",
        "Verantwortlch: Einkauf": "is `verantwortlich` meant?",
        "effective: 31 February 2026": "`effective: 31 February 2026` is no date",
        "language: English": "`language: English` is no language",
        **dict.fromkeys(["reviewed: 2026-01-01", "tags: [a]", "status: draft", "template: x", "owner: HR", "title:"]),
    }
    wrong = []
    for row, told in rows.items():
        (tmp_path / "a.pdf.meta.yaml").write_text(row)
        said = [problem.message for problem in read(path, tmp_path).problems]
        if len(said) != bool(told) or any(told not in one or "a.pdf.meta.yaml" not in one for one in said):
            wrong.append((row, said))
        (tmp_path / "b.md").write_text(f"---\n{row}\n---\nAll the text there is.\n")
        said = [problem.message for problem in read(tmp_path / "b.md", tmp_path).problems]
        if len(said) != bool(told) or any(told not in one for one in said):
            wrong.append((f"front matter {row}", said))
    assert not wrong
    (tmp_path / "b.md").write_text("---\ntitle: Travel: rules\nowner: [a, b\n---\nAll the text there is.\n")
    document = read(tmp_path / "b.md", tmp_path)
    assert (document.title, document.owner) == ("Travel: rules", None)
    assert ["`owner` is not read" in problem.message for problem in document.problems] == [True]


def test_rows_of_a_long_table_are_no_running_lines_and_keep_their_header(tmp_path: Path) -> None:
    """Rows that are alike but for their numbers, at the edge of every page; the header printed again or not."""

    def part(start: int, header: bool) -> object:
        def draw(canvas: Canvas) -> None:
            y = 800.0
            for at in [None, *range(start, start + 40)] if header else range(start, start + 41):
                canvas.setFont("Helvetica-Bold" if at is None else "Helvetica", 10)
                for x, text in zip(
                    (60, 200, 340),
                    ("Country", "Tier", "EUR") if at is None else (f"Country {at}", f"Tier {at % 3}", f"{20 + at}"),
                    strict=True,
                ):
                    canvas.drawString(x, y, text)
                y -= 18.5

        return draw

    for again in (True, False):
        file = made(tmp_path / f"{again}.pdf", *(part(100 * n, n == 0 or again) for n in range(5)))
        document = read(file, tmp_path)
        for number in range(1, 6):
            rows = text_of(document, number).split("\n")
            assert rows[0] == "Country | Tier | EUR"
            first = 100 * (number - 1)
            assert [row.split(" | ")[0] for row in rows[1:]] == [
                f"Country {at}" for at in range(first, first + 40 + (number > 1 and not again))
            ]


def test_headings_alike_but_for_their_numbers_are_no_running_lines(tmp_path: Path) -> None:
    def page(number: int) -> object:
        return lambda canvas: (
            lines(canvas, 60, 815, f"Acme manual  {number}", size=8),
            lines(canvas, 60, 780, f"3.{number * 2} SECURITY REQUIREMENT", size=14, bold=True),
            lines(canvas, 60, 740, f"Rule {'abcdefgh'[number]} is binding on everyone who works here."),
        )

    text = text_of(read(made(tmp_path / "a.pdf", *map(page, range(1, 7))), tmp_path))
    assert "Acme manual" not in text
    found = [f"3.{number * 2} SECURITY" in text for number in range(1, 7)]
    sections = read(tmp_path / "a.pdf", tmp_path).blocks
    assert all(found) or all(any(f"3.{n * 2} " in part for b in sections for part in b.section) for n in range(1, 7))


def test_one_chapter_of_a_manual_has_its_sections(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        y = 800.0
        for title, said in (
            ("5 Expenses", "General rules for everyone."),
            ("5.1 Meals", "Meals are forty euros a day for everyone."),
            ("6 Next", "The next chapter is about something else."),
        ):
            y = lines(canvas, 60, y - 20, title, size=15, bold=True)
            y = lines(canvas, 60, y, said, said)

    document = read(made(tmp_path / "a.pdf", draw), tmp_path)
    assert list(dict.fromkeys(block.section for block in document.blocks)) == [
        ("5 Expenses",),
        ("5 Expenses", "5.1 Meals"),
        ("6 Next",),
    ]


def test_a_pdf_behind_other_bytes_or_without_its_header_or_catalog_is_read(tmp_path: Path) -> None:
    whole = made(tmp_path / "a.pdf", lambda canvas: lines(canvas, 60, 740, "Visitors wear a badge.")).read_bytes()
    for broken in (b"x" * 2000 + b"\n" + whole, whole.split(b"\n", 1)[1], whole.replace(b"/Root", b"/Roat")):
        (tmp_path / "a.pdf").write_bytes(broken)
        assert text_of(read(tmp_path / "a.pdf", tmp_path)) == "Visitors wear a badge."
