"""Documents and failures as `status` shows them: what replaced a document, failures grouped by their cause.

In: a collection of `wiring.status`. Out: the same with `superseded_by` and `causes`; lines on stdout.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

EXAMPLES = 5  # failed files named for each cause

_COLUMNS = ("title", "edition", "effective", "owner", "pages", "chunks", "file date", "superseded by", "path")
_TOLD = {
    "version": "edition {}", "effective": "effective {}", "owner": "owner {}", "pages": "pages: {}",
    "chunks": "chunks: {}", "file_date": "file of {}", "superseded_by": "superseded by {}",
}  # fmt: skip


def complete(collection: dict[str, Any], today: date) -> None:
    """Add to each stated document what replaced it, and to the collection its failures by cause."""
    from bot.reporting.figures import superseded
    from knowledge.catalog.reading import Stated

    stated = collection.get("stated", [])
    replaced = superseded([Stated(**row) for row in stated], today)
    for row in stated:
        row["superseded_by"] = replaced.get(row["path"])
    causes: dict[str, dict[str, Any]] = {}
    for failure in sorted(collection["failures"], key=lambda one: str(one["path"])):
        cause = causes.setdefault(
            failure["code"], {"code": failure["code"], "count": 0, "message": failure["message"], "paths": []}
        )
        cause["count"] += 1
        cause["paths"].append(failure["path"])
    collection["causes"] = sorted(causes.values(), key=lambda cause: (-cause["count"], cause["code"]))


def print_failures(causes: Sequence[dict[str, Any]]) -> None:
    """Each cause with its count, what to do, and a few of the files."""
    print(f"  failures: {sum(cause['count'] for cause in causes)}")
    for cause in causes:
        print(f"    {cause['code']}: {cause['count']}. {cause['message']}")
        more = f", and {cause['count'] - EXAMPLES} more (--json)" if cause["count"] > EXAMPLES else ""
        print(f"      {', '.join(cause['paths'][:EXAMPLES])}{more}")


def print_table(stated: Sequence[dict[str, Any]]) -> None:
    """Two lines a document for a terminal; where the output is none, a table with tabs."""
    from bot.cli.paper import Paper

    keys = ("title", "version", "effective", "owner", "pages", "chunks", "file_date", "superseded_by", "path")
    rows = [{**row, "pages": row["pages"] or None} for row in stated]
    if not sys.stdout.isatty():
        for cells in (_COLUMNS, *([row[key] for key in keys] for row in rows)):
            print("\t".join("" if cell is None else str(cell) for cell in cells))
        return
    paper = Paper(sys.stdout)
    for row in rows:
        told = [form.format(row[key]) for key, form in _TOLD.items() if row[key] is not None]
        paper.line(f"{row['title']} ({row['path']})", 2)
        paper.line(f"  {', '.join(told)}", 2)
