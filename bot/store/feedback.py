"""Votes: one per person and message, the last wins; joined with the records of their answers for export.

A vote may arrive before its answer's record. Knows no button and no emoji.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import sqlalchemy as sa

from bot import json_rows
from bot.privacy.find import find
from bot.privacy.mask import alone
from bot.store.audit import AuditedRows, Entry
from bot.store.persons import opted_out
from bot.store.schema import answer_messages, answers, of_message, row_of, vote_stands, votes
from bot.types import Record, Vote
from knowledge.database import insert, reading, writing
from knowledge.records import loads

PLACE = ("team_id", "channel", "message_ts", "user_id")
PAGE = 500
Value = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class VoteChange:
    """A person's vote before and after; None: there is none."""

    before: Value | None
    after: Value | None


class Feedback(AuditedRows):
    """The votes: one for each person and answer."""

    def cast(self, vote: Vote, *, was: Value | None = None) -> VoteChange:
        """Store the vote unless a later one is stored; which one stood before, and which stands now.

        A reaction taken back retracts only what a reaction cast, and only a vote of the value that it `was`. A vote of
        the same value without reason and comment keeps those given before.
        """
        with writing(self.engine) as connection:
            vote = replace(vote, comment=_kept(connection, vote.user, vote.comment))
            statement = insert(connection, votes).values(row_of(vote) | {"created_at": vote.at})
            new = statement.excluded
            said_more = sa.or_(
                new.reason.is_not(None), new.comment.is_not(None), new.value.is_distinct_from(votes.c.value)
            )
            applies = votes.c.cast_at <= new.cast_at
            if vote.value is None and vote.via == "reaction":
                applies = sa.and_(applies, votes.c.via == "reaction")
                if was is not None:
                    applies = sa.and_(applies, votes.c.value == was)
            before = connection.execute(sa.select(votes.c.value).where(*_of_voter(vote))).scalar()
            cast = connection.execute(
                statement.on_conflict_do_update(
                    index_elements=list(PLACE),
                    set_={
                        "value": new.value,
                        "via": new.via,
                        "reason": sa.case((said_more, new.reason), else_=votes.c.reason),
                        "comment": sa.case((said_more, new.comment), else_=votes.c.comment),
                        "cast_at": new.cast_at,
                    },
                    where=applies,
                ).returning(votes.c.user_id)
            )
            if cast.first() is None:
                return VoteChange(before, before)
            self._note(connection, vote, vote.via)
        return VoteChange(before, vote.value)

    def explain(self, vote: Vote) -> bool:
        """Keep the vote's reason with the one that stands; False where none of its value does, and nothing is kept."""
        with writing(self.engine) as connection:
            vote = replace(vote, comment=_kept(connection, vote.user, vote.comment))
            mine = sa.update(votes).where(*_of_voter(vote), votes.c.value == vote.value)
            if connection.execute(mine.values(reason=vote.reason, comment=vote.comment)).rowcount == 0:
                return False
            self._note(connection, vote, "form")
        return True

    def _note(self, connection: sa.Connection, vote: Vote, via: str) -> None:
        """Write the vote into the audit trail, without its words."""
        stands = of_message(answer_messages, vote.team, vote.channel, vote.message_ts)
        answer = connection.execute(sa.select(answer_messages.c.answer_id).where(stands)).scalar()
        facts = {"value": vote.value, "via": via, "reason": vote.reason, "comment": bool(vote.comment)}
        self._audit.add(connection, Entry("vote", vote.at, vote.team, vote.user, answer, facts))

    def export(self) -> Iterator[dict[str, Any]]:
        """Standing votes on known answers, oldest first, as rows that `--batch` reads; retracted ones are left out."""
        v = votes.c
        query = (
            sa.select(votes, answers.c.body)
            .join(answer_messages, vote_stands())
            .join(answers, answers.c.id == answer_messages.c.answer_id)
            .where(v.value.is_not(None))
            .order_by(v.cast_at, *(v[name] for name in PLACE))
        )
        with reading(self.engine) as connection:
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


def _of_voter(vote: Vote) -> tuple[sa.ColumnElement[bool], ...]:
    return of_message(votes, vote.team, vote.channel, vote.message_ts), votes.c.user_id == vote.user


def _kept(connection: sa.Connection, user: str, comment: str | None) -> str | None:
    """What is kept of a comment: nothing of who opted out, no personal data of others."""
    return None if not comment or opted_out(connection, user) else alone(comment, find)
