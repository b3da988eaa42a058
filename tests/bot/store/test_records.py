"""Answers, votes and the shared counters, on both databases; records come back exactly."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.store import Store
from bot.store.shared import Memory
from bot.types import (
    Answer,
    Citation,
    Closest,
    HeldBack,
    Outcome,
    Question,
    Record,
    Sentence,
    Turn,
    Usage,
    Verdict,
    Vote,
)
from knowledge.types import PageSpan, Passage

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
CITATION = Citation(1, "c1", "leave.pdf", "Leave", ("1 Leave", "1.2 Days"), "30 days <b>", 4, None, "iv", None, "2026")
PASSAGE = Passage(
    "c1",
    "leave.pdf",
    "Leave",
    ("1 Leave",),
    "30 days \0 \ud800 😀",
    0.1 + 0.2,
    (PageSpan(0, 4, "iv"), PageSpan(9, 5, None)),
    similarity=1e-17,
    flagged=((0, 3),),
    effective=date(2026, 1, 1),
)
ANSWER = Answer(
    Outcome.ANSWERED,
    "30 days [1].",
    (Sentence("30 days [1].", Verdict.SUPPORTED, (CITATION,)), Sentence(" Ask!", Verdict.PLAIN)),
    (CITATION,),
    (Closest("x.pdf", "X", ("a", "b")),),
    (PASSAGE,),
    held_back=(HeldBack("Forty days.", "figure", "Forty", "“30 days.”"),),
    error=("code", "message"),
    notes=("quoted",),
    usage=Usage(10, 20, 0.000123, True),
    usage_by={"verify": Usage(1, 2, None, False, "m")},
    timings_ms={"total": 12.345678901},
    prompt="answer@v2",
    confidence=0.7,
    generation=3,
)
QUESTION = Question("q1", "how many days?", (Turn("user", "hi"),), ("hr", "it"), "T1", "C1", "U1")
RECORD = Record("a1", QUESTION, ANSWER, NOW, "5.1", "5.0")
VOTE = Vote("T1", "C1", "5.1", "U1", "up", "button", NOW)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def standing(store: Store) -> list[tuple[str, str]]:
    return [(row["user"], row["vote"]) for row in store.feedback.export()]


def test_a_record_comes_back_exactly_by_id_and_by_any_of_its_messages(store: Store) -> None:
    store.answers.save(RECORD, also=["5.2"])
    for found in (store.answers.by_id("a1"), *(store.answers.by_message("T1", "C1", ts) for ts in ("5.1", "5.2"))):
        assert found == RECORD
    assert store.answers.by_message("T2", "C1", "5.1") is None
    again = replace(RECORD, answer=replace(ANSWER, text="31 days [1]."))
    store.answers.save(again)
    assert store.answers.by_message("T1", "C1", "5.2") == again
    bare = Record("a2", Question("q2", "x"), Answer(Outcome.FAILED, ""), NOW)  # from the command line
    store.answers.save(bare)
    assert store.answers.by_id("a2") == bare


def test_a_thread_is_its_newest_turns_oldest_first(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.answers.IN_THREAD", 2)
    for n in range(4):
        question = replace(QUESTION, id=f"q{n}", text=f"question {n}", channel="C1" if n < 3 else "C2")
        store.answers.save(Record(f"a{n}", question, replace(ANSWER, text=f"answer {n}"), later(n), f"{n}", "5.0"))
    assert store.answers.thread("T1", "C1", "5.0", lambda _: True) == (
        Turn("user", "question 1"),
        Turn("agent", "answer 1", documents=("leave.pdf",)),
        Turn("user", "question 2"),
        Turn("agent", "answer 2", documents=("leave.pdf",)),
    )
    assert store.answers.thread("T1", "C1", "6.0", lambda _: True) == ()
    newest = store.answers.by_id("a2")
    assert newest and store.answers.latest("T1", "C1", NOW, later(9), "6.0") == newest
    assert store.answers.latest("T1", "C1", NOW, later(9), "5.0") is None  # in a thread begun before that message
    standing = store.threads.standing("T1", "C1", "5.0")
    assert standing and (standing.said, standing.answered_at) == ("question 2 answer 2", 2.0)
    assert (standing.user, standing.others_ts, standing.muted) == (QUESTION.user, None, False)
    assert store.threads.standing("T1", "C1", "6.0") is None


def test_the_last_vote_of_a_person_wins_in_any_order_of_arrival(store: Store) -> None:
    store.feedback.cast(VOTE)  # before its record
    assert standing(store) == []
    store.answers.save(RECORD)
    assert standing(store) == [("U1", "up")]
    store.feedback.cast(replace(VOTE, value="down", via="reaction", at=later(5)))
    store.feedback.cast(replace(VOTE, value="up", at=later(3)))  # late to arrive
    store.feedback.cast(replace(VOTE, user="U2", at=later(9)))
    assert standing(store) == [("U1", "down"), ("U2", "up")]


def test_a_reaction_taken_back_retracts_only_what_a_reaction_said(store: Store) -> None:
    store.answers.save(RECORD)
    store.feedback.cast(VOTE)
    store.feedback.cast(replace(VOTE, value=None, via="reaction", at=later(1)))
    assert standing(store) == [("U1", "up")]
    store.feedback.cast(replace(VOTE, value="down", via="reaction", at=later(2)))
    store.feedback.cast(replace(VOTE, value=None, via="reaction", at=later(3)))
    assert standing(store) == []
    store.feedback.cast(replace(VOTE, at=later(4)))
    store.feedback.cast(replace(VOTE, value=None, at=later(5)))
    assert standing(store) == []


def test_an_export_row_can_be_asked_again(store: Store) -> None:
    store.answers.save(RECORD)
    store.feedback.cast(replace(VOTE, reason="wrong_source", comment="no \0 page"))
    store.feedback.cast(replace(VOTE, at=later(1)))  # the same vote again keeps what was said with it
    (row,) = (json.loads(json.dumps(row)) for row in store.feedback.export())
    assert (row["id"], row["question"], row["history"]) == ("q1", QUESTION.text, [{"role": "user", "text": "hi"}])
    assert (row["vote"], row["answer_id"], row["reason"], row["comment"]) == (
        "up",
        "a1",
        "wrong_source",
        "no \ufffd page",
    )
    assert row["citations"][0]["section"] == "1 Leave > 1.2 Days"
    assert {"user", "text", "passages", "prompt", "model", "created_at"} <= set(row)


def test_counts_of_many_workers_add_up(store: Store) -> None:
    def use(n: int) -> int:
        store.spend.add("T1", f"U{n % 2}", "C1", {"verify": Usage(6, 4, 0.5, model="m")}, NOW)
        return store.limits.hit("user:U1", 60, NOW)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(use, range(20))) == list(range(1, 21))
    spent = store.spend.today("T1", "U1", "C9", NOW.date())
    assert (spent.tokens, spent.cost_usd, spent.user_tokens, spent.channel_tokens) == (200, 10.0, 100, 0)
    assert store.spend.today("T1", "U1", "C1", date(2026, 11, 24)).tokens == 0
    assert store.limits.hit("user:U1", 60, later(60)) == 1


def test_presence_counts_who_beat_lately(store: Store) -> None:
    store.presence.beat("a", NOW)
    store.presence.beat("b", NOW)
    store.presence.beat("b", later(50))
    assert store.presence.live(later(55)) == 2
    assert store.presence.live(later(70)) == 1
    store.presence.gone("b")
    assert store.presence.live(later(70)) == 0


def test_the_cache_forgets_earlier_generations_of_its_collection(store: Store) -> None:
    def memory(generation: int) -> Memory:
        catalog: Any = SimpleNamespace(collection=lambda _: SimpleNamespace(generation=generation))
        return Memory(store.engine, catalog, "1", lambda: NOW)

    for collection, generation in (("hr", 1), ("it", 1), ("hr", 2)):
        memory(generation).keep((collection,), replace(ANSWER, generation=generation), (collection,), None)
    found = {name: memory(generation).kept((name,), (name,)) for name, generation in (("it", 1), ("hr", 2))}
    assert memory(1).kept(("hr",), ("hr",)) is None
    assert found == {"it": replace(ANSWER, generation=1), "hr": replace(ANSWER, generation=2)}
