"""Settings -> the chat endpoints: the ladder that answers, the one that verifies.

Rule kept: one vendor's key is never sent to another.
"""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.settings import Endpoint, Settings

if TYPE_CHECKING:
    from bot.llm.chat import ChatEndpoint
    from bot.llm.ladder import Ladder


def ladder(settings: Settings) -> Ladder | None:
    """Model endpoints in the order of preference; None without a key."""
    if settings.openai_api_key is None:
        return None
    from bot.llm.ladder import Ladder

    rungs = [_rung("primary", settings.chat, settings.openai_api_key, "OPENAI", settings.first_token_s)]
    if settings.fallback is not None:
        served, key = with_key(settings, settings.fallback, settings.fallback_api_key, "FALLBACK")
        rungs.append(_rung("second", served, key, "POLICYBOT_FALLBACK", settings.first_token_s))
    elif settings.fallback_api_key:
        raise SettingsError("POLICYBOT_FALLBACK_API_KEY is the key of no endpoint: set POLICYBOT_FALLBACK=model@url.")
    return Ladder(rungs, deadline_s=settings.model_deadline_s, clock=time.monotonic)


def _rung(name: str, served: Endpoint, key: str, prefix: str, first_token_s: float) -> ChatEndpoint:
    from bot.llm.chat import ChatEndpoint

    return ChatEndpoint(
        name=name,
        base_url=served.url,
        api_key=key,
        model=served.model,
        azure_api_version=served.azure_api_version,
        first_token_s=first_token_s,
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
    rung = _rung("verifier", served, key, "POLICYBOT_VERIFIER", settings.first_token_s)
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
