"""Where cited words stand among a PDF page's characters: the page's text and the words in, stretches of the page out.

Pure. The words were read by other rules than the page's characters come by: hyphens are joined, ligatures opened,
footnotes moved, table cells put behind their header. So only letters and digits are compared, each with the place it
came from. Rule kept: what is returned stands in the page, and how much of the words it covers is said.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Postfix, Prefix

from knowledge.text.sentences import united

SEED = 6  # letters that must agree before a stretch counts at all; guess
SURE = 16  # letters of a stretch that needs no neighbour: shorter ones occur by chance; guess
NEAR = 200  # letters of the page between a short stretch and a sure one; guess
GAP = 40  # letters between two stretches that are marked as one, such as a footnote's mark; guess
MAX_LETTERS = 200_000  # of a page
MAX_WANTED = 3_000  # letters of one quote
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
    """Stretches of the page's characters (start, end), and the share of the wanted letters in them (0 to 1).

    `rest`: of the wanted text what stands behind all that was found, to be looked for on the next page; "" if little.
    """

    stretches: tuple[tuple[int, int], ...] = ()
    share: float = 0.0
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Equal letters: from `at` in the words and from `place` on the page."""

    at: int
    place: int
    length: int

    def overlaps(self, other: _Piece) -> bool:
        return (self.at < other.at + other.length and other.at < self.at + self.length) or (
            self.place < other.place + other.length and other.place < self.place + self.length
        )

    def near(self, other: _Piece) -> bool:
        ends = (other.place, other.place + other.length)
        return any(abs(self.place - place) <= NEAR for place in ends)


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
    marks = []
    for one in wanted:
        words, places = letters(one.text)
        words = words[:MAX_WANTED]
        pieces = _whole(seen, words, one) if words else []
        if words and not pieces:
            if not seeds:
                for at in range(len(seen) - SEED + 1):
                    starts = seeds.setdefault(seen[at : at + SEED], [])
                    if len(starts) < CANDIDATES:
                        starts.append(at)
            pieces = _in_pieces(seen, words, seeds)
        share = sum(piece.length for piece in pieces) / len(words) if words else 0.0
        behind = max((piece.at + piece.length for piece in pieces), default=0)
        rest = one.text[places[behind] :] if len(words) - behind >= SURE else ""
        stretches = united(((piece.place, piece.place + piece.length) for piece in pieces), GAP)
        marked = [(origin[start], origin[end - 1] + 1) for start, end in stretches]
        marks.append(Marks(tuple(marked), share, rest))
    return marks


def _whole(page: str, words: str, wanted: Wanted) -> list[_Piece]:
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
        above, below = page[max(0, at - CONTEXT) : at], page[end : end + CONTEXT]
        return Postfix.similarity(before, above) + Prefix.similarity(after, below)

    return [_Piece(0, max(places, key=alike), len(words))]


def _in_pieces(page: str, words: str, seeds: dict[str, list[int]]) -> list[_Piece]:
    """Pieces of the words that stand on the page, long ones first; short ones only beside a long one."""
    pieces = [
        _Piece(at, place, Prefix.similarity(words[at:], page[place : place + len(words) - at]))
        for at in range(len(words) - SEED + 1)
        for place in seeds.get(words[at : at + SEED], ())
        if not (at and place and words[at - 1] == page[place - 1])  # else it is part of a longer one
    ]
    pieces.sort(key=lambda piece: (-piece.length, piece.at, piece.place))
    chosen: list[_Piece] = []
    for piece in pieces:
        if piece.length < SURE and not any(piece.near(other) for other in chosen if other.length >= SURE):
            continue
        if not any(piece.overlaps(other) for other in chosen):
            chosen.append(piece)
    return chosen
