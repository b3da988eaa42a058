"""What the policy owner sees of recorded questions, answered by the real assistant: listed, told, asked again."""

import asyncio
import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import wiring
from bot.answering.assistant import final
from bot.cli import main
from bot.cli.explaining import replayed
from bot.settings import load
from bot.types import Answer, Outcome, Question, Record
from tests.bot.cli.recorded import Kept, environment, kept, record  # noqa: F401 - fixtures
from tests.llm_server import FakeLLM
from tests.prepared import PAGES


def rows(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict]:
    assert main(["questions", "--json", *options]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_questions_lists_the_newest_first_with_votes_and_the_closest_section(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = rows(capsys)
    assert [(row["id"], row["outcome"]) for row in found] == [
        ("answered01", "answered"), ("degraded01", "degraded"), ("refused001", "refused"),
    ]  # fmt: skip
    assert found[0]["closest"].startswith("lab-booking.md: ") and found[2]["closest"]
    assert found[1]["why"] == "model_unavailable"
    votes = found[1]["votes"]
    assert [(v["value"], v["reason"], v["comment"]) for v in votes] == [
        ("down", "outdated", "it is 10 days now"), ("up", None, None),
    ]  # fmt: skip
    assert votes[0]["person"] != votes[1]["person"]
    assert found[0]["person"] == found[2]["person"] != found[1]["person"], "one person is one pseudonym"


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--refused"], ["refused001"]),
        (["--degraded"], ["degraded01"]),
        (["--down"], ["degraded01"]),
        (["--since", "7d"], ["answered01", "degraded01"]),
        (["--since", "4h"], ["answered01"]),
        (["--since", (datetime.now(UTC) - timedelta(days=3)).date().isoformat()], ["answered01", "degraded01"]),
        (["--collection", "other"], []),
    ],
)
def test_questions_are_picked(options: list[str], ids: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert [row["id"] for row in rows(capsys, *options)] == ids


def test_no_output_names_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in (
        ["questions"],
        ["questions", "--json"],
        ["explain", "degraded01"],
        ["explain", "degraded01", "--json"],
    ):
        assert main(verb) == 0
        out = capsys.readouterr().out
        assert "SECRET" not in out and "it is 10 days now" in out


def test_a_time_that_is_none_is_used_wrongly() -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["questions", "--since", "soon"])


