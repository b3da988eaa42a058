"""Who does not want their words kept: then a record, once its answer is out, and a vote keep their figures only.

In: a user id, a transaction. Out: whether they opted out. What is stored is a hash of the id, so that erasing a person
need not forget their wish.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select, update

from bot.store.anonymous import answers_without_words
from bot.store.schema import answers, inbox, opt_outs
from knowledge.database import insert

_OUT = select(opt_outs.c.person).where(opt_outs.c.person == bindparam("hashed"))


def opted_out(connection: Connection, user: str | None) -> bool:
    """Whether this person's words are not to be kept."""
    if not user:
        return False
    return connection.execute(_OUT, {"hashed": _hash(user)}).first() is not None


def opt_out(connection: Connection, user: str, now: datetime) -> None:
    """Keep no words of theirs from now on. Harmless when repeated."""
    row = insert(connection, opt_outs).values(person=_hash(user), created_at=now)
    connection.execute(row.on_conflict_do_nothing())


def opt_in(connection: Connection, user: str) -> None:
    """Keep their words again, as everybody's."""
    connection.execute(delete(opt_outs).where(opt_outs.c.person == _hash(user)))


def forget_words(connection: Connection, job_id: int, answer_id: str | None) -> None:
    """Take the words out of a question that has ended, and out of its answer's record."""
    connection.execute(update(inbox).where(inbox.c.id == job_id).values(text="", stream_text=""))
    if answer_id is not None:
        answers_without_words(connection, answers.c.id == answer_id, person=True)


def _hash(user: str) -> str:
    return hashlib.sha256(f"policybot opt-out {user}".encode()).hexdigest()
