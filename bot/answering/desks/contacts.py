"""Passages -> whom they name to ask: rows and lines of contacts, and sentences that name a desk or a number. Pure.

A table is one of contacts where a column says how to reach somebody, or where it stands under such a heading. What of
it says neither who nor what for (hours, numbers, people's names) is shown, but not compared with a question.
"""

import re
from collections.abc import Mapping, Sequence, Set
from functools import cache, lru_cache, partial
from itertools import zip_longest
from typing import Any, NamedTuple

from bot.answering import editions
from bot.answering.lexicon import says
from bot.answering.scoring import MARK, UNITS_KEPT, Reading, one_line
from bot.answering.tables import Table
from bot.answering.wanted import not_meant
from bot.understanding.in_english import in_english
from knowledge.text import words
from knowledge.text.sentences import spans

FIRST = 14  # characters of a sentence within which it begins with a desk: it is about it; guess
LONGEST = 240  # characters of a sentence that says whom in one line; guess
FEWEST = 5  # words of a sentence without a number or address; guess
NAME = 6  # words of a cell that is a desk's name; guess
NEAREST = 3  # passages, the first, that may name whoever sees to the very thing; guess
PASSING, SAID, HEADED, NAMED, REACHED, LISTED = range(6)  # how well something says whom to ask

_PACKAGE = __name__.rpartition(".")[0]
_WORD, _ADDRESS = re.compile(r"[^\W\d_]{2}"), re.compile(r"\w@\w|(?<!\w)#\w")
_DIAL = re.compile(rf"{_ADDRESS.pattern}|\d{{3}}|\d\d[ /-]\d\d")
_says = partial(words.says, _PACKAGE, "contacts")


class Contact(NamedTuple):
    """Where the manual names somebody to ask."""

    source: int  # number of the passage, from 1
    place: tuple[int, int]  # characters of its text
    words: str  # in which it is quoted
    about: str  # what for, in the manual's words put into English; "" where only its name tells
    stems: frozenset[str]  # of those words, or of the sentence, as they stand and in English
    desks: frozenset[str]  # the matters that it is the desk for
    rest: bool  # for everything that nobody else is named for
    number: bool  # a row that says what for and a number, and nobody's name
    worth: tuple[int, ...]  # how well it says whom, from PASSING to LISTED


class _Said(NamedTuple):
    """What a row or a sentence says of whom to ask."""

    about: str
    desks: frozenset[str]
    worth: tuple[int, ...]
    number: bool = False


def contacts(reading: Reading) -> list[Contact]:
    """All whom the passages name, those for another country or site left out."""
    elsewhere = not_meant(reading.question, reading.passages)
    found = []
    for source, split in enumerate(reading.passage_units, 1):
        passage = reading.passages[source - 1]
        heading = passage.section[-1] if passage.section else passage.title
        headed = _says("headings", folded(heading))
        for index, unit in enumerate(split.units):
            if source in elsewhere or not split.quotable[index]:
                continue
            each: list[tuple[tuple[int, int], str, _Said | None]] = []
            if unit.kind == "row":
                row = _row(reading.table(source, index), index, headed=headed)
                each.append(((unit.start, unit.end), reading.in_words(source, index), row))
            for place in spans(passage.text, unit.start, unit.end) if unit.kind != "row" else ():
                text = one_line(passage.text[slice(*place)])
                each.append((place, text, _line(text) if headed else _sentence(text, heading, near=source <= NEAREST)))
            for place, text, said in each:
                if said:
                    about = english(said.about, passage.language)
                    put = about or english(text, passage.language)
                    stems = stems_of(said.about or text, put, passage.language)
                    rest = _says("rest", folded(said.about))
                    found.append(Contact(source, place, text, about, stems, said.desks, rest, said.number, said.worth))
    return found


def _row(table: Table, index: int, *, headed: bool) -> _Said | None:
    """What a row of a table of contacts says; None of any other table."""
    columns = zip(table.names, zip_longest(*table.rows.values(), fillvalue=""), strict=False)
    if index not in table.rows or not (headed or any(_is_reach(name, cells) for name, cells in columns)):
        return None
    told = [(name or "", cell) for name, cell in zip_longest(table.names, table.rows[index]) if _tells(cell)]
    own = [cell for name, cell in told if not _says("beside", folded(name))] or [cell for _, cell in told]
    if not own:
        return None
    names = (desks_named(cell, alone="," not in cell and len(cell.split()) <= NAME) for cell in own)
    desks = frozenset(one for named in names for one in named)
    if len(own) > 1:
        return _Said(": ".join(own), desks, (LISTED,))
    return _Said("" if desks else own[0], desks, (NAMED if desks else SAID,), number=not desks and len(told) == 1)


def _is_reach(name: str, cells: Sequence[str]) -> bool:
    """Whether a column says how to reach somebody."""
    numbers = sum(bool(_DIAL.search(cell)) for cell in cells)
    return _says("whom", folded(name)) or (_says("reach", folded(name)) and 2 * numbers >= len(cells))


