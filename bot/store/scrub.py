"""The bytes of what was deleted, taken out of the database's files.

In: an engine, after the rows are gone. Out: files without them, as far as the database can. SQLite overwrites what is
deleted (secure_delete, set by knowledge.database); its log of writes still holds old pages until it is cut to nothing
here. PostgreSQL keeps deleted rows until VACUUM and their bytes until the space is used again; a rewrite (VACUUM FULL)
drops the old files. What neither reaches: backups, replicas, PostgreSQL's own log (pg_wal) until it is recycled, and
blocks that a file system freed.
"""

from __future__ import annotations

from sqlalchemy import Engine

from bot.store.schema import metadata

TRIES = 5  # at cutting the log: each waits for readers as long as the engine waits for a lock


def scrub(engine: Engine, *, rewrite: bool = False) -> bool:
    """Take deleted bytes out; False if somebody kept reading an older state, so that SQLite's log could not be cut.

    `rewrite` makes the files anew: nobody can write meanwhile (a second for every 100 MB or so), and SQLite needs as
    much free disk again.
    """
    connection = engine.raw_connection()
    try:
        driver = connection.driver_connection
        assert driver is not None
        if engine.dialect.name == "sqlite":
            if rewrite:
                driver.execute("VACUUM")
            return any(driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0 for _ in range(TRIES))
        driver.autocommit = True
        how = "(FULL)" if rewrite else ""
        for name in metadata.tables:
            driver.execute(f"VACUUM {how} {name}")
        driver.autocommit = False
        return True
    finally:
        connection.close()
