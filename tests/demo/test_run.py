"""The verb: what it takes, and that a real bot's stores and Slack are not touched."""

import json
import os
import select
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from bot.cli import main
from bot.demo import hub, run
from bot.settings import environment, load
from tests.demo.running import started
from tests.prepared import copy_of

ROOT = Path(__file__).parent.parent.parent


def test_a_folder_that_is_none_or_holds_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "data"))
    assert main(["demo", str(tmp_path / "nowhere"), "--no-browser"]) == 2
    assert "is no folder" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert main(["demo", str(tmp_path / "empty"), "--no-browser"]) == 2
    assert "could be read" in capsys.readouterr().err
    (tmp_path / "empty" / "tea.md").write_text("# Tea\n\nTea is served at four.\n")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["demo", str(tmp_path / "empty"), "--no-browser", "--port", port]) == 2
    assert "Choose another with --port" in capsys.readouterr().err


def test_a_manual_of_one_s_own_has_examples_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLICYBOT_DATA", str(tmp_path / "data"))
    manual = tmp_path / "own"
    manual.mkdir()
    (manual / "tea.md").write_text("# House rules\n\n## Green tea\n\nGreen tea is served at four in the garden.\n")
    real = load(dotenv=None)
    run.ingest(real, manual, lambda *_: None)
    assert run._examples(run._own(real, manual)) == ["What does the manual say about “Green tea”?"]


def test_everything_is_kept_apart_from_a_real_bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "token"
    secret.write_text("xoxb-real-token-of-a-bot")
    for name, value in {
        "POLICYBOT_DATA": str(tmp_path / "data"),
        "DATABASE_URL": "postgresql://real/bot",
        "CHROMA_URL": "https://chroma.example.com",
        "POLICYBOT_CONFIG": "policybot.toml",
        "POLICYBOT_EMBEDDING_MODEL": "theirs",
        "SLACK_BOT_TOKEN_FILE": str(secret),
        "OPENAI_MODEL": "mine",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector.example.com",
    }.items():
        monkeypatch.setenv(name, value)
    real = load(dotenv=None)
    assert real.slack_bot_token == "xoxb-real-token-of-a-bot"
    demo = load(environment(run._own(real, run.SAMPLE)), dotenv=None)
    assert demo.data == tmp_path / "data" / "demo"
    assert demo.slack_bot_token is None and demo.chroma_url is None and demo.embedding_model is None
    assert demo.sql_url.startswith("sqlite:///") and demo.config == run.RULES
    assert real.otel_endpoint and demo.otel_endpoint is None
    assert demo.openai_model == "mine"  # the model is the user's own
    manuals = [tmp_path / "a/manual", tmp_path / "b/manual", run.SAMPLE]
    assert len({run._own(real, one)["POLICYBOT_DATA"] for one in manuals}) == 3, "a manual answers from another's index"


def test_a_second_demo_gives_no_id_again(tmp_path: Path) -> None:
    """The bot remembers the events of the first one, and would take a repeated id for a delivery that came twice."""
    first = hub.DemoSlack(tmp_path, port=0, models={"none": ""}, examples=[])
    began = time.time_ns() // 1_000_000
    while time.time_ns() // 1_000_000 == began:
        pass
    second = hub.DemoSlack(tmp_path, port=0, models={"none": ""}, examples=[])
    assert first.new_id("Ev") != second.new_id("Ev")


def test_the_page_offers_the_shortcuts_of_the_manifest() -> None:
    manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    on_messages = [one for one in manifest["features"].get("shortcuts", []) if one["type"] == "message"]
    assert [{"name": one["name"], "callback_id": one["callback_id"]} for one in on_messages] == hub.SHORTCUTS


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which processes there are")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
def test_the_bot_ends_with_the_demo_however_that_ends(
    tmp_path: Path, manual_ingested: Path, how: signal.Signals
) -> None:
    with started(copy_of(manual_ingested, tmp_path)) as (demo, _):
        pids = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
        commands = [Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in pids]
        [bot] = [pid for pid, command in zip(pids, commands, strict=True) if "bot.demo.bot_process" in command]
        ended = os.pidfd_open(int(bot))
        demo.send_signal(how)
        try:
            assert select.select([ended], [], [], 30)[0], "it still runs half a minute later"
        finally:
            os.close(ended)
