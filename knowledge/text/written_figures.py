"""Figures made ready for reading: 14日以内, 27일의, ٢٧, ๒๗, whose letters stand close or whose digits are others. Pure.

In: any text. Out: one of the same length in which digits, full-width signs and borders of words are as in ASCII and
"10-14 days" is no code, and the figures that signs beside digits tell, with their places: dates, times, large numbers,
and what has its unit ([beside] of quantities.toml): 4週間. A bare 14日 may be the 14th: it is read without.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import takewhile
from math import prod

from knowledge.text.figure_words import languages, plain_number, readings
from knowledge.text.words import data_file

# Letters that a figure, an address or a name in ASCII may touch without being one word with them.
_CLOSE = re.compile("[\u0530-\u1dff\u3040-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")
EARLY, LATE = ("午前", "上午", "오전"), ("午後", "下午", "오후")
_ANY = re.compile(f"{_CLOSE.pattern}|[\uff01-\uffe6]")
_BORDER = "。"  # no word, no blank and no sign within a figure
_RANGE = re.compile(
    r"(?:((?:[€$£₺]|\b(?:EUR|USD|GBP|CHF|TL)) ?)|(?<![\w.,-]))([1-9]\d{0,2})-(\d{1,3})(?![\d-])"
    r"(?=((?: ?[^\W\d_]+| ?[€%。]){0,3}))"
)
_HOURS = re.compile(r"(?<=\d:[0-5]\d)-(?=[0-2]?\d[:.][0-5]\d)")
_DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,9})(?:\.\d{1,4})?"
_LARGE = rf"{_DIGITS}[千百万萬億亿천백만억]{{1,2}}"
_LARGE = rf"{_LARGE}(?: ?{_LARGE}){{0,3}}\d{{0,9}}"
_ONES = "一二三四五六七八九"
_NUMBER = rf"{_LARGE}|{_DIGITS}|(?<![第期{_ONES}])(?:[{_ONES}]?十[{_ONES}]?|[{_ONES}两兩])"
_PARTS = ("year", "month", "day", "noon", "hour", "minute", "amount", "half", "large")
Signed = tuple[str, str, str | None, tuple[int, int]]  # kind, value and unit as those of a Quantity, start and end


def in_ascii(text: str) -> str:
    """The text, character for character, with ASCII's digits and signs; words of ASCII stand apart from all others."""
    return _CLOSE.sub(_BORDER, text.translate(_ascii())) if _ANY.search(text) else text


def readable(text: str) -> str:
    """The text in ASCII's digits, with a dash in ranges of what is counted: "10–14 days"."""
    return _HOURS.sub("–", _RANGE.sub(_range, in_ascii(text)))


def _range(match: re.Match[str]) -> str:
    """The range with a dash where it goes up and has its unit: of "dial 14-22 on weekdays" nobody counts days."""
    ends = data_file("knowledge.text", "quantities.toml")["ends_count"]
    behind = list(takewhile(lambda word: word not in ends, re.findall(r"[^\W\d_]+|\S", match[4].casefold())))
    counts = match[1] or any(not word.isalpha() or any(word in one.counted for one in languages()) for word in behind)
    is_range = counts and int(match[2]) < int(match[3])
    return f"{match[1] or ''}{match[2]}–{match[3]}" if is_range else match[0]


def signed(text: str) -> Iterator[Signed]:
    """ "2026年4月1日", "9時30分", "1万5千円", "2時間半" in order; 3月 is "weak", as a month is none that has a name."""
    for match in _signs().finditer(text.translate(_ascii())) if _ANY.search(text) else ():
        year, month, day, noon, hour, minute, amount, half, large = map(match.__getitem__, _PARTS)
        kind, value, unit = "number", "", None
        if year or day:
            kind, value = "date", f"{year or '*'}-{int(month):02}-{f'{int(day):02}' if day else '*'}"
        elif month:
            kind, value = "weak", month
        elif hour:
            late = [12 * (noon in LATE)] if noon and int(hour) < 12 else [0] if noon else [0, 12]
            kind = "time"
            value = "|".join(f"{int(hour) + n:02}:{minute or 30:0>2}" for n in late if int(hour) + n < 25)
        else:
            value = _worth(amount or large)
            value = plain_number(float(value) + 0.5) if half and "|" not in value else value
            unit = next((name for at, name in enumerate(_units()) if match[f"u{at}"]), None) if amount else None
            kind = "weak" if value == "1" else kind  # as "a week" is
        yield kind, value, unit, match.span()


def _worth(amount: str) -> str:
    """The value of an amount as it is written: "1万5千" -> "15000", "十二" -> "12"."""
    scales: Mapping[str, int] = data_file("knowledge.text", "quantities.toml")["scales"]
    if not amount[0].isdigit():
        tens, ten, ones = amount.translate({ord(two): "二" for two in "两兩"}).rpartition("十")
        return str((_ONES.find(tens) + 1 or 1) * 10 * bool(ten) + (_ONES.find(ones) + 1) * bool(ones))
    if amount[-1].isdigit() and not any(sign in scales for sign in amount):
        return "|".join(readings(amount))
    parts = re.findall(r"([\d,.]+)(\D*)", amount)
    return plain_number(
        sum(float(n.replace(",", "")) * prod(scales[sign] for sign in signs.strip()) for n, signs in parts)
    )


def _units() -> Mapping[str, str]:
    """What stands behind an amount, by unit."""
    beside: Mapping[str, str] = data_file("knowledge.text", "quantities.toml")["beside"]
    return beside


@cache
def _signs() -> re.Pattern[str]:
    units = "|".join(f"(?P<u{at}>{forms})" for at, forms in enumerate(_units().values()))
    return re.compile(
        r"(?<![\d.,])(?:(?:(?P<year>\d{4})[年년] ?)?(?P<month>0?[1-9]|1[0-2])[月월](?: ?(?P<day>\d{1,2})[日号號일])?"
        rf"|(?:(?P<noon>{'|'.join((*EARLY, *LATE))}) ?)?(?P<hour>[01]?\d|2[0-4])[時时點点시] ?"
        r"(?:(?P<minute>[0-5]?\d)[分분]|[半반](?![年期ば分]))"
        rf"|(?P<amount>{_NUMBER}) ?(?:{units})(?P<half> ?[半반](?![年期ば分]))?|(?P<large>{_LARGE}))"
    )


@cache
def _ascii() -> Mapping[int, str]:
    """Digits of every script and full-width signs; a full-width comma parts clauses and stays."""
    digits = {n: str(value) for n in range(0x660, 0xFF00) if (value := unicodedata.decimal(chr(n), None)) is not None}
    wide = {n: chr(n - 0xFEE0) for n in range(0xFF01, 0xFF5F) if chr(n) != "，"}
    return digits | wide | dict(zip(map(ord, "٪٫٬"), "%.,", strict=True))
