"""Who a person is to the policy owner: a pseudonym that is the same within one output and says nothing about them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cache


@cache
def _key() -> bytes:
    return secrets.token_bytes(32)


def pseudonym(user: str | None) -> str:
    """The name that stands for a person; "" for nobody, as on the command line."""
    return f"p-{hmac.new(_key(), user.encode(), hashlib.sha256).hexdigest()[:8]}" if user else ""
