"""The last day on which a document applies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("kb_revisions", sa.Column("until", sa.Text()))
