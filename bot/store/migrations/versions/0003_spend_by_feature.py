"""What model calls were for (answer, rewrite, verify) and which model served, in the ledger of what was spent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = ("team_id", "day", "user_id", "channel", "feature", "model")


def upgrade() -> None:
    op.rename_table("spend", "spend_before")
    op.create_table(
        "spend",
        sa.Column("team_id", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("user_id", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("feature", sa.String(16), nullable=False),
        sa.Column("model", sa.String(128), nullable=False),
        sa.Column("tokens", NUMBER, nullable=False),
        sa.Column("cost_usd", sa.Float(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retention", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name="pk_spend_by_feature"),
    )
    kept = "team_id, day, user_id, channel, tokens, cost_usd, created_at, retention"
    op.execute(f"INSERT INTO spend ({kept}, feature, model) SELECT {kept}, 'answer', '' FROM spend_before")  # noqa: S608 - names of ours
    op.drop_table("spend_before")
