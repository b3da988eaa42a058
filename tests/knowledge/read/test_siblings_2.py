"""More files as people make them: labels of five languages, tables of editions, page ends."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from knowledge.read import read
from knowledge.read.about import in_opening, stated
from tests.knowledge.read.test_pdf import lines
from tests.knowledge.read.test_siblings import said
from tests.rows import each


@each(
    "text, effective, version, owner",
    [
        ("Proc. owner: Lab\nRev. C · Eff. date: 3 May 2026", date(2026, 5, 3), "C", None),
        ("Doc. owner: Lab team · Release 7", None, "7", "Lab team"),
        ("Owner | Lab team\nVersion | 4.2\nReplaces | 4.1\n", None, "4.2", "Lab team"),
        ("**Gültig:** ab dem 1. Juli 2027\n**Zuständige Stelle:** Einkauf", date(2027, 7, 1), None, "Einkauf"),
        ("Ausgabe 3, ersetzt die Ausgabe 2 vom 1. Mai 2020", None, "3", None),
        ("Die Regelung tritt am 1. April 2026 in Kraft.", date(2026, 4, 1), None, None),
        ("Sie ist ab 1. April 2026 in Kraft.", date(2026, 4, 1), None, None),
        ("Pilote du processus : Service qualité\nDate d’effet : 3 août 2026", date(2026, 8, 3), None, "Service qualité"),  # noqa: E501
        ("Code | Édition | Mise en application | Propriétaire\nQ-1 | 12 | 03/04/2026 | Direction qualité", date(2026, 4, 3), "12", "Direction qualité"),  # noqa: E501
        ("Vigente a partir del 04/05/2026. Sustituye a la versión 2.1.", date(2026, 5, 4), None, None),
        ("Effective 04/05/2026", None, None, None),
        ("Bu talimat 1 Eylül 2026 tarihinden itibaren geçerlidir.\nSorumlu bölüm: Depo", date(2026, 9, 1), None, "Depo"),  # noqa: E501
        ("DOKÜMAN SAHİBİ: Kalite\nSÜRÜM NO: 8", None, "8", "Kalite"),
        ("Rev | Date | Author | Change\n1 | 2 May 2020 | ab | first\n2 | 5 June 2026 | cd | dogs", date(2026, 6, 5), "2", None),  # noqa: E501
        ("Version | Datum\n2.0 | 01.02.2026\n1.0 | 01.02.2020", date(2026, 2, 1), "2.0", None),
        ("Version: 1.4\n\nUntil May, version 1.3 counts. Previous version: 1.3", None, "1.4", None),
        ("Valid until 1 May 2026. The pump needs firmware version 2.9. Next review: 2 May 2027", None, None, None),
        ("Responsible | Accountable | Consulted | Informed\nHR | CEO | Legal | All", None, None, "HR"),
        ("Fassung vom 12. Februar 2026", None, None, None),
        ("Document owner | Head of Ward, Surgery", None, None, "Head of Ward, Surgery"),
        ("Owner: Treasury — Page 2 of 8", None, None, "Treasury"),
        ("Owner: Facilities, see below for whom to call", None, None, "Facilities"),
        ("Owner / Eigentümer | Treasury\nReplaces / Ersetzt | 3.4", None, None, "Treasury"),
        ("Rev: D · Prozessverantwortung: Werk 4", None, "D", "Werk 4"),
        ("Version n° 6 du 2 mars 2026\nGültigkeit: ab 1. Mai 2026", date(2026, 5, 1), "6", None),
        ("2e édition\nRemplace la 1re édition", None, "2", None),
        ("3. Auflage, gültig ab 1. Mai 2026", date(2026, 5, 1), "3", None),
        ("2.ª edición, en vigor desde el 3 de mayo de 2026", date(2026, 5, 3), "2", None),
        ("3. Issue of badges\n4. Ausgabe der Schlüssel", None, None, None),
        ("No. | Version | In force from\n1 | 1.0 | 2 May 2021\n2 | 2.0 | 3 June 2026", date(2026, 6, 3), "2.0", None),
        ("No. | Tool | Version | Owner\n1 | Abacus | 4.0 | IT\n2 | Loom | 5.0 | HR", None, None, None),
    ],
)  # fmt: skip
def test_what_an_opening_states(text: str, effective: date | None, version: str | None, owner: str | None) -> None:
    found = in_opening(text)
    assert (found.effective, found.version, found.owner) == (effective, version, owner)


def test_front_matter_in_its_language_is_known_by_its_labels_parts() -> None:
    found = stated({"numéro_de_version": 3, "date_entree_en_vigueur": "04/05/2026", "remplace": 2, "service": "Achats"})
    assert (found.version, found.effective, found.owner) == ("3", date(2026, 5, 4), "Achats")
    typed = stated({"author": "jdoe", "Policy Owner": ["HR", "Legal"], "hugo_version": "0.9", "date": "2026-05-04"})
    assert (typed.version, typed.effective, typed.owner) == (None, date(2026, 5, 4), "HR, Legal")
    others = {"image": {"title": "a fox"}, "properties": {"owner": "Car pool"}}
    nested = stated({"document": {"version": "7", "in_kraft_seit": "01.02.2026"}, **others})
    assert (nested.version, nested.effective, nested.title, nested.owner) == ("7", date(2026, 2, 1), None, None)
    replaced = stated({"Ersetzt": "Fassung 1.5", "Federführung": "Amt 4"})
    assert (replaced.version, replaced.owner) == (None, "Amt 4")


@each(
    "text, stands, stands_not",
    {
        "gitlab": ("Take {-two-}{+three+} masks, [-no-] or {+four gloves+}.", ["Take three masks", "four gloves"], ["two"]),  # noqa: E501
    }.values(),
)  # fmt: skip
def test_a_dialect_of_markdown(text: str, stands: list[str], stands_not: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(text)
    found = said(tmp_path / "a.md")
    assert [one for one in stands if one not in found] == [] == [one for one in stands_not if one in found], found


def test_numbered_capitals_head_what_follows_whatever_their_number(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "9. BIKES\n\n9.1 A bike is locked.\n\n12. SHEDS\n\nSheds stay dry.\n\n1. Ask\n\n2. WAIT\n"
    )
    assert said(tmp_path / "a.txt").startswith("9. BIKES > 9.1 A bike is locked.\n12. SHEDS > Sheds stay dry.")


def _pdf(path: Path, draw: Callable[[Canvas], None]) -> str:
    canvas = Canvas(str(path), pagesize=A4)
    draw(canvas)
    canvas.save()
    return said(path)


def test_a_word_broken_over_a_page_end_is_whole(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 700, "The sluice is closed as soon as the warden on duty has given his per-")
        canvas.showPage()
        lines(canvas, 72, 700, "mission to the master of the boat. Then it stays closed.")

    found = _pdf(tmp_path / "a.pdf", draw)
    assert "given his permission\nto the master of the boat." in found
    assert [block.page for block in read(tmp_path / "a.pdf", tmp_path).blocks] == [1, 2]


def test_a_stamp_across_the_page_is_no_word_of_it(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 700, "The cellar is locked at night and the", "key hangs in the porter's lodge by the door.")
        canvas.translate(150, 560)
        canvas.rotate(40)
        canvas.setFont("Helvetica-Bold", 60)
        canvas.drawString(0, 0, "DRAFT COPY")

    assert (
        _pdf(tmp_path / "a.pdf", draw)
        == "The cellar is locked at night and the key hangs in the porter's lodge by the door."
    )


def test_a_figure_in_a_row_is_no_number_of_the_next_cell(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for y, row in zip(
            (700, 682, 664), (("Pump", "Bar", "Tested"), ("P-1", "5.1", "May"), ("P-2", "6.2", "June")), strict=True
        ):
            for x, cell in zip((72, 130, 180), row, strict=True):
                canvas.drawString(x, y, cell)

    assert _pdf(tmp_path / "a.pdf", draw).split("\n")[1:] == ["P-1 | 5.1 | May", "P-2 | 6.2 | June"]


def test_a_first_letter_keeps_its_hyphen(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 72, 700, "Claims are sent by e-", "mail to the office, never by post.")

    assert "by e-mail to the office" in _pdf(tmp_path / "a.pdf", draw)


@each(
    "opening, version, owner",
    [
        ("Version 3 of this policy\n\nTool | Version | Owner\nExcel | 16.2 | Finance\n", "3", None),
        ("Task | Responsible | Accountable\nLaptops | IT desk | CIO\n", None, None),
        ("Responsible\nEach employee keeps the badge\n", None, None),
        ("Release: 4 hours before the shift\n", None, None),
        ("Version: 4 hours after the incident\n", None, None),
        ("Version 3 Page 1 of 4\n", "3", None),
        ("Die Kasse läuft mit Version 5.2 der Software.\n", None, None),
        ("Version 5.2 of the Software Policy\n", "5.2", None),
        ("Owner\nPeople Team\n", None, "People Team"),
        ("La 3e version du formulaire remplace la 2e.\n", None, None),
        ("La 2ª edición del curso empieza en mayo.\n", None, None),
        ("2ª edición de 3 de mayo de 2020\n", "2", None),
        ("Version 12.3 of Windows is needed.\n", None, None),
        ("Steward: wears a red vest\nOwner: the people team\n", None, "people team"),
        ("Owner | Task | Due\nBea | Till | Friday\nCem | Door | Monday\n", None, None),
        ("Owner | Task | Due\nBea | Till | Friday\n", None, None),
    ],
)
def test_what_is_about_other_things_states_nothing_of_the_document(
    opening: str, version: str | None, owner: str | None
) -> None:
    found = in_opening(opening)
    assert (found.version, found.owner) == (version, owner)


@each(
    "opening, effective",
    [
        ("Effective 1 March 2024 the canteen closes at 15:00.\n", None),
        ("Con efecto a partir del 1 de marzo, vigente desde el 1 de marzo de 2024, el comedor cierra.\n", None),
        ("Effective 1 March 2024 the travel policy applies.\n", date(2024, 3, 1)),
        ("In force since 1 March 2024 for all staff.\n", date(2024, 3, 1)),
    ],
)
def test_what_a_sentence_says_of_the_document(opening: str, effective: date | None) -> None:
    assert in_opening(opening).effective == effective


def test_the_foot_of_a_word_page_and_of_a_web_page_state_the_edition(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("Cash is counted twice.")
    made.sections[0].footer.paragraphs[0].text = "Version 4.0 | Owner: Cash desk — Page 2 of 8"
    made.save(str(tmp_path / "a.docx"))
    word = read(tmp_path / "a.docx", tmp_path)
    assert (word.version, word.owner) == ("4.0", "Cash desk") and len(word.blocks) == 1
    page = "<body><main><h1>Meals</h1><p>Meals are booked on Monday.</p></main><footer><p>%s</p><p>© Town</p></footer>"
    foot = "Version 1.3 – Entrée en vigueur : 01/03/2026 – Responsable : Service des écoles"
    for said_there, version, owner in ((foot, "1.3", "Service des écoles"), ("Wiki, version: 9.2", None, None)):
        (tmp_path / "a.html").write_text(page % said_there)
        web = read(tmp_path / "a.html", tmp_path)
        assert (web.version, web.owner) == (version, owner)


def test_a_web_page_of_roles(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<body><a href='#m'>Skip to main content</a><div id='m' role='main'>"
        "<div role='heading' aria-level='1'>Boats</div><p>Boats are lent.</p>"
        "<div role='heading' aria-level='2'>Oars</div><p>Oars are counted.</p>"
        "<div>Was this page helpful?</div></div></body>"
    )
    assert said(tmp_path / "a.html") == "Boats are lent.\nOars > Oars are counted."
    assert read(tmp_path / "a.html", tmp_path).title == "Boats"


def test_a_large_first_letter_belongs_to_its_word(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        long = "uests sign the book at the door and"
        for y, letter, rest in ((600, "G", long), (400, "A", "guest signs the book twice, and")):
            lines(canvas, 72, y, letter, size=40)
            lines(canvas, 106, y + 23, rest, "then they are shown around.")

    found = _pdf(tmp_path / "a.pdf", draw)
    assert "Guests sign the book" in found and "A guest signs" in found


def test_a_numbered_line_that_stands_apart_heads_prose_in_its_own_face(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        rest = "Solvents are kept in the yellow cabinet, at most five litres at", "a time, and the cabinet is locked."
        lines(canvas, 72, 760, "1. PAINT SHOP")
        lines(canvas, 72, 735, "Masks are worn from the first coat on by everybody in the hall.")
        lines(canvas, 72, 705, "1.1 Solvents")
        lines(canvas, 72, 680, *rest)
        lines(
            canvas,
            72,
            640,
            "1.2 The brushes are cleaned at the end of the shift by those who",
            "used them, and hung up.",
        )

    found = _pdf(tmp_path / "a.pdf", draw)
    assert "1. PAINT SHOP > 1.1 Solvents > Solvents are kept" in found
    assert "> 1.2 The brushes are cleaned at the end of the shift by those who used" in found
