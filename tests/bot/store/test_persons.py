"""One person's export, erasure and wish, on both databases; no byte of an erased person is left."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Row, select

from bot.settings import Retention
from bot.store import Store, persons, schema
from bot.store.hand_offs import Carried
from bot.store.jobs import Received, State
from bot.types import Answer, Outcome, Question, Record, Turn
from knowledge.database import connect, reading
from tests.bot.store.traces import ask, files_with, server_files_with
from tests.services import Postgres, sqlite_at

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
ANA, BOB, HOME = "U0000000ANA", "U0000000BOB", "D0000000ANA"


@pytest.fixture
def both(store: Store) -> Store:
    """Ana asked in a channel and in her direct messages; Bob asked in the same thread and about her."""
    ask(store, ANA, 1, NOW, word="zebra")
    ask(store, ANA, 2, NOW, word="zebra", channel=HOME)
    ask(store, BOB, 3, NOW, word="llama")
    said = (Turn("user", "what about zebra"), Turn("agent", "zebra is refunded"))
    question = Question("other", f"is <@{ANA}> right?", said, ("hr",), "T1", "C1", BOB)
    answer = Answer(Outcome.ANSWERED, "Yes, they are.", rewrite="is zebra right", searched=(("zebra?", 1.0),))
    asked = Carried("ask:a", "ask", "T1", "a", ANA, ANA, ("C1", "5.0"), ("C2", None), "who knows zebra")
    store.hand_offs.add(asked, NOW)
    store.hand_offs.add(replace(asked, key="ask:b", answer="b", user=BOB, asker=BOB, text=f"is <@{ANA}> llama"), NOW)
    store.answers.save(Record("other", question, answer, NOW, "77.1", "5.0"))
    return store


def whole(row: Row) -> Any:
    """The row's values by name; a Row shortens long texts when it is printed."""
    return SimpleNamespace(**row._asdict())


def rows(store: Store) -> dict[str, list]:
    with reading(store.engine) as connection:
        return {
            name: list(map(whole, connection.execute(select(table)))) for name, table in schema.metadata.tables.items()
        }


def test_every_table_is_reached_or_named_as_without_people(both: Store) -> None:
    with reading(both.engine) as connection:
        reached = {table.name for table in persons._rows_of(connection, ANA)}
    assert reached | set(persons.WITHOUT_PEOPLE) == set(schema.metadata.tables)
    assert not reached & set(persons.WITHOUT_PEOPLE)
    for table in schema.metadata.sorted_tables:
        if table.name in persons.WITHOUT_PEOPLE:
            assert not {"user_id", "text", "body", "comment", "channel"} & set(table.c.keys()), table.name


def test_an_export_holds_every_row_about_the_person_and_none_of_others(both: Store) -> None:
    exported = [json.loads(json.dumps(row)) for row in both.persons.export(ANA, NOW, account="root")]
    counts = {name: sum(row["table"] == name for row in exported) for name in schema.metadata.tables}
    assert counts == {
        "inbox": 2, "answers": 2, "answer_messages": 4, "votes": 2, "cache": 1, "spend": 2, "limits": 1, "threads": 0,
        "hand_offs": 1, "opt_outs": 1, "presence": 0, "audit": 6, "audit_head": 0,
    }  # fmt: skip
    assert "llama" not in json.dumps(exported) and BOB not in json.dumps(exported)
    (answer, _) = (row for row in exported if row["table"] == "answers")
    assert answer["body"]["question"]["text"].startswith("zebra 0 zebra 1")
    noted = list(both.audit.export())[-1]
    assert (noted["kind"], noted["facts"]) == ("privacy_export", {"account": "root"})
    assert noted["person"] == both.audit.pseudonyms.of(ANA)


def test_an_erased_person_is_in_no_row_and_everybody_elses_rows_stay(both: Store) -> None:
    before = rows(both)
    removed = both.persons.erase(ANA, NOW, via="home")
    assert removed == {
        "inbox": 2, "answers": 2, "answer_messages": 4, "votes": 2, "cache": 1, "spend": 2, "limits": 1,
        "hand_offs": 1, "others_records": 2, "mentions": 2,
    }  # fmt: skip
    after = rows(both)
    told = repr(after)
    assert not [trace for trace in (ANA, HOME, "zebra") if trace in told]
    assert [row for row in before["inbox"] if row.user_id == BOB] == after["inbox"]
    assert [row for row in before["votes"] if row.user_id == BOB] == after["votes"]
    other = both.answers.by_id("other")
    assert (other.question.text, other.answer.text) == ("is <@somebody> right?", "Yes, they are.")
    assert "llama is refunded" in both.answers.by_id("lla3").answer.text
    spent = both.spend.today("T1", ANA, "C1", date(2026, 11, 23))
    assert (spent.tokens, spent.cost_usd, spent.user_tokens, spent.channel_tokens) == (90, 1.5, 0, 60)
    assert both.audit.verify().faults == ()
    last = list(both.audit.export())[-1]
    assert (last["kind"], last["facts"]) == ("erase", {"via": "home", "removed": removed})
    assert both.persons.erase(ANA, NOW) == {}


