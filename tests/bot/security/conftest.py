"""A small index with one poisoned page."""

from pathlib import Path

import pytest

from bot import wiring
from tests.bot.security.attacked import POISONED
from tests.prepared import copy_of, settings_at


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, pages_ingested: Path) -> Path:
    """A data folder with the sample's pages and a poisoned one."""
    folder = copy_of(pages_ingested, tmp_path_factory.mktemp("poisoned"))
    page = folder / "car-park.md"
    page.write_text(POISONED, encoding="utf-8")
    report = wiring.ingest(
        settings_at(folder), [page],
        collection="default", prune=False, rebuild=False, ocr=False, progress=lambda *_: None,
    )  # fmt: skip
    assert [flagged[0] for flagged in report.flagged] == ["car-park.md"]
    return folder
