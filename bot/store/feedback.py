"""Votes: one per person and message, the last wins; joined with the records of their answers for export.

A vote may arrive before its answer's record. Knows no button and no emoji.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Engine, and_, case, or_, select, update

from bot import json_rows
from bot.privacy.mask import alone
from bot.store.audit import Audit, Entry
from bot.store.opt_out import opted_out
from bot.store.schema import answer_messages, answers, votes
from bot.types import Record, Vote
from knowledge.database import insert, reading, writing
from knowledge.records import loads

PLACE = ("team_id", "channel", "message_ts", "user_id")
PAGE = 500
Value = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Change:
    """A person's vote before and after; None: there is none."""

    before: Value | None
    after: Value | None


class Feedback:
    """The votes: one for each person and answer."""

    def __init__(self, engine: Engine, audit: Audit) -> None:
        self._engine, self._audit = engine, audit

    def cast(self, vote: Vote, *, was: Value | None = None) -> Change:
        """Store the vote unless a later one is stored; which one stood before, and which stands now.

        A reaction taken back retracts only what a reaction cast, and only a vote of the value that it `was`. A vote of
        the same value without reason and comment keeps those given before.
        """
        with writing(self._engine) as connection:
            comment = _kept(connection, vote.user, vote.comment)
            statement = insert(connection, votes).values(
                team_id=vote.team,
                channel=vote.channel,
                message_ts=vote.message_ts,
                user_id=vote.user,
                value=vote.value,
                via=vote.via,
                reason=vote.reason,
                comment=comment,
                cast_at=vote.at,
                created_at=vote.at,
            )
            new = statement.excluded
            said_more = or_(
                new.reason.is_not(None), new.comment.is_not(None), new.value.is_distinct_from(votes.c.value)
            )
            applies = votes.c.cast_at <= new.cast_at
            if vote.value is None and vote.via == "reaction":
                applies = and_(applies, votes.c.via == "reaction")
                if was is not None:
                    applies = and_(applies, votes.c.value == was)
            m = answer_messages.c
            place = m.team_id == vote.team, m.channel == vote.channel, m.message_ts == vote.message_ts
            before = connection.execute(select(votes.c.value).where(*_mine(vote))).scalar()
            cast = connection.execute(
                statement.on_conflict_do_update(
                    index_elements=list(PLACE),
                    set_={
                        "value": new.value,
                        "via": new.via,
                        "reason": case((said_more, new.reason), else_=votes.c.reason),
                        "comment": case((said_more, new.comment), else_=votes.c.comment),
                        "cast_at": new.cast_at,
                    },
                    where=applies,
                ).returning(votes.c.user_id)
            )
            if cast.first() is None:
                return Change(before, before)
            answer = connection.execute(select(m.answer_id).where(*place)).scalar()
            facts = {"value": vote.value, "via": vote.via, "reason": vote.reason, "comment": bool(comment)}
            self._audit.add(connection, Entry("vote", vote.at, vote.team, vote.user, answer, facts))
        return Change(before, vote.value)

    def explain(
        self, team: str, channel: str, message_ts: str, user: str, reason: str, comment: str | None, at: datetime
    ) -> bool:
        """Keep a reason with the person's standing "down"; False where it does not stand, and nothing is kept."""
        v, m = votes.c, answer_messages.c
        mine = and_(v.team_id == team, v.channel == channel, v.message_ts == message_ts, v.user_id == user)
        with writing(self._engine) as connection:
            comment = _kept(connection, user, comment)
            told = update(votes).where(mine, v.value == "down").values(reason=reason, comment=comment)
            if connection.execute(told).rowcount == 0:
                return False
            place = m.team_id == team, m.channel == channel, m.message_ts == message_ts
            answer = connection.execute(select(m.answer_id).where(*place)).scalar()
            facts = {"value": "down", "via": "form", "reason": reason, "comment": bool(comment)}
            self._audit.add(connection, Entry("vote", at, team, user, answer, facts))
        return True

    def export(self) -> Iterator[dict[str, Any]]:
        """Standing votes on known answers, oldest first, as rows that `--batch` reads; retracted ones are left out."""
        v, m = votes.c, answer_messages.c
        query = (
            select(votes, answers.c.body)
            .join(
                answer_messages,
                and_(m.team_id == v.team_id, m.channel == v.channel, m.message_ts == v.message_ts),
            )
            .join(answers, answers.c.id == m.answer_id)
            .where(v.value.is_not(None))
            .order_by(v.cast_at, *(v[name] for name in PLACE))
        )
        with reading(self._engine) as connection:
            for row in connection.execution_options(yield_per=PAGE).execute(query):
                record = loads(Record, row.body)
                answer = json_rows.answer(record.id, record.answer)
                yield {
                    **json_rows.replayable(record.question),
                    "vote": row.value,
                    "user": row.user_id,
                    "answer_id": record.id,
                    **{name: answer[name] for name in ("outcome", "text", "citations", "passages", "prompt", "model")},
                    "reason": row.reason,
                    "comment": row.comment,
                    "created_at": row.cast_at.isoformat(),
                }


def _mine(vote: Vote) -> tuple[ColumnElement[bool], ...]:
    v = votes.c
    return v.team_id == vote.team, v.channel == vote.channel, v.message_ts == vote.message_ts, v.user_id == vote.user


def _kept(connection: Connection, user: str, comment: str | None) -> str | None:
    """What is kept of a comment: nothing of who opted out, no personal data of others."""
    return None if not comment or opted_out(connection, user) else alone(comment)
