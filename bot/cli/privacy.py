"""The verbs about what is kept of people: purge, privacy, audit."""

import argparse
import asyncio
import re
import sys
import time
from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bot import json_rows, wiring
from bot.cli.terminal import account, note
from bot.errors import SettingsError, SlackError
from bot.evaluation import gold as cases
from bot.settings import Settings
from bot.store import Store

ANSWERING_S = 60  # an answer takes 40 s at most; its end, some more
ID = re.compile(r"[UW][A-Z0-9]+")  # of a member; given: Slack
ERASED = {  # what `erase` counts, by table
    "inbox": "questions",
    "answers": "answers",
    "answer_messages": "places of answers",
    "votes": "votes",
    "cache": "answers kept for the same question",
    "hand_offs": "questions handed on to people",
    "limits": "rate windows",
    "threads": "threads",
    "others_records": "records of others that held their words",
    "mentions": "mentions of them by others",
    "spend": "costs, which are now nobody's",
    "gold_rows": "rows of gold files",
}


def purge(args: argparse.Namespace, settings: Settings) -> int:
    """Remove what is older than POLICYBOT_RETENTION says; the files hold no byte of it afterwards."""
    now = datetime.now(UTC)
    with wiring.store(settings) as store:
        if args.dry_run:
            removed, clean = store.purge.would_remove(settings.retention, now), True
        else:
            removed = store.purge.run(settings.retention, now, account=account(store))
            clean = store.scrub(rewrite=True)
            structlog.get_logger().info("purged", **removed)
    if args.json:
        print(json_rows.dumps(removed))
    else:
        counts = ", ".join(f"{name.replace('_', ' ')} ({count})" for name, count in removed.items())
        print(f"{'Would remove' if args.dry_run else 'Removed'}: {counts or 'nothing'}.")
    return _cleaned(clean)


def privacy(args: argparse.Namespace, settings: Settings) -> int:
    """Export or erase what is stored about one person, note their wish, or make pseudonyms anew."""
    now = datetime.now(UTC)
    if (not args.user) != (args.action == "rotate-key"):
        raise SettingsError("privacy export, erase, opt-out and opt-in need --user ID; rotate-key takes none.")
    if args.user and not ID.fullmatch(args.user):
        raise SettingsError(f"--user ID: {args.user!r} is no member's id (in Slack: profile, Copy member ID).")
    with wiring.store(settings) as store:
        by = account(store)
        match args.action:
            case "export":
                for row in store.persons.export(args.user, now, account=by):
                    print(json_rows.dumps(row))
            case "erase":
                return _erase(args.user, store, args.gold, settings)
            case "opt-out":
                store.persons.opt_out(args.user, now, account=by)
                print("From now on the figures of their questions and votes are kept, no words.")
                print(f"What is kept already goes with: policybot privacy erase --user {args.user}")
            case "opt-in":
                store.persons.opt_in(args.user, now, account=by)
                print("Their words are kept again, as everybody's.")
            case "rotate-key":
                store.audit.pseudonyms.rotate()
                note(store, "rotate_key")
                print("Pseudonyms are new from now on; nobody can tell any more whose the earlier ones were.")
    return 0


def _erase(user: str, store: Store, gold: Sequence[Path], settings: Settings) -> int:
    """Exit 1 where something of them may still be stored."""
    for _ in range(ANSWERING_S):
        if not store.persons.being_answered(user, datetime.now(UTC)):
            break
        time.sleep(1)
    now = datetime.now(UTC)
    held = store.persons.being_answered(user, now)
    asked = store.persons.questions(user)
    left = asyncio.run(_remove_files(store.persons.files(user), settings))
    removed = store.persons.erase(user, now, account=account(store))
    for file in gold:
        removed["gold_rows"] = removed.get("gold_rows", 0) + _without_rows(file, asked)
    clean = store.scrub(rewrite=True)
    counts = ", ".join(f"{ERASED[name]} ({count})" for name, count in removed.items())
    print(f"Removed: {counts or f'nothing; nothing is stored about {user}'}.")
    print("Backups, reports made before and messages in Slack are not reached; the audit trail keeps a pseudonym.")
    if left:
        print(f"Still in Slack: {left}", file=sys.stderr)
    if held:
        print(f"Still being answered: {held} of their questions. Erase again in a minute.", file=sys.stderr)
    return max(_cleaned(clean), int(held > 0 or bool(left)))


async def _remove_files(files: Sequence[str], settings: Settings) -> str:
    """Delete in Slack what "Export what is stored" put there; what is left, and why."""
    from bot.slack.api import Api

    if not files:
        return ""
    named = f"the files {', '.join(files)} about them"
    if settings.slack_bot_token is None:
        return f"{named}. Delete them there, or set SLACK_BOT_TOKEN and erase again."
    async with aclosing(Api(settings.slack_bot_token, settings.slack_api_url)) as api:
        try:
            await api.remove_files(files)
        except SlackError as error:
            return f"{named}: {error.message}"
    return ""


def _without_rows(file: Path, ids: set[str]) -> int:
    """Take the gold rows of these questions out of a file; how many. Every other line stays as it is."""
    lines = file.read_bytes().splitlines(keepends=True)
    texts = [line.decode("utf-8-sig", "replace") for line in lines]
    theirs = {number for number, row in cases.rows(texts) if row and row.get("id") in ids}
    if theirs:
        file.write_bytes(b"".join(line for number, line in enumerate(lines, 1) if number not in theirs))
    return len(theirs)


def _cleaned(clean: bool) -> int:
    """Exit 1, and why, where a file may still hold what was deleted."""
    if not clean:
        print("The database is in use, or the disk full: its files may hold what was removed.", file=sys.stderr)
        print("Run the same again.", file=sys.stderr)
    return 0 if clean else 1


def audit(args: argparse.Namespace, settings: Settings) -> int:
    """Check the whole chain, or print it. Exit 1 if a row was changed, swapped or removed."""
    with wiring.store(settings) as store:
        if args.action == "export":
            for row in store.audit.export():
                print(json_rows.dumps(row))
            note(store, "audit_export")
            return 0
        chain = store.audit.verify()
    if chain.faults:
        for fault in chain.faults:
            print(fault)
        print("The audit trail is not as it was written: compare it with an earlier export.", file=sys.stderr)
        print("After restoring a backup: keep this list, then delete audit.head in the data folder.", file=sys.stderr)
        return 1
    print(f"{chain.rows} rows, {chain.first} to {chain.last}, none changed or missing. Last hash: {chain.hash}")
    return 0
