"""Text of policybot.toml -> Rules, or every problem in it with its line. Pure.

Rule kept: what is not understood is refused, never skipped: a misspelt `only` must not open a collection.
"""

from __future__ import annotations

import contextlib
import difflib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, NamedTuple

from bot.errors import SettingsError
from bot.rules.tables import Admins, Channel, Collection, Direct, Endpoints, Host, Privacy, Rules
from knowledge.records import checked

Path = tuple[str | int, ...]

UNKNOWN = "Unexpected keyword argument"  # in pydantic's words
TABLES = (Rules, Channel, Collection, Direct, Privacy, Admins, Endpoints, Host)

_KEYS = sorted({item.name for table in TABLES for item in fields(table)})
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,}")
_GROUP_OR_USER = re.compile(r"[SUW][A-Z0-9]{2,}")
_HOST = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:]+\]")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")


class Problem(NamedTuple):
    """What is wrong, and where; line 1 is the first."""

    line: int
    message: str


class RulesError(SettingsError):
    """policybot.toml is wrong (exit 2)."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        lines = [f"{name}:{problem.line}: {problem.message}" for problem in problems]
        super().__init__("Correct these lines (docs/configure.md):\n  " + "\n  ".join(lines))
        self.problems = problems


def read(text: str, name: str = "policybot.toml") -> Rules:
    """The rules that the text states. Raises RulesError with every problem and its line."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise RulesError(name, [Problem(line, _AT_LINE.sub("", str(error)))]) from error
    rules, wrong = checked(Rules, raw)
    problems = [*wrong, *(_senseless(rules) if rules else ())]
    if rules is None or problems:
        raise RulesError(name, sorted({Problem(line_of(text, path), _said(raw, path, what)) for path, what in problems}))
    return rules


def line_of(text: str, path: Path) -> int:
    """The line on which the value at `path`, or the nearest table or list around it, begins."""
    lines, begun = text.splitlines(keepends=True), 0
    best, depth = 1, 0
    for at in range(1, len(lines) + 1):
        raw = _begun("".join(lines[:at]))
        if raw is None:
            continue  # inside a text of several lines
        if (reached := _depth(raw, path)) > depth:
            best, depth = begun + 1, reached
        begun = at
    return best


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


def _said(raw: dict[str, Any], path: Path, what: str) -> str:
    """The problem as people read it. What the checker calls its types by is no part of the path."""
    shown = ".".join(str(step) for step in path[: _depth(raw, path)] if not isinstance(step, int))
    if what == UNKNOWN:
        near = difflib.get_close_matches(str(path[-1]), _KEYS, n=1)
        what = "is no key" + (f": did you mean {near[0]}?" if near else "")
    return f"{shown}: {what}" if shown else what


def _senseless(rules: Rules) -> Iterator[tuple[Path, str]]:
    """What the types allow and Slack does not know."""
    for channel, about in rules.channel.items():
        if not _CHANNEL.fullmatch(channel):
            yield ("channel", channel), "is not the id of a channel, such as C0123ABCD (channel details, at the end)"
        if about.owner_channel is not None and not _CHANNEL.fullmatch(about.owner_channel):
            yield ("channel", channel, "owner_channel"), "must be the id of a channel, such as C0123ABCD"
        for name in about.collections:
            if not _NAME.fullmatch(name):
                yield ("channel", channel, "collection"), f'"{name}" is no name of a collection'
        if about.questions_per_minute is not None and about.questions_per_minute < 1:
            yield ("channel", channel, "questions_per_minute"), "must be 1 or more"
    for name, collection in rules.collection.items():
        if not _NAME.fullmatch(name):
            yield ("collection", name), "is no name of a collection: letters, digits, point, dash, underscore"
        for n, one in enumerate(collection.only or ()):
            if not (_CHANNEL.fullmatch(one) or _GROUP_OR_USER.fullmatch(one)):
                yield ("collection", name, "only", n), f'"{one}" is no id of a channel (C), user group (S) or user (U)'
        if collection.owner is not None and not _GROUP_OR_USER.fullmatch(collection.owner):
            yield ("collection", name, "owner"), "must be the id of a user (U) or user group (S)"
        if collection.owner_channel is not None and not _CHANNEL.fullmatch(collection.owner_channel):
            yield ("collection", name, "owner_channel"), "must be the id of a channel, such as C0123ABCD"
    for item in fields(Admins):
        for n, one in enumerate(getattr(rules.admins, item.name)):
            if not _GROUP_OR_USER.fullmatch(one):
                yield ("admins", item.name, n), f'"{one}" is no id of a user (U) or user group (S)'
    for n, host in enumerate(rules.endpoints.allow or ()):
        if not _HOST.fullmatch(host):
            yield ("endpoints", "allow", n), f'"{host}" is no host: write it as api.openai.com, without https:// or path'
    for host in rules.endpoints.host:
        if rules.endpoints.allow is None or host not in rules.endpoints.allow:
            yield ("endpoints", "host", host), "is not in endpoints.allow: add it there"
