"""Gold files grow from recorded questions, and tell when the manual has left them behind."""

import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot import wiring
from bot.cli import main
from bot.evaluation import gold
from bot.settings import load
from bot.store.hand_offs import Carried
from bot.types import Answer, Outcome, Question, Record, Turn, Vote
from tests.bot.cli.recorded import Kept, environment, kept  # noqa: F401 - fixtures
from tests.prepared import PAGES


def added(capsys: pytest.CaptureFixture[str], tmp_path: Path, *options: str) -> dict:
    capsys.readouterr()
    file = tmp_path / "gold.jsonl"
    assert main(["gold", "add", *options, "--file", str(file), "--yes"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert json.loads(file.read_text().splitlines()[-1]) == shown, "what is added is what was shown"
    return shown


def test_an_answer_becomes_a_row_with_its_evidence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    row = added(capsys, tmp_path, "answered01")
    assert row["answerable"] and row["doc"] == "lab-booking.md" and "E-417" in row["evidence"] + str(row["also_at"])
    (case,) = gold.cases([json.dumps(row)], "default")
    assert case.places[0].doc == "lab-booking.md" and case.question.history == (Turn("user", "Hello there"),)


def test_a_refusal_becomes_a_row_that_has_no_answer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert added(capsys, tmp_path, "refused001")["answerable"] is False


def test_a_correction_in_a_vote_is_the_answer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    row = added(capsys, tmp_path, "degraded01")
    assert row["answers"] == ["it is 10 days now"] and row["answerable"] is False, "the manual says nothing like it"
    row = added(capsys, tmp_path / "..", "degraded01", "--answer", "The travel desk applies for visas.")
    assert row["evidence"] == "The travel desk applies for visas." and row["doc"] == "travel-visa.md"


def test_a_row_is_added_once_and_only_when_agreed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text('{"id": "x", "question": "Is there a last line?"}')
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["gold", "add", "answered01", "--file", str(file)]) == 2, "nobody to ask"
    assert main(["gold", "add", "answered01", "--file", str(file), "--yes"]) == 0
    assert [json.loads(line)["id"] for line in file.read_text().splitlines()] == ["x", "answered01"]
    assert main(["gold", "add", "answered01", "--file", str(file), "--yes"]) == 1
    assert "already" in capsys.readouterr().err


@pytest.fixture
def personal(kept: Kept) -> str:  # noqa: F811
    """A question full of personal data, voted down without a reason."""
    text = "Anna asks: my mail is anna.beispiel@example.org, phone +49 30 901820, what now?"
    said = Turn("user", "I am <@U0SECRET1>, write to anna.beispiel@example.org")
    question = Question("personal01", text, (said,), team="T1", channel="C1", user="U1")
    with wiring.store(load({"POLICYBOT_DATA": str(kept.data)}, dotenv=None)) as store:
        store.answers.save(
            Record("personal01", question, Answer(Outcome.ANSWERED, "x"), kept.now, "5.000001", "5.000001")
        )
        store.feedback.cast(Vote("T1", "C1", "5.000001", "U2", "down", "button", kept.now))
    return "personal01"


def test_people_s_addresses_are_replaced_and_a_bad_answer_is_no_gold(
    personal: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["gold", "add", personal, "--yes", "--file", str(tmp_path / "g")]) == 1
    assert "--answer" in capsys.readouterr().err
    right = "Ask Bob at bob@example.org, then the travel desk applies for visas."
    assert main(["gold", "add", personal, "--answer", right, "--file", str(tmp_path / "other"), "--yes"]) == 0
    told = capsys.readouterr().err
    assert "Replaced: Anna, Bob." in told and "--keep" in told
    row = added(capsys, tmp_path, personal, "--answer", right, "--keep", "Anna", "--hide", "travel desk")
    assert row["question"].startswith("Anna asks"), "kept as wished"
    assert row["evidence"] == "The travel desk applies for visas.", "the manual's own words stay"
    assert row["answers"][0].startswith("Ask <PERSON_2> at <EMAIL_2>, then the <PERSON_3> applies")
    text = json.dumps(row)
    assert "example.org" not in text and "901820" not in text and "SECRET" not in text
    assert row["question"].count("<EMAIL_1>") == 1 == row["history"][0]["text"].count("<EMAIL_1>"), (
        "one person, one name"
    )


def test_check_says_which_rows_the_manual_has_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "data"))
    manual = tmp_path / "manual"
    shutil.copytree(PAGES, manual)
    seal = "Code E-417 on the chamber means that the door seal is open: close the door and press Reset."
    rows = [
        {"id": "fine", "question": "E-417?", "doc": "lab-booking.md", "evidence": seal},
        {"id": "changed", "question": "E-417?", "doc": "lab-booking.md", "evidence": seal.replace("door", "drum", 1)},
        {"id": "gone", "question": "Parking?", "doc": "lab-booking.md", "evidence": "Spaces are raffled in May."},
        {"id": "moved", "question": "E-417?", "doc": "onboarding.md", "evidence": seal},
        {"id": "away", "question": "E-417?", "doc": "old.md", "evidence": seal},
        {"id": "none", "question": "Who won?", "answerable": False},
        {"id": "bare", "question": "Is there a gym?"},
    ]  # fmt: skip
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows))
    assert main(["gold", "check", str(file)]) == 2, "nothing ingested yet"
    assert main(["ingest", str(manual)]) == 0
    capsys.readouterr()
    assert main(["gold", "check", str(file)]) == 1
    out, err = capsys.readouterr()
    codes = dict(line.split(": ")[:2] for line in out.splitlines())
    assert codes == {
        "changed": "evidence_changed", "gone": "evidence_gone", "moved": "moved", "away": "document_gone",
    }  # fmt: skip
    assert "lab-booking.md" in out.splitlines()[-1] and "4 of 7 rows no longer match" in err
    assert "Counted as answerable, with no doc or evidence: bare." in err
    assert "nearest: Code E-417" in out


def test_what_people_answered_is_listed_until_it_is_a_row(
    kept: Kept,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    handed = Carried("ask:refused001", "ask", "T1", "refused001", "U1", "U1", ("C1", "1.0"), ("C0OWNERS", None), "How?")
    with wiring.store(load({"POLICYBOT_DATA": str(kept.data)}, dotenv=None)) as store:
        store.hand_offs.add(handed, kept.now)
        claimed = store.hand_offs.claim(kept.now)
        store.hand_offs.ended(claimed, "7.000001", kept.now)
        assert main(["gold", "list"]) == 0 and "refused001" not in capsys.readouterr().out, "nobody has replied yet"
        store.hand_offs.add(replace(handed, key="reply:C0OWNERS:8.0", kind="reply", user="U2"), kept.now)
    file = tmp_path / "gold.jsonl"
    assert main(["gold", "list", "--file", str(file)]) == 0
    listed = capsys.readouterr().out
    assert "refused001" in listed and "C0OWNERS, 7.000001" in listed
    assert main(["gold", "add", "refused001", "--file", str(file), "--yes"]) == 1
    assert "--answer" in capsys.readouterr().err
    added(capsys, tmp_path, "refused001", "--answer", "The travel desk applies for visas.")
    assert main(["gold", "list", "--file", str(file)]) == 0 and "refused001" not in capsys.readouterr().out
    assert main(["gold", "add"]) == 2
