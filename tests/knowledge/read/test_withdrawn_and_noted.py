"""Markdown and HTML as people write them: withdrawn words out, notes at their call, marks of dialects gone."""

from pathlib import Path

import docx
from hypothesis import assume, given
from hypothesis import strategies as st

from knowledge.read import notes, read
from tests.knowledge.read.test_siblings import said
from tests.rows import each

CASES = {
    "~~500 euros~~ 700 euros": "700 euros",
    "<del>Free.</del> 15 euros.": "15 euros.",
    "<s>Free.</s> <strike>x</strike> 15 <ins>euros</ins>.": "15 euros.",
    'now <span style="text-decoration: line-through">12</span> 15': "now 15",
    "{--Free.--}{++15 euros.++}{>>why?<<} {~~12~>15~~} days": "15 euros. 15 days",
    "~Free~ 15 euros, ~5 to ~6 km": "15 euros, ~5 to ~6 km",
    "<del>\n\nAll of it.\n\n</del>\n\nNew.": "New.",
    ":::warning Visa\nApply.\n:::": "Warning (Visa): Apply.",
    ":::{note} Visa\nApply.\n:::": "Note (Visa): Apply.",
    '::: {.callout-tip title="Visa"}\nApply.\n:::': "Tip (Visa): Apply.",
    '!!! note "Trains"\n    First class.': "Note (Trains): First class.",
    '??? danger inline end ""\n    Keep *out*.': "Danger: Keep out.",
    "> [!IMPORTANT]\n> Within 14 days.": "Important: Within 14 days.",
    "> [!tip]- My title\n> Body.": "Tip (My title): Body.",
    '=== "Linux"\n\n    Use apt.': "Linux: Use apt.",
    '{% hint style="info" %}\nBody.\n{% endhint %}': "Info: Body.",
    '{{% notice warning "Beware" %}}\nBody.\n{{% /notice %}}': "Warning (Beware): Body.",
    '{% include callout.html content="Body text." type="warning" %}': "Warning: Body text.",
    '{{< note\n  text="Body text." >}}': "Note: Body text.",
    "> **Warning**\n> Keep out.": "Warning: Keep out.",
    "| a | b |\n|---|---|\n| Dog | :white_check_mark: |\n| Cat | :x: |\n\nFrom 10:30:45 on.": (
        "a | b\nDog | ✓\nCat | ✗\nFrom 10:30:45 on."
    ),
    '--8<-- "file.md"\n\nBody.': "Body.",
    "Careful.\n{: .warning }": "Warning: Careful.",
    '<Tabs>\n<TabItem value="a" label="Apple">\n\nRed.\n\n</TabItem>\n</Tabs>': "Apple: Red.",
    'import X from "x"\n\nexport const a = 1\n\n<X.Y a={1} /> Body. {/* no */}': "Body.",
    "Meals.[^1]\n\n[^1]: Above 40.": "Meals. (Above 40.)",
    "Meals[^a] are paid.[^b]\n\n[^a]: Above 40.\n[^b]: In May.": "Meals are paid. (Above 40.) (In May.)",
    "Meals[^a], trips[^b] and more\n\n[^a]: One.\n[^b]: Two.": "Meals (One.), trips (Two.) and more",
    "Meals are paid.[^a][^b]\n\n[^a]: Above 40.\n[^b]: In May.": "Meals are paid. (Above 40.) (In May.)",
    "Meals<sup>1</sup> (14 m²) are paid².\n\n<sup>1</sup> Above 40.  \n² In May.": (
        "Meals (14 m²) are paid. (Above 40.) (In May.)"
    ),
    "Meals[^lost] are paid.": "Meals are paid.",
    "Term\n: What it is.": "- Term: What it is.",
    "- [ ] Ask\n- [x] Book": "- ☐ Ask\n- ☒ Book",
    "- [ ] Ask\n- [ ] Book": "- Ask\n- Book",
    "- ~~gone~~\n- one\n  - two": "- one\n  - two",
    "*[PTO]: Paid time off": "PTO: Paid time off",
    "See [[Travel|the rules]].\n\n[[_TOC_]]": "See the rules.",
    "```\n!!! note\n    x ~~y~~ <!-- z -->\n```": "!!! note\n    x ~~y~~ <!-- z -->",
    "`~~kept~~` and `:::`": "~~kept~~ and :::",
}


@each("markdown, expected", CASES.items())
def test_markdown_of_many_dialects(tmp_path: Path, markdown: str, expected: str) -> None:
    (tmp_path / "a.mdx").write_text("# T\n\nFirst.\n\n" + markdown + "\n", encoding="utf-8")
    assert "\n".join(block.text for block in read(tmp_path / "a.mdx", tmp_path).blocks[1:]) == expected


def test_a_note_of_a_heading_and_of_a_cell(tmp_path: Path) -> None:
    text = "# T\n\n## Rules[^1]\n\n| a | b |\n|---|---|\n| x[^2] | ~~y~~ z |\n\n[^1]: One.\n[^2]: Two.\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    found = [(block.section, block.text) for block in read(tmp_path / "a.md", tmp_path).blocks]
    assert found == [(("Rules",), "(One.)"), (("Rules",), "a | b\nx (Two.) | z")]


