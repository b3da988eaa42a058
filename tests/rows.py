"""One test over many rows: `@each("text, kind", ROWS)`, or `@each("text, kind")` with the rows in the .toml beside."""

from __future__ import annotations

import functools
import inspect
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any


def each(names: str, rows: Iterable[Any] | None = None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A test that tries every row and fails once, with all rows that are wrong; other parameters are fixtures.

    Not for fixtures that a row leaves changed. Without `rows` they stand under the test's name in the .toml beside its
    module: a list of rows, or a table of lists whose key is the row's second value (`none` for None).
    """
    wanted = names.split(", ")

    def over(test: Callable[..., None]) -> Callable[..., None]:
        parameters = inspect.signature(test).parameters
        held = list(rows) if rows is not None else None

        @functools.wraps(test)
        def all_rows(**fixtures: Any) -> None:
            tried, wrong = 0, []
            for tried, row in enumerate(held if held is not None else beside(test), 1):  # noqa: B007
                values = (row,) if len(wanted) == 1 else row
                try:
                    test(**dict(zip(wanted, values, strict=True)), **fixtures)
                except Exception as failure:
                    wrong.append(f"{row!r}: {type(failure).__name__} {failure}")
            assert tried, "no rows"
            assert not wrong, f"{len(wrong)} of {tried} rows:\n" + "\n".join(wrong)

        fixtures = [parameter for name, parameter in parameters.items() if name not in wanted]
        all_rows.__signature__ = inspect.Signature(fixtures)  # type: ignore[attr-defined]
        return all_rows

    return over


def beside(test: Callable[..., None]) -> Iterator[Any]:
    """The rows of a test in the .toml beside its module."""
    rows = _file(Path(inspect.getfile(test)).with_suffix(".toml"))[test.__name__]
    if isinstance(rows, list):
        yield from rows
    else:
        for key, texts in rows.items():
            yield from ((text, None if key == "none" else key) for text in texts)


@functools.cache
def _file(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
