"""What a document states about itself: title, edition, date, owner, language. Mappings or opening text in, Facts out.

Front matter, document information and sidecar files name the same thing as the opening's labels do, in many words
(knowledge.read.labels). A label with its value counts more than a sentence; of a table of editions the newest counts.
A value that isn't sensible (a date that is none, a title that is a file name) counts as not stated. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import cache
from itertools import chain
from typing import Any, Self

from knowledge.read import endings, labels
from knowledge.read.labels import ANY_DATE, DATE, Label, any_of, as_date, fold, label_list, labelled, names_document
from knowledge.text.characters import line
from knowledge.text.figure_words import units
from knowledge.types import DRAFT

_VERSION = r"v? ?(\d+(?:\.\d+)*[a-z]?)\b(?!\s*%)"
_NAME = re.compile(r"\W{0,4}(?:the )?([^\W\d_][\w&/' -]{1,60}?)(?=[.;,|\n]|\s[(–—]|$)", re.M | re.I)
_ROLE = re.compile(
    r"\W{0,4}((?:[A-Z][^\W\d_]*[ ,&-]{1,2}|(?:and|of|for|the) ){1,7}[A-Z][^\W\d_]*)\W*"
)  # "Lead Nurse, Ward 3"
_APART = re.compile(r"\s*[|·•;\t]\s*|\s{3,}")
_MARKS = re.compile(r"[*_`]+|^[ \t]*(?:[>#|]|[-+](?= ))+[ \t]*|\|[ \t]*$", re.M)  # Markdown's
LONGEST_VALUE = 200  # characters behind a label; guess
LONGEST_BELOW = 4  # words of a value in the row below its label; guess
_ITEM_OR_HEADING = re.compile(r"[ \t]*(?:#|[-+*•]|\d{1,3}[.)])")
LONGEST_LABEL = 60  # characters before a colon; guess
_NO_TITLE = re.compile(  # a file's name or path, an aside, no words
    r"(?i)(?:.*\.(?:docx?|pdf|indd|qxd|rtf|tmp|dvi|fm|odt|tex|html?)|.*[\\/].*\.\w{2,4}|[\W\d_]+)$|\("
)
UNREADABLE = ()  # a field that is there and can't be read


@dataclass(frozen=True, slots=True)
class Facts:
    """None: not stated."""

    title: str | None = None
    pages: int | None = None
    language: str | None = None  # ISO 639-1
    effective: date | None = None
    until: date | None = None  # the last day; date.min: it says only that it has ended
    version: str | None = None
    owner: str | None = None
    suspects: tuple[str, ...] | None = None  # sentences that read like instructions to a model

    def over(self, other: Self) -> Self:
        """These, and the other's where these say nothing."""
        missing = {f.name: getattr(other, f.name) for f in fields(self) if getattr(self, f.name) is None}
        both = (*(other.suspects or ()), *(self.suspects or ()))
        return replace(self, **missing | {"suspects": both or None})


def stated(given: Mapping[Any, Any]) -> Facts:
    """From front matter, a sidecar file or document information."""
    facts: dict[str, Any] = {}
    inner = [value.items() for key, value in given.items() if isinstance(value, dict) and names_document(str(key))]
    for key, value in [*given.items(), *chain.from_iterable(inner)]:
        label = labelled(line(str(key)).lstrip("/"), field=True)
        if isinstance(value, list):
            value = ", ".join(one for one in value if isinstance(one, str)) or None
        if label is None or value is None or isinstance(value, (dict, tuple, set)):
            continue
        if label.fact in ("effective", "written", "until"):
            if until := endings.last_of_range(str(value), label.day_first):
                facts.setdefault("until", until)
            value = as_date(value, label.day_first)
        elif label.fact in ("ended", "status"):
            value = endings.said_in(value, label)
        elif label.fact == "language":
            value = _as_language(str(value))
        elif label.fact == "title":
            value = sensible_title(str(value))
        elif label.fact in ("owner", "kept_by") and _is_nobody(str(value)):
            value = None
        else:
            value = line(str(value))[:200] or None
            if label.fact == "version" and (number := _named_version().fullmatch(fold(value or ""))):
                value = number[1]
        if value is not None:
            facts.setdefault(label.fact, value)
    return _facts(facts)


