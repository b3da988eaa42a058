"""The sums that a text writes out: "(6,000 + 1,200) x 14/24 = 4,200 euros". Pure.

In: a text; out: its sums, each with the figure that it is said to come to: behind "=" or a word for it, before it or
before brackets ("84 (2 × 28 + 2 × 14)").
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.text.figures_alike import DAYS, may_stand_for
from knowledge.text.quantities import Quantity, quantities
from knowledge.text.words import data_file

MOST = 24  # figures of a text that may be parts of sums; guess
MOST_TOKENS = 4 * MOST  # figures, signs and brackets that are read; guess
CENT = 0.005  # by how much a result may be rounded; guess
ROUNDED = 0.01  # share of it by which a sum that is written out may be, and still be no wrong one; guess
_Token = Quantity | str  # a figure, one of "+-*/=()", or "?" for other words


@dataclass(frozen=True, slots=True)
class Sum:
    """Figures with signs between them, and the figure that they are said to come to."""

    parts: tuple[_Token, ...]
    figure: Quantity
    is_equated: bool = False  # nothing more is reckoned behind it

    @property
    def is_right(self) -> bool:
        """Whether it comes to the figure, to the cent."""
        return any(abs(value - (self.figure.number or 0.0)) <= CENT for value in self._values(self.parts))

    @property
    def is_wrong(self) -> bool:
        """Whether it is far from an equated figure of its unit, whatever signs are none ("5 days - 3 × 2 = 6").

        Never where a part has another unit ("2 × 90 minutes = 3 hours") or is a name's number ("4 hours in week 1").
        """
        addends, wanted = self._addends(), unit_of(self.figure)
        units = [{unit_of(one) for one in factors} - {"%"} for factors in addends]
        is_named = any(one.kind == "ordinal" for factors in addends for one in factors)
        is_alike = all(wanted in of or of <= {None} for of in units)
        if not self.is_equated or is_named or not is_alike:
            return False
        starts = (n for n in range(len(self.parts) - 1) if n == 0 or self.parts[n - 1] in ("+", "-"))
        end, found = self.figure.number or 0.0, [value for n in starts for value in self._values(self.parts[n:])]
        return bool(found) and all(abs(value - end) > max(CENT, ROUNDED * abs(end)) for value in found)

    def _values(self, parts: Sequence[_Token]) -> list[float]:
        """What these may come to: "- 2 x 40%" may be a share of what stands before it, or 80%."""
        readings = (_value(parts, in_percent=self.figure.unit == "%", of_total=of_total) for of_total in (False, True))
        return [value for value in readings if value is not None]

    def rests_on(self, is_known: Callable[[Quantity], bool]) -> bool:
        """Whether of each addend one factor is known, and all in the unit of what it comes to."""
        return all(
            any(map(is_known, factors)) and all(is_known(one) for one in factors if unit_of(one) == self.unit != "%")
            for factors in self._addends()
        )

    @property
    def unit(self) -> str:
        """The unit of what it comes to, or else of a part; "%" where none has another."""
        units = (unit_of(one) for one in (self.figure, *self.parts) if isinstance(one, Quantity))
        return next((unit for unit in units if unit not in (None, "%")), "%") or "%"

    def _addends(self) -> list[list[Quantity]]:
        """Its figures between plus and minus; brackets count for nothing."""
        found: list[list[Quantity]] = [[]]
        for one in self.parts:
            if isinstance(one, Quantity):
                found[-1].append(one)
            elif one in "+-":
                found.append([])
        return found


def sums(text: str) -> Iterator[Sum]:
    """The sums of a text, from left to right."""
    tokens = _tokens(text)
    for n, (before, sign, behind) in enumerate(zip(tokens, tokens[1:], [*tokens[2:], "?"], strict=False), 1):
        if sign in ("=", "("):
            right = _longest(tokens[n + 1 :], from_end=False)
            if isinstance(before, Quantity) and right:
                yield Sum(right, before)
            left = _longest(tokens[:n], from_end=True) if sign != "(" else ()
            if isinstance(behind, Quantity) and left:
                yield Sum(left, behind, is_equated=not right)


def worked_out(text: str, known: Collection[Quantity]) -> list[Quantity]:
    """The figures that its sums rightly give, of figures that are known: the 160 of "two times 80 is 160"."""
    right: list[Quantity] = []
    for one in sums(text):

        def is_known(part: Quantity, unit: str | None = one.unit) -> bool:
            alike = (k for k in (*known, *right) if {unit_of(part), unit_of(k)} <= {unit, None, "%"})
            return any(may_stand_for(part, k) for k in alike)

        if one.is_right and one.rests_on(is_known):
            right.append(one.figure)
    return right


def miscounted(text: str) -> str:
    """What a sum written out with "=" is said to come to and does not, as written; "" where all are right."""
    wrong = (text[one.figure.start : one.figure.end].strip() for one in sums(text) if one.is_wrong)
    return next(wrong, "")


def _longest(tokens: Sequence[_Token], *, from_end: bool) -> tuple[_Token, ...]:
    """The longest sum at the beginning or the end of these; () where there is none."""
    for size in range(len(tokens), 2, -1):
        start = len(tokens) - size if from_end else 0
        parts = tuple(tokens[start : start + size])
        behind = 0 if parts[0] == "(" and start and isinstance(tokens[start - 1], Quantity) else 1
        is_aside = parts[behind] == "(" and _closing(parts, behind) == size - 1  # brackets that explain a figure
        if not is_aside and any(sign in parts for sign in "+-*/") and _value(parts) is not None:
            return parts
    return ()


def _value(parts: Sequence[_Token], *, in_percent: bool = False, of_total: bool = True) -> float | None:
    """What a sum comes to; None for what is none. `of_total`: a share is added of what stands before ("42 - 20%")."""
    terms: list[float] = []
    is_share: list[bool] = []  # of each term: nothing in it has a unit, and a share is in it
    sign, is_open, n = "", True, 0  # what stands before the next figure; whether one is to come
    while n < len(parts):
        one = parts[n]
        end = _closing(parts, n) if one == "(" else n
        share = 0.0
        if is_open and isinstance(one, Quantity):
            share = 0.0 if in_percent else share_of(one)
            number: float | None = share or one.number
        elif is_open and one == "(":
            number = _value(parts[n + 1 : end], in_percent=in_percent, of_total=of_total)
        elif one == "(" and end > n:  # behind a figure they say something of it
            n = end + 1
            continue
        elif not is_open and isinstance(one, str) and one in "+-*/":
            sign, is_open, n = one, True, n + 1
            continue
        else:
            return None
        if number is None or (sign == "/" and not number):
            return None
        is_bare = isinstance(one, Quantity) and unit_of(one) in (None, "%")
        if sign in ("*", "/"):
            terms.append(terms.pop() * (number if sign == "*" else 1 / number))
            is_share.append((is_share.pop() or share > 0) and is_bare)
        else:
            terms.append(-number if sign == "-" else number)
            is_share.append(share > 0)
        is_open, n = False, end + 1
    if is_open:
        return None
    total = 0.0
    for term, share_term in zip(terms, is_share, strict=True):
        total += term * total if share_term and of_total and total else term
    return total


def _closing(parts: Sequence[_Token], start: int) -> int:
    """Where the bracket ends that begins there; there itself where it doesn't."""
    depth = 0
    for n in range(start, len(parts)):
        depth += (parts[n] == "(") - (parts[n] == ")")
        if depth == 0:
            return n
    return start


