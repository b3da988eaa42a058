"""The one SQL engine, for SQLite or PostgreSQL: opened, its transactions run, its errors turned into StoreError.

In: a database URL. Out: an Engine, and short transactions on it. Rules kept: a write takes its lock when it begins, so
that it waits instead of failing in the middle; a SQLite file is read and written by its owner only, and is the same
file as long as the engine lives; an error says what happened and what heals it, without statement or parameters, which
hold people's text. Knows no table.
"""

import os
import sqlite3
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, Connection, Engine, Executable, Select, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from knowledge.errors import IngestBusy, StoreError

BUSY_MS = 10_000
IDS_AT_ONCE = 500  # bound parameters of one statement
CREATING_S = 2.0  # so long a file that another process is making may stay empty

# PostgreSQL's advisory lock (the number before is that of migrations), lost a minute after its machine is gone.
_ALONE = """SELECT set_config('tcp_keepalives_idle', '30', true), set_config('tcp_keepalives_interval', '10', true),
    set_config('tcp_keepalives_count', '3', true), pg_try_advisory_xact_lock(7305403)"""


@cache
def _faults() -> Mapping[str, Any]:
    """What can happen, by name: what to say, whether it lasts, and the errors of SQLite and PostgreSQL that tell it."""
    return tomllib.loads(Path(__file__).with_name("database.toml").read_text(encoding="utf-8"))


def connect(url: str, *, setting: str = "DATABASE_URL") -> Engine:
    """An engine for `sqlite:///file`, `postgres://` or `postgresql://`; `setting` names where the URL comes from.

    Opens nothing yet.
    """
    named = {"setting": setting}
    _faults()  # read now: when the disk is full it may be too late
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgres", "postgresql"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "postgresql":
            # A server that restarted leaves dead connections in the pool: ask before use.
            pool = {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 15, "pool_timeout": 10}
            return create_engine(parsed, execution_options=named, **pool)
        if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
            raise ArgumentError("neither a file of SQLite's nor PostgreSQL")
        # The connection used last knows what it wrote: the others read pages and make statements ready anew.
        engine = create_engine(parsed, execution_options=named, pool_use_lifo=True)
    except SQLAlchemyError as error:
        raise StoreError(
            f"{setting} is not usable ({type(error).__name__}): "
            "use sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE."
        ) from None  # the cause may quote the password
    file = _SqliteFile(Path(str(parsed.database)), setting)
    event.listen(engine, "do_connect", file.opening)
    event.listen(engine, "checkout", file.in_use)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


