"""Questions on their way: received, claimed with a lease, answered by exactly one worker.

In: events as they arrive. Out: jobs for workers. Rules kept: a question is committed before `receive` returns and is
one row however often it is delivered; whoever lost its lease can't write any more (every write is fenced by worker and
attempt, and says whether it took). A power cut may take leases and progress, no question. Times are arguments. Knows
neither Slack nor how a question is answered.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.store.audit import AuditedRows, Entry
from bot.store.jobs import (
    DELETED,
    MOVED,
    OPEN,
    STOPPED,
    Ended,
    Job,
    Received,
    State,
    asked_at,
    job_of,
    moved_id,
    question_id,
)
from bot.store.persons import forget_words, opted_out
from bot.store.schema import OPEN_STATES, Moment, inbox, of_message, row_of
from knowledge.database import insert, insert_of, writing

POOL = 1000  # oldest questions among which a claim is fair: what it costs at most, however many wait; guess
FAR_S = 600.0  # no lease is so long: one that ends later is of a clock that was set back; guess
IN_THREAD = 50  # questions of a thread that are looked at, the newest; guess
_root = sa.func.coalesce(inbox.c.thread_ts, inbox.c.message_ts)
_WAITING = sa.select(sa.func.count()).where(OPEN_STATES, inbox.c.state == State.RECEIVED)


class Inbox(AuditedRows):
    """The durable queue."""

    def receive(self, event: Received, most: int | None = None) -> bool | None:
        """Commit the question; False when it is known already; None, uncommitted, when `most` others wait for a worker.

        Counted and written in one transaction, or all of a burst would be counted before any of it is written.
        """
        values = row_of(event) | {"state": State.RECEIVED, "created_at": event.received_at}
        with writing(self.engine) as connection:
            if most is not None and connection.execute(_WAITING).scalar_one() >= most:
                known = inbox.c.event_id == event.event_id
                if event.kind != "again":  # whose message is known
                    known = sa.or_(known, of_message(inbox, *event.place))
                return None if connection.execute(sa.select(inbox.c.id).where(known)).first() is None else False
            return connection.execute(received(connection.dialect.name), values).first() is not None

    def claim(
        self,
        worker: str,
        *,
        limit: int,
        lease_s: float,
        now: datetime,
        per_person: int | None = None,
        busy_with: Sequence[int] = (),
    ) -> list[Job]:
        """Take up to `limit` questions, oldest first among the people with the fewest in work.

        No more than `per_person` of one person are taken at a time. Questions whose lease ended come with what their
        last worker left: state, stream_ts and stream_text; but not jobs that the worker itself still is `busy_with`,
        whose renewal is late. Fair among the oldest POOL that may be taken.
        """
        far, most = now + timedelta(seconds=FAR_S), per_person or limit + POOL
        within = {"now": now, "far": far, "most": most, "pooled": POOL, "limit": limit, "busy_with": busy_with}
        with writing(self.engine, durable=False) as connection:
            if not (ids := connection.execute(chosen(), within).scalars().all()):
                return []
            lease = {"ids": ids, "by": worker, "until": now + timedelta(seconds=lease_s)}
            jobs = {row.id: job_of(row) for row in connection.execute(TAKE, lease)}
        return [jobs[i] for i in ids]

    def renew(self, jobs: Sequence[Job], *, lease_s: float, now: datetime) -> list[Job]:
        """Extend the leases; returns the jobs still held, as they are now (`cancelled` may have been set)."""
        lease = sa.tuple_(inbox.c.id, inbox.c.worker, inbox.c.attempt)
        with writing(self.engine, durable=False) as connection:
            rows = connection.execute(
                sa.update(inbox)
                .where(lease.in_([(job.id, job.worker, job.attempt) for job in jobs]), inbox.c.state.in_(OPEN))
                .values(lease_until=now + timedelta(seconds=lease_s))
                .returning(inbox)
            )
            return sorted((job_of(row) for row in rows), key=lambda job: job.id)

    def stream_started(self, job: Job, ts: str) -> bool:
        """Record the message that is streamed to, before its first append. False: the lease is lost, stop."""
        return self._write(STARTED, lease_of(job) | {"new_ts": ts}) == 1

    def stream_text(self, job: Job, text: str) -> bool:
        """Record what the streamed message shows by now. False: the lease is lost, stop."""
        return self._write(SHOWN, lease_of(job) | {"new_text": text}, durable=False) == 1

    def finish(self, job: Job, state: Ended, reason: str | None = None, entry: Entry | None = None) -> bool:
        """End the job for good, and say so in the audit trail. False: the lease is lost and another worker ends it.

        A job whose question was deleted while its last words went out stays open: its answer has still to go. The words
        of a deleted question are not kept, nor those of who opted out.
        """
        ended = {**lease_of(job), "new_state": state.value, "new_reason": reason}
        with writing(self.engine) as connection:
            mine = connection.execute(END, ended).rowcount == 1
            if mine and (reason == DELETED or opted_out(connection, job.user)):
                forget_words(connection, job.id, entry.about if entry else question_id(job))
            if mine and entry is not None:
                self._audit.add(connection, entry)
        return mine

    def release(self, worker: str) -> int:
        """Hand over everything the worker holds, at once; returns how many."""
        waiting = sa.case((inbox.c.state == State.ANSWERING, State.RECEIVED.value), else_=inbox.c.state)
        held = sa.update(inbox).where(OPEN_STATES, inbox.c.worker == worker)
        return self._write(held.values(worker=None, lease_until=None, state=waiting))

    def cancel(self, team: str, channel: str, message_ts: str, now: datetime) -> list[Job]:
        """The asker deleted this message; returns its jobs, as they are now, and those moved to be answered elsewhere.

        A job that nobody has begun is final at once. Any other is open, or opened again, until a worker has taken its
        answer away: one that holds it sees `cancelled` at `renew`. A message that was never received is kept in mind,
        for its question may come after its deletion.
        """
        message = {"team_id": team, "channel": channel, "message_ts": message_ts}
        never = message | {
            "event_id": f"deleted:{channel}:{message_ts}",
            "user_id": "",
            "text": "",
            "kind": "mention",
            "outsider": False,
            "received_at": now,
            "state": State.FINAL,
            "reason": DELETED,
            "cancelled": True,
            "created_at": now,
        }
        moved = inbox.c.event_id.startswith(MOVED)  # a message of ours stands above it
        untouched = sa.and_(inbox.c.state == State.RECEIVED, inbox.c.attempt == 0, sa.not_(moved))
        ended = inbox.c.state.in_((State.FINAL, State.FAILED))
        with writing(self.engine) as connection:
            connection.execute(insert(connection, inbox).values(never).on_conflict_do_nothing())
            asked = of_message(inbox, team, channel, message_ts)
            moved_ids = [moved_id(job_of(row)) for row in connection.execute(sa.select(inbox).where(asked))]
            theirs = sa.or_(asked, inbox.c.event_id.in_(moved_ids))
            rows = connection.execute(
                sa.update(inbox)
                .where(theirs, inbox.c.reason.is_distinct_from(DELETED))
                .values(
                    cancelled=True,
                    reason=DELETED,
                    state=sa.case((untouched, State.FINAL.value), (ended, State.ANSWERING.value), else_=inbox.c.state),
                    text=sa.case((untouched, ""), else_=inbox.c.text),
                )
                .returning(inbox)
            )
            return [job_of(row) for row in rows]

    def stop(self, team: str, channel: str, thread_ts: str, streams: Sequence[str]) -> list[Job]:
        """A person stopped the answers in these messages, or with none named all of the thread; returns their jobs."""
        return self._stop(team, channel, inbox.c.stream_ts.in_(streams) if streams else _root == thread_ts)

    def stop_of(self, team: str, channel: str, message_ts: str) -> list[Job]:
        """The same of the answers to this message."""
        return self._stop(team, channel, inbox.c.message_ts == message_ts)

    def _stop(self, team: str, channel: str, meant: sa.ColumnElement[bool]) -> list[Job]:
        with writing(self.engine) as connection:
            rows = connection.execute(
                sa.update(inbox)
                .where(inbox.c.team_id == team, inbox.c.channel == channel, meant)
                .where(inbox.c.state.in_(OPEN), inbox.c.cancelled.is_(False))
                .values(cancelled=True, reason=STOPPED)
                .returning(inbox)
            )
            return [job_of(row) for row in rows]

    def edit(self, team: str, channel: str, message_ts: str, text: str) -> list[Job]:
        """The asker edited this message; its questions, which from now on read so; [] where that changes none.

        Of one that has ended the words are not kept for who opted out.
        """
        other = inbox.c.reason.is_distinct_from(DELETED), inbox.c.text != text
        edited = sa.update(inbox).where(of_message(inbox, team, channel, message_ts), *other)
        with writing(self.engine) as connection:
            jobs = [job_of(row) for row in connection.execute(edited.values(text=text).returning(inbox))]
            for job in jobs:
                if job.state in (State.FINAL, State.FAILED) and opted_out(connection, job.user):
                    forget_words(connection, job.id, None)
            return jobs

    def find(self, team: str, channel: str, message_ts: str) -> Job | None:
        """The latest job about the asker's message."""
        rows = self._rows(LATEST, {"team_id": team, "channel": channel, "message_ts": message_ts})
        return job_of(rows[0]) if rows else None

    def moved_from(self, job: Job) -> Job:
        """The question as it stands where it was asked; itself where it was not moved, or that is forgotten."""
        place = asked_at(job)
        asked = self.find(job.team, *place) if place else None
        return replace(asked, user=job.user, text=job.text) if asked else job  # there it may be forgotten already

    def asked_before(self, job: Received) -> list[Job]:
        """The questions before it in its thread, the newest first; what was deleted is none."""
        before = (
            sa.select(inbox)
            .filter_by(team_id=job.team, channel=job.channel)
            .where(inbox.c.message_ts < job.message_ts, _root == job.root, inbox.c.cancelled.is_(False))
            .order_by(inbox.c.message_ts.desc())
        )
        return [job_of(row) for row in self._rows(before.limit(IN_THREAD))]

    def open_before(self, job: Job, user: str | None, since: datetime) -> bool:
        """Whether an earlier question of the thread (of all the channel, where the job's message is in none) is open.

        Of one that is asked again: whether it still is from before.

        `user`: of this person only. One that a worker was lost with, or that Slack does not take, counts no more.
        """
        before = sa.select(sa.true()).where(
            OPEN_STATES,
            inbox.c.team_id == job.team,
            inbox.c.channel == job.channel,
            inbox.c.id < job.id,
            (inbox.c.message_ts == job.message_ts) == (job.kind == "again"),
            inbox.c.attempt <= 1,
            inbox.c.received_at > since,
            _root == job.thread_ts if job.thread_ts else sa.true(),
            inbox.c.user_id == user if user else sa.true(),
        )
        return bool(self._value(before.limit(1)))

    def streams(self, team: str, channel: str, ts: str) -> str | None:
        """The thread of the question that owns this message of ours; None where none does."""
        thread: str | None = self._value(sa.select(_root).filter_by(team_id=team, channel=channel, stream_ts=ts))
        return thread

    def position(self, job_id: int) -> int:
        """How many questions wait in front of it; 0 when it is next, or no longer waits."""
        mine = sa.select(inbox.c.state).where(inbox.c.id == job_id).scalar_subquery()
        return int(self._value(_WAITING.where(inbox.c.id < job_id, mine == State.RECEIVED)))

    def waiting(self) -> int:
        """How many questions nobody has taken yet."""
        return int(self._value(_WAITING))


