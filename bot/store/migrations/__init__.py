"""The schema's versions and their one runner.

In: an engine. Out: its database at the newest version. Rule kept: several processes may migrate at once, one does.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, text

from knowledge.database import reading, writing
from knowledge.errors import StoreError

HERE = Path(__file__).parent
LOCK = 7_305_402  # PostgreSQL advisory lock: any number nobody else in this database uses


def migrate(engine: Engine) -> None:
    """Bring the schema up to date. Costs one query when nothing is to do."""
    newest = _newest()
    with reading(engine) as connection:
        if _version(connection) == newest:
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        version = _version(connection)
        if version == newest:  # another process was faster
            return
        if version is not None and version > newest:
            raise StoreError(f"The database has schema {version}, newer than {newest}: update policybot.")
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", HERE.as_posix().replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _newest() -> str:
    """The newest version, "0002": files are named 0002_..., versions 0002."""
    return max(file.name[:4] for file in (HERE / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def _version(connection: Connection) -> str | None:
    """The version of this database; None for a new one."""
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if version is None else str(version)
