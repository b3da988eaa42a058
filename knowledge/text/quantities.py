"""The figures of a text by value: "three days", "drei Tage" and "3 days" are one. Pure; linear in the text.

Reads digits and number words of the languages in figures/*.toml, with units, money, percentages, dates, times,
ordinals, fractions, and identifiers (addresses, codes, long numbers). numbers[n] in a file is the word for n;
`hundreds` multiply, `joins` stand between ("two hundred and ten"), `weak` words are articles as often as numbers,
`ambiguous` words count only before a unit. A value that can be read in two ways ("1.000", "05/01/2026") has both,
parted by "|".
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

LARGEST = 10**12  # a larger number is an identifier
MOST_BETWEEN = 2  # words between a number and its unit: "25 paid vacation days"

_IDENTIFIER = re.compile(
    r"(?P<email>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})|(?P<url>(?:https?://|www\.)[^\s<>\"')\]]{1,300})"
    r"|(?<![\w.,-])(?P<code>\d+(?:-\d+){2,}|\+\d[\d ()/-]{6,18}\d|[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?"
    r"|\d{7,}|\d{4}(?:[ -]\d{4}){3}|(?:[A-Z]{1,4} )?\d{2,}-\d+[A-Z]?)(?![\w-])"
)
_ISO = re.compile(
    r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?![\w-])|(?<![\w.,/-])(\d{1,2})([./])(\d{1,2})\5(\d{4})(?![\w/-])"
)
_TOKEN = re.compile(r"\d+(?:[.,:’']\d+)*(?:[\u00a0\u202f]\d{3})*|[ap]\.m\.?|o['’]clock|[^\W\d_]+|[€$£₺%]", re.I)
_MONEY = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "₺": "TRY",
    "%": "%",
    "eur": "EUR",
    "usd": "USD",
    "gbp": "GBP",
    "yüzde": "%",
}
_SUFFIX = frozenset(("st", "nd", "rd", "th", "er", "ère", "ème", "e", "º", "ª"))
_OF = frozenset(("of", "de", "the"))
_ENDS_COUNT = frozenset(  # words behind which no unit of the number before them can stand: "two times per year"
    ("of", "per", "a", "an", "the", "to", "in", "and", "or", "for", "from", "pro", "par", "por", "de", "je", "und")
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """`kind`: number, date, time, ordinal, fraction, code or weak. `unit`: day, working_day, EUR, % ...; None: none.

    `value`: a number without separators, "2026-05-01" with "*" for what is not said, "14:30", "2/3", or the code.
    """

    kind: str
    value: str
    unit: str | None
    start: int
    end: int

    @property
    def number(self) -> float | None:
        """The value for comparing sizes; None for what is no number."""
        if self.kind == "fraction":
            above, below = self.value.split("/")
            return int(above) / int(below)
        return float(self.value.split("|")[0]) if self.kind in ("number", "weak", "ordinal") else None


@dataclass(frozen=True, slots=True)
class _Language:
    words: dict[tuple[str, ...], int]
    weak: frozenset[str]
    ambiguous: frozenset[str]
    hundreds: dict[str, int]
    joins: frozenset[str]
    denominators: dict[str, int]
    ordinals: dict[str, int]
    clock: dict[str, int]  # hours to add
    months: dict[str, int]
    units: dict[tuple[str, ...], str]
    counted: frozenset[str]  # first words of units


@cache
def _languages() -> tuple[_Language, ...]:
    files = sorted(resources.files("knowledge.text").joinpath("figures").iterdir(), key=lambda f: f.name)
    return tuple(_language(tomllib.loads(f.read_text(encoding="utf-8"))) for f in files if f.name.endswith(".toml"))


def _language(data: dict) -> _Language:  # type: ignore[type-arg]
    months = {m: n for names in (data["months"], data["short_months"]) for n, m in enumerate(names, 1) if m}
    clock = {**dict.fromkeys(data["clock_am"] + data["clock"], 0), **dict.fromkeys(data["clock_pm"], 12)}
    return _Language(
        words={tuple(re.split(r"[ -]", word.casefold())): n for n, word in enumerate(data["numbers"])},
        weak=frozenset(data["weak"]),
        ambiguous=frozenset(data["ambiguous"]),
        hundreds=data["hundreds"],
        joins=frozenset(data["joins"]),
        denominators=data["denominators"],
        ordinals={word: n for n, word in enumerate(data["ordinals"]) if word},
        clock=clock,
        months=months,
        units={tuple(name.split()): unit for unit, names in data["units"].items() for name in names},
        counted=frozenset(name.split()[0] for names in data["units"].values() for name in names),
    )


@cache
def _merged(table: str) -> dict[str, int]:
    return {word: n for language in _languages() for word, n in getattr(language, table).items()}


@cache
def _units() -> dict[tuple[str, ...], str]:
    return {name: unit for language in _languages() for name, unit in language.units.items()}


@lru_cache(maxsize=8192)  # the same sentences are read for question after question
def quantities(text: str) -> tuple[Quantity, ...]:
    """All figures in order, e.g. (Quantity("number", "25", "working_day", 0, 15),) for "25 working days"."""
    found: list[Quantity] = []
    taken: list[tuple[int, int]] = []
    for match in _ISO.finditer(text):
        found.append(Quantity("date", _written_date(match), None, *match.span()))
        taken.append(match.span())
    for match in _IDENTIFIER.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            value = re.sub(r"[\s()]", "", match.group().casefold()).rstrip(".,;:")
            found.append(Quantity("code", value, None, *match.span()))
            taken.append(match.span())
    taken.sort()
    found += _Reader(text, taken).read()
    return tuple(sorted(found, key=lambda q: q.start))


def _written_date(match: re.Match[str]) -> str:
    if match[1]:
        return f"{match[1]}-{match[2]}-{match[3]}"
    first, second = int(match[4]), int(match[6])
    readings = [(second, first)] if match[5] == "." else [(second, first), (first, second)]
    return "|".join(dict.fromkeys(f"{match[7]}-{m:02}-{d:02}" for m, d in readings if m <= 12) or ["*"])


class _Reader:
    """Reads the tokens of a text that no identifier or date holds."""

    def __init__(self, text: str, taken: list[tuple[int, int]]) -> None:
        matches, at = [], 0
        for match in _TOKEN.finditer(text):
            while at < len(taken) and taken[at][1] <= match.start():
                at += 1
            if at == len(taken) or match.end() <= taken[at][0]:
                matches.append(match)
        self._text = text
        self._spans = [m.span() for m in matches]
        self._words = [m.group().casefold().replace("’", "'") for m in matches]

    def read(self) -> list[Quantity]:
        found = []
        i = 0
        while i < len(self._words):
            quantity, after = self._at(i)
            if quantity is not None:
                found.append(quantity)
            i = max(after, i + 1)
        return found

    def _word(self, i: int) -> str:
        return self._words[i] if i < len(self._words) else ""

    def _near(self, i: int, gap: str = " -\u00a0\u202f") -> bool:
        """Whether token i follows the one before it with nothing but blanks or a hyphen between."""
        return i < len(self._words) and not self._text[self._spans[i - 1][1] : self._spans[i][0]].strip(gap)

    def _made(self, kind: str, value: str, unit: str | None, first: int, after: int) -> tuple[Quantity, int]:
        return Quantity(kind, value, unit, self._spans[first][0], self._spans[after - 1][1]), after

    def _at(self, i: int) -> tuple[Quantity | None, int]:
        word = self._words[i]
        if word in _MONEY:
            if self._word(i + 1)[:1].isdecimal() and self._near(i + 1):
                return self._made("number", self._value(i + 1)[0], _MONEY[word], i, self._value(i + 1)[1])
            return None, i + 1
        if word[0].isdecimal():
            return self._from_digits(i)
        months = _merged("months")
        if word in months and (day := self._word(i + 1)).isdecimal() and len(day) <= 4 and self._near(i + 1, " .,"):
            return self._month_first(i, months[word])
        return self._from_words(i)

    def _from_digits(self, i: int) -> tuple[Quantity | None, int]:
        word = self._words[i]
        if len(word) > 15:
            return self._made("code", word, None, i, i + 1)
        months, clock = _merged("months"), _merged("clock")
        at = i + 1
        touching = at < len(self._words) and self._spans[at][0] == self._spans[i][1]
        ordinal = touching and self._word(at) in _SUFFIX
        at += ordinal
        month_at = next(n for n in range(at, at + 3) if self._word(n) not in _OF or n == at + 2)
        if word.isdecimal() and self._word(month_at) in months and 1 <= int(word) <= 31 and self._near(at, " ."):
            year = self._word(month_at + 1)
            known = len(year) == 4 and year.isdecimal()
            value = f"{year if known else '*'}-{months[self._word(month_at)]:02}-{int(word):02}"
            return self._made("date", value, None, i, month_at + 1 + known)
        if ordinal:
            return self._made("ordinal", word, None, i, at)
        if (self._word(at) in clock and self._near(at)) or (":" in word and re.fullmatch(r"\d{1,2}:\d{2}", word)):
            hour, minute = (int(part) for part in [*re.split(r"[:.]", word), "0"][:2])
            named = self._word(at) in clock and self._near(at)
            late = clock[self._word(at)] if named else 0
            is_am = self._word(at)[:1] == "a" if named else False
            hour = (hour % 12 + late) if late or is_am else hour
            return self._made("time", f"{hour:02}:{minute:02}", None, i, at + named)
        if touching and not ordinal and self._unit(at)[0] is None and self._word(at) not in _MONEY:
            return self._made("code", word + self._word(at), None, i, at + 1)  # "401k", "63B"
        if i and self._spans[i - 1][1] == self._spans[i][0] and self._words[i - 1] not in _MONEY:
            return self._made("code", self._words[i - 1] + word, None, i - 1, i + 1)  # "A1"
        value, at = self._value(i)
        unit, after = self._unit(at)
        kind = "code" if value.count(".") > 1 or ":" in value else "number"
        return self._made(kind, value, unit, i, after if unit else at)

    def _month_first(self, i: int, month: int) -> tuple[Quantity, int]:
        """ "May 1st, 2026", "May 2026"."""
        day, at = self._words[i + 1], i + 2
        if len(day) == 4:
            return self._made("date", f"{day}-{month:02}-*", None, i, at)
        at += self._word(at) in _SUFFIX
        year = self._word(at)
        known = len(year) == 4 and year.isdecimal() and self._near(at, " ,")
        return self._made("date", f"{year if known else '*'}-{month:02}-{int(day):02}", None, i, at + known)

    def _value(self, i: int) -> tuple[str, int]:
        """The value of digits, "2 million" included, and what comes after."""
        readings = _readings(self._words[i])
        factor = _merged("hundreds").get(self._word(i + 1)) if self._near(i + 1) else None
        if factor and factor >= 1000:  # "35 cents" are no hundreds
            return "|".join(_plain(float(r) * factor) for r in readings), i + 2
        return "|".join(readings), i + 1

    def _unit(self, at: int) -> tuple[str | None, int]:
        """The unit that a number just before token `at` counts, and what comes after it."""
        units = _units()
        for i in range(at, at + MOST_BETWEEN + 1):
            if not self._near(i) or self._word(i)[:1].isdecimal() or self._counts(i):
                break
            if i > at and self._word(i - 1) in _ENDS_COUNT:
                break  # "two times per year" are no two years
            if self._word(i) in _MONEY:
                return (_MONEY[self._word(i)], i + 1) if i == at else (None, at)
            for size in (3, 2, 1):
                unit = units.get(tuple(self._words[i : i + size]))
                if unit and i + size <= len(self._words):
                    return unit, i + size
        return None, at

    def _counts(self, i: int) -> bool:
        """Whether token i begins another figure: "a ten-hour flight", "a €50 voucher"."""
        word, behind = self._words[i], self._word(i + 1)
        if word in _MONEY and behind[:1].isdecimal():
            return True
        return any(
            (word,) in language.words and word not in language.weak | language.ambiguous for language in _languages()
        )

    def _from_words(self, i: int) -> tuple[Quantity | None, int]:
        for language in _languages():
            value, at = _spoken(self._words, i, language)
            if value is not None:
                below = language.denominators.get(self._word(at)) if self._near(at) else None
                if below:
                    return self._made("fraction", f"{value}/{below}", None, i, at + 1)
                if value % 10 == 0 and self._word(at) in language.ordinals and self._near(at):  # "twenty-first"
                    return self._made("ordinal", str(value + language.ordinals[self._word(at)]), None, i, at + 1)
                unit, after = self._unit(at)
                if (
                    at == i + 1
                    and self._words[i] in language.ambiguous
                    and (self._words[at : at + 1] or [""])[0] not in language.counted
                ):
                    continue
                weak = at == i + 1 and self._words[i] in language.weak
                return self._made("weak" if weak else "number", str(value), unit, i, after if unit else at)
            if self._words[i] in language.weak:
                below = language.denominators.get(self._word(i + 1)) if self._near(i + 1) else None
                if below:
                    return self._made("fraction", f"1/{below}", None, i, i + 2)
                unit, after = self._unit(i + 1) if self._word(i + 1) not in _MONEY else (None, i + 1)
                return self._made("weak", "1", unit, i, after if unit else i + 1)
            if language.denominators.get(self._words[i]) == 2:
                return self._made("fraction", "1/2", None, i, i + 1)
            if self._words[i] in language.ordinals and self._words[i] != "second":
                return self._made("ordinal", str(language.ordinals[self._words[i]]), None, i, i + 1)
        return None, i + 1


def _spoken(words: list[str], i: int, language: _Language) -> tuple[int | None, int]:
    """The number that words[i:] begin with in this language, and the index behind it."""
    total: int | None = None
    at = i
    while at < len(words) and (total or 0) < LARGEST:
        value, after = _below_hundred(words, at, language)
        factor = language.hundreds.get(words[at])
        if value is not None and (total is None or (total % 100 == 0 and total)):
            total = (total or 0) + value
        elif factor is not None:
            total, after = (total or 1) * factor if (total or 0) < factor else (total or 0) + factor, at + 1
        elif total is not None and words[at] in language.joins and at + 1 < len(words):
            value, _ = _below_hundred(words, at + 1, language)
            if value is None or total % 100:
                break
            after = at + 1
        else:
            compound = _compound(words[at], language) if total is None else None
            if compound is None:
                break
            total, after = compound, at + 1
        at = after
    return total, at


def _below_hundred(words: list[str], i: int, language: _Language) -> tuple[int | None, int]:
    for size in range(min(4, len(words) - i), 0, -1):
        value = language.words.get(tuple(words[i : i + size]))
        if value is not None and not (size == 1 and words[i] in language.weak):
            ones = language.words.get(tuple(words[i + size : i + size + 1]))
            if value >= 20 and value % 10 == 0 and ones and ones < 10:
                return value + ones, i + size + 1  # "twenty five"
            return value, i + size
    return None, i


def _compound(word: str, language: _Language) -> int | None:
    """ "zweihundertfünfzig": hundreds in one word, as German writes them."""
    for name, factor in language.hundreds.items():
        head, middle, tail = word.partition(name)
        if middle and len(name) > 4 and (head or tail):
            many = language.words.get((head,)) if head and head not in ("ein", "") else 1
            rest = language.words.get((tail.removeprefix("und"),)) if tail else 0
            if many and rest is not None:
                return many * factor + rest
    return None


def _readings(digits: str) -> list[str]:
    """The values that a written number may have: "1.000" is 1000 or 1, "1,000.50" only 1000.5."""
    text = re.sub(r"[\u00a0\u202f’']", "", digits)
    marks = [c for c in text if c in ".,"]
    if ":" in text:
        return [text]
    if not marks:
        return [_plain(float(text))]
    if len(set(marks)) == 2:  # the last one is the decimal
        whole, decimal = text.rsplit(marks[-1], 1)
        return [_plain(float(re.sub(r"[.,]", "", whole) + "." + decimal))]
    if len(marks) > 1:  # "1.000.000", or a section "4.2.1"
        parts = re.split(r"[.,]", text)
        return [_plain(float("".join(parts)))] if all(len(p) == 3 for p in parts[1:]) else [text]
    whole, decimal = re.split(r"[.,]", text)
    values = [_plain(float(f"{whole}.{decimal}"))]
    return [_plain(float(whole + decimal)), *values] if len(decimal) == 3 else values


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.6f}".rstrip("0")


_CONVERTED = {  # exact ones only; the right-hand unit is the smaller
    "minute": (60, "second"), "hour": (60, "minute"), "day": (24, "hour"), "week": (7, "day"), "year": (12, "month"),
    "EUR": (100, "cent"), "USD": (100, "cent"), "GBP": (100, "cent"), "km": (1000, "m"),
}  # fmt: skip


def converted(quantity: Quantity) -> tuple[float, str] | None:
    """The amount in the smallest unit that it converts to exactly: 3 days are (259200.0, "second")."""
    number, unit = quantity.number, quantity.unit
    if number is not None and quantity.kind == "fraction":
        return number * 100, "%"
    if number is None or unit is None:
        return None
    while unit in _CONVERTED:
        factor, unit = _CONVERTED[unit]
        number *= factor
    return number, unit


def same_value(one: str, other: str) -> bool:
    """Whether a claimed value is a known one in any reading; a date that leaves something out is any such date."""
    for a in one.split("|"):
        for b in other.split("|"):
            parts = list(zip(a.split("-"), b.split("-"), strict=False))
            if a == b or (a.count("-") == b.count("-") == 2 and all(x in ("*", y) for x, y in parts)):
                return True
    return False
