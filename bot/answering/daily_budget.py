"""The day's budget for model calls: tokens and dollars of the workspace, tokens of a person and of a channel.

What is spent is stored, so that all workers share one budget. Days are UTC days. 0 means no limit. A limit is looked at
before a call and what the call used is added after it, so that questions under way at once may pass it together; a call
that ended before its first word, uncounted by its endpoint, adds nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.errors import BudgetReached, StoreError
from bot.types import Question, Usage

if TYPE_CHECKING:
    from bot.store.shared import Spend


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits a day; 0 is none."""

    tokens: int = 0
    usd: float = 0.0
    user_tokens: int = 0
    channel_tokens: int = 0


class DailyMeter:
    """The day's budget, looked at before a call and charged after it."""

    def __init__(self, ledger: Spend, budget: Budget, now: Callable[[], datetime]) -> None:
        self._ledger, self._budget, self._now = ledger, budget, now

    async def check(self, question: Question) -> None:
        """Raises BudgetReached, naming the setting, when a limit that applies to the asker is used up."""
        limits = self._budget
        if limits == Budget():
            return
        asked = (question.team, question.user, question.channel)
        try:
            spent = await asyncio.to_thread(self._ledger.today, *asked, self._now().date())
        except StoreError as error:
            structlog.get_logger().error("budget_unknown", id=question.id, error=error.code)
            raise
        # A question without a person or channel (command line) counts for the workspace only.
        for setting, used, limit in (
            ("POLICYBOT_DAILY_TOKENS", spent.tokens, limits.tokens),
            ("POLICYBOT_DAILY_USD", spent.cost_usd, limits.usd),
            ("POLICYBOT_USER_DAILY_TOKENS", spent.user_tokens if question.user else 0, limits.user_tokens),
            ("POLICYBOT_CHANNEL_DAILY_TOKENS", spent.channel_tokens if question.channel else 0, limits.channel_tokens),
        ):
            if limit and used >= limit:
                raise BudgetReached(f"{setting} ({limit}) is used up for today. Raise it, or wait for midnight UTC.")

    async def spend(self, question: Question, used: Mapping[str, Usage]) -> None:
        """Add what a question cost, by feature. An answer is not lost because its cost could not be booked."""
        asked = (question.team, question.user, question.channel)
        try:
            await asyncio.to_thread(self._ledger.add, *asked, used, self._now())
        except StoreError as error:
            structlog.get_logger().error("budget_not_booked", id=question.id, error=error.code)
