"""The bot's first tables. A released version never changes: the next change is 0002_....

Pattern for further versions: revision is the file's number, down_revision the one before; upgrade() creates or alters
by plain operations; downgrade() is not offered (append-only).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "answer_messages",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("message_ts", sa.String(length=32), nullable=False),
        sa.Column("answer_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retention", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel", "message_ts"),
    )
    op.create_index("ix_answer_messages_answer_id", "answer_messages", ["answer_id"], unique=False)
    op.create_table(
        "answers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("user_id", sa.String(length=32), nullable=True),
        sa.Column("thread_ts", sa.String(length=32), nullable=True),
        sa.Column("collection", sa.String(length=255), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retention", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("answers_by_thread", "answers", ["team_id", "channel", "thread_ts", "created_at"], unique=False)
    op.create_index("answers_by_time", "answers", ["created_at"], unique=False)
    op.create_table(
        "cache",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("collection", sa.String(length=255), nullable=False),
        sa.Column("generation", NUMBER, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retention", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("cache_by_generation", "cache", ["collection", "generation"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("message_ts", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.String(length=255), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("thread_ts", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("recipient_team", sa.String(length=32), nullable=True),
        sa.Column("outsider", sa.Boolean(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("worker", sa.String(length=128), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("stream_ts", sa.String(length=32), nullable=True),
        sa.Column("stream_text", sa.Text(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retention", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_id"),
    )
    op.create_index("inbox_by_state", "inbox", ["state", "user_id"], unique=False)
    op.create_index("inbox_by_stream", "inbox", ["team_id", "channel", "stream_ts"], unique=False)
    op.create_index(
        "inbox_once_per_message",
        "inbox",
        ["team_id", "channel", "message_ts"],
        unique=True,
        sqlite_where=sa.text("kind <> 'again'"),
        postgresql_where=sa.text("kind <> 'again'"),
    )
    op.create_table(
        "limits",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("window_start", NUMBER, nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retention", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "presence",
        sa.Column("worker", sa.String(length=128), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retention", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("worker"),
    )
    op.create_table(
        "spend",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("tokens", NUMBER, nullable=False),
        sa.Column("cost_usd", sa.Float(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retention", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "day", "user_id", "channel"),
    )
    op.create_table(
        "votes",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("message_ts", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=8), nullable=True),
        sa.Column("via", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("cast_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("retention", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel", "message_ts", "user_id"),
    )
