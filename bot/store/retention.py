"""What is kept too long goes: text, then people, then rows, each by its class and its age. docs/privacy/retention.md.

In: days by class, the time. Out: how many of each kind went; the audit trail says so too. Rules kept: a purge is many
short transactions, so that questions are taken in between; stopped in the middle it has done part and the next does the
rest; what went leaves no bytes behind (see Bytes in docs/privacy/retention.md). Times are arguments.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog

from bot.settings import Retention
from bot.store.audit import Audit, Entry, oldest
from bot.store.persons import BATCH, answers_without_words, ledger_without_person, votes_without_person
from bot.store.schema import (
    answer_messages,
    answers,
    audit,
    cache,
    hand_offs,
    inbox,
    limits,
    metadata,
    presence,
    spend,
    threads,
    votes,
)
from bot.store.shared import RateWindows
from knowledge.database import reading, writing

PICTURES = "pictures"  # the folder of page pictures in the data folder
EVERY_S = 3600.0  # one worker of all purges once an hour
PAUSE_S = 0.15  # between transactions: who waits for SQLite's lock asks for it every 0.1 s at the latest
GONE = "gone:"  # how the event id of a question begins once it is forgotten


@dataclass(frozen=True, slots=True)
class _Step:
    """One kind of what goes: rows that `chosen` chooses, and what takes a batch of them away and says how many."""

    name: str
    table: sa.Table
    chosen: sa.ColumnElement[bool]
    take: Callable[[sa.Connection, sa.ColumnElement[bool]], int]


class Purge:
    """Removes what is older than its class may be."""

    def __init__(self, engine: sa.Engine, audit: Audit, folder: Path | None = None) -> None:
        self.engine, self._audit = engine, audit
        self._pictures = folder / PICTURES if folder else None

    def if_due(self, keep: Retention, now: datetime) -> dict[str, int]:
        """Purge unless some worker began to in this hour; what went."""
        if RateWindows(self.engine).hit("purge", EVERY_S, now) != 1:
            return {}
        return self.run(keep, now)

    def run(self, keep: Retention, now: datetime, **facts: Any) -> dict[str, int]:
        """Purge, and note it with the further facts given; how many went, by kind, where any did.

        What went is gone from the bytes of a SQLite file too; `scrub` with `rewrite` makes sure of it.
        """
        removed: dict[str, int] = {}
        if began := self._interrupted():
            facts["interrupted"] = began
            structlog.get_logger().warning("purge_interrupted", began=began)
        for step in _steps(keep, now):
            while True:
                with writing(self.engine) as connection:
                    count = step.take(connection, step.chosen)
                    if count and not any(removed.values()):  # an end without a beginning is fine; not so the reverse
                        self._audit.add(connection, Entry("purge_began", now))
                removed[step.name] = removed.get(step.name, 0) + count
                if count < BATCH:
                    break
                time.sleep(PAUSE_S)
        removed["pictures"] = self._old_pictures(keep, now, remove=True)
        removed = {name: count for name, count in removed.items() if count}
        with writing(self.engine) as connection:
            trail = self._audit.purge(connection, now - timedelta(days=keep.audit))
            if trail:
                removed["audit"] = trail["audit"]
            if removed or facts:
                facts = facts | trail | {"removed": removed, "keep": str(keep)}
                self._audit.add(connection, Entry("purge", now, facts=facts))
        if removed or began:
            scrub(self.engine)
        return removed

    def _interrupted(self) -> str | None:
        """When the last purge began, if it never came to its end."""
        newest = sa.select(audit.c.kind, audit.c.created_at).where(audit.c.kind.in_(("purge", "purge_began")))
        with reading(self.engine) as connection:
            last = connection.execute(newest.order_by(audit.c.id.desc()).limit(1)).first()
        return last.created_at.isoformat() if last is not None and last.kind == "purge_began" else None

    def would_remove(self, keep: Retention, now: datetime) -> dict[str, int]:
        """How many `run` would remove now, by kind; changes nothing."""
        counts = {}
        with reading(self.engine) as connection:
            for step in _steps(keep, now):
                counts[step.name] = connection.execute(
                    sa.select(sa.func.count()).select_from(step.table).where(step.chosen)
                ).scalar_one()
            old = oldest(now - timedelta(days=keep.audit))
            counts["audit"] = connection.execute(sa.select(sa.func.count()).select_from(audit).where(old)).scalar_one()
        counts["pictures"] = self._old_pictures(keep, now, remove=False)
        return {name: count for name, count in counts.items() if count}

    def _old_pictures(self, keep: Retention, now: datetime, *, remove: bool) -> int:
        """Files of the pictures' folder that are older than a question may be."""
        end = (now - timedelta(days=keep.question)).timestamp()
        files = list(self._pictures.rglob("*")) if self._pictures and self._pictures.is_dir() else []
        count = 0
        for file in files:
            with suppress(OSError):  # another process makes room, or writes, in the same folder
                if file.is_file() and file.stat().st_mtime < end:
                    count += 1
                    if remove:
                        file.unlink(missing_ok=True)
        return count


