"""The verbs as people and machines use them, on a small real knowledge base."""

import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from bot import wiring
from bot.cli import main
from bot.settings import load
from bot.store.audit import Entry
from knowledge.index import chroma
from tests.bot.store.traces import ask, files_with
from tests.prepared import PAGES, copy_of


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, pages_ingested: Path) -> Path:
    """A data folder into which the sample's Markdown pages were ingested."""
    return copy_of(pages_ingested, tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def environment(data: Path, verbs_at: Callable[[Path], None]) -> None:
    verbs_at(data)


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_ingest_reports_as_json_and_unchanged_files_stay(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ingest", str(PAGES), "--json"]) == 0
    (report,) = printed(capsys)
    assert report["documents"]["unchanged"] == len(list(PAGES.glob("*.md"))) and report["documents"]["added"] == 0
    assert report["documents"]["failed"] == [] and report["chunks"] > 8


def test_a_failed_file_is_named_and_the_rest_goes_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "data"))
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "good.md").write_text("# Keys\n\nLost keys are reported to the caretaker within one day.\n")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 and nothing that follows")
    assert main(["ingest", str(folder), "--json"]) == 0
    (report,) = printed(capsys)
    assert report["documents"]["added"] == 1
    assert [row["path"] for row in report["documents"]["failed"]] == ["bad.pdf"]
    assert report["documents"]["failed"][0]["code"] and report["documents"]["failed"][0]["message"]


def test_ingest_says_what_it_will_read_before_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "data"))
    (tmp_path / "leave.md").write_text("Leave is 28 days a year for everybody who works here.")
    for said in ("Reading 1 new or changed file.\n", ""):
        assert main(["ingest", str(tmp_path / "leave.md")]) == 0
        assert capsys.readouterr().err == said


def test_a_folder_that_is_gone_is_taken_out_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "data"))
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        (folder / "leave.md").write_text(f"Leave is 28 days a year for everybody in house {folder.name}.")
    assert main(["ingest", str(one), str(two)]) == 0
    (two / "leave.md").unlink()
    two.rmdir()
    assert main(["ingest", str(two)]) == main(["ingest", str(one), str(two), "--prune"]) == 2
    assert main(["ingest", str(two), "--prune"]) == 0
    assert "1 removed" in capsys.readouterr().out
    assert main(["ingest", str(two), "--prune"]) == 1, "a path that nothing is known of is a mistake"
    assert "There is no such file or folder" in capsys.readouterr().out


def test_ingest_of_nothing_readable_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "data"))
    (tmp_path / "empty.md").write_text("")
    assert main(["ingest", str(tmp_path / "empty.md")]) == 1
    assert main(["ingest", str(tmp_path / "nowhere")]) == 2
    assert main(["ingest"]) == 2
    (tmp_path / "share").mkdir()
    monkeypatch.setenv("POLICYBOT_SOURCES", str(tmp_path / "share"))
    for flags in ([], ["--prune"]):
        monkeypatch.setenv("POLICYBOT_SOURCES", str(tmp_path / "gone"))
        assert main(["ingest", *flags]) == 2, "nor is one that is gone"
    monkeypatch.setenv("POLICYBOT_SOURCES", str(tmp_path / "share"))
    assert main(["ingest"]) == 2, "an empty source folder is a failed mount, not an order to remove everything"


def test_search_finds_and_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "climate chamber door seal E-417", "-k", "3", "--json"]) == 0
    (row,) = printed(capsys)
    assert row["id"] is None and len(row["results"]) <= 3
    best = row["results"][0]
    assert best["document"] == "lab-booking.md" and best["section"].endswith("Error codes") and best["page"] is None
    assert "E-417" in best["text"] and best["chunk_id"]


def test_ask_quotes_with_citations(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What does error E-417 of the climate chamber mean?", "--json"]) == 0
    (row,) = printed(capsys)
    assert row["outcome"] == "answered" and row["model"] == "extractive" and row["degraded_reason"] is None
    assert "door seal" in row["text"] and row["citations"][0]["document"] == "lab-booking.md"
    assert "E-417" in row["citations"][0]["quote"]
    assert all(n in [c["n"] for c in row["citations"]] for s in row["sentences"] for n in s["citations"])


def test_ask_refuses_what_the_manual_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "Who won the football world cup in 2014?", "--json"]) == 0
    (row,) = printed(capsys)
    assert row["outcome"] == "refused" and row["citations"] == [] and row["closest"]


