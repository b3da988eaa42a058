"""Whether a sentence about several items of one list, or rows of one table, gives each what is its own. Pure.

In: the sentence, the items, which of them were quoted for it. Out: what it gives to another item, "" when it agrees
with all of them, None when it is not about quoted items and others besides: "three days for a move" of "wedding: 3
days" and "move: 1 day".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from knowledge.text.contradiction import content
from knowledge.text.figures_alike import may_stand_for
from knowledge.text.quantities import Quantity, quantities

LONGEST = 600  # characters of a sentence that is read for it; guess
FEWEST = 2  # words and figures by which one of several items is meant; guess
_PARTS = re.compile(r"[,;]\s|\s(?:and|und|et|y|ve)\s")  # each may speak of another item
_WORD = re.compile(r"[^\W\d_]+")
_MARK = re.compile(r"\A(?:[^\w\s|]|\(?\d{1,3}[.)])\s+")


class _Sign(NamedTuple):
    """A word or figure of a sentence that some of the items have, but not all."""

    start: int
    part: int  # of the sentence
    written: str
    items: frozenset[int]
    column: int  # which figure of its item; -1: a word


def given_to_another(claim: str, items: Sequence[str], quoted: Collection[int]) -> str | None:
    """The word or figure that a sentence gives to another item than its own.

    >>> given_to_another("1 day for a wedding, 3 for a move", ["wedding: 3 days", "move: 1 day"], {1})
    '1 day'
    """
    if len(claim) > LONGEST:
        return None
    bare = [_MARK.sub("", item) for item in items]
    runs: list[tuple[frozenset[int], list[_Sign]]] = []  # neighbours that one item has
    for sign in (sign for n, part in enumerate(_PARTS.split(claim)) for sign in _signs(n, part, bare)):
        if runs and (both := runs[-1][0] & sign.items):
            runs[-1] = both, [*runs[-1][1], sign]
        else:
            runs.append((sign.items, [sign]))
    counted = [len(_figures(item)) for item in bare]
    told = [(n, signs) for one, signs in runs if len(one) == 1 for n in one]
    named = {n for n, signs in told if not counted[n] or any(sign.column >= 0 for sign in signs)}
    if not all(one for one, _ in runs) or not named & {*quoted} or not named - {*quoted}:
        return None
    for (one, signs), (other, behind) in pairwise(runs):
        mine, theirs = ([s for s in own if not s.items & rest] for own, rest in ((signs, other), (behind, one)))
        size = (min if signs[-1].part == behind[0].part else max)(len(mine), len(theirs))
        if not mine or not theirs or size >= FEWEST or not all(counted[n] for n in one | other):
            continue
        near = sorted((mine[-1], theirs[0]), key=lambda sign: sign.column)
        if near[0].column != near[1].column:
            return near[1].written
    sizes = Counter(n for n, signs in told for _ in signs)
    is_clear = all(size >= FEWEST or counted[n] < FEWEST for n, size in sizes.items())
    is_apart = all(signs[-1].part != behind[0].part for (_, signs), (_, behind) in pairwise(runs))
    return "" if is_clear and is_apart else None


def _figures(text: str) -> list[Quantity]:
    return [figure for figure in quantities(text) if figure.kind != "weak"]


def _signs(n: int, part: str, items: Sequence[str]) -> list[_Sign]:
    """In order; a figure that no item has comes with none."""
    read, signs = list(map(_figures, items)), list[_Sign]()
    known_units = {f.unit for own in read for f in own} - {None}
    for figure in _figures(part):
        columns = {
            item: at
            for item, own in enumerate(read)
            for at, one in enumerate(own)
            if may_stand_for(figure, one) and (one.unit or figure.unit not in known_units)
        }
        written = part[figure.start : figure.end].strip()
        signs.append(_Sign(figure.start, n, written, frozenset(columns), max(columns.values(), default=-1)))
    contents = [content(item) for item in items]
    for word in _WORD.finditer(part):
        having = frozenset(item for item, own in enumerate(contents) if content(word[0]) & own)
        if having and not any(figure.start <= word.start() < figure.end for figure in quantities(part)):
            signs.append(_Sign(word.start(), n, word[0], having, -1))
    return sorted((sign for sign in signs if len(sign.items) < len(items)), key=lambda sign: sign.start)
