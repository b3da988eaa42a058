"""Recorded questions, votes and costs -> rows of `questions` and `explain`, figures of the owner's report. Pure.

Out: JSON-ready dicts. Rules kept: no user id leaves; what fewer than five people did is not broken down. A day on which
fewer asked has its number of questions and no more; channels of fewer are put together; with fewer than five in all
there are totals only. Questions that lack a sure answer are told as they were asked: they are what the report is for.
Like ones are brought together before their commonest nearest section names them (one's own is half chance); those
refused, answered unsurely and voted down are not mixed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot import json_rows
from bot.answering.editions import ended, replaced
from bot.evaluation.metrics import percentile
from bot.pseudonyms import FEWEST, told_apart
from bot.types import Answer, Outcome

if TYPE_CHECKING:
    from bot.store.answers import Asked
    from bot.store.shared import Spending
    from knowledge.catalog.reading import Stated

CITED = 15  # sections that are told; guess
DIRECT = "direct messages"
NOWHERE = "command line and ingest"
Alike = Callable[[Sequence[str]], Sequence[Sequence[float]]]  # n texts -> n rows of n cosines
# cosine to the mean member from which a question joins a group; measured: python -m tests.eval.likeness
ALIKE = 0.5
MOST = 1_000  # questions that are grouped, the newest; guess
EXAMPLES = 3
ENDS = ("answered", "unsure", "refused", "degraded", "failed")
UNMET = ("refused", "unsure")
SECTIONS = 25  # sections that are told; guess
Named = Callable[[str], str]  # a user id's pseudonym


@dataclass(slots=True)
class Day:
    """What happened on a UTC day."""

    people: set[str] = field(default_factory=set)
    outcomes: Counter[str] = field(default_factory=Counter)
    first_words_ms: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Counted:
    """What is kept of all questions while they are read one by one."""

    days: defaultdict[date, Day] = field(default_factory=lambda: defaultdict(Day))
    votes: Counter[str] = field(default_factory=Counter)
    voters: set[str] = field(default_factory=set)
    reasons: Counter[str] = field(default_factory=Counter)
    cited: Counter[str] = field(default_factory=Counter)
    unmet: list[Unmet] = field(default_factory=list)

    def add(self, asked: Asked) -> None:
        """Count one question."""
        record, answer = asked.record, asked.record.answer
        day = self.days[record.created_at.date()]
        day.people.add(record.question.user or "")
        day.outcomes[answer.ended] += 1
        if answer.outcome in (Outcome.ANSWERED, Outcome.DEGRADED) and "first_sentence" in answer.timings_ms:
            day.first_words_ms.append(answer.timings_ms["first_sentence"])
        for vote in asked.votes:
            self.votes[str(vote.value)] += 1
            self.voters.add(vote.user)
            if vote.value == "down":
                self.reasons[vote.reason or "none given"] += 1
        self.cited.update({section((c.document, c.section)) or "" for c in answer.citations})
        down = any(vote.value == "down" for vote in asked.votes)
        if (down or answer.ended in UNMET) and not record.question.private:  # which is no example
            near = section(nearest(answer)) or ""
            self.unmet.append(Unmet(record.id, record.question.text, near, answer.ended, down))


def report(
    asked: Iterable[Asked],
    spent: Sequence[Spending],
    documents: Mapping[str, Any],
    *,
    first: date,
    last: date,
    daily_tokens: int,
    daily_usd: float,
    alike: Alike,
) -> dict[str, Any]:
    """The figures of the UTC days first..last. Budgets of 0 are none."""
    seen = Counted()
    for one in asked:
        seen.add(one)
    people = {person for day in seen.days.values() for person in day.people} - {""}
    enough = len(people) >= FEWEST
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    waits = [ms for day in seen.days.values() for ms in day.first_words_ms]
    outcomes: Counter[str] = sum((day.outcomes for day in seen.days.values()), Counter())
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "broken_down": enough,
        "people": len(people) if enough else None,
        "totals": {**_outcomes(outcomes), **_waits(waits), **_used(spent)},
        "days": [_day(day, seen.days[day]) for day in days] if enough else [],
        "votes": {
            "up": seen.votes["up"],
            "down": seen.votes["down"],
            "reasons": _ranked(seen.reasons, "reason") if len(seen.voters) >= FEWEST else None,
        },
        "cited": _ranked(seen.cited, "section")[:CITED],
        "gaps": gaps(seen.unmet, alike),
        "documents": dict(documents),
        "costs": {
            "daily_tokens": daily_tokens or None,
            "daily_usd": daily_usd or None,
            "days": [_spent_on(day, spent) for day in days] if enough else [],
            "features": _by(spent, lambda one: one.feature, "feature") if enough else [],
            "models": _by(spent, lambda one: one.model or "unknown", "model") if enough else [],
            "channels": _channels(spent) if enough else [],
        },
    }


def _outcomes(counted: Counter[str]) -> dict[str, int]:
    return {"questions": counted.total(), **{end: counted[end] for end in ENDS}}


def _waits(values: Sequence[float]) -> dict[str, float | None]:
    """Nearest-rank percentiles of the time to the first words, in milliseconds."""
    return {f"first_words_p{q}_ms": percentile(values, q / 100) if values else None for q in (50, 95)}


def _day(day: date, seen: Day) -> dict[str, Any]:
    few = seen.outcomes.total() and len(seen.people) < FEWEST
    counts: dict[str, int | None] = {**_outcomes(seen.outcomes)}
    if few:
        counts |= dict.fromkeys(ENDS)
    return {"day": day.isoformat(), "few": bool(few), **counts, **_waits([] if few else seen.first_words_ms)}


def _ranked(counted: Counter[str], name: str) -> list[dict[str, Any]]:
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [{name: key, "count": count} for key, count in ordered]


def _used(spent: Iterable[Spending]) -> dict[str, Any]:
    rows = list(spent)
    return {"tokens": sum(one.tokens for one in rows), "cost_usd": round(sum(one.cost_usd for one in rows), 6)}


def _spent_on(day: date, spent: Sequence[Spending]) -> dict[str, Any]:
    return {"day": day.isoformat(), **_used(one for one in spent if one.day == day)}


def _by(spent: Sequence[Spending], key: Callable[[Spending], str], name: str) -> list[dict[str, Any]]:
    parts: defaultdict[str, list[Spending]] = defaultdict(list)
    for one in spent:
        parts[key(one)].append(one)
    rows = [{name: part, **_used(rows)} for part, rows in parts.items()]
    return sorted(rows, key=lambda row: (-row["tokens"], row[name]))


def _channels(spent: Sequence[Spending]) -> list[dict[str, Any]]:
    """By channel, small ones together; those of fewer than five people in all are left out. Nobody's are told."""
    people: defaultdict[str, set[str]] = defaultdict(set)
    for one in spent:
        if one.user:
            people[_channel(one)].add(one.user)
    names = {NOWHERE: NOWHERE} | told_apart(people)
    return _by([one for one in spent if names[_channel(one)]], lambda one: str(names[_channel(one)]), "channel")


