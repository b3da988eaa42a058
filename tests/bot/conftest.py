"""The same store tests on SQLite and on a real PostgreSQL, started once from the installed binaries."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

BINARIES = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a server of our own, on a Unix socket; append /name for a database made by `CREATE DATABASE name`."""
    if not BINARIES.is_dir():
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path must be short
    run = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    if os.getuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "nobody")
        run["user"] = "nobody"
    data = folder / "data"
    try:
        subprocess.run([BINARIES / "initdb", "-D", data, "-U", "bot", "-A", "trust", "-E", "UTF8", "--no-sync"], **run)
        options = f"-c listen_addresses= -k {folder} -c max_connections=60"
        subprocess.run([BINARIES / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start"], **run)
        yield f"postgres://bot@/%s?host={folder}"
    finally:
        subprocess.run([BINARIES / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **{**run, "check": False})
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_database(postgres: str) -> str:
    """An empty PostgreSQL database."""
    import psycopg

    name = f"t{secrets.token_hex(6)}"
    with psycopg.connect((postgres % "postgres").replace("postgres://", "postgresql://"), autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    return postgres % name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bot.db'}"
    return str(request.getfixturevalue("postgres_database"))
