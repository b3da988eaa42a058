"""A company's own words: shown by --explain, and told by the verbs and by doctor where they can't be read."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main

WRONG = [
    ("leave: [a", "line 1"),
    ("- a\n- b", "holds no words"),
    ("leave: {a: b}\nok: annual leave", "leave has no words"),
]


@pytest.fixture
def manual(tmp_path: Path, verbs_at: Callable[[Path], None]) -> Path:
    folder = tmp_path / "manual"
    folder.mkdir()
    (folder / "leave.md").write_text("# Leave\n\nThe recharge period is four weeks. It is paid in full.\n")
    (folder / "glossary.yaml").write_text("moon break: recharge period\n")
    verbs_at(tmp_path / "data")
    assert main(["ingest", str(folder)]) == 0
    return folder


def test_explain_shows_the_glossary_s_words_and_mended_spelling(
    manual: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["ask", "--explain", "how long is a moon break and is it paid in fulll?"]) == 0
    shown = capsys.readouterr()
    assert "recharge period and is it paid" in shown.out and "0.30" in shown.out and shown.err == ""
    assert "Why each sentence is shown" in shown.out


def test_explain_has_no_empty_list_below_a_refusal(manual: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--explain", "who repairs the coffee machine?"]) == 0
    assert "Why each sentence is shown" not in capsys.readouterr().out


def test_a_glossary_that_cannot_be_read_is_told(manual: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for text, said in WRONG:
        (manual / "glossary.yaml").write_text(text)
        capsys.readouterr()
        for verb in (["ask", "leave"], ["search", "leave"], ["status"], ["ingest", str(manual)]):
            main(verb)
            shown = capsys.readouterr().err
            assert said in shown and "glossary.yaml" in shown and "PTO: annual leave" in shown
        assert main(["doctor"]) == 1
        assert f"FAILED  glossary: {manual / 'glossary.yaml'}" in capsys.readouterr().out


def test_a_misspelt_collection_is_told_with_those_that_are_there(
    manual: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ingest", "--collection", "legal", str(manual)]) == 0
    for verb in (["ask", "leave"], ["search", "leave"], ["chat", "leave"], ["gold", "list"], ["eval", "gold.jsonl"]):
        assert main([*verb, "--collection", "leagl"]) == 2, verb
        shown = capsys.readouterr()
        assert '"leagl"' in shown.err and "default, legal" in shown.err and "No manual" not in shown.out, verb


def test_doctor_names_the_collection_that_lacks_its_vectors_and_the_command_for_it(
    manual: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ingest", "--collection", "legal", str(manual)]) == 0
    shutil.rmtree(next(manual.parent.rglob("chroma")))
    for options in ([], ["--collection", "legal"]):  # what a restore of the database alone leaves
        capsys.readouterr()
        assert main(["doctor"]) == 1
        wanted = " ".join(["policybot ingest", *options, str(manual)])
        assert (
            f"`{wanted}`" in (told := capsys.readouterr().out) and f"{options[-1] if options else 'default'}: " in told
        )
        assert main(["ingest", *options, str(manual)]) == 0
    assert main(["doctor"]) == 0


def test_doctor_names_the_command_for_files_that_changed_or_went(
    manual: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (manual / "dogs.md").write_text("# Dogs\n\nDogs stay at home.\n")
    assert main(["ingest", str(manual)]) == 0
    (manual / "dogs.md").unlink()
    assert main(["doctor"]) == 0
    assert f"1 files changed or gone: policybot ingest --prune {manual}" in capsys.readouterr().out
    assert main(["ingest", "--prune", str(manual)]) == 0 and main(["doctor"]) == 0
    assert "changed or gone" not in capsys.readouterr().out


def test_doctor_says_when_chunks_have_no_word_vectors(manual: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    (database,) = (path for path in manual.parent.rglob("*.db") if path.name == "policybot.db")
    with sqlite3.connect(database) as db:
        db.execute("update kb_vectors set words = null")
    capsys.readouterr()
    assert main(["doctor"]) == 1
    assert "1 of 1 chunks" in (shown := capsys.readouterr().out) and "ingest --rebuild" in shown
