"""What model calls have used since a day: one row per day, person, channel, feature and model. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, select

from bot.store.schema import spend
from knowledge.database import reading


@dataclass(frozen=True, slots=True)
class Spending:
    """What one person used in one channel on one UTC day of one model for one feature. "" for who is unknown."""

    day: date
    user: str
    channel: str
    feature: str  # answer, rewrite, verify, embed
    model: str
    tokens: int
    cost_usd: float  # 0 of a model without a known price


class SpendingBooks:
    """What was used, as it was booked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def since(self, day: date) -> list[Spending]:
        """All that was used from this UTC day on."""
        s = spend.c
        query = select(s.day, s.user_id, s.channel, s.feature, s.model, s.tokens, s.cost_usd).where(s.day >= day)
        with reading(self._engine) as connection:
            return [Spending(*row) for row in connection.execute(query.order_by(s.day))]
