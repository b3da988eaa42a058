"""What people asked, as the policy owner sees it: records joined with their standing votes, newest first. Reads only.

In: a time, a collection, an outcome; or a Slack message. Out: each record with the last vote of each person. Knows no
page and no pseudonym.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, and_, or_, select

from bot.store.answers import answer_id
from bot.store.schema import answer_messages, answers, votes
from bot.types import Outcome, Record, Vote, joined
from knowledge.database import reading
from knowledge.records import loads

PAGE = 200  # records read at once; each may hold 40 passages


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer, and what people voted on it."""

    record: Record
    votes: tuple[Vote, ...] = ()  # standing, one a person, oldest first


class AskedQuestions:
    """The recorded questions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def since(
        self,
        since: datetime | None = None,
        *,
        collection: str | None = None,
        outcome: Outcome | None = None,
        down: bool = False,
    ) -> Iterator[Asked]:
        """Newest first. `down`: only those with a standing vote against them."""
        a, v = answers.c, votes.c
        wanted = [
            *([a.created_at >= since] if since else []),
            *(
                [or_(a.collection == collection, a.collection.contains(joined((collection,)), autoescape=True))]
                if collection
                else []
            ),
            *([a.outcome == outcome.value] if outcome else []),
        ]
        if down:
            against = select(answer_messages.c.answer_id).join(votes, _stands_in()).where(v.value == "down")
            wanted.append(a.id.in_(against))
        query = select(a.id, a.body).where(*wanted).order_by(a.created_at.desc(), a.id.desc())
        with reading(self._engine) as connection:
            rows = connection.execution_options(yield_per=PAGE).execute(query)
            for part in rows.partitions(PAGE):
                cast = _votes(connection, [row.id for row in part])
                for row in part:
                    yield Asked(loads(Record, row.body), cast.get(row.id, ()))

    def of_person(self, team: str, user: str, newest: int) -> list[Asked]:
        """The person's own questions, newest first."""
        a = answers.c
        query = select(a.id, a.body).where(a.team_id == team, a.user_id == user)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(a.created_at.desc(), a.id.desc()).limit(newest)).all()
            cast = _votes(connection, [row.id for row in rows])
        return [Asked(loads(Record, row.body), cast.get(row.id, ())) for row in rows]

    def by_id(self, answer_id: str) -> Asked | None:
        """The question of this id."""
        with reading(self._engine) as connection:
            body = connection.execute(select(answers.c.body).where(answers.c.id == answer_id)).scalar()
            if body is None:
                return None
            return Asked(loads(Record, body), _votes(connection, [answer_id]).get(answer_id, ()))

    def at(self, channel: str, ts: str) -> str | None:
        """The id of the answer that stands in this message, or of the answer to it."""
        m, a = answer_messages.c, answers.c
        stands = select(m.answer_id).where(m.channel == channel, m.message_ts == ts)
        teams = select(a.team_id).where(a.channel == channel).distinct()
        with reading(self._engine) as connection:
            if found := connection.execute(stands).scalar():
                return str(found)
            replies = [answer_id(team, channel, ts) for team in connection.execute(teams).scalars() if team]
            return connection.execute(select(a.id).where(a.id.in_(replies))).scalar()


def _stands_in() -> ColumnElement[bool]:
    v, m = votes.c, answer_messages.c
    return and_(m.team_id == v.team_id, m.channel == v.channel, m.message_ts == v.message_ts)


def _votes(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Vote, ...]]:
    """The standing votes on these answers; an answer of several messages has one vote a person, the last."""
    query = (
        select(answer_messages.c.answer_id, votes)
        .join(answer_messages, _stands_in())
        .where(answer_messages.c.answer_id.in_(ids))
        .order_by(votes.c.cast_at)
    )
    last: dict[str, dict[str, Vote]] = {}
    for row in connection.execute(query):
        cast = last.setdefault(row.answer_id, {})
        cast.pop(row.user_id, None)
        cast[row.user_id] = Vote(
            row.team_id,
            row.channel,
            row.message_ts,
            row.user_id,
            row.value,
            row.via,
            row.cast_at,
            row.reason,
            row.comment,
        )
    return {key: tuple(vote for vote in cast.values() if vote.value) for key, cast in last.items()}
