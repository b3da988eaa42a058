"""The verbs about what is kept of people: purge, audit."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

import structlog

from bot import json_rows, wiring
from bot.cli.acts import account, note
from bot.settings import Settings


def purge(args: argparse.Namespace, settings: Settings) -> int:
    """Remove what is older than POLICYBOT_RETENTION says; the files hold no byte of it afterwards."""
    now = datetime.now(UTC)
    with wiring.store(settings) as store:
        if args.dry_run:
            removed, clean = store.purge.would_remove(settings.retention, now), True
        else:
            removed = store.purge.run(settings.retention, now, account=account())
            clean = store.scrub(rewrite=True)
            structlog.get_logger().info("purged", **removed)
    if args.json:
        print(json_rows.dumps(removed))
    else:
        counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in removed.items())
        print(f"{'Would remove' if args.dry_run else 'Removed'}: {counts or 'nothing'}.")
    return _cleaned(clean)


def _cleaned(clean: bool) -> int:
    """Exit 1, and why, where a file may still hold what was deleted."""
    if not clean:
        print(
            "The database is being read: its log still holds what was removed. Run policybot purge again.",
            file=sys.stderr,
        )
    return 0 if clean else 1


def audit(args: argparse.Namespace, settings: Settings) -> int:
    """Check the whole chain, or print it. Exit 1 if a row was changed, swapped or removed."""
    with wiring.store(settings) as store:
        if args.action == "export":
            for row in store.audit.export():
                print(json_rows.dumps(row))
            note(store, "audit_export")
            return 0
        found = store.audit.verify()
    if found.faults:
        for fault in found.faults:
            print(fault)
        print("The audit trail is not as it was written: compare it with an earlier export.", file=sys.stderr)
        return 1
    print(f"{found.rows} rows, {found.first} to {found.last}, none changed or missing. Last hash: {found.hash}")
    return 0
