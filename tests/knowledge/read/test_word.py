"""Word as people write it: what is withdrawn stays out, numbers and levels stay, notes stand where they are called."""

from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from knowledge.read import read
from knowledge.types import Document
from tests.rows import each


def run(text: str, properties: str = "") -> str:
    return f'<w:r {nsdecls("w")}><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(data: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r>'


def paragraph(made: Any, *pieces: str, style: str | None = None) -> Any:
    added = made.add_paragraph("", style)
    for piece in pieces:
        added._p.append(parse_xml(piece.replace(">", f" {nsdecls('w')}>", 1) if "xmlns" not in piece else piece))
    return added


def saved(made: Any, folder: Path) -> Document:
    made.save(folder / "a.docx")
    return read(folder / "a.docx", folder)


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


def level(at: int, form: str, text: str, extra: str = "") -> str:
    shown = f'<w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{at}">{shown}</w:lvl>'


def listed(made: Any, key: int, *levels: str, overrides: tuple[str, ...] = ("",)) -> list[int]:
    """Numbers of lists of one definition, one for each of `overrides`."""
    root = made.part.numbering_part.element
    ids = [key * 10 + at for at in range(len(overrides))]
    definition = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'
    root.insert(0, parse_xml(definition))
    for num, override in zip(ids, overrides, strict=True):
        root.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{num}"><w:abstractNumId w:val="{key}"/>{override}</w:num>')
        )
    return ids


def number(paragraph: Any, num: int, at: int = 0) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{at}"/><w:numId w:val="{num}"/></w:numPr>'))


@each(
    "properties", ["<w:strike/>", '<w:dstrike w:val="1"/>', '<w:rStyle w:val="Withdrawn"/>', '<w:vanish w:val="true"/>']
)
def test_what_is_struck_through_or_hidden_is_left_out(tmp_path: Path, properties: str) -> None:
    made = docx.Document()
    made.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="character" w:styleId="Old"><w:name w:val="Old"/>'
            "<w:rPr><w:strike/></w:rPr></w:style>"
        )
    )
    made.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="character" w:styleId="Withdrawn"><w:name w:val="Withdrawn"/>'
            '<w:basedOn w:val="Old"/></w:style>'
        )
    )
    paragraph(
        made, run("Lunch is paid up to "), run("12 ", properties), run("15", '<w:strike w:val="0"/>'), run(" euros.")
    )
    paragraph(made, run("All of this is gone.", properties))
    assert texts(saved(made, tmp_path)) == ["Lunch is paid up to 15 euros."]


def test_a_paragraph_style_that_strikes_through_and_rows_that_were_deleted(tmp_path: Path) -> None:
    made = docx.Document()
    made.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="paragraph" w:styleId="Void"><w:name w:val="Void"/>'
            "<w:rPr><w:strike/></w:rPr></w:style>"
        )
    )
    void = paragraph(made, run("Parking is free."))
    void._p.get_or_add_pPr().append(parse_xml(f'<w:pStyle {nsdecls("w")} w:val="Void"/>'))
    table = made.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "Old", "New"
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {nsdecls("w")} w:id="7" w:author="x"/>'))
    assert texts(saved(made, tmp_path)) == ["New"]


def test_steps_keep_their_numbers_and_items_their_level(tmp_path: Path) -> None:
    made = docx.Document()
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    first, second = listed(
        made,
        77,
        level(0, "decimal", "%1."),
        level(1, "lowerLetter", "(%2)"),
        level(2, "bullet", "o"),
        level(3, "lowerRoman", "%4)"),
        overrides=("", restart),
    )
    for text, num, at in (
        ("Ask the manager", first, 0),
        ("Wait for the reply", first, 0),
        ("by mail", first, 1),
        ("by phone", first, 1),
        ("in the morning", first, 2),
        ("at eight", first, 3),
        ("Book it", first, 0),
        ("by train", first, 1),
    ):
        number(paragraph(made, run(text)), num, at)
    paragraph(made, run("Between the lists."))
    number(paragraph(made, run("Pay")), second)
    paragraph(made, run("with the card."), style="List Continue")
    number(paragraph(made, run("Report")), second)
    assert texts(saved(made, tmp_path)) == [
        "1. Ask the manager\n2. Wait for the reply\n  (a) by mail\n  (b) by phone\n    - in the morning\n"
        "      i) at eight\n3. Book it\n  (a) by train",
        "Between the lists.",
        "1. Pay with the card.\n2. Report",
    ]


def test_list_styles_have_numbers_and_levels_too(tmp_path: Path) -> None:
    made = docx.Document()
    for text, style in (
        ("one", "List Number"),
        ("two", "List Number"),
        ("dot", "List Bullet"),
        ("deeper", "List Bullet 2"),
    ):
        made.add_paragraph(text, style)
    assert texts(saved(made, tmp_path)) == ["1. one\n2. two\n- dot\n  - deeper"]


