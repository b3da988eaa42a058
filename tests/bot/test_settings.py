"""The one reader of the environment."""

from pathlib import Path

import pytest

from bot import wiring
from bot.errors import ModelUnavailable, SettingsError
from bot.settings import load
from bot.types import Message, Prompt
from tests.llm_server import FakeLLM


def test_everything_has_a_safe_default() -> None:
    settings = load({}, dotenv=None)
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.openai_api_key is None
    assert settings.sql_url.startswith("sqlite:///") and settings.sql_url.endswith("/data/policybot.db")


def test_every_bad_value_is_reported_at_once_and_secrets_are_not_shown() -> None:
    env = {
        "POLICYBOT_MAX_ANSWERS": "many",
        "POLICYBOT_UNSUPPORTED": "shrug",
        "POLICYBOT_REFUSE_BELOW": "1.5",
        "CHROMA_URL": "localhost:8000",
        "DATABASE_URL": "mysql://root:hunter2@x/y",
        "POLICYBOT_CACHE": "maybe",
        "OPENAI_API_KEY": "sk-hunter2\nOPENAI_MODEL=x",
    }
    with pytest.raises(SettingsError) as caught:
        load(env, dotenv=None)
    assert all(name in caught.value.message for name in env)
    assert "hunter2" not in caught.value.message


async def test_a_key_goes_to_its_own_endpoint_only() -> None:
    own = {"OPENAI_API_KEY": "k1", "OPENAI_BASE_URL": "http://models.test/v1"}
    for other in ({"POLICYBOT_FALLBACK_BASE_URL": "http://b.test"}, {"POLICYBOT_FALLBACK_API_KEY": "k2"}):
        with pytest.raises(SettingsError):
            wiring.ladder(load(own | other, dotenv=None))
    async with FakeLLM("faithful") as llm:
        own |= {"OPENAI_BASE_URL": f"http://127.0.0.1:{llm.port}", "OPENAI_API_VERSION": "2024-10-21"}
        steps = wiring.ladder(load(own | {"OPENAI_MODEL": "500", "POLICYBOT_FALLBACK_MODEL": "empty"}, dotenv=None))
        assert steps is not None
        with pytest.raises(ModelUnavailable):
            await steps.complete(Prompt((Message("user", "Question: x?"),), "p", "v1", ""), 30.0)
        await steps.aclose()
        assert [request.path.split("/")[3] for request in llm.requests] == ["500", "500", "empty"], (
            "both are deployments"
        )


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
