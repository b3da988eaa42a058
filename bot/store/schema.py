"""The bot's SQL tables, and the two column types that make SQLite and PostgreSQL behave alike.

Every table has created_at, team_id and a retention class, so that purging and erasing need no redesign. A change here
needs a new file in migrations/versions; a test compares both. Beside them, what turns plain data into rows and back.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    TypeDecorator,
    and_,
    text,
)

D = TypeVar("D")
_COLUMNS = {  # where they are not called like the fields of our dataclasses
    "team": "team_id", "user": "user_id", "asker": "asker_id", "answer": "answer_id", "at": "cast_at",
}  # fmt: skip

metadata = MetaData()
Number = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts rows by INTEGER keys only


class Moment(TypeDecorator[datetime]):
    """An aware UTC time. SQLite keeps no zone, so it is added on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The time with its zone."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Words(TypeDecorator[str]):
    """People's text. PostgreSQL stores neither NUL nor half a surrogate pair: both become U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The text as every database takes it."""
        if value is None:
            return None
        return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in value)


def _kept(retention: str) -> list[Column[Any]]:
    """What every table has. `retention` is the class that a purge goes by."""
    return [
        Column("created_at", Moment, nullable=False),
        Column("retention", String(16), nullable=False, default=retention),
    ]


OPEN_STATES = text("state IN ('received', 'answering', 'streaming')")  # as written in the index, which it selects
LEASED = text("lease_until IS NOT NULL")

