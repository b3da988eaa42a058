"""The word lists of bot/answering, one file a language. Pure; each file is read once."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.text.word_files import word_lists


def phrases(table: str) -> Mapping[str, tuple[str, ...]]:
    """A table's lists, those of all languages together: "limits" -> {"up_to": ("up to", "at most", ...), ...}."""
    return word_lists(__name__, table)
