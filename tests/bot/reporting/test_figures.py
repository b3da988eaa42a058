"""The owner's figures against cases worked out by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from bot.answering.editions import replaced
from bot.reporting import figures
from bot.reporting.figures import DIRECT, NOWHERE, Unmet, gaps, report
from bot.store.answers import Asked
from bot.store.shared import Spending
from bot.types import Answer, Citation, Closest, Outcome, Question, Record, Vote
from knowledge.catalog.reading import Stated

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 4)


def asked(
    n: int,
    person: str,
    day: int,
    outcome: Outcome = Outcome.ANSWERED,
    *,
    wait: float | None = None,
    cites: tuple[str, ...] = (),
    near: str = "",
    votes: tuple[tuple[str, str, str | None], ...] = (),
    text: str = "What?",
    notes: tuple[str, ...] = (),
) -> Asked:
    answer = Answer(
        outcome,
        "",
        citations=tuple(Citation(k, "c", "a.pdf", "A", (name,), "q") for k, name in enumerate(cites, 1)),
        closest=(Closest("a.pdf", "A", (near,)),) if near else (),
        notes=notes,
        timings_ms={} if wait is None else {"first_sentence": wait},
    )
    at = datetime(2026, 11, day, 12, tzinfo=UTC)
    record = Record(f"id{n}", Question(f"id{n}", text, team="T", channel="C", user=person), answer, at)
    cast = tuple(Vote("T", "C", "1.0", who, value, "button", at, reason) for who, value, reason in votes)
    return Asked(record, cast)


def never(texts: Any) -> list[list[float]]:
    return [[float(a == b) for b in texts] for a in texts]


def made(rows: list[Asked], spent: list[Spending] | None = None, **budget: Any) -> dict[str, Any]:
    limits = {"daily_tokens": 0, "daily_usd": 0.0} | budget
    return report(rows, spent or [], {}, first=FIRST, last=LAST, alike=never, **limits)


MONDAY = [asked(n, f"U{n}", 2, wait=100.0 * n, cites=("Leave",)) for n in range(1, 6)]


def test_days_outcomes_and_percentiles() -> None:
    found = made(
        [
            *MONDAY,
            asked(6, "U1", 2, Outcome.REFUSED, near="Leave"),
            asked(7, "U2", 2, Outcome.DEGRADED, wait=9000.0, cites=("Leave", "Sick")),
            asked(8, "U3", 2, Outcome.FAILED),
            asked(9, "U1", 4, Outcome.REFUSED, wait=5.0),
            asked(10, "U2", 2, cites=("Leave",), notes=("incomplete", "quoted")),
        ]
    )
    assert found["people"] == 5 and found["broken_down"]
    assert found["totals"] | {"tokens": 0, "cost_usd": 0} == {
        "questions": 10, "answered": 5, "unsure": 1, "refused": 2, "degraded": 1, "failed": 1,
        "first_words_p50_ms": 300.0, "first_words_p95_ms": 9000.0, "tokens": 0, "cost_usd": 0,
    }  # fmt: skip
    monday, tuesday, wednesday = found["days"]
    assert (monday["questions"], monday["answered"], monday["refused"], monday["failed"]) == (9, 5, 1, 1)
    assert monday["first_words_p50_ms"] == 300.0, "third of six: a refusal's words are none"
    assert tuesday == {
        "day": "2026-11-03", "few": False, "questions": 0, "answered": 0, "unsure": 0, "refused": 0, "degraded": 0,
        "failed": 0, "first_words_p50_ms": None, "first_words_p95_ms": None,
    }  # fmt: skip
    leave = next(gap for gap in found["gaps"] if gap["section"] == "a.pdf: Leave")
    assert (leave["questions"], leave["refused"], leave["unsure"], len(leave["groups"])) == (3, 2, 1, 2)
    assert wednesday["questions"] == 1 and wednesday["few"] and wednesday["refused"] is None, "one person's day"
    assert found["cited"] == [{"section": "a.pdf: Leave", "count": 7}, {"section": "a.pdf: Sick", "count": 1}]


def test_fewer_than_five_people_have_totals_only() -> None:
    spent = [Spending(FIRST, f"U{n}", "C", "answer", "m", 10, 0.1) for n in range(4)]
    found = made(MONDAY[:4], spent)
    assert found["people"] is None and not found["broken_down"] and found["days"] == []
    assert found["totals"]["questions"] == 4 and found["totals"]["tokens"] == 40
    assert not any(found["costs"][part] for part in ("days", "features", "models", "channels"))


def test_reasons_need_five_voters() -> None:
    four = (("V1", "down", "wrong"), ("V2", "down", "wrong"), ("V3", "down", None), ("V4", "up", None))
    rows = [*MONDAY[:4], asked(5, "U5", 2, votes=four)]
    assert made(rows)["votes"] == {"up": 1, "down": 3, "reasons": None}
    rows.append(asked(6, "U1", 2, votes=(("V5", "down", "outdated"),)))
    assert made(rows)["votes"] == {
        "up": 1, "down": 4,
        "reasons": [{"reason": "wrong", "count": 2}, {"reason": "none given", "count": 1},
                    {"reason": "outdated", "count": 1}],
    }  # fmt: skip


def test_costs_by_day_feature_model_and_channel() -> None:
    spent = [
        *[Spending(date(2026, 11, 2), f"U{n}", "CBIG", "answer", "large", 100, 0.5) for n in range(6)],
        *[Spending(date(2026, 11, 4), f"U{n}", f"D{n}", "rewrite", "small", 10, 0.01) for n in range(5)],
        Spending(date(2026, 11, 4), "U1", "CSOLO", "verify", "", 7, 0.0),
        *[Spending(date(2026, 11, 4), f"U{n}", "CMID", "verify", "small", 1, 0.0) for n in range(5)],
        Spending(date(2026, 11, 3), "", "", "embed", "vectors", 3, 0.0),
    ]
    costs = made(MONDAY, spent, daily_tokens=1000, daily_usd=2.5)["costs"]
    assert (costs["daily_tokens"], costs["daily_usd"]) == (1000, 2.5)
    assert costs["days"] == [
        {"day": "2026-11-02", "tokens": 600, "cost_usd": 3.0},
        {"day": "2026-11-03", "tokens": 3, "cost_usd": 0},
        {"day": "2026-11-04", "tokens": 62, "cost_usd": 0.05},
    ]
    assert [(row["feature"], row["tokens"]) for row in costs["features"]] == [
        ("answer", 600), ("rewrite", 50), ("verify", 12), ("embed", 3),
    ]  # fmt: skip
    assert [(row["model"], row["tokens"]) for row in costs["models"]] == [
        ("large", 600),
        ("small", 55),
        ("unknown", 7),
        ("vectors", 3),
    ]
    told = {row["channel"]: row["tokens"] for row in costs["channels"]}
    assert told == {"CBIG": 600, DIRECT: 50, "others": 12, NOWHERE: 3}, (
        "one person's channel hides behind the next smallest"
    )


def test_gaps_join_like_questions_and_keep_refused_from_wrong() -> None:
    def near(texts: Any) -> list[list[float]]:
        return [[float(a.split()[-1] == b.split()[-1]) for b in texts] for a in texts]

    unmet = [
        Unmet("1", "May I bring my dog", "Day one", "refused", False),
        Unmet("2", "is it allowed to have a dog", "Day two", "refused", False),
        Unmet("3", "Bring a dog", "Day one", "refused", True),
        Unmet("4", "bring a  DOG", "Day one", "refused", False),
        Unmet("5", "Office dog", "Day one", "refused", False),
        Unmet("6", "Who feeds the dog", "Day one", "answered", True),
        Unmet("7", "Where is the lounge", "", "refused", False),
    ]
    first, second = gaps(unmet, near)
    assert (first["section"], first["questions"], first["refused"], first["down"]) == ("Day one", 6, 5, 2)
    assert [(group["questions"], group["refused"]) for group in first["groups"]] == [(5, 5), (1, 0)]
    shown = [one["id"] for one in first["groups"][0]["examples"]]
    assert shown == ["1", "2", "3"], "three different wordings"
    assert second["section"] is None and second["questions"] == 1
    assert gaps([], near) == []


def test_what_was_put_in_confidence_is_counted_and_no_example() -> None:
    rows = [asked(1, "U1", 2, Outcome.REFUSED, text="Who helps with debts?"), asked(2, "U2", 2, text="Is it?")]
    rows[1] = replace(rows[1], votes=(Vote("T", "C", "1.0", "U2", "down", "button", rows[1].record.created_at, None),))
    private = [replace(r, record=replace(r.record, question=replace(r.record.question, private=True))) for r in rows]
    assert "debts" in str(made(rows)) and "debts" not in str(found := made(private)) and "Is it?" not in str(found)
    assert found["totals"] == made(rows)["totals"]


def test_documents_to_look_at() -> None:
    def stated(path: str, title: str, effective: str | None, owner: str | None = "HR") -> Stated:
        return Stated(path, title, None, effective, owner, "en", 1, 1)

    rows = [
        stated("old.md", "Bikes (2024)", "2024-01-01", None),
        stated("now.md", "Bikes 2026", "2026-01-01"),
        stated("next.md", "Bikes 2027", "2027-01-01"),
        stated("dogs.md", "Dogs", None, None),
    ]
    today = date(2026, 11, 28)
    assert {one.path: newer.path for one, newer in replaced(rows, today).items()} == {"old.md": "now.md"}
    assert {one.path: newer.path for one, newer in replaced(rows, date(2027, 2, 1)).items()} == dict.fromkeys(
        ("old.md", "now.md"), "next.md"
    )
    folders = [stated("bikes.md", "Bikes", "2025-01-01"), stated("bikes.md", "Bikes", "2026-01-01")]
    assert replaced(folders, today) == {folders[0]: folders[1]}, "one path in two folders"
    found = figures.wanting({"default": (rows, ["dogs.md"])}, today)
    assert [(row["document"], row["by"]) for row in found["superseded"]] == [("old.md", "now.md")]
    assert [row["document"] for row in found["stale"]] == ["dogs.md"] == [r["document"] for r in found["without_owner"]]
