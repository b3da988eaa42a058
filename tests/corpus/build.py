"""python -m tests.corpus.build: makes bot/demo/manual/ (handbook.pdf, a Word file, an HTML page) from text/.

The manual is a fictional company's and was written for this project. It has what real manuals have: roman front
matter, outline, page labels, contents pages, running headers and footers, numbered sections, tables, a two-column
annex and an appendix that refines earlier rules. bot/demo/manual/pages/*.md are written by hand.
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

HERE = Path(__file__).parent
TITLE = "Halden Instruments Employee Handbook"
FRONT_PAGES = 10  # i to x; main() checks it

ROMAN = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]

rl_config.invariant = 1  # the same bytes for the same text

BODY = ParagraphStyle("body", fontName="Times-Roman", fontSize=12, leading=18, spaceAfter=8, alignment=4)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=9, leading=12, spaceAfter=4)
CELL = ParagraphStyle("cell", parent=BODY, fontSize=10, leading=13, spaceAfter=0, alignment=0)
H1 = ParagraphStyle("h1", fontName="Helvetica-Bold", fontSize=18, leading=24, spaceAfter=14)
H2 = ParagraphStyle("h2", fontName="Helvetica-Bold", fontSize=12.5, leading=16, spaceBefore=10, spaceAfter=5)
COVER = ParagraphStyle("cover", fontName="Helvetica-Bold", fontSize=26, leading=34, spaceBefore=150)

PREFACE = """Halden Instruments has made measuring instruments since 1961. What began with four people in a former
sawmill is now a company of eleven hundred colleagues in eleven countries. We have always tried to keep rules few and to
write them down, because a rule that nobody can look up is no rule but a mood.

