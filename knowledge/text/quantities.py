"""The figures of a text by value: "three days", "drei Tage" and "3 days" are one. Pure; linear in the text.

Reads digits and number words of the languages in figures/*.toml, with units, money, percentages, dates, times,
ordinals, fractions, and identifiers (addresses, codes, long numbers). numbers[n] in a file is the word for n;
`hundreds` multiply, `joins` stand between ("two hundred and ten"), `weak` words are articles as often as numbers,
`ambiguous` words count only before a unit. A value that can be read in two ways ("1.000", "05/01/2026") has both,
parted by "|". What other scripts do without blanks is read in written_figures.py.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from knowledge.text.figure_words import (
    Language,
    adjective,
    clock_phrase,
    compound,
    fraction_of,
    languages,
    may_begin_a_number,
    merged,
    months_besides,
    plain_number,
    readings,
    times,
    units,
)
from knowledge.text.words import data_file
from knowledge.text.written_figures import readable, signed

LARGEST = 10**12  # a larger number is an identifier
MOST_BETWEEN = 2  # words between a number and its unit: "25 paid vacation days"
_IDENTIFIER = re.compile(
    r"(?P<email>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})|(?P<url>(?:https?://|www\.)[^\s<>\"')\]。]{1,300})"
    r"|(?<![\w.,-])(?P<code>\d+(?:-\d+){2,}|\+\d[\d ()/-]{6,18}\d|[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){3,7}(?: ?[A-Z\d]{1,3})?"
    r"|\d{7,}|\d{4}(?:[ -]\d{4}){3}|(?:[A-Z]{1,4} )?\d{2,}-\d+[A-Z]?)(?![\w-])"
)
_ISO = re.compile(
    r"(?<![\w-])(\d{4})-(\d{2})-(\d{2})(?![\w-])|(?<![\w.,/-])(\d{1,2})([./])(\d{1,2})\5(\d{4})(?![\w/-])"
)
_TOKEN = re.compile(
    r"(?:\d{1,2}(?: \d{3})+|\d{3}(?: \d{3}){0,4} 000)(?!\d)(?:,\d{1,9})?"  # blanks between thousands
    r"|\d+(?:[.,:’']\d+)*(?:[\u00a0\u202f]\d{3})*|[½⅓⅔¼¾]|[ap]\.m\.?|o['’]clock|[^\W\d_]+|[€$£₺%]",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """`kind`: number, date, time, ordinal, fraction, code or weak. `unit`: day, working_day, EUR, % ...; None: none.

    An ordinal with a unit is "day 3".
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
            return fraction_of(self.value)
        return float(self.value.split("|")[0].replace(",", "")) if self.kind in ("number", "weak", "ordinal") else None


