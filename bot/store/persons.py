"""One person: what is stored of them, exported, erased, wished for; and what is left of rows once they must go.

In: a user id of Slack's, or a condition that chooses rows, inside the caller's transaction. Out: rows, or counts of
what went. Rules kept: every table is either reached here or named in WITHOUT_PEOPLE (a test compares both with the
schema); other people's records lose what they repeat of the person, and stay; what is kept is named in KEPT, so that a
field added later is not kept by oversight; the audit trail stays whole, for it knows pseudonyms only. Who does not want
their words kept has a row in `opt_outs`, with a hash of their id, so that erasing a person need not forget their wish.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Row,
    Table,
    and_,
    bindparam,
    delete,
    func,
    not_,
    or_,
    select,
    tuple_,
    update,
)

from bot.store.audit import Audit, Entry
from bot.store.schema import answer_messages, answers, cache, hand_offs, inbox, limits, opt_outs, spend, threads, votes
from bot.types import Answer, Question, Record
from knowledge.database import insert, reading, writing
from knowledge.records import dumps, loads

WITHOUT_PEOPLE = ("presence", "audit", "audit_head", "opt_outs")  # no id of anybody's stands in these
SOMEBODY = "somebody"  # in the place of an erased person's id in other people's words
_TEXTS = {
    inbox: ("text", "stream_text"),
    answers: ("body",),
    votes: ("comment",),
    cache: ("body",),
    hand_offs: ("text",),
}


class Persons:
    """What is stored about a person. Calls may come from the command line or from Slack; `facts` say which."""

    def __init__(self, engine: Engine, audit: Audit) -> None:
        self._engine, self._audit = engine, audit

    def export(self, user: str, now: datetime, **facts: Any) -> Iterator[dict[str, Any]]:
        """Every row about the person: `{"table": "votes", ...columns}`, records as JSON; noted as a reading of text.

        Other people in them, who voted on an answer say, are pseudonyms.
        """
        self._audit.append(Entry("privacy_export", now, person=user, facts=facts))
        with reading(self._engine) as connection:
            for table, theirs in _rows_of(connection, user).items():
                for row in connection.execute(select(table).where(theirs).order_by(*table.primary_key)):
                    told = _plain(row)
                    others = {
                        name: told[name] for name in ("user_id", "asker_id") if told.get(name) not in (None, user)
                    }
                    unnamed = {name: self._audit.pseudonyms.of(other) for name, other in others.items()}
                    yield {"table": table.name, **told, **unnamed}
            yield {"table": "opt_outs", "opted_out": opted_out(connection, user)}
        for entry in self._audit.export(user):
            yield {"table": "audit", **entry}

    def erase(self, user: str, now: datetime, **facts: Any) -> dict[str, int]:
        """Remove all rows about the person, and them from the rows of others; how many of which table.

        Wait until nothing of theirs is `being_answered`: what is, is stored afterwards, and its question stays for now.
        The bytes are gone after `Store.scrub`. An opt-out stays: it holds no id.
        """
        removed: dict[str, int] = {}
        with writing(self._engine) as connection:
            shared = _threads_of(connection, user)
            chosen = _rows_of(connection, user)
            for table, theirs in chosen.items():
                if table is inbox:
                    theirs = and_(theirs, not_(_held(user, now)))
                if table is spend:
                    removed["spend"] = ledger_without_person(connection, theirs)
                else:
                    removed[table.name] = connection.execute(delete(table).where(theirs)).rowcount
            removed["others_records"] = _forget_in_threads(connection, shared)
            removed["mentions"] = sum(_forget_mentions(connection, table, user) for table in _TEXTS)
            removed = {name: count for name, count in removed.items() if count}
            self._audit.add(connection, Entry("erase", now, person=user, facts={**facts, "removed": removed}))
        return removed

    def questions(self, user: str) -> set[str]:
        """Ids of the questions they asked, those whose text has gone by its age too (under today's pseudonyms)."""
        with reading(self._engine) as connection:
            kept = _values(connection, select(answers.c.id).where(answers.c.user_id == user))
        return {*kept, *(row["about"] for row in self._audit.export(user) if row["kind"] == "question")}

    def files(self, user: str) -> list[str]:
        """Slack's ids of the files that were made of what is stored about them (under today's pseudonyms)."""
        return [row["facts"]["file"] for row in self._audit.export(user) if row["kind"] == "privacy_file"]

    def being_answered(self, user: str, now: datetime) -> int:
        """How many questions of theirs a worker holds at this moment."""
        with reading(self._engine) as connection:
            return len(connection.execute(select(inbox.c.id).where(_held(user, now))).all())

    def opt_out(self, user: str, now: datetime, **facts: Any) -> None:
        """Keep no words of theirs from now on; what is kept already goes by its age, or by `erase`."""
        with writing(self._engine) as connection:
            row = insert(connection, opt_outs).values(person=_hash(user), created_at=now)
            connection.execute(row.on_conflict_do_nothing())
            self._audit.add(connection, Entry("opt_out", now, person=user, facts=facts))

    def opt_in(self, user: str, now: datetime, **facts: Any) -> None:
        """Keep their words again, as everybody's."""
        with writing(self._engine) as connection:
            connection.execute(delete(opt_outs).where(opt_outs.c.person == _hash(user)))
            self._audit.add(connection, Entry("opt_in", now, person=user, facts=facts))

    def opted_out(self, user: str) -> bool:
        """Whether no words of theirs are kept."""
        with reading(self._engine) as connection:
            return opted_out(connection, user)


def _held(user: str, now: datetime) -> ColumnElement[bool]:
    return and_(inbox.c.user_id == user, inbox.c.lease_until.is_not(None), inbox.c.lease_until > now)


def _rows_of(connection: Connection, user: str) -> dict[Table, ColumnElement[bool]]:
    """What chooses the person's rows, table by table; each condition holds whatever went from the other tables."""
    ids = _values(connection, select(answers.c.id).where(answers.c.user_id == user))
    direct = sorted(
        {
            channel
            for table in (inbox, answers, votes, spend)
            for channel in _values(
                connection,
                select(table.c.channel).where(table.c.user_id == user, table.c.channel.like("D%")).distinct(),
            )
        }
    )
    m, v, h = answer_messages.c, votes.c, hand_offs.c
    place = (m.team_id, m.channel, m.message_ts)
    stands = [tuple(row) for row in connection.execute(select(*place).where(m.answer_id.in_(ids)))]
    on_theirs = tuple_(v.team_id, v.channel, v.message_ts).in_(stands)

    def in_direct(channel: Column[Any]) -> ColumnElement[bool]:
        return channel.in_(direct)

    # Keys of limits: user:TEAM:USER, channel:TEAM:CHANNEL, full:TEAM:CHANNEL:TS.
    about = [f"%:{user}", *(f"%:{channel}{end}" for channel in direct for end in ("", ":%"))]
    return {
        votes: or_(v.user_id == user, in_direct(v.channel), on_theirs),
        answer_messages: or_(m.answer_id.in_(ids), in_direct(m.channel)),
        answers: or_(answers.c.user_id == user, in_direct(answers.c.channel)),
        cache: cache.c.user_id == user,
        inbox: or_(inbox.c.user_id == user, in_direct(inbox.c.channel)),
        hand_offs: or_(h.user_id == user, h.asker_id == user, in_direct(h.home_channel)),
        threads: in_direct(threads.c.channel),
        limits: or_(*(limits.c.key.like(key) for key in about)),
        spend: or_(spend.c.user_id == user, in_direct(spend.c.channel)),
    }


def _threads_of(connection: Connection, user: str) -> list[tuple[str, str, str]]:
    """Threads in which the person asked: what others asked there may repeat it."""
    a = answers.c
    theirs = select(a.team_id, a.channel, a.thread_ts).where(a.user_id == user, a.thread_ts.is_not(None)).distinct()
    return [(row.team_id, row.channel, row.thread_ts) for row in connection.execute(theirs)]


def _forget_in_threads(connection: Connection, shared: list[tuple[str, str, str]]) -> int:
    """Take what was said before out of the records that are left of these threads."""
    a = answers.c
    left = select(a.id, a.body).where(tuple_(a.team_id, a.channel, a.thread_ts).in_(shared))
    rows = connection.execute(left).all()
    for row in rows:
        record = loads(Record, row.body)
        alone = dataclasses.replace(
            record,
            question=dataclasses.replace(record.question, history=()),
            answer=dataclasses.replace(record.answer, rewrite=None, searched=()),
        )
        connection.execute(update(answers).where(a.id == row.id).values(body=dumps(alone)))
    return len(rows)


def _forget_mentions(connection: Connection, table: Table, user: str) -> int:
    """Put somebody in the place of the person's id in other people's words."""
    key = list(table.primary_key)
    columns = [table.c[name] for name in _TEXTS[table]]
    found = select(*key, *columns).where(or_(*(column.contains(user, autoescape=True) for column in columns)))
    written = re.compile(rf"(?<![A-Za-z0-9]){re.escape(user)}(?![A-Za-z0-9])")
    count = 0
    for row in connection.execute(found).all():
        texts = {column.name: getattr(row, column.name) for column in columns}
        without = {name: text and written.sub(SOMEBODY, text) for name, text in texts.items()}
        if without != texts:
            same = (column == getattr(row, column.name) for column in key)
            count += connection.execute(update(table).where(*same).values(without)).rowcount
    return count


def _values(connection: Connection, query: Any) -> list[str]:
    return list(connection.execute(query).scalars())


def _plain(row: Row[Any]) -> Mapping[str, Any]:
    """A row as JSON takes it."""
    told = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row._asdict().items()}
    return told | ({"body": json.loads(told["body"])} if "body" in told else {})