def not_read(given: Mapping[Any, Any]) -> Iterator[str]:
    """Of a sidecar file, what states nothing though it was meant to: a misspelt key, no date, no language."""
    for key, value in given.items():
        name = line(str(key))
        label = labelled(name, field=True)
        if value is None or isinstance(value, dict):
            continue
        if value == UNREADABLE:
            yield f"`{name}` is not read: what stands behind it is no YAML. Correct it."
            continue
        if label is None and (known := labels.meant(name)):
            yield f"`{name}` is not read; is `{known}` meant? Correct it."
        elif label and label.fact in ("effective", "written", "until") and not as_date(value, label.day_first):
            yield f"`{name}: {line(str(value))[:60]}` is no date. Write it as in 2026-05-31."
        elif label and label.fact == "language" and not _as_language(str(value)):
            yield f"`{name}: {line(str(value))[:60]}` is no language. Write its two letters, as in `en`."


def _facts(stated_facts: Mapping[str, Any]) -> Facts:
    """The weaker word where the stronger says nothing: the day it was written on, who typed it."""
    return Facts(
        title=stated_facts.get("title"),
        language=stated_facts.get("language"),
        effective=stated_facts.get("effective")
        or stated_facts.get("effective_behind")
        or stated_facts.get("written")
        or stated_facts.get("dated"),
        until=stated_facts.get("until") or stated_facts.get("ended") or stated_facts.get("status"),
        version=stated_facts.get("version") or stated_facts.get("edition"),
        owner=stated_facts.get("owner") or stated_facts.get("kept_by"),
    )


def without_author(given: Mapping[Any, Any]) -> Facts:
    """As `stated`, but who typed the file does not count: a document's own words say better who answers for it."""
    return stated({key: value for key, value in given.items() if str(key).lstrip("/").lower() != "author"})


def in_opening(text: str) -> Facts:
    """From the first page or two as people write it: "in effect from 2 February 2026", "Version 9.0", "Owner: ..."."""
    marked, text = text, _MARKS.sub("", text)
    facts: dict[str, Any] = {}
    for label, value in _pairs(marked):
        for name, one in _valued(label, value):
            facts.setdefault(name, one)
    folded = fold(text)
    for name, pattern in _sentences().items():
        values = (_stated_in(name, one, text) for one in pattern.finditer(folded))
        if stands := next(filter(None, values), None):
            facts.setdefault(name, stands)
    facts["until"] = endings.in_opening(folded, text)
    found = _facts(facts)
    ends = found.until or date.min  # before it begins: what it replaces; "no longer in force since May" begins nothing
    is_other = found.effective and DRAFT < ends < found.effective - timedelta(days=1)
    return replace(found, until=None) if is_other else found


def _pairs(text: str) -> Iterator[tuple[Label, str]]:
    """Labels with what stands behind them, in the next cell or row, or below; of a table of editions the newest row."""
    lines = [(row, _MARKS.sub("", row).strip()) for row in text.splitlines()]
    lines = [(marked, row) for marked, row in lines if re.search(r"\w", row)]
    rows = [[cell for cell in _APART.split(row) if cell] for _, row in lines]
    is_marked = [_ITEM_OR_HEADING.match(marked) for marked, _ in lines]
    tables: list[tuple[Label, str]] = []
    for at, row in enumerate(rows):
        heads = [labelled(cell.rstrip(": "), field=True) for cell in row]
        if sum(map(bool, heads)) > 1 and not any(char.isdigit() for cell in row for char in cell):
            end = next((k for k in range(at + 1, len(rows)) if len(rows[k]) != len(row)), len(rows))
            body = rows[at + 1 : end]
            if heads[0] is None and [cells[0].rstrip(".") for cells in body] == [str(n + 1) for n in range(len(body))]:
                heads, body = heads[1:], [cells[1:] for cells in body]  # "No. | Version | In force from"
            if _is_of_editions(heads, body):
                newest = max(body, key=_newness)
                tables += [(head, cell) for head, cell in zip(heads, newest, strict=True) if head]
            continue
        if len(row) > 2 and sum(map(bool, heads)) == 1 and len(rows[at + 1 : at + 2] and rows[at + 1]) == len(row):
            continue  # of tasks or tools: "Owner | Task | Due"
        below = rows[at + 1][:1] if len(row) == 1 and at + 1 < len(rows) and not any(is_marked[at : at + 2]) else []
        if below and (len(below[0].split()) > LONGEST_BELOW or below[0][-1] in ".!?"):
            below = []  # the first words of a paragraph
        for place, cell in enumerate(row):
            after = row[place + 1 : place + 2] or below
            if (label := labelled(cell.rstrip(": "))) and after:
                yield label, after[0][:LONGEST_VALUE]
            yield from _labelled_in(cell)
            whole = re.fullmatch(rf"\W*([^\W\d][^\d:]{{2,40}}?)\W*{_VERSION}\W*", cell, re.I)
            if whole and (label := labelled(whole[1])):  # "Issue no. 6", and nothing else
                yield label, whole[2]
    yield from tables


