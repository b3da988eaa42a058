"""The verbs that operate the bot: ingest, status, doctor, migrate, serve, feedback."""

import argparse
import asyncio
import dataclasses
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from bot import json_rows, wiring
from bot.cli import terminal
from bot.errors import SettingsError
from bot.settings import Settings
from knowledge.types import told_end

EXAMPLES = 5  # failed files named for each cause

_COLUMNS = ("title", "edition", "effective", "until", "owner", "pages", "chunks", "file date", "superseded by", "path")
_TOLD = {
    "version": "edition {}", "effective": "effective {}", "until": "{}", "owner": "owner {}", "pages": "pages: {}",
    "chunks": "chunks: {}", "file_date": "file of {}", "superseded_by": "superseded by {}",
}  # fmt: skip


def ingest(args: argparse.Namespace, settings: Settings) -> int:
    """Plan and apply; a summary on stdout. Exit 0 if any document is searchable afterwards."""
    paths = args.paths or list(settings.sources)
    if not paths:
        raise SettingsError("Name the files or folders to ingest, or set POLICYBOT_SOURCES.")
    missing = [str(path) for path in paths if not path.exists()]
    if args.forget and not args.paths:
        raise SettingsError("Name the files or folders to forget.")
    if (
        missing and not args.forget and not (args.prune and len(missing) == len(args.paths))
    ):  # what is known of them may go
        raise SettingsError(f"No such file or folder: {', '.join(missing)}. Correct the path.")
    if not args.paths:  # these are pruned: a share that is not mounted must not empty the knowledge base
        empty = [str(path) for path in paths if path.is_dir() and not any(file.is_file() for file in path.rglob("*"))]
        if empty:
            raise SettingsError(f"There is no file in {', '.join(empty)}. Check POLICYBOT_SOURCES and its mounts.")
    how = {name: getattr(args, name) for name in ("collection", "rebuild", "forget")}
    how |= {"prune": args.prune or not args.paths}
    with terminal.progress() as progress:
        report = wiring.ingest(settings, paths, ocr=args.ocr, progress=progress, **how)
    with wiring.store(settings) as store:
        done = {name: getattr(report, name) for name in ("added", "replaced", "renamed", "removed")}
        terminal.note(store, "ingest", **how, **done)
    unknown = any(item.code == "missing" for item in report.failed)
    if args.json:
        print(json_rows.dumps(json_rows.ingest(report)))
        return 0 if report.searchable and not unknown else 1
    changes = ("added", "unchanged", "replaced", "renamed", "removed")
    counts = ", ".join(f"{getattr(report, name)} {name}" for name in changes if getattr(report, name))
    size = f"{_counted(report.pages, 'page')}, {_counted(report.chunks, 'chunk')}"
    print(f"Documents: {counts or 'none'}. {size}, {report.seconds:.1f} s.")
    for item in report.partial:
        print(f"  partly read: {item.path}: {item.message} [{item.code}]")
    for item in report.failed:
        print(f"  not read: {item.path}: {item.message} [{item.code}]")
    for document, page in report.flagged:
        where = f", page {page}" if page else ""
        print(f"  reads like instructions to a model, supports no answer: {document}{where}")
    for note in report.notes:
        print(f"  {note}")
    if not report.searchable and not report.removed:
        print("Nothing is searchable yet: correct the files named above, then run ingest again.", file=sys.stderr)
        return 1
    return 1 if unknown else 0


def status(args: argparse.Namespace, settings: Settings) -> int:
    """What is indexed, what failed, what is stale."""
    state = wiring.status(settings, documents=args.documents)
    for collection in state["collections"]:
        complete(collection, datetime.now(UTC).date())
    if args.json:
        print(json_rows.dumps(state))
        return 0
    if not state["collections"]:
        print("Nothing has been ingested yet: run policybot ingest PATH.")
    for collection in state["collections"]:
        print(f"{collection['name']}:")
        for key, value in collection.items():
            if key in ("name", "stated", "failures"):
                continue
            if key == "causes":
                print_failures(value)
            elif isinstance(value, (list, tuple)):
                print(f"  {key}: {len(value)}")
                for item in value:
                    print("    " + (item if isinstance(item, str) else ", ".join(str(v) for v in item.values() if v)))
            else:
                print(f"  {key}: {value}")
        if args.documents:
            print_table(collection["stated"])
    print(f"size on disk: {state['bytes'] / 1e6:.1f} MB")
    return 0


