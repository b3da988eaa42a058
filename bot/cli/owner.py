"""The verbs of the policy owner: questions, explain, report."""

from __future__ import annotations

import argparse
import asyncio
import re
from datetime import UTC, datetime, time
from typing import Any

from bot import json_rows, wiring
from bot.cli import acts
from bot.errors import PolicybotError
from bot.settings import Settings
from bot.store.asked import Asked, AskedQuestions
from bot.types import Outcome

_PERMALINK = re.compile(r"/archives/(\w+)/p(\d+)(\d{6})")


def questions(args: argparse.Namespace, settings: Settings) -> int:
    """What people asked, newest first."""
    from bot.reporting import asked_rows

    outcome = Outcome.REFUSED if args.refused else Outcome.DEGRADED if args.degraded else None
    with wiring.store(settings) as store:
        acts.note(store, "raw_text", what="questions")
        found = False
        for asked in store.asked.since(args.since, collection=args.collection, outcome=outcome, down=args.down):
            found = True
            row = asked_rows.row(asked, store.audit.pseudonyms.of)
            print(json_rows.dumps(row) if args.json else _line(row))
    if not found and not args.json:
        print("No such question is recorded: look further back with --since, or leave a filter out.")
    return 0


def _line(row: dict[str, Any]) -> str:
    """When, outcome, votes, question; below it who asked, the closest section and what voters said."""
    votes = " ".join({"up": "+1", "down": "-1"}[vote["value"]] for vote in row["votes"])
    outcome = row["outcome"] + (f" ({row['why']})" if row["why"] else "")
    lines = [f"{row['at'][:16]}  {row['id']}  {outcome}  {votes}".rstrip(), f"  {' '.join(row['question'].split())}"]
    about = "; ".join(filter(None, (row["person"], row["closest"] and f"closest: {row['closest']}")))
    said = [
        f"{vote['value']}: " + ", ".join(filter(None, (vote["reason"], vote["comment"])))
        for vote in row["votes"]
        if vote["reason"] or vote["comment"]
    ]
    return "\n".join([*lines, *(f"  {line}" for line in (about, *said) if line)])


def recorded(questions: AskedQuestions, wanted: str) -> Asked:
    """The question of this id, or of the message that a Slack permalink names."""
    link = _PERMALINK.search(wanted)
    identity = questions.at(link[1], f"{link[2]}.{link[3]}") if link else wanted
    asked = questions.by_id(identity) if identity else None
    if asked is None:
        raise PolicybotError(
            f"No question {wanted} is recorded. List them with policybot questions, or give the link of the answer.",
            code="unknown_question",
        )
    return asked


def explain(args: argparse.Namespace, settings: Settings) -> int:
    """All that is known of one question; with --replay, what today's index makes of it, side by side."""
    from bot.cli import explaining
    from bot.reporting import asked_rows

    with wiring.store(settings) as store:
        asked = recorded(store.asked, args.question)
        acts.note(store, "raw_text", about=asked.record.id, what="explain")
        row = asked_rows.row(asked, store.audit.pseudonyms.of)
    now = asyncio.run(explaining.replayed(asked.record, settings)) if args.replay else None
    if args.json:
        print(json_rows.dumps(explaining.as_json(asked.record, row, now)))
    elif now is None:
        explaining.show(asked.record, row)
    else:
        explaining.compare(asked.record.answer, now)
    return 0


def report(args: argparse.Namespace, settings: Settings) -> int:
    """The owner's page, or its figures as JSON."""
    figures = _figures(args, settings)
    if args.json:
        print(json_rows.dumps(figures))
        return 0
    from bot.reporting.page import page

    args.output.write_text(page(figures), encoding="utf-8")
    print(f"{args.output}: {figures['totals']['questions']} questions from {figures['first']} to {figures['last']}.")
    return 0


def _figures(args: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    from bot.reporting import documents, figures
    from bot.store import Store
    from bot.wiring.likeness import alike
    from bot.wiring.models import agreed

    first, today = args.since.astimezone(UTC).date(), datetime.now(UTC).date()
    start = datetime.combine(first, time(), UTC)
    with wiring.knowledge(settings) as parts:
        store, catalog = Store(parts.engine, settings.data), parts.catalog
        acts.note(store, "raw_text", what="report")
        held = {one.name: (catalog.stated(one.name), one.stale) for one in catalog.status()}
        told = figures.report(
            store.asked.since(start),
            store.spend.since(first),
            documents.wanting(held, today),
            first=first,
            last=today,
            daily_tokens=settings.daily_tokens,
            daily_usd=settings.daily_usd,
            alike=alike,
        )
    return told | {"endpoints": agreed(wiring.rules(settings).rules.endpoints, settings)}
