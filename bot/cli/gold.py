"""The verb that keeps gold files: list what people answered, add a recorded question, check rows against the manual."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from bot import json_rows, wiring
from bot.cli import acts
from bot.cli.owner import recorded
from bot.errors import PolicybotError, SettingsError
from bot.evaluation import gold as cases
from bot.evaluation import growing
from bot.privacy.people import People
from bot.settings import Settings
from knowledge.types import Chunk, Passage, Query

NEAR = 10  # passages in which the evidence of a person's answer is looked for


def gold(args: argparse.Namespace, settings: Settings) -> int:
    """List, add or check."""
    if args.action != "list" and not args.what:
        raise SettingsError(f"Name {'a file' if args.action == 'check' else 'a question'}: policybot gold --help.")
    return {"list": _list, "add": _add, "check": _check}[args.action](args, settings)


def _list(args: argparse.Namespace, settings: Settings) -> int:
    """Questions that people answered after a hand-off and that are no row yet, newest first."""
    known = {row.get("id") for row in _rows(args.file)}
    with wiring.store(settings) as store:
        acts.note(store, "raw_text", what="gold list")
        for handed in store.hand_offs.answered():
            asked = store.asked.by_id(handed.answer)
            if asked is None or handed.answer in known:
                continue
            channel, thread_ts = handed.place
            print(f"{asked.record.created_at.isoformat()[:16]}  {handed.answer}  answered in {channel}, {thread_ts}")
            print(f"  {' '.join(asked.record.question.text.split())}")
    return 0


def _add(args: argparse.Namespace, settings: Settings) -> int:
    """Show the row, ask, append it."""
    from bot.store import Store
    from bot.store.hand_offs import ask_key

    with wiring.knowledge(settings) as parts:
        store = Store(parts.engine, settings.data)
        asked = recorded(store.asked, args.what)
        acts.note(store, "raw_text", about=asked.record.id, what="gold add")
        answer = args.answer or growing.corrected(asked)
        handed = store.hand_offs.find(ask_key(asked.record.id))
        if answer is None and handed is not None and handed.state == "answered":
            place = f"{handed.place[0]}, thread {handed.place[1]}"
            raise growing.NotGold(f"People answered this question in {place}: give what they said with --answer.")
        found: tuple[Passage, ...] = ()
        if answer:
            texts = ((answer, 1.0), (asked.record.question.text, 1.0))
            found = parts.retriever.search(Query(texts, asked.record.question.collections[0], limit=NEAR)).passages
        live = {name.revision for name in parts.catalog.live(asked.record.question.collections[0])}
        manual = "\n".join(entry.text for entry in parts.catalog.entries(live))
        people = People(manual, keep=args.keep, hide=args.hide)
        row = growing.row(asked, answer, found, people)
    if any(known.get("id") == row["id"] for known in _rows(args.file)):
        raise PolicybotError(f"{args.file} has the row {row['id']} already: change it there.", code="known_row")
    print(json.dumps(row, ensure_ascii=False, indent=2))
    if not row["answerable"] and row.get("answers"):
        print("The manual says nothing like this answer, so the row counts as not answerable.", file=sys.stderr)
    if people.replaced:
        print(f"Replaced: {', '.join(people.replaced)}. What names nobody: --keep NAME.", file=sys.stderr)
    if people.doubtful:
        print(f"These may be names: {', '.join(people.doubtful)}. Replace one with --hide NAME.", file=sys.stderr)
    if not args.yes and not _agreed(args.file):
        print("Not added.", file=sys.stderr)
        return 1
    with args.file.open("a+b") as file:
        if file.tell():
            file.seek(-1, 2)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(json_rows.dumps(row).encode() + b"\n")
    print(f"Added to {args.file}.", file=sys.stderr)
    return 0


def _rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        return [row for _, row in cases.rows(lines) if row]


def _agreed(path: Path) -> bool:
    if not sys.stdin.isatty():
        raise SettingsError("There is no terminal to ask on: read the row, then run this again with --yes.")
    try:
        return input(f"Add this row to {path}? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _check(args: argparse.Namespace, settings: Settings) -> int:
    """Each row that no longer matches the manual. Exit 1 if there is one."""
    path = Path(args.what)
    try:
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError as error:
        raise SettingsError(f"Can't read {path}: {error.strerror}. Name a JSON Lines file.") from error
    found = list(cases.cases(lines, args.collection))
    if not found:
        raise SettingsError(f"{path} holds no question: give JSON Lines with a field question.")
    with wiring.knowledge(settings) as parts:
        outline = parts.catalog.outline(args.collection)
        chunks = parts.catalog.chunks(args.collection, [key for key, *_ in outline])
    manual: dict[str, list[Chunk]] = {}
    for key, document, *_ in outline:
        if key in chunks:
            manual.setdefault(document, []).append(chunks[key])
    if not manual:
        raise SettingsError(f'Nothing is in the collection "{args.collection}": run policybot ingest PATH first.')
    wrong = growing.mismatches(found, manual)
    for one in wrong:
        print(f"{one.id}: {one.code}: {one.message}")
    rows = len({case.id for case in found})
    print(f"{rows} rows, {len(wrong)} no longer match the manual.", file=sys.stderr)
    return 1 if wrong else 0
