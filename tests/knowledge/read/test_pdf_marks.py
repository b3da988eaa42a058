"""What stands on PDF pages besides plain lines: filled-in forms, strokes through words, notes, hyphens, contents."""

from pathlib import Path

import pypdf
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

from knowledge.read import read
from knowledge.read.hyphens import joined
from knowledge.types import Document
from tests.knowledge.read.test_pdf import lines, made, text_of
from tests.rows import each


def test_what_was_typed_chosen_and_ticked_stands_in_its_place(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        lines(canvas, 72, 700, "Maximum number of visitors:")
        canvas.acroForm.textfield(name="n", value="12 visitors", x=215, y=692, width=70, height=18)
        lines(canvas, 290, 700, "a day, by order of the site.")
        lines(canvas, 72, 660, "Site:")
        canvas.acroForm.choice(name="site", value="Oslo", options=["Oslo", "Rome"], x=102, y=652, width=60, height=18)
        lines(canvas, 100, 620, "Guests may park")
        canvas.acroForm.checkbox(name="p", checked=True, x=80, y=616, size=14, fieldFlags="")
        lines(canvas, 100, 580, "Guests may smoke")
        canvas.acroForm.checkbox(name="s", checked=False, x=80, y=576, size=14, fieldFlags="")

    text = " ".join(text_of(read(made(tmp_path / "a.pdf", page), tmp_path)).split())
    assert "Maximum number of visitors: 12 visitors a day, by order" in text
    assert "Site: Oslo" in text
    assert "☒ Guests may park" in text and "☐ Guests may smoke" in text


def annotated(path: Path, *annotations: DictionaryObject) -> Path:
    writer = pypdf.PdfWriter(clone_from=path)
    for annotation in annotations:
        writer.add_annotation(0, annotation)
    writer.write(path)
    return path


def strike_out(x0: float, y0: float, x1: float, y1: float) -> DictionaryObject:
    corners = [x0, y1, x1, y1, x0, y0, x1, y0]
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/StrikeOut"),
            NameObject("/Rect"): ArrayObject([FloatObject(one) for one in (x0, y0, x1, y1)]),
            NameObject("/QuadPoints"): ArrayObject([FloatObject(one) for one in corners]),
        }
    )


