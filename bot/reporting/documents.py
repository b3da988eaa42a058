"""What the documents' owner has to look at: superseded, stale and owner-less documents. Pure.

In: the live documents with what they state, and those whose file has changed. Out: JSON-ready rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.answering.editions import replaced

if TYPE_CHECKING:
    from knowledge.catalog.reading import Stated


def superseded(documents: Sequence[Stated], today: date) -> dict[str, str]:
    """The path of the edition in force, for each document that an edition in force today has replaced."""
    return replaced(((one.path, one.title, one.version, one.effective) for one in documents), today)


def wanting(collections: Mapping[str, tuple[Sequence[Stated], Collection[str]]], today: date) -> dict[str, Any]:
    """The documents of all collections, (stated, stale) each, that somebody has to look at."""
    rows: dict[str, list[dict[str, Any]]] = {"superseded": [], "stale": [], "without_owner": []}
    for name, (stated, stale) in collections.items():
        replaced = superseded(stated, today)
        for one in stated:
            row = {"collection": name, "document": one.path, "title": one.title}
            if one.path in replaced:
                rows["superseded"].append({**row, "by": replaced[one.path]})
            if one.path in stale:
                rows["stale"].append(row)
            if not one.owner and one.path not in replaced:
                rows["without_owner"].append(row)
    return rows
