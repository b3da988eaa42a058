"""What came between 0.2.0 (0005) and the next release: audit trail, files, threads, opt-outs, hand-offs.

One version with the number of the last of six that no release had.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0005"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = (("created_at", sa.DateTime(timezone=True)), ("retention", sa.String(16)))
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
    _audit()
    op.add_column("inbox", sa.Column("files", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "threads",
        sa.Column("team_id", sa.String(32), primary_key=True),
        sa.Column("channel", sa.String(32), primary_key=True),
        sa.Column("thread_ts", sa.String(32), primary_key=True),
        sa.Column("others_ts", sa.String(32)),
        sa.Column("muted", sa.Boolean, nullable=False),
        *_kept(),
    )
    op.execute("DELETE FROM cache")  # nobody knows any more whose they are
    op.add_column("cache", sa.Column("user_id", sa.String(32), nullable=True))
    op.create_index("ix_cache_user_id", "cache", ["user_id"])
    op.create_table(
        "opt_outs", sa.Column("person", sa.String(64), primary_key=True), sa.Column("team_id", sa.String(32)), *_kept()
    )
    _hand_offs()
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in PERSONAL.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def _kept() -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=False) for name, kind in KEPT]


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", NUMBER, autoincrement=False, primary_key=True),
        sa.Column("team_id", sa.String(32)),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64)),
        sa.Column("about", sa.String(64)),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        *_kept(),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", NUMBER, autoincrement=False, primary_key=True),
        sa.Column("team_id", sa.String(32)),
        sa.Column("last", NUMBER, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        *_kept(),
    )
    never = sa.func.current_timestamp()
    op.execute(head.insert().values(id=1, last=0, hash="0" * 64, created_at=never, retention="audit"))


def _hand_offs() -> None:
    op.create_table(
        "hand_offs",
        sa.Column("key", sa.String(96), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("asker_id", sa.String(32), nullable=False),
        sa.Column("home_channel", sa.String(32), nullable=False),
        sa.Column("home_ts", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("thread_ts", sa.String(32)),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("named", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        *_kept(),
        sa.Column("urgency", sa.String(16)),
    )
    op.create_index("hand_offs_by_thread", "hand_offs", ["team_id", "channel", "thread_ts"])
    op.create_index("hand_offs_by_state", "hand_offs", ["state"])
