"""How urgent a question is that is handed to a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("hand_offs", sa.Column("urgency", sa.String(16)))
