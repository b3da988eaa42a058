"""A passage -> its sentences, list items and table rows, each read for what it claims. Pure.

The rule kept: an item is read with its lead-in, a row with its header; text flagged as instructions is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from bot.check.facts import Facts, facts, governed
from knowledge.text.words import Unit, units
from knowledge.types import Passage


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence, item or row of a passage, read together with its lead-in or header."""

    start: int
    end: int
    facts: Facts
    words: frozenset[str]
    bag: Counter[str]  # its words as they stand, counted
    plain: str  # normalised, without its lead-in
    is_row: bool


@dataclass(frozen=True, slots=True)
class Source:
    """A passage read once for many sentences."""

    parts: tuple[Part, ...]  # without flagged ones
    words: frozenset[str]
    found: frozenset[tuple[str, float | str]]  # kinds and values of all facts
    digits: frozenset[str]
    around: frozenset[str]  # words of title and section: known context of every sentence


def source(passage: Passage) -> Source:
    """The passage, read; remembered, as consecutive questions meet the same passages."""
    return _source(passage.text, passage.flagged, " ".join((passage.title, *passage.section)))


@lru_cache(maxsize=256)
def _source(text: str, flagged: tuple[tuple[int, int], ...], around: str) -> Source:
    parts: list[Part] = []
    lead = ""  # of the current list, or the header of the current table
    group = -1
    last: Unit | None = None
    for unit in units(text):
        own = text[unit.start : unit.end]
        if unit.group != group:
            before = text[last.start : last.end] if last is not None else ""
            if unit.kind == "item":
                lead = before if last is not None and last.kind == "sentence" and len(before) < 400 else ""
            else:
                lead = ""
            group = unit.group
        bad = any(unit.start < end and start < unit.end for start, end in flagged)
        if not bad:
            if unit.kind == "item":
                read_ = facts(own, lead, governed(lead) if lead else None)
            else:
                read_ = facts(f"{own} | {lead}" if lead else own)
            parts.append(
                Part(
                    unit.start,
                    unit.end,
                    read_,
                    read_.vocabulary | {w for w, _ in read_.words},
                    Counter(read_.plain.split()),
                    facts(own).plain if lead else read_.plain,
                    unit.kind == "row",
                )
            )
        if unit.kind == "row" and not lead and not bad:
            lead = own
        last = unit
    words = frozenset().union(*(p.words for p in parts)) if parts else frozenset()
    found = [f for p in parts for f in p.facts.found]
    return Source(
        tuple(parts),
        words,
        frozenset((f.kind, f.value) for f in found),
        frozenset(d for f in found if (d := digits(f.text))),
        frozenset(facts(around).vocabulary),
    )


def digits(text: str) -> str:
    """The digits of a figure, separators of thousands gone."""
    return re.sub(r"[^\d.]", "", text).strip(".")
