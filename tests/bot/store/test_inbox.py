"""The inbox: leases, fences, fairness, crashes; each question ends once however threads and deliveries interleave."""

import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, delete
from sqlalchemy.event import listen

from bot.store import Store
from bot.store.inbox import Inbox
from bot.store.jobs import DELETED, STOPPED, Job, Received, State, asked_at
from bot.store.schema import inbox as table
from knowledge.database import connect, writing
from tests.services import sqlite_at

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def inbox(store: Store) -> Inbox:
    return store.inbox


def event(n: int, user: str = "U1", **changes: object) -> Received:
    values = {
        "team": "T1",
        "channel": "C1",
        "message_ts": f"{n}.0",
        "event_id": f"Ev{n}",
        "user": user,
        "text": f"question {n}",
        "thread_ts": None,
        "kind": "mention",
        "received_at": NOW,
    }
    return Received(**{**values, **changes})


def claim(inbox: Inbox, worker: str = "w1", limit: int = 10, at: float = 0, lease_s: float = 30) -> list[Job]:
    return inbox.claim(worker, limit=limit, lease_s=lease_s, now=NOW + timedelta(seconds=at))


def test_a_question_is_one_row_however_it_is_delivered(inbox: Inbox) -> None:
    assert inbox.receive(event(1, text="naïve \0 \ud800 😀"))
    assert not inbox.receive(event(1))
    assert not inbox.receive(event(1, event_id="Ev1b"))  # app_mention and message of one mention
    assert not inbox.receive(event(1, message_ts="9.9"))
    assert inbox.receive(event(1, event_id="again:1", kind="again"))  # on purpose
    assert not inbox.receive(event(1, event_id="again:1", kind="again"))  # a double click
    first, second = claim(inbox)
    assert (first.text, first.kind, second.kind) == ("naïve \ufffd \ufffd 😀", "mention", "again")
    assert (first.received_at, first.state, first.attempt) == (NOW, State.ANSWERING, 1)


def test_a_lease_ends_and_the_next_worker_sees_what_was_streamed(inbox: Inbox) -> None:
    inbox.receive(event(1))
    (job,) = claim(inbox)
    assert inbox.stream_started(job, "5.5") and inbox.stream_text(job, "Leave is ")
    assert claim(inbox, "w2", at=29) == []
    (taken,) = claim(inbox, "w2", at=30)
    assert (taken.state, taken.stream_ts, taken.stream_text, taken.attempt) == (State.STREAMING, "5.5", "Leave is ", 2)
    assert not inbox.stream_text(job, "lost") and not inbox.finish(job, State.FINAL)
    assert inbox.renew([job], lease_s=30, now=NOW) == []
    assert inbox.finish(taken, State.FINAL, "answered")
    assert not inbox.finish(taken, State.FAILED)
    done = inbox.find(job.team, job.channel, job.message_ts)
    assert done and (done.state, done.reason, done.stream_text) == (State.FINAL, "answered", "")


def test_a_worker_that_claims_its_own_lost_job_is_fenced_too(inbox: Inbox) -> None:
    inbox.receive(event(1))
    (before,) = claim(inbox)
    (after,) = claim(inbox, at=31)
    assert not inbox.finish(before, State.FINAL)
    assert inbox.finish(after, State.FINAL)


def test_renewed_leases_hold_and_tell_of_a_cancellation(inbox: Inbox) -> None:
    for n in (1, 2):
        inbox.receive(event(n))
    jobs = claim(inbox)
    inbox.cancel("T1", "C1", "2.0", NOW)
    renewed = inbox.renew(jobs, lease_s=30, now=NOW + timedelta(seconds=20))
    assert [(job.cancelled, job.reason) for job in renewed] == [(False, None), (True, DELETED)]
    assert claim(inbox, "w2", at=40) == []


def test_a_deleted_question_that_nobody_has_is_never_claimed(inbox: Inbox) -> None:
    inbox.receive(event(1))
    (job,) = inbox.cancel("T1", "C1", "1.0", NOW)
    assert (job.state, job.reason, job.cancelled) == (State.FINAL, DELETED, True)
    assert claim(inbox) == [] and inbox.waiting() == 0


