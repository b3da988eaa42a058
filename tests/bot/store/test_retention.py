"""What is kept too long goes, by class and under a moved clock, on both databases, and leaves no bytes in SQLite's."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from bot.settings import Retention
from bot.store import Store, schema
from bot.store.jobs import Received
from bot.types import Usage
from knowledge.database import connect, reading, writing
from tests.bot.store.traces import ask, files_with, memory, server_files_with
from tests.services import Postgres, sqlite_at

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
ANA, BOB = "U0000000ANA", "U0000000BOB"
KEEP = Retention()


def days(count: float) -> datetime:
    return NOW + timedelta(days=count)


def rows(store: Store, table: str) -> list:
    with reading(store.engine) as connection:
        found = connection.execute(select(schema.metadata.tables[table]))
        return [SimpleNamespace(**row._asdict()) for row in found]  # a Row shortens long texts when it is printed


def test_texts_go_after_thirty_days_people_with_them_and_figures_stay(store: Store) -> None:
    old = ask(store, ANA, 1, NOW, word="zebra")
    new = ask(store, BOB, 2, days(20), word="yak")
    assert store.purge.run(KEEP, days(29)) == {"event_ids": 2, "rate_windows": 2}
    known = store.answers.by_id(old)
    assert known.answer.text and memory(store, NOW).kept(("hr", known.question.text), ("hr",))
    removed = store.purge.run(KEEP, days(31))
    assert removed == dict.fromkeys(("questions", "texts_of_answers", "cached_answers", "persons_in_the_costs"), 1)
    left = store.answers.by_id(old)
    assert left.answer.usage == Usage(10, 20, 0.5, model="m") and left.answer.timings_ms == {"total": 12.5}
    assert (left.question.text, left.answer.text, left.question.user, left.thread_ts) == ("", "", None, None)
    assert "zebra" not in repr(left) and "zebra" not in repr(rows(store, "inbox")) + repr(rows(store, "cache"))
    assert "yak is refunded" in store.answers.by_id(new).answer.text
    assert [turn.text[:3] for turn in store.answers.thread("T1", "C1", "5.0", lambda _: True)] == ["yak", "yak"]
    spent = store.spend.today("T1", ANA, "C1", date(2026, 11, 23))
    assert (spent.tokens, spent.cost_usd, spent.user_tokens, spent.channel_tokens) == (30, 0.5, 0, 30)
    assert store.purge.run(KEEP, days(31)) == {}


def test_feedback_goes_after_ninety_days_and_its_figures_after_a_year(store: Store) -> None:
    answer = ask(store, ANA, 1, NOW, word="zebra")
    store.purge.run(KEEP, days(89))
    (row,) = store.feedback.export()
    assert (row["comment"], row["user"], row["question"]) == ("no zebra", ANA, "")
    assert store.purge.run(KEEP, days(91)) == {"places_of_answers": 2, "persons_of_votes": 1}
    (vote,) = rows(store, "votes")
    assert (vote.value, vote.reason, vote.comment, vote.channel) == ("down", "wrong", None, "")
    assert ANA not in repr(vote) and vote.retention == "figures"
    assert store.purge.run(KEEP, days(364)) == {}
    removed = store.purge.run(KEEP, days(366))
    assert removed == {"answers": 1, "votes": 1, "audit": 2}
    assert store.answers.by_id(answer) is None and rows(store, "votes") == []
    found = store.audit.verify()
    assert (found.faults, found.rows) == ((), 6)  # the three purges that removed something, each with its beginning


def test_the_days_are_settings(store: Store) -> None:
    ask(store, ANA, 1, NOW, word="zebra")
    short = Retention(question=1, feedback=2, audit=3, event=10)
    store.purge.run(short, days(1.5))
    (question,) = rows(store, "inbox")  # still known by its message, so that Slack can't have it answered again
    assert (question.text, question.user_id, question.message_ts.split(".")[0]) == ("", "", "1")
    again = Received(
        team="T1", channel="C1", message_ts=question.message_ts, event_id="other", user=ANA, text="zebra?",
        thread_ts=None, kind="mention", received_at=days(1.6),
    )  # fmt: skip
    assert store.inbox.receive(again) is False
    store.purge.run(short, days(2.5))
    store.purge.run(short, days(11))
    assert not rows(store, "inbox") and not rows(store, "votes") and not rows(store, "answers")


def test_a_direct_message_is_not_told_by_its_channel(store: Store) -> None:
    for number in (1, 2):
        ask(store, ANA, number, NOW, word="zebra", channel="D0000000ANA")
    ask(store, BOB, 3, NOW, word="yak")
    store.purge.run(KEEP, days(91))
    assert "D0000000ANA" not in "".join(repr(rows(store, name)) for name in schema.metadata.tables)
    assert sorted((row.channel, row.tokens) for row in rows(store, "spend")) == [("", 60), ("C1", 30)]


def test_a_question_being_answered_stays_and_many_rows_go_in_batches(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.retention.BATCH", 3)
    monkeypatch.setattr("bot.store.persons.BATCH", 3)
    for number in range(8):
        ask(store, f"U{number}", number, NOW, word="zebra", thread=f"{number}.0")
    waiting = Received(
        team="T1", channel="C1", message_ts="99.0", event_id="E99", user=ANA, text="still?", thread_ts=None,
        kind="mention", received_at=NOW,
    )  # fmt: skip
    store.inbox.receive(waiting)
    store.inbox.claim("w", limit=9, lease_s=60, now=days(31))
    removed = store.purge.run(KEEP, days(31))
    assert (removed["questions"], removed["texts_of_answers"], removed["cached_answers"]) == (8, 8, 1)
    assert store.inbox.find("T1", "C1", "99.0").text == "still?"


def test_a_dry_run_tells_the_same_counts_and_changes_nothing(store: Store, tmp_path: Path) -> None:
    ask(store, ANA, 1, NOW, word="zebra")
    picture = tmp_path / "pictures" / "c" / "1.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"x")
    os.utime(picture, (NOW.timestamp(), NOW.timestamp()))
    before = [rows(store, name) for name in schema.metadata.tables]
    told = store.purge.would_remove(KEEP, days(40))
    assert before == [rows(store, name) for name in schema.metadata.tables] and picture.exists()
    assert told["pictures"] == 1
    assert store.purge.run(KEEP, days(40)) == told and not picture.exists()
    ask(store, BOB, 2, NOW, word="yak")
    told = store.purge.would_remove(KEEP, days(400))
    assert store.purge.run(KEEP, days(400)) == told


def test_one_worker_purges_in_an_hour_and_says_what_it_removed(store: Store, database_url: str, tmp_path: Path) -> None:
    ask(store, ANA, 1, NOW, word="zebra")
    other = Store(connect(database_url), tmp_path)
    first = store.purge.if_due(KEEP, days(31))
    ask(store, BOB, 2, NOW, word="yak")
    assert first["questions"] == 1 and other.purge.if_due(KEEP, days(31)) == {}
    second = other.purge.if_due(KEEP, days(31) + timedelta(hours=1))
    assert second["questions"] == 1
    purges = [row for row in store.audit.export() if row["kind"] == "purge"]
    assert [row["facts"]["removed"] for row in purges] == [first, second]


def test_no_byte_of_what_went_is_left_in_the_data_folder(tmp_path: Path) -> None:
    """As the running bot purges: overwritten and cut, without a rewrite of the file."""
    engine = connect(sqlite_at(tmp_path / "policybot.db"))
    store = Store(engine, tmp_path)
    for number in range(60):
        ask(store, ANA, number, NOW + timedelta(minutes=number), word="zebra", channel="D0000000ANA")
        ask(store, BOB, number, days(80) + timedelta(minutes=number), word="yak", thread="6.0")
    assert {found.split(": ")[1] for found in files_with(tmp_path, "zebra", ANA)} == {"zebra", ANA}
    store.purge.run(KEEP, days(91))
    assert files_with(tmp_path, "zebra", ANA, "D0000000ANA") == []
    assert files_with(tmp_path, "yak")
    engine.dispose()


def test_no_byte_is_left_in_the_files_of_a_rewritten_postgresql(postgres: Postgres) -> None:
    engine = connect(postgres.new_database())
    store = Store(engine)
    for number in range(20):
        ask(store, ANA, number, NOW, word="zebra")
    with engine.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        number = connection.exec_driver_sql("SELECT oid FROM pg_database WHERE datname = current_database()").scalar()
    folder = postgres.folder / "data" / "base" / str(number)
    assert server_files_with(folder, "zebra")
    store.purge.run(KEEP, days(91))
    assert store.scrub(rewrite=True)
    with engine.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
    assert server_files_with(folder, "zebra", ANA) == []
    engine.dispose()


def test_a_purge_moves_no_days_of_what_is_young(store: Store) -> None:
    ask(store, ANA, 1, NOW, word="zebra")
    before = {name: rows(store, name) for name in schema.metadata.tables}
    assert store.purge.run(replace(KEEP, event=30), days(29)) == {}
    assert before == {name: rows(store, name) for name in schema.metadata.tables}


def test_a_reader_of_an_older_state_is_told_and_the_next_time_all_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.database.BUSY_MS", 50)
    engine = connect(sqlite_at(tmp_path / "policybot.db"))
    store = Store(engine, tmp_path)
    ask(store, ANA, 1, NOW, word="zebra")
    with reading(engine) as reader:
        reader.execute(select(schema.inbox)).all()
        store.purge.run(KEEP, days(91))
        assert not store.scrub() and not store.scrub(rewrite=True)
    assert store.scrub(rewrite=True) and files_with(tmp_path, "zebra") == []
    engine.dispose()


def test_a_picture_that_another_process_removes_meanwhile_stops_no_purge(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(store, ANA, 1, NOW, word="zebra")
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("a.png", "b.png"):
        (folder / name).write_bytes(b"x")
        os.utime(folder / name, (NOW.timestamp(), NOW.timestamp()))
    looked_at = Path.is_file

    def gone_after_the_look(path: Path) -> bool:
        found = looked_at(path)
        if path.name == "a.png":
            path.unlink(missing_ok=True)
        return found

    monkeypatch.setattr(Path, "is_file", gone_after_the_look)
    removed = store.purge.run(KEEP, days(31))
    assert removed["pictures"] == 1 and not (folder / "b.png").exists()
    assert [entry["kind"] for entry in store.audit.export()][-1] == "purge"


def test_a_purge_that_was_killed_is_noticed_noted_and_ended_by_the_next(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(store, ANA, 1, NOW, word="zebra")
    real = store.purge._old_pictures

    def killed(*arguments: Any, **options: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(store.purge, "_old_pictures", killed)  # after the rows, before the end is written
    with pytest.raises(KeyboardInterrupt):
        store.purge.run(KEEP, days(31))
    monkeypatch.setattr(store.purge, "_old_pictures", real)
    assert store.purge.run(KEEP, days(32)) == {} == store.purge.run(KEEP, days(33))
    noted = [(row["kind"], row["facts"].get("interrupted")) for row in store.audit.export() if "purge" in row["kind"]]
    assert noted == [("purge_began", None), ("purge", days(31).isoformat())]
    assert store.audit.verify().faults == ()


def test_where_a_direct_message_was_goes_with_its_question(store: Store) -> None:
    for channel in ("D1", "C1"):
        with writing(store.engine) as connection:
            place = {"team_id": "T1", "channel": channel, "retention": "answer", "created_at": NOW}
            connection.execute(schema.answer_messages.insert().values(message_ts="1.0", answer_id="a", **place))
            connection.execute(schema.threads.insert().values(thread_ts="1.0", muted=False, **place))
    assert store.purge.run(KEEP, days(31)) == {"direct_messages_answered": 1, "threads_of_direct_messages": 1}
    assert [row.channel for table in ("answer_messages", "threads") for row in rows(store, table)] == ["C1", "C1"]
    assert store.purge.run(KEEP, days(91)) == {"places_of_answers": 1, "threads": 1}