def test_free_text_is_read_and_struck_words_are_not(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        lines(canvas, 72, 700, "The limit is 12 15 euros a day.")
        lines(canvas, 72, 660, "All of this line is withdrawn.")
        lines(canvas, 72, 620, "Approved by:")
        lines(canvas, 72, 590, "Since:")

    wide = Canvas(str(tmp_path / "x.pdf")).stringWidth
    start = 72 + wide("The limit is ", "Helvetica", 11)
    end = start + wide("12", "Helvetica", 11)
    rich = FreeText(text="", rect=(115, 586, 200, 602))
    rich[NameObject("/RC")] = TextStringObject("<body><p>1 <b>May</b></p></body>")
    path = annotated(
        made(tmp_path / "a.pdf", page),
        strike_out(start, 697, end, 709),
        strike_out(70, 657, 300, 669),
        FreeText(text="the site manager", rect=(145, 615, 260, 632)),
        rich,
    )
    text = " ".join(text_of(read(path, tmp_path)).split())
    assert text == "The limit is 15 euros a day. Approved by: the site manager Since: 1 May"


def test_a_line_through_words_withdraws_them_and_a_line_below_does_not(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        y = 700
        lines(canvas, 72, y, "Parking is free. Parking costs 15 euros.")
        end = 72 + canvas.stringWidth("Parking is free.", "Helvetica", 11)
        canvas.line(72, y + 3, end, y + 3)
        lines(canvas, 72, 670, "This is underlined.")
        canvas.line(72, 668.5, 72 + canvas.stringWidth("This is underlined.", "Helvetica", 11), 668.5)
        canvas.line(60, 655, 500, 655)
        lines(canvas, 72, 640, "Below a rule.")
        canvas.rect(72, 612.8, canvas.stringWidth("Old rule.", "Helvetica", 11), 0.8, fill=1)
        lines(canvas, 72, 610, "Old rule. New rule.")

    text = " ".join(text_of(read(made(tmp_path / "a.pdf", page), tmp_path)).split())
    assert text == "Parking costs 15 euros. This is underlined. Below a rule. New rule."


def raised(canvas: Canvas, x: float, y: float, *pieces: str, size: float = 11) -> None:
    """Pieces in turn in the line and raised."""
    whole = size
    for at, piece in enumerate(pieces):
        size, up = (whole * 0.65, whole * 0.35) if at % 2 else (whole, 0)
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, y + up, piece)
        x += canvas.stringWidth(piece, "Helvetica", size)


def noted(canvas: Canvas) -> None:
    raised(canvas, 72, 700, "Overtime counts from hour eleven", "3", " and must be approved before")
    lines(canvas, 72, 686, "it is worked. The lab has 30 m")
    raised(
        canvas, 72 + canvas.stringWidth("it is worked. The lab has 30 m", "Helvetica", 11), 686, "", "2", " and 10", "6"
    )
    lines(canvas, 72, 660, "The 1st rule has no note and goes on to the", "end of the page without a stop, because it")
    raised(canvas, 72, 80, "", "3", " In Spain from the", size=8)
    lines(canvas, 72, 70, "first hour.", size=8)
    lines(canvas, 72, 60, "4 Managers are excepted.", size=8)


def test_a_note_stands_behind_its_sentence_and_out_of_the_way(tmp_path: Path) -> None:
    def after(canvas: Canvas) -> None:
        lines(canvas, 72, 700, "ends on the next one. Then comes more.")

    found = [block.text for block in read(made(tmp_path / "a.pdf", noted, after), tmp_path).blocks]
    assert found[0] == (
        "Overtime counts from hour eleven and must be approved before it is worked. (In Spain from the first hour.) "
        "The lab has 30 m² and 10⁶"
    )
    assert not [text for text in found if "eleven 3" in text or "eleven3" in text or text.startswith("3")]
    assert "4 Managers are excepted." in found


def test_marks_that_the_file_draws_apart_and_letters(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        raised(canvas, 72, 780, "Staff get 30 days", "1", " of leave and 5 days", "2,3", " of study leave. They apply.")
        raised(canvas, 72, 760, "- meals", "a", "; drinks", "(b)")
        rows = (
            "1 Part-time staff pro rata. In Spain 31, as",
            "the law there says.",
            "2) With approval.",
            "3) In May.",
            "a To 40 euros.",
        )
        lines(canvas, 72, 130, *rows, "(b) None with alcohol.", size=8)

    document = read(made(tmp_path / "a.pdf", page), tmp_path)
    assert [block.text for block in document.blocks] == [
        "Staff get 30 days of leave and 5 days of study leave. (Part-time staff pro rata. In Spain 31, as the law "
        "there says.) (With approval.) (In May.) They apply.",
        "- meals (To 40 euros.); drinks (None with alcohol.)",
    ]


def test_words_around_withdrawn_ones_stay_one_line(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        lines(canvas, 72, 780, "The bonus is 500 euros a month 700 euros a year.")
        start = 72 + canvas.stringWidth("The bonus is ", "Helvetica", 11)
        canvas.line(start, 783.3, start + canvas.stringWidth("500 euros a month", "Helvetica", 11), 783.3)
        for at, (one, two) in enumerate((("City", "Limit"), ("Oslo", "190"), ("Rome", "140"))):
            lines(canvas, 80, 703 - 20 * at, one)
            lines(canvas, 180, 703 - 20 * at, two)
            canvas.line(72, 718 - 20 * at, 300, 718 - 20 * at)

    assert [block.text for block in read(made(tmp_path / "a.pdf", page), tmp_path).blocks] == [
        "The bonus is 700 euros a year.",
        "City | Limit\nOslo | 190\nRome | 140",
    ]


def test_a_form_of_several_fields_is_a_table_and_states_its_owner(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        lines(canvas, 72, 780, "Expense policy of the company")
        stated = (("Policy owner", "Finance"), ("Daily limit", "45 euros"), ("Valid from", "1 May 2026"))
        for at, (label, value) in enumerate(stated):
            lines(canvas, 72, 740 - 24 * at, label)
            canvas.acroForm.textfield(name=label, value=value, x=200, y=735 - 24 * at, width=150, height=18)

    document = read(made(tmp_path / "a.pdf", page), tmp_path)
    assert document.blocks[-1].text == "Policy owner | Finance\nDaily limit | 45 euros\nValid from | 1 May 2026"
    assert (document.owner, str(document.effective)) == ("Finance", "2026-05-01")


def test_stars_and_plain_small_marks_are_notes_too(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        lines(canvas, 72, 700, "Dogs are not allowed* in any office of the company.", "Second line of the same rule.")
        lines(canvas, 72, 660, "* item one of a list", "* item two of a list")

    text = text_of(read(made(tmp_path / "a.pdf", page), tmp_path))
    assert "allowed*" in text  # a list, and no note

    def other(canvas: Canvas) -> None:
        lines(canvas, 72, 700, "Dogs are not allowed* in any office of the company.", "Second line of the same rule.")
        lines(canvas, 72, 660, "* Guide dogs may come.", size=8)

    text = text_of(read(made(tmp_path / "b.pdf", other), tmp_path))
    assert text.startswith("Dogs are not allowed in any office of the company. (Guide dogs may come.) Second line")


@each(
    "one, two, words, expected",
    [
        ("the self\ufffe", "service portal", (), "the self-service portal"),
        ("must re\ufffe", "port it", (), "must report it"),
        ("the co\ufffe", "ordinator", (), "the coordinator"),
        ("the safe\x02", "ty officer", (), "the safety officer"),
        ("SP 800-", "63-2", (), "SP 800-63-2"),
        ("SP 800\ufffe", "63-2", (), "SP 800-63-2"),
        ("an X-", "ray", (), "an X-ray"),
        ("COVID-", "19", (), "COVID-19"),
        ("a non\ufffe", "exempt person", (), "a non-exempt person"),
        ("the reim\ufffe", "bursement", (), "the reimbursement"),
        ("a long\ufffe", "term plan", (), "a long-term plan"),
        ("the over\ufffe", "payment", (), "the overpayment"),
        ("the web\ufffe", "site", ("web-site",), "the web-site"),
        ("the work\ufffe", "around", ("workaround",), "the workaround"),
        ("a follow\ufffe", "up call", ("follow",), "a follow-up call"),
        ("pre-", "and post-sales", (), "pre- and post-sales"),
        ("state-of-the\ufffe", "art", (), "state-of-the-art"),
        ("from 5 -", "7 days", (), "from 5 - 7 days"),
        ("staff and/", "or guests", (), "staff and/or guests"),
        ("Ein- und Aus\ufffe", "gang", ("und", "der"), "Ein- und Ausgang"),
        ("a two\ufffe", "day trip", ("und", "der", "the", "of"), "a two-day trip"),
        ("en agos-", "to, y el resto", ("que", "los"), "en agosto, y el resto"),
        ("c'est-", "à-dire", ("les", "des"), "c'est-à-dire"),
        ("la pre\ufffe", "gunta", ("que", "los"), "la pregunta"),
        ("le non\ufffe", "paiement", ("les", "des"), "le non-paiement"),
        ("de vous-", "même", ("les", "des"), "de vous-même"),
    ],
)
def test_a_hyphen_at_a_lines_end(one: str, two: str, words: tuple[str, ...], expected: str) -> None:
    assert joined(one, two, words) == expected


def test_no_line_of_the_contents_is_a_section(tmp_path: Path) -> None:
    """Numbers such as "5-1", larger letters, a second page of contents without its name."""

    def contents(*rows: str, title: str = "") -> object:
        def draw(canvas: Canvas) -> None:
            y = lines(canvas, 72, 780, title, size=18) if title else 780
            lines(canvas, 72, y, *rows, size=13, bold=True)

        return draw

    def chapter(title: str, said: str) -> object:
        def draw(canvas: Canvas) -> None:
            y = lines(canvas, 72, 780, title, size=15, bold=True)
            lines(canvas, 72, y - 10, *[f"{said} in line {at}, which is long enough." for at in "abcdefgh"])

        return draw

    dotted = [f"{at}. Chapter {name} ............................. {at}-1" for at, name in enumerate("ABCD", 1)]
    plain = [f"{at} Annex {name} {at + 20}" for at, name in enumerate("EFGHIJ", 5)]
    path = made(
        tmp_path / "a.pdf",
        contents(*dotted, title="Table of Contents"),
        contents(*plain),
        chapter("1. Chapter A", "Rules of A"),
        chapter("2. Chapter B", "Rules of B"),
    )
    document = read(path, tmp_path)
    assert list(dict.fromkeys(block.section for block in document.blocks)) == [("1. Chapter A",), ("2. Chapter B",)]
    assert isinstance(document, Document)
