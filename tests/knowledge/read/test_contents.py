"""Contents lists are no text and no section; lines of forms that look like theirs are read with what is filled in."""

from pathlib import Path

import docx
from reportlab.pdfgen.canvas import Canvas

from knowledge.ingest.split import split
from knowledge.read import read
from tests.knowledge.read.test_pdf import lines, made
from tests.knowledge.read.test_siblings import said
from tests.rows import each

_BODY = "## Meals\n\nBreakfast ends at 10:30.\n\n## Keys\n\nKeys go to the desk.\n\n## Pets\n\nDogs stay out.\n"
_LINKS = "- [Meals](#meals)\n- [Keys](#keys)\n  - [Pets](#pets)\n"
_READ = "Meals > Breakfast ends at 10:30.\nKeys > Keys go to the desk.\nPets > Dogs stay out."
_PLAIN = "1  Meals ....... 2\n2  Keys ........ 3\n3  Fines ....... 5\n"


@each(
    "name, text, expected",
    [
        ("a.md", f"# Guests\n\n## Contents\n\n{_LINKS}\n{_BODY}", _READ),
        ("a.md", f"# Guests\n\n{_LINKS}\n{_BODY}", _READ),
        ("a.md", f"# Guests\n\nIn this guide:\n\n- Meals\n- Keys\n- Pets\n\n{_BODY}", _READ),
        (
            "a.html",
            "<h1>Lab</h1><h2>On this page</h2><ol><li><a href='#a'>Coats</a><li><a href='#b'>Bins</a><li>"
            "<a href='#c'>Eyes</a></ol><h2 id=a>Coats</h2><p>Coats stay in.",
            "Coats > Coats stay in.",
        ),
        ("a.txt", f"FLEET\n\nCONTENTS\n\n{_PLAIN}\n1  Meals\n\nMeals are paid.\n", "FLEET\n1 Meals > Meals are paid."),
        # what only looks like it
        ("a.md", "## Contents\n\n- Plasters 12\n- Bandages 2\n- Scissors 1\n", None),
        ("a.md", f"# Guests\n\nWe rule three things:\n\n{_LINKS}\n{_BODY}", None),
        ("a.md", "## Contents\n\n- Scissors\n- Bandages\n- Plasters\n", None),
        ("a.md", "# Grades\n\n## Levels\n\n- Gold\n- Silver\n- Iron\n\n## Gold\n\nAx.\n\n## Silver\n\nBow.\n", None),
        (
            "a.md",
            f"# Guests\n\n- [Free on Sundays](#meals)\n- [None spare](#keys)\n- [No cats](#pets)\n\n{_BODY}",
            None,
        ),
        ("a.md", "# Guests\n\n- [Meals](meals.md)\n- [Keys](keys.md)\n- [Pets](pets.md)\n", None),
    ],
)
def test_a_contents_list_is_left_out(name: str, text: str, expected: str | None, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    found = said(tmp_path / name)
    assert found == expected if expected else "- " in found, found


def test_in_word_it_ends_in_pages_behind_tabs(tmp_path: Path) -> None:
    word = docx.Document()
    for text in ("Contents", "Borrowing\t2", "Copying\t3", "Destroying\t7"):
        word.add_paragraph(text)
    word.add_heading("Copying", 1)
    word.add_paragraph("Copies cost 10 cents.")
    word.save(str(tmp_path / "a.docx"))
    assert said(tmp_path / "a.docx") == "Copies cost 10 cents."


def _brochure(canvas: Canvas) -> None:
    lines(canvas, 60, 780, "In this guide", size=16, bold=True)
    for at, (page, title) in enumerate((("2", "Rooms"), ("3", "Catering"), ("5", "Lost property"), ("6", "Permits"))):
        canvas.setFont("Helvetica", 11)
        canvas.drawString(60, 740 - 18 * at, page)
        canvas.drawString(95, 740 - 18 * at, title)


def _rooms(canvas: Canvas) -> None:
    lines(canvas, 60, 780, "Rooms", size=16, bold=True)
    lines(canvas, 60, 750, "Rooms are booked for at most four hours and given back when unused.")


def test_in_a_pdf_the_pages_may_stand_first(tmp_path: Path) -> None:
    found = said(made(tmp_path / "a.pdf", _brochure, _rooms))
    assert found == "Rooms > Rooms are booked for at most four hours and given back when unused."


def test_what_stands_below_a_contents_list_is_read(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        y = lines(canvas, 60, 780, "Contents", size=16, bold=True)
        y = lines(canvas, 60, y, *(f"{n} Rule {n} ............................ {n}" for n in range(1, 7)))
        lines(canvas, 60, y, "Ladders are tied at the top.", "Nobody climbs alone.")

    assert said(made(tmp_path / "a.pdf", page)) == "Ladders are tied at the top. Nobody climbs alone."


@each("blank", ["____", "________", "........"])
def test_a_form_says_what_was_written_on_its_lines(blank: str, tmp_path: Path) -> None:
    rows = (
        f"Name: {blank} Anna {blank}",
        f"Room: {blank} 4.12",
        f"Badge no.: {blank} B-17 {blank}",
        f"Seen by: {blank}",
    )
    (tmp_path / "a.txt").write_text("KEYS\n\n" + "\n\n".join(rows))
    path = made(tmp_path / "a.pdf", lambda canvas: lines(canvas, 60, 780, *rows))
    for one in (path, tmp_path / "a.txt"):
        text = " ".join("\n".join(chunk.text for chunk in split(read(one, tmp_path), "d")).split())
        assert "Name: Anna Room: 4.12 Badge no.: B-17" in text


def test_a_line_of_a_form_needs_no_colon_and_an_empty_one_says_nothing(tmp_path: Path) -> None:
    rows = "Signed by ____ Mia ____ on ____ 3 May ____", "Signature: ______ Date: ______", "Kept for a year."
    path = made(tmp_path / "a.pdf", lambda canvas: lines(canvas, 60, 780, *rows))
    text = " ".join(split(read(path, tmp_path), "d")[0].text.split())
    assert text == "Signed by Mia on 3 May Kept for a year."
