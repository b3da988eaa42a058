"""Acts of whoever sits at the command line, noted in the audit trail with a pseudonym of the account they came from."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime
from typing import Any

from bot.errors import StoreError
from bot.store import Store
from bot.store.audit import Entry


def account(store: Store) -> str:
    """The pseudonym of `account:NAME`: as the operating system names it, not as the environment says."""
    return store.audit.pseudonyms.of(f"account:{_name()}")


def _name() -> str:
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):  # Windows; a container's user without a name
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "command line"


def note(store: Store, kind: str, *, person: str | None = None, about: str | None = None, **facts: Any) -> None:
    """Write the act down. `person`: the user id of whom it was about; `about`: the question's id."""
    store.audit.append(Entry(kind, datetime.now(UTC), None, person, about, {"account": account(store), **facts}))


def asked(store: Store, verb: str, **facts: Any) -> None:
    """Write down that questions were asked from here: they are answered still where nothing can be written."""
    with contextlib.suppress(StoreError):
        note(store, verb, **facts)
