"""What a message is by its meaning, where no word of the lists says so: by the bundled model alone.

In: a message. Out: its sensitive topic (a code of bot.understanding.topics), its kind of chat, whether it leans on the
answer before it, the odds that it is an attack; None or no where that can't be told. The model is
the one that was trained and measured with, in English (sensitive.toml), and nothing leaves the machine. Rule kept: a
message as near to what anybody may read is not sensitive, and one that can't be read is not for the bot.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import structlog

from bot.understanding.addressed import likely_meant
from bot.understanding.attacks import MOST, Meaning, likely_attack
from bot.understanding.follow_up import wording
from bot.understanding.small_talk import likely_chat
from knowledge.errors import KnowledgeError
from knowledge.text.words import language

EXAMPLES = Path(__file__).with_name("sensitive.toml")
LANGUAGES = ("en", "de", "tr", "fr", "es")  # of the attacks that bot.understanding.attacks was fitted to
Embed = Callable[[Sequence[str]], Any]  # n texts -> their n vectors

NEAREST = 2  # examples of either side whose mean nearness counts; measured: python -m tests.eval.conversation.sensitive
NEAR = 0.45  # cosine from which a message is like the examples of a topic; measured: the same
NEARER = 0.05  # cosine by which it is more like them than like the general ones; measured: the same


class SensitiveMeaning:
    """Reads messages. Embeds the examples before its first."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    def of(self, text: str) -> str | None:
        """The topic; None where there is none, or where it can't be told now."""
        import numpy as np

        try:
            topics, rows = self._examples
            near = rows @ self._embed([text])[0]
        except KnowledgeError as error:
            structlog.get_logger().warning("topic_unknown", error=error.code)
            return None
        general = topics == "general"
        told, other = (float(np.sort(near[side])[-NEAREST:].mean()) for side in (~general, general))
        if told < NEAR or told - other < NEARER:
            return None
        return str(topics[~general][int(near[~general].argmax())])

    @cached_property
    def _examples(self) -> tuple[Any, Any]:
        import numpy as np

        listed = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))
        topics = np.array([topic for topic, texts in listed.items() for _ in texts])
        return topics, self._embed([text for texts in listed.values() for text in texts])


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


def chat_by(embed: Embed) -> Callable[[str, bool], str | None]:
    """Tells the kind of chat that a text is, in a thread or not, by this embedder."""
    return lambda text, in_thread: likely_chat(embed([wording(text)])[0], in_thread=in_thread)


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
