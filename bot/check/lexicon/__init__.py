"""The few words that the check knows, one file a language, all languages read as one.

light: may be added to a copied sentence · hinges: change what a sentence says when they come or go (not, unless, only)
· leaning: a sentence that opens so leans on the one before · verdicts: answer a yes-or-no question · applied: a rule is
applied to the asker's case · talk: whole sentences that claim nothing · silent, manual: "the manual does not say"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words and phrases, lower case; a value that is one text in the file is a set of words here."""

    light: frozenset[str]
    hinges: frozenset[str]
    leaning: frozenset[str]
    verdicts: frozenset[str]
    applied: frozenset[str]
    talk: frozenset[str]
    silent: frozenset[str]
    manual: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """All languages together; read once."""
    merged: dict[str, set[str]] = {field.name: set() for field in fields(Lexicon)}
    for entry in resources.files(__name__).iterdir():
        if entry.name.endswith(".toml"):
            for key, value in tomllib.loads(entry.read_text(encoding="utf-8")).items():
                merged[key].update(value.split() if isinstance(value, str) else value)
    return Lexicon(**{key: frozenset(values) for key, values in merged.items()})
