"""A small fake knowledge base, scripted models, and the assistant on them."""

import itertools
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bot.answering.assistant import Assistant
from bot.answering.model_writer import ModelWriter
from bot.answering.ports import Classifiers
from bot.answering.search import AnswerPolicy
from bot.errors import BudgetReached
from bot.types import Answer, Prompt, Question, Turn, Usage
from bot.understanding.topics import Kind, Told, told
from bot.wiring.adapters import ByMeaning
from knowledge.errors import KnowledgeError
from knowledge.index.embed import MiniLM
from knowledge.types import Excerpt, Found, Nearness, PageSpan, Passage, Query
from prompts import load
from tests.fake_verifier import Reader

LEAVE = Passage(
    "leave", "handbook.pdf", "Employee Handbook", ("4 Leave", "4.1 Annual leave"),
    "Annual leave is 30 working days a year. Up to eight days may be carried over and must be taken by 30 April.",
    0.9, pages=(PageSpan(0, 20, "10"),), similarity=0.8, lexical=1.0,
)  # fmt: skip


HOTEL = Passage(
    "hotel", "handbook.pdf", "Employee Handbook", ("6 Travel", "6.4 Hotels"),
    "A hotel room may cost up to 130 euros a night including breakfast.",
    0.8, pages=(PageSpan(0, 28, "18"),), similarity=0.75, lexical=1.0,
)  # fmt: skip


UNSURE = replace(LEAVE, similarity=0.45)


class Shelf:
    """A knowledge base that returns what was put on it; remembers what was asked."""

    def __init__(self, *passages: Passage) -> None:
        self.passages, self.queries, self.number = passages, [], 1
        self.error: Exception | None = None
        self.pending, self.rarest, self.spoken = 0, 0.0, ("en",)

    def languages(self, collections: Sequence[str]) -> tuple[str, ...]:
        return self.spoken

    async def search(self, query: Query, collections: Sequence[str]) -> Found:
        self.queries.append(query)
        if self.error:
            raise self.error
        return Found(self.passages, self.number, self.pending, self.rarest)


class Script:
    """A model that writes given pieces, then maybe fails."""

    name = "scripted"

    def __init__(self, *pieces: str, error: Exception | None = None) -> None:
        self.pieces, self.error, self.prompts = pieces, error, []

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage]:
        self.prompts.append(prompt)
        for piece in self.pieces:
            yield piece
        yield Usage(100, 20, 0.001)
        if self.error:
            raise self.error


def tells(kind: Kind, word: str) -> Callable[[str], Told | None]:
    """What tells of this kind wherever the word stands."""
    return lambda text: Told(kind, text) if word in text else told(text)


def classifiers(language=None, chat=lambda *_: None, attack=lambda _: None, told=told) -> Classifiers:
    """What tells by words alone what a message is, with what is given for them."""
    return Classifiers(lambda _: language, chat, attack, told, ByMeaning(MiniLM().embed).alike)


class Kept:
    """A memory in a dictionary."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, ...], Answer] = {}
        self.number = 1  # of the collections as they are now

    async def get(self, key: tuple[str, ...], collections: Sequence[str]) -> Answer | None:
        return self.answers.get((str(self.number), *key))

    async def put(self, key: tuple[str, ...], answer: Answer, collections: Sequence[str], user: str | None) -> None:
        self.answers[str(answer.generation), *key] = answer


class Purse:
    def __init__(self, *, empty: bool = False) -> None:
        self.empty, self.spent = empty, []

    async def check(self, question: Question) -> None:
        if self.empty:
            raise BudgetReached("used up")

    async def spend(self, question: Question, used: Mapping[str, Usage]) -> None:
        self.spent.append(dict(used))


def assistant(
    shelf: Shelf,
    model: Script | None = None,
    *,
    threshold: float = 0.0,
    **more,
):
    ticks: Callable[[], int] = itertools.count().__next__
    verifier = Reader(more.pop("manner", "words"))
    reads = {name: more.pop(name) for name in ("language", "chat", "attack", "told") if name in more}
    return Assistant(
        shelf,
        AnswerPolicy(threshold=threshold),
        model=model
        and ModelWriter(
            model,
            load("answer"),
            verifier,
            new_token=lambda: f"token{ticks()}",
            now=lambda: datetime(2026, 11, 28, tzinfo=UTC),
        ),
        classifiers=classifiers(**reads),
        clock=lambda: ticks() / 1000,
        **more,
    )


def ask(text: str, *history: Turn) -> Question:
    return Question("q1", text, history)


def alike(cosine: float, error: KnowledgeError | None = None) -> Callable[[str, Sequence[Excerpt]], list[Nearness]]:
    """Tells the same nearness of every sentence."""

    def nearness_of(question: str, texts: Sequence[Excerpt]) -> list[Nearness]:
        if error:
            raise error
        return [Nearness(cosine, cosine, cosine)] * len(texts)

    return nearness_of
