"""The one reader of the environment."""

import dataclasses
from pathlib import Path

import pytest

from bot.errors import ModelUnavailable, SettingsError
from bot.settings import Endpoint, Settings, endpoint, load
from bot.types import Message, Prompt
from bot.wiring import models
from tests.llm_server import FakeLLM
from tests.rows import each


def test_everything_has_a_safe_default() -> None:
    settings = load({}, dotenv=None)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.openai_api_key is None
    assert settings.sql_url.startswith("sqlite:///") and settings.sql_url.endswith("/data/policybot.db")


def test_every_bad_value_is_reported_at_once_and_secrets_are_not_shown() -> None:
    env = {
        "POLICYBOT_MAX_ANSWERS": "many",
        "POLICYBOT_LOG": "shrug",
        "POLICYBOT_REFUSE_BELOW": "1.5",
        "CHROMA_URL": "localhost:8000",
        "DATABASE_URL": "mysql://root:hunter2@x/y",
        "POLICYBOT_REWRITE": "maybe",
        "POLICYBOT_FALLBACK": "a model@http://x",
        "SLACK_SIGNING_SECRET_FILE": "/nowhere/at/all",
        "OPENAI_API_KEY": "sk-hunter2\nOPENAI_MODEL=x",
        "SLACK_BOT_TOKEN": "xapp-hunter2",  # the two swapped
        "SLACK_APP_TOKEN": "xoxb-hunter2",
    }
    with pytest.raises(SettingsError) as caught:
        load(env, dotenv=None)
    assert all(name in caught.value.message for name in env)
    assert "hunter2" not in caught.value.message
    assert "SLACK_BOT_TOKEN: the value must be the bot token" in caught.value.message


@each(
    "value, meant",
    [
        ("gpt-4o-mini", Endpoint("gpt-4o-mini")),
        ("meta/llama@3:8b@https://b.test/v1/", Endpoint("meta/llama@3:8b", "https://b.test/v1")),
        ("own@http://127.0.0.1:9", Endpoint("own", "http://127.0.0.1:9")),
        ("dep@https://a.test/?api-version=2024-10-21", Endpoint("dep", "https://a.test", "2024-10-21")),
        ("dep@https://a.test/v1?x=1", Endpoint("dep", "https://a.test/v1?x=1")),
    ],
)
def test_an_endpoint_is_a_model_at_a_url(value: str, meant: Endpoint) -> None:
    assert endpoint(value) == meant
    assert load({"POLICYBOT_FALLBACK": value}, dotenv=None).fallback == meant


async def test_a_key_goes_to_its_own_endpoint_only() -> None:
    own = {"OPENAI_API_KEY": "k1", "OPENAI_BASE_URL": "http://models.test/v1"}
    further = [
        {"POLICYBOT_FALLBACK": "m@http://b.test"},  # the first one's key would go there
        {"POLICYBOT_FALLBACK_API_KEY": "k2"},
        {"POLICYBOT_FALLBACK_API_KEY": "k2", "POLICYBOT_FALLBACK": "m"},  # would go to models.test
    ]
    for other in further:
        with pytest.raises(SettingsError, match=r"POLICYBOT_FALLBACK"):
            models.ladder(load(own | other, dotenv=None))
    async with FakeLLM("faithful") as llm:
        own |= {"OPENAI_BASE_URL": f"http://127.0.0.1:{llm.port}?api-version=2024-10-21"}
        steps = models.ladder(load(own | {"OPENAI_MODEL": "500", "POLICYBOT_FALLBACK": "empty"}, dotenv=None))
        assert steps is not None
        with pytest.raises(ModelUnavailable):
            await steps.complete(Prompt((Message("user", "Question: x?"),), "p", "v1", ""), 30.0)
        await steps.aclose()
        assert [request.path.split("/")[3] for request in llm.requests] == ["500", "500", "empty"], (
            "both are deployments"
        )


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk-from-file\n")
    assert load({"OPENAI_API_KEY_FILE": str(file)}, dotenv=None).openai_api_key == "sk-from-file"
    assert load({"OPENAI_API_KEY_FILE": ""}, dotenv=None).openai_api_key is None
    with pytest.raises(SettingsError, match="beside OPENAI_API_KEY_FILE"):
        load({"OPENAI_API_KEY_FILE": str(file), "OPENAI_API_KEY": "sk-2"}, dotenv=None)
    with pytest.raises(SettingsError, match=r"OPENAI_API_KEY_FILE: .* can't be read \(No such file"):
        load({"OPENAI_API_KEY_FILE": str(tmp_path / "none")}, dotenv=None)


def test_names_that_are_no_settings_are_told_and_the_rest_is_taken(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("POLICYBOT_DAILY_TOKEN=5\nPOLICYBOT_DAILY_USD=2\n")
    lines: list[str] = []
    env = {"policybot_log": "x", "POLICYBOT_CACHE": "off", "OPENAI_ORG": "x", "PATH": "y"}
    assert load(env, dotenv=file, tell=lines.append).daily_usd == 2
    assert [line.partition(" is not a setting: ")[::2] for line in lines] == [
        ("POLICYBOT_CACHE", "docs/settings.md lists them all"),
        ("POLICYBOT_DAILY_TOKEN", "did you mean POLICYBOT_DAILY_TOKENS?"),
        ("policybot_log", "did you mean POLICYBOT_LOG?"),
    ]


def test_every_setting_has_its_group_and_few_are_needed() -> None:
    groups = [field.metadata["group"] for field in dataclasses.fields(Settings)]
    assert groups == sorted(groups, key=["needed", "useful", "rare"].index)
    assert groups.count("needed") == 6 and len(groups) <= 36


def test_secrets_never_show_in_repr() -> None:
    settings = load({"SLACK_BOT_TOKEN": "xoxb-secret", "DATABASE_URL": "postgres://u:pw@h/d"}, dotenv=None)
    assert "xoxb-secret" not in repr(settings) and "pw" not in repr(settings)


def test_the_environment_wins_over_the_file_and_empty_counts_as_unset(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("OPENAI_MODEL=from-file\nOPENAI_BASE_URL=http://127.0.0.1:9/v1/\nPOLICYBOT_REWRITE=off\n")
    settings = load({"OPENAI_MODEL": "from-env", "OPENAI_API_KEY": "  "}, dotenv=file)
    assert settings.openai_model == "from-env"
    assert settings.openai_base_url == "http://127.0.0.1:9/v1"
    assert settings.rewrite is False
    assert settings.openai_api_key is None


def test_lists_and_pairs() -> None:
    settings = load(
        {"CHROMA_HEADERS": "Authorization=Bearer a=b, X-Team = 7", "POLICYBOT_SOURCES": "/a:/b"}, dotenv=None
    )
    assert settings.chroma_headers == {"Authorization": "Bearer a=b", "X-Team": "7"}
    assert settings.sources == (Path("/a"), Path("/b"))
