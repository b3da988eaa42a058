"""The store of the tests in this folder: the real schema on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import Store
from knowledge.database import connect


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    engine = connect(database_url)
    yield Store(engine, tmp_path)
    engine.dispose()
