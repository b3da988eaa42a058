"""To what day a document applies by its own words, or that it no longer does, or not yet: a last day out. Pure.

`date.min`: it says only that it has ended. `DRAFT`: that nobody has approved it. All words are data (labels/*.toml).
"""

import re
from datetime import date, timedelta
from functools import cache

from knowledge.read import labels
from knowledge.read.labels import ANY_DATE, DATE, Label, any_of, as_date, fold
from knowledge.types import DRAFT

LONGEST_OPENING = 1_000  # characters in which a document says of itself that it has ended; guess
_PART = r"(?:\d{1,4}(?:[./-]\d{1,4}){2}|\d{1,2}[.º]?|[^\W\d]{1,4}\.|\w{1,14})"
_DAY = rf"(?:{_PART}(?:,(?= \d))? ){{0,4}}{_PART}"  # the first day of a range: "1 May", "May 1, 2026"


def in_opening(folded: str, text: str) -> date | None:
    """What the first words say, of the plain text and the same folded."""
    found = (_end_in(one, text) for one in _endings().finditer(folded[:LONGEST_OPENING]))
    is_draft = any(_begins(one, text) for one in _drafts().finditer(folded[:LONGEST_OPENING]))
    return next(filter(None, found), DRAFT if is_draft else None)


def named_so(stem: str, title: str | None) -> date | None:
    """What a file's name or a title says: "leave-2022-SUPERSEDED", "leave_old", "Leave (draft)"."""
    words = " ".join(re.findall(r"[^\W_]+", stem))
    ended = rf"(?:{any_of('ended_names')})"
    capitals = "".join(one if one.isupper() else " " for one in words.split(" ") for one in (one, " "))
    behind = re.search(rf"[_(](?:{any_of('ended_last')})\W*\Z", fold(stem))
    if behind or re.search(rf"\b{ended}\Z", fold(words)) or re.search(rf"\b{ended}\b", fold(capitals)):
        return date.min
    draft = rf"(?:{any_of('draft_names')})"
    apart = rf"\s*{draft}\s*(?:[_:–—]|-\s)|.*(?:[_(\[:–—]|\s-)\s*{draft}(?: ?v?\d[\d.]*)?[)\]\s]*\Z"
    is_apart = any(re.match(apart, fold(one)) for one in (stem, title or ""))
    return DRAFT if is_apart or re.search(rf"\w {draft}\Z", fold(words)) else None


def said_in(value: object, label: Label) -> date | None:
    """The last day of what a field says has ended: `superseded: 2025-12-31`, `status: withdrawn`, `status: draft`."""
    if isinstance(value, date):
        return as_date(value)
    said = fold(str(value))
    ended = rf"\W*(?:{any_of('ended', 'ended_labels', 'ended_late')})\b(?!{_only()})"
    if label.fact == "status" and not re.match(ended, said):
        return DRAFT if re.match(rf"\W*(?:{any_of('draft', 'draft_names')})\b", said) else None
    return None if re.fullmatch(rf"\W*(?:0|{any_of('nothing')})?\W*", said) else _end(said, label.day_first)


def last_of_range(value: str, first_the_day: bool) -> date | None:
    """The last day where two are stated: "2026-03-01 to 2026-08-31"."""
    day = re.match(rf"\W*{_DAY}{_to()}{DATE}", fold(value))
    return labels.matched_date(day, first_the_day) if day else None


def _end(said: str, first_the_day: bool) -> date:
    """The last day of what has ended: of "replaced on 1 May 2026" the day before; `date.min`: not said."""
    day, found = ANY_DATE.search(said), None
    while day and not (found := labels.matched_date(day, first_the_day)):
        day = ANY_DATE.search(said, day.start() + 1)  # of "superseded 2025-12-31" the first word is no month
    if not day or not found:
        year_end = re.search(rf"\b(?:{any_of('end_of')}) ([12]\d{{3}})\b", said)
        return date(int(year_end[1]), 12, 31) if year_end else date.min
    by_then = re.search(rf"\b(?:{any_of('on')})\W*\Z", said[: day.start()])
    return found - timedelta(days=1) if by_then else found


def _unlimited() -> str:
    """A pattern for what limits no end: "for good", "for reference only", "after the merger in 2025"."""
    return rf"(?> (?:{any_of('unlimited')})\b)"


def _only() -> str:
    """A pattern for what limits an end: "when printed", "for contractors"."""
    return rf"{_unlimited()}?(?!{_unlimited()}) (?:{any_of('conditions')})\b"


