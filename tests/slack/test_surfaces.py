"""`policybot doctor` asks Slack whether it takes what we show, and compares the manifest with the code."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import doctor, texts
from bot.settings import Settings
from bot.slack import checks
from bot.slack.api import Api
from bot.slack.checks import check_surfaces
from tests.slack_server import FakeSlack

MANIFEST = Path(__file__).parents[2] / "manifest.json"


async def told(slack: FakeSlack, shown: dict[str, Any]) -> tuple[list[str], str]:
    api = Api(slack.bot_token, slack.url)
    try:
        return await check_surfaces(shown, api)
    finally:
        await api.aclose()


async def test_slack_takes_every_surface_in_every_language(slack: FakeSlack) -> None:
    for locale in texts.languages():
        assert await told(slack, checks.surfaces(locale)) == ([], "")
    assert {call.method for call in slack.calls} == {"blocks.validate"}
    assert not slack.messages() and not slack.views  # nothing was sent


async def test_a_broken_surface_is_named_with_slacks_words_and_the_rest_is_looked_at(slack: FakeSlack) -> None:
    shown = checks.surfaces()
    broken = list(shown)[3]
    window = shown["the window Ask a person"] | {"title": {"type": "plain_text", "text": "x" * 25}}  # type: ignore[operator]
    much = [{"type": "section", "text": {"type": "plain_text", "text": "x" * 3001}}]
    wrong, note = await told(slack, shown | {broken: much, "the window Ask a person": window})
    assert not note and len(wrong) == 2
    assert broken in wrong[0] and "3001 characters" in wrong[0] and "report" in wrong[0]
    assert "Ask a person" in wrong[1] and "title" in wrong[1]
    assert sum(call.method == "blocks.validate" for call in slack.calls) == len(shown)


@pytest.mark.parametrize("error", ["unknown_method", "not_allowed_token_type", "invalid_arguments"])
async def test_what_slack_does_not_tell_is_no_failure(slack: FakeSlack, error: str) -> None:
    slack.fault("blocks.validate", error=error, times=None)
    wrong, note = await told(slack, checks.surfaces())
    assert not wrong and note


@pytest.fixture
def settings(slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    shutil.copy(MANIFEST, tmp_path)
    monkeypatch.chdir(tmp_path)
    tokens = {"slack_bot_token": slack.bot_token, "slack_app_token": slack.app_token, "slack_api_url": slack.url}
    return replace(Settings(data=tmp_path / "data"), **tokens)


async def found(settings: Settings) -> dict[str, tuple[str, str]]:
    return {
        one.name: (one.state, one.message) for one in await doctor.run(settings) if "slack" in one.name + one.message
    }


async def test_doctor_says_that_slack_takes_what_we_show(slack: FakeSlack, settings: Settings) -> None:
    results = await found(settings)
    assert results["slack"][0] == results["slack surfaces"][0] == "ok"
    assert results["slack events"][0] == "skipped" and "member_joined_channel" in results["slack events"][1]


async def test_doctor_names_what_the_manifest_lacks_and_what_to_click(slack: FakeSlack, settings: Settings) -> None:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    manifest["settings"]["event_subscriptions"]["bot_events"].remove("message.mpim")
    (settings.data.parent / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    slack.fault("blocks.validate", error="invalid_blocks", times=1)
    results = await found(settings)
    state, message = results["manifest"]
    assert state == "failed" and "events message.mpim." in message and "App Manifest" in message
    assert results["slack surfaces"][0] == "failed" and "an answer: invalid_blocks" in results["slack surfaces"][1]
    assert "slack events" not in results
