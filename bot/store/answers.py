"""Records of answers: everything needed to replay a question, the messages an answer stands in, the votes on it.

In: bot.types.Record, bot.types.Vote. Out: the same Record, exactly; the turns of a thread; of threads in which the bot
answers who stands where, and whether it was told to be quiet; for the policy owner records with the last vote of
each person. Rule kept: one vote per person and message, the last wins; it may arrive before its answer's record.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from bot import json_rows
from bot.privacy.find import find
from bot.privacy.mask import alone
from bot.store.audit import AuditedRows, Entry
from bot.store.persons import opted_out
from bot.store.schema import (
    OPEN_STATES,
    PRIVATE,
    answer_messages,
    answers,
    inbox,
    of_message,
    of_row,
    row_of,
    threads,
    vote_stands,
    votes,
)
from bot.types import Outcome, Record, Turn, Vote, joined
from knowledge.database import Rows, insert, reading, upsert, writing
from knowledge.records import dumps, loads

Value = Literal["up", "down"]
IN_THREAD = 20  # newest answers of a thread that are read
VOTED = ("team_id", "channel", "message_ts", "user_id")  # of which there is one vote
PAGE = 200  # records read at once; each may hold 40 passages


def answer_id(team: str, channel: str, message_ts: str, again: str = "") -> str:
    """The id of the answer to a Slack message; `again`: the event that asked for another one."""
    asked = f"{team}/{channel}/{message_ts}" + (f"/{again}" if again else "")
    return hashlib.sha256(asked.encode()).hexdigest()[:12]


class Answers(Rows):
    """The records of answers, by their id and by the Slack messages in which they stand."""

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
        with writing(self.engine) as connection:
            upsert(connection, answers, row, ["id"])
            for ts in (record.message_ts, *also):
                if ts is None or question.team is None or question.channel is None:
                    continue
                message = {"team_id": question.team, "channel": question.channel, "message_ts": ts}
                stands = {**message, "answer_id": record.id, "created_at": record.created_at}
                upsert(connection, answer_messages, stands, list(message), ["answer_id"])

    def by_id(self, answer_id: str) -> Record | None:
        """The record of this id."""
        return self._record(sa.select(answers.c.body).filter_by(id=answer_id))

    def messages(self, answer_id: str) -> list[str]:
        """The ts of the messages in which the answer stands."""
        stands = sa.select(answer_messages.c.message_ts).filter_by(answer_id=answer_id)
        return [row.message_ts for row in self._rows(stands)]

    def by_message(self, team: str, channel: str, ts: str) -> Record | None:
        """The answer that stands in this message, be it its first or a further one."""
        return self.by_messages(team, channel, [ts]).get(ts)

    def by_messages(self, team: str, channel: str, timestamps: Sequence[str]) -> dict[str, Record]:
        """The answers that stand in these messages, by ts; none for a message that is no answer."""
        m = answer_messages.c
        query = (
            sa.select(m.message_ts, answers.c.body)
            .join(answers, m.answer_id == answers.c.id)
            .where(m.team_id == team, m.channel == channel, m.message_ts.in_(timestamps))
        )
        return {row.message_ts: loads(Record, row.body) for row in self._rows(query)}

    def latest(self, team: str, channel: str, after: datetime, before: datetime, begun_before: str) -> Record | None:
        """The newest answer given in the channel between the two times, in a thread begun before that message."""
        a = answers.c
        between = a.created_at > after, a.created_at < before, a.thread_ts < begun_before
        newest = _newest().with_only_columns(a.body).filter_by(team_id=team, channel=channel)
        return self._record(newest.where(*between).limit(1))

    def thread(self, team: str, channel: str, thread_ts: str, may_see: Callable[[Record], bool]) -> tuple[Turn, ...]:
        """What was asked and answered in a thread, less what `may_see` denies: the newest answers, oldest first."""
        query = _newest().filter_by(team_id=team, channel=channel, thread_ts=thread_ts).limit(IN_THREAD)
        records = [loads(Record, row.body) for row in self._rows(query)]
        seen = (record for record in reversed(records) if may_see(record))
        return tuple(turn for record in seen for turn in exchange(record) if turn.text)

    def _record(self, query: sa.Select[Any]) -> Record | None:
        body = self._value(query)
        return None if body is None else loads(Record, body)


def _newest() -> sa.Select[Any]:
    """Ids and bodies of records, newest first."""
    return sa.select(answers.c.id, answers.c.body).order_by(answers.c.created_at.desc(), answers.c.id.desc())


def _newest_in(thread: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The newest question of a thread of which this holds."""
    return (
        sa.select(inbox.c.user_id, inbox.c.message_ts, inbox.c.text)
        .where(thread, inbox.c.cancelled.is_(False))
        .where(inbox.c.team_id == sa.bindparam("team_id"), inbox.c.channel == sa.bindparam("channel"))
        .where(sa.func.coalesce(inbox.c.thread_ts, inbox.c.message_ts) == sa.bindparam("thread_ts"))
        .order_by(inbox.c.id.desc())
        .limit(1)
    )


_OPEN_IN = _newest_in(sa.and_(OPEN_STATES, inbox.c.kind != "again"))  # what is asked again was answered before
_PRIVATE_IN = _newest_in(inbox.c.reason == PRIVATE)


