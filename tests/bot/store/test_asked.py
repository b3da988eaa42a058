"""Recorded questions with their votes, page by page, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.store import Store
from bot.store.answers import answer_id
from bot.store.shared import Spending
from bot.types import Answer, Outcome, Question, Record, Usage, Vote

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
OUTCOMES = (Outcome.ANSWERED, Outcome.REFUSED, Outcome.DEGRADED)


def record(n: int) -> Record:
    question = Question(f"q{n}", f"Question {n}?", team="T", channel="C", user=f"U{n % 3}")
    return Record(
        f"q{n}", question, Answer(OUTCOMES[n % 3], ""), NOW - timedelta(hours=n), f"{n}.000001", f"{n}.000000"
    )


def vote(n: int, user: str, value: str | None, minute: int = 0, ts: str = "") -> Vote:
    return Vote("T", "C", ts or f"{n}.000001", user, value, "button", NOW + timedelta(minutes=minute))  # type: ignore[arg-type]


def test_pages_of_questions_come_with_their_votes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.answers.PAGE", 4)
    for n in range(11):
        store.answers.save(record(n), also=[f"{n}.000009"])
        store.feedback.cast(vote(n, "V1", "up" if n % 2 else "down"))
    store.feedback.cast(vote(3, "V1", "down", 1, "3.000009"))  # the same person, on the answer's second message
    store.feedback.cast(vote(4, "V1", None, 1))
    found = list(store.asked.since())
    assert [one.record.id for one in found] == [f"q{n}" for n in range(11)]
    assert [[v.value for v in one.votes] for one in found[:6]] == [["down"], ["up"], ["down"], ["down"], [], ["up"]]
    ids = [one.record.id for one in store.asked.since(NOW - timedelta(hours=6), outcome=Outcome.REFUSED)]
    assert ids == ["q1", "q4"]
    assert {one.record.id for one in store.asked.since(down=True)} == {"q0", "q2", "q3", "q6", "q8", "q10"}
    assert [one.record.id for one in store.asked.since(collection="default")] == [f"q{n}" for n in range(11)]
    assert list(store.asked.since(collection="other")) == []
    assert store.asked.by_id("q3") == found[3] and store.asked.by_id("none") is None


def test_a_message_leads_to_the_answer_in_it_or_to_it(store: Store) -> None:
    store.answers.save(record(1), also=["1.000009"])
    identity = answer_id("T", "C", "55.000001")
    question = Question(identity, "x", team="T", channel="C", user="U")
    store.answers.save(Record(identity, question, Answer(Outcome.ANSWERED, ""), NOW, "56.000001", "55.000001"))
    assert store.asked.answer_at("C", "1.000001") == store.asked.answer_at("C", "1.000009") == "q1"
    assert store.asked.answer_at("C", "55.000001") == identity == store.asked.answer_at("C", "56.000001")
    assert store.asked.answer_at("C", "7.000001") is None and store.asked.answer_at("D", "1.000001") is None


def test_spending_since_a_day(store: Store) -> None:
    used = {"answer": Usage(10, 5, 0.5, model="m")}
    for days in (0, 1, 1, 9):
        store.spend.add("T", "U", "C", used, NOW - timedelta(days=days))
    assert store.spend.since(date(2026, 11, 27)) == [
        Spending(date(2026, 11, 27), "U", "C", "answer", "m", 30, 1.0),
        Spending(date(2026, 11, 28), "U", "C", "answer", "m", 15, 0.5),
    ]