def test_votes_of_others_on_an_answer_are_exported_without_names_and_erased_with_it(both: Store) -> None:
    with reading(both.engine) as connection:
        mine = connection.execute(select(schema.votes).where(schema.votes.c.user_id == ANA)).first()
    vote = next(iter(both.asked.since())).votes
    both.feedback.cast(replace(vote[0], user=BOB, channel=mine.channel, message_ts=mine.message_ts, comment="zebra!"))
    exported = [row for row in both.persons.export(ANA, NOW) if row["table"] == "votes" and row["comment"] == "zebra!"]
    assert [row["user_id"] for row in exported] == [both.audit.pseudonyms.of(BOB)]
    both.persons.erase(ANA, NOW)
    assert "zebra" not in repr(rows(both))


def test_a_question_that_is_being_answered_is_told_and_ends_first(store: Store) -> None:
    event = Received(
        team="T1", channel="C1", message_ts="1.0", event_id="E1", user=ANA, text="zebra?", thread_ts=None,
        kind="mention", received_at=NOW,
    )  # fmt: skip
    store.inbox.receive(event)
    (job,) = store.inbox.claim("w", limit=1, lease_s=15, now=NOW)
    assert store.persons.being_answered(ANA, NOW) == 1
    assert store.persons.erase(ANA, NOW) == {}
    assert store.inbox.stream_text(job, "zebra is") and store.inbox.finish(job, State.FINAL)
    assert store.persons.being_answered(ANA, NOW) == 0
    assert store.persons.erase(ANA, NOW) == {"inbox": 1}


def test_ids_that_begin_alike_are_other_people(store: Store) -> None:
    ask(store, "U0000000ANA2", 1, NOW, word="llama", channel="D0000000ANA2")
    ask(store, ANA, 2, NOW, word="zebra", channel=HOME)
    ask(store, "U9", 3, NOW, word=f"emu <@{ANA}2>")
    before = rows(store)
    store.persons.erase(ANA, NOW)
    after = rows(store)
    for table in ("inbox", "answers", "votes", "limits", "cache"):
        kept = [row for row in before[table] if ANA not in repr(row).replace(f"{ANA}2", "").replace(f"{HOME}2", "")]
        assert after[table] == kept, table


def test_who_opted_out_leaves_figures_only(store: Store) -> None:
    assert not store.persons.opted_out(ANA)
    store.persons.opt_out(ANA, NOW)
    store.persons.opt_out(ANA, NOW)
    assert store.persons.opted_out(ANA) and not store.persons.opted_out(BOB)
    answer = ask(store, ANA, 1, NOW, word="zebra")
    ask(store, BOB, 2, NOW, word="llama")
    told = repr(rows(store))
    assert "zebra 1" not in told and "zebra is" not in told and "no zebra" not in told and "llama is" in told
    record = store.answers.by_id(answer)
    assert (record.question.user, record.answer.usage.output_tokens, record.answer.text) == (ANA, 20, "")
    assert [(row["user"], row["vote"]) for row in store.feedback.export()] == [(ANA, "down"), (BOB, "down")]
    assert store.persons.erase(ANA, NOW)["answers"] == 1
    assert store.persons.opted_out(ANA) and ANA not in repr(rows(store))
    store.persons.opt_in(ANA, NOW)
    assert store.answers.by_id(ask(store, ANA, 3, NOW, word="zebra")).answer.text
    kinds = [row["kind"] for row in store.audit.export() if row["kind"].startswith("opt")]
    assert kinds == ["opt_out", "opt_out", "opt_in"]


def test_no_byte_of_an_erased_person_is_left_in_the_data_folder(tmp_path: Path) -> None:
    engine = connect(sqlite_at(tmp_path / "policybot.db"))
    store = Store(engine, tmp_path)
    for number in range(40):
        ask(store, ANA, number, NOW + timedelta(minutes=number), word="zebra", channel=(HOME, "C1")[number % 2])
        ask(store, BOB, number, NOW + timedelta(minutes=number), word="llama")
    traces = ("zebra", ANA, HOME)
    assert {found.split(": ")[1] for found in files_with(tmp_path, *traces)} == set(traces)
    store.persons.erase(ANA, NOW)
    assert store.scrub()  # as from Slack, while the bot runs
    assert files_with(tmp_path, *traces) == []
    assert store.scrub(rewrite=True) and files_with(tmp_path, "llama") and store.audit.verify().faults == ()
    store.purge.run(Retention(), NOW + timedelta(days=91))
    assert files_with(tmp_path, "llama", BOB) == []
    engine.dispose()


def test_no_byte_of_an_erased_person_is_left_in_postgresqls_tables(postgres: Postgres) -> None:
    engine = connect(postgres.new_database())
    store = Store(engine)
    for number in range(20):
        ask(store, ANA, number, NOW, word="zebra", channel=(HOME, "C1")[number % 2])
        ask(store, BOB, number, NOW, word="llama")
    with engine.connect() as connection:
        number = connection.exec_driver_sql("SELECT oid FROM pg_database WHERE datname = current_database()").scalar()
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("CHECKPOINT")
    folder = postgres.folder / "data" / "base" / str(number)
    assert server_files_with(folder, "zebra")
    store.persons.erase(ANA, NOW)
    store.scrub(rewrite=True)
    with engine.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
    assert server_files_with(folder, "zebra", ANA, HOME) == [] != server_files_with(folder, "llama")
    engine.dispose()


def test_without_words_it_is_still_known_that_a_person_was_wished_for() -> None:
    asked = Question("q", "Who is Zebra?", channel="C1", user=ANA)
    answer = Answer(Outcome.ANSWERED, "Zebra.", notes=("person", "cut"))
    kept = persons.without_words(Record("q", asked, answer, NOW, "1.0", "1.0"))
    assert kept.answer.notes == ("person",) and "ebra" not in repr(kept)
