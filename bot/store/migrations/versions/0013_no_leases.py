"""Without ingest's lease, which the system holds now, and hashes of what Chroma keeps, which is never corrected."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.drop_table("kb_leases")
    for table in ("kb_chunks", "kb_vectors"):
        op.drop_column(table, "meta_hash")
