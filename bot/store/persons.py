"""One person: what is stored of them, exported, erased, wished for; and what is left of rows once they must go.

In: a user id of Slack's, or a condition that chooses rows, inside the caller's transaction. Out: rows, or counts of
what went. Rules kept: every table is either reached here or named in WITHOUT_PEOPLE (a test compares both with the
schema); other people's records lose what they repeat of the person, and stay; what is kept is named in KEPT, so that a
field added later is not kept by oversight; the audit trail stays whole, for it knows pseudonyms only. Who does not want
their words kept has a row in `opt_outs`, with a hash of their id, so that erasing a person need not forget their wish.
"""

import dataclasses
import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.audit import AuditedRows, Entry
from bot.store.schema import answer_messages, answers, cache, hand_offs, inbox, limits, opt_outs, spend, threads, votes
from bot.types import INCOMPLETE, Answer, Question, Record
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
FIGURES = "figures"  # the retention class of what is left without words and person
LEDGER = "ledger"
BATCH = 40  # rows in one transaction, some 0.1 s: a question that arrives meanwhile waits so long
_OUT = sa.select(opt_outs.c.person).where(opt_outs.c.person == sa.bindparam("hashed"))
KEPT = (
    "outcome", "reattributed", "degraded_reason", "usage", "usage_by", "timings_ms", "prompt", "prompt_sha256",
    "model", "confidence", "generation",
)  # fmt: skip


class Persons(AuditedRows):
    """What is stored about a person. Calls may come from the command line or from Slack; `facts` say which."""

    def export(self, user: str, now: datetime, **facts: Any) -> Iterator[dict[str, Any]]:
        """Every row about the person: `{"table": "votes", ...columns}`, records as JSON; noted as a reading of text.

        Other people in them, who voted on an answer say, are pseudonyms.
        """
        self._audit.append(Entry("privacy_export", now, person=user, facts=facts))
        with reading(self.engine) as connection:
            for table, theirs in _rows_of(connection, user).items():
                for row in connection.execute(sa.select(table).where(theirs).order_by(*table.primary_key)):
                    shown = _plain(row)
                    people = [name for name in ("user_id", "asker_id") if shown.get(name) not in (None, user)]
                    unnamed = {name: self._audit.pseudonyms.of(shown[name]) for name in people}
                    yield {"table": table.name, **shown, **unnamed}
            yield {"table": "opt_outs", "opted_out": opted_out(connection, user)}
        for entry in self._audit.export(user):
            yield {"table": "audit", **entry}

    def erase(self, user: str, now: datetime, **facts: Any) -> dict[str, int]:
        """Remove all rows about the person, and them from the rows of others; how many of which table.

        Wait until nothing of theirs is `being_answered`: what is, is stored afterwards, and its question stays for now.
        The bytes are gone after `Store.scrub`. An opt-out stays: it holds no id.
        """
        removed: dict[str, int] = {}
        with writing(self.engine) as connection:
            shared = _threads_of(connection, user)
            chosen = _rows_of(connection, user)
            for table, theirs in chosen.items():
                if table is inbox:
                    theirs = sa.and_(theirs, sa.not_(_held(user, now)))
                if table is spend:
                    removed["spend"] = ledger_without_person(connection, theirs)
                else:
                    removed[table.name] = connection.execute(sa.delete(table).where(theirs)).rowcount
            removed["others_records"] = _forget_in_threads(connection, shared)
            removed["mentions"] = sum(_forget_mentions(connection, table, user) for table in _TEXTS)
            removed = {name: count for name, count in removed.items() if count}
            self._audit.add(connection, Entry("erase", now, person=user, facts={**facts, "removed": removed}))
        return removed

    def questions(self, user: str) -> set[str]:
        """Ids of the questions they asked, those whose text has gone by its age too (under today's pseudonyms)."""
        kept = (row.id for row in self._rows(sa.select(answers.c.id).filter_by(user_id=user)))
        return {*kept, *(row["about"] for row in self._audit.export(user) if row["kind"] == "question")}

    def files(self, user: str) -> list[str]:
        """Slack's ids of the files that were made of what is stored about them (under today's pseudonyms)."""
        return [row["facts"]["file"] for row in self._audit.export(user) if row["kind"] == "privacy_file"]

    def being_answered(self, user: str, now: datetime) -> int:
        """How many questions of theirs a worker holds at this moment."""
        return len(self._rows(sa.select(inbox.c.id).where(_held(user, now))))

    def opt_out(self, user: str, now: datetime, **facts: Any) -> None:
        """Keep no words of theirs from now on; what is kept already goes by its age, or by `erase`."""
        with writing(self.engine) as connection:
            row = insert(connection, opt_outs).values(person=_hash(user), created_at=now)
            connection.execute(row.on_conflict_do_nothing())
            self._audit.add(connection, Entry("opt_out", now, person=user, facts=facts))

    def opt_in(self, user: str, now: datetime, **facts: Any) -> None:
        """Keep their words again, as everybody's."""
        with writing(self.engine) as connection:
            connection.execute(sa.delete(opt_outs).filter_by(person=_hash(user)))
            self._audit.add(connection, Entry("opt_in", now, person=user, facts=facts))

    def opted_out(self, user: str) -> bool:
        """Whether no words of theirs are kept."""
        with reading(self.engine) as connection:
            return opted_out(connection, user)


