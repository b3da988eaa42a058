"""Tests over many rows name every row that is wrong, and no row stands in a file that no test reads."""

import tomllib
from pathlib import Path

import pytest

from tests.rows import each

TESTS = Path(__file__).parent


@each("number, fits", [(1, True), (2, False), (3, True)])
def two_fit(number: int, fits: bool, limit: int) -> None:
    assert (1 / (number - 3) <= limit) == fits


@each("name", ["skips"])
def skipping(name: str) -> None:
    pytest.skip(name)


@each("none", [])
def nothing(none: str) -> None:
    assert none


def test_every_row_that_is_wrong_is_named() -> None:
    with pytest.raises(AssertionError) as failure:
        two_fit(limit=5)
    told = str(failure.value)
    assert "2 of 3 rows" in told and "(1, True)" not in told
    assert "(2, False): AssertionError" in told and "(3, True): ZeroDivisionError" in told


def test_a_row_cannot_skip_the_others() -> None:
    with pytest.raises(AssertionError, match="Skipped"):
        skipping()


def test_a_test_without_rows_fails() -> None:
    with pytest.raises(AssertionError, match="no rows"):
        nothing()


def test_every_row_beside_a_test_is_read() -> None:
    for file in TESTS.rglob("test_*.toml"):
        code = file.with_suffix(".py").read_text(encoding="utf-8")
        unread = [name for name in tomllib.loads(file.read_text(encoding="utf-8")) if f"def {name}(" not in code]
        assert not unread, file