def doctor(args: argparse.Namespace, settings: Settings) -> int:
    """One line a check; for each failure what to do. Exit 1 if any failed."""
    from bot import doctor as checks

    results = asyncio.run(checks.run(settings))
    if args.json:
        print(json_rows.dumps([dataclasses.asdict(result) for result in results]))
    else:
        for result in results:
            mark = {"ok": "ok     ", "failed": "FAILED ", "skipped": "skipped"}[result.state]
            print(f"{mark} {result.name}: {result.message}")
    return 1 if any(result.state == "failed" for result in results) else 0


def migrate(args: argparse.Namespace, settings: Settings) -> int:
    """Create or upgrade the schema; harmless when up to date."""
    with wiring.database(settings):
        print("The database is up to date.")
    return 0


def feedback(args: argparse.Namespace, settings: Settings) -> int:
    """Votes with their answers as JSON Lines."""
    with wiring.store(settings) as store:
        terminal.note(store, "raw_text", what="feedback export")  # first: a reader that goes in the middle has read
        for row in store.feedback.export():
            print(json_rows.dumps({**row, "user": store.audit.pseudonyms.of(row["user"])}))
    return 0


def demo(args: argparse.Namespace, settings: Settings) -> int:
    """The whole product in a browser until SIGTERM or ^C."""
    from bot.demo import run

    def say(line: str) -> None:
        print(line, flush=True)

    folder = args.folder or run.SAMPLE
    with terminal.progress() as progress:
        run.ingest(settings, folder, progress)
    asyncio.run(run.serve(settings, folder, port=args.port, browser=not args.no_browser, say=say))
    return 0


def serve(args: argparse.Namespace, settings: Settings) -> int:
    """Answer in Slack until SIGTERM or ^C."""
    from bot.wiring import serving

    needed = {"SLACK_BOT_TOKEN": settings.slack_bot_token}
    if args.http is None:
        needed["SLACK_APP_TOKEN"] = settings.slack_app_token
    else:
        needed["SLACK_SIGNING_SECRET"] = settings.slack_signing_secret
    missing = [name for name, value in needed.items() if not value]
    if missing:
        page = "README, Connect Slack" if args.http is None else "docs/deploy.md, HTTP mode"
        raise SettingsError(f"Set {' and '.join(missing)} ({page}), then run serve again.")
    if unset := settings.placeholders():
        raise SettingsError(f"{' and '.join(unset)} still stands as in an example: set the real value, then run serve.")
    asyncio.run(serving.serve(settings, http_port=args.http))
    return 0


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" + "s" * (number != 1)


def complete(collection: dict[str, Any], today: date) -> None:
    """Add to each stated document what replaced it, and to the collection its failures by cause."""
    from bot.answering.editions import replaced
    from knowledge.catalog.reading import Stated

    stated = collection.get("stated", [])
    documents = [Stated(**row) for row in stated]
    newer = replaced(documents, today)
    for one, row in zip(documents, stated, strict=True):
        row["superseded_by"] = newer[one].path if one in newer else None
    causes: dict[str, dict[str, Any]] = {}
    for failure in sorted(collection["failures"], key=lambda one: str(one["path"])):
        code, message = failure["code"], failure["message"]
        cause = causes.setdefault(code, {"code": code, "count": 0, "message": message, "paths": []})
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
    keys = ("title", "version", "effective", "until", "owner", "pages", "chunks", "file_date", "superseded_by", "path")
    ends = (date.fromisoformat(row["until"]) if row.get("until") else None for row in stated)
    rows = [
        {**row, "pages": row["pages"] or None, "until": told_end(end) or None}
        for row, end in zip(stated, ends, strict=True)
    ]
    if not sys.stdout.isatty():
        for cells in (_COLUMNS, *([row[key] for key in keys] for row in rows)):
            print("\t".join("" if cell is None else str(cell) for cell in cells))
        return
    paper = terminal.Paper(sys.stdout)
    for row in rows:
        shown = [form.format(row[key]) for key, form in _TOLD.items() if row[key] is not None]
        paper.line(f"{row['title']} ({row['path']})", 2)
        paper.line(f"  {', '.join(shown)}", 2)