def _is_of_editions(heads: Sequence[Label | None], rows: Sequence[Sequence[str]]) -> bool:
    """Whether the rows are editions of the document, or the one row is about it: not one each for a tool or a task."""
    first = heads[0] and heads[0].fact
    if len(rows) == 1:
        is_code = re.fullmatch(r"\S*\d\S*", rows[0][0]) is not None  # "Q-1"
        return first is not None or (is_code and _newness(rows[0])[0] > date.min)
    dated = [_newness(row) > (date.min, []) for row in rows]
    return first in ("version", "effective", "written") and bool(dated) and all(dated)


def _labelled_in(cell: str) -> Iterator[tuple[Label, str]]:
    """Of "Doc. owner: Estates Eff. date: 2026-01-19" both; what is labelled begins the cell or with a capital."""
    end = 0
    for colon in re.finditer(":(?!//)", cell):
        before = cell[max(end, colon.start() - LONGEST_LABEL) : colon.start()]
        starts = (one.start() for one in re.finditer(r"(?<![\w'’])[^\W\d_]", before))
        places = [at for at in starts if not before[:at].strip(" (") or before[at].isupper()]
        lead = next((label for at in places if (label := labelled(before[at:]))), None)
        if lead:
            yield lead, cell[colon.end() : colon.end() + LONGEST_VALUE].strip()
        end = colon.end()


def _newness(row: Sequence[str]) -> tuple[date, list[int]]:
    """Of a row of a table of editions, the latest on top."""
    days = [day for cell in row if (day := as_date(cell, day_first=True))]
    number = re.match(_VERSION, next((cell for cell in row if re.match(_VERSION + r"\Z", cell)), ""))
    return max(days, default=date.min), [int(one) for one in re.findall(r"\d+", number[1] if number else "")]


def _valued(label: Label, value: str) -> Iterator[tuple[str, Any]]:
    """What the label's value states; nothing where it is no such value."""
    start = re.match(rf"\W*(?:(?:{any_of('small', 'version', 'version_labels')})\b\W*){{0,4}}", fold(value))
    begun = value[start.end() if start else 0 :] or value  # "D" is a letter, and a small word of French
    day = ANY_DATE.match(fold(begun))
    number = re.match(_VERSION, fold(begun)) or re.match(r"([A-Z])\W*\Z", begun)
    if label.fact in ("effective", "written", "version") and day:
        yield "effective" if label.fact == "effective" else "written", labels.matched_date(day, label.day_first)
    elif label.fact == "version" and number and not day and _ends(fold(begun[number.end() :])):
        yield "version", number[1]
    elif label.fact == "owner" and (name := _named(value)):
        yield "owner", name


def _named(value: str) -> str | None:
    """The role or name that a value begins with; None of a clause: "Steward: wears a red vest"."""
    match = _ROLE.fullmatch(value) or _NAME.match(value)
    name = match[1].strip() if match else ""
    unit = re.search(rf"\b(?:{any_of('owner_fields')})\Z", fold(name))  # "people team"
    return None if _is_nobody(name) or (name.islower() and len(name.split()) > 2 and not unit) else name


def _ends(rest: str) -> bool:
    """Whether a number's value is over before this: "4 of 1 May" and "4 Status:", not "4 hours"."""
    dated = rf"(?:{any_of('small', 'written')})\b|{DATE}"
    return bool(re.match(rf"\Z|[^\w ]| \W|\W*(?:{dated}|[^\d\W][^:\n]{{0,30}}:)", rest))


@cache
def _named_version() -> re.Pattern[str]:
    """ "Version 8.2" as a value."""
    return re.compile(rf"\W*(?:{any_of('version', 'version_labels')})\b\W*{_VERSION}\W*")


