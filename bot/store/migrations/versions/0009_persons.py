"""Whose question a kept answer was made for, so that erasing them reaches it; who opted out of words being kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

# PostgreSQL keeps frequent values of a column in its statistics, where no VACUUM reaches them.
PERSONAL = {
    "inbox": ("text", "stream_text", "user_id", "channel", "thread_ts", "event_id"),
    "answers": ("body", "user_id", "channel", "thread_ts"),
    "answer_messages": ("channel",),
    "votes": ("user_id", "channel", "comment"),
    "spend": ("user_id", "channel"),
    "limits": ("key",),
    "cache": ("body", "user_id"),
}


def upgrade() -> None:
    op.execute("DELETE FROM cache")  # nobody knows any more whose they are
    op.add_column("cache", sa.Column("user_id", sa.String(32), nullable=True))
    op.create_index("ix_cache_user_id", "cache", ["user_id"])
    op.create_table(
        "opt_outs",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("team_id", sa.String(32)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retention", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("person"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in PERSONAL.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
