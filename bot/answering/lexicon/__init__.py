"""The word lists of bot/answering, one file a language. Pure; each file is read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def phrases(table: str) -> dict[str, tuple[str, ...]]:
    """A table's lists, those of all languages together: "limits" -> {"up_to": ("up to", "at most", ...), ...}."""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(resources.files(__name__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            for name, listed in tomllib.loads(file.read_text(encoding="utf-8"))[table].items():
                found[name] = (*found.get(name, ()), *listed)
    return found
