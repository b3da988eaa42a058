"""The bot's SQL tables, and the two column types that make SQLite and PostgreSQL behave alike.

Every table has created_at, team_id and a retention class, so that purging and erasing need no redesign. A change here
needs a new file in migrations/versions; a test compares both. Beside them, what turns plain data into rows and back.
"""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa

D = TypeVar("D")
_COLUMNS = {  # where they are not called like the fields of our dataclasses
    "team": "team_id", "user": "user_id", "asker": "asker_id", "answer": "answer_id", "at": "cast_at",
}  # fmt: skip

metadata = sa.MetaData()
Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite counts rows by INTEGER keys only


class Moment(sa.TypeDecorator[datetime]):
    """An aware UTC time. SQLite keeps no zone, so it is added on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """The time in UTC."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """The time with its zone."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class Words(sa.TypeDecorator[str]):
    """People's text. PostgreSQL stores neither NUL nor half a surrogate pair: both become U+FFFD."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:
        """The text as every database takes it."""
        if value is None:
            return None
        return "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in value)


def _ids(*names: str, **options: Any) -> list[sa.Column[Any]]:
    """Columns of what Slack names: ids of teams, channels and people, and the times that name messages."""
    return [sa.Column(name, sa.String(32), **options) for name in names]


def _kept(retention: str) -> list[sa.Column[Any]]:
    """What every table has. `retention` is the class that a purge goes by."""
    return [
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("retention", sa.String(16), nullable=False, default=retention),
    ]


def _partial_index(name: str, *columns: str, where: sa.TextClause, unique: bool = False) -> sa.Index:
    """An index of the rows that `where` selects."""
    return sa.Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


OPEN_STATES = sa.text("state IN ('received', 'answering', 'streaming')")  # as written in the index, which it selects
PRIVATE = "private"  # why a question ended that is answered to its asker alone
LEASED = sa.text("lease_until IS NOT NULL")
ASKED_ANEW = sa.text("kind <> 'again'")

inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=True),
    *_ids("team_id", "channel", "message_ts", "user_id", nullable=False),
    *_ids("thread_ts", "recipient_team", "stream_ts"),
    sa.Column("event_id", sa.String(255), nullable=False, unique=True),
    sa.Column("text", Words, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("outsider", sa.Boolean, nullable=False),
    sa.Column("files", sa.Boolean, nullable=False, default=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(64)),
    sa.Column("worker", sa.String(128)),
    sa.Column("attempt", sa.Integer, nullable=False, default=0),  # counts claims; fences a worker that lost its lease
    sa.Column("lease_until", Moment),
    sa.Column("stream_text", Words, nullable=False, default=""),
    sa.Column("cancelled", sa.Boolean, nullable=False, default=False),
    *_kept("question"),
    _partial_index("inbox_open", "id", where=OPEN_STATES),
    _partial_index("inbox_leased", "lease_until", where=LEASED),
    sa.Index("inbox_by_stream", "team_id", "channel", "stream_ts"),
    # "Answer again" asks about the same message on purpose; its double clicks share an event id.
    _partial_index("inbox_once_per_message", "team_id", "channel", "message_ts", where=ASKED_ANEW, unique=True),
)

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    *_ids("team_id", "channel", "user_id", "thread_ts"),
    sa.Column("collection", sa.String(255), nullable=False),
    sa.Column("outcome", sa.String(16), nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # the whole Record, ASCII JSON
    *_kept("answer"),
    sa.Index("answers_by_thread", "team_id", "channel", "thread_ts", "created_at"),
    sa.Index("answers_by_time", "created_at"),
)

answer_messages = sa.Table(  # an answer can span several messages
    "answer_messages",
    metadata,
    *_ids("team_id", "channel", "message_ts", primary_key=True),
    sa.Column("answer_id", sa.String(64), nullable=False, index=True),
    *_kept("answer"),
)

threads = sa.Table(  # in which the bot has answered; no word of what is said there
    "threads",
    metadata,
    *_ids("team_id", "channel", "thread_ts", primary_key=True),
    sa.Column("others_ts", sa.String(32)),  # newest message by somebody else than the person last answered
    sa.Column("muted", sa.Boolean, nullable=False, default=False),
    *_kept("answer"),
)

votes = sa.Table(
    "votes",
    metadata,
    *_ids("team_id", "channel", "message_ts", "user_id", primary_key=True),
    sa.Column("value", sa.String(8)),  # up, down; None: retracted
    sa.Column("via", sa.String(16), nullable=False),
    sa.Column("reason", sa.String(64)),
    sa.Column("comment", Words),
    sa.Column("cast_at", Moment, nullable=False),
    *_kept("vote"),
)

spend = sa.Table(  # one row per person, channel, day, model and what it was asked for
    "spend",
    metadata,
    sa.Column("team_id", sa.String(32), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    *_ids("user_id", "channel", primary_key=True),
    sa.Column("feature", sa.String(16), primary_key=True),  # answer, rewrite, verify, whom, embed
    sa.Column("model", sa.String(128), primary_key=True),
    sa.Column("tokens", Number, nullable=False),
    sa.Column("cost_usd", sa.Float, nullable=False),
    *_kept("usage"),
)

limits = sa.Table(
    "limits",
    metadata,
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("team_id", sa.String(32)),
    sa.Column("window_start", Number, nullable=False),  # epoch seconds / window
    sa.Column("hits", sa.Integer, nullable=False),
    *_kept("runtime"),
)

presence = sa.Table(
    "presence",
    metadata,
    sa.Column("worker", sa.String(128), primary_key=True),
    sa.Column("team_id", sa.String(32)),
    sa.Column("seen_at", Moment, nullable=False),
    *_kept("runtime"),
)

cache = sa.Table(
    "cache",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),  # sha256 of the parts
    sa.Column("team_id", sa.String(32)),
    sa.Column("collection", sa.String(255), nullable=False),
    sa.Column("generation", Number, nullable=False),
    sa.Column("user_id", sa.String(32), index=True),  # whose question it was made for
    sa.Column("body", sa.Text, nullable=False),  # the Answer, ASCII JSON
    *_kept("cache"),
    sa.Index("cache_by_generation", "collection", "generation"),
)

hand_offs = sa.Table(  # messages between an asker and the people who may know
    "hand_offs",
    metadata,
    sa.Column("key", sa.String(96), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),  # ask, told, reply, share
    sa.Column("answer_id", sa.String(64), nullable=False),
    *_ids("team_id", "user_id", "asker_id", nullable=False),  # user_id: who wrote it
    *_ids("home_channel", "home_ts", nullable=False),  # the asker's thread
    *_ids("channel", nullable=False),  # the owners'
    *_ids("thread_ts"),  # None until it is posted
    sa.Column("text", Words, nullable=False),  # empty once it is posted
    sa.Column("named", sa.Boolean, nullable=False),
    sa.Column("urgency", sa.String(16)),
    sa.Column("state", sa.String(16), nullable=False),  # waiting, posted, answered, failed
    sa.Column("attempt", sa.Integer, nullable=False, default=0),  # counts claims
    sa.Column("lease_until", Moment),
    *_kept("question"),
    sa.Index("hand_offs_by_thread", "team_id", "channel", "thread_ts"),
    sa.Index("hand_offs_by_state", "state"),
)

opt_outs = sa.Table(  # who does not want their words kept
    "opt_outs",
    metadata,
    sa.Column("person", sa.String(64), primary_key=True),  # a hash of the user id: an erased person leaves no id here
    sa.Column("team_id", sa.String(32)),
    *_kept("opt_out"),
)

audit = sa.Table(  # append-only; hash covers every other column and `previous` is the row before's
    "audit",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=False),  # 1, 2, 3 without a gap
    sa.Column("team_id", sa.String(32)),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("person", sa.String(64)),  # a pseudonym
    sa.Column("about", sa.String(64)),
    sa.Column("facts", sa.Text, nullable=False),  # ASCII JSON
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    *_kept("audit"),
)

audit_head = sa.Table(  # one row: the newest of audit
    "audit_head",
    metadata,
    sa.Column("id", Number, primary_key=True, autoincrement=False),
    sa.Column("team_id", sa.String(32)),
    sa.Column("last", Number, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    *_kept("audit"),
)


def row_of(one: Any) -> dict[str, Any]:
    """Plain data as the columns of its table."""
    return {_COLUMNS.get(field.name, field.name): getattr(one, field.name) for field in fields(one)}


def of_row(kind: type[D], row: sa.Row[Any], **known: Any) -> D:
    """The plain data that a row says; `known` are fields that it does not say as they are."""
    names = (field.name for field in fields(kind) if field.name not in known)  # type: ignore[arg-type]
    return kind(**known, **{name: getattr(row, _COLUMNS.get(name, name)) for name in names})


def of_message(table: sa.Table, team: str, channel: str, message_ts: str) -> sa.ColumnElement[bool]:
    """The rows about this message."""
    return sa.and_(table.c.team_id == team, table.c.channel == channel, table.c.message_ts == message_ts)


def vote_stands() -> sa.ColumnElement[bool]:
    """Joins a vote with the message of an answer that it was given on."""
    m = answer_messages.c
    return of_message(votes, m.team_id, m.channel, m.message_ts)  # type: ignore[arg-type]
