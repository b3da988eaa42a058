"""Whether a message that mentions nobody leans on the answer before it by its meaning, where no listed word says so.

In: a message. Out: yes or no. By the bundled model only, and in English: so it was trained. Rule kept: what can't be
told is not for the bot.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import structlog

from bot.understanding.addressed import likely_meant
from bot.understanding.small_talk import likely_chat
from bot.understanding.wording import wording
from knowledge.errors import KnowledgeError
from knowledge.text.language import language


def leaning_by(embed: Callable[[Sequence[str]], Any]) -> Callable[[str], bool]:
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
