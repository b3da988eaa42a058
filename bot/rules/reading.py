"""Text of policybot.toml -> Rules, or every problem in it with its line. Pure.

Rule kept: what is not understood is refused, never skipped: a misspelt `only` must not open a collection.
"""

import bisect
import contextlib
import copy
import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

from bot.errors import SettingsError
from bot.rules.tables import Admins, Channel, Collection, Direct, Endpoints, Host, Owner, Privacy, Rules
from knowledge.records import checked
from knowledge.text.words import data_file

Path = tuple[str | int, ...]

UNKNOWN = "Unexpected keyword argument"  # in pydantic's words
TABLES = (Rules, Channel, Collection, Owner, Direct, Privacy, Admins, Endpoints, Host)

_KEYS = sorted({item.name for table in TABLES for item in fields(table)})
_KINDS = {  # what an id or name must look like, and what it is called where it does not
    "channel": ("[CGD][A-Z0-9]{2,}", "the id of a channel, such as C0123ABCD (channel details, at the end)"),
    "person": ("[SUW][A-Z0-9]{2,}", "the id of a user (U) or user group (S)"),
    "any": ("[CGDSUW][A-Z0-9]{2,}", "the id of a channel (C), user group (S) or user (U)"),
    "collection": (r"(?a:[A-Za-z0-9][\w.-]{0,62})", "a name of letters, digits, point, dash, underscore"),
    "host": ("[a-z0-9.-]+|[0-9a-f:]+", "a host: write api.openai.com, without https:// or path"),
}
_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")


class Mistake(NamedTuple):
    """What is wrong, and where; line 1 is the first."""

    line: int
    message: str


class RulesError(SettingsError):
    """policybot.toml is wrong (exit 2)."""

    def __init__(self, name: str, problems: list[Mistake]) -> None:
        lines = [f"{name}:{problem.line}: {problem.message}" for problem in problems]
        super().__init__("Correct these lines (docs/configure.md):\n  " + "\n  ".join(lines))
        self.problems = problems


def read(text: str, name: str = "policybot.toml") -> Rules:
    """The rules that the text states. Raises RulesError with every problem and its line."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _AT_LINE.search(str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        raise RulesError(name, [Mistake(line, _AT_LINE.sub("", str(error)))]) from error
    rules, wrong = checked(Rules, raw)
    rest = rules or checked(Rules, _without(raw, [path for path, _ in wrong]))[0]
    problems = [*wrong, *(_senseless(rest) if rest else ())]
    if rules is None or problems:
        raise RulesError(
            name, sorted({Mistake(line_of(text, path), _worded(raw, path, what)) for path, what in problems})
        )
    return rules


def line_of(text: str, path: Path) -> int:
    """The line on which the value at `path`, or the nearest table or list around it, begins."""
    lines = text.splitlines(keepends=True)

    def readable(at: int) -> tuple[int, int]:
        """(lines of the last readable beginning of no more than `at`, how many steps of the path it holds)."""
        while at and (raw := _begun("".join(lines[:at]))) is None:
            at -= 1  # inside a text of several lines
        return at, _depth(raw, path) if at else 0

    if not (most := readable(len(lines))[1]):
        return 1
    first = bisect.bisect_left(range(len(lines) + 1), most, key=lambda at: readable(at)[1])
    return readable(first - 1)[0] + 1


def _begun(text: str) -> dict[str, Any] | None:
    """What the beginning of a file says, the list at its end closed; None inside a text."""
    for end in ("", "]"):
        with contextlib.suppress(tomllib.TOMLDecodeError):
            return tomllib.loads(text + end)
    return None


def _depth(raw: Any, path: Path) -> int:
    """How many steps of the path lead somewhere."""
    for n, step in enumerate(path):
        if isinstance(raw, dict) and step in raw:
            raw = raw[str(step)]
        elif isinstance(raw, list) and isinstance(step, int) and step < len(raw):
            raw = raw[step]
        else:
            return n
    return len(path)


def _without(raw: dict[str, Any], paths: Iterable[Path]) -> dict[str, Any]:
    """What the file says besides the values at these paths."""
    left = copy.deepcopy(raw)
    for path in paths:
        *tables, key = [step for step in path[: _depth(raw, path)] if isinstance(step, str)] or [""]
        at = left
        for table in tables:
            at = at.get(table, {})
        at.pop(key, None)
    return left


def _worded(raw: dict[str, Any], path: Path, what: str) -> str:
    """The problem as people read it. What the checker calls its types by is no part of the path."""
    shown = ".".join(str(step) for step in path[: _depth(raw, path)] if not isinstance(step, int))
    if what == UNKNOWN:
        near = difflib.get_close_matches(str(path[-1]), _KEYS, n=1)
        what = "is no key" + (f": did you mean {near[0]}?" if near else "")
    return f"{shown}: {what}" if shown else what


def _senseless(rules: Rules) -> Iterator[tuple[Path, str]]:
    """What the types allow and nobody knows."""
    for kind, path, value in named(rules):
        pattern, what = _KINDS[kind]
        if not re.fullmatch(pattern, value):
            yield path, f'"{value}" is not {what}'
    for channel, about in rules.channel.items():
        if about.questions_per_minute is not None and about.questions_per_minute < 1:
            yield ("channel", channel, "questions_per_minute"), "must be 1 or more"
    known = sorted({one["country"] for one in data_file("bot.privacy", "ids.toml")["number"]})
    for n, country in enumerate(rules.privacy.ids or ()):
        if country not in known:
            yield ("privacy", "ids", n), f'"{country}" is no country whose ids are known: {", ".join(known)}'
    for host in rules.endpoints.host:
        if rules.endpoints.allow is not None and host not in rules.endpoints.allow:
            yield ("endpoints", "host", host), "is not in endpoints.allow: add it there"


def named(table: object, path: Path = ()) -> Iterator[tuple[str, Path, str]]:
    """Every id and name in a table and those in it: what kind it must be of, where it stands, what it says."""
    for item in fields(table):  # type: ignore[arg-type]
        value, kind, here = getattr(table, item.name), item.metadata.get("kind"), (*path, item.name)
        if isinstance(value, dict):
            for name, one in value.items():
                yield from [(kind, (*here, name), name)] if kind else ()
                yield from named(one, (*here, name))
        elif is_dataclass(value):
            yield from named(value, here)
        elif kind and isinstance(value, str):
            yield kind, here, value
        elif kind:
            yield from ((kind, (*here, n), one) for n, one in enumerate(value or ()))
