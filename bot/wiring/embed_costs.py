"""Tokens of a remote embedder: counted while texts are embedded, booked now and then.

In: what each call to the endpoint used. Out: rows of spending under the feature "embed", of no person and no channel.
Rule kept: nothing is written while an ingest or a search embeds, which may hold a transaction of its own.
"""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.llm.cost import cost_usd
from bot.types import Usage

if TYPE_CHECKING:
    from sqlalchemy import Engine


class EmbedCosts:
    """What was embedded since it was last booked; any thread."""

    def __init__(self, engine: Engine, model: str | None) -> None:
        self._engine, self._model = engine, model or ""
        self._tokens, self._lock = 0, threading.Lock()

    def used(self, tokens: int) -> None:
        """One call used this many tokens."""
        with self._lock:
            self._tokens += tokens

    def book(self) -> None:
        """Write it down. A database that can't be written loses the count and nothing else."""
        from bot.store.shared import Spend

        with self._lock:
            tokens, self._tokens = self._tokens, 0
        if not tokens:
            return
        usage = Usage(tokens, 0, cost_usd(self._model, tokens, 0), model=self._model)
        with contextlib.suppress(StoreError):
            Spend(self._engine).add(None, None, None, {"embed": usage}, datetime.now(UTC))
