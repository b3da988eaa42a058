"""The sensitive topic that a message has by its meaning, where no word of the lists says so.

In: a message. Out: a code of bot.understanding.topics, or None. By the bundled model only, and in English as it is:
what it says was measured with these examples (sensitive.toml). Rule kept: a message as near to what anybody may read
is not sensitive.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import structlog

from knowledge.errors import KnowledgeError

EXAMPLES = Path(__file__).with_suffix(".toml")
NEAREST = 2  # examples of either side whose mean nearness counts; measured: python -m tests.eval.conversation.sensitive
NEAR = 0.45  # cosine from which a message is like the examples of a topic; measured: the same
NEARER = 0.05  # cosine by which it is more like them than like the general ones; measured: the same


class SensitiveMeaning:
    """Reads messages. Embeds the examples before its first."""

    def __init__(self, embed: Callable[[Sequence[str]], Any]) -> None:
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
