"""What answering needs from outside, as bot/wiring gives it: documents, budget, memory, what a message is. Pure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.answering.editions import Edition
from bot.answering.rewrite import Meant
from bot.types import Answer, Question, Usage
from bot.understanding.attacks import Meaning
from bot.understanding.topics import Likely
from knowledge.types import Found, Query

# Raises bot.errors.Model*. What a model reads in a message, and what it cost.
Rewrite = Callable[[Question], Awaitable[tuple[Meant | None, Usage]]]


class Searcher(Protocol):
    """The knowledge base, off the event loop."""

    async def search(self, query: Query, collections: Sequence[str]) -> Found:
        """The ranked passages of all the collections, and of no other."""

    async def editions(self, collections: Sequence[str], documents: Sequence[str], question: str) -> list[Edition]:
        """What is known of these documents; with none given, of those that the question names."""


class Meter(Protocol):
    """The day's budget."""

    async def check(self, question: Question) -> None:
        """Raises BudgetReached when nothing is left."""

    async def spend(self, question: Question, used: Mapping[str, Usage]) -> None:
        """Take what was used, by feature."""


class Memory(Protocol):
    """Answers given before, by question, prompt, model, collections and what these held."""

    async def get(self, key: tuple[str, ...], collections: Sequence[str]) -> Answer | None:
        """The answer kept under this key, of the collections as they are now."""

    async def put(self, key: tuple[str, ...], answer: Answer, collections: Sequence[str], user: str | None) -> None:
        """Keep the answer that was made for this person."""


@dataclass(frozen=True, slots=True)
class Classifiers:
    """What a message is, where no word says so. Each may be called from any thread; None where it can't be told."""

    language: Callable[[str], str | None]  # ISO 639-1
    chat: Callable[[str, bool], str | None] | None = None  # its kind, in a thread or not; raises KnowledgeError
    attack: Meaning | None = None
    topic: Likely | None = None
