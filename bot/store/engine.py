"""One SQLAlchemy engine for SQLite or PostgreSQL: opened, migrated, its errors turned into StoreError.

In: a database URL. Out: an Engine, and short transactions on it. Rule kept: a write takes its lock when it begins, so
that it waits instead of failing in the middle. Knows no table.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from bot.errors import StoreError

BUSY_MS = 10_000
MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 7_305_402  # PostgreSQL advisory lock: any number nobody else in this database uses


def connect(url: str) -> Engine:
    """An engine for `sqlite:///file`, `postgres://` or `postgresql://`. Opens nothing yet."""
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgres", "postgresql"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "postgresql":
            # A server that restarted leaves dead connections in the pool: ask before use.
            return create_engine(parsed, pool_pre_ping=True, pool_size=5, max_overflow=15, pool_timeout=10)
        if parsed.get_backend_name() != "sqlite":
            raise ArgumentError("neither SQLite nor PostgreSQL")
        engine = create_engine(parsed)
    except SQLAlchemyError as error:
        raise StoreError(
            f"DATABASE_URL is not usable ({type(error).__name__}): "
            "use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE."
        ) from None  # the cause may quote the password
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions; the driver's own habit begins too late
    # FULL for every writer: an acknowledged question must survive a power cut, and an ingest commits rarely.
    for pragma in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        end = time.monotonic() + BUSY_MS / 1000
        while True:
            try:
                connection.execute(f"PRAGMA {pragma}")
                break
            except sqlite3.OperationalError as error:
                # Of processes that turn a new file to WAL at the same moment, all but one are refused at once: the
                # busy timeout does not cover that change.
                if "locked" not in str(error) or time.monotonic() > end:
                    raise
                time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes; committed at the end, rolled back on any error. Keep it short."""
    with _translated(), engine.execution_options(immediate=True).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads: never waits for a writer."""
    with _translated(), engine.connect() as connection:
        yield connection


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """INSERT with ON CONFLICT in the connection's dialect."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise StoreError(_explain(error)) from error


def _explain(error: SQLAlchemyError) -> str:
    """What happened and what to do, without statement or parameters: they hold people's text."""
    cause = error.orig if isinstance(error, DBAPIError) else None
    said = str(cause or "").casefold()
    state = str(getattr(cause, "sqlstate", None) or "")
    if "locked" in said or state in ("55P03", "40P01", "40001"):
        return "The database is locked by another process: stop what holds it, or wait until its write is done."
    if "disk is full" in said or "disk i/o" in said or state == "53100":
        return "The disk of the database is full or failing: free space there, then try again."
    if "readonly" in said or state in ("25006", "42501"):
        return "The database can't be written: give this user write access to it."
    if "no such table" in said or "no such column" in said or state in ("42P01", "42703"):
        return "The database has an older schema: run `policybot migrate`."
    if "password" in said or state.startswith("28"):
        return "The database refuses the login: check the user and password in DATABASE_URL."
    name = type(cause or error).__name__
    return f"The database can't be used now ({name} {state}".rstrip() + "): check that it runs and DATABASE_URL."


def migrate(engine: Engine) -> None:
    """Bring the schema up to date. Several processes may do so at once; costs one query when nothing is to do."""
    head = _head()
    with reading(engine) as connection:
        if _version(connection) == head:
            return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        found = _version(connection)
        if found == head:  # another process was faster
            return
        if found is not None and found > head:
            raise StoreError(f"The database has schema {found}, newer than {head}: update policybot.")
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", MIGRATIONS.as_posix().replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _head() -> str:
    """The newest revision: files are named 0001_..., revisions 0001."""
    return max(file.name[:4] for file in (MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def _version(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, "alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