@cache
def received(dialect: str) -> sa.Executable:
    """Insert a question; the id of its row, none where it is known."""
    return insert_of(dialect, inbox).on_conflict_do_nothing().returning(inbox.c.id)


@cache
def chosen() -> sa.Executable:
    """Ids of what may be claimed. Of `now`, `far` (later, no lease ends), `most` of one person at a time, `limit`.

    Looks at the first `pooled`, at none that the worker is `busy_with`.
    """
    now, far = (sa.bindparam(name, type_=Moment()) for name in ("now", "far"))
    most, pooled, limit = (sa.bindparam(name, type_=sa.Integer()) for name in ("most", "pooled", "limit"))
    lease = inbox.c.lease_until
    running = (
        sa.select(inbox.c.team_id, inbox.c.user_id, sa.func.count().label("running"))
        .where(lease > now, lease <= far)
        .group_by(inbox.c.team_id, inbox.c.user_id)
        .subquery()
    )
    busy = sa.select(running.c.team_id, running.c.user_id).where(running.c.running >= most)
    # Nobody's, or of a worker that is gone; also by a lease from before the clock was set back.
    claimable = sa.and_(
        OPEN_STATES,
        sa.or_(lease.is_(None), lease <= now, lease > far),
        inbox.c.id.not_in(sa.bindparam("busy_with", expanding=True)),
    )
    pool = (
        sa.select(inbox.c.id, inbox.c.team_id, inbox.c.user_id)
        .where(claimable, sa.tuple_(inbox.c.team_id, inbox.c.user_id).not_in(busy))
        .order_by(inbox.c.id)
        .limit(pooled)
        .subquery()
    )
    turn = sa.func.row_number().over(partition_by=(pool.c.team_id, pool.c.user_id), order_by=pool.c.id)
    ranked = (
        sa.select(pool.c.id, (turn + sa.func.coalesce(running.c.running, 0)).label("turn"))
        .outerjoin(running, sa.and_(running.c.team_id == pool.c.team_id, running.c.user_id == pool.c.user_id))
        .subquery()
    )
    return (
        sa.select(inbox.c.id)
        .join(ranked, ranked.c.id == inbox.c.id)
        .where(claimable, ranked.c.turn <= most)
        .order_by(ranked.c.turn, inbox.c.id)
        .limit(limit)
        .with_for_update(of=inbox, skip_locked=True)  # SQLite ignores it: its write lock is taken already
    )


