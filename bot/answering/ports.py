"""What answering needs from outside, as bot/wiring gives it: what a message is and means. Pure."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.types import Question, Usage
from bot.understanding.attacks import Meaning
from bot.understanding.topics import Told

BETWEEN = " | "  # stands between the queries for a manual in several languages

Kind = Literal["question", "sensitive", "form", "chat"]


@dataclass(frozen=True, slots=True)
class Meant:
    """What a message means: `query` is searched for; of chat it is the kind of chat, of form the wish in our words."""

    query: str
    kind: Kind = "question"
    language: str | None = None  # ISO 639-1
    for_bot: bool | None = None  # rather than for people in its thread; None: not told
    tells: str | None = None  # one of topics.READ, or NOTHING; None: not told


# Raises bot.errors.Model*. What a model reads in a message to documents in these languages, and what it cost.
Rewrite = Callable[[Question, Sequence[str]], Awaitable[tuple[Meant | None, Usage]]]

# Raises bot.errors.Model*. Of a question and lines which names whom to ask (from 1; 0: none; None: not told), its cost.
Choose = Callable[[str, Sequence[str]], Awaitable[tuple[int | None, Usage]]]


@dataclass(frozen=True, slots=True)
class Classifiers:
    """What a message is, where no word says so. Each may be called from any thread; None where it can't be told."""

    language: Callable[[str], str | None]  # ISO 639-1
    chat: Callable[[str, bool], str | None]  # its kind, in a thread or not; raises KnowledgeError
    attack: Meaning
    told: Callable[[str], Told | None]  # what it tells of
    alike: Callable[[str, Sequence[str]], Sequence[float]]  # cosines of it and other texts, in English
    may_tell: Callable[[str], bool] = lambda _: False  # whether a model is waited for that knows what it tells of
