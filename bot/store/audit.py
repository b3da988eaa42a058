"""The audit trail: what was done, when, by whom (a pseudonym), each row chained to the one before by its hash.

In: entries, without anybody's text. Out: rows that are never changed, a check that finds a changed, swapped or missing
one, an export. Rules kept: a row is written in the transaction of what it tells of, last in it (so no two transactions
wait for each other); the newest row is anchored twice, in the table audit_head and in a file of the data folder, so
that rows missing at the end are found too. Knows no text and no user id.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.pseudonyms import Pseudonyms
from bot.store.schema import audit, audit_head
from knowledge.database import Rows, reading, writing

ANCHOR = "audit.head"
START = "0" * 64  # what the first row follows
PAGE = 1000
MOST_FAULTS = 20  # told; one change is one or two of them
CHAINED = [column for column in audit.c if column.name != "hash"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened. `person` is a user id, of which only the pseudonym is kept; `facts` are ids, codes and figures."""

    kind: str  # question, vote, hand_off, raw_text, purge, erase, ingest, serve ...
    at: datetime
    team: str | None = None
    person: str | None = None
    about: str | None = None  # the question's id
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the whole chain found. `faults` is empty where nothing was touched."""

    rows: int
    first: int
    last: int
    hash: str  # of the last row: kept elsewhere, it proves later that nothing before it was touched
    faults: tuple[str, ...]


_NOTED = sa.select(audit.c.hash).where(audit.c.id == sa.bindparam("noted")).scalar_subquery()
_HEAD = sa.select(audit_head.c.last, audit_head.c.hash, _NOTED.label("noted")).with_for_update(of=audit_head)
_APPEND, _MOVE = audit.insert(), sa.update(audit_head)


class Audit(Rows):
    """The chained rows. Any number of workers append; the row of audit_head is their queue."""

    def __init__(self, engine: sa.Engine, pseudonyms: Pseudonyms, folder: Path | None = None) -> None:
        super().__init__(engine)
        self.pseudonyms = pseudonyms
        self._anchor = folder / ANCHOR if folder else None

    def append(self, entry: Entry) -> None:
        """Write an entry in a transaction of its own."""
        with writing(self.engine) as connection:
            row = self.add(connection, entry)
        if self._read_anchor() == (row["id"] - 1, row["previous"]):
            self._write_anchor(row["id"], row["hash"])

    def add(self, connection: sa.Connection, entry: Entry) -> dict[str, Any]:
        """Write an entry as the last act of the transaction; returns its row."""
        anchor = self._read_anchor()
        head = connection.execute(_HEAD, {"noted": anchor[0] if anchor else None}).one()
        # Whether the chain holds what the anchor notes (None: purged, or none yet); if not it stays, or a cut end would
        # be forgotten.
        if anchor is None or (anchor[0] <= head.last and head.noted in (None, anchor[1])):
            self._write_anchor(head.last, head.hash)  # is committed, which the row to come is not yet
        row = {
            "id": head.last + 1,
            "created_at": entry.at.astimezone(UTC),
            "team_id": entry.team,
            "kind": entry.kind,
            "person": self.pseudonyms.of(entry.person) if entry.person else None,
            "about": entry.about,
            "facts": json.dumps(entry.facts, sort_keys=True, default=str),
            "previous": head.hash,
            "retention": "audit",
        }
        row["hash"] = _hash(row)
        connection.execute(_APPEND, row)
        connection.execute(_MOVE, {"last": row["id"], "hash": row["hash"], "created_at": row["created_at"]})
        return row

    def purge(self, connection: sa.Connection, before: datetime) -> dict[str, Any]:
        """Remove the oldest rows, those that end before the first not older than `before`; what a purge entry must say.

        `{"audit": 120, "audit_through": [120, HASH]}`: by the entry the rows that follow prove what they followed.
        """
        old = oldest(before)
        last = connection.execute(
            sa.select(audit.c.id, audit.c.hash).where(old).order_by(audit.c.id.desc()).limit(1)
        ).first()
        if last is None:
            return {}
        removed = connection.execute(sa.delete(audit).where(audit.c.id <= last.id)).rowcount
        return {"audit": removed, "audit_through": [last.id, last.hash]}

    def export(self, person: str | None = None) -> Iterator[dict[str, Any]]:
        """The rows, oldest first, or those about one person (a user id), hashes included."""
        query = sa.select(audit).order_by(audit.c.id)
        if person is not None:
            query = query.where(audit.c.person == self.pseudonyms.of(person))
        with reading(self.engine) as connection:
            for row in connection.execution_options(yield_per=PAGE).execute(query):
                shown = dict(row._mapping)
                shown["created_at"] = shown["created_at"].isoformat()
                yield {**shown, "facts": json.loads(shown["facts"])}

    def since(self, number: int) -> tuple[int, set[str]]:
        """(the newest row's number, the kinds of those behind `number`)."""
        newer = sa.select(sa.func.max(audit.c.id), audit.c.kind).where(audit.c.id > number).group_by(audit.c.kind)
        rows = self._rows(newer)
        return max((last for last, _ in rows), default=number), {kind for _, kind in rows}

    def verify(self) -> Verified:
        """Follow the chain from its first row to both anchors."""
        faults: list[str] = []
        count = first = last = 0
        newest = START
        began: tuple[int, str] = (0, START)
        stated = {(0, START)}  # rows that purges say to have been the last they removed
        anchor = self._read_anchor()
        with reading(self.engine) as connection:
            head = connection.execute(sa.select(audit_head)).first()
            for row in connection.execution_options(yield_per=PAGE).execute(sa.select(audit).order_by(audit.c.id)):
                if not count:
                    first, began = row.id, (row.id - 1, row.previous)
                    last, newest = began
                count += 1
                faults += _faults(row, last, newest)
                last, newest = row.id, row.hash
                if row.kind == "purge":
                    stated |= _stated(row.facts)
                if anchor and row.id == anchor[0] and row.hash != anchor[1]:
                    faults.append(f"row {row.id} is another than the anchor in the data folder says")
        if count and began not in stated:
            faults.insert(0, f"rows before row {first} are missing, and no purge says that it removed them")
        faults += _ending(last, newest, head, anchor)
        return Verified(count, first, last, newest, tuple(faults[:MOST_FAULTS]))

    def _write_anchor(self, last: int, newest: str) -> None:
        """Note the newest committed row outside the database; a disk that refuses it stops nobody."""
        if self._anchor is None:
            return
        with contextlib.suppress(OSError):  # always as long: written over in place, which costs no flush of the disk
            number = os.open(self._anchor, os.O_CREAT | os.O_WRONLY, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(f"{last:020} {newest}\n".encode("ascii"))

    def _read_anchor(self) -> tuple[int, str] | None:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            last, newest = self._anchor.read_text(encoding="ascii").split()  # type: ignore[union-attr]
            return int(last), newest
        return None


class AuditedRows(Rows):
    """Rows of which the audit trail tells what became of them."""

    def __init__(self, engine: sa.Engine, audit: Audit) -> None:
        super().__init__(engine)
        self._audit = audit


def oldest(before: datetime) -> sa.ColumnElement[bool]:
    """The rows that may go: none behind the first that is not older, or the chain would break."""
    kept = sa.select(sa.func.min(audit.c.id)).where(audit.c.created_at >= before).scalar_subquery()
    return audit.c.id < sa.func.coalesce(kept, sa.select(audit_head.c.last + 1).scalar_subquery())


def _hash(row: Mapping[str, Any]) -> str:
    """As docs/operate.md says, so that others can recompute it."""
    values = [row[c.name].isoformat() if c.name == "created_at" else row[c.name] for c in CHAINED]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def _faults(row: sa.Row[Any], last: int, newest: str) -> Iterator[str]:
    """What is wrong with one row behind row `last` of hash `newest`."""
    if row.id > last + 1:
        yield _missing(last + 1, row.id - 1)
    elif row.previous != newest:
        yield f"row {row.id} does not follow row {last}: one of the two is another than was written"
    if row.hash != _hash(row._asdict()):
        yield f"row {row.id} of {row.created_at:%Y-%m-%d %H:%M:%S} UTC ({row.kind}) was changed"


def _stated(facts: str) -> set[tuple[int, str]]:
    with contextlib.suppress(ValueError, KeyError, TypeError):
        last, newest = json.loads(facts)["audit_through"]
        return {(last, newest)}
    return set()


def _missing(first: int, last: int) -> str:
    return f"row {first} is missing" if first == last else f"rows {first} to {last} are missing"


def _ending(last: int, newest: str, head: sa.Row[Any] | None, anchor: tuple[int, str] | None) -> list[str]:
    """What is wrong with the chain's end."""
    faults = []
    if head is None:
        faults.append("the table audit_head is empty")
    elif head.last > last:
        faults.append(f"{_missing(last + 1, head.last)} at the end")
    elif (head.last, head.hash) != (last, newest):
        faults.append(f"the chain ends with row {last}, audit_head says with row {head.last}")
    if anchor and anchor[0] > max(last, head.last if head else 0):
        faults.append(f"{_missing(last + 1, anchor[0])} at the end: the data folder's {ANCHOR} knows more")
    return faults
