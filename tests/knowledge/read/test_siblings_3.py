"""Files as people make them, once more: headers of several rows, tabs, front matter in JSON."""

from pathlib import Path

import docx
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate, Table

from knowledge.read import read
from tests.knowledge.read.test_pdf import lines
from tests.knowledge.read.test_siblings import said
from tests.rows import each

_HEADER = (
    "<table><tr><th rowspan=2>Service<th colspan=2>Notice<tr><th>Employer<th>Employee"
    "<tr><td rowspan=2>5 years<td>2 months<td>4 weeks<tr><td colspan=2>none on trial</table>"
)
_ROWS = (
    "Service | Notice Employer | Notice Employee\n5 years | 2 months | 4 weeks\n5 years | none on trial | none on trial"
)


def test_a_header_of_several_rows_is_one(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<h1>Notice</h1>{_HEADER}")
    (tmp_path / "a.md").write_text(f"# Notice\n\n{_HEADER}\n")
    made = docx.Document()
    table = made.add_table(4, 3)
    for at, words in enumerate(
        (("Service", "Notice", ""), ("", "Employer", "Employee"), ("5 years", "2 months", "4 weeks"), ("", "", ""))
    ):
        for cell, word in zip(table.rows[at].cells, words, strict=True):
            cell.text = word
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(2, 0).merge(table.cell(3, 0))
    table.cell(3, 1).merge(table.cell(3, 2)).text = "none on trial"
    made.save(str(tmp_path / "a.docx"))
    assert [said(tmp_path / name) for name in ("a.html", "a.md", "a.docx")] == [_ROWS] * 3


def test_rules_part_cells_that_stand_close(tmp_path: Path) -> None:
    rows = ["Grade | Class | Limit", "Lead | Estate car | 380 euros", "Director | Large car | 600 euros"]
    corners = (0, 0), (-1, -1)
    style = [("GRID", *corners, 0.5, "black"), ("LEFTPADDING", *corners, 2), ("RIGHTPADDING", *corners, 2)]
    SimpleDocTemplate(str(tmp_path / "a.pdf")).build([Table([row.split(" | ") for row in rows], style=style)])
    assert said(tmp_path / "a.pdf") == "\n".join(rows)


def test_a_first_row_of_figures_is_no_header(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<h1>Leave</h1><table><tr><td rowspan=2>Staff<td colspan=2>30 days<tr><td>20 days sick<td>5 days</table>"
    )
    assert said(tmp_path / "a.html") == "Staff | 30 days | 30 days\nStaff | 20 days sick | 5 days"


@each(
    "name, text, stands, stands_not",
    [
        ("a.md", "# X\n\n[![Build](https://i.example/b.svg)](https://ci.example)\n", ["Build"], ["example"]),
        (
            "a.md",
            "# X\n\n1. Ask\n1. Wait\n\n   ```\n   a\n     b\n   ```\n1. Go\n   - [x] now\n",
            ["1. Ask\n2. Wait\na\n  b\n3. Go\n  - ☒ now"],
            [],
        ),
        ("a.md", "# X\n\n<div hidden>\n\nPay is 5.\n\n## Rest\n\nIt is free.\n", ["Pay is 5.", "It is free."], []),
        ("a.md", "# X\n\n<div hidden>\n\nPay is 5.\n\n</div>\n\nIt is free.\n", ["It is free."], ["Pay"]),
        ("a.md", "# X\n\n<noscript>\n\nPay is 5.\n", ["Pay is 5."], []),
        ("a.md", "# X\n\nIt is free.<noscript>Turn scripts on.</noscript>\n", ["It is free."], ["scripts"]),
        ("a.md", "# X\n\n!!!note\n    Nights count double.\n", ["Note: Nights count double."], ["!!!"]),
        ("a.md", "# X\n\n> [!NOTE] Ask first\n\nIt is free.\n", ["Note (Ask first):\nIt is free."], []),
        ("a.md", "# X\n\nUp to 85 dB<sup>1</sup> on 40 m<sup>2</sup>.\n", ["85 dB on 40 m²"], ["dB1"]),
        (
            "a.html",
            "<button role=tab id=t1>Germany</button><button role=tab id=t2>France</button>"
            "<div role=tabpanel aria-labelledby=t1><p>Six weeks.</p></div>"
            "<div role=tabpanel aria-labelledby=t2 hidden><p>Three days.</p></div>",
            ["Germany > Six weeks.", "France > Three days."],
            [],
        ),
        (
            "a.html",
            "<h2><button aria-controls=a>May I park?</button></h2><div id=a hidden><p>Behind hall four.</p></div>"
            "<button class=accordion>Who pays?</button><p>The host.</p><button>Print</button><p hidden>No.</p>",
            ["May I park? > Behind hall four.", "> Who pays?", "> The host."],
            ["Print", "No."],
        ),
        (
            "a.html",
            "<h2>Leave <button>Copy link</button></h2><p>Six weeks.</p><h2>Rules <button aria-controls=old>Withdrawn"
            "</button></h2><div id=old hidden><p>In 2019 20 days.</p></div>"
            "<p>Text <button class=accordion-link>more</button> goes on here.</p>",
            ["Leave > Six weeks.", "Rules > Text goes on here."],
            ["Copy", "Withdrawn", "2019", "more"],
        ),
        (
            "a.html",
            "<button class=accordion>Sick pay</button><div class=panel style='display:none'><p>Six weeks.</p></div>",
            ["Sick pay", "Six weeks."],
            [],
        ),
        (
            "a.html",
            "<h2>1. <button aria-controls=a>Leave</button><a href=#a>¶</a></h2><div id=a aria-hidden=true><p>Six weeks."
            "</div><h4><a data-toggle=collapse href=#c>Pay</a></h4><div id=c style='display:none'>On the 25th.</div>",
            ["1. Leave > Six weeks.", "Pay > On the 25th."],
            [],
        ),
        (
            "a.html",
            "<button class=faq-question aria-controls=f>Who pays?</button><div id=f hidden><p>The host.</p></div><div "
            "role=button class=accordion-header aria-controls=d>Who parks?</div><div id=d hidden>Guests.</div><button "
            "class=collapsible>Who stays?</button><div style='display:none'>Nobody.</div>",
            ["Who pays?\nThe host.\nWho parks?\nGuests.\nWho stays?\nNobody."],
            [],
        ),
        (
            "a.html",
            "<h2><button></button></h2><div hidden><p>A draft.</p></div><h2><a href=#o>Leave</a></h2><div id=o hidden>"
            "<p>In 2019 20 days.</p></div><button aria-expanded=false aria-controls=m>Menu</button><ul id=m hidden><li>"
            "<a href=/>Home</a></ul><p>Six weeks.</p>",
            ["Leave > Six weeks."],
            ["draft", "2019", "Menu", "Home"],
        ),
        (
            "a.html",
            "<button aria-expanded=false aria-controls=d>What is leave?</button><div id=d hidden>Free time.</div>"
            "<button aria-expanded=false aria-controls=l>What to bring?</button><ul id=l hidden><li>Passport<li>Visa"
            "</ul><dl><dt><button aria-controls=e>Who pays?</button><dd id=e hidden>The host.</dd></dl>"
            "<button aria-controls='p q'>All</button><p id=p hidden>Six weeks.</p><p id=q hidden>Ask first.</p><p>"
            "<button class=faq-question>Who parks?</button></p><div style='display:none'><p>Guests.</p></div>",
            [
                "What is leave?",
                "Free time.",
                "- Passport\n- Visa",
                "Who pays?",
                "The host.",
                "Six weeks.",
                "Ask first.",
                "Who parks?",
                "Guests.",
            ],
            [],
        ),
        (
            "a.html",
            "<button aria-expanded=false aria-controls=m>Menu</button><div id=m hidden>New: <a href=/>All the offices"
            "</a><a href=/b><span>Contacts</span></a></div><p>Six weeks. <button class=accordion>More</button></p>",
            ["Six weeks."],
            ["Menu", "offices", "Contacts", "More"],
        ),
        (
            "a.html",
            "<h1>Leave</h1><button aria-controls=p>Annual</button><div id=p hidden><div><a href=/x>Annual leave</a> "
            "is 30 days.</div></div><button aria-controls=q>Sick</button><div id=q hidden>Tell <b>your manager</b> "
            "first. See <a href=/y>the company doctor</a>.</div><button aria-controls=r>Call</button><ul id=r hidden>"
            "<li><a href=tel:4444>Security desk</a>: 4444</ul>",
            ["Annual leave is 30 days.", "Tell your manager first. See the company doctor.", "Security desk: 4444"],
            [],
        ),
        (
            "a.html",
            "<h2>Hours</h2><a role=tab aria-controls=f>France</a> <a role=tab aria-controls=s>Spain</a><div "
            "role=tabpanel id=f><p>Work 35.</p><h2>Rest</h2><p>Leave 25.</p></div><div role=tabpanel id=s "
            "hidden><p>Work 40.</p><ul><li>Leave 22.</ul></div><p>All meet.</p>",
            [
                "Hours > France > Work 35.",
                "France > Rest > Leave 25.",
                "Hours > Spain > - Leave 22.",
                "Hours > All meet.",
            ],
            [],
        ),
        (
            "a.html",
            "<ol><li>Sign<ol type=a><li>here</ol><li>Go</ol><ol type=I start=4><li>End</ol>",
            ["1. Sign\n  a. here\n2. Go", "IV. End"],
            [],
        ),
        (
            "a.html",
            "<p>Keep receipts<sup><a href='#cmnt1' id=r1>[a]</a></sup>.</p><div><p><a href='#r1' id=cmnt1>[a]</a>"
            "how long?</p></div><p><img src=a.png alt='Assembly point A is behind building 3'><img alt='a logo'></p>",
            ["Keep receipts.", "Assembly point A is behind building 3"],
            ["how long", "[a]", "logo"],
        ),
        (
            "a.html",
            "<p>Pay is <ac:structured-macro ac:name=status><ac:parameter ac:name=colour>Green</ac:parameter>"
            "<ac:parameter ac:name=title>250 EUR</ac:parameter></ac:structured-macro> a week, see <ac:link>"
            "<ac:plain-text-link-body><![CDATA[how to swap]]></ac:plain-text-link-body></ac:link>.</p>",
            ["Pay is 250 EUR a week, see how to swap."],
            ["Green"],
        ),
        ("a.txt", "=========\nLone work\n=========\n\nCall twice.\n", ["Lone work > Call twice."], ["==="]),
    ],
)
def test_structure(name: str, text: str, stands: list[str], stands_not: list[str], tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    found = said(tmp_path / name)
    assert [one for one in stands if one not in found] == [one for one in stands_not if one in found] == [], found


def test_columns_of_a_page(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=A4)
    canvas.setFont("Helvetica-Bold", 13)
    canvas.drawString(320, 700, "Noise")
    lines(
        canvas,
        60,
        720,
        "Taps in the workshop give no drinking water, so",
        "bottles stand beside the door of each hall and",
    )
    lines(canvas, 320, 680, "Ear plugs are worn above eighty-five decibels.")
    canvas.save()
    assert read(tmp_path / "a.pdf", tmp_path).blocks[-1].section == ("Noise",)


def test_front_matter_in_json_and_with_parameters(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        '{\n  "title": "Keys",\n  "version": "2.1",\n  "tags": ["a"]\n}\n\nKeys are signed for.\n'
    )
    found = read(tmp_path / "a.md", tmp_path)
    assert (found.title, found.version, len(found.blocks)) == ("Keys", "2.1", 1)
    (tmp_path / "a.md").write_text('+++\ntitle = "Shoes"\n[params]\nowner = "Facilities"\n+++\n\nShoes are closed.\n')
    assert read(tmp_path / "a.md", tmp_path).owner == "Facilities"


@each("stray")
def test_a_tag_in_markdown_that_is_closed_nowhere_takes_nothing_with_it(tmp_path: Path, stray: str) -> None:
    (tmp_path / "a.md").write_text(
        f"# Keys\n\n{stray}\n\n## Loss\n\nTell the desk.\n\n<svg>\n<text>Mon</text>\n</svg>\n"
    )
    assert [(b.section, b.text) for b in read(tmp_path / "a.md", tmp_path).blocks] == [(("Loss",), "Tell the desk.")]


def test_a_sentence_goes_on_over_a_forced_line_break_and_a_heading_keeps_its_anchor(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "## Desk[^1]\n\nThe limit is  \n50 keys  \na day.  \n**Owner:** Ann\n\n[^1]: In Rome.\n"
    )
    found = read(tmp_path / "a.md", tmp_path).blocks
    assert [b.text.strip() for b in found] == ["(In Rome.)", "The limit is 50 keys a day.", "Owner: Ann"]
    assert {b.anchor for b in found} == {"desk"}


def test_each_space_of_a_heading_is_a_hyphen_of_its_anchor(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# X\n\n## Sick  leave & pay\n\nIt is free.\n")
    (block,) = read(tmp_path / "a.md", tmp_path).blocks
    assert (block.section, block.anchor) == (("Sick leave & pay",), "sick--leave--pay")


def test_lists_in_cells_are_numbered_and_letters_call_notes(tmp_path: Path) -> None:
    document = docx.Document()
    text = document.add_paragraph("The bonus is 5")
    text.add_run("a").font.superscript = True
    text.add_run(" percent, on the 2")
    text.add_run("e").font.superscript = True
    text.add_run(" floor.")
    note = document.add_paragraph()
    note.add_run("a").font.superscript = True
    note.add_run(" Managers: 8.")
    cell = document.add_table(1, 1).cell(0, 0)
    cell.paragraphs[0].text, cell.paragraphs[0].style = "Ask", "List Number"
    cell.add_paragraph("Wait", "List Number")
    document.save(str(tmp_path / "a.docx"))
    assert said(tmp_path / "a.docx").split("\n") == [
        "The bonus is 5 percent, on the 2e floor. (Managers: 8.)",
        "1. Ask 2. Wait",
    ]


@each(
    "rows, joined",
    [
        (("Read https://intra.example/", "policies/leave-2026."), "Read https://intra.example/policies/leave-2026."),
        (("Read https://intra.example/", "and ask."), "Read https://intra.example/ and ask."),
        (("Read https://intra.example/travel-", "policy for it."), "Read https://intra.example/travel-policy for it."),
        (("Write to payroll-", "team@example.com."), "Write to payroll-team@example.com."),
        (("It takes 10–", "12 days."), "It takes 10–12 days."),
        (("On prend rendez-", "vous l'après-", "midi."), "On prend rendez-vous l'après-midi."),
        (("A ner-", "vous colleague, poiso-", "nous plants"), "A nervous colleague, poisonous plants"),
        (("Le rem-", "placez-", "vous, sommes-", "nous là"), "Le remplacez-vous, sommes-nous là"),
        (("Pouvez-", "vous rester au-", "delà d'une demi-", "heure"), "Pouvez-vous rester au-delà d'une demi-heure"),
        (("Il faut une au-", "torisation."), "Il faut une autorisation."),
    ],
)
def test_addresses_and_french_compounds_over_two_lines(rows: tuple[str, ...], joined: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("\n".join(rows))
    assert said(tmp_path / "a.txt") == joined


def test_turkish_as_windows_writes_it(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Yıllık izin 14 gündür. Ücret %50 artar.".encode("cp1254"))
    assert said(tmp_path / "a.txt") == "Yıllık izin 14 gündür. Ücret %50 artar."


def test_what_is_filled_in_and_what_a_forced_break_cuts(tmp_path: Path) -> None:
    rows = {
        "<p>Visitors: <input value='12'> a day": "Visitors: 12 a day",
        "<p>Class: <select><option>Economy<option selected>Business</select> only.": "Class: Business only.",
        "<p>In <select multiple><option selected>Rome<option selected>Bern</select>.": "In Rome Bern.",
        "<p>Why: <textarea>The client is abroad.</textarea>": "Why: The client is abroad.",
        "<p><input type=checkbox checked> Laptop <input type=radio> Phone": "☒ Laptop ☐ Phone",
        "<input type=checkbox id=menu-toggle><p>Open.": "Open.",
        "<p>Text <input type=hidden value=x1><input type=submit value=Send> here.": "Text here.",
        "<form><input value=leave><input type=submit value=Search></form><p>Open.": "Open.",
        "<fieldset><legend>Visitors</legend><label>Most</label><input value=12></fieldset>": "Visitors\nMost 12",
        "<p>A long-<br>term contract": "A long-term contract",
        "<p>Ask anna@<br>example.com": "Ask anna@example.com",
        "<p>A <b>long-</b><br/>term contract": "A long-term contract",
        "<ul><li>long-<br>term leave</ul>": "- long-term leave",
        "<table><tr><td>Kind<td>Days<tr><td>long-<br>term<td>5</table>": "Kind | Days\nlong-term | 5",
        "<p>Mon-<br>Fri, the holi&shy;<br>day, the super<wbr>visor": "Mon-Fri, the holiday, the supervisor",
        "<p>The room -<br>the large one": "The room -\nthe large one",
        "<p>Street 1<br>Town": "Street 1\nTown",
        "<h2>Annual<br>leave</h2><p>20 days": "Annual leave > 20 days",
        "<h2><b>Long-<br>term</b> leave</h2><p>20 days": "Long-term leave > 20 days",
    }
    wrong = []
    for row, right in rows.items():
        (tmp_path / "a.html").write_text(f"<h1>T</h1>{row}", encoding="utf-8")
        if (told := said(tmp_path / "a.html")) != right:
            wrong.append((row, told))
    assert not wrong


def test_a_forced_break_in_word_and_a_line_of_text_cut_no_word(tmp_path: Path) -> None:
    made = docx.Document()
    run = made.add_paragraph("A long-").add_run()
    run.add_break()
    run.add_text("term contract")
    run.add_break()
    run.add_text("on paper")
    made.save(str(tmp_path / "a.docx"))
    (tmp_path / "a.txt").write_text("Ask anna.miller@\nexample.com for a long-\nterm one.\n")
    assert said(tmp_path / "a.docx") == "A long-term contract\non paper"
    assert said(tmp_path / "a.txt") == "Ask anna.miller@example.com for a long-term one."
