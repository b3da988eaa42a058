"""Markdown, HTML, Word and plain text: sections, anchors, lists, tables, and what is left out."""

import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import ReadError
from knowledge.read import read
from knowledge.read.clean import clean, invisible
from knowledge.types import Document


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
        ("Hotels", "list", "- up to 140 EUR\n- with breakfast\n1. in Tier 1 cities"),
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
        ("Prices", "list", "- dish 5 EUR\n- salad 1 EUR\n1. small"),
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


@pytest.mark.parametrize(
    ("name", "content", "code"),
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
