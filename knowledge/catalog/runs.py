"""What ingests did: a row for every run."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from knowledge.catalog.tables import runs
from knowledge.database import inserted, reading, writing


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