HTML = {
    '<p>Paid<sup><a href="#fn1" id="r1">1</a></sup> here.</p><ol><li id="fn1">Up to 5. <a href="#r1">↩</a></li></ol>': (
        "Paid here. (Up to 5.)"
    ),
    '<p>Paid.<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a></p><div id="x"><p><a href="#_ftnref1" name="_ftn1">'
    "[1]</a> Up to 5.</p></div>": "Paid. (Up to 5.)",
    "<p>Paid<sup>3</sup> here.</p><p><sup>3</sup> Up to 5.</p>": "Paid here. (Up to 5.)",
    "<p>30 m<sup>2</sup>, 10<sup>6</sup>, the 1<sup>st</sup>, lost<sup>7</sup>, CO<sub>2</sub></p>": (
        "30 m², 10⁶, the 1st, lost, CO2"
    ),
    "<style>.old, p.out {text-decoration:line-through}</style><p>Now <b class='old'>5</b> 6.</p><p class=out>x y</p>": (
        "Now 6."
    ),
    "<p>Paid<sup>1, 2</sup>, says all.</p><p><sup>1</sup> In May.</p><p><sup>2</sup> Up to 5.</p>": (
        "Paid, says all. (In May.) (Up to 5.)"
    ),
    "<p>the self-\n  service portal of SP 800-\n63-2, pre-\nand post-sales and/\nor</p>": (
        "the self-service portal of SP 800-63-2, pre- and post-sales and/or"
    ),
    "<p>Paid.<sup><a href=#a>1</a>,</sup><sup><a href=#b>2</a></sup></p><p id=a>1 In May.</p><p id=b>2 Up to 5.</p>": (
        "Paid. (In May.) (Up to 5.)"
    ),
    "<style>#d li, ul.x > .y, p {color:red} #d li, ul.x > .y {text-decoration:line-through}</style><p>A.</p>"
    "<div id=d><ol><li>b c</ol></div><ul class='w x'><li class=y>d e<li><b class=y>f</b></ul>": "A.\n- f",
    "<p><abbr title='Paid time off'>PTO</abbr> is <abbr title='Paid time off'>PTO</abbr>.</p>": (
        "PTO (Paid time off) is PTO."
    ),
    "<dl><dt>Tier 1</dt><dd>London</dd><dd>Paris</dd><dt>A<dt>B<dd>Same</dl>": (
        "- Tier 1: London\n- Tier 1: Paris\n- A, B: Same"
    ),
    "<ul><li>a<ul><li>b<ol><li>c</ol></ul><li><del>gone</del><li>d</ul>": "- a\n  - b\n    1. c\n- d",
    "<table><tr><th>Who<th>May<tr><td>Dog<td><img alt=Yes><tr><td><s>Cat</s><td>No</table>": (
        "Who | May\nDog | Yes\n| No"
    ),
    "<table><tr><th>Years<td>1-4<td>5-9<td>10 or more<tr><th>Days<td>none<td>25<td>30</table>": (
        "Years | Days\n1-4 | none\n5-9 | 25\n10 or more | 30"
    ),
    "<p aria-hidden=true>x y</p><p hidden>x y</p><p>Seen.</p>": "Seen.",
    "<details><summary>Taxis?</summary><p>After 22:00.</p></details>": "After 22:00.",
    "<details><summary>Work may start.</summary><p>At 7:00.</p></details>": "Work may start.\nAt 7:00.",
}


@each("page, expected", HTML.items())
def test_html_keeps_what_is_in_force(tmp_path: Path, page: str, expected: str) -> None:
    (tmp_path / "a.html").write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    assert "\n".join(block.text for block in read(tmp_path / "a.html", tmp_path).blocks) == expected


TEXTS = {
    "Hotels cost 120 [1]. Hostels are free¹ of it, flats* too.\n\n[1] In Paris\nto 180.\n¹ On trips.\n* In May.": (
        "Hotels cost 120. (In Paris to 180.) Hostels are free of it, flats too. (On trips.) (In May.)"
    ),
    "Rooms have 14 m² and [2] is no call.\n\n² On trips.\n\n[1] In Paris.": (
        "Rooms have 14 m² and [2] is no call.\n² On trips.\n[1] In Paris."
    ),
    "RULES [1]\n\nAsk *first*.\n\n* one\n* two\n\n[1] In Paris.": "(In Paris.)\nAsk *first*.\n- one\n- two",
}


def test_notes_typed_into_plain_text(tmp_path: Path) -> None:
    for text, expected in TEXTS.items():
        (tmp_path / "a.txt").write_text(text, encoding="utf-8")
        assert "\n".join(block.text for block in read(tmp_path / "a.txt", tmp_path).blocks) == expected


@given(st.text(alphabet="ab .?()[]|\n12", max_size=60), st.integers(0, 60), st.sampled_from(["n1", "7"]))
def test_a_call_without_a_note_leaves_no_figure_and_one_with_a_note_loses_nothing(text: str, at: int, key: str) -> None:
    assume(text[max(0, at - 1) : at + 1] not in ("()", "[]", "(]", "[)"))  # in brackets it is kept, or its note there
    called = text[:at] + notes.call(key) + text[at:]
    assert not set("3456789") & set(notes.attached(called, {})) and notes.without_calls(called) == text
    whole = notes.attached(called, {key: "XYZ."})
    assert whole.replace("(XYZ.)", "").replace(" ", "") == text.replace(" ", "")


def test_what_is_struck_leaves_no_shell(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("- [ ] ~~old item~~\n- [x] helmet\n- ~~gone~~\n\nClosed at weekends ~~only~~.\n")
    (tmp_path / "a.html").write_text("<ul><li>☐ <s>old</s><li>☒ helmet</ul><p>Closed at weekends <del>only</del>.</p>")
    made = docx.Document()
    made.add_paragraph("☒ helmet", style="List Bullet")
    paragraph = made.add_paragraph("Closed at weekends ")
    paragraph.add_run("only").font.strike = True
    paragraph.add_run(".")
    made.save(str(tmp_path / "a.docx"))
    names = ("a.md", "a.html", "a.docx")
    assert [said(tmp_path / name) for name in names] == ["- ☒ helmet\nClosed at weekends."] * 3
