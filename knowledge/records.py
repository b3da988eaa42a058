"""Frozen dataclasses <-> ASCII JSON: `loads(Record, dumps(record)) == record`, also with half a surrogate pair.

Rule kept: a field this version does not know is skipped and one that is missing takes its default, so old rows stay
readable; a value of the wrong kind raises ValueError. pydantic is imported at the first call.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")


def dumps(value: Any) -> str:
    """The value as one line of JSON: dates in ISO form, enums by value, tuples as lists."""
    adapter = _adapter(cast(Any, type(value)))
    try:
        return adapter.dump_json(value, ensure_ascii=True).decode()
    except ValueError:  # half a surrogate pair, which is no UTF-8
        return json.dumps(adapter.dump_python(value, mode="json"), separators=(",", ":"))


def loads(kind: type[T], text: str | bytes) -> T:
    """The value that `dumps` wrote, as a `kind`."""
    return build(kind, json.loads(text))


def build(kind: type[T], value: object) -> T:
    """A `kind` from what JSON can hold: `build(Page, {"number": 3}) == Page(3)`."""
    return cast(T, _adapter(cast(Any, kind)).validate_python(value))


def checked(kind: type[T], value: object) -> tuple[T | None, list[tuple[tuple[str | int, ...], str]]]:
    """A `kind` from what TOML can hold, strictly, or None; and every problem as (path to the value, what is wrong)."""
    from pydantic import ValidationError

    try:
        return cast(T, _adapter(cast(Any, kind)).validate_json(json.dumps(value, default=str), strict=True)), []
    except ValidationError as error:
        return None, [(one["loc"], one["msg"]) for one in error.errors(include_url=False)]


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
