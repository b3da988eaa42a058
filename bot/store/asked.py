"""What people asked, as the policy owner sees it: records joined with their standing votes, newest first. Reads only.

In: a time, a collection, an outcome; or a Slack message. Out: each record with the last vote of each person. Knows no
page and no pseudonym.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, or_, select, true

from bot.store.answers import answer_id
from bot.store.schema import answer_messages, answers, of_row, vote_stands, votes
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
        of_it = or_(a.collection == collection, a.collection.contains(joined((collection or "",)), autoescape=True))
        wanted = [
            a.created_at >= since if since else true(),
            of_it if collection else true(),
            a.outcome == outcome.value if outcome else true(),
        ]
        if down:
            against = select(answer_messages.c.answer_id).join(votes, vote_stands()).where(v.value == "down")
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


def _votes(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Vote, ...]]:
    """The standing votes on these answers; an answer of several messages has one vote a person, the last."""
    query = (
        select(answer_messages.c.answer_id, votes)
        .join(answer_messages, vote_stands())
        .where(answer_messages.c.answer_id.in_(ids))
        .order_by(votes.c.cast_at)
    )
    last: dict[str, dict[str, Vote]] = {}
    for row in connection.execute(query):
        cast = last.setdefault(row.answer_id, {})
        cast.pop(row.user_id, None)
        cast[row.user_id] = of_row(Vote, row)
    return {key: tuple(vote for vote in cast.values() if vote.value) for key, cast in last.items()}