def test_a_question_that_comes_after_its_deletion_is_no_question(inbox: Inbox) -> None:
    assert inbox.cancel("T1", "C1", "1.0", NOW) == []
    assert not inbox.receive(event(1))
    assert inbox.receive(event(1, team="T2", event_id="Ev2")) and inbox.receive(event(3))
    assert [job.message_ts for job in claim(inbox)] == ["1.0", "3.0"]


@pytest.mark.parametrize("when", ["answering", "handed over", "final", "failed"])
def test_a_deletion_opens_the_question_until_its_answer_is_gone(inbox: Inbox, when: str) -> None:
    inbox.receive(event(1))
    (job,) = claim(inbox)
    if when == "handed over":  # what it posted may be there
        inbox.release("w1")
    elif when in ("final", "failed"):
        assert inbox.finish(job, State(when), "answered")
    (cancelled,) = inbox.cancel("T1", "C1", "1.0", NOW)
    assert cancelled.cancelled
    if when == "answering":  # not noticed: the worker ends as if nothing had happened
        assert inbox.finish(job, State.FINAL, "answered")
    (taken,) = claim(inbox, "w2")
    assert (taken.cancelled, taken.reason) == (True, DELETED)
    assert inbox.finish(taken, State.FINAL, DELETED)
    assert inbox.cancel("T1", "C1", "1.0", NOW) == []
    assert claim(inbox, at=100) == []


def test_stop_names_messages_or_a_thread(inbox: Inbox) -> None:
    for n in (1, 2, 3):
        inbox.receive(event(n, thread_ts=None if n == 1 else "1.0"))
    first, second, _ = claim(inbox)
    inbox.stream_started(first, "5.5")
    inbox.stream_started(second, "6.6")
    assert inbox.stop("T2", "C1", "1.0", ["5.5"]) == []
    assert [(job.id, job.reason) for job in inbox.stop("T1", "C1", "1.0", ["5.5"])] == [(first.id, STOPPED)]
    assert inbox.stop("T1", "C1", "1.0", ["5.5"]) == []
    assert inbox.finish(first, State.FINAL, "answered")
    assert {job.id for job in inbox.stop("T1", "C1", "1.0", [])} == {2, 3}
    assert claim(inbox) == []


def test_an_edited_question_reads_anew_once(inbox: Inbox) -> None:
    inbox.receive(event(1))
    assert not inbox.edit("T1", "C1", "1.0", "question 1") and not inbox.edit("T1", "C1", "2.0", "other")
    assert inbox.edit("T1", "C1", "1.0", "new \0") and not inbox.edit("T1", "C1", "1.0", "new \0")
    assert [job.text for job in claim(inbox)] == ["new \ufffd"]


def test_a_stopping_worker_hands_over_at_once(inbox: Inbox) -> None:
    for n in (1, 2, 3):
        inbox.receive(event(n))
    jobs = claim(inbox, limit=2)
    inbox.stream_started(jobs[0], "5.5")
    assert inbox.release("w1") == 2
    taken = claim(inbox, "w2")
    assert [(job.id, job.state) for job in taken] == [(1, State.STREAMING), (2, State.ANSWERING), (3, State.ANSWERING)]
    assert not inbox.finish(jobs[1], State.FINAL)


def test_a_flooding_user_does_not_starve_the_others(inbox: Inbox) -> None:
    for n in range(20):
        inbox.receive(event(n, user="flood"))
    inbox.receive(event(20, user="U2"))
    inbox.receive(event(21, user="U3"))
    assert [job.user for job in claim(inbox, limit=4)] == ["flood", "U2", "U3", "flood"]
    inbox.receive(event(22, user="U4"))
    assert [job.user for job in claim(inbox, limit=2)] == ["U4", "flood"]


