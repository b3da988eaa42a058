"""Acts of whoever sits at the command line, noted in the audit trail with the account they were done from."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from bot.store import Store
from bot.store.audit import Entry


def account() -> str:
    """The operating system's name for who runs this process, not what the environment says it is."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):  # Windows; a container's user without a name
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "command line"


def note(store: Store, kind: str, *, person: str | None = None, about: str | None = None, **facts: Any) -> None:
    """Write the act down. `person`: the user id of whom it was about; `about`: the question's id."""
    store.audit.append(Entry(kind, datetime.now(UTC), None, person, about, {"account": account(), **facts}))