def _tells(cell: str | None) -> bool:
    """Whether a cell says who or what for: no number or address, not when somebody answers."""
    return bool(cell and _WORD.search(cell) and not _ADDRESS.search(cell) and not _says("hours", folded(cell)))


def _line(text: str) -> _Said | None:
    """What a line below a heading of contacts says: "Buildings: the helpdesk"; None where it names nobody."""
    told, pair, dial = _told_by(text), ": " in text[:-1], bool(_DIAL.search(text))
    if len(text) > LONGEST or not (told.whom or pair or dial):
        return None
    if pair and dial:
        return _Said(MARK.sub("", text).partition(": ")[0], told.desks, (LISTED,))
    return _Said(text, told.desks, (REACHED if told.reach else HEADED,))


def _sentence(text: str, heading: str, *, near: bool) -> _Said | None:
    """What a sentence elsewhere says: it names a desk; or, `near` the question, a number for the very thing."""
    told = _told_by(text)
    if told.desks:
        first = told.at < FIRST
        whom = told.reach or told.tells or (first and not told.desks.isdisjoint(desks_named(heading, alone=True)))
        kind = REACHED if told.reach and told.tells and first else SAID if whom else PASSING
        order = (told.reach, len(told.desks) == 1, told.tells, -told.at // FIRST, len(text))
        return _Said("", told.desks, (kind, *order))
    return _Said(f"{heading}: {text}", told.desks, (SAID,)) if near and told.reach else None


def says_whom(sentence: str) -> bool:
    """Whether a sentence names somebody to ask, or a way to reach them."""
    return _told_by(sentence).whom


class _Told(NamedTuple):
    """What a sentence tells of whom to ask."""

    reach: bool = False  # how to reach somebody
    tells: bool = False  # that somebody answers, looks after it
    whom: bool = False  # somebody by name, or how to reach them
    desks: frozenset[str] = frozenset()  # the matters whose desk is named
    at: int = 0  # where it names the first of them


@lru_cache(maxsize=UNITS_KEPT)
def _told_by(text: str) -> _Told:
    reach = says("provenance", "reach", folded(text))
    if len(text) > LONGEST or (len(text.split()) < FEWEST and not reach):
        return _Told()
    named = desks_named(text)
    whom = reach or editions.names_whom(text)
    return _Told(reach, editions.tells_whom(text), whom, frozenset(named), min(named.values(), default=0))


@lru_cache(maxsize=UNITS_KEPT)
def desks_named(text: str, *, alone: bool = False) -> Mapping[str, int]:
    """By matter where a text names a desk for it; `alone`: the text is a name, "Payroll and Pensions"."""
    small = folded(text)
    if not _pattern(None, alone).search(small):
        return {}
    found = {one: match for one in matters() if (match := _pattern(one, alone).search(small))}
    whole = [match.span() for match in found.values()]
    return {
        one: match.start()
        for one, match in found.items()
        if not any(s <= match.start() and match.end() <= e and (s, e) != match.span() for s, e in whole)
    }


@cache
def _pattern(matter: str | None, alone: bool) -> re.Pattern[str]:
    """A desk's name: "travel desk", "Expense and Travel Desk", "service des achats"; of any matter with None."""
    every = [matters()[matter]] if matter else list(matters().values())
    of, names = (
        "|".join(re.escape(folded(name)) for one in every for listed in one.get(key, {}).values() for name in listed)
        or r"(?!)"
        for key in ("of", "names")
    )
    units, before = ("|".join(words.word_lists(_PACKAGE, "contacts")[key]) for key in ("units", "units_before"))
    also = "(?:and|und|et|y|ve|&)"
    joined = rf"[ -]?(?:{also} \w+ )?(?:\(?\w+\)? )?"
    signs = rf"(?:{of}){joined}(?:{units})|(?:{before}) (?:(?:des?|du|del|a la|de la) |d')?(?:{of})|(?:{names})"
    whole = rf"^(?:\w+ {also} )?(?:{of})(?: {also} \w+)?$" if alone else r"(?!)"
    return re.compile(rf"\b(?:{signs})\b|{whole}")


@cache
def matters() -> Mapping[str, Any]:
    """What companies have desks for, by name: `told`, `of`, `names`, ... of matters.toml."""
    return words.data_file(_PACKAGE, "matters.toml")


def english(text: str, language: str | None) -> str:
    """A text put into English, less the words that no list has; itself where none is known."""
    if language in (None, "en"):
        return text
    known = _known()
    put = in_english(text, language or "")[0]
    return " ".join(one for one in put.split() if one.strip(",.?!:").lower() in known) or text


@cache
def _known() -> Set[str]:
    """The usual words of English, and those of what people say who need a desk: "payslip"."""
    return {
        *words.vocabulary(),
        *(word for one in matters().values() for said in one["told"] for word in words.words(said)),
    }


def stems_of(text: str, put: str, language: str | None) -> frozenset[str]:
    """The stems of a text's telling words, as they stand and `put` into English."""
    return frozenset({*words.stems(text, language or "en"), *editions.telling(put)})


def folded(text: str) -> str:
    """The text in small letters without accents."""
    return words.unaccented(words.lowered(text)).replace("’", "'")