def _steps(keep: Retention, now: datetime) -> Iterator[_Step]:
    """All kinds, by the class that a row states; no row is chosen by two steps of one table."""

    def older(table: sa.Table, days: int, kind: str | None = None, *, end: int | None = None) -> sa.ColumnElement[bool]:
        """Rows of more days than `days`, and of no more than `end`, where a later step takes them whole."""
        created = table.c.created_at
        return sa.and_(
            created < now - timedelta(days=days),
            sa.true() if end is None else created >= now - timedelta(days=end),
            sa.true() if kind is None else table.c.retention == kind,
        )

    def removed(name: str, table: sa.Table, chosen: sa.ColumnElement[bool]) -> _Step:
        return _Step(name, table, chosen, partial(_delete, table=table))

    idle = sa.or_(inbox.c.lease_until.is_(None), inbox.c.lease_until < now)
    known = inbox.c.event_id.not_like(f"{GONE}%")
    whole = max(keep.question, keep.event)  # so long a question is known by its message, not to be answered twice
    yield removed("questions", inbox, sa.and_(older(inbox, whole), idle))
    texts = older(inbox, keep.question, "question", end=whole)
    yield _Step("texts_of_questions", inbox, sa.and_(texts, idle), _forget_text)
    yield _Step("event_ids", inbox, sa.and_(older(inbox, keep.event, end=whole), idle, known), _forget_event)
    yield removed("hand_offs", hand_offs, older(hand_offs, keep.question))
    whole = max(keep.question, keep.audit)
    yield removed("answers", answers, older(answers, whole))
    texts = older(answers, keep.question, "answer", end=whole)
    yield _Step("texts_of_answers", answers, texts, partial(answers_without_words, person=False))
    yield removed("cached_answers", cache, older(cache, keep.question, "cache"))
    yield _Step("persons_in_the_costs", spend, older(spend, keep.question, "usage"), ledger_without_person)
    whole = max(keep.question, keep.feedback)  # as long as votes may ask which answer stands in a message
    yield removed("places_of_answers", answer_messages, older(answer_messages, whole, "answer"))
    yield removed("threads", threads, older(threads, whole, "answer"))
    # The id of a direct message's channel names a person
    for name, table in (("direct_messages_answered", answer_messages), ("threads_of_direct_messages", threads)):
        direct = sa.and_(older(table, keep.question, "answer", end=whole), table.c.channel.startswith("D"))
        yield removed(name, table, direct)
    whole = max(keep.feedback, keep.audit)
    yield removed("votes", votes, older(votes, whole))
    yield _Step("persons_of_votes", votes, older(votes, keep.feedback, "vote", end=whole), votes_without_person)
    for name, table in (("rate_windows", limits), ("signs_of_workers", presence)):
        yield removed(name, table, older(table, keep.event, "runtime"))


def _keys(table: sa.Table, chosen: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The first BATCH of the chosen rows."""
    key = list(table.primary_key)
    return sa.tuple_(*key).in_(sa.select(*key).where(chosen).limit(BATCH))


def _delete(connection: sa.Connection, chosen: sa.ColumnElement[bool], table: sa.Table) -> int:
    return connection.execute(sa.delete(table).where(_keys(table, chosen))).rowcount


def _forget_text(connection: sa.Connection, chosen: sa.ColumnElement[bool]) -> int:
    """What was asked and by whom; its message is still known, so that it is not answered twice."""
    left = {"text": "", "stream_text": "", "user_id": "", "retention": "event"}
    return connection.execute(sa.update(inbox).where(_keys(inbox, chosen)).values(left)).rowcount


def _forget_event(connection: sa.Connection, chosen: sa.ColumnElement[bool]) -> int:
    gone = sa.literal(GONE).concat(sa.cast(inbox.c.id, sa.String))
    return connection.execute(sa.update(inbox).where(_keys(inbox, chosen)).values(event_id=gone)).rowcount


def scrub(engine: sa.Engine, *, rewrite: bool = False) -> bool:
    """Take the bytes of deleted rows out of the database's files, as far as the database can.

    SQLite overwrites what is deleted (secure_delete, set by knowledge.database); its log of writes still holds old
    pages until it is cut to nothing here. PostgreSQL keeps deleted rows until VACUUM and their bytes until the space is
    used again; a rewrite (VACUUM FULL) drops the old files. What neither reaches: backups, replicas, PostgreSQL's own
    log (pg_wal) until it is recycled, and blocks that a file system freed. False where it could not be done: somebody
    reads an older state, or the disk is full.

    `rewrite` makes the files anew: nobody can write meanwhile (a second for every 100 MB or so), and SQLite needs as
    much free disk again.
    """
    connection = engine.raw_connection()
    try:
        return _scrub(connection.driver_connection, engine.dialect.name, rewrite)
    except engine.dialect.loaded_dbapi.Error:
        connection.invalidate()
        return False
    finally:
        connection.close()


def _scrub(driver: Any, dialect: str, rewrite: bool) -> bool:
    if dialect == "sqlite":
        if rewrite:
            driver.execute("VACUUM")
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()  # waits as for any lock
        return not busy
    driver.autocommit = True  # VACUUM runs in no transaction
    for name in metadata.tables:
        driver.execute(f"VACUUM {'(FULL)' if rewrite else ''} {name}")
    driver.autocommit = False
    return True
