"""Questions handed to a person, and the replies on their way back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

PERSONAL = ("key", "user_id", "asker_id", "home_channel", "home_ts", "channel", "thread_ts", "text")


def upgrade() -> None:
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
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retention", sa.String(16), nullable=False),
    )
    op.create_index("hand_offs_by_thread", "hand_offs", ["team_id", "channel", "thread_ts"])
    op.create_index("hand_offs_by_state", "hand_offs", ["state"])
    if op.get_bind().dialect.name == "postgresql":  # it keeps frequent values in statistics that no VACUUM reaches
        for column in PERSONAL:
            op.execute(f"ALTER TABLE hand_offs ALTER COLUMN {column} SET STATISTICS 0")