FIGURES = "figures"  # the retention class of what is left without words and person
LEDGER = "ledger"
BATCH = 40  # rows in one transaction, some 0.1 s: a question that arrives meanwhile waits so long
_OUT = select(opt_outs.c.person).where(opt_outs.c.person == bindparam("hashed"))
KEPT = (
    "outcome", "reattributed", "degraded_reason", "usage", "usage_by", "timings_ms", "prompt", "prompt_sha256",
    "model", "confidence", "generation",
)  # fmt: skip


def without_words(record: Record) -> Record:
    """The record with its ids and figures; no text of question, answer or manual."""
    question, answer = record.question, record.answer
    wished = tuple(note for note in answer.notes if note == "person")
    figures = Answer(text="", notes=wished, **{name: getattr(answer, name) for name in KEPT})
    if answer.error is not None:
        figures = dataclasses.replace(figures, error=(answer.error[0], ""))
    asked = Question(
        question.id,
        "",
        collections=question.collections,
        team=question.team,
        channel=question.channel,
        user=question.user,
    )
    return dataclasses.replace(record, question=asked, answer=figures)


def answers_without_words(connection: Connection, chosen: ColumnElement[bool], *, person: bool) -> int:
    """Take the words out of the chosen answers (and, unless `person` stays, who asked where); at most BATCH."""
    rows = connection.execute(select(answers.c.id, answers.c.body).where(chosen).limit(BATCH)).all()
    for row in rows:
        record = without_words(loads(Record, row.body))
        left: dict[str, str | None] = {}
        if not person:
            asked = dataclasses.replace(record.question, user=None, channel=None)
            record = dataclasses.replace(record, question=asked, message_ts=None, thread_ts=None)
            left = {"user_id": None, "channel": None, "thread_ts": None, "retention": FIGURES}
        connection.execute(update(answers).where(answers.c.id == row.id).values(body=dumps(record), **left))
    return len(rows)