@cache
def _sentences() -> dict[str, re.Pattern[str]]:
    """How sentences state it, in plain text; the first of each that holds is taken."""
    small = rf"(?:[^\w\n]{{1,4}}(?:{any_of('small')})\b){{0,4}}\W{{0,6}}"
    number = rf"\.?(?:[^\w\n]{{1,3}}(?:(?:number|no|nr)\b\.?|n[°º]))?[^\w\n]{{0,4}}{_VERSION}"
    nth = rf"(?<![\d.])(\d{{1,3}})(?:(?:st|nd|rd|th|e|re|eme|\.?[ªº]) (?:{any_of('nth')})"
    nth += rf"|\. (?:{any_of('nth_dotted')}))\b"
    return {
        "effective": re.compile(rf"\b(?P<how>{any_of('effective')})\b{small}{DATE}"),
        "effective_behind": re.compile(rf"{DATE}[^\w\n]{{1,3}}(?P<how>{any_of('effective_behind')})\b"),
        "written": re.compile(rf"^[ \t]*(?P<how>{any_of('written')})\b{small}{DATE}", re.M),
        "dated": re.compile(rf"\b(?P<how>{any_of('version')})\b{number}{small}{DATE}"),
        "version": re.compile(
            rf"\b(?:{any_of('version')})\b{number}|(?<!\w)v ?(\d+(?:\.\d+)*)\b"
            r"|\b(?:rev\.|revision:?) ?([a-z])(?=[\s.,;|)]|$)"
        ),
        "edition": re.compile(nth),
        "owner": re.compile(rf"\b(?:{any_of('owner_said')})\b"),
    }


def _stated_in(name: str, one: re.Match[str], text: str) -> Any:
    """What a sentence states, where it does."""
    if name in ("effective", "effective_behind", "written"):
        other = _names_no_document(rf",? (?:{any_of('articles')})\b", one.string[one.end() : one.end() + 60])
        return None if other else labels.matched_date(one, labels.day_first(one["how"]))
    if name == "owner":
        return _named(text[one.end() : one.end() + LONGEST_VALUE]) if text[one.start()].isupper() else None
    before = re.split(r"[.\n|·;]", fold(text[max(0, one.start() - 60) : one.start()]))[-1]
    is_replaced = re.search(rf"\b(?:{any_of('supersedes')})\b", before)
    if is_replaced or _of_something_else(fold(text[one.end() : one.end() + 60])):
        return None
    if name == "dated":
        return labels.matched_date(one, labels.day_first(one["how"])) if text[one.start()].isupper() else None
    at = one.lastindex or 0
    if name == "version":
        named = text[one.start()].isupper() or re.search("[:|]", one[0]) or re.match(r"v ?\d", one[0])
        is_small = one[at].isalpha() and not text[one.start(at)].isupper()
        if not named or is_small or ANY_DATE.match(one.string, one.start(at)):
            return None
    return text[one.start(at) : one.end(at)]


def _of_something_else(after: str) -> bool:
    """Whether an edition is one of a program or a fair, or a length of time: "Version 5.2 der Software", "4 hours"."""
    word = re.match(r" ([^\W\d_]+)", after)
    counted = units().get((word[1],), "page") != "page" if word else False  # "Version 3 Page 1 of 4"
    return counted or _names_no_document(rf"[ '](?:{any_of('of')})\b", after)


def _names_no_document(begins: str, after: str) -> bool:
    """Whether what begins so goes on with a thing, neither a document nor a date: "of Windows", ", the canteen"."""
    thing = re.match(rf"{begins}((?:\W{{1,3}}\w+){{1,5}})", after)
    return thing is not None and not re.search(rf"{any_of('documents')}|\b(?:19|20)\d\d\b", thing[1])


def sensible_title(text: str) -> str | None:
    """The title on one line, if people would write it above a document: not "untitled" or "doc1.docx"."""
    title = line(text)[:300]
    words, folded = title.split(), fold(title)
    spaced = sum(len(word) == 1 for word in words) > len(words) / 2  # "P O L I C Y"
    none = _NO_TITLE.match(title) or re.match(any_of("untitled"), folded) or folded in label_list("contents")
    return title if any(map(str.isalpha, title)) and len(title) > 2 and not spaced and not none else None


def _is_nobody(name: str) -> bool:
    """Whether nobody answers by this name: "", "Admin", "unknown"."""
    return re.fullmatch(rf"\W*(?:{any_of('nobody')})?\W*", fold(name)) is not None


def _as_language(value: str) -> str | None:
    code = re.match(r"\s*([A-Za-z]{2})(?:[-_]|\s*$)", value)
    return code[1].lower() if code else None
