"""The verbs about what is kept of people: audit."""

from __future__ import annotations

import argparse
import sys

from bot import json_rows, wiring
from bot.cli.acts import note
from bot.settings import Settings


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
