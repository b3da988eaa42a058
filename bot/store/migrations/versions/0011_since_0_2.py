"""The audit trail, threads that are followed, opt-outs, questions handed to people, files that came with a question."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Boolean, Column, String, Text

revision = "0011"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# PostgreSQL keeps frequent values of a column in its statistics, where no VACUUM reaches them.
PERSONAL = {
    "inbox": ("text", "stream_text", "user_id", "channel", "thread_ts", "event_id"),
    "answers": ("body", "user_id", "channel", "thread_ts"),
    "answer_messages": ("channel",),
    "votes": ("user_id", "channel", "comment"),
    "spend": ("user_id", "channel"),
    "limits": ("key",),
    "cache": ("body", "user_id"),
    "hand_offs": ("key", "user_id", "asker_id", "home_channel", "home_ts", "channel", "thread_ts", "text"),
}


def upgrade() -> None:
    def kept() -> tuple[Column[object], ...]:
        return Column("created_at", MOMENT, nullable=False), Column("retention", String(16), nullable=False)

    op.create_table(
        "audit",
        Column("id", NUMBER, primary_key=True, autoincrement=False),
        Column("team_id", String(32)),
        Column("kind", String(32), nullable=False),
        Column("person", String(64)),
        Column("about", String(64)),
        Column("facts", Text, nullable=False),
        Column("previous", String(64), nullable=False),
        Column("hash", String(64), nullable=False),
        *kept(),
    )
    head = op.create_table(
        "audit_head",
        Column("id", NUMBER, primary_key=True, autoincrement=False),
        Column("team_id", String(32)),
        Column("last", NUMBER, nullable=False),
        Column("hash", String(64), nullable=False),
        *kept(),
    )
    never = sa.func.current_timestamp()
    op.execute(head.insert().values(id=1, last=0, hash="0" * 64, created_at=never, retention="audit"))
    op.add_column("inbox", Column("files", Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "threads",
        *(Column(name, String(32), primary_key=True) for name in ("team_id", "channel", "thread_ts")),
        Column("others_ts", String(32)),
        Column("muted", Boolean, nullable=False),
        *kept(),
    )
    op.execute("DELETE FROM cache")  # nobody knows any more whose they are
    op.add_column("cache", Column("user_id", String(32)))
    op.create_index("ix_cache_user_id", "cache", ["user_id"])
    op.create_table("opt_outs", Column("person", String(64), primary_key=True), Column("team_id", String(32)), *kept())
    op.create_table(
        "hand_offs",
        Column("key", String(96), primary_key=True),
        Column("kind", String(16), nullable=False),
        Column("team_id", String(32), nullable=False),
        Column("answer_id", String(64), nullable=False),
        *(Column(name, String(32), nullable=False) for name in ("user_id", "asker_id", "home_channel", "home_ts")),
        Column("channel", String(32), nullable=False),
        Column("thread_ts", String(32)),
        Column("text", Text, nullable=False),
        Column("named", Boolean, nullable=False),
        Column("urgency", String(16)),
        Column("state", String(16), nullable=False),
        Column("attempt", sa.Integer, nullable=False),
        Column("lease_until", MOMENT),
        *kept(),
    )
    op.create_index("hand_offs_by_thread", "hand_offs", ["team_id", "channel", "thread_ts"])
    op.create_index("hand_offs_by_state", "hand_offs", ["state"])
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in PERSONAL.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
