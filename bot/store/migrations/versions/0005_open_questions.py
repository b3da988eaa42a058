"""Indexes of open and of leased questions: a claim costs the same however many wait or have been answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

OPEN = sa.text("state IN ('received', 'answering', 'streaming')")
LEASED = sa.text("lease_until IS NOT NULL")


def upgrade() -> None:
    op.drop_index("inbox_by_state", "inbox")  # SQLite would prefer it, and sort all that wait
    op.create_index("inbox_open", "inbox", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("inbox_leased", "inbox", ["lease_until"], sqlite_where=LEASED, postgresql_where=LEASED)
