"""Text in, spans out that read like instructions to a model rather than to people. Pure; a mark, not a defence."""

from __future__ import annotations


def flag(text: str) -> tuple[tuple[int, int], ...]:
    """Whole sentences, ascending, never overlapping."""
    return ()
