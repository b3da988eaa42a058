"""What is left once people's words, or the people, must go: figures of an answer, a vote, a day's spending.

Who does not want their words kept has a row in `opt_outs`, with a hash of their id, so that erasing a person need not
forget their wish: then a record, once its answer is out, and a vote keep their figures only.

In: a record, or a condition that chooses rows, inside the caller's transaction. Out: the same without words, without
person. Rule kept: what is kept is named here, so that a field added later is not kept by oversight.
"""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select, update

from bot.store.schema import answers, inbox, opt_outs, spend, votes
from bot.types import Answer, Question, Record
from knowledge.database import insert
from knowledge.records import dumps, loads

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
    figures = Answer(text="", **{name: getattr(answer, name) for name in KEPT})
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