def test_position_counts_those_in_front(inbox: Inbox) -> None:
    for n in range(4):
        inbox.receive(event(n))
    ids = [job.id for n in range(4) if (job := inbox.find("T1", "C1", f"{n}.0"))]
    assert [inbox.position(i) for i in ids] == [0, 1, 2, 3]
    claim(inbox, limit=2)
    assert [inbox.position(i) for i in ids] == [0, 0, 0, 1]
    assert inbox.waiting() == 2


def test_many_threads_deliver_crash_and_finish_each_question_once(inbox: Inbox) -> None:
    questions, finished, errors = 60, Counter[int](), []
    clock, lock, done = [0.0], threading.Lock(), threading.Event()

    def deliver(seed: int) -> None:
        order = [n for n in range(questions) for _ in range(2)]
        random.Random(seed).shuffle(order)
        for n in order:
            inbox.receive(event(n, user=f"U{n % 5}"))

    def work(name: str, seed: int) -> None:
        chance = random.Random(seed)
        while not done.is_set():
            with lock:
                clock[0] += 1
                at = clock[0]
            for job in claim(inbox, name, limit=3, at=at, lease_s=chance.choice((1, 20))):
                if chance.random() < 0.2:
                    continue  # crashed: the lease runs out
                inbox.stream_started(job, f"s{job.id}")
                inbox.stream_text(job, "text")
                if inbox.finish(job, State.FINAL):
                    with lock:
                        finished[job.id] += 1
                        if len(finished) == questions:
                            done.set()

    def guarded(function, *arguments: object) -> None:
        try:
            function(*arguments)
        except BaseException as error:
            errors.append(error)
            done.set()

    threads = [threading.Thread(target=guarded, args=(deliver, seed)) for seed in range(2)]
    threads += [threading.Thread(target=guarded, args=(work, f"w{seed}", seed)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    assert len(finished) == questions and set(finished.values()) == {1}
    assert claim(inbox, at=10_000) == []


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_the_inbox_agrees_with_a_plain_model(inbox: Inbox) -> None:  # noqa: C901 - one class, its rules
    """Any order of deliveries, claims, crashes, renewals, hand-overs and writes, against dicts."""

    class Machine(RuleBasedStateMachine):
        @initialize()
        def empty(self) -> None:
            with writing(inbox.engine) as connection:
                connection.execute(delete(table))
            self.now = 0.0
            self.known: set[int] = set()
            self.held: dict[int, tuple[str, float, Job]] = {}  # id -> who may write, until when it is safe
            self.old: list[Job] = []
            self.ended: set[int] = set()
            self.ids: set[int] = set()

        @rule(n=st.integers(0, 5), user=st.sampled_from(["U1", "U2"]))
        def deliver(self, n: int, user: str) -> None:
            assert inbox.receive(event(n, user=user)) == (n not in self.known)
            self.known.add(n)

        @rule(worker=st.sampled_from(["a", "b"]), limit=st.integers(1, 3), lease_s=st.sampled_from([5.0, 20.0]))
        def claims(self, worker: str, limit: int, lease_s: float) -> None:
            jobs = claim(inbox, worker, limit, self.now, lease_s)
            free = len(self.known) - len(self.ended) - sum(end > self.now for _, end, _ in self.held.values())
            assert len(jobs) == min(limit, free)
            for job in jobs:
                assert job.id not in self.ended
                if job.id in self.held:
                    assert self.held[job.id][1] <= self.now
                    self.old.append(self.held[job.id][2])
                self.held[job.id] = (worker, self.now + lease_s, job)
                self.ids.add(job.id)

        @rule(seconds=st.sampled_from([1.0, 6.0, 30.0]))
        def wait(self, seconds: float) -> None:
            self.now += seconds

        @rule(data=st.data())
        def write(self, data: st.DataObject) -> None:
            jobs = [job for _, _, job in self.held.values()] + self.old
            if not jobs:
                return
            job = data.draw(st.sampled_from(jobs))
            holds = job.id in self.held and self.held[job.id][2] == job
            if data.draw(st.booleans()):
                assert inbox.stream_text(job, "x") == holds
            else:
                assert inbox.finish(job, State.FINAL) == holds
                if holds:
                    self.ended.add(job.id)
                    self.old.append(self.held.pop(job.id)[2])

        @rule(worker=st.sampled_from(["a", "b"]))
        def hand_over(self, worker: str) -> None:
            mine = [i for i, (who, _, _) in self.held.items() if who == worker]
            assert inbox.release(worker) == len(mine)
            for i in mine:
                self.old.append(self.held.pop(i)[2])

        @rule()
        def renew(self) -> None:
            jobs = [job for _, _, job in self.held.values()]
            kept = inbox.renew([*jobs, *self.old], lease_s=20, now=NOW + timedelta(seconds=self.now))
            assert {job.id for job in kept} == set(self.held)
            self.held = {i: (who, self.now + 20, job) for i, (who, _, job) in self.held.items()}

        @invariant()
        def nothing_is_lost(self) -> None:
            if hasattr(self, "known"):
                held = {i for i, (_, end, _) in self.held.items() if end > self.now}
                assert len(held | self.ended) <= len(self.known)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_a_question_is_claimed_again_after_a_crash_and_a_clock_that_was_set_back(inbox: Inbox) -> None:
    inbox.receive(event(1))
    assert inbox.claim("w1", limit=1, lease_s=15, now=NOW)
    assert not inbox.claim("w2", limit=1, lease_s=15, now=NOW)
    (job,) = inbox.claim("w2", limit=1, lease_s=15, now=NOW - timedelta(hours=2))
    assert job.attempt == 2
    assert not inbox.claim("w3", limit=1, lease_s=15, now=NOW - timedelta(hours=2))


def test_one_person_with_more_questions_than_a_claim_looks_at_stops_nobody(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.inbox.POOL", 5)
    for n in range(20):
        inbox.receive(event(n, "UFLOOD"))
    inbox.receive(event(99, "U2"))
    assert [job.user for job in inbox.claim("w1", limit=3, lease_s=15, now=NOW, per_person=3)] == ["UFLOOD"] * 3
    (job,) = inbox.claim("w1", limit=3, lease_s=15, now=NOW, per_person=3)
    assert job.user == "U2"


def test_a_claim_reads_the_index_of_open_questions(tmp_path: Path) -> None:
    engine = connect(sqlite_at(tmp_path / "bot.db"))
    statements: list[str] = []
    listen(
        engine, "before_cursor_execute", lambda c, cursor, statement, values, *_: statements.append((statement, values))
    )
    Store(engine).inbox.claim("w1", limit=3, lease_s=15, now=NOW, per_person=3)
    query, values = next(pair for pair in statements if "row_number" in pair[0])
    with engine.connect() as connection:
        plan = [str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)]
    print(*plan, sep="\n")
    assert any("inbox_open" in step for step in plan)
    assert not any(step == "SCAN inbox" for step in plan)


def test_a_question_moved_by_an_earlier_version_is_answered_where_it_stands() -> None:
    """Its event id told no more than the answer's id; a rolling upgrade claims such ones."""
    assert asked_at(event(1, event_id="private:0123456789ab")) is None


def test_a_power_cut_takes_no_question_and_no_place_of_an_answer(tmp_path: Path) -> None:
    levels: list[int] = []  # of the disk's part in each commit: 2 waits for it, 1 does not

    def note(connection: Connection) -> None:
        levels.append(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())

    engine = connect(sqlite_at(tmp_path / "bot.db"))
    listen(engine, "commit", note)
    inbox = Store(engine, tmp_path).inbox
    inbox.receive(event(1))
    (job,) = claim(inbox)
    inbox.stream_started(job, "2.0")
    inbox.stream_text(job, "Half a")
    inbox.renew([job], lease_s=30, now=NOW)
    inbox.finish(job, State.FINAL)
    assert levels == [2, 1, 2, 1, 1, 2]
    engine.dispose()
