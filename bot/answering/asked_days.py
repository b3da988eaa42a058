"""The days that a question asks about: those of its dates, and of the numbers that stand in it as years. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache, partial

from bot.answering.lexicon import pattern
from knowledge.text.quantities import quantities
from knowledge.text.sentences import spans
from knowledge.text.words import LANGUAGES, stopwords

QUESTIONS_KEPT = 1_024  # questions whose days are kept; guess

_DAY = re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:[0-3]\d|\*)")
_YEAR = r"(?:19[6-9]|20)\d\d"  # a smaller number is an hour: "from 1930 to 2015"
_NEXT = re.compile(r"\s*([^\W\d]+)")
_NAMES = "(?:%words%|%several%|%things%)"  # of editions
_JOINS = r"\s*(?:[-–/&]|\b%year_joins%\b)\s*"
_signs = partial(pattern, "editions")
# years that stand together, "2024 and 2025", behind the number or the sign that stands in front of them
_runs = partial(
    _signs,
    rf"(?:\b(?:FY|(?:0[1-9]|1[0-2])[./])|(?P<other>\d{_JOINS}|[\w.,:/#€$£₺+–-]))?"  # "FY2025", "05.2025"
    rf"(?P<years>{_YEAR}(?:(?:,\s*|{_JOINS}){_YEAR})*(?:[-–/]\d\d(?!\d))?)"
    rf"(?![\w%€$£₺]|[.,:/–-]\d|{_JOINS}\d)",
)


@lru_cache(maxsize=QUESTIONS_KEPT)
def asked_about(question: str, today: date) -> Sequence[date]:
    """The days to answer for, () if none is named; today too where one that is past stands beside what is asked."""
    days = named(question)
    sentences = [question[start:end] for start, end in spans(question)]
    asking = [one for one in sentences if one.rstrip().endswith("?")] or sentences[-1:]
    if not days or any(map(_signs(r"\b%looks_back%\b").search, asking)):
        return days
    beside = max(days) < today and not any(named(one, sure=True) for one in asking)
    if any(map(_signs(r"\b%now%\b").search, asking)):
        return () if beside else (*days, today)
    return (*days, today) if beside else days


@lru_cache(maxsize=QUESTIONS_KEPT)
def named(text: str, *, sure: bool = False) -> Sequence[date]:
    """The days that a text names, of a year the last; not those since when somebody is there: "I started in 2019"."""
    dates = _dates(text)
    days_of = (timedelta(int(value[8:10].replace("*", "1")) - 1) for _, _, value in dates)  # 31 April is 1 May
    firsts = (date.fromisoformat(f"{value[:8]}01") for _, _, value in dates)
    said = [(start, end, first + days) for (start, end, _), first, days in zip(dates, firsts, days_of, strict=True)]
    said = said or [(start, end, date(year, 12, 31)) for start, end, year in _years(text, sure=sure)]
    days = []
    for start, end, day in said:
        if pattern("sides", r"\b%before%\b \Z").search(text[:start]):
            day = day.replace(year=day.year - 1) if (day.month, day.day) == (12, 31) else day - timedelta(days=1)
        is_since = _signs(r"\b%since%\b(?:\W+\w+){0,3}\W*\Z").search(text[:start])
        if not is_since and not _signs(r"(?:\W*\w+){0,2}?\W*\b%since_behind%\b").match(text[end:]):
            days.append(day)
    return tuple(days)


def years(text: str) -> set[int]:
    """The years that a text names, by themselves or in its dates."""
    return {*(int(value[:4]) for *_, value in _dates(text)), *(year for *_, year in _years(text))}


def _dates(text: str) -> list[tuple[int, int, str]]:
    return [(one.start, one.end, one.value) for one in quantities(text) if one.kind == "date" and _DAY.match(one.value)]


def _years(text: str, *, sure: bool = False) -> Iterator[tuple[int, int, int]]:
    """(start, end, year) of each number that is no amount, hour or number of a room; `sure`: nor may be one."""
    counting = [one for one in quantities(text) if one.unit not in (None, "year")]
    amounts = [(one.start, one.end) for one in counting if len(text[one.start : one.end].split()) <= 2]  # "2000 euros"
    looks_back = _signs(r"\b%looks_back%\b").search(text)  # "durfte man 2025 mitnehmen"
    for run in _runs().finditer(text):
        first, end = run.span("years")
        if run["other"] or any(start <= first < after for start, after in amounts):
            continue
        if _signs(r"\b%number_in%\b[\s.:#]*\Z").search(text, 0, first) or _signs(r"\s*\b%counted%\b").match(text, end):
            continue
        thing = _NEXT.match(text, end)
        is_little = thing and any(thing[1].casefold() in stopwords(language) for language in LANGUAGES)
        counts = thing and not is_little and not looks_back
        if (
            ((sure and counts) or run["years"] == "2000")
            and not (  # "the course costs 2000"
                not text[:first].strip()  # "2025 annual leave"
                or len(run["years"]) > len("2025")
                or _signs(rf"\b(?:%year_in%|{_NAMES})\b[\s,:(]*\Z").search(text, 0, first)
                or _signs(rf"['’][^\W\d]|(?:\s[^\W\d]+){{0,2}}?\s\b(?:%year_behind%|{_NAMES})\b").match(text, end)
            )
        ):
            continue
        for one in re.finditer(_YEAR, run["years"]):
            yield first + one.start(), first + one.end(), int(one[0])
