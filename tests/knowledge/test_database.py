"""Opening, migrating and failing, on both databases."""

import contextlib
import importlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, text

from bot.errors import StoreError
from bot.store import schema
from bot.store.migrations import migrate
from knowledge.database import connect, reading, writing
from tests.rows import each


def all_tables() -> MetaData:
    """Every table that migrations must make: the bot's and, once it is there, the knowledge catalog's."""
    together = MetaData()
    found = [schema.metadata]
    with contextlib.suppress(ModuleNotFoundError):
        found.append(importlib.import_module("knowledge.catalog").metadata)
    for metadata in found:
        for table in metadata.sorted_tables:
            table.to_metadata(together)
    return together


def test_the_migrated_schema_is_the_declared_one(empty_database_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = connect(empty_database_url)
    migrate(engine)
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, all_tables()) == []
    engine.dispose()


def test_every_table_can_be_purged_by_team_and_class() -> None:
    for table in schema.metadata.sorted_tables:
        assert {"created_at", "team_id", "retention"} <= set(table.c.keys()), table.name


def test_processes_that_start_at_once_migrate_once(empty_database_url: str) -> None:
    def start(_: int) -> None:
        engine = connect(empty_database_url)
        migrate(engine)
        engine.dispose()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(start, range(4)))
    code = (
        "import sys; from bot.store.migrations import migrate; from knowledge.database import connect; "
        "migrate(connect(sys.argv[1])); print('alembic' in sys.modules)"
    )
    again = subprocess.run([sys.executable, "-c", code, empty_database_url], capture_output=True, text=True, check=True)
    assert again.stdout.strip() == "False"  # cheap when there is nothing to do


def test_a_newer_schema_is_refused(database_url: str) -> None:
    engine = connect(database_url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="update policybot"):
        migrate(engine)
    engine.dispose()


def test_sqlite_survives_a_power_cut(tmp_path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'bot.db'}")
    told = []
    for durable in (True, False, True):  # one connection, used again
        with writing(engine, durable=durable) as connection:
            names = ("journal_mode", "synchronous")
            told.append([connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names])
    assert told == [["wal", 2], ["wal", 1], ["wal", 2]]
    engine.dispose()


def test_errors_say_what_to_do(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("knowledge.database.BUSY_MS", 50)
    path = tmp_path / "bot.db"
    engine = connect(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="policybot migrate"), reading(engine) as connection:
        connection.execute(text("SELECT * FROM inbox"))
    migrate(engine)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another process"), writing(engine):
        pass
    holder.close()
    with pytest.raises(StoreError, match="free some disk space"), writing(engine) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # as small as it is now
        connection.execute(text("UPDATE alembic_version SET version_num = hex(zeroblob(100000))"))
    engine.dispose()


def in_use(path: Path) -> Engine:
    """An engine on a migrated database that has been read once."""
    engine = connect(f"sqlite:///{path}", setting="POLICYBOT_DATA")
    migrate(engine)
    return engine


def look(engine: Engine) -> None:
    with reading(engine) as connection:
        connection.execute(text("SELECT count(*) FROM inbox")).scalar_one()


def test_files_and_data_are_their_owners_only(tmp_path: Path) -> None:
    engine = in_use(tmp_path / "bot.db")
    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    engine.dispose()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda path: path.write_bytes(b""), "is empty: it was cut off.*policybot ingest"),
        (lambda path: path.write_bytes(b"no database at all" * 999), "is damaged.*policybot ingest"),
        (
            lambda path: path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096)),
            "is damaged.*policybot ingest",
        ),
        (lambda path: shutil.rmtree(path.parent), "can't be opened or written.*change POLICYBOT_DATA"),
    ],
    ids=["cut to nothing", "another format", "overwritten", "folder gone"],
)
def test_a_harmed_file_is_named_with_what_heals_it(tmp_path: Path, monkeypatch, harm, said: str) -> None:
    monkeypatch.setattr("knowledge.database.CREATING_S", 0.1)
    path = tmp_path / "data" / "bot.db"
    path.parent.mkdir()
    in_use(path).dispose()
    harm(path)
    again = connect(f"sqlite:///{path}", setting="POLICYBOT_DATA")
    with pytest.raises(StoreError, match=said) as caught:
        look(again)
    assert str(path) in caught.value.message and caught.value.lasting == ("opened" not in said)
    again.dispose()


@each(
    "harm, said",
    [
        (lambda path: path.unlink(), "was deleted"),
        (lambda path: os.truncate(path, 0), "is empty: it was cut off"),
        (lambda path: path.rename(path.with_name("old")) and path.write_bytes(b"x"), "was replaced"),
    ],
)
def test_a_file_that_is_gone_while_in_use_takes_no_more(tmp_path: Path, harm, said: str) -> None:
    path = tmp_path / "bot.db"
    in_use(path).dispose()  # else all of it may still lie in the log of writes
    engine = in_use(path)
    look(engine)
    harm(path)
    for _ in range(2):  # a pool opens anew after a failure
        with pytest.raises(StoreError, match=said):
            look(engine)
        with pytest.raises(StoreError, match=said), writing(engine):
            pass
    assert said != "was deleted" or not path.exists()
    engine.dispose()


@contextlib.contextmanager
def another_user() -> Iterator[None]:
    """As a user whom permissions bind: root is not."""
    if os.getuid():
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def test_a_folder_that_may_only_be_read_is_read_and_a_write_says_so() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        in_use(folder / "bot.db").dispose()
        (folder / "bot.db").chmod(0o444)
        folder.chmod(0o555)
        with another_user():
            engine = in_use(folder / "bot.db")
            look(engine)
            with pytest.raises(StoreError, match=r"can't be opened or written.*POLICYBOT_DATA"), writing(engine) as db:
                db.execute(text("DELETE FROM inbox"))
            engine.dispose()
            with pytest.raises(StoreError, match="can't be opened or written"):
                look(connect(f"sqlite:///{folder / 'none.db'}"))
        assert [file.name for file in folder.iterdir()] == ["bot.db"]
        folder.chmod(0o755)


def test_a_postgres_that_is_gone_is_named_without_its_password() -> None:
    engine = connect("postgres://bot:hush@127.0.0.1:9/none")
    with pytest.raises(StoreError, match="DATABASE_URL") as caught, reading(engine) as connection:
        connection.execute(text("SELECT 1"))
    assert "hush" not in caught.value.message


@each("url", ["mysql://u:hush@h/d", "nonsense", "sqlite3:x"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(StoreError, match="use sqlite:///PATH") as caught:
        connect(url)
    assert "hush" not in str(caught.value)
