"""A folder of word lists, one TOML file a language -> its lists by name, those of all languages together."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def word_lists(package: str, table: str = "") -> Mapping[str, tuple[str, ...]]:
    """{"up_to": ("up to", "at most", ...), ...} of the files in a package, or of one table in them; read once.

    A list that is written as one text is its words.
    """
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(resources.files(package).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            data = tomllib.loads(file.read_text(encoding="utf-8"))
            for name, listed in (data.get(table, {}) if table else data).items():
                found[name] = (*found.get(name, ()), *(listed.split() if isinstance(listed, str) else listed))
    return found
