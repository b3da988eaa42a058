"""Days as documents write them, in the languages of figures: "1 May 2026", "01.05.2026", "Mai 2026". Pure."""

import re
from datetime import date, datetime
from functools import cache

from knowledge.read.labels import fold
from knowledge.text.figure_words import merged

_MONTH = r"[^\W\d_]{3,10}"
DATE = (
    r"(?:(?P<y>\d{4})(?=[-/.]|\d{4}(?!\d))(?P<sep>[-/.]?)(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th|er|º)?\.?[ -](?:of |de )?(?P<name>{_MONTH})\.?,?[ -](?:de )?(?P<y2>\d{{4}})"
    rf"|(?P<name3>{_MONTH})\.? (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y3>\d{{4}})"
    r"|(?P<d4>\d{1,2})\.(?P<m4>\d{1,2})\.(?P<y4>\d{4})|(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<y6>\d{4})"
    rf"|(?P<name5>{_MONTH})\.? (?P<y5>\d{{4}}))"
)
ANY_DATE = re.compile(DATE)


def as_date(value: object, day_first: bool = False) -> date | None:
    """The day that a value names; None where it names none."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = ANY_DATE.search(fold(str(value)))
    return matched_date(match, day_first) if match else None


def matched_date(match: re.Match[str], day_first: bool) -> date | None:
    """The day of a match of `DATE`; None of what is no day, and where nobody knows which number is the month."""
    part = {name.rstrip("0123456789"): value for name, value in match.groupdict().items() if value}
    day = int(part.get("d") or part.get("first") or 1)
    month = _months().get(part["name"], 0) if "name" in part else int(part.get("m") or part["second"])
    if "first" in part and month > 12:  # "04/13/2025" can only be April; of "04/05/2025" nobody knows
        day, month = month, day
    elif "first" in part and day <= 12 and day != month and not day_first:
        return None
    try:
        return date(int(part["y"]), month, day)
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    return {fold(name): number for name, number in merged("months").items()}