def test_ask_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What does error E-417 of the climate chamber mean?"]) == 0
    out = capsys.readouterr().out
    assert "[1] Laboratory booking › " in out and "Quoted word for word" in out


def test_an_overview_names_the_sections_of_a_chapter(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What does it say on bicycle leasing?"]) == 0
    out = capsys.readouterr().out
    assert "- **Terms**: A leased bicycle may cost up to 5,500 euros. [1]\n- **Ending early**: " in out
    assert "4,000" not in out, "the older edition is not in force"


def test_a_batch_keeps_its_order_and_survives_a_bad_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"id": "a", "question": "What is the usual time for an India visa?"},
        "this is no row",
        {
            "id": "b",
            "question": "And for China?",
            "history": [{"role": "user", "text": "How long does an India visa take?"}],
        },
        {"id": "c", "question": "What is the number of the security desk?"},
    ]
    file = tmp_path / "batch.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    assert main(["ask", "--batch", str(file), "--json"]) == 1
    answers = printed(capsys)
    assert [row["id"] for row in answers] == ["a", "2", "b", "c"]
    assert [row["outcome"] for row in answers] == ["answered", "failed", "answered", "answered"]
    assert answers[1]["error"]["code"] == "malformed_row"
    assert main(["search", "--batch", str(file), "--json", "-k", "2"]) == 1
    found = printed(capsys)
    assert [row["id"] for row in found] == ["a", "2", "b", "c"]
    assert found[2]["results"][0]["document"] == "travel-visa.md", "a follow-up is searched with its history"


def test_of_two_editions_the_newer_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "how much may a leased bicycle cost", "--json"]) == 0
    documents = [row["document"] for row in printed(capsys)[0]["results"]]
    assert documents.index("bike-leasing-2026.md") < documents.index("bike-leasing-2025.md")
    assert main(["ask", "how much may a leased bicycle cost"]) == 0
    assert "Bicycle leasing 2026 › " in capsys.readouterr().out, "a reader sees which edition says it"


def test_chat_answers_until_the_input_ends(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import io

    monkeypatch.setattr(sys, "stdin", io.StringIO("thanks\n"))
    assert main(["chat", "What is the number of the service desk?"]) == 0
    out = capsys.readouterr().out
    assert "2222" in out and "welcome" in out


def test_eval_prints_figures_with_intervals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {
        "id": "1",
        "question": "What does E-502 mean?",
        "doc": "lab-booking.md",
        "evidence": "Code E-502 means that the compressor is too hot",
        "answers": ["too hot"],
    }
    gold = tmp_path / "gold.jsonl"
    bad, other = (
        "no row",
        json.dumps({"id": "2", "question": "Who won the football world cup in 2014?", "answerable": False}),
    )
    gold.write_text(f"\ufeff{json.dumps(row)}\r\n{bad}\r\n{other}", encoding="utf-8")
    assert main(["eval", str(gold), "--json"]) == 0
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert report["totals"]["left_out"] == 1 and "line 2" in err
    assert report["question"]["evidence@750w"]["mean"] == 1 and report["question"]["evidence_quoted"]["mean"] == 1
    assert report["question"]["answered_unanswerable"] == {"n": 1, "mean": 0, "low": 0, "high": 0}
    assert report["totals"]["outcomes"] == {"answered": 1, "refused": 1}
    assert main(["eval", str(gold), "--retrieval"]) == 0
    assert "evidence@750w" in capsys.readouterr().out
    gold.write_text(json.dumps({"id": "3", "question": "Who won the football world cup in 2014?"}))
    assert main(["eval", str(gold)]) == 0
    assert "refused_answerable: 1\n  3  Who won the football world cup in 2014?" in capsys.readouterr().out


def test_status_shows_what_is_there_and_what_is_stale(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--json"]) == 0
    (found,) = printed(capsys)
    (collection,) = found["collections"]
    assert collection["documents"] == len(list(PAGES.glob("*.md"))) and collection["vectors_pending"] == 0
    assert collection["stale"] == [] and found["bytes"] > 0
    assert main(["status"]) == 0
    assert "stale: 0" in capsys.readouterr().out
    assert main(["status", "--documents", "--json"]) == 0
    (found,) = printed(capsys)
    stated = found["collections"][0]["stated"]
    assert len(stated) == collection["documents"] and all(row["title"] and row["language"] for row in stated)


def test_doctor_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor"]) == 0
    assert "FAILED" not in capsys.readouterr().out
    with monkeypatch.context() as newer:  # a version that searches wider than the one that made this index
        newer.setattr(chroma, "EF_SEARCH", 2 * chroma.EF_SEARCH)
        assert main(["doctor"]) == 1
        assert "miss neighbours" in capsys.readouterr().out
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path))
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert main(["doctor", "--json"]) == 1
    (results,) = printed(capsys)
    failed = {row["name"]: row["message"] for row in results if row["state"] == "failed"}
    assert failed.keys() == {"index", "model"}
    assert "policybot ingest" in failed["index"] and "OPENAI_BASE_URL" in failed["model"]


