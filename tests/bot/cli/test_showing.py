"""policybot show: text and page picture of what an answer cites, from a real knowledge base."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from bot import wiring
from bot.cli import main
from bot.settings import load
from bot.types import Answer, Citation, Outcome, Question, Record
from knowledge.types import Passage

QUOTE = "Meals are refunded up to 40 euros a day."


def record(chunk_id: str, text: str) -> Record:
    passage = Passage(chunk_id, "travel.pdf", "Travel Policy", (), text, 1.0, owner="Finance")
    cited = Citation(1, chunk_id, "travel.pdf", "Travel Policy", (), QUOTE, page=1, page_end=1, page_label="1")
    answer = Answer(Outcome.ANSWERED, f"{QUOTE} [1]", citations=(cited,), passages=(passage,))
    return Record("a1b2c3", Question("a1b2c3", "Meals?"), answer, datetime(2026, 11, 28, tzinfo=UTC))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one ingested PDF and two recorded answers, one of which cites it."""
    folder = tmp_path_factory.mktemp("show")
    docs = folder / "docs"
    docs.mkdir()
    canvas = Canvas(str(docs / "travel.pdf"), pagesize=A4)
    canvas.setTitle("Travel Policy")
    canvas.setFont("Helvetica", 12)
    canvas.drawString(72, 700, f"Travel of staff. {QUOTE} Alcohol is not.")
    canvas.save()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POLICYBOT_DATA", str(folder / "data"))
        assert main(["ingest", str(docs)]) == 0
        settings = load()
        with wiring.knowledge(settings) as parts:
            ((key, *_),) = parts.catalog.outline("default")
            chunk = parts.catalog.chunks("default", [key])[key]
        with wiring.store(settings) as store:
            store.answers.save(record(key, chunk.text))
            bare = record(key, chunk.text)
            empty = Answer(Outcome.REFUSED, "")
            store.answers.save(replace(bare, id="none01", question=replace(bare.question, id="none01"), answer=empty))
    return folder


@pytest.fixture(autouse=True)
def environment(data: Path, verbs_at: Callable[[Path], None]) -> None:
    verbs_at(data / "data")


def test_the_place_is_told_with_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "a1b2c3"]) == 0
    out = capsys.readouterr().out
    for part in (
        "[1] Travel Policy",
        "travel.pdf; p. 1; owner: Finance",
        f"**{QUOTE}**",
        "Alcohol is not.",
    ):
        assert part in out


def test_text_and_picture_are_written(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "a1b2c3", "-o", str(tmp_path / "out")]) == 0
    files = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [file.name for file in files] == ["a1b2c3-1-page-1.png", "a1b2c3-1.txt"]
    assert f"**{QUOTE}**" in files[1].read_text()
    colours = Image.open(files[0]).convert("RGB").getcolors(1 << 24) or []
    assert any(r > 220 and 200 < g < 250 and b < 140 for _, (r, g, b) in colours)  # type: ignore[misc]
    (data / "docs" / "travel.pdf").rename(data / "docs" / "moved.pdf")
    try:
        assert main(["show", "a1b2c3", "-o", str(tmp_path / "later")]) == 0
        assert "No picture of the page" in (tmp_path / "later" / "a1b2c3-1.txt").read_text()
    finally:
        (data / "docs" / "moved.pdf").rename(data / "docs" / "travel.pdf")


def test_what_cannot_be_shown_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for wanted, code in (("none01", "nothing_cited"), ("no such", "unknown_question")):
        assert main(["show", wanted]) == 1
        assert f"[{code}]" in capsys.readouterr().err
    (tmp_path / "file").touch()
    assert main(["show", "a1b2c3", "-o", str(tmp_path / "file")]) == 1
    assert "Name another folder" in capsys.readouterr().err
