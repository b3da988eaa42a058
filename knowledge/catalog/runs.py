"""Who may ingest now, and what ingests did: a lease that a dead process can't keep, and a row for every run."""

import os
import secrets
import socket
import threading
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import sqlalchemy as sa

from knowledge.catalog.tables import leases, runs
from knowledge.database import inserted, reading, writing
from knowledge.errors import IngestBusy, KnowledgeError

LEASE_S = 60.0
NAME = "ingest"


class Lease:
    """Held inside `with`, renewed by a thread. IngestBusy when another living process holds it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._over = threading.Event()
        self._lost = False
        self._thread = threading.Thread(target=self._keep, name="ingest-lease", daemon=True)

    def __enter__(self) -> Self:
        self._take()
        self._thread.start()
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._over.set()
        self._thread.join()
        try:
            with writing(self._engine) as db:
                db.execute(sa.delete(leases).where(leases.c.name == NAME, leases.c.holder == self._holder))
        except KnowledgeError:
            if error is None:
                raise  # else the first error says what happened; the lease runs out

    def check(self) -> None:
        """Raise IngestBusy once the lease is another's: this process slept longer than it lasts."""
        if self._lost:
            raise IngestBusy("Another ingest took over while this one was asleep. Run the command again.")

    def _take(self) -> None:
        now = datetime.now(UTC)
        values: dict[str, Any] = {"holder": self._holder, "expires_at": now + timedelta(seconds=LEASE_S)}
        with writing(self._engine) as db:
            row = db.execute(sa.select(leases.c.holder, leases.c.expires_at).where(leases.c.name == NAME)).first()
            if row is not None and _aware(row.expires_at) > now and _alive(row.holder):
                raise _busy(row.holder)
        try:
            with writing(self._engine) as db:
                if row is None:
                    db.execute(sa.insert(leases).values(name=NAME, **values))
                    return
                same = sa.and_(leases.c.name == NAME, leases.c.holder == row.holder)
                if db.execute(sa.update(leases).where(same).values(**values)).rowcount == 0:
                    raise _busy("another process")
        except KnowledgeError as error:
            if isinstance(error.__cause__, sa.exc.IntegrityError):
                raise _busy("another process") from error
            raise

    def _keep(self) -> None:
        while not self._over.wait(LEASE_S / 4):
            until = datetime.now(UTC) + timedelta(seconds=LEASE_S)
            mine = sa.and_(leases.c.name == NAME, leases.c.holder == self._holder)
            try:
                with writing(self._engine) as db:
                    self._lost = db.execute(sa.update(leases).where(mine).values(expires_at=until)).rowcount == 0
            except KnowledgeError:
                continue  # locked for a moment: three more tries before the lease is out


def start_run(engine: sa.Engine, collection: str) -> int:
    """Note that an ingest began. Runs of this collection that never ended were killed: they become "stopped"."""
    dead = sa.and_(runs.c.collection == collection, runs.c.state == "running")
    with writing(engine) as db:
        db.execute(sa.update(runs).where(dead).values(state="stopped"))
        return inserted(db, runs, {"collection": collection, "state": "running", "report": {}})


def last_done(engine: sa.Engine, collection: str) -> dict[str, Any]:
    """What the newest ingest noted that came to its end; {} before the first."""
    done = sa.select(runs.c.report).where(runs.c.collection == collection, runs.c.state == "done")
    with reading(engine) as db:
        return db.execute(done.order_by(runs.c.id.desc()).limit(1)).scalar() or {}


def finish_run(engine: sa.Engine, run: int, state: str, report: dict[str, Any]) -> None:
    """Note how an ingest ended."""
    values = {"state": state, "report": report, "finished_at": datetime.now(UTC)}
    with writing(engine) as db:
        db.execute(sa.update(runs).where(runs.c.id == run).values(**values))


def _busy(holder: str) -> IngestBusy:
    return IngestBusy(f"An ingest is running already ({holder.rpartition(':')[0] or holder}). Wait until it is done.")


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # SQLite keeps no zone


def _alive(holder: str) -> bool:
    host, pid, _ = holder.split(":")
    if host != socket.gethostname():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