def test_headings_and_clauses_are_numbered_as_word_does_it(tmp_path: Path) -> None:
    made = docx.Document()
    (num,) = listed(
        made,
        78,
        level(0, "upperRoman", "%1", '<w:pStyle w:val="Heading1"/>'),
        level(1, "decimal", "%1.%2", '<w:pStyle w:val="Heading2"/><w:isLgl/>'),
        level(2, "decimal", "%1.%2.%3", "<w:isLgl/>"),
    )
    for name, at in (("Heading 1", 0), ("Heading 2", 1)):
        properties = made.styles[name].element.get_or_add_pPr()
        shown = f'<w:ilvl w:val="{at}"/>' if at == 0 else ""  # the second is known by the level's own link
        properties.append(parse_xml(f'<w:numPr {nsdecls("w")}>{shown}<w:numId w:val="{num}"/></w:numPr>'))
    made.add_heading("Joining", 1)
    made.add_heading("Leave", 1)
    made.add_heading("Annual leave", 2)
    made.add_paragraph("There are 28 days.")
    made.add_heading("Carrying leave over", 2)
    number(paragraph(made, run("Five days go over.")), num, 2)
    number(paragraph(made, run("They lapse in March.")), num, 2)
    assert [(block.section, block.text) for block in saved(made, tmp_path).blocks] == [
        ((), "I Joining"),
        (("II Leave", "2.1 Annual leave"), "There are 28 days."),
        (("II Leave", "2.2 Carrying leave over"), "2.2.1 Five days go over.\n2.2.2 They lapse in March."),
    ]


def part(made: Any, kind: str, body: str) -> None:
    tag = "endnotes" if kind == RELATIONSHIP_TYPE.ENDNOTES else "footnotes"
    content = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{tag}+xml"
    blob = f"<w:{tag} {nsdecls('w')}>{body}</w:{tag}>".encode()
    made.part.relate_to(Part(PackURI(f"/word/{tag}.xml"), content, blob, made.part.package), kind)


def test_notes_stand_behind_the_sentence_that_calls_them(tmp_path: Path) -> None:
    made = docx.Document()
    paragraph(
        made,
        run("Overtime counts from hour eleven"),
        '<w:r><w:footnoteReference w:id="2"/></w:r>',
        run(" and is paid. Meals are"),
        '<w:r><w:endnoteReference w:customMarkFollows="1" w:id="2"/><w:t>*</w:t></w:r>',
        run(" not. The lab has 30 m"),
        run("2", '<w:vertAlign w:val="superscript"/>'),
        run(" and 10"),
        run("6", '<w:vertAlign w:val="superscript"/>'),
        run(" parts."),
        run("4", '<w:vertAlign w:val="superscript"/>'),
    )
    made.add_table(1, 2).cell(0, 0).text = "Dogs"
    made.tables[0].cell(0, 1).paragraphs[0]._p.append(
        parse_xml(f'<w:r {nsdecls("w")}><w:t>No</w:t><w:footnoteReference w:id="3"/></w:r>')
    )
    paragraph(made, run("4", '<w:vertAlign w:val="superscript"/>'), run(" A note that was typed."))
    notes = "".join(
        f'<w:footnote w:id="{key}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t> {text}</w:t></w:r></w:p></w:footnote>'
        for key, text in ((2, "In Spain from the first hour."), (3, "Guide dogs may."))
    )
    part(made, RELATIONSHIP_TYPE.FOOTNOTES, notes)
    part(
        made,
        RELATIONSHIP_TYPE.ENDNOTES,
        '<w:endnote w:id="2"><w:p><w:r><w:t>Except abroad.</w:t></w:r></w:p></w:endnote>',
    )
    assert texts(saved(made, tmp_path)) == [
        "Overtime counts from hour eleven and is paid. (In Spain from the first hour.) Meals are not. (Except abroad.) "
        "The lab has 30 m² and 10⁶ parts. (A note that was typed.)",
        "Dogs | No (Guide dogs may.)",
    ]


def test_symbols_say_what_is_printed(tmp_path: Path) -> None:
    made = docx.Document()
    paragraph(
        made,
        run("Yes "),
        '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>',
        run("\uf0b3", '<w:rFonts w:ascii="Symbol"/>'),
        run(" 5"),
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>Click here to enter text.</w:t></w:r>"
        "</w:sdtContent></w:sdt>",
        '<w:r><w:commentReference w:id="1"/></w:r>',
    )
    assert texts(saved(made, tmp_path)) == ["Yes ✓≥ 5"]


@each(
    "font, char, sign",
    [
        *[("Symbol", "F02D", "−"), ("Symbol", "F0A0", "€"), ("Symbol", "F062", "β"), ("Symbol", "F057", "Ω")],
        *[("Symbol", "F03C", "<"), ("Symbol", "F0A3", "≤"), ("Symbol", "F025", "%"), ("symbol", "B1", "±")],
        *[("Wingdings", "F0FC", "✓"), ("MS Gothic", "2612", "☒"), ("Webdings", "F028", ""), ("Symbol", "F0FF", "")],
    ],
)
def test_a_symbol_between_figures_keeps_them_apart(tmp_path: Path, font: str, char: str, sign: str) -> None:
    made = docx.Document()
    paragraph(made, run("17"), f'<w:r><w:sym w:font="{font}" w:char="{char}"/></w:r>', run("22"))
    assert texts(saved(made, tmp_path)) == [f"17{sign or ' '}22"]


def test_what_word_knows_of_the_document(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("Travel policy", "Title")
    table = made.add_table(3, 2)
    for at, text in enumerate(("Owner", "People team", "Version", "3.1", "Effective date", "1 May 2026")):
        table.cell(at // 2, at % 2).text = text
    made.add_paragraph("Trains are first.")
    document = saved(made, tmp_path)
    assert (document.title, document.owner, document.version) == ("Travel policy", "People team", "3.1")
    assert str(document.effective) == "2026-05-01"
