"""The verb diff: two editions of a manual, and the recorded answers and gold rows that cite what changed."""

import argparse
import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot import json_rows, wiring
from bot.cli import terminal
from bot.cli.asking import lines_of
from bot.cli.terminal import Paper
from bot.errors import SettingsError
from bot.evaluation import gold
from bot.reporting import edition_diff
from bot.reporting.edition_diff import Change, Pair
from bot.settings import Settings
from knowledge.errors import ReadError
from knowledge.types import Document

MARKS = {"added": "+", "removed": "-", "changed": "~", "renamed": "="}
WORKERS = 2  # children that read; guess


def diff(args: argparse.Namespace, settings: Settings) -> int:
    """What differs, and what cites it. Exit 1 if a file of either edition could not be read."""
    (old, failed), (new, also_failed) = documents(args.old, settings), documents(args.new, settings)
    pairs = edition_diff.paired(old, new)
    changes = {id(pair): edition_diff.changes(pair) for pair in pairs}
    cited = {pair.old.path: changes[id(pair)] for pair in pairs if pair.old}
    with wiring.store(settings) as store:
        terminal.note(store, "raw_text", what="diff")
        answers = edition_diff.touched(store.asked.since(args.since), pairs, cited)
    rows: list[dict[str, Any]] = []
    if args.gold:
        with lines_of(args.gold) as lines:
            rows = edition_diff.outdated(gold.cases(lines, "default"), pairs)
    if args.json:
        every = [dataclasses.asdict(change) for pair in pairs for change in changes[id(pair)]]
        print(json_rows.dumps({"changes": every, "answers": answers, "gold": rows, "not_read": failed + also_failed}))
    else:
        for pair in pairs:
            _print_pair(pair, changes[id(pair)])
        _print_answers(answers)
        if args.gold:
            print(f"\nGold rows that lose their evidence: {len(rows)}")
            for row in rows:
                print(f"  {row['id']}: {row['question']}\n    no longer there: {row['evidence']}")
    for line in failed + also_failed:
        print(f"not read: {line}", file=sys.stderr)
    return 1 if failed or also_failed else 0


def _print_pair(pair: Pair, changes: Sequence[Change]) -> None:
    if not changes:
        return
    names = [one.path for one in (pair.old, pair.new) if one]
    what = " (removed)" if pair.new is None else " (new)" if pair.old is None else ""
    paper = Paper(sys.stdout)
    print(" -> ".join(dict.fromkeys(names)) + what)
    for change in changes:
        heading = json_rows.SEPARATOR.join(change.section) or "(before the first heading)"
        was = f"  (was: {json_rows.SEPARATOR.join(change.was)})" if change.was else ""
        print(f"  {MARKS[change.kind]} {change.kind}: {heading}{was}")
        for mark, sentences in (("-", change.gone), ("+", change.came)):
            for sentence in sentences:
                paper.line(f"      {mark} {' '.join(sentence.removeprefix('- ').split())}", 8)


def _print_answers(answers: Sequence[dict[str, Any]]) -> None:
    lost = sum(bool(row["gone"]) for row in answers)
    print(f"\nRecorded answers that cite changed sections: {len(answers)}, of which {lost} quote what is gone")
    alike: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in answers:
        question = " ".join(row["question"].split())
        alike.setdefault((question.casefold(), row["cites"], str(row["gone"])), []).append(row)
    paper = Paper(sys.stdout)
    for row, *others in alike.values():
        more = f"  (and {len(others)} more)" if others else ""
        paper.line(f"  {row['id']}  {row['at'][:10]}  {' '.join(row['question'].split())}{more}")
        paper.line(f"    cites {row['cites']}", 6)
        for quote in row["gone"]:
            paper.line(f"    no longer there: {' '.join(quote.split())}", 6)


def documents(path: Path, settings: Settings) -> tuple[list[Document], list[str]]:
    """The documents by path, and what could not be read in words. SettingsError where nothing is there to read."""
    from knowledge.files import walk
    from knowledge.read import SUFFIXES
    from knowledge.read.pool import read_all

    root = path if path.is_dir() else path.parent
    paths = [file for file in (walk(path) if path.is_dir() else [path]) if file.suffix.lower() in SUFFIXES]
    if not path.exists() or not paths:
        raise SettingsError(f"There is no document at {path}. Name a file or a folder of documents.")
    read, failed = list[Document](), list[str]()
    files = [(file, root) for file in paths]
    for file, result in read_all(files, workers=WORKERS, passwords=settings.pdf_passwords, ocr=False):
        if isinstance(result, ReadError):
            failed.append(f"{file}: {result.message}")
        else:
            read.append(result)
    return sorted(read, key=lambda one: one.path), sorted(failed)
