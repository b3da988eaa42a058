"""The only reader of the environment: variables and .env in, one frozen Settings out.

Every bad value is reported at once. Secrets never show in repr(). README's table and .env.example are checked
against the fields below by tests/test_docs.py.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import SettingsError


def _text(value: str) -> str:
    return value


def _token(value: str) -> str:
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("must be one word of ASCII characters")  # it goes into a header
    return value


def _whole(value: str) -> int:
    number = int(value)
    if number < 0:
        raise ValueError("must not be negative")
    return number


def _number(value: str) -> float:
    number = float(value)
    if not 0 <= number < float("inf"):
        raise ValueError("must be 0 or more")
    return number


def _share(value: str) -> float:
    number = _number(value)
    if number > 1:
        raise ValueError("must lie between 0 and 1")
    return number


def _switch(value: str) -> bool:
    known = {"1": True, "on": True, "true": True, "yes": True, "0": False, "off": False, "false": False, "no": False}
    if value.lower() not in known:
        raise ValueError("must be on or off")
    return known[value.lower()]


def _url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return value.rstrip("/")


def _slack_url(value: str) -> str:
    return _url(value) + "/"


def _database(value: str) -> str:
    if not value.startswith(("sqlite:", "postgres:", "postgresql:", "postgresql+psycopg:")):
        raise ValueError("must be a sqlite: or postgresql: URL")
    return value


def _headers(value: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in value.split(",") if part.strip()]
    if any(not sep or not key.strip() for key, sep, _ in pairs):
        raise ValueError("must be Name=value, separated by commas")
    return {key.strip(): item.strip() for key, _, item in pairs}


def _paths(value: str) -> tuple[Path, ...]:
    return tuple(Path(part.strip()).expanduser() for part in value.split(os.pathsep) if part.strip())


def _path(value: str) -> Path:
    return Path(value).expanduser()


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value not in allowed:
            raise ValueError(f"must be one of: {', '.join(allowed)}")
        return value

    return parse


def _env(name: str, default: Any, doc: str, parse: Callable[[str], Any] = _text, *, secret: bool = False) -> Any:
    meta = {"env": name, "doc": doc, "parse": parse, "secret": secret}
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=meta, repr=not secret)
    return field(default=default, metadata=meta, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults. Times are seconds, sizes are tokens, money is US dollars, 0 means no limit."""

    slack_bot_token: str | None = _env("SLACK_BOT_TOKEN", None, "bot token, `xoxb-...`", _token, secret=True)
    slack_app_token: str | None = _env(
        "SLACK_APP_TOKEN", None, "app token for Socket Mode, `xapp-...`", _token, secret=True
    )
    slack_signing_secret: str | None = _env("SLACK_SIGNING_SECRET", None, "for HTTP mode", secret=True)
    slack_api_url: str = _env("SLACK_API_URL", "https://slack.com/api/", "base of Slack's Web API", _slack_url)
    openai_api_key: str | None = _env(
        "OPENAI_API_KEY", None, "without it the extractive answerer serves", _token, secret=True
    )
    openai_base_url: str | None = _env("OPENAI_BASE_URL", None, "OpenAI-compatible or Azure endpoint", _url)
    openai_model: str = _env("OPENAI_MODEL", "gpt-4o-mini", "chat model")
    azure_api_version: str | None = _env("OPENAI_API_VERSION", None, "set it for Azure OpenAI only")
    fallback_api_key: str | None = _env(
        "POLICYBOT_FALLBACK_API_KEY", None, "key of the second endpoint", _token, secret=True
    )
    fallback_base_url: str | None = _env(
        "POLICYBOT_FALLBACK_BASE_URL", None, "second chat endpoint; the first one's if unset", _url
    )
    fallback_model: str | None = _env("POLICYBOT_FALLBACK_MODEL", None, "model of the second endpoint")
    model_deadline_s: float = _env("POLICYBOT_MODEL_DEADLINE_S", 35.0, "all model endpoints together", _number)
    first_token_s: float = _env("POLICYBOT_FIRST_TOKEN_S", 15.0, "longest wait for a model's first token", _number)
    between_tokens_s: float = _env("POLICYBOT_BETWEEN_TOKENS_S", 8.0, "longest pause between tokens", _number)
    data: Path = _env("POLICYBOT_DATA", Path("data"), "folder of the database and the embedded index", _path)
    database_url: str | None = _env("DATABASE_URL", None, "SQLite in the data folder if unset", _database, secret=True)
    chroma_url: str | None = _env("CHROMA_URL", None, "a Chroma server; embedded if unset", _url, secret=True)
    chroma_headers: dict[str, str] = _env(
        "CHROMA_HEADERS", {}, "headers for that server, `Authorization=Bearer x`", _headers, secret=True
    )
    sources: tuple[Path, ...] = _env(
        "POLICYBOT_SOURCES", (), "folders `ingest` reads when given no path; files gone from them are removed", _paths
    )
    pdf_passwords: dict[str, str] = _env(
        "POLICYBOT_PDF_PASSWORDS", {}, "passwords by file name, `a.pdf=secret,b.pdf=x`", _headers, secret=True
    )
    docs_url: str | None = _env("POLICYBOT_DOCS_URL", None, "base of links to documents", _url)
    embedding_model: str | None = _env(
        "POLICYBOT_EMBEDDING_MODEL", None, "embed through the OpenAI endpoint instead of the bundled MiniLM"
    )
    refuse_below: float = _env(
        "POLICYBOT_REFUSE_BELOW",
        0.22,
        "confidence below which the bot refuses (docs/lab)",
        _share,
    )
    unsupported: str = _env(
        "POLICYBOT_UNSUPPORTED", "drop", "sentences the manual does not support: drop or mark", _choice("drop", "mark")
    )
    context_tokens: int = _env("POLICYBOT_CONTEXT_TOKENS", 2300, "most tokens of passages in a prompt", _whole)
    rewrite: bool = _env("POLICYBOT_REWRITE", True, "one small model call that rewrites the question", _switch)
    rewrite_s: float = _env("POLICYBOT_REWRITE_S", 1.5, "longest wait for the rewrite", _number)
    cache: bool = _env("POLICYBOT_CACHE", True, "answer the same question from the cache", _switch)
    daily_tokens: int = _env("POLICYBOT_DAILY_TOKENS", 0, "tokens a UTC day for the workspace", _whole)
    daily_usd: float = _env(
        "POLICYBOT_DAILY_USD",
        0.0,
        "dollars a UTC day for the workspace; a model that bot/llm/prices.json lacks counts 0",
        _number,
    )
    user_daily_tokens: int = _env("POLICYBOT_USER_DAILY_TOKENS", 0, "tokens a UTC day for one person", _whole)
    channel_daily_tokens: int = _env("POLICYBOT_CHANNEL_DAILY_TOKENS", 0, "tokens a UTC day for one channel", _whole)
    max_answers: int = _env("POLICYBOT_MAX_ANSWERS", 64, "answers at once in one process", _whole)
    max_queue: int = _env("POLICYBOT_MAX_QUEUE", 500, "questions waiting; beyond it people are asked to wait", _whole)
    user_per_minute: int = _env("POLICYBOT_USER_PER_MINUTE", 30, "questions a minute from one person", _whole)
    channel_per_minute: int = _env("POLICYBOT_CHANNEL_PER_MINUTE", 600, "questions a minute in one channel", _whole)
    outsiders: str = _env(
        "POLICYBOT_OUTSIDERS", "refuse", "people of other workspaces: refuse or ignore", _choice("refuse", "ignore")
    )
    shutdown_s: float = _env("POLICYBOT_SHUTDOWN_S", 20.0, "time to finish answers after SIGTERM", _number)
    health_port: int = _env("POLICYBOT_HEALTH_PORT", 0, "health endpoints in Socket Mode; 0: none", _whole)
    log_level: str = _env(
        "POLICYBOT_LOG", "info", "debug, info, warning or error", _choice("debug", "info", "warning", "error")
    )

    @property
    def sql_url(self) -> str:
        """DATABASE_URL, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'policybot.db'}"


def load(env: Mapping[str, str] | None = None, *, dotenv: Path | None = Path(".env")) -> Settings:
    """Settings from the environment, which wins over .env. Empty values count as unset.

    Raises SettingsError that names every bad value.
    """
    values: dict[str, str | None] = {}
    if dotenv is not None and dotenv.is_file():
        from dotenv import dotenv_values

        values.update(dotenv_values(dotenv))
    values.update(os.environ if env is None else env)
    found: dict[str, Any] = {}
    bad: list[str] = []
    for item in dataclasses.fields(Settings):
        name = item.metadata["env"]
        raw = (values.get(name) or "").strip()
        if not raw:
            continue
        try:
            found[item.name] = item.metadata["parse"](raw)
        except ValueError as error:
            shown = "the value" if item.metadata["secret"] else repr(raw)
            reason = str(error) if str(error).startswith("must") else "is not a number"
            bad.append(f"{name}: {shown} {reason}")
    if bad:
        raise SettingsError("Settings to correct (see .env.example):\n  " + "\n  ".join(bad))
    return Settings(**found)
