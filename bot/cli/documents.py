"""Documents and failures as `status` shows them: what replaced a document, failures grouped by their cause.

In: a collection of `wiring.status`. Out: the same with `superseded_by` and `causes`; tables on stdout.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

EXAMPLES = 5  # failed files named for each cause

_COLUMNS = ("title", "edition", "effective", "owner", "pages", "chunks", "file date", "superseded by", "path")


def complete(collection: dict[str, Any], today: date) -> None:
    """Add to each stated document what replaced it, and to the collection its failures by cause."""
    from bot.reporting.documents import superseded
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
    """One line a document, cut to the terminal's width; whole where the output is no terminal."""
    import sys

    rows = [
        [
            row["title"], row["version"], row["effective"], row["owner"], row["pages"] or None, row["chunks"],
            row["file_date"], row["superseded_by"], row["path"],
        ]
        for row in stated
    ]  # fmt: skip
    if not sys.stdout.isatty():
        for row in (_COLUMNS, *rows):
            print("\t".join("" if cell is None else str(cell) for cell in row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name in _COLUMNS:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    Console(highlight=False).print(table)
