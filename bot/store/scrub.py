"""The bytes of what was deleted, taken out of the database's files.

In: an engine, after the rows are gone. Out: files without them, as far as the database can. SQLite overwrites what is
deleted (secure_delete, set by knowledge.database); its log of writes still holds old pages until it is cut to nothing
here. PostgreSQL keeps deleted rows until VACUUM and their bytes until the space is used again; a rewrite (VACUUM FULL)
drops the old files. What neither reaches: backups, replicas, PostgreSQL's own log (pg_wal) until it is recycled, and
blocks that a file system freed.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

from bot.store.schema import metadata


def scrub(engine: Engine, *, rewrite: bool = False) -> bool:
    """Take deleted bytes out; False where that could not be done: somebody reads an older state, or the disk is full.

    `rewrite` makes the files anew: nobody can write meanwhile (a second for every 100 MB or so), and SQLite needs as
    much free disk again.
    """
    connection = engine.raw_connection()
    try:
        return _scrub(connection.driver_connection, engine.dialect.name, rewrite)
    except engine.dialect.loaded_dbapi.Error:
        connection.invalidate()
        return False
    finally:
        connection.close()


def _scrub(driver: Any, dialect: str, rewrite: bool) -> bool:
    if dialect == "sqlite":
        if rewrite:
            driver.execute("VACUUM")
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()  # waits as for any lock
        return not busy
    driver.autocommit = True  # VACUUM runs in no transaction
    for name in metadata.tables:
        driver.execute(f"VACUUM {'(FULL)' if rewrite else ''} {name}")
    driver.autocommit = False
    return True