def test_explain_tells_searches_passages_prompt_sentences_and_cost(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "answered01"]) == 0
    out = capsys.readouterr().out
    for part in (
        "user: Hello there", "Searches", "fused  vector  words", "[1]", "lab-booking.md", "system:", "<--------",
        "supported, copied:", "Times (ms)", "Cost", "answer, gpt-4o-mini: ",
    ):  # fmt: skip
        assert part in out, part
    assert main(["explain", "answered01", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["searches"][0]["text"] and told["searches"][0]["weight"] > 0
    assert "E-417" in told["prompt"][-1]["text"] and told["answer"]["usage_by"]["answer"]["input_tokens"] > 0


def test_explain_tells_which_figure_was_too_low(capsys: pytest.CaptureFixture[str]) -> None:
    async def asked() -> None:
        async with wiring.assistant(load(), cache=False) as parts:
            for text in ("Who won the football world cup in 2014?", "May I keep a lab key at home?"):
                question = Question(text.split()[0], text)
                answer = await final(parts.assistant, question)
                parts.store.answers.save(Record(question.id, question, answer, datetime.now(UTC) - timedelta(days=70)))

    asyncio.run(asked())
    low = {"Who": ["these passages may answer"], "May": ["these sentences may answer", "the first sentence answers"]}
    for identity, figures in low.items():
        assert main(["explain", identity]) == 0
        out = capsys.readouterr().out
        told = [line.partition(" (too low): ")[2] for line in out.splitlines() if " (too low): " in line]
        assert told[: len(figures)] == figures and "needs 0.22" in out and "Answer: refused" in out


def test_explain_takes_the_link_of_the_answer(
    kept: Kept,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer_ts = f"{(kept.now - timedelta(hours=3)).timestamp():.6f}".replace(".", "")
    assert (
        main(["explain", f"https://x.slack.com/archives/C1/p{answer_ts}?thread_ts=1000.000001&cid=C1", "--json"]) == 0
    )
    assert json.loads(capsys.readouterr().out)["id"] == "answered01"
    assert main(["explain", "https://x.slack.com/archives/C9/p1000000001"]) == 1
    assert "policybot questions" in capsys.readouterr().err


def test_replay_shows_what_the_changed_manual_makes_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    manual, data = tmp_path / "manual", tmp_path / "data"
    page = shutil.copytree(PAGES, manual) / "lab-booking.md"
    data.mkdir()
    record(data, manual)
    monkeypatch.setenv("POLICYBOT_DATA", str(data))
    page.write_text(page.read_text().replace("door seal", "drum seal"))
    assert main(["ingest", str(manual)]) == 0
    capsys.readouterr()
    assert main(["explain", "answered01", "--replay", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "door seal" in told["answer"]["text"] and "drum seal" in told["replayed"]["text"]
    assert main(["explain", "answered01", "--replay"]) == 0
    out = capsys.readouterr().out
    assert "recorded" in out and "today" in out and "text*" in out and "drum seal" in " ".join(out.split())
    assert len(rows(capsys)) == 3, "a replay is not recorded"


async def test_a_replay_costs_nobody_s_budget(kept: Kept) -> None:  # noqa: F811
    settings = load({"POLICYBOT_DATA": str(kept.data)}, dotenv=None)

    def spent() -> dict[str, int]:
        with wiring.store(settings) as store:
            rows = store.spend.since(datetime.now(UTC).date() - timedelta(2))
        return {user: sum(row.tokens for row in rows if row.user == user) for user in {row.user for row in rows}}

    before = spent()
    with wiring.store(settings) as store:
        answered = store.asked.by_id("answered01").record
    async with FakeLLM() as llm:
        with_model = replace(settings, openai_api_key="k", openai_base_url=llm.url, rewrite=False)
        assert (await replayed(answered, with_model)).usage_by
    assert {**spent(), "": 0} == {**before, "": 0}
    assert spent()[""] > before.get("", 0)


def test_status_tells_each_document_and_groups_failures_by_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "data"))
    folder = tmp_path / "docs"
    shutil.copytree(PAGES, folder)
    for name in ("b.pdf", "a.pdf"):
        (folder / name).write_bytes(b"%PDF-1.4 and nothing that follows")
    (folder / "empty.md").write_text("")
    os.utime(folder / "relocation.md", (1_750_000_000, 1_750_000_000))
    assert main(["ingest", str(folder)]) == 0
    capsys.readouterr()
    assert main(["status", "--documents", "--json"]) == 0
    (collection,) = json.loads(capsys.readouterr().out)["collections"]
    documents = {row["path"]: row for row in collection["stated"]}
    old = documents["bike-leasing-2025.md"]
    assert old["superseded_by"] == "bike-leasing-2026.md" and documents["bike-leasing-2026.md"]["superseded_by"] is None
    assert documents["relocation.md"]["file_date"] == "2025-06-15"
    first, second = collection["causes"]
    assert (first["count"], first["paths"]) == (2, ["a.pdf", "b.pdf"]) and second["paths"] == ["empty.md"]
    assert main(["status", "--documents"]) == 0
    out = capsys.readouterr().out
    assert "failures: 3" in out and f"{first['code']}: 2. {first['message']}" in out
    line = next(line for line in out.splitlines() if line.endswith("\tbike-leasing-2025.md"))
    assert "2025-01-01" in line and "bike-leasing-2026.md" in line


def test_what_was_answered_unsurely_is_listed_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    with wiring.store(load()) as store:
        for identity, notes in (("unsure0001", ("incomplete", "quoted")), ("surely0001", ("quoted",))):
            answer = Answer(Outcome.ANSWERED, "The manual doesn't name “wifi”.", notes=notes)
            question = Question(identity, "What is the wifi password?")
            store.answers.save(Record(identity, question, answer, datetime.now(UTC) - timedelta(days=60)))
    assert [(row["id"], row["outcome"], row["why"]) for row in rows(capsys, "--unsure")] == [
        ("unsure0001", "answered", "unsure")
    ]
