"""What documents state about themselves, in their many ways."""

from datetime import date
from pathlib import Path

import docx
from hypothesis import example, given
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from knowledge.read import read
from knowledge.read.about import Facts, in_opening
from tests.knowledge.read.test_pdf import lines
from tests.rows import each


@each(
    "text, effective, version, owner",
    [
        ("Version 3.1\nEffective: 1 May 2026\nOwner: People team\n", date(2026, 5, 1), "3.1", "People team"),
        (
            "Effective date | 2026-05-01\nDocument version: 4\nPolicy Owner | HR & Legal",
            date(2026, 5, 1),
            "4",
            "HR & Legal",
        ),
        (
            "Rev. 2b, in force since May 1st, 2026. Maintained by the Finance team.",
            date(2026, 5, 1),
            "2b",
            "Finance team",
        ),
        ("v2.0 comes into force on 01.05.2026", date(2026, 5, 1), "2.0", None),
        ("Gültig ab 1.5.2026, Version 7, Verantwortlich: Personal", date(2026, 5, 1), "7", "Personal"),
        ("Version No. 12 (Issued by IT Security (global))", None, "12", "IT Security"),
        ("The owner of the car pays. Responsible behaviour is expected. A conversion of 5%.", None, None, None),
        ("A new edition follows in 2026.", None, None, None),
        ("Version 3 of 1 February 2026", date(2026, 2, 1), "3", None),
        ("Version 2.1, 3 March 2026", date(2026, 3, 3), "2.1", None),
        ("Fassung 3 vom 1. Februar 2026", date(2026, 2, 1), "3", None),
        ("Version 3 du 1er mars 2026", date(2026, 3, 1), "3", None),
        ("Version 3 of 1 February 2026, in force from 1 May 2026", date(2026, 5, 1), "3", None),
        ("It replaces version 2 of 1 May 2025. Use version 3 of 1 May 2020.", None, None, None),
    ],
)
def test_statements_of_a_title_page(text: str, effective: date | None, version: str | None, owner: str | None) -> None:
    found = in_opening(text)
    assert (found.effective, found.version, found.owner) == (effective, version, owner)


def test_the_documents_own_words_count_more_than_who_typed_it(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setAuthor("jdoe")
    lines(canvas, 72, 700, "Travel policy", "Owner: Finance team", "All staff travel by train.")
    canvas.save()
    canvas = Canvas(str(tmp_path / "b.pdf"), pagesize=A4)
    canvas.setAuthor("Jane Doe")
    lines(canvas, 72, 700, "All staff travel by train.")
    canvas.save()
    made = docx.Document()
    made.core_properties.author = "Jane Doe"
    made.add_paragraph("Owner: Finance team")
    made.save(tmp_path / "c.docx")
    owners = [read(tmp_path / name, tmp_path).owner for name in ("a.pdf", "b.pdf", "c.docx")]
    assert owners == ["Finance team", "Jane Doe", "Finance team"]


CELLS = ("Version", "No.", "Date", "In force from", "Owner", "Fassung", "1.2", "2026-03-01", "1", "People team", "-")


@given(st.lists(st.lists(st.sampled_from(CELLS), min_size=1, max_size=4), max_size=6), st.integers(0, 120))
@example([["Version", "Date"]], 120)
@example([["No.", "Version", "In force from"]], 120)
def test_a_table_that_is_cut_anywhere_can_be_read(rows: list[list[str]], kept: int) -> None:
    text = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    assert isinstance(in_opening(text[:kept]), Facts)
