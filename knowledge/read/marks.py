"""Where cited words stand among a PDF page's characters: the page's text and the words in, stretches of the page out.

Pure. The words were read by other rules than the page's characters come by: hyphens are joined, ligatures opened,
footnotes moved, table cells put behind their header. So only letters and digits are compared, each with the place it
came from. Rule kept: what is returned stands in the page, and how much of the words it covers is said.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

SEED = 6  # letters that must agree before a stretch counts at all; guess
SURE = 16  # letters of a stretch that needs no neighbour: shorter ones occur by chance; guess
NEAR = 200  # letters of the page between a short stretch and a sure one; guess
GAP = 40  # letters between two stretches that are marked as one, such as a footnote's mark; guess
MAX_LETTERS = 200_000  # of a page
CANDIDATES = 50  # places looked at for one seed
CONTEXT = 60  # letters before and behind that tell equal places apart


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words to find, and what stands before and behind them where they were read."""

    text: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """Stretches of the page's characters (start, end), and the share of the wanted letters in them (0 to 1)."""

    stretches: tuple[tuple[int, int], ...] = ()
    share: float = 0.0


def letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text, folded, and for each the place of the character that it came from."""
    folded: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(text):
        if character.isascii():
            if character.isalnum():
                folded.append(character.lower())
                origin.append(at)
            continue
        for one in unicodedata.normalize("NFKD", character).casefold():
            if one.isalnum():
                folded.append(one)
                origin.append(at)
    return "".join(folded), origin


def find(page: str, wanted: Sequence[Wanted]) -> list[Marks]:
    """For each of the wanted words where they stand on the page."""
    seen, origin = letters(page)
    seen = seen[:MAX_LETTERS]
    seeds: dict[str, list[int]] = {}
    found = []
    for one in wanted:
        words = letters(one.text)[0]
        stretches = _whole(seen, words, one) if words else []
        if words and not stretches:
            if not seeds:
                for at in range(len(seen) - SEED + 1):
                    places = seeds.setdefault(seen[at : at + SEED], [])
                    if len(places) < CANDIDATES:
                        places.append(at)
            stretches = _in_pieces(seen, words, seeds)
        share = sum(length for _, _, length in stretches) / len(words) if words else 0.0
        marked = [(origin[start], origin[end - 1] + 1) for start, end in _joined(stretches)]
        found.append(Marks(tuple(marked), min(1.0, share)))
    return found


def _whole(page: str, words: str, wanted: Wanted) -> list[tuple[int, int, int]]:
    """The one place where all the words stand as they are; of several that with the most alike around it."""
    places: list[int] = []
    at = page.find(words)
    while at >= 0 and len(places) < CANDIDATES:
        places.append(at)
        at = page.find(words, at + 1)
    if not places:
        return []
    before, after = letters(wanted.before)[0][-CONTEXT:], letters(wanted.after)[0][:CONTEXT]

    def alike(at: int) -> int:
        end = at + len(words)
        return _common(before[::-1], page[max(0, at - CONTEXT) : at][::-1]) + _common(after, page[end : end + CONTEXT])

    best = max(places, key=alike)
    return [(best, best + len(words), len(words))]


def _common(one: str, other: str) -> int:
    """How many characters are the same from the start."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _in_pieces(page: str, words: str, seeds: dict[str, list[int]]) -> list[tuple[int, int, int]]:
    """Stretches of the words that stand on the page, each as long as it goes: sure ones, and short ones beside them."""
    pieces: list[tuple[int, int]] = []  # (place on the page, length)
    at, expected = 0, 0
    while at <= len(words) - SEED:
        rest = words[at:]
        longest = max(
            ((_common(rest, page[place : place + len(rest)]), -abs(place - expected), place)
             for place in seeds.get(rest[:SEED], ())),
            default=None,
        )  # fmt: skip
        if longest is None:
            at += 1
            continue
        length, _, place = longest
        pieces.append((place, length))
        at += length
        expected = place + length
    sure = [place for place, length in pieces if length >= SURE]
    ends = [place + length for place, length in pieces if length >= SURE]
    return sorted(
        (place, place + length, length)
        for place, length in pieces
        if length >= SURE or any(abs(place - other) <= NEAR for other in (*sure, *ends))
    )


def _joined(stretches: Sequence[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Stretches of the page's letters with small gaps closed."""
    joined: list[tuple[int, int]] = []
    for start, end, _ in stretches:
        if joined and start - joined[-1][1] <= GAP:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
