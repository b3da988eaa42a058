"""The sample manual is what its script makes, and the gold questions point at what it says."""

import json
import re
import unicodedata
from pathlib import Path

import pypdf
import pypdfium2

from tests.corpus import build

HERE = Path(__file__).parent
MANUAL = HERE.parent / "bot/demo/manual"
GOLD = [json.loads(line) for line in (HERE / "eval" / "gold.jsonl").read_text(encoding="utf-8").splitlines()]


def words(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKC", text).lower()))


def test_the_pdf_is_what_the_script_makes_from_the_text(tmp_path: Path) -> None:
    build.handbook(tmp_path / "handbook.pdf")
    made, kept = pypdf.PdfReader(tmp_path / "handbook.pdf"), pypdf.PdfReader(MANUAL / "handbook.pdf")
    assert [page.extract_text() for page in made.pages] == [page.extract_text() for page in kept.pages]


def test_the_pdf_has_what_real_manuals_have() -> None:
    reader = pypdf.PdfReader(MANUAL / "handbook.pdf")
    assert len(reader.pages) >= 60
    assert reader.page_labels[:3] == ["i", "ii", "iii"] and reader.page_labels[10] == "1"
    assert len([entry for entry in reader.outline if not isinstance(entry, list)]) == 18


def test_gold_has_forty_answerable_and_twenty_unanswerable_questions() -> None:
    assert [row["answerable"] for row in GOLD].count(True) == 40
    assert [row["answerable"] for row in GOLD].count(False) == 20
    assert len({row["id"] for row in GOLD}) == 60


def test_every_gold_evidence_stands_on_its_page() -> None:
    pages = [words(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(MANUAL / "handbook.pdf")]
    for row in GOLD:
        if row["page"]:
            start = " ".join(words(row["evidence"]).split()[:6])
            assert start in pages[row["page"] - 1], row["id"]