@lru_cache(maxsize=8192)  # the same sentences are read for question after question
def quantities(text: str) -> tuple[Quantity, ...]:
    """All figures in order, e.g. (Quantity("number", "25", "working_day", 0, 15),) for "25 working days"."""
    figures, text = [Quantity(kind, value, unit, *at) for kind, value, unit, at in signed(text)], readable(text)
    figures += [Quantity("date", _written_date(match), None, *match.span()) for match in _ISO.finditer(text)]
    figures.sort(key=lambda q: q.start)
    dates = [one.start for one in figures]
    for match in _IDENTIFIER.finditer(text):
        at = bisect_left(dates, match.end())
        if not at or figures[at - 1].end <= match.start():  # overlaps no date
            value = re.sub(r"[\s()]", "", match.group().casefold()).rstrip(".,;:")
            figures.append(Quantity("code", value, None, *match.span()))
    figures += _Reader(text, sorted((one.start, one.end) for one in figures)).read()
    return tuple(sorted(figures, key=lambda q: q.start))


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
        signs = data_file("knowledge.text", "quantities.toml")
        self._money, self._scales, self._vulgar = signs["money"], signs["scales"], signs["fractions"]
        self._suffix, self._hour, self._of = signs["suffix"], signs["hour"], signs["of"]
        self._ends_count, self._places, self._shares = signs["ends_count"], signs["places"], {*signs["shares"]}
        self._text = text
        self._spans = [m.span() for m in matches]
        self._words = [m.group().casefold().replace("’", "'") for m in matches]

    def read(self) -> Iterator[Quantity]:
        """The figures in order."""
        i = 0
        while i < len(self._words):
            quantity, after = self._at(i)
            if quantity is not None:
                yield quantity
            i = max(after, i + 1)

    def _word(self, i: int) -> str:
        return self._words[i] if i < len(self._words) else ""

    def _near(self, i: int, gap: str = " -\u00a0\u202f") -> bool:
        """Whether token i follows the one before it with nothing but blanks or a hyphen between."""
        return i < len(self._words) and not self._text[self._spans[i - 1][1] : self._spans[i][0]].strip(gap)

    def _made(self, kind: str, value: str, unit: str | None, first: int, after: int) -> tuple[Quantity, int]:
        return Quantity(kind, value, unit, self._spans[first][0], self._spans[after - 1][1]), after

    def _at(self, i: int) -> tuple[Quantity | None, int]:
        word = self._words[i]
        phrase = clock_phrase(self._words, i)
        if phrase and all(self._near(n, " -'’\n\u00a0\u202f") for n in range(i + 1, phrase[3])):
            return self._made(*phrase[:3], i, phrase[3])
        if word in self._money:
            if self._word(i + 1)[:1].isdecimal() and self._near(i + 1):
                value, after = self._value(i + 1)
                scale = self._scales.get(self._word(after), 0)
                if scale and self._spans[after][0] == self._spans[after - 1][1]:
                    value, after = times(value, scale), after + 1
                return self._made("number", value, self._money[word], i, after)
            if word == "yüzde" and i + 1 < len(self._words):
                for language in languages():
                    bare = [language.stems.get(one, one) for one in self._words[i + 1 : i + 5]]  # "yüzde on beşi"
                    share, after = _spoken(bare, 0, language)
                    if share is not None:
                        return self._made("number", str(share), "%", i, i + 1 + after)
            return None, i + 1
        if word in self._vulgar:
            return self._halved(self._vulgar[word], i, i + 1)
        if word[0].isdecimal():
            return self._from_digits(i)
        if (place := self._place(i)) is not None:
            return place, i + 2
        months = merged("months")
        if word in months and (day := self._word(i + 1)).isdecimal() and len(day) <= 4 and self._near(i + 1, " .,"):
            return self._month_first(i, months[word])
        return self._from_words(i) if may_begin_a_number(word) else (None, i + 1)

    def _place(self, i: int) -> Quantity | None:
        """What token i names by the number behind it, as the 3 of "mile 3", "Tag 3"; not of "a day 3 hours"."""
        unit = units().get((self._word(i),))
        if unit not in self._places or not (self._word(i + 1)[:1].isdecimal() and self._near(i + 1)):
            return None
        number, _ = self._from_digits(i + 1)
        if number is None or (number.kind, number.unit) != ("number", None):
            return None
        return Quantity("ordinal", number.value, unit, self._spans[i][0], number.end)

    def _from_digits(self, i: int) -> tuple[Quantity | None, int]:
        word = self._words[i]
        if len(word) > 15:
            return self._made("code", word, None, i, i + 1)
        months, clock = merged("months"), merged("clock")
        at = i + 1
        touching = at < len(self._words) and self._spans[at][0] == self._spans[i][1]
        ordinal = touching and self._word(at) in self._suffix
        at += ordinal
        month_at = next(n for n in range(at, at + 3) if self._word(n) not in self._of or n == at + 2)
        if word.isdecimal() and self._is_month(month_at) and 1 <= int(word) <= 31 and self._near(at, " ."):
            year_at = month_at + 1 + (self._word(month_at + 1) in self._of)
            year = self._word(year_at)
            known = len(year) == 4 and year.isdecimal()
            value = f"{year if known else '*'}-{months[self._word(month_at)]:02}-{int(word):02}"
            return self._made("date", value, None, i, year_at + 1 if known else month_at + 1)
        if ordinal:
            return self._made("ordinal", word, None, i, at)
        minutes = self._word(at + 1) if word.isdecimal() and self._near(at) and self._near(at + 1) else ""
        if self._word(at) in self._hour and re.fullmatch(r"[0-5]\d", minutes):
            return self._made("time", f"{int(word):02}:{minutes}", None, i, at + 2)  # "14h30", "14 Uhr 30"
        named = self._word(at) in clock and self._near(at)
        if named or re.fullmatch(r"\d{1,2}:\d{2}", word):
            hour, minute = (int(part) for part in [*re.split(r"[:.]", word), "0"][:2])
            late = clock[self._word(at)] if named else 0
            is_am = named and self._word(at)[:1] == "a"
            hour = (hour % 12 + late) if late or is_am else hour
            return self._made("time", f"{hour:02}:{minute:02}", None, i, at + named)
        if touching and self._word(at) in self._vulgar and word.isdecimal():
            return self._counted(plain_number(int(word) + fraction_of(self._vulgar[self._word(at)])), i, at + 1)
        scale, unit = self._scales.get(self._word(at)), self._word(at + 1)
        money = self._money.get(unit) or units().get((unit,))
        is_money = money in self._money.values() and self._near(at) and self._near(at + 1, " .\u00a0\u202f")
        if scale and is_money:  # "2,5 Mio. Euro", "45 k€"
            return self._made("number", times("|".join(readings(word)), scale), money, i, at + 2)
        if touching and self._word(at) == "k" and re.search(r"0$|^\d{1,2}$|[.,]\d$", word):
            return self._counted(times(readings(word)[0], 1000), i, at + 1)  # "2.5k"; "401k" is a name
        if touching and self._unit(at)[0] is None and self._word(at) not in self._money:
            return self._made("code", word + self._word(at), None, i, at + 1)  # "401k", "63B"
        if i and self._spans[i - 1][1] == self._spans[i][0] and self._words[i - 1] not in self._money:
            return self._made("code", self._words[i - 1] + word, None, i - 1, i + 1)  # "A1"
        value, at = self._value(i)
        if value.count(".") > 1 or ":" in value:
            return self._made("code", value, None, i, at)
        return self._counted(value, i, at)

    def _is_month(self, i: int) -> bool:
        """Whether token i names a month; in "people over 30 may apply" it does not."""
        if self._word(i) not in months_besides("verbs"):
            return self._word(i) in merged("months")
        acts = self._near(i + 1) and self._word(i + 1).isalpha() and not self._word(i + 2)[:1].isdecimal()
        return not acts or self._text[self._spans[i][0]].isupper()

    def _counted(self, value: str, i: int, at: int) -> tuple[Quantity, int]:
        """The number at i with its unit, and a half on either side of that: "two and a half years"."""
        value, at = self._and_half(value, at)
        if "." in value and (large := self._large(at)):  # "one and a half million"
            value, at = times(value, large), at + 1
        unit, after = self._unit(at)
        if unit:
            value, at = self._and_half(value, after)
        return self._made("number", value, unit, i, at)

    def _large(self, i: int) -> int:
        """The thousand or million that token i is, just behind the one before it; else 0."""
        factor = merged("hundreds").get(self._word(i), 0) if self._near(i) else 0
        return factor if factor >= 1000 else 0

    def _and_half(self, value: str, at: int) -> tuple[str, int]:
        for language in languages():
            for phrase in language.and_half:
                if tuple(self._words[at : at + len(phrase)]) == phrase and self._near(at) and "|" not in value:
                    half = 0.5 * max(1, merged("hundreds").get(self._word(at - 1), 1))  # "a million and a half"
                    return plain_number(float(value) + half), at + len(phrase)
        return value, at

    def _halved(self, fraction: str, i: int, at: int) -> tuple[Quantity, int]:
        """A fraction of what stands behind it: "half an hour" is 0.5 hours, "half of the day rate" a half."""
        gap = at
        while gap < at + 2 and self._word(gap) in self._ends_count:
            gap += 1
        unit, after = self._unit(gap) if self._near(at) else (None, at)
        if (large := self._large(gap)) and self._near(at):  # "half a million euros"
            return self._counted(plain_number(fraction_of(fraction) * large), i, gap + 1)
        if unit and unit != "%" and self._shares.isdisjoint(self._words[at:after]):
            return self._made("number", plain_number(fraction_of(fraction)), unit, i, after)
        return self._made("fraction", fraction, None, i, at)

    def _month_first(self, i: int, month: int) -> tuple[Quantity, int]:
        """ "May 1st, 2026", "May 2026"."""
        day, at = self._words[i + 1], i + 2
        if len(day) == 4:
            return self._made("date", f"{day}-{month:02}-*", None, i, at)
        at += self._word(at) in self._suffix
        year = self._word(at)
        known = len(year) == 4 and year.isdecimal() and self._near(at, " ,")
        return self._made("date", f"{year if known else '*'}-{month:02}-{int(day):02}", None, i, at + known)

    def _value(self, i: int) -> tuple[str, int]:
        """The value of digits, "2 million" included, and what comes after."""
        values = readings(self._words[i])
        factor = merged("hundreds").get(self._word(i + 1)) if self._near(i + 1) else None
        if factor and factor >= 1000:  # "35 cents" are no hundreds
            large = [plain_number(float(r) * factor) for r in values]
            return "|".join(large + values * ((self._word(i + 1),) in units())), i + 2  # "50 mil": miles in Turkish
        return "|".join(values), i + 1

    def _unit(self, at: int) -> tuple[str | None, int]:
        """The unit that a number just before token `at` counts, and what comes after it."""
        known_units = units()
        for i in range(at, at + MOST_BETWEEN + 1):
            if i == at and self._near(i, " )\u00a0") and not self._near(i):
                pass  # "thirty (30) days"
            elif not self._near(i):
                break
            if self._word(i)[:1].isdecimal() or self._counts(i):
                break
            if i > at and self._word(i - 1) in self._ends_count:
                break  # "two times per year" are no two years
            if self._word(i) in self._money:
                return (self._money[self._word(i)], i + 1) if i == at else (None, at)
            for size in (3, 2, 1):
                unit = known_units.get(tuple(self._words[i : i + size]))
                if unit and i + size <= len(self._words):
                    return unit, i + size
        return None, at

    def _counts(self, i: int) -> bool:
        """Whether token i begins another figure: "a ten-hour flight", "a €50 voucher"."""
        word, behind = self._words[i], self._word(i + 1)
        if word in self._money and behind[:1].isdecimal() and self._near(i + 1):
            return True
        return any(
            (word,) in one.words and word not in one.weak and (word not in one.ambiguous or behind in one.counted)
            for one in languages()
        )

    def _from_words(self, i: int) -> tuple[Quantity | None, int]:
        for language in languages():
            value, at = _spoken(self._words, i, language)
            if value is not None:
                nth = language.ordinals.get(self._word(at), 10) if self._near(at) else 10
                if value >= 20 and value % 10 == 0 and nth < 10:  # "twenty-first"
                    return self._made("ordinal", str(value + nth), None, i, at + 1)
                below = language.denominators.get(self._word(at)) if self._near(at) else None
                if below:
                    return self._made("fraction", f"{value}/{below}", None, i, at + 1)
                is_counting = self._word(at) in language.counted and self._place(at) is None
                if at == i + 1 and self._words[i] in language.ambiguous and not is_counting:
                    continue  # "on mile 3": ten miles in Turkish
                if at == i + 1 and self._words[i] in language.weak:
                    unit, after = self._unit(at)
                    return self._made("weak", str(value), unit, i, after if unit else at)
                return self._counted(str(value), i, at)
            if self._words[i] in language.weak:
                below = language.denominators.get(self._word(i + 1)) if self._near(i + 1) else None
                if below:
                    return self._halved(f"1/{below}", i, i + 2)
                counted, after = self._counted("1", i, i + 1)
                if counted.value != "1":
                    return counted, after  # "a year and a half"
                unit, after = self._unit(i + 1) if self._word(i + 1) not in self._money else (None, i + 1)
                return self._made("weak", "1", unit, i, after if unit else i + 1)
            if language.denominators.get(self._words[i]) == 2:
                return self._halved("1/2", i, i + 1)
            if self._words[i] in language.mixed:
                return self._counted(plain_number(language.mixed[self._words[i]]), i, i + 1)
            if self._words[i] in language.hours:
                return self._made("time", language.hours[self._words[i]], None, i, i + 1)
            if both := adjective(self._words[i], language):
                return self._made("number", both[0], both[1], i, i + 1)
            if self._words[i] in language.ordinals and self._words[i] != "second":
                return self._made("ordinal", str(language.ordinals[self._words[i]]), None, i, i + 1)
        return None, i + 1


