"""A sentence -> the same sentence with one fact changed: number, date, unit, name, negation or modal.

Used by tests/bot/test_support.py and `python -m tests.eval.measure_check SETS`; figures in docs/lab.
Deterministic: what is changed depends on the text and the seed only.
"""
# ruff: noqa: SIM905, E501 - cases read best on one line

import random
import re
from collections.abc import Iterator

_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|[-.,:/]\w)")
_MARK = re.compile(r"^\s*(?:[-*•>]\s+|\(?\d{1,3}[.)]?\s+)+|\s*\[\d+\]")  # list marks, footnote numbers, references
_WORD_NUMBERS = "two three four five six seven eight nine ten twelve fifteen twenty thirty sixty ninety".split()
_SPELLED = re.compile(rf"\b(?:{'|'.join(_WORD_NUMBERS)})\b", re.I)
_MONTH_NAMES = "January February March April June July August September October November December".split()
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTH_NAMES)})\b")
_DAY = re.compile(rf"\b((?:{'|'.join(_MONTH_NAMES)}) )(\d{{1,2}})\b")
_UNIT_SWAPS = {
    "seconds": "minutes", "minutes": "hours", "hours": "days", "days": "weeks", "weeks": "months", "months": "years",
    "years": "months", "minute": "hour", "hour": "day", "day": "week", "week": "month", "month": "year", "year": "month",
    "percent": "dollars", "dollars": "euros", "MB": "GB", "GB": "MB", "miles": "feet", "feet": "miles", "bits": "bytes",
    "bytes": "bits", "pounds": "ounces",
}  # fmt: skip
_UNIT = re.compile(rf"(?<=\d)([ -]?)({'|'.join(_UNIT_SWAPS)})\b")
_SIGN = re.compile(r"[$€£](?=\d)")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][A-Za-z]*[a-z][A-Za-z]*(?: [A-Z][a-z]+)*|(?<=[a-z,] )[A-Z]{2,6}\b")
_NEGATION = [
    (
        re.compile(r"\b(must|shall|should|may|can|could|will|would|is|are|was|were|does|do|did|has|have|had) not\b"),
        r"\1",
    ),
    (re.compile(r"\b(does|do|did|is|are|was|were|should|would|could)n't\b"), r"\1"),
    (re.compile(r"\bcannot\b"), "can"),
    (re.compile(r"\bcan't\b"), "can"),
    (re.compile(r"\bwon't\b"), "will"),
    (re.compile(r"\bnever\b"), "always"),
    (re.compile(r"\bwithout\b"), "with"),
    (re.compile(r"\bunless\b"), "if"),
    (re.compile(r"\bexcept\b"), "including"),
    (re.compile(r"\b(must|shall|should|may|can|will|is|are|was|were)\b(?! not|n't|not)"), r"\1 not"),
]
_MODAL = [
    (re.compile(r"\b(?:must|shall)\b"), "may"),
    (re.compile(r"\bmay\b"), "must"),
    (re.compile(r"\bshould\b"), "must"),
    (re.compile(r"\bcan\b"), "must"),
    (re.compile(r"\b(is|are) required to\b"), r"\1 allowed to"),
    (re.compile(r"\b(is|are) required\b"), r"\1 optional"),
    (re.compile(r"\b(is|are) (?:allowed|permitted)\b"), r"\1 required"),
    (re.compile(r"\b(?:need|needs|have|has) to\b"), "may"),
]
_BOUND_SWAPS = {
    "at least": "at most", "at most": "at least", "up to": "at least", "more than": "less than", "over": "under",
    "less than": "more than", "fewer than": "more than", "within": "after", "after": "before", "before": "after",
    "no later than": "no earlier than", "no earlier than": "no later than", "until": "from", "above": "below",
    "below": "above", "minimum": "maximum", "maximum": "minimum", "or more": "or less", "or less": "or more",
    "earliest": "latest", "latest": "earliest", "exceeds": "falls below", "not exceed": "exceed",
    "longer than": "shorter than", "and over": "and under", "and above": "and below", "or fewer": "or more",
}  # fmt: skip
_FIGURE = rf"[$€£]?(?:\d|(?:{'|'.join(_WORD_NUMBERS + _MONTH_NAMES)})\b)"
_BOUND = re.compile(
    rf"\b(?<!not )(?<!no )(?:{'|'.join(sorted(_BOUND_SWAPS, key=len, reverse=True))})\b(?=(?: (?:of|a|the|than|after))* {_FIGURE})"
    r"|(?<=\d )(?:or more|or less|or fewer|and over|and above)\b|(?<=days )(?:or more|or less|before|after)\b"
)
KINDS = ("number", "number_elsewhere", "date", "unit", "name", "name_elsewhere", "bound", "negation", "modal")


