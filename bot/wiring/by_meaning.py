"""What a message is by its meaning, where no word of the lists says so: by the bundled model alone.

In: a message. Out: what it confides (a code of bot.understanding.topics), its kind of chat, whether it leans on the
answer before it, the odds that it is an attack; None or no where that can't be told. The model is the one that was
trained and measured with, and nothing leaves the machine. Rule kept: a message that can't be read is not sensitive, and
not for the bot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import structlog

from bot.answering.ports import Classifiers
from bot.understanding.addressed import likely_meant
from bot.understanding.attacks import MOST, Meaning, likely_attack
from bot.understanding.follow_up import wording
from bot.understanding.small_talk import likely_chat
from bot.understanding.topics.likely import Embed, likely
from knowledge.errors import KnowledgeError
from knowledge.text.words import language

LANGUAGES = ("en", "de", "tr", "fr", "es")  # of the attacks that bot.understanding.attacks was fitted to


def by_meaning(embed: Embed, wholes: Embed, *, topics: bool) -> Classifiers:
    """What tells chat, attacks and, with `topics`, what is confided. `wholes` embeds too, and remembers questions."""

    def chat(text: str, in_thread: bool) -> str | None:
        return likely_chat(embed([wording(text)])[0], in_thread=in_thread)

    return Classifiers(language, chat, attack_by(wholes), topic_by(wholes) if topics else None)


def topic_by(embed: Embed) -> Callable[[str], str | None]:
    """Tells what a message confides, by this embedder."""

    def told(text: str) -> str | None:
        try:
            return likely(text, embed)
        except KnowledgeError as error:
            structlog.get_logger().warning("topic_unknown", error=error.code)
            return None

    return told


def leaning_by(embed: Embed) -> Callable[[str], bool]:
    """Reads messages by this embedder."""

    def leaning(text: str) -> bool:
        if language(text) not in (None, "en"):
            return False
        try:
            vector = embed([wording(text)])[0]
        except KnowledgeError as error:
            structlog.get_logger().warning("follow_up_unknown", error=error.code)
            return False
        return likely_meant(vector) and likely_chat(vector, in_thread=True) is None

    return leaning


def attack_by(embed: Embed) -> Meaning:
    """Tells the log odds that a text is an attack, by this embedder, in the languages it was fitted in."""

    def odds(text: str) -> float | None:
        if language(text) not in (None, *LANGUAGES):
            return None
        try:
            return likely_attack(text[:MOST], embed([wording(text[:MOST])])[0])
        except KnowledgeError as error:
            structlog.get_logger().warning("attack_unknown", error=error.code)
            return None

    return odds


def alike(texts: Sequence[str]) -> Any:
    """N texts -> their n x n cosines, float32, whatever embedder is configured."""
    from knowledge.index.embed import MiniLM

    rows = MiniLM().embed(texts)
    return rows @ rows.T