def _spoken(words: list[str], i: int, language: Language) -> tuple[int | None, int]:
    """The number that words[i:] begin with in this language, and the index behind it."""
    total, part, at = 0, None, i  # the thousands, and what is below them
    while at < len(words) and total < LARGEST:
        value, after = _below_hundred(words, at, language)
        factor = language.hundreds.get(words[at])
        if value is not None and (part is None or (part % 100 == 0 and part)):
            part = (part or 0) + value
        elif factor is not None and factor < 1000:
            part, after = (part or 1) * factor if (part or 0) < factor else (part or 0) + factor, at + 1
        elif factor is not None:
            thousands = total * factor if part is None and 0 < total < factor else total + (part or 1) * factor
            total, part, after = thousands, None, at + 1
        elif at > i and words[at] in language.joins and at + 1 < len(words):
            value, _ = _below_hundred(words, at + 1, language)
            if value is None or (part or 0) % 100:
                break
            after = at + 1
        elif at > i or (part := compound(words[at], language)) is None:
            break
        else:
            after = at + 1
        at = after
    return (total + (part or 0) if at > i else None), at


def _below_hundred(words: list[str], i: int, language: Language) -> tuple[int | None, int]:
    if words[i] in language.weak and language.hundreds.keys() & {*words[i + 1 : i + 2]}:
        return 1, i + 1  # "one hundred"
    for size in range(min(4, len(words) - i), 0, -1):
        value = language.words.get(tuple(words[i : i + size]))
        if value is not None and not (size == 1 and words[i] in language.weak):
            ones = language.words.get(tuple(words[i + size : i + size + 1]))
            if value >= 20 and value % 10 == 0 and ones and ones < 10:
                return value + ones, i + size + 1  # "twenty five"
            return value, i + size
    return None, i


def converted(quantity: Quantity) -> tuple[float, str] | None:
    """The amount in the smallest unit that it converts to exactly: 3 days are (259200.0, "second")."""
    number, unit = quantity.number, quantity.unit
    if number is not None and quantity.kind == "fraction":
        return number * 100, "%"
    if number is None or unit is None or quantity.kind == "ordinal":
        return None
    smaller = data_file("knowledge.text", "quantities.toml")["smaller"]
    while unit in smaller:
        factor, unit = smaller[unit]
        number *= factor
    return number, unit
