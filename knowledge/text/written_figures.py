"""Figures made ready for reading: 14日以内, 27일의, ٢٧, ๒๗, whose letters stand close or whose digits are others. Pure.

In: any text. Out: one of the same length in which digits, full-width signs and borders of words are as in ASCII and
"10-14 days" is no code, and the figures that signs between digits tell, with their places: dates, times, large numbers.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from math import prod

from knowledge.text.figure_words import languages
from knowledge.text.words import data_file

# Letters that a figure, an address or a name in ASCII may touch without being one word with them.
_CLOSE = re.compile("[\u0530-\u1dff\u3040-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")
_ANY = re.compile(f"{_CLOSE.pattern}|[\uff01-\uffe6]")
_BORDER = "。"  # no word, no blank and no sign within a figure
_RANGE = re.compile(r"(?<![\w.,-])(\d{1,3})-(\d{1,3})(?= ?([^\W\d_]+|[€%。]))")
_AMOUNT = r"(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,9})(?:\.\d{1,4})?[千百万萬億亿천백만억]{1,2}"
_SIGNED = re.compile(
    r"(?<![\d.,])(?:(?:(?P<year>\d{4})[年년] ?)?(?P<month>0?[1-9]|1[0-2])[月월](?: ?(?P<day>\d{1,2})[日号號일])?"
    r"|(?P<hour>[01]?\d|2[0-4])[時时點点시] ?(?:(?P<minute>[0-5]?\d)[分분]|[半반])"
    rf"|(?P<large>{_AMOUNT}(?: ?{_AMOUNT}){{0,3}}\d{{0,9}})"
    r"|(?P<whole>\d{1,2})(?:[個个かカヶケ箇개]?[月월]|小?[時时]|시|[年년日天週周주])[間间간]? ?[半반](?![年期ば分]))"
)
Signed = tuple[str, str, tuple[int, int]]  # kind and value as those of a Quantity, start and end


def in_ascii(text: str) -> str:
    """The text, character for character, with ASCII's digits and signs; words of ASCII stand apart from all others."""
    return _CLOSE.sub(_BORDER, text.translate(_ascii())) if _ANY.search(text) else text


def readable(text: str) -> str:
    """The text in ASCII's digits, with a dash in ranges of what is counted: "10–14 days"."""
    return _RANGE.sub(_range, in_ascii(text))


def _range(match: re.Match[str]) -> str:
    counts = not match[3].isalpha() or any(match[3].casefold() in language.counted for language in languages())
    return f"{match[1]}–{match[2]}" if counts else match[0]


def signed(text: str) -> Iterator[Signed]:
    """ "2026年4月1日", "9時30分", "1万5千", "2時間半" in order; 3月 is "weak": a month is none where it has a name."""
    for match in _SIGNED.finditer(text.translate(_ascii())) if _ANY.search(text) else ():
        year, month, day, hour, minute, large, whole = match.groups()
        kind, value = "number", f"{whole}.5"
        if year or day:
            kind, value = "date", f"{year or '*'}-{int(month):02}-{f'{int(day):02}' if day else '*'}"
        elif month:
            kind, value = "weak", month
        elif hour:
            kind, value = "time", "|".join(f"{n:02}:{minute or 30:0>2}" for n in (int(hour), int(hour) + 12) if n < 25)
        elif large:
            total = sum(map(_worth, re.findall(r"([\d,.]+)(\D*)", large)))
            value = f"{total:.6f}".rstrip("0").rstrip(".")
        yield kind, value, match.span()


def _worth(amount: tuple[str, str]) -> float:
    """("1,5", "万") as a number."""
    scales: Mapping[str, int] = data_file("knowledge.text", "quantities.toml")["scales"]
    return float(amount[0].replace(",", "")) * prod(scales[sign] for sign in amount[1].strip())


@cache
def _ascii() -> Mapping[int, str]:
    """Digits of every script and full-width signs; a full-width comma parts clauses and stays."""
    digits = {n: str(value) for n in range(0x660, 0xFF00) if (value := unicodedata.decimal(chr(n), None)) is not None}
    wide = {n: chr(n - 0xFEE0) for n in range(0xFF01, 0xFF5F) if chr(n) != "，"}
    return digits | wide | dict(zip(map(ord, "٪٫٬"), "%.,", strict=True))