def _channel(one: Spending) -> str:
    if not one.user:
        return NOWHERE
    return DIRECT if one.channel.startswith("D") else one.channel


def wanting(collections: Mapping[str, tuple[Sequence[Stated], Collection[str]]], today: date) -> dict[str, Any]:
    """The documents of all collections, (stated, stale) each, that somebody has to look at."""
    rows: dict[str, list[dict[str, Any]]] = {"superseded": [], "stale": [], "without_owner": []}
    for name, (stated, stale) in collections.items():
        newer = replaced(stated, today)
        for one in stated:
            row = {"collection": name, "document": one.path, "title": one.title}
            if is_over := one in newer or ended(one, today):
                rows["superseded"].append(row | ({"by": newer[one].path} if one in newer else {}))
            if one.path in stale:
                rows["stale"].append(row)
            if not one.owner and not is_over:
                rows["without_owner"].append(row)
    return rows


@dataclass(frozen=True, slots=True)
class Unmet:
    """A question that was refused, answered unsurely or voted down."""

    id: str
    text: str
    section: str  # nearest; "" where nothing came near
    ended: str
    down: bool


def gaps(unmet: Sequence[Unmet], alike: Alike) -> list[dict[str, Any]]:
    """Sections by how many unmet questions they have, each with its groups of alike questions and three examples."""
    kept = unmet[:MOST]
    by_section: dict[str, list[list[Unmet]]] = {}
    sure = [one for one in kept if one.ended not in UNMET]
    for alone in (*([one for one in kept if one.ended == end] for end in UNMET), sure):
        for group in together(alone, alike):
            nearest = Counter(one.section for one in group).most_common(1)[0][0]
            by_section.setdefault(nearest, []).append(group)
    rows: list[dict[str, Any]] = [
        {"section": section or None, **_counts([one for group in groups for one in group]), "groups": _examples(groups)}
        for section, groups in by_section.items()
    ]
    return sorted(rows, key=lambda row: (-row["questions"], row["section"] or ""))[:SECTIONS]


