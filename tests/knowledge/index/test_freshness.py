"""A warm process finds what another process ingested, and never what it removed: embedded and through a server."""

from pathlib import Path

import pytest

from knowledge.types import Query
from tests.knowledge.building import Base
from tests.knowledge.index import another_process
from tests.services import Chroma


@pytest.fixture(params=["embedded", "server"])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Base:
    if request.param == "embedded":
        return Base(tmp_path)
    server: Chroma = request.getfixturevalue("chroma")
    return Base(tmp_path, url=server.url)


def test_a_warm_process_sees_what_another_process_ingested(base: Base) -> None:
    collection = base.folder.name  # the server is shared by the session
    retriever = base.retriever()
    base.write("a.txt", "# A\n\nHolidays are 25 days.\n\nDress is casual.")
    base.write("b.txt", "# B\n\nParking costs nothing.")
    another(base, collection)

    def find(question: str) -> dict[str, float | None]:
        found = retriever.search(Query(((question, 1.0),), collection=collection))
        assert found.vectors_pending == 0
        return {passage.text: passage.similarity for passage in found.passages}

    assert find("holidays").keys() == {"Holidays are 25 days.", "Dress is casual.", "Parking costs nothing."}
    base.write("a.txt", "# A\n\nHolidays are 30 days.\n\nDress is casual.")
    (base.docs / "b.txt").unlink()
    base.write("c.txt", "# C\n\nBicycles are lent.")
    another(base, collection)
    after = find("holidays")
    assert after.keys() == {"Holidays are 30 days.", "Dress is casual.", "Bicycles are lent."}
    assert None not in after.values(), "found by words only: the vectors of another process are not seen"
    assert next(iter(after)) == "Holidays are 30 days."


def another(base: Base, collection: str) -> None:
    assert another_process.run(another_process.ingest, base.folder, base.url, collection) == 0


def test_removed_text_is_not_returned_while_the_change_still_loads(base: Base) -> None:
    collection = base.folder.name
    base.write("a.txt", "Old rule one.\n\nOld rule two.")
    another(base, collection)
    retriever = base.retriever()
    query = Query((("rule", 1.0),), collection=collection)
    assert len(retriever.search(query).passages) == 2
    shelf = retriever._shelves[collection]
    base.write("a.txt", "New rule.")
    another(base, collection)
    with retriever._lock:  # as if the load took longer than a search waits: the old state answers
        loaded = shelf.loaded
    assert loaded is not None and len(loaded.ids) == 2
    chunks = base.catalog.chunks(collection, loaded.ids)
    assert chunks == {}
    assert [p.text for p in retriever.search(query).passages] == ["New rule."]