def votes_without_person(connection: Connection, chosen: ColumnElement[bool]) -> int:
    """Take comment, person and place out of the chosen votes; at most BATCH. Each stays a vote of its own."""
    place = (votes.c.team_id, votes.c.channel, votes.c.message_ts, votes.c.user_id)
    rows = connection.execute(select(*place).where(chosen).limit(BATCH)).all()
    for row in rows:
        left = {"user_id": f"gone-{secrets.token_hex(8)}", "channel": "", "message_ts": "", "comment": None}
        same = (column == value for column, value in zip(place, row, strict=True))
        connection.execute(update(votes).where(*same).values(**left, retention=FIGURES))
    return len(rows)


def ledger_without_person(connection: Connection, chosen: ColumnElement[bool]) -> int:
    """Book the chosen spending on nobody, and on no direct message; a day's sums stay what they were."""
    s = spend.c
    key = (s.team_id, s.day, s.feature, s.model)
    total = (func.sum(s.tokens).label("tokens"), func.sum(s.cost_usd).label("cost"), func.min(s.created_at).label("at"))
    rows = connection.execute(select(*key, s.channel, *total).where(chosen).group_by(*key, s.channel)).all()
    count = connection.execute(delete(spend).where(chosen)).rowcount
    for row in rows:
        values = {
            **{column.name: getattr(row, column.name) for column in key},
            "user_id": "",
            "channel": "" if row.channel.startswith("D") else row.channel,
            "tokens": int(row.tokens),
            "cost_usd": row.cost,
            "created_at": row.at,
            "retention": LEDGER,
        }
        statement = insert(connection, spend).values(values)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[c.name for c in spend.primary_key],
                set_={
                    "tokens": s.tokens + statement.excluded.tokens,
                    "cost_usd": s.cost_usd + statement.excluded.cost_usd,
                    "retention": LEDGER,
                },
            )
        )
    return count


def opted_out(connection: Connection, user: str | None) -> bool:
    """Whether this person's words are not to be kept."""
    if not user:
        return False
    return connection.execute(_OUT, {"hashed": _hash(user)}).first() is not None


def forget_words(connection: Connection, job_id: int, answer_id: str | None) -> None:
    """Take the words out of a question that has ended, and out of its answer's record."""
    connection.execute(update(inbox).where(inbox.c.id == job_id).values(text="", stream_text=""))
    if answer_id is not None:
        answers_without_words(connection, answers.c.id == answer_id, person=True)


def _hash(user: str) -> str:
    return hashlib.sha256(f"policybot opt-out {user}".encode()).hexdigest()