def perturb(sentence: str, passage: str, names: list[str], seed: int) -> Iterator[tuple[str, str]]:
    """(kind, changed sentence), at most one a kind. `names` are names of other passages."""
    rng = random.Random(f"{seed}{sentence}")
    sentence = _MARK.sub("", sentence)
    months = [m.span() for m in _DAY.finditer(sentence)]
    numbers = [m for m in _NUMBER.finditer(sentence) if not any(a <= m.start() < b for a, b in months)]
    if numbers:
        at = rng.choice(numbers)
        yield "number", _put(sentence, at, _other_number(at.group(), rng))
        present = {m.group() for m in _NUMBER.finditer(sentence)}
        others = sorted({m.group() for m in _NUMBER.finditer(passage)} - present)
        if others:
            yield "number_elsewhere", _put(sentence, at, rng.choice(others))
    elif spelled := list(_SPELLED.finditer(sentence)):
        at = rng.choice(spelled)
        yield "number", _put(sentence, at, rng.choice([w for w in _WORD_NUMBERS if w != at.group().lower()]))
    if days := list(_DAY.finditer(sentence)):
        at = rng.choice(days)
        yield "date", _put(sentence, at, at.group(1) + str(int(at.group(2)) % 28 + 1))
    elif found := list(_MONTH.finditer(sentence)):
        at = rng.choice(found)
        yield "date", _put(sentence, at, rng.choice([m for m in _MONTH_NAMES if m != at.group()]))
    if units := list(_UNIT.finditer(sentence)):
        at = rng.choice(units)
        yield "unit", _put(sentence, at, at.group(1) + _UNIT_SWAPS[at.group(2)])
    elif signs := list(_SIGN.finditer(sentence)):
        at = rng.choice(signs)
        yield "unit", _put(sentence, at, "€" if at.group() != "€" else "$")
    if own := list(_NAME.finditer(sentence)):
        at = rng.choice(own)
        others = [n for n in names if n not in passage]
        if others:
            yield "name", _put(sentence, at, rng.choice(others))
        near = sorted({m.group() for m in _NAME.finditer(passage)} - {m.group() for m in own})
        near = [n for n in near if n not in sentence]
        if near:
            yield "name_elsewhere", _put(sentence, at, rng.choice(near))
    if bounds := list(_BOUND.finditer(sentence)):
        at = rng.choice(bounds)
        yield "bound", _put(sentence, at, _BOUND_SWAPS[at.group()])
    for kind, rules in (("negation", _NEGATION), ("modal", _MODAL)):
        for pattern, replacement in rules:
            if match := pattern.search(sentence):
                changed = sentence[: match.start()] + match.expand(replacement) + sentence[match.end() :]
                yield kind, changed
                break


def names_of(text: str) -> list[str]:
    return [m.group() for m in _NAME.finditer(text)]


def _put(sentence: str, at: re.Match[str], text: str) -> str:
    return sentence[: at.start()] + text + sentence[at.end() :]


def _other_number(number: str, rng: random.Random) -> str:
    value = float(number.replace(",", ""))
    changed = rng.choice([value + 1, value * 2 if value else 3, value + 10, max(value - 1, 0) if value else 7])
    if changed == value:
        changed = value + 5
    return f"{changed:g}" if "." in number else f"{int(changed):,}" if "," in number else str(int(changed))
