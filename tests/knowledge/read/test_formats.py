"""Markdown, HTML, Word and plain text: sections, anchors, lists, tables, and what is left out."""

import zipfile
from datetime import date
from pathlib import Path

import docx
import docx.enum.style
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import ReadError
from knowledge.read import read
from knowledge.text.characters import clean, invisible
from knowledge.types import Document
from tests.rows import each


def written(folder: Path, name: str, text: str | bytes) -> Document:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, folder)


def rows(document: Document) -> list[tuple[str, str, str]]:
    return [(" > ".join(block.section), block.kind, block.text) for block in document.blocks]


MARKDOWN = """---
title: Travel policy
effective: 2026-03-01
version: "4"
owner: Finance
---
# Travel

Book *early*, see [the portal](https://x.test).

## Hotels {#hotels-abroad}

- up to 140 EUR
- with breakfast
  1. in Tier 1 cities

| City | EUR |
|------|-----|
| Rome | 140 |

<!-- hidden -->

## Hotels

```
book --now
```

### Only a heading
"""


def test_markdown(tmp_path: Path) -> None:
    document = written(tmp_path, "travel.md", MARKDOWN)
    assert (document.title, document.effective, document.version, document.owner) == (
        "Travel policy",
        date(2026, 3, 1),
        "4",
        "Finance",
    )
    assert rows(document) == [
        ("", "text", "Book early, see the portal."),
        ("Hotels", "list", "- up to 140 EUR\n- with breakfast\n  1. in Tier 1 cities"),
        ("Hotels", "table", "City | EUR\nRome | 140"),
        ("Hotels", "code", "book --now"),
        ("Hotels", "text", "Only a heading"),
    ]
    assert [block.anchor for block in document.blocks] == [
        "travel",
        "hotels-abroad",
        "hotels-abroad",
        "hotels",
        "only-a-heading",
    ]


HTML = """<html lang=en><head><title>Canteen | Intranet</title><script>x()</script></head><body>
<nav><a href=/>Home</a></nav><header>Logo</header><aside>News</aside>
<main><h1>Canteen</h1><p>Open to <b>all</b> staff.</p><p style="display:none">unseen</p>
<h2 id=prices>Prices</h2><ul><li>dish 5 EUR<li>salad <i>1 EUR</i><ol><li>small</ol></ul>
<table><tr><th>Day<th>Dish</tr><tr><td>Monday<td>Soup</tr></table><pre>a
  b</pre></main><footer>Imprint</footer></body></html>"""


def test_html(tmp_path: Path) -> None:
    document = written(tmp_path, "canteen.html", HTML)
    assert document.title == "Canteen" and document.language == "en"
    assert rows(document) == [
        ("", "text", "Open to all staff."),
        ("Prices", "list", "- dish 5 EUR\n- salad 1 EUR\n  1. small"),
        ("Prices", "table", "Day | Dish\nMonday | Soup"),
        ("Prices", "code", "a\n  b"),
    ]
    assert document.blocks[-1].anchor == "prices"


