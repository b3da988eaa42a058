"""A sentence -> tokens, and the numbers, dates and times in them, comparable. Pure.

The rule kept: the same figure written in another way gives the same value: "two weeks" and "14 days", "EUR 40" and
"€40", "thirty (30)" and "30", "17:00" and "5 pm". English words; digits of any language.
"""

# ruff: noqa: SIM905 - word lists are easier to read and change as text
from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<address>https?://[^\s<>|)\]]+|www\.[^\s<>|)\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    |(?P<isodate>\b\d{4}-\d\d-\d\d\b)
    |(?P<clock>\b\d{1,2}:\d\d(?::\d\d)?(?:\s*[ap]\.?\s?m\b\.?)?|\b\d{1,2}(?:\.\d\d)?\s*[ap]\.?\s?m\b\.?)
    |(?P<dotted>\b[A-Za-z]?\d+(?:\.\d+){2,}\b)
    |(?P<number>(?<![\w.])\d{1,3}(?:\.\d{3})+,\d+|(?<![\w])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)
        (?P<suffix>%|(?:st|nd|rd|th|k|m|bn|kb|mb|gb|tb|km|cm|mm|kg|hrs?|h|mins?|yrs?|x)\b)?
        (?![A-Za-z_]|[-./]?[A-Za-z]+\d|/\d)
    |(?P<code>[A-Za-z]{1,8}[-_]?\d[\w-]*|\d[\w.-]*[A-Za-z][\w-]*|\d+/\d+(?:/\d+)?
        |[A-Za-z0-9_-]+(?:[._\\][A-Za-z0-9_-]+)+(?:/[\w.-]+)*|[\w.-]+(?:/[\w.-]+){2,})
    |(?P<currency>US\$|[$€£¥])
    |(?P<word>[^\W\d_]+(?:['][^\W\d_]+)?)
    |(?P<percent>%)
    |(?P<stop>[.,;:!?()|\n])""",
    re.X | re.I,
)

_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen
    eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {w: n for n, w in enumerate(_ONES)} | {w: 10 * n for n, w in enumerate(_TENS, 2)} | {"dozen": 12, "forty": 40}
_LARGE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
ORDINALS = {
    w: n
    for n, w in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 1
    )
}
MONTHS = {
    name: n
    for n, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sep sept|october oct"
        "|november nov|december dec".split("|"),
        1,
    )
    for name in names.split()
}
UNITS: dict[str, tuple[str, float]] = {}
for _dim, _names in {
    "s": "second seconds sec secs:1 minute minutes min mins:60 hour hours hr hrs h:3600 day days:86400 "
    "week weeks:604800 "
    "fortnight fortnights:1209600",
    "month": "month months:1 year years yr yrs:12",
    "USD": "$ us$ usd dollar dollars:1",
    "cent": "cent cents:0.01",
    "EUR": "€ eur euro euros:1",
    "GBP": "£ gbp pound pounds:1",
    "JPY": "¥ jpy yen:1",
    "TRY": "try tl lira:1",
    "CHF": "chf franc francs:1",
    "%": "% percent pct:1",
    "byte": "byte bytes:1 kb kilobyte kilobytes:1e3 mb megabyte megabytes:1e6 gb gigabyte gigabytes:1e9 "
    "tb terabyte terabytes:1e12",
    "bit": "bit bits:1",
    "m": "km kilometer kilometers kilometre kilometres:1e3 meter meters metre metres:1 cm:0.01 mm:0.001",
    "mile": "mile miles:1",
    "foot": "foot feet ft:1 inch inches:0.0833333333",
    "kg": "kg kilogram kilograms kilo kilos:1",
    "times": "time times x:1",
}.items():
    _group: list[str] = []
    for _entry in _names.split():
        _name, _, _factor = _entry.partition(":")
        _group.append(_name)
        if _factor:
            UNITS.update(dict.fromkeys(_group, (_dim, float(_factor))))
            _group = []
_MONEY = {"USD", "EUR", "GBP", "JPY", "TRY", "CHF"}
_SUFFIX = {"k": 1e3, "m": 1e6, "bn": 1e9}
_KINDS_OF_DAY = {"business": "business", "working": "business", "work": "business", "calendar": "calendar"}
_BETWEEN = {
    "full",
    "consecutive",
    "paid",
    "additional",
    "extra",
    "unpaid",
    "more",
    "less",
    "fewer",
    "us",
}  # "20 paid days"
_SPAN = {"for", "within", "after", "than", "least", "most", "to", "over", "under", "about", "half"}  # "for a year"
_RECENT = ("past", "coming")  # "in the past month"
_FIXED = {"noon": 720, "midday": 720, "midnight": 0}
_ONCE = {"a", "an", "per", "every", "each", "in", "only", "more", "or", "and", "daily", "at", "during", "within"}
_ADVERB = {"and", "or", "but", "then", "to", "before", "by", "with", "for", "if", "when", "in"}  # "first" alone
_DAYS = {d: n for n, d in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, date, time, name or code at token `at`. Equal kind and value: the same fact."""

    kind: str  # "n:<dimension>" for numbers, else ordinal, monthday, month, weekday, clock, code, name
    value: float | str
    at: int
    text: str
    bound: tuple[str, str] = ("", "")  # see bounds.py
    count: float = 0.0  # the bare number, whatever its unit


@dataclass(slots=True)
class Token:
    kind: str
    text: str  # lower case
    raw: str
    value: float = 0.0


def _raw(text: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        raw = match.group()
        if kind == "suffix":
            kind = "number"
        token = Token(kind, raw.lower(), raw)
        if kind == "number":
            digits, suffix = match["number"], (match["suffix"] or "").lower()
            if "," in digits and "." in digits and digits.rfind(",") > digits.rfind("."):
                digits = digits.replace(".", "").replace(",", ".")
            token.value = float(digits.replace(",", ""))
            token.text = suffix
        elif kind == "word" and "'" in token.text and token.text.endswith("n't"):
            verb = {"can't": "can", "won't": "will", "shan't": "shall"}.get(token.text, token.text[:-3])
            if verb:
                found.append(Token("word", verb, raw))
            token = Token("word", "not", raw)
        elif (kind == "word" and token.text in _SMALL) or token.text in _LARGE:
            token.kind, token.value = "spelled", float(_SMALL.get(token.text, 0) or _LARGE.get(token.text, 0))
        found.append(token)
    return found


def tokens(text: str) -> list[Token]:
    """The text's tokens, runs of number words ("two hundred and fifty") as one number each; "one" alone is a word."""
    tokens = _raw(text)
    joined: list[Token] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind == "number" and not token.text and i + 1 < len(tokens) and tokens[i + 1].text in _LARGE:
            joined.append(Token("number", "", token.raw, token.value * _LARGE[tokens[i + 1].text]))
            i += 2
            continue
        if token.kind != "spelled":
            joined.append(token)
            i += 1
            continue
        total = current = 0.0
        start = i
        while i < len(tokens):
            word = tokens[i].text
            if tokens[i].kind != "spelled":
                if (
                    word != "and"
                    or i + 1 == len(tokens)
                    or tokens[i + 1].kind != "spelled"
                    or current % 100 != 0
                    or not current
                ):
                    break
            elif word in _LARGE:
                current = (current or 1) * _LARGE[word]
                if word != "hundred":
                    total, current = total + current, 0.0
            elif i > start and not (
                current % 100 == 0 or (current % 10 == 0 and current % 100 >= 20 and _SMALL[word] < 10)
            ):
                break  # "two three": two numbers
            else:
                current += _SMALL[word]
            i += 1
        raw = " ".join(t.raw for t in tokens[start:i])
        if i < len(tokens) and tokens[i].text in ORDINALS and current % 10 == 0 and current >= 20:
            joined.append(Token("number", "th", f"{raw}-{tokens[i].raw}", total + current + ORDINALS[tokens[i].text]))
            i += 1
            continue
        if raw.lower() == "one":
            joined.append(Token("one", "one", raw, 1.0))
        else:
            joined.append(Token("number", "", raw, total + current))
    return joined


def numbers(tokens: list[Token]) -> list[Fact]:
    """The figures among the tokens: n:<dimension>, ordinal, month, monthday, weekday, clock."""
    found: list[Fact] = []

    def ahead(at: int) -> tuple[str, float] | None:
        """Dimension and factor of the unit after the number at `at`; a range takes its end's."""
        j = at + 1
        kind_of_day = ""
        for _ in range(6):
            if j >= len(tokens):
                return None
            token = tokens[j]
            if token.text in UNITS and token.kind in ("word", "currency", "percent"):
                dim, factor = UNITS[token.text]
                return (dim + kind_of_day, factor)
            if token.text == "per" and j + 1 < len(tokens) and tokens[j + 1].text == "cent":
                return ("%", 1.0)
            if token.text in _KINDS_OF_DAY:
                kind_of_day = ":" + _KINDS_OF_DAY[token.text]
            elif token.kind == "number":
                if own := _unit_of_suffix(token):
                    return own
            elif token.text in ("and", "or", "to"):
                after = tokens[min(j + 1, len(tokens) - 1)]
                if after.kind not in ("number", "currency") and after.text not in ("more", "less", "fewer"):
                    return None
            elif token.text not in _BETWEEN and token.text not in ("(", ")"):
                return None
            j += 1
        return None

    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.kind == "number":
            suffix = token.text
            if suffix in ("st", "nd", "rd", "th"):
                month = _month_beside(tokens, at)
                if month:
                    found.append(Fact("monthday", f"{month}-{int(token.value)}", at, token.raw))
                else:
                    found.append(Fact("ordinal", token.value, at, token.raw))
                continue
            month = _month_beside(tokens, at) if token.value <= 31 and not suffix else 0
            if month:
                found.append(Fact("monthday", f"{month}-{int(token.value)}", at, token.raw))
                continue
            unit = _unit_of_suffix(token)
            value = token.value * _SUFFIX.get(suffix, 1.0)
            if unit is None and before is not None and before.text in UNITS and UNITS[before.text][0] in _MONEY:
                unit = UNITS[before.text]
            if unit is None:
                unit = ahead(at)
            dim, factor = unit or ("", 1.0)
            if before is not None and before.kind == "currency" and dim not in _MONEY:
                dim, factor = UNITS[before.text]
            found.append(Fact("n:" + dim, round(value * factor, 6), at, token.raw, count=value))
        elif token.kind == "one":
            unit = ahead(at)
            if unit:
                found.append(Fact("n:" + unit[0], round(unit[1], 6), at, token.raw, count=1.0))
        elif token.kind == "isodate":
            year, month_, day = (int(part) for part in token.text.split("-"))
            found.append(Fact("monthday", f"{month_}-{day}", at, token.raw))
            found.append(Fact("month", float(month_), at, token.raw))
            found.append(Fact("n:", float(year), at, token.raw))
        elif token.kind == "clock":
            found.append(Fact("clock", _minutes(token.text), at, token.raw))
        elif token.kind == "word":
            unit = UNITS.get(after.text) if after is not None and token.text in ("a", "an", *_RECENT) else None
            if unit and unit[0] in ("s", "month") and before is not None and before.text in (*_SPAN, "the"):
                half = [t.text for t in tokens[at + 2 : at + 5]] == ["and", "a", "half"]
                value = unit[1] * (0.5 if before.text == "half" else 1.5 if half else 1.0)
                found.append(Fact("n:" + unit[0], value, at, f"{token.raw} {after.raw}" if after else "", count=1.0))
            elif token.text == "half" and after is not None and after.text in ("a", "of", "the"):
                if at + 2 >= len(tokens) or tokens[at + 2].text not in UNITS:  # not "half a year"
                    found.append(Fact("n:%", 50.0, at, token.raw, count=50.0))
            elif token.text in _FIXED:
                found.append(Fact("clock", float(_FIXED[token.text]), at, token.raw))
            elif token.text == "twice" or (token.text == "once" and not _goes_on(after, _ONCE)):
                found.append(Fact("n:times", 1.0 + (token.text == "twice"), at, token.raw))
            elif token.text in ORDINALS and token.text != "second" and _goes_on(after, _ADVERB):
                month = _month_beside(tokens, at)
                nth = ORDINALS[token.text]
                found.append(
                    Fact("monthday", f"{month}-{nth}", at, token.raw)
                    if month
                    else Fact("ordinal", float(nth), at, token.raw)
                )
            elif token.text in _DAYS or token.text.removesuffix("s") in _DAYS:
                found.append(Fact("weekday", token.text.removesuffix("s"), at, token.raw))
            elif token.text in MONTHS and (token.text != "may" or token.raw == "May") and len(token.text) > 2:
                near_number = any(t is not None and t.kind == "number" for t in (before, after))
                if token.text not in ("may", "march", "mar", "dec", "sec", "jan", "jun") or (
                    token.raw[0].isupper() and (near_number or at)
                ):
                    found.append(Fact("month", float(MONTHS[token.text]), at, token.raw))
    return found


def _goes_on(after: Token | None, but: set[str]) -> bool:
    return after is not None and after.kind not in ("stop", "currency") and after.text not in but


def _unit_of_suffix(token: Token) -> tuple[str, float] | None:
    return UNITS.get(token.text) if token.text and token.text != "m" else None


def _month_beside(tokens: list[Token], at: int) -> int:
    """The month that the day number at `at` belongs to; 0 for none."""
    for j in (at - 1, at + 1, at + 2):
        if (
            0 <= j < len(tokens)
            and tokens[j].kind == "word"
            and tokens[j].text in MONTHS
            and tokens[j].raw[0].isupper()
        ):
            if j == at + 2 and tokens[at + 1].text != "of":
                continue
            return MONTHS[tokens[j].text]
    return 0


def _minutes(clock: str) -> float:
    digits = [int(d) for d in re.findall(r"\d+", clock)]
    hour, minute = digits[0], digits[1] if len(digits) > 1 else 0
    if "p" in clock and hour < 12:
        hour += 12
    if "a" in clock and hour == 12:
        hour = 0
    return float(hour * 60 + minute)
