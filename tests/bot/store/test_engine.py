"""Opening, migrating and failing, on both databases."""

import contextlib
import importlib
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import MetaData, text

from bot.errors import StoreError
from bot.store import schema
from bot.store.engine import connect, migrate, reading, writing


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


def test_the_migrated_schema_is_the_declared_one(database_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    engine = connect(database_url)
    migrate(engine)
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, all_tables()) == []
    engine.dispose()


def test_every_table_can_be_purged_by_team_and_class() -> None:
    for table in schema.metadata.sorted_tables:
        assert {"created_at", "team_id", "retention"} <= set(table.c.keys()), table.name


def test_processes_that_start_at_once_migrate_once(database_url: str) -> None:
    def start(_: int) -> None:
        engine = connect(database_url)
        migrate(engine)
        engine.dispose()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(start, range(4)))
    code = "import sys; from bot.store.engine import *; migrate(connect(sys.argv[1])); print('alembic' in sys.modules)"
    again = subprocess.run([sys.executable, "-c", code, database_url], capture_output=True, text=True, check=True)
    assert again.stdout.strip() == "False"  # cheap when there is nothing to do


def test_a_newer_schema_is_refused(database_url: str) -> None:
    engine = connect(database_url)
    migrate(engine)
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="update policybot"):
        migrate(engine)
    engine.dispose()


def test_sqlite_survives_a_power_cut(tmp_path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'bot.db'}")
    with reading(engine) as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2}
    engine.dispose()


def test_errors_say_what_to_do(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("bot.store.engine.BUSY_MS", 50)
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
    with pytest.raises(StoreError, match="free space"), writing(engine) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # as small as it is now
        connection.execute(text("UPDATE alembic_version SET version_num = hex(zeroblob(100000))"))
    engine.dispose()
    shutil.rmtree(tmp_path)
    with pytest.raises(StoreError, match="check that it runs"), reading(connect(f"sqlite:///{path}")) as connection:
        connection.execute(text("SELECT 1"))


def test_a_postgres_that_is_gone_is_named_without_its_password() -> None:
    engine = connect("postgres://bot:hush@127.0.0.1:9/none")
    with pytest.raises(StoreError, match="DATABASE_URL") as caught, reading(engine) as connection:
        connection.execute(text("SELECT 1"))
    assert "hush" not in caught.value.message


@pytest.mark.parametrize("url", ["mysql://u:hush@h/d", "nonsense", "sqlite3:x"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(StoreError, match="use sqlite:///PATH") as caught:
        connect(url)
    assert "hush" not in str(caught.value)
