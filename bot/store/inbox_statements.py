"""The statements that each question in the inbox runs, built once: building one takes as long as running it.

In: parameters. Out: rows of the inbox. Rule kept: every write names the lease under which it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Executable, Integer, String, and_, bindparam, case, func, or_, select, tuple_, update
from sqlalchemy.types import TypeEngine

from bot.store.jobs import DELETED, OPEN, Job, State
from bot.store.schema import OPEN_STATES, Moment, inbox
from knowledge.database import insert_of


@cache
def received(dialect: str) -> Executable:
    """Insert a question; the id of its row, none where it is known."""
    return insert_of(dialect, inbox).on_conflict_do_nothing().returning(inbox.c.id)


@cache
def chosen() -> Executable:
    """Ids of what may be claimed. Of `now`, `far` (later, no lease ends), `most` of one person at a time, `limit`.

    Looks at the first `pooled`.
    """
    now, far, most, pooled, limit = (bindparam(name, type_=kind) for name, kind in _BOUND.items())
    lease = inbox.c.lease_until
    running = (
        select(inbox.c.team_id, inbox.c.user_id, func.count().label("running"))
        .where(lease > now, lease <= far)
        .group_by(inbox.c.team_id, inbox.c.user_id)
        .subquery()
    )
    busy = select(running.c.team_id, running.c.user_id).where(running.c.running >= most)
    # Nobody's, or of a worker that is gone; also by a lease from before the clock was set back.
    claimable = and_(OPEN_STATES, or_(lease.is_(None), lease <= now, lease > far))
    pool = (
        select(inbox.c.id, inbox.c.team_id, inbox.c.user_id)
        .where(claimable, tuple_(inbox.c.team_id, inbox.c.user_id).not_in(busy))
        .order_by(inbox.c.id)
        .limit(pooled)
        .subquery()
    )
    turn = func.row_number().over(partition_by=(pool.c.team_id, pool.c.user_id), order_by=pool.c.id)
    ranked = (
        select(pool.c.id, (turn + func.coalesce(running.c.running, 0)).label("turn"))
        .outerjoin(running, and_(running.c.team_id == pool.c.team_id, running.c.user_id == pool.c.user_id))
        .subquery()
    )
    return (
        select(inbox.c.id)
        .join(ranked, ranked.c.id == inbox.c.id)
        .where(claimable, ranked.c.turn <= most)
        .order_by(ranked.c.turn, inbox.c.id)
        .limit(limit)
        .with_for_update(of=inbox, skip_locked=True)  # SQLite ignores it: its write lock is taken already
    )


_BOUND: dict[str, TypeEngine[Any]] = {
    "now": Moment(),
    "far": Moment(),
    "most": Integer(),
    "pooled": Integer(),
    "limit": Integer(),
}
TAKE = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        worker=bindparam("by"),
        attempt=inbox.c.attempt + 1,
        lease_until=bindparam("until"),
        state=case((inbox.c.state == State.RECEIVED, State.ANSWERING.value), else_=inbox.c.state),
    )
    .returning(inbox)
)
_HELD = and_(
    inbox.c.id == bindparam("held_id"),
    inbox.c.worker == bindparam("held_by"),
    inbox.c.attempt == bindparam("held_attempt"),
    inbox.c.state.in_(OPEN),
)


def lease_of(job: Job) -> dict[str, Any]:
    """What `_HELD` asks for: who else's job it became, nobody may write any more."""
    return {"held_id": job.id, "held_by": job.worker, "held_attempt": job.attempt}


@cache
def rewrite(columns: tuple[str, ...]) -> Executable:
    """Change these columns of a job that is held."""
    return update(inbox).where(_HELD).values({name: bindparam(f"new_{name}") for name in columns})


def new_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """What `rewrite` and `end` write."""
    return {f"new_{name}": value for name, value in values.items()}


@cache
def end(*, may_be_unheard: bool) -> Executable:
    """A job whose question was deleted while its last words went out stays open: its answer has still to go."""
    state, reason = bindparam("new_state", type_=String()), bindparam("new_reason", type_=String())
    unheard = and_(inbox.c.cancelled, inbox.c.reason == DELETED)
    ended: dict[str, Any] = {
        "state": case((unheard, inbox.c.state), else_=state) if may_be_unheard else state,
        "reason": case((unheard, DELETED), else_=reason) if may_be_unheard else reason,
    }
    return update(inbox).where(_HELD).values(**ended, worker=None, lease_until=None, stream_text="")


LATEST = (
    select(inbox)
    .where(
        inbox.c.team_id == bindparam("of_team"),
        inbox.c.channel == bindparam("of_channel"),
        inbox.c.message_ts == bindparam("of_ts"),
    )
    .order_by(inbox.c.id.desc())
    .limit(1)
)
