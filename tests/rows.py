"""One test over many rows: `@each("text, kind", ROWS)`, or `@each("text, kind")` with the rows in the .toml beside."""

import functools
import inspect
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest


def each(names: str, rows: Iterable[Any] | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A test that tries every row and fails once, with all rows that are wrong; other parameters are fixtures.

    Not for fixtures that a row leaves changed, but each row has a `tmp_path` of its own. Without `rows` they stand
    under the test's name in the .toml beside its module: a list of rows, or a table of lists whose key is the row's
    second value (`none` for None).
    """
    wanted = names.split(", ")
    given = None if rows is None else list(rows)

    def over(test: Callable[..., Any]) -> Callable[..., Any]:
        def tries(fixtures: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
            for number, row in enumerate(beside(test) if given is None else given):
                arguments = fixtures | dict(zip(wanted, (row,) if len(wanted) == 1 else row, strict=True))
                if "tmp_path" in fixtures:
                    arguments["tmp_path"] = fixtures["tmp_path"] / f"row{number}"
                    arguments["tmp_path"].mkdir()
                yield row, arguments

        def all_rows(**fixtures: Any) -> None:
            with failing() as row_of:
                for row, arguments in tries(fixtures):
                    with row_of(row):
                        test(**arguments)

        async def all_rows_awaited(**fixtures: Any) -> None:
            with failing() as row_of:
                for row, arguments in tries(fixtures):
                    with row_of(row):
                        await test(**arguments)

        made = functools.wraps(test)(all_rows_awaited if inspect.iscoroutinefunction(test) else all_rows)
        parameters = inspect.signature(test).parameters
        fixtures = [parameter for name, parameter in parameters.items() if name not in wanted]
        made.__signature__ = inspect.Signature(fixtures)  # type: ignore[attr-defined]
        return made

    return over


@contextmanager
def failing() -> Iterator[Callable[[Any], Any]]:
    """What each row is tried within; fails at the end if one did, or if there was none."""
    tried, wrong = [], []

    @contextmanager
    def row_of(row: Any) -> Iterator[None]:
        tried.append(row)
        try:
            yield
        except (Exception, pytest.skip.Exception) as failure:  # one row that skips would hide the others
            wrong.append(f"{row!r}: {type(failure).__name__} {failure}")

    yield row_of
    assert tried, "no rows"
    assert not wrong, f"{len(wrong)} of {len(tried)} rows:\n" + "\n".join(wrong)


def beside(test: Callable[..., Any]) -> Iterator[Any]:
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
