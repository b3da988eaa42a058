"""The vectors of a chunk's words, beside the note that its own vector is stored."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("kb_vectors", sa.Column("words", sa.LargeBinary(), nullable=True))
