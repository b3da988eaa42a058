"""Run by Alembic, inside the transaction and lock that bot.store.migrations.migrate holds.

Versions are append-only files 0001_..., 0002_... whose revision is their number; each says what it creates by itself
(a copy of the columns, not an import of today's tables, which will have moved on). Tables of knowledge.catalog get
their versions here too: one database, one line of versions.
"""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