TAKE = (
    sa.update(inbox)
    .where(inbox.c.id.in_(sa.bindparam("ids", expanding=True)))
    .values(
        worker=sa.bindparam("by"),
        attempt=inbox.c.attempt + 1,
        lease_until=sa.bindparam("until"),
        state=sa.case((inbox.c.state == State.RECEIVED, State.ANSWERING.value), else_=inbox.c.state),
    )
    .returning(inbox)
)


def lease_of(job: Job) -> dict[str, Any]:
    """What `_OF_HELD` asks for: who else's job it became, nobody may write any more."""
    return {"held_id": job.id, "held_by": job.worker, "held_attempt": job.attempt}


_OF_HELD = sa.update(inbox).where(
    inbox.c.id == sa.bindparam("held_id"),
    inbox.c.worker == sa.bindparam("held_by"),
    inbox.c.attempt == sa.bindparam("held_attempt"),
    inbox.c.state.in_(OPEN),
)
STARTED = _OF_HELD.values(state=State.STREAMING.value, stream_ts=sa.bindparam("new_ts"), stream_text="")
SHOWN = _OF_HELD.values(stream_text=sa.bindparam("new_text"))
_REASON = sa.bindparam("new_reason", type_=sa.String())
# Deleted while its last words went out: it stays open, its answer has still to go.
_UNHEARD = sa.and_(inbox.c.cancelled, inbox.c.reason == DELETED, _REASON.is_distinct_from(DELETED))
END = _OF_HELD.values(
    state=sa.case((_UNHEARD, inbox.c.state), else_=sa.bindparam("new_state", type_=sa.String())),
    reason=sa.case((_UNHEARD, DELETED), else_=_REASON),
    worker=None,
    lease_until=None,
    stream_text="",
)
_MESSAGE = (inbox.c[name] == sa.bindparam(name) for name in ("team_id", "channel", "message_ts"))
LATEST = sa.select(inbox).where(*_MESSAGE).order_by(inbox.c.id.desc()).limit(1)
