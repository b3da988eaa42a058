"""What a document states about itself: title, edition, date, owner, language. Mappings or opening text in, Facts out.

Front matter, document information and sidecar files use many names for the same thing; this is where they are known.
A value that isn't sensible (a date that is none, a title that is a file name) counts as not stated. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from knowledge.text.characters import line
from knowledge.text.figure_words import merged
from knowledge.text.words import data_file, filled


@dataclass(frozen=True, slots=True)
class Facts:
    """None: not stated."""

    title: str | None = None
    pages: int | None = None
    language: str | None = None  # ISO 639-1
    effective: date | None = None
    version: str | None = None
    owner: str | None = None
    suspects: tuple[str, ...] | None = None  # sentences that read like instructions to a model

    def over(self, other: Facts) -> Facts:
        """These, and the other's where these say nothing."""
        missing = {f.name: getattr(other, f.name) for f in fields(self) if getattr(self, f.name) is None}
        both = (*(other.suspects or ()), *(self.suspects or ()))
        return replace(self, **missing | {"suspects": both or None})


@cache
def _pattern(name: str) -> re.Pattern[str]:
    """One of the patterns of about.toml."""
    patterns = data_file("knowledge.read", "about.toml")["patterns"]
    return re.compile(filled(patterns[name], patterns))


def stated(given: Mapping[Any, Any]) -> Facts:
    """From front matter, a sidecar file or document information."""
    by_name = {
        str(key).strip().lstrip("/").lower().replace("-", "_").replace(" ", "_"): value for key, value in given.items()
    }
    found: dict[str, Any] = {}
    for fact, names in data_file("knowledge.read", "about.toml")["names"].items():
        for name in names.split():
            value = by_name.get(name)
            if isinstance(value, list) and fact == "owner":
                value = ", ".join(one for one in value if isinstance(one, str)) or None
            if value is None or isinstance(value, (dict, list, tuple, set)):
                continue
            if fact == "effective":
                value = _as_date(value)
            elif fact == "language":
                value = _as_language(str(value))
            elif fact == "title":
                value = sensible_title(str(value))
            elif fact == "owner" and _pattern("NOBODY").match(str(value)):
                value = None
            else:
                value = line(str(value))[:200] or None
            if value is not None:
                found[fact] = value
                break
    return Facts(**found)


def without_author(given: Mapping[Any, Any]) -> Facts:
    """As `stated`, but who typed the file does not count: a document's own words say better who answers for it."""
    return stated({key: value for key, value in given.items() if str(key).lstrip("/").lower() != "author"})


def in_opening(text: str) -> Facts:
    """From the first page or two as people write it: "in effect from 2 February 2026", "Version 9.0", "Owner: ..."."""
    effective = _pattern("EFFECTIVE").search(text) or _pattern("WRITTEN").search(text)
    version = _own(_pattern("VERSION"), text) or _own(_pattern("ORDINAL"), text)
    owner = _pattern("OWNER").search(text)
    return Facts(
        effective=_matched_date(effective) if effective else None,
        version=version[version.lastindex or 0] if version else None,
        owner=owner[1].strip() if owner else None,
    )


def _own(form: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The first version in this form that is not the one which the document replaces."""
    earlier = _pattern("EARLIER")
    found = form.finditer(text)
    return next((one for one in found if not earlier.search(text[max(0, one.start() - 60) : one.start()])), None)


def sensible_title(text: str) -> str | None:
    """The title on one line, if people would write it above a document: not "untitled" or "doc1.docx"."""
    title = line(text)[:300]
    words = title.split()
    spaced = sum(len(word) == 1 for word in words) > len(words) / 2  # "P O L I C Y"
    bad = spaced or len(title) < 3 or not any(map(str.isalpha, title)) or _pattern("BAD_TITLE").match(title)
    return None if bad else title


def _as_date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _pattern("DATE").search(str(value))
    return _matched_date(found) if found else None


def _matched_date(found: re.Match[str]) -> date | None:
    part = found.groupdict()

    def pick(*names: str) -> str | None:
        return next((part[name] for name in names if part[name]), None)

    month_name = pick("mn", "mn3", "mn5")
    month = merged("months").get(month_name.lower(), 0) if month_name else int(pick("m", "m4") or 0)
    day = int(pick("d", "d2", "d3", "d4") or 1)
    if part["n6"]:  # "04/13/2025" can only be April; of "04/05/2025" nobody knows
        day, month = sorted((int(part["n6"]), int(part["n7"])), reverse=True)
        if month < day <= 12:
            return None
    try:
        return date(int(pick("y", "y2", "y3", "y4", "y5", "y6") or 0), month, day)
    except ValueError:
        return None


def _as_language(value: str) -> str | None:
    code = re.match(r"\s*([A-Za-z]{2})(?:[-_]|\s*$)", value)
    return code[1].lower() if code else None
