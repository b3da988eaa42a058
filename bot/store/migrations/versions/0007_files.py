"""Questions remember that a file came with them: their answer says that it was not read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("files", sa.Boolean, nullable=False, server_default=sa.false()))
