"""What every question of a process shares: the assistant, the store, Slack, limits and rules."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from bot import texts
from bot.rules.tables import Rules
from bot.slack.access import Access
from bot.slack.api import Api
from bot.slack.locales import Locales
from bot.slack.meanings import Identity
from bot.slack.metrics import Metrics
from bot.slack.store_pool import StorePool
from bot.slack.stream_allowance import Budget
from bot.store import Store
from bot.types import Finished, Question, Sentence, Status
from bot.understanding.topics import topic


class Answering(Protocol):
    """The assistant, as far as Slack knows it."""

    def answer(self, question: Question) -> AsyncIterator[Status | Sentence | Finished]:
        """Events of one answer, the last a Finished."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Counts are per process or per minute; 0 means no limit."""

    max_answers: int = 64
    max_queue: int = 500
    user_per_minute: int = 30
    channel_per_minute: int = 600
    outsiders: str = "refuse"  # or ignore
    shutdown_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Services:
    """What answering needs, the same for every question of a process."""

    assistant: Answering
    store: Store
    in_thread: StorePool
    api: Api
    budget: Budget
    limits: Limits
    me: Identity
    clock: Callable[[], float]  # monotonic
    metrics: Metrics
    access: Access = Access(Rules)  # noqa: RUF009 - of no file and no user groups
    locales: Locales = field(default_factory=Locales)
    meant: Callable[[str], str | None] | None = None  # the sensitive topic of a message by its meaning; takes a while
    leaning: Callable[[str], bool] | None = None  # whether a message behind an answer is for the bot, by its meaning

    @property
    def rules(self) -> Rules:
        """The rules that hold now."""
        return self.access.rules()

    def say(self, user: str) -> texts.Texts:
        """Our own sentences in the language of the person's Slack, as far as that is known by now."""
        return texts.of(self.locales.known(user))

    async def topic_of(self, text: str) -> str | None:
        """The sensitive topic of a message, by its words or else by its meaning."""
        return topic(text) or (await asyncio.to_thread(self.meant, text) if self.meant and text else None)

    def now(self) -> datetime:
        """The time of day, for rows."""
        return datetime.now(UTC)
