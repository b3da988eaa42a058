"""Real servers for tests, from what is installed: PostgreSQL and `chroma run`. Fixtures below; tests skip without them.

One server of each per session, on a free port with its data in a temporary folder; one database per test, a copy of one
that was migrated once.
"""

import contextlib
import itertools
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from pathlib import Path

import psycopg
import pytest

from bot.store.migrations import migrate
from knowledge.database import connect

START_S = 60
Command = list[str | Path]
_numbers = itertools.count(1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(ready: Callable[[], bool], process: subprocess.Popen[bytes], what: str) -> None:
    """Ask `ready` until it is; fails when the process ends first."""
    deadline = time.monotonic() + START_S
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{what} did not start (exit code {process.poll()})")
        time.sleep(0.05)


class Postgres:
    """A PostgreSQL server of its own. As root it runs as `postgres` or `nobody`: initdb refuses root."""

    def __init__(self, binaries: Path) -> None:
        self.binaries, self.port = binaries, free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="policybot-postgres-"))
        self._user = _unprivileged() if os.getuid() == 0 else None
        if self._user:
            shutil.chown(self.folder, self._user)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        data = self.folder / "data"
        log = subprocess.DEVNULL
        if not data.exists():
            initdb: Command = [
                self.binaries / "initdb",
                "-D",
                data,
                "-U",
                "policybot",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-sync",
            ]
            subprocess.run(initdb, check=True, user=self._user, cwd="/", stdout=log)
        server: Command = [
            self.binaries / "postgres",
            "-D",
            data,
            "-p",
            str(self.port),
            "-h",
            "127.0.0.1",
            "-k",
            self.folder,
        ]
        self._process = subprocess.Popen(
            [*server, "-F", "-c", "max_connections=200"], user=self._user, cwd="/", stdout=log, stderr=log
        )
        until(self._answers, self._process, "PostgreSQL")

    def _answers(self) -> bool:
        check: Command = [self.binaries / "pg_isready", "-h", "127.0.0.1", "-p", str(self.port), "-q"]
        return subprocess.run(check, check=False).returncode == 0

    def stop(self) -> None:
        """Immediate shutdown: clients see their connections break."""
        if self._process:
            self._process.send_signal(3)  # SIGQUIT
            self._process.wait(START_S)
            self._process = None

    def empty_database(self) -> str:
        """URL of a database without a table."""
        return self._created("")

    def new_database(self) -> str:
        """URL of a database with the newest schema and nothing in it."""
        return self._created(f"TEMPLATE {self._template}")

    @cached_property
    def _template(self) -> str:
        url = self.empty_database()
        engine = connect(url)
        migrate(engine)
        engine.dispose()
        return url.rpartition("/")[2]

    def _created(self, how: str) -> str:
        name, server = f"test_{next(_numbers)}", f"postgresql://policybot@127.0.0.1:{self.port}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} {how}".encode())
        return f"{server}/{name}"


@cache
def _sqlite_schema() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "policybot.db"
        engine = connect(f"sqlite:///{file}")
        migrate(engine)
        engine.dispose()
        return file.read_bytes()


def sqlite_at(file: Path) -> str:
    """URL of the SQLite database in a file: made where it is missing, with the newest schema and nothing in it."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_bytes(_sqlite_schema())
    return f"sqlite:///{file}"


def _unprivileged() -> str:
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise RuntimeError("no unprivileged user to run PostgreSQL as")


def postgres_binaries() -> Path | None:
    """The folder of the installed server, newest first."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    on_path = shutil.which("initdb")
    places = [path.parent for path in debian[::-1]] + ([Path(on_path).resolve().parent] if on_path else [])
    wanted = ("initdb", "postgres", "pg_isready")
    return next((place for place in places if all((place / name).exists() for name in wanted)), None)


class Chroma:
    """`chroma run` on a folder; stop and start keep the port and the data."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The server that runs: to be stopped and continued, say."""
        assert self._process is not None
        return self._process

    def start(self) -> None:
        program = Path(sys.executable).parent / "chroma"
        place: Command = ["--path", self.folder, "--host", "127.0.0.1", "--port", str(self.port)]
        quiet = os.environ | {"ANONYMIZED_TELEMETRY": "False"}
        self._process = subprocess.Popen(
            [program, "run", *place], env=quiet, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(self._answers, self._process, "chroma run")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/api/v2/heartbeat", timeout=1) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait(START_S)
            self._process = None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's PostgreSQL server."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed")
    server = Postgres(binaries)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """A PostgreSQL database with the newest schema and nothing in it."""
    return postgres.new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind in turn, with the newest schema and nothing in it."""
    if request.param == "sqlite":
        return sqlite_at(tmp_path / "policybot.db")
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind in turn, without a table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'policybot.db'}"
    return str(request.getfixturevalue("postgres").empty_database())


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    """The session's Chroma server. A test that stops it starts it again."""
    server = Chroma(tmp_path_factory.mktemp("chroma"))
    try:
        server.start()
        yield server
    finally:
        server.stop()