This handbook is that record. It was written by the people who answer your questions, and it has been read by the works
council. Please tell us where it is unclear. A sentence that needs explaining is a mistake of ours, not of yours."""

NOTICE = """Ninth edition, in effect from 2 February 2026. It replaces the eighth edition of 3 February 2025.
Version 9.0. Owner: People team. Halden Instruments is a fictional company; this handbook was written as a sample for
policybot and is published under the Apache License 2.0."""


def parse(text: str) -> Iterator[tuple[str, Any]]:
    """("h1" | "h2" | "p", text) and ("table", rows) in order."""
    for block in re.split(r"\n{2,}", text.strip()):
        if block.startswith("## "):
            yield "h2", block[3:]
        elif block.startswith("# "):
            yield "h1", block[2:]
        elif block.startswith("|"):
            rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()]
            yield "table", [rows[0], *rows[2:]]
        else:
            yield "p", " ".join(block.split())


class Handbook(BaseDocTemplate):
    """A5 with roman front matter, running headers, outline and page labels."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), pagesize=A5, title=TITLE, author="People team", subject="Version 9.0")
        width, height = A5
        one = Frame(18 * mm, 20 * mm, width - 36 * mm, height - 42 * mm, id="one", leftPadding=0, rightPadding=0)
        half = (width - 36 * mm - 6 * mm) / 2
        two = [
            Frame(18 * mm + i * (half + 6 * mm), 20 * mm, half, height - 42 * mm, leftPadding=0, rightPadding=0)
            for i in (0, 1)
        ]
        self.addPageTemplates(
            [
                PageTemplate("cover", [one]),
                PageTemplate("front", [one], onPage=self.running),
                PageTemplate("body", [one], onPage=self.running),
                PageTemplate("columns", two, onPage=self.running),
            ]
        )
        self.chapter = ""
        self.misplaced: int | None = None

    def beforeDocument(self) -> None:  # noqa: N802  (reportlab's name)
        self.chapter, self.misplaced = "", None
        self.canv.addPageLabel(0, style="ROMAN_LOWER", start=1)
        self.canv.addPageLabel(FRONT_PAGES, style="ARABIC", start=1)
        self.canv.showOutline()

    def running(self, canvas: Any, _doc: Any) -> None:
        width, height = A5
        canvas.setFont("Helvetica", 8)
        canvas.drawString(18 * mm, height - 13 * mm, TITLE)
        canvas.drawRightString(width - 18 * mm, height - 13 * mm, "Edition 9")
        page = canvas.getPageNumber()
        label = ROMAN[page - 1] if page <= FRONT_PAGES else str(page - FRONT_PAGES)
        canvas.drawCentredString(width / 2, 11 * mm, label)

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802  (reportlab's name)
        level = {"h1": 0, "h2": 1}.get(getattr(getattr(flowable, "style", None), "name", ""))
        if level is None:
            return
        if self.chapter == "" and self.page != FRONT_PAGES + 1:
            self.misplaced = self.page  # the first chapter starts elsewhere: correct FRONT_PAGES
        self.chapter = "seen"
        key = f"h{self.seq.nextf('heading')}"
        text = flowable.getPlainText()
        self.canv.bookmarkPage(key, fit="XYZ", top=self.frame._y + flowable.height + 10)
        self.canv.addOutlineEntry(text, key, level=level, closed=level == 0)
        self.notify("TOCEntry", (level, text, self.page - FRONT_PAGES, key))


def table(rows: list[list[str]], width: float) -> Table:
    cells = [[Paragraph(html.escape(cell), CELL) for cell in row] for row in rows]
    made = Table(cells, colWidths=[width / len(rows[0])] * len(rows[0]), repeatRows=1, spaceAfter=10)
    grid = [("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]
    made.setStyle(TableStyle([*grid, ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return made


def chapter(text: str, number: int | None, body: ParagraphStyle, width: float) -> list[Any]:
    flow: list[Any] = []
    section = 0
    for kind, value in parse(text):
        if kind == "h1":
            flow.append(Paragraph(html.escape(f"{number} {value}" if number else value), H1))
        elif kind == "h2":
            section += 1
            flow.append(Paragraph(html.escape(f"{number}.{section} {value}" if number else value), H2))
        elif kind == "table":
            flow.append(table(value, width))
        else:
            flow.append(Paragraph(html.escape(value), body))
    return flow


def handbook(path: Path) -> None:
    width = A5[0] - 36 * mm
    toc = TableOfContents()
    toc.levelStyles = [
        ParagraphStyle("toc1", fontName="Helvetica-Bold", fontSize=9.5, leading=14, spaceBefore=3),
        ParagraphStyle("toc2", fontName="Helvetica", fontSize=8, leading=10.3, leftIndent=12),
    ]
    flow: list[Any] = [Paragraph(TITLE, COVER), NextPageTemplate("front"), PageBreak()]
    flow += [Spacer(1, 120 * mm), Paragraph(NOTICE, SMALL), PageBreak()]
    flow += [Paragraph("Contents", ParagraphStyle("contents", parent=H1)), toc, PageBreak()]
    flow.append(Paragraph("Preface", ParagraphStyle("preface", parent=H1)))
    flow += [Paragraph(" ".join(part.split()), BODY) for part in PREFACE.split("\n\n")]
    flow += [NextPageTemplate("body"), PageBreak()]
    chapters = sorted((HERE / "text").glob("[0-9]*.md"))
    for number, file in enumerate(chapters, 1):
        flow += chapter(file.read_text(encoding="utf-8"), number, BODY, width)
        if number == len(chapters):
            flow.append(NextPageTemplate("columns"))
        flow.append(PageBreak())
    annex = chapter((HERE / "text" / "annex-a.md").read_text(encoding="utf-8"), None, SMALL, width / 2)
    appendix = chapter((HERE / "text" / "appendix-b.md").read_text(encoding="utf-8"), None, BODY, width)
    flow += [*annex, NextPageTemplate("body"), PageBreak(), *appendix]
    book = Handbook(path)
    book.multiBuild(flow)
    if book.misplaced:
        raise SystemExit(f"chapter 1 starts on page {book.misplaced}: set FRONT_PAGES")


def word(path: Path) -> None:
    """guide.docx from text/guide.txt, with heading styles and a table."""
    import docx

    document = docx.Document()
    document.core_properties.title = "Customer visit guide"
    document.core_properties.author = "Events team"
    for kind, value in parse((HERE / "text" / "guide.txt").read_text(encoding="utf-8")):
        if kind in ("h1", "h2"):
            document.add_heading(value, 1 if kind == "h1" else 2)
        elif kind == "table":
            grid = document.add_table(rows=0, cols=len(value[0]))
            for row in value:
                for cell, content in zip(grid.add_row().cells, row, strict=True):
                    cell.text = content
        else:
            document.add_paragraph(value)
    document.save(str(path))


def page(path: Path) -> None:
    """canteen.html from text/canteen.txt, with the navigation that intranet pages have."""
    parts = []
    for kind, value in parse((HERE / "text" / "canteen.txt").read_text(encoding="utf-8")):
        if kind == "table":
            rows = ["".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in value]
            parts.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
        else:
            identity = f' id="{value.lower().replace(" ", "-")}"' if kind != "p" else ""
            parts.append(f"<{kind}{identity}>{html.escape(value)}</{kind}>")
    nav = "<nav><ul><li>Home</li><li>News</li><li>Log out</li></ul></nav>"
    head = '<html lang="en"><head><meta charset="utf-8"><title>Canteen</title></head>'
    path.write_text(
        f"<!doctype html>\n{head}<body>{nav}<main>\n"
        + "\n".join(parts)
        + "\n</main><footer>Intranet</footer></body></html>\n",
        encoding="utf-8",
    )


def main() -> None:
    manual = HERE.parents[1] / "bot/demo/manual"
    handbook(manual / "handbook.pdf")
    word(manual / "customer-visits.docx")
    page(manual / "canteen.html")


if __name__ == "__main__":
    main()