@cache
def _endings() -> re.Pattern[str]:
    """How a document's opening says to what day it applies, or that it no longer does."""
    lists = ("ended", "ended_labels", "ended_late", "ended_verb", "on", "by", "has_been", "status", "until")
    one_of = {name: rf"(?:{any_of(name)})" for name in lists}
    one_of["both"] = rf"(?:{any_of('ended', 'ended_labels')})"
    this = _this()
    been = rf"(?: {one_of['has_been']})"
    # of this document, of no other, and whatever comes
    of_date = r"\.(?=\d)|(?<=\W\d)\.|(?<=\W\d\d)\."
    for_all, only = _unlimited(), _only()
    near = rf"(?:{for_all}|(?! (?:{any_of('others')})\b|{for_all}|{only})(?:[^\n.;]|{of_date})){{0,60}}?"
    apart = rf" {one_of['by']}\b|\W{{1,2}}\d[^\n]{{0,20}}\d\d|[.!;)]| [–—-]|\W*$| {one_of['on']} [^\n]{{0,30}}\d{{4}}"
    comma = rf",(?!{only})"  # not ", when printed"
    goes_on = rf"{for_all}?(?:{apart}|{comma}|:| \(| (?:{any_of('goes_on')})\b)"
    goes_on += rf"|(?!{only}) (?:\w+ ){{1,2}}\d[^\n.]{{0,20}}\d{{4}}"
    small = rf"(?:[^\w\n]{{1,4}}(?:{any_of('small')})\b){{0,4}}\W{{0,6}}"
    by_another = rf"{one_of['ended_labels']} (?!(?:{any_of('nothing')})\b)[\w\"“„«]"
    return re.compile(
        rf"(?:^|(?<=[.!] ))\W{{0,4}}"
        rf"(?:(?P<this>{this}{been}? )?(?:(?P<how>{one_of['until']}){for_all}?\W{{1,3}}(?:{one_of['on']} )?"
        rf"|(?P<range>{any_of('effective', 'effective_labels')})\b{small}{_DAY}{_to()}|(?P<behind>{_DAY}{_to()}))"
        rf"{DATE}(?(behind)\W{{1,3}}(?:{any_of('effective_behind')})|(?(this)(?!{only})|(?!\W? \w)))"
        rf"|(?:{one_of['status']}\W{{1,4}}{one_of['both']}\b(?!{only})"
        rf"|{this}{been}{{1,2}} (?:{one_of['ended']}\b(?={goes_on})|{by_another})"
        rf"|(?P<alone>{one_of['ended']})\b(?={for_all}?(?:{apart}))|{by_another}"
        rf"|{this}{been}{near} {one_of['ended_late']}\b(?=\W*$|[.;] |{comma} )"
        rf"|{this}{near} {one_of['ended_verb']}\b(?={goes_on}))[^\n]{{0,120}})",
        re.M,
    )


@cache
def _drafts() -> re.Pattern[str]:
    """How a document's opening says that it is a draft."""
    draft = rf"(?:{any_of('draft_names')})"
    whole = rf"(?:{any_of('draft', 'draft_names')})"
    this = rf"(?:{_this()}|(?:{any_of('this')}))(?: (?:{any_of('has_been')}))?(?: (?:{any_of('only_a')}))?"
    return re.compile(
        rf"(?:^|(?<=[.!] ))\W{{0,4}}(?:(?:{any_of('status')})\W{{1,4}}{whole}\b"
        rf"|{this} {whole}\w{{0,3}}(?=\W*$|[.;,!]| [(–—-]| (?:{any_of('goes_on', 'conditions')})\b)"
        rf"|(?P<alone>{draft})\b(?=[.!;)]| [–—-]|\W*$)|{draft} (?:(?:{any_of('version')})\b\W{{0,2}})?v?\d[\d.]*\W*$"
        rf"|(?:{any_of('version')})\b\W{{1,3}}\d[\d.]*\W{{1,3}}{draft}\b\W*$)",
        re.M,
    )


def _this() -> str:
    """A pattern for the document itself: "this policy", "the present rules of the canteen"."""
    this = rf"(?:{any_of('this')}) (?:\d\w* |\w+ )?(?:{any_of('documents', 'version', 'nth', 'nth_dotted')})\w*"
    return rf"{this}(?: (?:{any_of('of')})(?: \w+){{1,2}}?)?,?"


def _to() -> str:
    """A pattern for what stands between the days of a range."""
    return rf"(?:[^\w.\n;]{{1,3}}(?:{any_of('to')})\b\W{{1,3}}|\W?[-–—]\W?)"


def _end_in(one: re.Match[str], text: str) -> date | None:
    """The last day that such a sentence says."""
    if not _begins(one, text, whole=_end(one[0], True) == date.min):
        return None
    if how := one["how"] or one["range"] or one["behind"]:
        return labels.matched_date(one, labels.day_first(how))
    return _end(one[0], True)


def _begins(one: re.Match[str], text: str, *, whole: bool = True) -> bool:
    """Whether it begins with a capital; what stands alone as a heading does is in capitals."""
    said = text[one.start() : one.end()].strip(" \n|")
    first = said[: len(one["alone"])] if whole and one["alone"] else next(filter(str.isalpha, said), "")
    return first.isupper() or bool(one.groupdict().get("behind"))
