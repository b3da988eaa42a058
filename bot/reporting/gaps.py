"""What the manual lacks: refused and down-voted questions, like ones together, by the section that comes nearest. Pure.

In: questions, and a function that says how alike texts are. Out: JSON-ready groups, the largest first. The nearest
section of a question that the manual does not answer is half chance: alike questions are brought together first, and
their commonest nearest section names them. What was refused lacks an answer, what was answered and voted down has a
wrong one: they are not mixed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Alike = Callable[[Sequence[str]], Sequence[Sequence[float]]]  # n texts -> n rows of n cosines

# cosine to the mean member from which a question joins a group; measured: python -m tests.eval.likeness
ALIKE = 0.5
MOST = 1_000  # questions that are grouped, the newest; guess
EXAMPLES = 3
SECTIONS = 25  # sections that are told; guess


@dataclass(frozen=True, slots=True)
class Unmet:
    """A question that was refused or voted down."""

    id: str
    text: str
    section: str  # nearest; "" where nothing came near
    refused: bool
    down: bool


def gaps(unmet: Sequence[Unmet], alike: Alike) -> list[dict[str, Any]]:
    """Sections by how many unmet questions they have, each with its groups of alike questions and three examples."""
    kept = unmet[:MOST]
    by_section: dict[str, list[list[Unmet]]] = {}
    refused, down = [one for one in kept if one.refused], [one for one in kept if not one.refused]
    for group in (*together(refused, alike), *together(down, alike)):
        nearest = Counter(one.section for one in group).most_common(1)[0][0]
        by_section.setdefault(nearest, []).append(group)
    rows: list[dict[str, Any]] = [
        {"section": section or None, **_counts([one for group in groups for one in group]), "groups": _told(groups)}
        for section, groups in by_section.items()
    ]
    return sorted(rows, key=lambda row: (-row["questions"], row["section"] or ""))[:SECTIONS]


def together(unmet: Sequence[Unmet], alike: Alike) -> list[list[Unmet]]:
    """Each question joins the group whose members it is most like on average, or opens one."""
    texts = [" ".join(one.text.casefold().split()) for one in unmet]
    cosines = alike(texts) if texts else ()
    groups: list[list[int]] = []
    for n in range(len(unmet)):
        row = cosines[n]
        near = [sum(row[m] for m in group) / len(group) for group in groups]
        best = max(range(len(groups)), key=near.__getitem__, default=None)
        if best is not None and near[best] >= ALIKE:
            groups[best].append(n)
        else:
            groups.append([n])
    return [[unmet[n] for n in group] for group in groups]


def _counts(group: Sequence[Unmet]) -> dict[str, int]:
    return {
        "questions": len(group),
        "refused": sum(one.refused for one in group),
        "down": sum(one.down for one in group),
    }


def _told(groups: Sequence[Sequence[Unmet]]) -> list[dict[str, Any]]:
    """The largest first, with different wordings as examples."""
    rows: list[dict[str, Any]] = []
    for group in groups:
        wordings = {" ".join(one.text.casefold().split()): one for one in reversed(group)}
        examples = [{"id": one.id, "question": one.text} for one in list(wordings.values())[::-1][:EXAMPLES]]
        rows.append({**_counts(group), "examples": examples})
    return sorted(rows, key=lambda row: -row["questions"])
