"""Settings -> the endpoints texts are sent to: the ladder that answers, the one that verifies; what embedding cost.

Rules kept: one vendor's key is never sent to another; nothing is booked while an ingest or a search embeds, which may
hold a transaction of its own.
"""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import SettingsError, StoreError
from bot.llm.cost import cost_usd
from bot.rules.tables import Endpoints, Host
from bot.settings import Endpoint, Settings
from bot.types import Usage

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.llm.chat import ChatEndpoint
    from bot.llm.ladder import Ladder

OPENAI_URL = "https://api.openai.com/v1"  # where the client goes when it is told nothing; given: openai-python
HERE = ("localhost", "127.0.0.1", "::1")  # this machine


def addresses(settings: Settings) -> dict[str, str]:
    """Every address that texts are sent to, by the setting that names it."""
    traces = settings.otel_endpoint if settings.trace_text else None
    traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": traces} if traces else {}
    if settings.openai_api_key is None and settings.remote_embedder is None:
        return traced
    first = settings.chat.url or OPENAI_URL
    further = {"POLICYBOT_FALLBACK": settings.fallback, "POLICYBOT_VERIFIER": settings.verifier}
    served = {name: one.url or first for name, one in further.items() if one and one.model != "off"}
    return {"OPENAI_BASE_URL": first, **served, **traced}


def host_of(url: str) -> str:
    """The host of an address, in lower case."""
    return urlsplit(url).hostname or ""


def agreed(endpoints: Endpoints, settings: Settings) -> list[str]:
    """What is agreed with each host that texts are sent to, a line each."""
    lines = []
    for host in dict.fromkeys(map(host_of, addresses(settings).values())):
        about = endpoints.host.get(host, Host())
        parts = {"agreement": about.dpa, "region": about.region, "retention": about.retention}
        stated = (f"{name} {value or 'not stated'}" for name, value in parts.items())
        lines.append(f"texts go to {host}: {', '.join(stated)}")
    return lines


def keep_to(endpoints: Endpoints, settings: Settings) -> None:
    """Raise SettingsError where texts would go to a host that [endpoints] does not allow, or off this machine in clear.

    Where `allow` names hosts, this machine is one of them and needs `tls = false`, too.
    """
    for name, url in addresses(settings).items():
        host = host_of(url)
        if endpoints.allow is None and host in HERE:
            continue
        if endpoints.allow is not None and host not in endpoints.allow:
            raise SettingsError(f"{name} sends texts to {host}, which endpoints.allow in policybot.toml does not name.")
        about = endpoints.host.get(host)
        if urlsplit(url).scheme != "https" and (about is None or about.tls):
            say = f'write tls = false below [endpoints.host."{host}"] in policybot.toml'
            raise SettingsError(f"{name} sends texts to {host} without TLS. Use https://, or {say}.")


def ladder(settings: Settings) -> Ladder | None:
    """Model endpoints in the order of preference; None without a key."""
    if settings.openai_api_key is None:
        return None
    from bot.llm.ladder import Ladder

    rungs = [_rung("primary", settings.chat, settings.openai_api_key, "OPENAI", settings)]
    if settings.fallback is not None:
        served, key = with_key(settings, settings.fallback, settings.fallback_api_key, "FALLBACK")
        rungs.append(_rung("second", served, key, "POLICYBOT_FALLBACK", settings))
    elif settings.fallback_api_key:
        raise SettingsError("POLICYBOT_FALLBACK_API_KEY is the key of no endpoint: set POLICYBOT_FALLBACK=model@url.")
    return Ladder(rungs, deadline_s=settings.model_deadline_s, clock=time.monotonic)


def _rung(name: str, served: Endpoint, key: str, prefix: str, settings: Settings) -> ChatEndpoint:
    from bot.llm.chat import ChatEndpoint

    return ChatEndpoint(
        name=name,
        base_url=served.url,
        api_key=key,
        model=served.model,
        azure_api_version=served.azure_api_version,
        first_token_s=settings.first_token_s,
        settings=prefix,
    )


def verifying(settings: Settings, chat: Ladder | None) -> Ladder | None:
    """Where sentences are verified: the endpoint of its own, the chat model's, or none ("off", or no chat model)."""
    if chat is None or settings.verifier is None:
        return chat
    if settings.verifier.model == "off":
        return None
    from bot.llm.ladder import Ladder

    served, key = with_key(settings, settings.verifier, settings.verifier_api_key, "VERIFIER")
    rung = _rung("verifier", served, key, "POLICYBOT_VERIFIER", settings)
    return Ladder([rung], deadline_s=settings.model_deadline_s, clock=time.monotonic)


def with_key(settings: Settings, served: Endpoint, key: str | None, name: str) -> tuple[Endpoint, str]:
    """A further endpoint and its key; where the first one is, also with the first one's key.

    One vendor's key is never sent to another.
    """
    first = settings.chat
    if served.url is None and key and first.url:
        raise SettingsError(f"POLICYBOT_{name}_API_KEY would go to OPENAI_BASE_URL: set POLICYBOT_{name}=model@url.")
    if served.url in (None, first.url):
        served = dataclasses.replace(first, model=served.model)
        key = key or settings.openai_api_key
    if not key:
        raise SettingsError(f"POLICYBOT_{name} is another endpoint: set its own key in POLICYBOT_{name}_API_KEY.")
    return served, key


class EmbedCosts:
    """What was embedded since it was last booked; any thread."""

    def __init__(self, engine: Engine, model: str | None) -> None:
        self._engine, self._model = engine, model or ""
        self._tokens, self._lock = 0, threading.Lock()

    def used(self, tokens: int) -> None:
        """One call used this many tokens."""
        with self._lock:
            self._tokens += tokens

    def book(self) -> None:
        """Write it down. A database that can't be written loses the count and nothing else."""
        from bot.store.shared import Spend

        with self._lock:
            tokens, self._tokens = self._tokens, 0
        if not tokens:
            return
        usage = Usage(tokens, 0, cost_usd(self._model, tokens, 0), model=self._model)
        with contextlib.suppress(StoreError):
            Spend(self._engine).add(None, None, None, {"embed": usage}, datetime.now(UTC))
