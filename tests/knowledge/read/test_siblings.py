"""Files of every format as people make them: what each says, and what of it is no text."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Table

from knowledge.read import read
from knowledge.read.about import in_opening
from tests.knowledge.read.test_pdf import lines
from tests.rows import each

_STYLES = getSampleStyleSheet()
_PROSE = "The company pays for travel that the work needs, and the traveller keeps every receipt. " * 3


def said(path: Path) -> str:
    """A line a block, its sections in front."""
    return "\n".join(" > ".join((*block.section, block.text)) for block in read(path, path.parent).blocks)


def _text(text: str, style: str = "BodyText") -> Paragraph:
    return Paragraph(text, _STYLES[style])


def _printed(path: Path, *parts: Flowable) -> str:
    SimpleDocTemplate(str(path), pagesize=A4).build(list(parts))
    return said(path)


@each(
    "text, expected",
    {
        "Valid from: 2025/04/01": date(2025, 4, 1),
        "Effective 1-Apr-2025": date(2025, 4, 1),
        "Applies from 1st of April 2025": date(2025, 4, 1),
        "Effective: 04/13/2025": date(2025, 4, 13),
        "Effective: 13/04/2025": date(2025, 4, 13),
        "Effective: 04/05/2025": None,  # April or May: nobody knows
        "Effective: 20250401": date(2025, 4, 1),
        "Effective: 202412": None,
        "This policy takes effect on 1 April 2025.": date(2025, 4, 1),
        "Date of entry into force: 1 April 2025": date(2025, 4, 1),
        "Gültig ab 1. März 2025": date(2025, 3, 1),
        "En vigueur à partir du 1er avril 2025": date(2025, 4, 1),
        "Vigente desde el 1 de abril de 2025": date(2025, 4, 1),
        "Yürürlük tarihi: 1 Ağustos 2025": date(2025, 8, 1),
        "Stand: 01.04.2025": date(2025, 4, 1),
        "Last revised 13 April 2025": date(2025, 4, 13),
        "Last revised 13 April 2025. Effective 1 May 2025.": date(2025, 5, 1),
        "We stand by it. Updated rules of 1 May 2025 follow.": None,
    }.items(),
)
def test_from_when_it_applies(text: str, expected: date | None) -> None:
    assert in_opening(f"Travel policy\n{text}\n").effective == expected


@each(
    "text, expected",
    {
        "4th edition": "4",
        "Rev. B": "B",
        "This replaces the 3rd edition. Version 4": "4",
        "It supersedes the 2nd edition": None,
        "Issue no. 6": "6",
        "The issue 6 people had": None,
    }.items(),
)
def test_which_edition_it_is(text: str, expected: str | None) -> None:
    assert in_opening(text).version == expected


MARKDOWN = {
    "==Wear== it, a == b.": "Wear it, a == b.",
    "A rule.[link](x.md){target=_blank} Done {.lead} now. ^rule-1": "A rule.link Done now.",
    "%% a comment %%\n\nPrice 5%% to 10%%. ![[Map.pdf]]": "Price 5%% to 10%%.",
}


@each("markdown, expected", MARKDOWN.items())
def test_more_dialects_of_markdown(tmp_path: Path, markdown: str, expected: str) -> None:
    (tmp_path / "a.md").write_text(f"# T\n\nFirst.\n\n{markdown}\n", encoding="utf-8")
    assert said(tmp_path / "a.md").removeprefix("First.\n") == expected


def test_owners_of_front_matter_and_the_sign_of_a_link_to_a_heading(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nowners: [People, Legal]\n---\n\nText.\n", encoding="utf-8")
    (tmp_path / "a.html").write_text('<h1>Travel<a href="#t">¶</a></h1><p>By train.</p>', encoding="utf-8")
    assert read(tmp_path / "a.md", tmp_path).owner == "People, Legal"
    assert read(tmp_path / "a.html", tmp_path).title == "Travel"


def test_plain_text_of_printed_pages(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "NOTICE\n\nThe self-\nservice portal of the depart-\nment takes pre-\nand post-dated notes.\n\f"
        "It is due soon.  Or\nlater on, or not.  So\nwrite.  Wait.\n\nTotal 30\n\f"
        "A. TABLE\n\nService        Notice\nup to 2 years  1 month\nover 2 years   3 months\n",
        encoding="utf-8",
    )
    assert said(tmp_path / "a.txt").splitlines() == [
        "NOTICE > The self-service portal of the department takes pre- and post-dated notes.",
        "NOTICE > It is due soon. Or later on, or not. So write. Wait.",
        "NOTICE > Total 30",
        *("NOTICE > A. TABLE > Service | Notice", "up to 2 years | 1 month", "over 2 years | 3 months"),
    ]


def test_word_without_its_contents_and_with_paragraphs_whose_end_was_deleted(tmp_path: Path) -> None:
    document = docx.Document()
    for xml in (
        '<w:sdt{}><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        "<w:sdtContent><w:p><w:r><w:t>Booking 3</w:t></w:r></w:p></w:sdtContent></w:sdt>",
        '<w:p{}><w:pPr><w:rPr><w:del w:id="9" w:author="a"/></w:rPr></w:pPr><w:r><w:t>Trains go</w:t></w:r></w:p>',
        '<w:p{}><w:r><w:t xml:space="preserve"> from May on.</w:t></w:r></w:p>',
    ):
        document.element.body.insert(-1, parse_xml(xml.format(" " + nsdecls("w"))))
    document.save(tmp_path / "a.docx")
    assert said(tmp_path / "a.docx") == "Trains go from May on."


@each("align", ["TOP", "MIDDLE", "BOTTOM"])
def test_cells_of_several_lines_wherever_they_stand_in_their_row(tmp_path: Path, align: str) -> None:
    rows = [
        ("Amount", "Approver", "Remark"),
        ("up to 1,000 euros", "Team lead", "The lead may hand it to a deputy, who then signs the form and files it"),
        ("over 1,000 euros", "Head of finance and the board together", "In writing"),
        ("over 9,000 euros", "Board", "Twice"),
    ]
    style = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), align)]
    table = Table([[*map(_text, row)] for row in rows], colWidths=[100, 110, 150], style=style)
    text = _printed(tmp_path / "a.pdf", _text("Fees", "Heading1"), _text(_PROSE), table, _text(_PROSE))
    assert "Fees > " + "\n".join(map(" | ".join, rows)) in text


@each(
    "headings",
    [
        ("<b>I. Booking</b>", "<b>II. Meals</b>"),
        ("<b>§ 1 Booking</b>", "<b>§ 2 Meals</b>"),
        ("BOOKING", "MEALS AND DRINKS"),
        ("<b>Booking a trip</b>", "<b>Meals</b>"),
    ],
)
def test_headings_as_small_as_the_text(tmp_path: Path, headings: tuple[str, str]) -> None:
    parts = [_text("Travel policy", "Title")]
    for heading in headings:
        parts += [_text(heading), _text(_PROSE)]
    text = _printed(tmp_path / "a.pdf", *parts)
    for heading in headings:
        assert f"Travel policy > {heading.replace('<b>', '').replace('</b>', '')} > The company pays" in text


@each("turned", [0, 90, 180, 270])
@each("angle, x, y", [(90, 595, 0), (270, 0, 842)])
def test_pages_written_sideways(tmp_path: Path, turned: int, angle: int, x: int, y: int) -> None:
    rows = ["There are 12 days of leave.", "A second 3 line goes on for 40 hours.", "And a third one of 5 words."]
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setPageRotation(turned)
    canvas.translate(x, y)
    canvas.rotate(angle)
    lines(canvas, 60, 500, *rows)
    canvas.save()
    assert said(tmp_path / "a.pdf").split() == " ".join(rows).split()


def test_the_contents_are_no_title_and_a_hyphen_before_and_stays(tmp_path: Path) -> None:
    def page(*rows: str) -> Callable[[Canvas], None]:
        return lambda canvas: lines(canvas, 72, 760, *rows)

    canvas = Canvas(str(tmp_path / "manual.pdf"), pagesize=A4)
    canvas.setFont("Helvetica-Bold", 22)
    canvas.drawString(72, 790, "Inhaltsverzeichnis")
    page(*(f"{at} Teil {'.' * 40} {at + 1}" for at in range(1, 6)))(canvas)
    canvas.showPage()
    page("Die Akten der Personal-", "und Finanzabteilung.")(canvas)
    canvas.save()
    document = read(tmp_path / "manual.pdf", tmp_path)
    assert document.title == "manual"
    assert document.blocks[-1].text == "Die Akten der Personal- und Finanzabteilung."


@each(
    "text, expected",
    {
        "Ausgabe: 4\nInkrafttreten: 1. April 2026\nHerausgeber: Einkauf": (date(2026, 4, 1), "4", "Einkauf"),
        "Révision : 6 - Entrée en vigueur : 1er mai 2026\nService responsable : Achats": (
            date(2026, 5, 1),
            "6",
            "Achats",
        ),
        "Versión: 2.0\nEntrada en vigor: 3 de marzo de 2026\nResponsable: Compras": (
            date(2026, 3, 3),
            "2.0",
            "Compras",
        ),
        "Versiyon | 1.5\nGeçerlilik tarihi | 20.02.2026\nDoküman sahibi | Satınalma": (
            date(2026, 2, 20),
            "1.5",
            "Satınalma",
        ),
        "Remplace la Version 1.2\nApplicable à compter du 3 mai 2026": (date(2026, 5, 3), None, None),
    }.items(),
)
def test_what_it_states_in_its_own_language(text: str, expected: tuple[object, ...]) -> None:
    facts = in_opening(text)
    assert (facts.effective, facts.version, facts.owner) == expected


def test_front_matter_in_german(tmp_path: Path) -> None:
    path = tmp_path / "reise.md"
    path.write_text(
        "---\ntitel: Reisen\ngültig_ab: 01.04.2026\nverantwortlich: Einkauf\n---\n\nDie Bahn geht vor.\n", "utf-8"
    )
    found = read(path, tmp_path)
    assert (found.title, found.effective, found.owner) == ("Reisen", date(2026, 4, 1), "Einkauf")


def test_a_page_header_states_the_edition(tmp_path: Path) -> None:
    document, path = docx.Document(), tmp_path / "cars.docx"
    document.sections[0].header.paragraphs[0].text = "Version 3 | Effective 2 March 2026 | Owner: Fleet desk"
    document.add_paragraph("Cars are returned clean.")
    document.save(str(path))
    found = read(path, tmp_path)
    assert (found.version, found.effective, found.owner) == ("3", date(2026, 3, 2), "Fleet desk")
    assert "Fleet desk" not in said(path)


@pytest.mark.parametrize(("title", "expected"), [("Word Document", "Loans"), ("Staff handbook", "Staff handbook")])
def test_the_only_heading_is_never_lost(tmp_path: Path, title: str, expected: str) -> None:
    document, path = docx.Document(), tmp_path / "loans.docx"
    document.core_properties.title = title
    document.add_heading("Loans", 1)
    document.add_paragraph("A laptop is lent for four weeks.")
    document.save(str(path))
    found = read(path, tmp_path)
    assert found.title == expected
    assert "Loans" in (found.title, *found.blocks[0].section)


def test_a_definition_list_states_the_owner(tmp_path: Path) -> None:
    path = tmp_path / "leave.html"
    path.write_text("<h1>Leave</h1><dl><dt>Owner</dt><dd>HR desk</dd></dl><p>Leave is 26 days.</p>", "utf-8")
    assert read(path, tmp_path).owner == "HR desk"


def test_labels_and_attributes_of_dialects_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "lab.md"
    path.write_text("(lab-hours)=\n\n# Lab\n\nOpen at 5. { .annotate }\n\n{ .wide }\n\n12 % of it is paid.\n")
    assert said(path) == "Open at 5.\n12 % of it is paid."