def test_wrong_use_exits_2_and_says_what_to_correct(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([]) == 2
    assert main(["ask", "--json"]) == 2
    assert main(["ask", "x", "--batch", "y"]) == 2
    assert main(["ask", "--batch", "/nowhere.jsonl"]) == 2
    assert main(["serve"]) == 2
    assert "SLACK_BOT_TOKEN" in capsys.readouterr().err
    monkeypatch.setenv("POLICYBOT_REWRITE", "maybe")
    assert main(["status"]) == 2
    with pytest.raises(SystemExit) as caught:
        main(["dance"])
    assert caught.value.code == 2


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"policybot {version('policybot')}\n"


@pytest.mark.parametrize("verb", [["status"], ["migrate"], ["search", "leave"], ["feedback", "export"], ["doctor"]])
def test_every_verb_tells_a_setting_that_is_none(
    verb: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_REFUSE_BELLOW", "0.4")
    main(verb)
    assert "POLICYBOT_REFUSE_BELLOW is not a setting: did you mean POLICYBOT_REFUSE_BELOW?" in capsys.readouterr().err


@pytest.mark.parametrize("token", ["xoxb-...", "changeme", "<your token>", "xoxb-xxxxxxxx"])
def test_serve_refuses_what_still_stands_as_in_an_example(
    token: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", token.replace(" ", ""))
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1-A0-1")
    assert main(["serve"]) == 2
    shown = capsys.readouterr().err
    assert "SLACK_BOT_TOKEN still stands as in an example" in shown and "SLACK_APP_TOKEN" not in shown


def test_nothing_ingested_is_a_failure_that_names_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path))
    assert main(["search", "anything"]) == 1
    assert "policybot ingest" in capsys.readouterr().err
    assert main(["ask", "How much leave do I get?", "--json"]) == 1
    assert printed(capsys)[0]["error"]["code"] == "index_missing"


def test_sigterm_during_an_ingest_leaves_a_place_to_go_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The process is stopped once it has begun to embed; the next run goes on."""
    code = (
        "import os, signal, sys; import knowledge.index.embed as e; real = e.MiniLM.read\n"
        "def stop(*given):\n    os.kill(os.getpid(), signal.SIGTERM); return real(*given)\n"
        "e.MiniLM.read = stop\n"
        "from bot.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    env = {"POLICYBOT_DATA": str(tmp_path), "PATH": "/usr/bin:/bin", "POLICYBOT_LOG": "error"}
    first = subprocess.run([sys.executable, "-c", code, "ingest", str(PAGES)], env=env, capture_output=True, text=True)
    assert first.returncode == 128 + signal.SIGINT and "Nothing is lost" in first.stderr
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path))
    assert main(["ingest", str(PAGES), "--json"]) == main(["status", "--json"]) == 0
    ingested, status = printed(capsys)
    assert ingested["chunks"] > 8 and status["collections"][0]["vectors_pending"] == 0


def test_the_audit_trail_is_verified_and_exported(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path))
    assert main(["feedback", "export"]) == main(["audit", "export"]) == 0
    (row,) = printed(capsys)
    assert (row["id"], row["kind"], row["facts"]["what"]) == (1, "raw_text", "feedback export")
    assert main(["audit", "verify"]) == 0
    assert capsys.readouterr().out.startswith("2 rows, 1 to 2, none changed or missing")
    with sqlite3.connect(tmp_path / "policybot.db") as database:
        database.execute("UPDATE audit SET facts = '{}' WHERE id = 1")
    assert main(["audit", "verify"]) == 1
    assert re.fullmatch(r"row 1 of 20\d\d-\S+ \S+ UTC \(raw_text\) was changed\n", capsys.readouterr().out)


def test_purge_says_what_goes_and_what_went(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path))
    monkeypatch.setenv("POLICYBOT_RETENTION", "question=2, feedback=2, event=1")
    with wiring.store(load()) as store:
        ask(store, "U0000000ANA", 1, datetime.now(UTC) - timedelta(days=3), word="zebra")
    assert main(["purge", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Would remove: questions (1), ") and files_with(tmp_path, "zebra")
    assert main(["purge"]) == 0
    assert capsys.readouterr().out == shown.replace("Would remove", "Removed")
    assert main(["purge", "--json"]) == 0
    assert printed(capsys) == [{}] and not files_with(tmp_path, "zebra", "U0000000ANA")
    assert main(["audit", "export"]) == 0
    rows = printed(capsys)
    assert [row["kind"] for row in rows] == ["question", "vote", "purge_began", "purge", "purge"]
    assert rows[3]["facts"]["removed"]["texts_of_answers"] == 1 and rows[3]["facts"]["account"].startswith("person-")


@pytest.mark.parametrize(
    "value", ["question", "question=0", "question=1.5", "votes=3", "question=99999", "question=-1"]
)
def test_days_that_are_none_are_refused(
    value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_RETENTION", value)
    assert main(["purge"]) == 2
    assert "POLICYBOT_RETENTION" in capsys.readouterr().err


def test_a_person_is_exported_and_erased_without_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path))
    person = ["--user", "U0000000ANA"]
    with wiring.store(load()) as store:
        identity = ask(store, "U0000000ANA", 1, datetime.now(UTC), word="zebra")
        made = Entry("privacy_file", datetime.now(UTC), person="U0000000ANA", facts={"file": "F0ANA"})
        store.audit.append(made)
    monkeypatch.delenv("SLACK_BOT_TOKEN", raising=False)
    gold = tmp_path / "gold.jsonl"
    rows = [{"id": identity, "question": "zebra?"}, {"id": "q2", "question": "Ünpaid leave?"}]
    gold.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    assert main(["privacy", "export", *person]) == 0
    assert {"inbox", "answers", "votes", "audit"} <= {row["table"] for row in printed(capsys)}
    assert main(["privacy", "erase", *person, "--gold", str(gold)]) == 1
    said = capsys.readouterr()
    assert re.match(r"Removed: votes \(1\), .*, rows of gold files \(1\)\.\nBackups", said.out) and "F0ANA" in said.err
    assert gold.read_text(encoding="utf-8") == json.dumps(rows[1], ensure_ascii=False) + "\n"
    assert files_with(tmp_path, "zebra", "U0000000ANA") == []
    assert main(["privacy", "opt-out", *person]) == main(["privacy", "opt-in", *person]) == 0
    key = (tmp_path / "pseudonyms.key").read_bytes()
    assert main(["privacy", "rotate-key"]) == main(["audit", "verify"]) == 0
    assert (tmp_path / "pseudonyms.key").read_bytes() != key
    assert main(["audit", "export"]) == 0
    kinds = [json.loads(line)["kind"] for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert kinds == ["question", "vote", "privacy_file", "privacy_export", "erase", "opt_out", "opt_in", "rotate_key"]


@pytest.mark.parametrize(
    "words",
    [["erase"], ["export"], ["rotate-key", "--user", "U1"], ["erase", "--user", ""], ["erase", "--user", "anna"]],
)
def test_a_privacy_verb_wants_the_person_it_is_about(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["privacy", *words]) == 2
    assert "--user ID" in capsys.readouterr().err
