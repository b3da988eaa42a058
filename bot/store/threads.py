"""Threads in which the bot has answered: who stands where in them, and where it was told to be quiet.

In: places and times of messages, never their words. Out: Standing. Kept as long as answers are. Knows no Slack.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select, update

from bot.store.schema import answers, threads
from bot.types import Record
from knowledge.database import reading, upsert, writing
from knowledge.records import loads


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a thread stands in which the bot has answered."""

    last: Record  # its last answer
    others_ts: str | None  # of the newest message by somebody else than the person it last answered
    muted: bool


class Threads:
    """What is known of threads besides their answers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def standing(self, team: str, channel: str, thread_ts: str) -> Standing | None:
        """Where the thread stands; None when the bot has not answered in it."""
        a, t = answers.c, threads.c
        of_thread = (a.team_id == team) & (a.channel == channel) & (a.thread_ts == thread_ts)
        known = select(t.others_ts, t.muted).where(t.team_id == team, t.channel == channel, t.thread_ts == thread_ts)
        with reading(self._engine) as connection:
            newest = select(a.body).where(of_thread).order_by(a.created_at.desc(), a.id.desc()).limit(1)
            body = connection.execute(newest).scalar()
            if body is None:
                return None
            row = connection.execute(known).first()
        return Standing(
            last=loads(Record, body),
            others_ts=row.others_ts if row else None,
            muted=bool(row and row.muted),
        )

    def spoke(self, team: str, channel: str, thread_ts: str, ts: str, now: datetime) -> None:
        """Somebody else than the person last answered spoke in the thread."""
        self._keep(team, channel, thread_ts, now, others_ts=ts)

    def mute(self, team: str, channel: str, thread_ts: str, now: datetime) -> None:
        """Be quiet in the thread until the bot is mentioned again."""
        self._keep(team, channel, thread_ts, now, muted=True)

    def wake(self, team: str, channel: str, thread_ts: str) -> None:
        """The bot is mentioned again."""
        t = threads.c
        quiet = update(threads).where(t.team_id == team, t.channel == channel, t.thread_ts == thread_ts, t.muted)
        with writing(self._engine) as connection:
            connection.execute(quiet.values(muted=False))

    def _keep(self, team: str, channel: str, thread_ts: str, now: datetime, **values: str | bool) -> None:
        place = {"team_id": team, "channel": channel, "thread_ts": thread_ts}
        with writing(self._engine) as connection:
            upsert(connection, threads, {**place, "created_at": now, **values}, list(place), list(values))
