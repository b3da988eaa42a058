"""eval --save, compare, gates and the matrix of models, through the command line and a scripted endpoint."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli import main
from tests.bot.evaluation.test_evaluation import ROWS
from tests.llm_server import FakeLLM
from tests.prepared import PAGES, copy_of


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, pages_ingested: Path) -> Path:
    return copy_of(pages_ingested, tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def environment(data: Path, verbs_at: Callable[[Path], None]) -> None:
    verbs_at(data)


@pytest.fixture
def gold(tmp_path: Path) -> str:
    file = tmp_path / "gold.jsonl"
    file.write_text("\n".join(map(json.dumps, ROWS)))
    return str(file)


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLLM]:
    """A scripted endpoint on a loop of its own: the command line runs its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    llm = FakeLLM("faithful")
    asyncio.run_coroutine_threadsafe(llm.__aenter__(), loop).result()
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    monkeypatch.setenv("OPENAI_BASE_URL", llm.url)
    monkeypatch.setenv("POLICYBOT_REWRITE", "off")
    yield llm
    asyncio.run_coroutine_threadsafe(llm.__aexit__(None, None, None), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def test_a_run_is_kept_and_goes_on_where_it_stopped(
    gold: str, tmp_path: Path, endpoint: FakeLLM, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    assert main(["eval", gold, "--save", str(folder), "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    lines = (folder / "cases.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "a", "b", "c"], "in the order of the gold file"
    assert json.loads((folder / "summary.json").read_text())["question"] == whole["question"]
    config = json.loads((folder / "config.json").read_text())
    assert config["model"] == "gpt-4o-mini" and config["collection"]["documents"] == len(list(PAGES.glob("*.md")))
    assert "OPENAI_API_KEY" not in str(config) and "'k'" not in str(config)

    asked = len(endpoint.requests)
    (folder / "cases.jsonl").write_text("\n".join(lines[:3]) + "\n" + lines[3][:40])  # as a crash leaves it
    assert main(["eval", gold, "--save", str(folder), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["question"] == whole["question"] and "are there already: 3; to go: 1" in err
    assert 0 < len(endpoint.requests) - asked <= asked / 2, "what was there was not asked again"


def test_another_configuration_is_another_run(
    gold: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    assert main(["eval", gold, "--save", str(folder), "--limit", "1"]) == 0
    monkeypatch.setenv("POLICYBOT_REFUSE_BELOW", "0.9")
    assert main(["eval", gold, "--save", str(folder)]) == 2
    assert "refuse_below" in capsys.readouterr().err
    assert main(["eval", "compare", str(folder), str(tmp_path / "none")]) == 2


def test_two_runs_are_compared_and_a_baseline_gates(
    gold: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = str(tmp_path / "good"), str(tmp_path / "bad")
    assert main(["eval", gold, "--save", good, "--fail-under", "doc@5=1"]) == 0
    assert main(["eval", gold, "--baseline", good]) == 0
    monkeypatch.setenv("POLICYBOT_REFUSE_BELOW", "0.999")  # everything is refused
    capsys.readouterr()
    assert main(["eval", gold, "--save", bad, "--baseline", good]) == 1
    assert "refused_answerable: 0.0 -> 1.0" in capsys.readouterr().err
    assert main(["eval", gold, "--save", bad, "--fail-under", "refused_answerable=0.5"]) == 1
    capsys.readouterr()
    assert main(["eval", "compare", good, bad, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["configuration"] == {"refuse_below": [0.22, 0.999]}
    assert "a" in [row["id"] for row in told["flipped"]] and told["flipped"][0]["flipped"][0] == "answered -> refused"
    assert main(["eval", "compare", good, bad]) == 0
    out = capsys.readouterr().out
    assert "refuse_below: 0.22 -> 0.999" in out and "worse" in out and "Cases that flipped" in out


def test_the_smallest_model_that_passes_is_named(
    gold: str, tmp_path: Path, endpoint: FakeLLM, capsys: pytest.CaptureFixture[str]
) -> None:
    """Models of the scripted endpoint play the script of their name."""
    runs = tmp_path / "models"
    options = ["--models", f"no_answer,faithful@{endpoint.url},rambling", "--fail-under", "refused_answerable=0.4"]
    assert main(["eval", gold, *options, "--save", str(runs), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["passes"] for row in told["models"]] == [False, True, True]
    assert told["smallest"] == f"faithful@{endpoint.url}"
    assert json.loads((runs / "faithful" / "config.json").read_text())["model"] == "faithful"
    assert main(["eval", gold, *options, "--save", str(runs)]) == 0
    assert f"The smallest that passes: faithful@{endpoint.url}." in capsys.readouterr().out
    assert main(["eval", gold, "--models", "no_answer", "--fail-under", "refused_answerable=0.4"]) == 1
    assert main(["eval", gold, "--models", "a,b"]) == 2, "what is a pass?"