def _held(user: str, now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(inbox.c.user_id == user, inbox.c.lease_until.is_not(None), inbox.c.lease_until > now)


def _rows_of(connection: sa.Connection, user: str) -> dict[sa.Table, sa.ColumnElement[bool]]:
    """What chooses the person's rows, table by table; each condition holds whatever went from the other tables."""
    ids = connection.execute(sa.select(answers.c.id).where(answers.c.user_id == user)).scalars().all()
    spoke = (sa.select(table.c.channel).filter_by(user_id=user) for table in (inbox, answers, votes, spend))
    channels = {channel for query in spoke for channel in connection.execute(query.distinct()).scalars()}
    direct = sorted(channel for channel in channels if channel and channel.startswith("D"))
    m, v, h = answer_messages.c, votes.c, hand_offs.c
    place = (m.team_id, m.channel, m.message_ts)
    stands = [tuple(row) for row in connection.execute(sa.select(*place).where(m.answer_id.in_(ids)))]
    on_theirs = sa.tuple_(v.team_id, v.channel, v.message_ts).in_(stands)

    # Keys of limits: user:TEAM:USER, channel:TEAM:CHANNEL, full:TEAM:CHANNEL:TS.
    about = [f"%:{user}", *(f"%:{channel}{end}" for channel in direct for end in ("", ":%"))]
    return {
        votes: sa.or_(v.user_id == user, v.channel.in_(direct), on_theirs),
        answer_messages: sa.or_(m.answer_id.in_(ids), m.channel.in_(direct)),
        answers: sa.or_(answers.c.user_id == user, answers.c.channel.in_(direct)),
        cache: cache.c.user_id == user,
        inbox: sa.or_(inbox.c.user_id == user, inbox.c.channel.in_(direct)),
        hand_offs: sa.or_(h.user_id == user, h.asker_id == user, h.home_channel.in_(direct)),
        threads: threads.c.channel.in_(direct),
        limits: sa.or_(*(limits.c.key.like(key) for key in about)),
        spend: sa.or_(spend.c.user_id == user, spend.c.channel.in_(direct)),
    }


def _threads_of(connection: sa.Connection, user: str) -> list[tuple[str, str, str]]:
    """Threads in which the person asked: what others asked there may repeat it."""
    a = answers.c
    theirs = sa.select(a.team_id, a.channel, a.thread_ts).where(a.user_id == user, a.thread_ts.is_not(None)).distinct()
    return [(row.team_id, row.channel, row.thread_ts) for row in connection.execute(theirs)]


def _forget_in_threads(connection: sa.Connection, shared: list[tuple[str, str, str]]) -> int:
    """Take what was said before out of the records that are left of these threads."""
    a = answers.c
    left = sa.select(a.id, a.body).where(sa.tuple_(a.team_id, a.channel, a.thread_ts).in_(shared))
    rows = connection.execute(left).all()
    for row in rows:
        record = loads(Record, row.body)
        question = dataclasses.replace(record.question, history=())
        answer = dataclasses.replace(record.answer, rewrite=None, searched=())
        alone = dataclasses.replace(record, question=question, answer=answer)
        connection.execute(sa.update(answers).filter_by(id=row.id).values(body=dumps(alone)))
    return len(rows)


def _forget_mentions(connection: sa.Connection, table: sa.Table, user: str) -> int:
    """Put somebody in the place of the person's id in other people's words."""
    key = list(table.primary_key)
    columns = [table.c[name] for name in _TEXTS[table]]
    mentions = sa.select(*key, *columns).where(sa.or_(*(column.contains(user, autoescape=True) for column in columns)))
    written = re.compile(rf"(?<![A-Za-z0-9]){re.escape(user)}(?![A-Za-z0-9])")
    count = 0
    for row in connection.execute(mentions).all():
        texts = {column.name: getattr(row, column.name) for column in columns}
        without = {name: text and written.sub(SOMEBODY, text) for name, text in texts.items()}
        if without != texts:
            same = {column.name: getattr(row, column.name) for column in key}
            count += connection.execute(sa.update(table).filter_by(**same).values(without)).rowcount
    return count


def _plain(row: sa.Row[Any]) -> Mapping[str, Any]:
    """A row as JSON takes it."""
    plain = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row._asdict().items()}
    return plain | ({"body": json.loads(plain["body"])} if "body" in plain else {})