@contextmanager
def writing(engine: Engine, *, durable: bool = True) -> Iterator[Connection]:
    """A transaction that writes; committed at the end, rolled back on any error. Keep it short.

    `durable` False: SQLite does not wait for the disk, so a power cut may lose it if no durable one has followed; the
    end of the process alone loses nothing.
    """
    # In a write-ahead log a commit that waits for the disk brings those before it there too.
    synchronous = f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}"
    with _translated(engine), engine.begin() as connection:
        _begin_sqlite(connection, synchronous, "BEGIN IMMEDIATE")
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads: one consistent look that never waits for a writer."""
    with _translated(engine), engine.connect() as connection:
        _begin_sqlite(connection, "BEGIN")
        yield connection


@contextmanager
def alone(engine: Engine) -> Iterator[Callable[[], object]]:
    """Held by the one process that ingests, and freed by the system however that ends. IngestBusy if another has it.

    What it gives raises StoreError once it is lost: the server was restarted, say.
    """
    busy = IngestBusy("An ingest is running already. Wait until it is done.")
    with _translated(engine):
        if engine.dialect.name == "postgresql":
            with engine.connect() as connection:
                if not connection.exec_driver_sql(_ALONE).one()[-1]:
                    raise busy
                yield lambda: connection.exec_driver_sql("SELECT 1")
        else:
            with closing(sqlite3.connect(f"{engine.url.database}-ingest", 0, isolation_level=None)) as lock:
                try:
                    lock.execute("BEGIN EXCLUSIVE")
                except sqlite3.OperationalError as error:
                    raise busy if error.sqlite_errorcode == sqlite3.SQLITE_BUSY else error from None
                yield lambda: None


class Rows:
    """What is kept in the database of an engine. Every method is one short transaction; any thread, any process."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def _rows(self, query: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        with reading(self.engine) as connection:
            return connection.execute(query, values).all()

    def _among(self, query: Select[Any], column: ColumnElement[Any], values: Sequence[Any]) -> Iterator[Any]:
        """The rows of which the column has one of the values, in as many statements as they take."""
        for batch in batches(values):
            yield from self._rows(query.where(column.in_(batch)))

    def _value(self, query: Executable, values: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row; None where there is none."""
        with reading(self.engine) as connection:
            return connection.execute(query, values).scalar()

    def _write(self, statement: Executable, values: Mapping[str, Any] | None = None, *, durable: bool = True) -> int:
        """How many rows it changed."""
        with writing(self.engine, durable=durable) as connection:
            return connection.execute(statement, values).rowcount


def batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The items, as many at a time as one statement takes."""
    for start in range(0, len(items), IDS_AT_ONCE):
        yield items[start : start + IDS_AT_ONCE]


def inserted(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """The number of the new row."""
    key = connection.execute(table.insert().values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """INSERT with ON CONFLICT in the connection's dialect."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """INSERT with ON CONFLICT in this dialect."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def upsert(
    connection: Connection, table: Table, row: Mapping[str, Any], keys: Sequence[str], changed: Sequence[str] = ()
) -> None:
    """Insert the row, or change the one that has its `keys`: the rest of it, or no more than `changed`."""
    columns = tuple(changed or (name for name in row if name not in keys))
    connection.execute(_upsert(connection.dialect.name, table, tuple(keys), columns), row)


@cache
def _upsert(dialect: str, table: Table, keys: tuple[str, ...], changed: tuple[str, ...]) -> Executable:
    """Built once: building a statement takes as long as running it."""
    statement = insert_of(dialect, table)
    new = {name: statement.excluded[name] for name in changed}
    return statement.on_conflict_do_update(index_elements=keys, set_=new)


class _SqliteFile:
    """The file behind an engine: made for its owner only, and an error once another or none stands in its place."""

    def __init__(self, path: Path, setting: str) -> None:
        self._path, self._setting = path, setting
        self._identity: tuple[int, int] | None = None  # device and number of the file first opened
        self._filled = False

    def opening(self, _dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
        """Before SQLite opens the file: make it, or see that it can be used."""
        if self._identity is None:
            self._make_or_wait()
        self.in_use()
        wal = self._path.with_name(self._path.name + "-wal")
        if not os.access(self._path.parent, os.W_OK) and not (wal.exists() and wal.stat().st_size):
            # SQLite wants to write beside a file even to read it; one that nobody writes may be read as it lies.
            arguments[0] = f"file:{quote(str(self._path.absolute()))}?immutable=1"
            options["uri"] = True

    def in_use(self, *_: Any) -> None:
        """Before each transaction: what is written to a deleted or replaced file is lost without a word."""
        try:
            now = self._path.stat()
        except FileNotFoundError:
            raise self._fault("deleted") from None
        except OSError as error:
            raise self._fault("unwritable") from error
        if self._identity is None:
            self._identity = (now.st_dev, now.st_ino)
        elif self._identity != (now.st_dev, now.st_ino):
            raise self._fault("replaced")
        elif self._filled and not now.st_size:  # SQLite itself goes on with what it has read, into a log for no file
            raise self._fault("empty")
        self._filled = now.st_size > 0

    def _make_or_wait(self) -> None:
        try:
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            end = time.monotonic() + CREATING_S
            while not self._path.stat().st_size:
                if time.monotonic() > end:
                    raise self._fault("empty") from None
                time.sleep(0.01)
        except OSError as error:
            raise self._fault("unwritable") from error

    def _fault(self, what: str) -> StoreError:
        return _error(what, self._path, self._setting)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions; the driver's own habit begins too late
    # What is deleted is overwritten with zeros: people's questions are erased, not only hidden.
    pragmas = (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in pragmas:
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


def _begin_sqlite(connection: Connection, *statements: str) -> None:
    """By the driver itself: an event of the engine's would make each use of it dearer."""
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def _translated(engine: Engine) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:  # the latter of BEGIN
        cause = error.orig if isinstance(error, DBAPIError) else error
        state = str(getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or "")
        database = engine.url.database if engine.dialect.name == "sqlite" else None
        setting, name = engine.get_execution_options()["setting"], f"{type(cause).__name__} {state}".strip()
        raise _error(_fault(state, str(cause)), database, setting, name) from error


def _error(fault: str, database: str | Path | None, setting: str, name: str = "") -> StoreError:
    known = _faults()[fault]
    error = StoreError(known["say"].format(file=f"{database} " if database else "", setting=setting, error=name))
    error.lasting = known.get("lasting", False)
    return error


def _fault(state: str, message: str) -> str:
    """The fault that a state of PostgreSQL's, or a name of SQLite's, stands for."""
    if "no such table" in message or "no such column" in message:
        return "schema"
    if "password" in message:  # no connection, no state
        return "login"
    for fault, known in _faults().items():
        if state in known.get("postgres", ()) or state.startswith(tuple(known.get("sqlite", ()))):
            return fault
    return "unknown"
