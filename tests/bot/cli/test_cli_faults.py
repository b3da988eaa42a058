"""The command line and the wiring when what they stand on gives way."""

import asyncio
import contextlib
import io
import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import wiring
from bot.answering.documents import Documents
from bot.cli import main
from bot.settings import load
from bot.store.shared import Memory
from bot.types import Answer, Outcome, Question, Turn
from knowledge.catalog.reading import Catalog
from knowledge.database import connect
from knowledge.types import Found, Query


def test_interrupting_the_prompt_ends_chat_at_once(tmp_path: Path) -> None:
    above, below = pty.openpty()
    chat = subprocess.Popen(
        [sys.executable, "-m", "bot", "chat"],
        stdin=below,
        stdout=below,
        stderr=below,
        env={**os.environ, "POLICYBOT_DATA": str(tmp_path)},
    )
    os.close(below)
    try:
        shown = b""
        while b"> " not in shown:
            shown += os.read(above, 1024)
        for _ in range(12):  # one that comes between Python's prompt and its read is only seen after the next
            chat.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                chat.wait(timeout=5)
                break
        assert chat.poll() == 130
    finally:
        chat.kill()
        chat.wait()
        os.close(above)


def test_a_data_folder_that_cannot_be_is_a_wrong_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "file" / "data"))
    assert main(["status"]) == 2
    assert "POLICYBOT_DATA" in capsys.readouterr().err


def test_every_row_of_a_search_batch_is_answered_though_each_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "data"))
    batch = tmp_path / "batch.jsonl"
    rows = ['{"id": null, "question": "leave"}', '{"id": "b", "question": "hotels"}']
    batch.write_bytes("\n".join(rows).encode("utf-8-sig") + b'\n{"question": "sick \xff days"}\n')
    assert main(["search", "--batch", str(batch), "--json"]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in found] == ["1", "b", "3"]
    assert {row["error"]["code"] for row in found} == {"index_missing"}


def test_a_batch_on_stdin_may_begin_with_a_mark_and_hold_what_is_no_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (
        b'\xef\xbb\xbf{"id": "a", "question": "pay"}\r\n{"id": "b", "question": "sick \xff"}\r\n{"question": "\\ud800"}'
    )
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path))
    monkeypatch.setenv("POLICYBOT_LOG", "error")
    for verb in ("ask", "search"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines), "ascii"))
        assert main([verb, "--batch", "-", "--json"]) == 1
        out, err = capsys.readouterr()
        codes = [(row["id"], row["error"]["code"]) for row in map(json.loads, out.splitlines())]
        assert codes == [("a", "index_missing"), ("b", "index_missing"), ("3", "malformed_row")]
        assert not err
    assert Question("q", "half \ud83d", (Turn("user", "\udcff"),)) == Question("q", "half ?", (Turn("user", "?"),))


def test_a_fault_of_ours_in_one_row_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = Documents.search

    async def search(self: Documents, query: Query, collections: Sequence[str]) -> Found:
        if "fault line" in str(query):
            raise ZeroDivisionError
        return await real(self, query, collections)

    monkeypatch.setattr(Documents, "search", search)
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "data"))
    batch = tmp_path / "batch.jsonl"
    batch.write_text('{"question": "the fault line"}\n{"question": "leave days"}\n')
    assert main(["ask", "--batch", str(batch), "--json"]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["error"]["code"] for row in found] == ["internal", "index_missing"]


def test_an_answer_survives_a_cache_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'without-tables.db'}")
    memory = Memory(engine, Catalog(engine), "1", lambda: datetime.now(UTC))
    asyncio.run(memory.put(("key",), Answer(Outcome.ANSWERED, "Yes."), ["default"], None))
    assert asyncio.run(memory.get(("key",), ["default"])) is None


def test_a_port_in_use_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-none")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "none")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--http", port]) == 1
    assert port in capsys.readouterr().err


async def test_what_one_version_kept_another_does_not_say(tmp_path: Path) -> None:
    settings = load({"POLICYBOT_DATA": str(tmp_path)}, dotenv=None)
    with wiring.knowledge(settings) as parts:
        old, new = (Memory(parts.engine, parts.catalog, version, lambda: datetime.now(UTC)) for version in "12")
        await old.put(("key",), Answer(Outcome.ANSWERED, "Yes."), ["default"], "U1")
        assert await old.get(("key",), ["default"]) is not None and await new.get(("key",), ["default"]) is None