def without_words(record: Record) -> Record:
    """The record with its ids and figures; no text of question, answer or manual."""
    question, answer = record.question, record.answer
    told = tuple(note for note in answer.notes if note in ("person", INCOMPLETE))
    figures = Answer(text="", notes=told, **{name: getattr(answer, name) for name in KEPT})
    if answer.error is not None:
        figures = dataclasses.replace(figures, error=(answer.error[0], ""))
    place = {name: getattr(question, name) for name in ("collections", "team", "channel", "user")}
    asked = Question(question.id, "", **place)
    return dataclasses.replace(record, question=asked, answer=figures)


def answers_without_words(connection: sa.Connection, chosen: sa.ColumnElement[bool], *, person: bool) -> int:
    """Take the words out of the chosen answers (and, unless `person` stays, who asked where); at most BATCH."""
    rows = connection.execute(sa.select(answers.c.id, answers.c.body).where(chosen).limit(BATCH)).all()
    for row in rows:
        record = without_words(loads(Record, row.body))
        left: dict[str, str | None] = {}
        if not person:
            asked = dataclasses.replace(record.question, user=None, channel=None)
            record = dataclasses.replace(record, question=asked, message_ts=None, thread_ts=None)
            left = {"user_id": None, "channel": None, "thread_ts": None, "retention": FIGURES}
        connection.execute(sa.update(answers).filter_by(id=row.id).values(body=dumps(record), **left))
    return len(rows)


def votes_without_person(connection: sa.Connection, chosen: sa.ColumnElement[bool]) -> int:
    """Take comment, person and place out of the chosen votes; at most BATCH. Each stays a vote of its own."""
    rows = connection.execute(sa.select(*votes.primary_key).where(chosen).limit(BATCH)).all()
    for row in rows:
        left = {"user_id": f"gone-{secrets.token_hex(8)}", "channel": "", "message_ts": "", "comment": None}
        connection.execute(sa.update(votes).filter_by(**row._asdict()).values(**left, retention=FIGURES))
    return len(rows)


def ledger_without_person(connection: sa.Connection, chosen: sa.ColumnElement[bool]) -> int:
    """Book the chosen spending on nobody, and on no direct message; a day's sums stay what they were."""
    s = spend.c
    key = (s.team_id, s.day, s.feature, s.model)
    total = (
        sa.func.sum(s.tokens).label("tokens"),
        sa.func.sum(s.cost_usd).label("cost_usd"),
        sa.func.min(s.created_at).label("created_at"),
    )
    rows = connection.execute(sa.select(*key, s.channel, *total).where(chosen).group_by(*key, s.channel)).all()
    count = connection.execute(sa.delete(spend).where(chosen)).rowcount
    for row in rows:
        nobodys = {"user_id": "", "channel": "" if row.channel.startswith("D") else row.channel, "retention": LEDGER}
        statement = insert(connection, spend).values(row._asdict() | nobodys)
        sums = {name: s[name] + statement.excluded[name] for name in ("tokens", "cost_usd")}
        connection.execute(
            statement.on_conflict_do_update(index_elements=list(spend.primary_key), set_=sums | {"retention": LEDGER})
        )
    return count


def opted_out(connection: sa.Connection, user: str | None) -> bool:
    """Whether this person's words are not to be kept."""
    if not user:
        return False
    return connection.execute(_OUT, {"hashed": _hash(user)}).first() is not None


def forget_words(connection: sa.Connection, job_id: int, answer_id: str | None) -> None:
    """Take the words out of a question that has ended, and out of its answer's record."""
    connection.execute(sa.update(inbox).filter_by(id=job_id).values(text="", stream_text=""))
    if answer_id is not None:
        answers_without_words(connection, answers.c.id == answer_id, person=True)


def _hash(user: str) -> str:
    return hashlib.sha256(f"policybot opt-out {user}".encode()).hexdigest()
