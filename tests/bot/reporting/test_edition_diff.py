"""Two editions against each other, by hand and through the command line, with the answers that cite them."""

import json
import shutil
from pathlib import Path

import pytest

from bot.cli import main
from bot.reporting.edition_diff import Pair, changes, paired
from knowledge.types import Block, Document
from tests.bot.cli.recorded import Kept, environment, kept  # noqa: F401 - fixtures
from tests.prepared import PAGES


def document(path: str, title: str = "Manual", **sections: str) -> Document:
    blocks = tuple(Block(text, (name.replace("_", " "),)) for name, text in sections.items())
    return Document(path, title, blocks, 0)


def test_sections_are_paired_by_heading_then_without_number_then_by_likeness() -> None:
    old = document(
        "a.md",
        **{
            "1 Leave": "Leave is 28 days. It is taken in the year.",
            "2 Hotels": "Hotels are booked by the desk.",
            "3 Cars": "Cars are leased for three years. Fuel is paid by card.",
            "4 Fax": "The fax is on floor two.",
        },
    )
    new = document(
        "a.md",
        **{
            "1 Leave": "Leave is 30 days. It is taken in the year.",
            "2 Dogs": "Dogs wait outside.",
            "3 Hotels": "Hotels are booked by the desk.",
            "4 Company vehicles": "Cars are leased for four years. Fuel is paid by card.",
        },
    )
    found = {change.section: change for change in changes(Pair(old, new))}
    leave = found["1 Leave",]
    assert (leave.kind, leave.gone, leave.came) == ("changed", ("Leave is 28 days.",), ("Leave is 30 days.",))
    assert found["2 Dogs",].kind == "added" and found["4 Fax",].kind == "removed"
    assert ("3 Hotels",) not in found, "only its number changed"
    cars = found["4 Company vehicles",]
    assert (cars.kind, cars.was) == ("changed", ("3 Cars",)) and cars.came == ("Cars are leased for four years.",)
    assert changes(Pair(old, old)) == []
    moved = Pair(document("a.md", **{"2 Pets": "No."}), document("a.md", **{"3. Pets": "Dogs wait outside."}))
    assert [(c.kind, c.was) for c in changes(moved)] == [("changed", ("2 Pets",))], "rewritten under its heading"
    renamed = document("a.md", **{"4 Telefax": "The fax is on floor two."})
    assert [c.kind for c in changes(Pair(document("a.md", **{"4 Fax": "The fax is on floor two."}), renamed))] == [
        "renamed"
    ]


def test_documents_are_paired_by_path_then_by_title() -> None:
    old = [document("bikes-2025.md", "Bikes 2025"), document("same.md", "Same"), document("gone.md", "Gone")]
    new = [document("bikes-2026.md", "Bikes 2026"), document("same.md", "Other"), document("new.md", "New")]
    found = [(p.old and p.old.path, p.new and p.new.path) for p in paired(old, new)]
    assert found == [("bikes-2025.md", "bikes-2026.md"), ("same.md", "same.md"), ("gone.md", None), (None, "new.md")]
    assert len(paired(old[:1], new[2:])) == 1, "two files are two editions, whatever they are called"


def test_answers_and_gold_rows_that_cite_what_changed(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    kept: Kept,  # noqa: F811
) -> None:
    new = tmp_path / "new"
    shutil.copytree(PAGES, new)
    page = new / "lab-booking.md"
    page.write_text(page.read_text().replace("the door seal is open", "the drum is open"))
    (new / "relocation.md").unlink()
    seal = {"id": "seal", "question": "E-417?", "doc": "lab-booking.md", "evidence": "means that the door seal is open"}
    (tmp_path / "gold.jsonl").write_text(
        json.dumps(seal) + "\n" + json.dumps(seal | {"id": "b", "evidence": "press Reset"})
    )
    assert main(["diff", str(PAGES), str(new), "--gold", str(tmp_path / "gold.jsonl"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    kinds = {(change["document"], change["kind"]) for change in told["changes"]}
    assert kinds == {("lab-booking.md", "changed"), ("relocation.md", "removed")}
    assert [row["id"] for row in told["answers"]] == ["answered01"]
    assert any("door seal" in quote for quote in told["answers"][0]["gone"])
    assert [row["id"] for row in told["gold"]] == ["seal"]
    assert main(["diff", str(PAGES), str(new)]) == 0
    out = capsys.readouterr().out
    assert (
        "~ changed: Error codes" in out
        and "answered01" in out
        and "1 quote what is gone" in out.replace("of which ", "")
    )
    assert "visa" not in out, "an answer that cites what stayed is not named"


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.md").write_text("# Leave\n\nLeave is 28 days a year for everybody.")
    (tmp_path / "new" / "bad.pdf").write_bytes(b"%PDF-1.4 and nothing that follows")
    assert main(["diff", str(tmp_path / "old"), str(tmp_path / "new")]) == 1
    assert "bad.pdf" in capsys.readouterr().err
    assert main(["diff", str(tmp_path / "none"), str(tmp_path / "new")]) == 2
