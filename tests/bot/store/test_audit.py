"""The audit trail on both databases: what it holds, and that no change of it goes unseen."""

import hashlib
import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.store import Store
from bot.store.audit import Entry
from bot.store.jobs import Received, State
from bot.types import Vote
from knowledge.database import connect, writing
from tests.services import sqlite_at

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
ROWS = 12


@pytest.fixture
def filled(store: Store) -> Store:
    for n in range(1, ROWS + 1):
        store.audit.append(Entry("question", NOW + timedelta(days=n), "T1", f"U{n}", f"q{n}", {"outcome": "answered"}))
    return store


def change(store: Store, *statements: str) -> None:
    with writing(store.audit.engine) as connection:
        for statement in statements:
            connection.execute(text(statement))


def faults(store: Store) -> tuple[str, ...]:
    return store.audit.verify().faults


def test_an_untouched_trail_is_whole_and_names_nobody(filled: Store) -> None:
    found = filled.audit.verify()
    assert (found.rows, found.first, found.last, found.faults) == (ROWS, 1, ROWS, ())
    rows = list(filled.audit.export())
    assert [row["about"] for row in rows] == [f"q{n}" for n in range(1, ROWS + 1)]
    assert rows[3]["created_at"] == (NOW + timedelta(days=4)).isoformat() and rows[-1]["hash"] == found.hash
    assert '"U4"' not in json.dumps(rows) and [row["about"] for row in filled.audit.export("U4")] == ["q4"]


def test_an_exported_line_is_checked_as_the_page_says(filled: Store) -> None:
    names = ("id", "team_id", "kind", "person", "about", "facts", "previous", "created_at", "retention")
    before = "0" * 64
    for line in map(json.dumps, filled.audit.export()):
        row = json.loads(line)
        row["facts"] = json.dumps(row["facts"], sort_keys=True)
        assert hashlib.sha256(json.dumps([row[name] for name in names]).encode()).hexdigest() == row["hash"]
        assert row["previous"] == before
        before = row["hash"]


def test_a_changed_column_is_found_with_its_row(filled: Store) -> None:
    change(filled, "CREATE TABLE untouched AS SELECT * FROM audit")
    for column, value in (
        ("created_at", "'2026-01-01 00:00:00'"),
        ("retention", "'never'"),
        ("team_id", "NULL"),
        ("kind", "'vote'"),
        ("person", "'person-0'"),
        ("about", "'q0'"),
        ("facts", "'{}'"),
        ("hash", f"'{'1' * 64}'"),
        ("previous", f"'{'1' * 64}'"),
    ):
        for row in (1, 7, ROWS):
            change(filled, f"UPDATE audit SET {column} = {value} WHERE id = {row}")
            told = faults(filled)
            assert any(f"row {row} " in fault or f"row {row}:" in fault for fault in told), (column, row, told)
            change(filled, f"UPDATE audit SET {column} = (SELECT {column} FROM untouched WHERE id = audit.id)")
    assert faults(filled) == ()


def test_removed_rows_are_found_at_the_start_in_the_middle_and_at_the_end(filled: Store) -> None:
    change(filled, "DELETE FROM audit WHERE id IN (5, 8, 9)")
    assert faults(filled) == ("row 5 is missing", "rows 8 to 9 are missing")
    change(filled, "DELETE FROM audit WHERE id >= 11")
    assert faults(filled)[-1] == "rows 11 to 12 are missing at the end"
    change(filled, "DELETE FROM audit WHERE id <= 2")
    assert faults(filled)[0].startswith("rows before row 3 are missing")
    change(filled, "DELETE FROM audit")
    assert faults(filled) == ("rows 1 to 12 are missing at the end",)


def test_rows_removed_at_the_end_are_found_although_the_head_was_set_back_too(filled: Store) -> None:
    last = list(filled.audit.export())[9]
    change(filled, "DELETE FROM audit WHERE id > 10", f"UPDATE audit_head SET last = 10, hash = '{last['hash']}'")
    assert faults(filled) == ("rows 11 to 12 are missing at the end: the data folder's audit.head knows more",)
    for n in range(3):  # who goes on does not cover it up: one row, as many as are missing, one more
        filled.audit.append(Entry("question", NOW, "T1", "U1", f"later{n}"))
        assert len(faults(filled)) == 1, n
    (filled.audit._anchor).unlink()  # type: ignore[union-attr]
    filled.audit.append(Entry("question", NOW, "T1", "U1", "last"))
    assert faults(filled) == ()


def test_a_trail_written_anew_is_found_by_the_anchor(filled: Store) -> None:
    """Whoever can write the database can make a whole chain; not one that ends as the data folder says."""
    change(filled, "DELETE FROM audit", f"UPDATE audit_head SET last = 0, hash = '{'0' * 64}'")
    for n in range(1, ROWS + 1):
        filled.audit.append(Entry("question", NOW, "T1", f"U{n}", f"q{n}"))
    assert faults(filled) == ("row 12 is another than the anchor in the data folder says",)