def test_word(tmp_path: Path) -> None:
    made = docx.Document()
    made.core_properties.title, made.core_properties.author = "Visitor guide", "Events"
    custom = made.styles.add_style("Our Chapter", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    custom.base_style = made.styles["Heading 1"]
    made.add_paragraph("Planning", "Our Chapter")
    made.add_paragraph("Plan four weeks ahead.")
    made.add_paragraph("Guests", "Heading 2")
    made.add_paragraph("names", "List Bullet")
    made.add_paragraph("badges", "List Bullet")
    table = made.add_table(2, 2)
    for at, text in enumerate(("Room", "Seats", "Lab", "8")):
        table.cell(at // 2, at % 2).text = text
    made.add_paragraph("Cost", "Our Chapter")
    made.add_paragraph("The host pays.")
    made.save(tmp_path / "a.docx")
    document = read(tmp_path / "a.docx", tmp_path)
    assert (document.title, document.owner) == ("Visitor guide", "Events")
    assert rows(document) == [
        ("Planning", "text", "Plan four weeks ahead."),
        ("Planning > Guests", "list", "- names\n- badges"),
        ("Planning > Guests", "table", "Room | Seats\nLab | 8"),
        ("Cost", "text", "The host pays."),
    ]


def test_plain_text(tmp_path: Path) -> None:
    document = written(
        tmp_path, "rules.txt", "In effect from 1 May 2026.\nAll of it.\n\n* one\n* two\n  goes on\n".encode("utf-16")
    )
    assert rows(document) == [
        ("", "text", "In effect from 1 May 2026. All of it."),
        ("", "list", "- one\n- two goes on"),
    ]
    assert document.effective == date(2026, 5, 1) and document.title == "rules"


@each(
    "name, content, code",
    [
        ("a.md", b"", "empty"),
        ("a.md", b"---\ntitle: x\n---\n", "empty"),
        ("a.md", bytes(range(256)) * 50, "binary"),
        ("a.html", b"", "empty"),
        ("a.html", b"\x89PNG\r\n\x1a\n\0\0\0", "binary"),
        ("a.docx", b"", "empty"),
        ("a.docx", b"not a zip", "unreadable"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "encrypted"),
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"%PDF-1.7 and nothing", "unreadable"),
        ("a.xls", b"1", "format"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        written(tmp_path, name, content)
    assert caught.value.code == code and caught.value.message.endswith(".")


def test_a_zip_bomb_is_not_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 30_000_000)
    with pytest.raises(ReadError) as caught:
        read(tmp_path / "a.docx", tmp_path)
    assert caught.value.code == "too_large"


def test_an_entity_bomb_in_word_expands_nothing(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("Text.")
    made.save(tmp_path / "a.docx")
    entities = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10 if at else "ha" * 10}">' for at in range(9))
    with zipfile.ZipFile(tmp_path / "a.docx") as old, zipfile.ZipFile(tmp_path / "b.docx", "w") as new:
        for part in old.namelist():
            data = old.read(part)
            if part == "word/document.xml":
                data = data.replace(b"<w:document", f"<!DOCTYPE x [{entities}]><w:document".encode(), 1).replace(
                    b"Text.", b"&e8;"
                )
            new.writestr(part, data)
    try:
        assert len(read(tmp_path / "b.docx", tmp_path).blocks[0].text) < 10_000
    except ReadError as error:
        assert error.code in ("unreadable", "empty")


def test_absurd_nesting_is_read(tmp_path: Path) -> None:
    assert "deep down" in written(tmp_path, "a.html", "<div>" * 30_000 + "deep down here").blocks[0].text
    assert "deep down" in written(tmp_path, "a.md", "> " * 3_000 + "deep down here").blocks[0].text


def test_names_may_be_odd(tmp_path: Path) -> None:
    name = "Überstunden 2026 – «final» (1)\n;'$(x).md"
    assert written(tmp_path, name, "Overtime is paid.").path == name


@given(st.text(max_size=200))
def test_clean_leaves_nothing_unseen_and_is_stable(text: str) -> None:
    cleaned = clean(text)
    assert not invisible().search(cleaned) and not set("\t\r\u2028\xa0") & set(cleaned)
    assert clean(cleaned) == cleaned


def test_clean_keeps_what_is_read() -> None:
    assert (
        clean("e\ufb03cient\u200b \u202etxt\u202c 5\u00a0m² naïve 日本 \U000e0041!")
        == "efficient txt 5 m² naïve 日本 !"
    )


def test_lines_that_are_noise_take_nothing_with_them(tmp_path: Path) -> None:
    """An admonition's fence, an MDX import and a shell `export` end where their line ends."""
    file = tmp_path / "page.md"
    file.write_text(
        "import Tabs from '@theme/Tabs'\n\n# Keys\n\n:::note\nKeys are counted on Mondays.\n:::\n\n"
        "```sh\nexport SLUG=company\n```\n\nThen wait for mail from the caretaker.\n\n<!-- old\nrule -->\nLast line.\n",
        encoding="utf-8",
    )
    text = "\n".join(block.text for block in read(file, tmp_path).blocks)
    for kept in ("Keys are counted on Mondays.", "export SLUG=company", "mail from the caretaker.", "Last line."):
        assert kept in text
    for gone in (":::", "@theme", "old"):
        assert gone not in text


def test_word_says_what_a_reader_sees(tmp_path: Path) -> None:
    """Tracked changes, content controls, fields, merged cells, footnotes: none may turn a rule around."""
    made = docx.Document()
    made.add_heading("Abroad", 1)
    paragraph = made.add_paragraph("Staff ")
    for xml in (
        '<w:ins w:id="1" w:author="x"><w:r><w:t>must not</w:t></w:r></w:ins>',
        '<w:del w:id="2" w:author="x"><w:r><w:delText>may</w:delText><w:t>may</w:t></w:r></w:del>',
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>",
        '<w:r><w:t xml:space="preserve"> work abroad for </w:t></w:r>',
        "<w:sdt><w:sdtContent><w:r><w:t>12 weeks</w:t></w:r></w:sdtContent></w:sdt>",
        '<w:fldSimple w:instr="x"><w:r><w:t xml:space="preserve"> a year.</w:t></w:r></w:fldSimple>',
    ):
        paragraph._p.append(parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1)))
    control = (
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    made.element.body.insert(len(made.element.body) - 1, parse_xml(control))
    table = made.add_table(3, 3)
    for at in range(9):
        table.cell(at // 3, at % 3).text = f"r{at // 3}c{at % 3}"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "wide"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "high"
    table.cell(1, 1).add_table(1, 1).cell(0, 0).text = "inner"
    made.add_heading("Claims end after 30 days", 1)
    made.save(tmp_path / "a.docx")
    assert rows(read(tmp_path / "a.docx", tmp_path)) == [
        ("Abroad", "text", "Staff must not work abroad for 12 weeks a year."),
        ("Abroad", "text", "In a control."),
        ("Abroad", "table", "r0c0 | wide | wide\nhigh | r1c1 inner | r1c2\nhigh | r2c1 | r2c2"),
        ("", "text", "Claims end after 30 days"),
    ]


def test_a_word_footnote_follows_its_paragraph(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("Meals are paid.")._p.append(
        parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>')
    )
    made.add_paragraph("Next.")
    note = '<w:footnote w:id="2"><w:p><w:r><w:t>Up to 30 EUR.</w:t></w:r></w:p></w:footnote>'
    notes = f"<w:footnotes {nsdecls('w')}>{note}</w:footnotes>"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, notes.encode(), made.part.package)
    made.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    made.save(tmp_path / "a.docx")
    assert [text for _, _, text in rows(read(tmp_path / "a.docx", tmp_path))] == [
        "Meals are paid. (Up to 30 EUR.)",
        "Next.",
    ]


@each(
    "body, expected",
    [
        (
            "<table><caption>Days<tr><th>Grade<th colspan=2>Days<tr><td rowspan=2>B<td>3<td>4<tr><td>5<td>6</table>",
            [("", "text", "Days"), ("", "table", "Grade | Days | Days\nB | 3 | 4\nB | 5 | 6")],
        ),
        (
            "<table><tr><td>Fee<td><table><tr><td>low<td>5</table>a year</table>",
            [("", "table", "Fee | low 5 a year")],
        ),
        (
            "<ol start=3><li>three<ul><li>inner</ul>more<li value=7>seven<table><tr><td>a<td>b</table><li>eight</ol>",
            [("", "list", "3. three\n  - inner\nmore\n7. seven\na | b\n8. eight")],
        ),
        (
            "<table><tr><td><h2>Leave</h2><p>Thirty days.</table><form><h2>Pay</h2><p>On the 27th.</form>",
            [("Leave", "text", "Thirty days."), ("Pay", "text", "On the 27th.")],
        ),
        (
            "<h2>Rates</h2><table><tr><td>5 EUR</table><h2>No smoking</h2>",
            [("Rates", "table", "5 EUR"), ("", "text", "No smoking")],
        ),
    ],
)
def test_html_tables_and_lists_keep_what_belongs_together(
    tmp_path: Path, body: str, expected: list[tuple[str, str, str]]
) -> None:
    assert rows(written(tmp_path, "a.html", f"<body>{body}</body>")) == expected


def test_a_long_html_list_takes_linear_time(tmp_path: Path) -> None:
    """20,000 items took a minute and a half when each counted those before it; the suite's clock would show it."""
    text = written(tmp_path, "a.html", "<ol>" + "<li>item" * 20_000 + "</ol>").blocks[0].text
    assert text.endswith("\n20000. item")


@each("name", ["windows-1254", "iso-8859-9", "utf-8", "unknown-8bit"])
def test_html_says_its_encoding(tmp_path: Path, name: str) -> None:
    encoding = {"utf-8": "utf-8", "unknown-8bit": "cp1252"}.get(name, "cp1254")
    said = "Öğle" if encoding == "cp1254" else "Café"
    page = f'<html><head><meta charset="{name}"></head><body><p>{said} 5 €</p></body></html>'
    assert written(tmp_path, "a.html", page.encode(encoding)).blocks[0].text == f"{said} 5 €"


@each(
    "encoding, said",
    [
        ("cp1252", "Café 5 €, déjà vu – no more."),
        ("cp1254", "Çalışanlar yıllık izinlerini şirkete bildirir. Öğle arası ücretlidir."),
        ("cp1251", "Сотрудники имеют право на отпуск 28 дней в году."),
        ("cp1253", "Οι εργαζόμενοι δικαιούνται άδεια 28 ημερών τον χρόνο."),
        ("shift_jis", "従業員は年次有給休暇を取得することができます。申請は上司に提出してください。"),
    ],
)
def test_text_that_does_not_say_its_encoding(tmp_path: Path, encoding: str, said: str) -> None:
    assert written(tmp_path, "a.txt", said.encode(encoding)).blocks[0].text == said


def test_a_bad_byte_spoils_no_other(tmp_path: Path) -> None:
    text = written(tmp_path, "a.txt", "Çalışanlar şirkete bildirir.".encode() + b"\xff").blocks[0].text
    assert text.startswith("Çalışanlar şirkete bildirir.")


def test_html_in_markdown_is_read_as_html(tmp_path: Path) -> None:
    document = written(
        tmp_path,
        "a.md",
        "# A\n\n<style>.x{}</style>\n\n<table>\n<tr><th>Grade</th><th>EUR</th></tr>\n\n    <tr><td>A&nbsp;1</td>"
        "<td>5</td></tr>\n</table>\n\n<aside>Mind the gap.</aside>\n\n"
        "- item\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n\n  <div>limit 4</div>\n",
    )
    assert rows(document) == [
        ("", "table", "Grade | EUR\nA 1 | 5"),
        ("", "text", "Mind the gap."),
        ("", "list", "- item\na | b\n1 | 2\nlimit 4"),
    ]


@each(
    "front, title, first",
    [
        ("title: Travel: the rules\nversion: '4'", "Travel: the rules", "Body."),
        ("", "a", "Body."),
        ("This applies to all.", "This applies to all.", "Body."),
    ],
)
def test_front_matter_is_never_lost(tmp_path: Path, front: str, title: str, first: str) -> None:
    document = written(tmp_path, "a.md", f"---\n{front}\n---\n\nBody.\n")
    assert (document.title, document.blocks[0].text) == (title, first)


def test_headings_of_plain_text(tmp_path: Path) -> None:
    document = written(
        tmp_path,
        "a.txt",
        "TRAVEL\n\n1. Purpose\n\nTo travel.\n\n2. Scope\n\nAll.\n\n"
        "Meals\n-----\n30 EUR.\n\n1. Ask first\n\n2. Then go\n",
    )
    assert rows(document) == [
        ("TRAVEL > 1. Purpose", "text", "To travel."),
        ("TRAVEL > 2. Scope", "text", "All."),
        ("TRAVEL > Meals", "text", "30 EUR."),
        ("TRAVEL > Meals", "list", "1. Ask first"),
        ("TRAVEL > Meals", "list", "2. Then go"),
    ]