inbox = Table(
    "inbox",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("team_id", String(32), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("message_ts", String(32), nullable=False),
    Column("event_id", String(255), nullable=False, unique=True),
    Column("user_id", String(32), nullable=False),
    Column("text", Words, nullable=False),
    Column("thread_ts", String(32)),
    Column("kind", String(16), nullable=False),
    Column("recipient_team", String(32)),
    Column("outsider", Boolean, nullable=False),
    Column("files", Boolean, nullable=False, default=False),
    Column("received_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(64)),
    Column("worker", String(128)),
    Column("attempt", Integer, nullable=False, default=0),  # counts claims; fences a worker that lost its lease
    Column("lease_until", Moment),
    Column("stream_ts", String(32)),
    Column("stream_text", Words, nullable=False, default=""),
    Column("cancelled", Boolean, nullable=False, default=False),
    *_kept("question"),
    Index("inbox_open", "id", sqlite_where=OPEN_STATES, postgresql_where=OPEN_STATES),
    Index("inbox_leased", "lease_until", sqlite_where=LEASED, postgresql_where=LEASED),
    Index("inbox_by_stream", "team_id", "channel", "stream_ts"),
    # "Answer again" asks about the same message on purpose; its double clicks share an event id.
    Index(
        "inbox_once_per_message",
        "team_id",
        "channel",
        "message_ts",
        unique=True,
        sqlite_where=text("kind <> 'again'"),
        postgresql_where=text("kind <> 'again'"),
    ),
)

answers = Table(
    "answers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("team_id", String(32)),
    Column("channel", String(32)),
    Column("user_id", String(32)),
    Column("thread_ts", String(32)),
    Column("collection", String(255), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("body", Text, nullable=False),  # the whole Record, ASCII JSON
    *_kept("answer"),
    Index("answers_by_thread", "team_id", "channel", "thread_ts", "created_at"),
    Index("answers_by_time", "created_at"),
)

answer_messages = Table(  # an answer can span several messages
    "answer_messages",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("channel", String(32), primary_key=True),
    Column("message_ts", String(32), primary_key=True),
    Column("answer_id", String(64), nullable=False, index=True),
    *_kept("answer"),
)

threads = Table(  # in which the bot has answered; no word of what is said there
    "threads",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("channel", String(32), primary_key=True),
    Column("thread_ts", String(32), primary_key=True),
    Column("others_ts", String(32)),  # newest message by somebody else than the person last answered
    Column("muted", Boolean, nullable=False, default=False),
    *_kept("answer"),
)

votes = Table(
    "votes",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("channel", String(32), primary_key=True),
    Column("message_ts", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("value", String(8)),  # up, down; None: retracted
    Column("via", String(16), nullable=False),
    Column("reason", String(64)),
    Column("comment", Words),
    Column("cast_at", Moment, nullable=False),
    *_kept("vote"),
)

spend = Table(  # one row per person, channel, day, model and what it was asked for
    "spend",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("channel", String(32), primary_key=True),
    Column("feature", String(16), primary_key=True),  # answer, rewrite, verify, embed
    Column("model", String(128), primary_key=True),
    Column("tokens", Number, nullable=False),
    Column("cost_usd", Float, nullable=False),
    *_kept("usage"),
)

limits = Table(
    "limits",
    metadata,
    Column("key", String(255), primary_key=True),
    Column("team_id", String(32)),
    Column("window_start", Number, nullable=False),  # epoch seconds / window
    Column("hits", Integer, nullable=False),
    *_kept("runtime"),
)

presence = Table(
    "presence",
    metadata,
    Column("worker", String(128), primary_key=True),
    Column("team_id", String(32)),
    Column("seen_at", Moment, nullable=False),
    *_kept("runtime"),
)

cache = Table(
    "cache",
    metadata,
    Column("key", String(64), primary_key=True),  # sha256 of the parts
    Column("team_id", String(32)),
    Column("collection", String(255), nullable=False),
    Column("generation", Number, nullable=False),
    Column("user_id", String(32), index=True),  # whose question it was made for
    Column("body", Text, nullable=False),  # the Answer, ASCII JSON
    *_kept("cache"),
    Index("cache_by_generation", "collection", "generation"),
)

hand_offs = Table(  # messages between an asker and the people who may know
    "hand_offs",
    metadata,
    Column("key", String(96), primary_key=True),
    Column("kind", String(16), nullable=False),  # ask, told, reply, share
    Column("team_id", String(32), nullable=False),
    Column("answer_id", String(64), nullable=False),
    Column("user_id", String(32), nullable=False),  # who wrote it
    Column("asker_id", String(32), nullable=False),
    Column("home_channel", String(32), nullable=False),  # the asker's thread
    Column("home_ts", String(32), nullable=False),
    Column("channel", String(32), nullable=False),  # the owners'
    Column("thread_ts", String(32)),  # None until it is posted
    Column("text", Words, nullable=False),  # empty once it is posted
    Column("named", Boolean, nullable=False),
    Column("urgency", String(16)),
    Column("state", String(16), nullable=False),  # waiting, posted, answered, failed
    Column("attempt", Integer, nullable=False, default=0),  # counts claims
    Column("lease_until", Moment),
    *_kept("question"),
    Index("hand_offs_by_thread", "team_id", "channel", "thread_ts"),
    Index("hand_offs_by_state", "state"),
)

opt_outs = Table(  # who does not want their words kept
    "opt_outs",
    metadata,
    Column("person", String(64), primary_key=True),  # a hash of the user id: an erased person leaves no id here
    Column("team_id", String(32)),
    *_kept("opt_out"),
)

audit = Table(  # append-only; hash covers every other column and `previous` is the row before's
    "audit",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),  # 1, 2, 3 without a gap
    Column("team_id", String(32)),
    Column("kind", String(32), nullable=False),
    Column("person", String(64)),  # a pseudonym
    Column("about", String(64)),
    Column("facts", Text, nullable=False),  # ASCII JSON
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    *_kept("audit"),
)

audit_head = Table(  # one row: the newest of audit
    "audit_head",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=False),
    Column("team_id", String(32)),
    Column("last", Number, nullable=False),
    Column("hash", String(64), nullable=False),
    *_kept("audit"),
)


class Rows:
    """What is kept in the database of an engine. Every method is one short transaction; any thread, any process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine


def row_of(one: Any) -> dict[str, Any]:
    """Plain data as the columns of its table."""
    return {_COLUMNS.get(field.name, field.name): getattr(one, field.name) for field in fields(one)}


def of_row(kind: type[D], row: Row[Any], **known: Any) -> D:
    """The plain data that a row says; `known` are fields that it does not say as they are."""
    names = (field.name for field in fields(kind) if field.name not in known)  # type: ignore[arg-type]
    return kind(**known, **{name: getattr(row, _COLUMNS.get(name, name)) for name in names})


def at(table: Table, team: str, channel: str, message_ts: str) -> ColumnElement[bool]:
    """The rows about this message."""
    return and_(table.c.team_id == team, table.c.channel == channel, table.c.message_ts == message_ts)


def vote_stands() -> ColumnElement[bool]:
    """Joins a vote with the message of an answer that it was given on."""
    m = answer_messages.c
    return at(votes, m.team_id, m.channel, m.message_ts)  # type: ignore[arg-type]