def exchange(record: Record) -> tuple[Turn, Turn]:
    """What was asked and answered."""
    answer = record.answer
    return Turn("user", record.question.text), Turn("agent", answer.text, documents=answer.documents)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a thread stands in which the bot has answered, or is about to."""

    user: str | None  # whom it answered last
    answered_at: float  # when, as Slack's messages are dated; of a question that waits: when it was asked
    said: str  # that question with its answer
    others_ts: str | None  # of the newest message by somebody else than that person
    muted: bool
    waits: bool = False  # the question is not answered yet


class Threads(Rows):
    """What is known of threads besides their answers."""

    def standing(self, team: str, channel: str, thread_ts: str) -> Standing | None:
        """Where the thread stands; None when the bot has not answered in it and is not about to."""
        place = {"team_id": team, "channel": channel, "thread_ts": thread_ts}
        known = sa.select(threads.c.others_ts, threads.c.muted).filter_by(**place)
        with reading(self.engine) as connection:
            waits = connection.execute(_OPEN_IN, place).first()
            last = None if waits else connection.execute(_newest().filter_by(**place).limit(1)).first()
            alone = None if waits else connection.execute(_PRIVATE_IN, place).first()
            row = connection.execute(known).first() if waits or last or alone else None
        others_ts, muted = row or (None, False)
        if waits:
            return Standing(waits.user_id, float(waits.message_ts), f"{waits.text} …", others_ts, muted, waits=True)
        record = loads(Record, last.body) if last else None
        # its message may be on its way to the record
        at = float(record.message_ts or record.created_at.timestamp()) if record else 0.0
        if alone and float(alone.message_ts) > at:  # it goes on from what only its asker can read
            return Standing(alone.user_id, float(alone.message_ts), f"{alone.text} …", others_ts, muted)
        if record is None:
            return None
        said = f"{record.question.text} {record.answer.text}"
        return Standing(record.question.user, at, said, others_ts, muted)

    def spoke(self, team: str, channel: str, thread_ts: str, ts: str, now: datetime) -> None:
        """Somebody else than the person last answered spoke in the thread."""
        self._keep(team, channel, thread_ts, now, others_ts=ts)

    def mute(self, team: str, channel: str, thread_ts: str, now: datetime) -> None:
        """Be quiet in the thread until the bot is mentioned again."""
        self._keep(team, channel, thread_ts, now, muted=True)

    def wake(self, team: str, channel: str, thread_ts: str) -> None:
        """The bot is mentioned again."""
        quiet = sa.update(threads).filter_by(team_id=team, channel=channel, thread_ts=thread_ts, muted=True)
        self._write(quiet.values(muted=False))

    def _keep(self, team: str, channel: str, thread_ts: str, now: datetime, **values: str | bool) -> None:
        place = {"team_id": team, "channel": channel, "thread_ts": thread_ts}
        with writing(self.engine) as connection:
            upsert(connection, threads, {**place, "created_at": now, **values}, list(place), list(values))


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
                    index_elements=list(VOTED),
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
            .order_by(v.cast_at, *(v[name] for name in VOTED))
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


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer, and what people voted on it."""

    record: Record
    votes: tuple[Vote, ...] = ()  # standing, one a person, oldest first


class AskedQuestions(Rows):
    """The recorded questions."""

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
        of_it = sa.or_(a.collection == collection, a.collection.contains(joined((collection or "",)), autoescape=True))
        wanted = [
            a.created_at >= since if since else sa.true(),
            of_it if collection else sa.true(),
            a.outcome == outcome.value if outcome else sa.true(),
        ]
        if down:
            against = sa.select(answer_messages.c.answer_id).join(votes, vote_stands()).where(v.value == "down")
            wanted.append(a.id.in_(against))
        with reading(self.engine) as connection:
            rows = connection.execution_options(yield_per=PAGE).execute(_newest().where(*wanted))
            for part in rows.partitions(PAGE):
                yield from _asked(connection, part)

    def of_person(self, team: str, user: str, newest: int) -> list[Asked]:
        """The person's own questions, newest first."""
        return self._asked(_newest().filter_by(team_id=team, user_id=user).limit(newest))

    def by_id(self, answer_id: str) -> Asked | None:
        """The question of this id."""
        return next(iter(self._asked(_newest().filter_by(id=answer_id))), None)

    def _asked(self, query: sa.Select[Any]) -> list[Asked]:
        with reading(self.engine) as connection:
            return _asked(connection, connection.execute(query).all())

    def answer_at(self, channel: str, ts: str) -> str | None:
        """The id of the answer that stands in this message, or of the answer to it."""
        m, a = answer_messages.c, answers.c
        stands = sa.select(m.answer_id).where(m.channel == channel, m.message_ts == ts)
        teams = sa.select(a.team_id).where(a.channel == channel).distinct()
        with reading(self.engine) as connection:
            if answer := connection.execute(stands).scalar():
                return str(answer)
            replies = [answer_id(team, channel, ts) for team in connection.execute(teams).scalars() if team]
            return connection.execute(sa.select(a.id).where(a.id.in_(replies))).scalar()


def _asked(connection: sa.Connection, rows: Sequence[sa.Row[Any, Any]]) -> list[Asked]:
    """What these rows of id and body say, with the votes."""
    cast = _votes(connection, [row.id for row in rows])
    return [Asked(loads(Record, row.body), cast.get(row.id, ())) for row in rows]


def _votes(connection: sa.Connection, ids: Sequence[str]) -> dict[str, tuple[Vote, ...]]:
    """The standing votes on these answers; an answer of several messages has one vote a person, the last."""
    query = (
        sa.select(answer_messages.c.answer_id, votes)
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