def _tokens(text: str) -> list[_Token]:
    """The figures of a text, and what stands before, between and behind them."""
    figures = [f for f in quantities(text) if f.number and f.kind != "weak"][:MOST]
    found: list[_Token] = []
    for before, figure in pairwise([None, *figures, None]):
        between = text[before.end if before else 0 : figure.start if figure else len(text)]
        pieces = re.split(r"([()])", between)
        for piece in pieces:
            if said := piece.strip(" [],"):
                found.append(said if said in "()" else _sign(said, before))
            elif len(pieces) == 1:  # "twice 80"
                found.append("*" if before and before.kind == "ordinal" else "?")
        if figure:  # "(6,000 + 1,200) euros"
            found += [figure, *filter(")".__eq__, text[figure.start : figure.end])]
    return found[:MOST_TOKENS]


def _sign(said: str, before: Quantity | None) -> str:
    """What words or signs stand for, behind what a figure counts ("42 kWh × 0.29 euros")."""
    signs: Mapping[str, Sequence[str]] = data_file("knowledge.text", "quantities.toml")["sums"]
    said = said.casefold()
    if said.startswith("="):
        return "="
    counted, _, last = said.rpartition(" ")
    said = last if counted.isalpha() and (last == "x" or not last.isalnum()) else said
    sign = next((sign for sign, names in signs.items() if said in names), "?")
    if sign == "%":
        return "*" if before and share_of(before) else "?"
    return sign


def unit_of(figure: Quantity) -> str | None:
    """Its unit; a working day is a day."""
    return "day" if figure.unit in DAYS else figure.unit


def share_of(figure: Quantity) -> float:
    """40% as 0.4, a half as 0.5; 0.0 for what is no share."""
    number = figure.number or 0.0
    return number / 100 if figure.unit == "%" else number if figure.kind == "fraction" else 0.0