def together(unmet: Sequence[Unmet], alike: Alike) -> list[list[Unmet]]:
    """Each question joins the group whose members it is most like on average, or opens one."""
    texts = [" ".join(one.text.casefold().split()) for one in unmet]
    cosines = alike(texts) if texts else ()
    groups: list[list[int]] = []
    for n in range(len(unmet)):
        row = cosines[n]
        near = [sum(row[m] for m in group) / len(group) for group in groups]
        best = max(range(len(groups)), key=near.__getitem__, default=None)
        if best is not None and near[best] >= ALIKE:
            groups[best].append(n)
        else:
            groups.append([n])
    return [[unmet[n] for n in group] for group in groups]


def _counts(group: Sequence[Unmet]) -> dict[str, int]:
    return {
        "questions": len(group),
        **{end: sum(one.ended == end for one in group) for end in UNMET},
        "down": sum(one.down for one in group),
    }


def _examples(groups: Sequence[Sequence[Unmet]]) -> list[dict[str, Any]]:
    """The largest first, with different wordings as examples."""
    rows: list[dict[str, Any]] = []
    for group in groups:
        wordings = {" ".join(one.text.casefold().split()): one for one in reversed(group)}
        examples = [{"id": one.id, "question": one.text} for one in list(wordings.values())[::-1][:EXAMPLES]]
        rows.append({**_counts(group), "examples": examples})
    return sorted(rows, key=lambda row: -row["questions"])


def nearest(answer: Answer) -> tuple[str, tuple[str, ...]] | None:
    """(document, section) that it is about: what the answer cites, a refusal came near, or was found first."""
    for places in (answer.citations, answer.closest, answer.passages):
        if places:
            return places[0].document, places[0].section
    return None


def section(place: tuple[str, tuple[str, ...]] | None) -> str | None:
    """The place in words: "travel.pdf: 4 Hotels > 4.2 Limits"."""
    if place is None:
        return None
    document, headings = place
    return f"{document}: {json_rows.SEPARATOR.join(headings)}" if headings else document


def why(answer: Answer) -> str | None:
    """Why it is no plain answer: the code of the failure, the remark of a refusal, or "unsure"."""
    if answer.ended == "unsure":
        return answer.ended
    if answer.outcome is Outcome.FAILED:
        return answer.error[0] if answer.error else None
    return answer.degraded_reason or (answer.notes[0] if answer.outcome is Outcome.REFUSED and answer.notes else None)


def row(asked: Asked, named: Named) -> dict[str, Any]:
    """A line of `questions --json`."""
    record, answer = asked.record, asked.record.answer
    return {
        "id": record.id,
        "at": record.created_at.isoformat(timespec="seconds"),
        "outcome": answer.outcome.value,
        "why": why(answer),
        "person": named(record.question.user or "") or None,
        "collection": ", ".join(record.question.collections),
        "question": record.question.text,
        "closest": section(nearest(answer)),
        "votes": [
            {"value": vote.value, "reason": vote.reason, "comment": vote.comment, "person": named(vote.user)}
            for vote in asked.votes
        ],
    }
