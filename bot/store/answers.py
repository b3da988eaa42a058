"""Records of answers: everything needed to replay a question, and the messages an answer stands in.

In: bot.types.Record. Out: the same Record, exactly; the turns of a thread. Knows no vote (bot.store.feedback joins).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Engine, select

from bot.store.schema import answer_messages, answers
from bot.types import Record, Turn, joined
from knowledge.database import reading, upsert, writing
from knowledge.records import dumps, loads


def answer_id(team: str, channel: str, message_ts: str, again: str = "") -> str:
    """The id of the answer to a Slack message; `again`: the event that asked for another one."""
    asked = f"{team}/{channel}/{message_ts}" + (f"/{again}" if again else "")
    return hashlib.sha256(asked.encode()).hexdigest()[:12]


class Answers:
    """The records of answers, by their id and by the Slack messages in which they stand."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, record: Record, also: Sequence[str] = ()) -> None:
        """Store the record, replacing one of the same id. `also`: message_ts of further messages of this answer."""
        question = record.question
        row = {
            "id": record.id,
            "team_id": question.team,
            "channel": question.channel,
            "user_id": question.user,
            "thread_ts": record.thread_ts,
            "collection": joined(question.collections),
            "outcome": record.answer.outcome.value,
            "body": dumps(record),
            "created_at": record.created_at,
        }
        with writing(self._engine) as connection:
            upsert(connection, answers, row, ["id"])
            for ts in (record.message_ts, *also):
                if ts is None or question.team is None or question.channel is None:
                    continue
                message = {"team_id": question.team, "channel": question.channel, "message_ts": ts}
                told = {**message, "answer_id": record.id, "created_at": record.created_at}
                upsert(connection, answer_messages, told, list(message), ["answer_id"])

    def by_id(self, answer_id: str) -> Record | None:
        """The record of this id."""
        with reading(self._engine) as connection:
            body = connection.execute(select(answers.c.body).where(answers.c.id == answer_id)).scalar()
        return None if body is None else loads(Record, body)

    def messages(self, answer_id: str) -> list[str]:
        """The ts of the messages in which the answer stands."""
        query = select(answer_messages.c.message_ts).where(answer_messages.c.answer_id == answer_id)
        with reading(self._engine) as connection:
            return list(connection.execute(query).scalars())

    def by_message(self, team: str, channel: str, ts: str) -> Record | None:
        """The answer that stands in this message, be it its first or a further one."""
        m = answer_messages.c
        query = (
            select(answers.c.body)
            .join(answer_messages, m.answer_id == answers.c.id)
            .where(m.team_id == team, m.channel == channel, m.message_ts == ts)
        )
        with reading(self._engine) as connection:
            body = connection.execute(query).scalar()
        return None if body is None else loads(Record, body)

    def by_messages(self, team: str, channel: str, timestamps: Sequence[str]) -> dict[str, Record]:
        """The answers that stand in these messages, by ts; none for a message that is no answer."""
        m = answer_messages.c
        query = (
            select(m.message_ts, answers.c.body)
            .join(answers, m.answer_id == answers.c.id)
            .where(m.team_id == team, m.channel == channel, m.message_ts.in_(timestamps))
        )
        with reading(self._engine) as connection:
            return {row.message_ts: loads(Record, row.body) for row in connection.execute(query)}

    def latest(self, team: str, channel: str, after: datetime, before: datetime, begun_before: str) -> Record | None:
        """The newest answer given in the channel between the two times, in a thread begun before that message."""
        a = answers.c
        query = (
            select(a.body)
            .where(a.team_id == team, a.channel == channel, a.created_at > after, a.created_at < before)
            .where(a.thread_ts < begun_before)
            .order_by(a.created_at.desc())
            .limit(1)
        )
        with reading(self._engine) as connection:
            body = connection.execute(query).scalar()
        return None if body is None else loads(Record, body)

    def thread(
        self,
        team: str,
        channel: str,
        thread_ts: str,
        *,
        newest: int = 20,
        may_see: Callable[[Record], bool] = lambda _: True,
    ) -> tuple[Turn, ...]:
        """What was asked and answered in a thread, less what `may_see` denies: the newest answers, oldest first."""
        query = (
            select(answers.c.body)
            .where(answers.c.team_id == team, answers.c.channel == channel, answers.c.thread_ts == thread_ts)
            .order_by(answers.c.created_at.desc(), answers.c.id.desc())
            .limit(newest)
        )
        with reading(self._engine) as connection:
            records = [loads(Record, body) for body in connection.execute(query).scalars()]
        turns = (
            turn
            for record in reversed(records)
            if may_see(record)
            for turn in (
                Turn("user", record.question.text),
                Turn("agent", record.answer.text, documents=record.answer.documents),
            )
        )
        return tuple(turn for turn in turns if turn.text)
