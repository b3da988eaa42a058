"""What an ingest does to a knowledge base, over real SQLite, real Chroma and real files."""

from pathlib import Path

import pytest

from tests.knowledge.building import Base


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path)


def test_files_become_searchable_with_everything_a_citation_needs(base: Base) -> None:
    base.write("leave.txt", "# Leave\n\nParental leave is 14 weeks.\fSick leave needs a note.")
    report = base.ingest()
    assert (report.added, report.searchable, report.pages, report.chunks) == (1, 1, 2, 2)
    assert base.find("parental leave")[0] == "Parental leave is 14 weeks."
    texts, stored = base.contents()
    assert len(stored) == 2
    (text, about) = next(row for row in stored.values() if "Sick" in row[0])
    assert about["document"] == "leave.txt" and about["page"] == 2 and about["title"] == "Leave"


def test_unchanged_files_are_not_read_and_nothing_is_embedded_again(base: Base) -> None:
    base.write("a.txt", "One rule.\n\nTwo rules.")
    base.ingest()
    base.embedder.seen.clear()
    report = base.ingest()
    assert (report.added, report.unchanged, base.embedder.seen) == (0, 1, [])
