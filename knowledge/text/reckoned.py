"""Which figures of a sentence are rightly worked out from others: the 70 of "for 200 km, that's 70 euros". Pure.

In: a text and what is known; out: its figures that one sum, difference, product, quotient or percentage of two others
gives, with those that it takes for its example. Only of a sentence that says that it reckons ([reckons] of figures/).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from knowledge.text.figures_alike import DAYS, may_stand_for
from knowledge.text.quantities import Quantity, quantities
from knowledge.text.words import LANGUAGES, data_file
from knowledge.text.words import spelt as words

MOST = 12  # figures of a sentence, and of what it goes on from, that are worked with; guess
CENT = 0.005  # by how much a result may be rounded; guess
_FORMULA = re.compile(r"\d\s?[%€]?\s?[=+−–×*/-]\s?[€$£]?\d")


def reckoned(text: str, beside: str, known: Collection[Quantity]) -> list[Quantity]:
    """The figures of a text that follow from the known ones and those it is about; [] where it doesn't say so.

    `beside`: what the text goes on from, and the question. A figure that is only taken for the example is no share and
    stands before what comes of it.
    """
    own = [f for f in quantities(text) if f.number and f.kind != "weak"]
    if len(own) > MOST or not _reckons(text):
        return []
    new = [f for f in own if not any(may_stand_for(f, one) for one in known)]
    there = list({(f.kind, f.value, f.unit): f for f in known if f.number}.values())
    asked = [f for f in quantities(beside) if f.number]
    named = [*own, *asked[:MOST], *[f for f in there if _share(f)][:MOST]]
    right: dict[Quantity, None] = {}
    for _ in new:  # "19.20 euros (32 − 12.80)": one comes of another
        for figure in (f for f in new if f not in right):
            sure = [f for f in (*there, *own) if f not in new or f in right]
            given = [f for f in named if f not in new or f in right or (f.end <= figure.start and not _share(f))]
            taken = [f for f in given if f in new and f not in right]  # for the example: nothing is added to it
            of = next((o for o in given for other in sure if _gives(o, other, figure, sums=o not in taken)), None)
            if of is not None:
                right |= dict.fromkeys((figure, of) if of in new else (figure,))
    return list(right)


def _gives(one: Quantity, other: Quantity, figure: Quantity, *, sums: bool) -> bool:
    """Whether a figure is what comes of two others, in the unit that it has to have."""
    unit, wanted = _unit(figure), figure.number or 0.0
    results = _results(one, other, sums=sums, products=unit is not None)
    return any((unit == of or None in (unit, of)) and abs(n - wanted) <= CENT for n, of in results)


def _results(one: Quantity, other: Quantity, *, sums: bool, products: bool) -> Iterator[tuple[float, str | None]]:
    """What may come of two figures, each with its unit: of what kinds is said, but for a share of one."""
    (a, of_a), (b, of_b) = ((f.number or 0.0, _unit(f)) for f in (one, other))
    if (share := _share(one)) and not _share(other):
        yield from ((share * b, of_b), (b - share * b, of_b))
    elif sums and (of_a == of_b or None in (of_a, of_b)):
        yield from ((a + b, of_a or of_b), (abs(a - b), of_a or of_b))
    if products and of_a != of_b and not _share(one) and not _share(other):
        yield from ((a * b, of_a), (a * b, of_b), (a / b, of_a), (b / a, of_b))


def _share(figure: Quantity) -> float:
    """40% as 0.4, a half as 0.5; 0.0 for what is no share."""
    number = figure.number or 0.0
    return number / 100 if figure.unit == "%" else number if figure.kind == "fraction" else 0.0


def _unit(figure: Quantity) -> str | None:
    return "day" if figure.unit in DAYS else figure.unit


def _reckons(text: str) -> bool:
    """Whether it shows a sum, or says that it is an example or what comes of something."""
    said = f" {' '.join(words(text))} "
    return _FORMULA.search(text) is not None or any(f" {sign} " in said for sign in _signs())


@cache
def _signs() -> Sequence[str]:
    files = [data_file("knowledge.text", f"figures/{code}.toml") for code in LANGUAGES]
    return [" ".join(words(sign)) for file in files for sign in file["reckons"]]
