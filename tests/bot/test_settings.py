"""The one reader of the environment."""

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import load


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
    }
    with pytest.raises(SettingsError) as caught:
        load(env, dotenv=None)
    assert all(name in caught.value.message for name in env)
    assert "hunter2" not in caught.value.message


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
