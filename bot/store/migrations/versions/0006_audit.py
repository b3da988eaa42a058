"""The audit trail: hash-chained rows, and the newest of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = (("created_at", sa.DateTime(timezone=True)), ("retention", sa.String(16)))


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("team_id", sa.String(32)),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("person", sa.String(64)),
        sa.Column("about", sa.String(64)),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in KEPT),
        sa.PrimaryKeyConstraint("id"),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("team_id", sa.String(32)),
        sa.Column("last", NUMBER, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        *(sa.Column(name, kind, nullable=False) for name, kind in KEPT),
        sa.PrimaryKeyConstraint("id"),
    )
    never = sa.func.current_timestamp()
    op.execute(head.insert().values(id=1, last=0, hash="0" * 64, created_at=never, retention="audit"))
