"""Our frozen dataclasses <-> ASCII JSON, exactly; read from their type hints.

A field this version does not know is skipped and one it misses takes its default, so old records stay readable.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def dumps(value: object) -> str:
    return json.dumps(_plain(value), separators=(",", ":"))


def loads(kind: type[T], text: str) -> T:
    return cast(T, _build(kind, json.loads(text)))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, value: Any) -> Any:
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if value is None:
            return None
        (inner,) = (part for part in parts if part is not NoneType)
        return _build(inner, value)
    if origin is tuple:
        each = [parts[0]] * len(value) if parts[-1] is Ellipsis else parts
        return tuple(_build(part, item) for part, item in zip(each, value, strict=True))
    if origin is dict:
        return {key: _build(parts[1], item) for key, item in value.items()}
    if origin is Literal or kind is Any:
        return value
    if dataclasses.is_dataclass(kind):
        known = _hints(cast(type, kind))
        return cast(type, kind)(**{name: _build(known[name], item) for name, item in value.items() if name in known})
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    return kind(value)  # str, int, float, bool, an enum
