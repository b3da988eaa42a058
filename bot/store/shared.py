"""What all workers share besides questions: the day's spending and its limits, rates, who is alive, answers given.

Each method is one short transaction of atomic statements: two workers never lose a count. Times are arguments.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from bot.errors import BudgetReached, StoreError
from bot.settings import Settings
from bot.store.persons import opted_out
from bot.store.schema import cache, limits, presence, spend
from bot.types import Answer, Question, Usage, joined
from knowledge.database import Rows, insert_of, upsert, writing
from knowledge.records import dumps, loads

if TYPE_CHECKING:
    from knowledge.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Spent:
    """One day's use: of the workspace, and of this person and this channel in it."""

    tokens: int = 0
    cost_usd: float = 0.0
    user_tokens: int = 0
    channel_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Spending:
    """What one person used in one channel on one UTC day of one model for one feature. "" for who is unknown."""

    day: date
    user: str
    channel: str
    feature: str  # answer, rewrite, verify, whom, embed
    model: str
    tokens: int
    cost_usd: float  # 0 of a model without a known price


class Spend(Rows):
    """Tokens and money by UTC day, person and channel."""

    def add(
        self, team: str | None, user: str | None, channel: str | None, used: Mapping[str, Usage], now: datetime
    ) -> None:
        """Add what a question used, by feature, to the UTC day of `now`."""
        who = {"team_id": team or "", "day": now.date(), "user_id": user or "", "channel": channel or ""}
        rows = []
        for feature, usage in used.items():
            of = {"feature": feature, "model": (usage.model or "")[:128]}
            sums = {"tokens": usage.input_tokens + usage.output_tokens, "cost_usd": usage.cost_usd or 0.0}
            rows.append({**who, **of, **sums, "created_at": now})
        with writing(self.engine, durable=False) as connection:
            connection.execute(_add(connection.dialect.name), rows)

    def today(self, team: str | None, user: str | None, channel: str | None, day: date) -> Spent:
        """What the day has cost by now."""
        c = spend.c

        def tokens_of(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
            return sa.func.coalesce(sa.func.sum(sa.case((condition, c.tokens), else_=0)), 0)

        query = sa.select(
            sa.func.coalesce(sa.func.sum(c.tokens), 0),
            sa.func.coalesce(sa.func.sum(c.cost_usd), 0.0),
            tokens_of(c.user_id == (user or "")),
            tokens_of(c.channel == (channel or "")),
        ).where(c.team_id == (team or ""), c.day == day)
        ((tokens, usd, users, channels),) = self._rows(query)
        return Spent(int(tokens), float(usd), int(users), int(channels))

    def since(self, day: date) -> list[Spending]:
        """All that was used from this UTC day on."""
        s = spend.c
        query = sa.select(s.day, s.user_id, s.channel, s.feature, s.model, s.tokens, s.cost_usd).where(s.day >= day)
        return [Spending(*row) for row in self._rows(query.order_by(s.day))]


class DailyMeter:
    """The day's budget for model calls, which all workers share; a day is one of UTC.

    It is looked at before a call, and what the call used is added after it, so that questions under way at once may
    pass it together; a call that ended before its first word, uncounted by its endpoint, adds nothing.
    """

    def __init__(self, ledger: Spend, settings: Settings, now: Callable[[], datetime]) -> None:
        self._ledger, self._now = ledger, now
        self._limits = {
            "POLICYBOT_DAILY_TOKENS": settings.daily_tokens,
            "POLICYBOT_DAILY_USD": settings.daily_usd,
            "POLICYBOT_USER_DAILY_TOKENS": settings.user_daily_tokens,
            "POLICYBOT_CHANNEL_DAILY_TOKENS": settings.channel_daily_tokens,
        }

    async def check(self, question: Question) -> None:
        """Raises BudgetReached, naming the setting, when a limit that applies to the asker is used up."""
        if not any(self._limits.values()):
            return
        asked = (question.team, question.user, question.channel)
        try:
            spent = await asyncio.to_thread(self._ledger.today, *asked, self._now().date())
        except StoreError as error:
            structlog.get_logger().error("budget_unknown", id=question.id, error=error.code)
            raise
        # A question without a person or channel (command line) counts for the workspace only.
        of_user = spent.user_tokens if question.user else 0
        of_channel = spent.channel_tokens if question.channel else 0
        uses = (spent.tokens, spent.cost_usd, of_user, of_channel)
        for (setting, limit), used in zip(self._limits.items(), uses, strict=True):
            if limit and used >= limit:
                raise BudgetReached(f"{setting} ({limit}) is used up for today. Raise it, or wait for midnight UTC.")

    async def spend(self, question: Question, used: Mapping[str, Usage]) -> None:
        """Add what a question cost, by feature. An answer is not lost because its cost could not be booked."""
        asked = (question.team, question.user, question.channel)
        try:
            await asyncio.to_thread(self._ledger.add, *asked, used, self._now())
        except StoreError as error:
            structlog.get_logger().error("budget_not_booked", id=question.id, error=error.code)


class RateWindows(Rows):
    """How often something happened within a window of time."""

    def hit(self, key: str, window_s: float, now: datetime) -> int:
        """Count one hit; returns how many this window has by now. Windows are fixed: they start at multiples."""
        window = int(now.timestamp() // window_s)
        with writing(self.engine, durable=False) as connection:
            row = {"key": key, "window_start": window, "hits": 1, "created_at": now}
            hits: int = connection.execute(_hit(connection.dialect.name), row).scalar_one()
        return hits

    def begun(self, prefix: str, since: datetime) -> list[str]:
        """The keys with this beginning that were first hit after `since`."""
        first = limits.c.key.startswith(prefix, autoescape=True) & (limits.c.created_at > since)
        return [row.key for row in self._rows(sa.select(limits.c.key).where(first))]


class Presence(Rows):
    """Which workers are alive."""

    def beat(self, worker: str, now: datetime) -> None:
        """The worker is alive at `now`."""
        with writing(self.engine, durable=False) as connection:
            row = {"worker": worker, "seen_at": now, "created_at": now}
            upsert(connection, presence, row, ["worker"], ["seen_at"])

    def gone(self, worker: str) -> None:
        """The worker stops on purpose."""
        self._write(sa.delete(presence).filter_by(worker=worker))

    def live(self, now: datetime) -> int:
        """How many workers beat within the last minute."""
        since = now - timedelta(minutes=1)
        return int(self._value(sa.select(sa.func.count()).where(presence.c.seen_at >= since)))


class Memory(Rows):
    """Answers given before; the key's parts say everything that an answer depends on, besides what was ingested.

    Does without a database that fails: an answer that is there already must not be lost because it could not be
    remembered. What one version of policybot kept another does not say.
    """

    def __init__(self, engine: sa.Engine, catalog: Catalog, version: str, now: Callable[[], datetime]) -> None:
        super().__init__(engine)
        self._catalog, self._version, self._now = catalog, version, now

    async def get(self, key: tuple[str, ...], collections: Sequence[str]) -> Answer | None:
        """The answer kept under this key, of the collections as they are now, if the database can be read."""
        with contextlib.suppress(StoreError):
            return await asyncio.to_thread(self.kept, key, collections)
        return None

    async def put(self, key: tuple[str, ...], answer: Answer, collections: Sequence[str], user: str | None) -> None:
        """Keep the answer that was made for this person, if the database can be written."""
        with contextlib.suppress(StoreError):
            await asyncio.to_thread(self.keep, key, answer, collections, user)

    def kept(self, key: tuple[str, ...], collections: Sequence[str]) -> Answer | None:
        """The same as `get`. Raises StoreError."""
        states = map(self._catalog.collection, collections)
        body = self._value(_KEPT, {"kept": self._digest(key, sum(state.generation for state in states if state))})
        return None if body is None else loads(Answer, body)

    def keep(self, key: tuple[str, ...], answer: Answer, collections: Sequence[str], user: str | None) -> None:
        """Keep it, unless the person opted out; forgets those of earlier generations. Raises StoreError."""
        generation = answer.generation or 0  # of what it was made from: older is not found
        row = {
            "key": self._digest(key, generation),
            "collection": joined(collections),
            "generation": generation,
            "user_id": user,
            "body": dumps(answer),
            "created_at": self._now(),
        }
        with writing(self.engine, durable=False) as connection:
            if opted_out(connection, user):
                return
            connection.execute(_EARLIER, {"of": row["collection"], "since": generation})
            upsert(connection, cache, row, ["key"])

    def _digest(self, key: tuple[str, ...], generation: int) -> str:
        parts = (self._version, str(generation), *key)
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


# Built once, those that each question runs: building a statement takes as long as running it.
_EARLIER = sa.delete(cache).where(cache.c.collection == sa.bindparam("of"), cache.c.generation < sa.bindparam("since"))
_KEPT = sa.select(cache.c.body).where(cache.c.key == sa.bindparam("kept"))


@functools.cache
def _hit(dialect: str) -> sa.Executable:
    statement = insert_of(dialect, limits)
    new = statement.excluded.window_start
    counted = sa.case((limits.c.window_start == new, limits.c.hits + 1), else_=1)
    changed = {"hits": counted, "window_start": new}
    return statement.on_conflict_do_update(index_elements=["key"], set_=changed).returning(limits.c.hits)


@functools.cache
def _add(dialect: str) -> sa.Executable:
    statement = insert_of(dialect, spend)
    sums = {name: spend.c[name] + statement.excluded[name] for name in ("tokens", "cost_usd")}
    return statement.on_conflict_do_update(index_elements=list(spend.primary_key), set_=sums)