def test_swapped_rows_are_found(filled: Store) -> None:
    change(
        filled,
        "UPDATE audit SET id = 100 WHERE id = 4",
        "UPDATE audit SET id = 4 WHERE id = 5",
        "UPDATE audit SET id = 5 WHERE id = 100",
    )
    told = " ".join(faults(filled))
    assert "row 4 does not follow row 3" in told and "row 5 does not follow row 4" in told


def test_any_single_change_is_found(filled: Store) -> None:
    rows = list(filled.audit.export())
    chance = random.Random(7)
    for _ in range(30):
        row = chance.choice(rows)
        column = chance.choice(["kind", "person", "about", "previous", "hash"])
        old = row[column]
        new = chance.choice([other[column] for other in rows if other[column] != old] or ["other"])
        change(filled, f"UPDATE audit SET {column} = '{new}' WHERE id = {row['id']}")
        assert faults(filled), (row["id"], column)
        change(filled, f"UPDATE audit SET {column} = '{old}' WHERE id = {row['id']}")
    assert faults(filled) == ()


def test_a_purged_beginning_is_no_fault_and_a_later_deletion_behind_it_is(filled: Store) -> None:
    def purge(before: datetime) -> int:
        with writing(filled.audit.engine) as connection:
            facts = filled.audit.purge(connection, before)
            if facts:
                filled.audit.add(connection, Entry("purge", NOW + timedelta(days=400), facts=facts))
        return facts.get("audit", 0)

    assert purge(NOW + timedelta(days=1)) == 0
    assert purge(NOW + timedelta(days=4)) == 3
    assert purge(NOW + timedelta(days=6)) == 2
    found = filled.audit.verify()
    assert (found.rows, found.first, found.last, found.faults) == (9, 6, 14, ())
    change(filled, "DELETE FROM audit WHERE id = 6")
    assert faults(filled)[0].startswith("rows before row 7 are missing")
    assert purge(NOW + timedelta(days=999)) == 8
    assert filled.audit.verify().rows == 1


def test_many_workers_write_one_chain(store: Store, tmp_path: Path, database_url: str) -> None:
    others = [Store(connect(database_url), tmp_path) for _ in range(3)]

    def work(n: int) -> None:
        others[n % 3].audit.append(Entry("question", NOW, "T1", f"U{n}", f"q{n}"))

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(60)))
    found = store.audit.verify()
    assert (found.rows, found.last, found.faults) == (60, 60, ())
    assert {row["about"] for row in store.audit.export()} == {f"q{n}" for n in range(60)}


def test_a_question_is_noted_once_with_its_end_and_a_vote_when_it_counts(store: Store) -> None:
    event = Received(
        team="T1", channel="C1", message_ts="1.0", event_id="E1", user="U1", text="am I pregnant?",
        thread_ts=None, kind="mention", received_at=NOW,
    )  # fmt: skip
    store.inbox.receive(event)
    (job,) = store.inbox.claim("w", limit=1, lease_s=15, now=NOW)
    entry = Entry("question", NOW, "T1", "U1", "q1", {"state": "final"})
    assert store.inbox.finish(job, State.FINAL, "answered", entry)
    assert not store.inbox.finish(job, State.FINAL, "answered", entry)  # its lease has ended
    vote = Vote("T1", "C1", "5.1", "U1", "down", "button", NOW, comment="am I pregnant?")
    store.feedback.cast(vote)
    store.feedback.cast(Vote("T1", "C1", "5.1", "U1", "up", "button", NOW - timedelta(1)))  # older: does not count
    rows = list(store.audit.export())
    assert [(row["kind"], row["facts"].get("value")) for row in rows] == [("question", None), ("vote", "down")]
    assert rows[1]["facts"]["comment"] is True and "pregnant" not in json.dumps(rows)
    assert rows[0]["person"] == rows[1]["person"]


def test_a_process_killed_while_it_writes_leaves_a_whole_chain(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from bot.store import Store; from bot.store.audit import Entry; from knowledge.database import connect\n"
        "folder = Path(sys.argv[1]); store = Store(connect(f'sqlite:///{folder}/bot.db'), folder)\n"
        "while True:\n"
        "    store.audit.append(Entry('question', datetime.now(UTC), 'T1', 'U1', 'q'))\n"
        "    print(flush=True)\n"
    )
    engine = connect(sqlite_at(tmp_path / "bot.db"))
    written = 0
    for lines in (3, 5, 7):
        process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
        for _ in range(lines):
            assert process.stdout.readline() == b"\n"
        process.kill()
        written += lines + len(process.communicate()[0])
        found = Store(engine, tmp_path).audit.verify()
        assert found.faults == () and written <= found.rows <= written + 1
        written = found.rows
    engine.dispose()
