"""How near sentences are to a question, from what was kept at ingest and from a reading of now."""

from pathlib import Path

import pytest

from knowledge.index.embed import MiniLM
from knowledge.search.retrieve import Retriever
from knowledge.types import Excerpt, Nearness, Query
from tests.knowledge.building import PARAGRAPHS, Base

CHILDCARE = "Childcare for small children costs nothing."
PARKING = "Parking costs nothing."
QUESTION = "Is minding infants free of charge?"


class Counting(MiniLM):
    """The bundled model; how many texts it has read."""

    texts = 0

    def read(self, texts):  # type: ignore[no-untyped-def]
        self.texts += len(texts)
        return super().read(texts)


@pytest.fixture
def base(tmp_path: Path) -> Base:
    made = Base(tmp_path)
    made.write("guide.txt", f"# Guide\n\n{PARKING} {CHILDCARE}")
    return made


def near(retriever: Retriever, question: str, *sentences: str) -> list[Nearness]:
    (passage,) = retriever.search(Query(((question, 1.0),))).passages
    spans = [(passage.text.index(text), passage.text.index(text) + len(text)) for text in sentences]
    return retriever.nearness(
        question, [Excerpt(passage.chunk_id, (s,), f"Guide: {passage.text[slice(*s)]}") for s in spans]
    )


def test_the_sentence_that_means_it_is_nearer_and_no_model_runs_for_it(base: Base) -> None:
    model = Counting()
    base.ingest(embedder=model)
    retriever = Retriever(base.catalog, base.index, model, splitter=PARAGRAPHS)
    model.texts = 0
    childcare, parking = near(retriever, QUESTION, CHILDCARE, PARKING)
    assert model.texts == 1, "the question, for the search"
    assert childcare.whole > parking.whole and childcare.mean > parking.mean
    assert childcare.weakest > parking.weakest + 0.1
    (same,) = near(retriever, "parking", PARKING)
    assert same.weakest > 0.7, "every word of it stands there"
    assert near(retriever, QUESTION) == []


def test_an_index_of_an_older_version_has_no_words_and_is_searched_and_judged_all_the_same(base: Base) -> None:
    model = Counting()
    base.ingest(embedder=model)
    retriever = Retriever(base.catalog, base.index, model, splitter=PARAGRAPHS)
    kept = near(retriever, QUESTION, CHILDCARE, PARKING)
    with base.engine.begin() as db:
        db.exec_driver_sql("UPDATE kb_vectors SET words = NULL")
    older = Retriever(base.catalog, base.index, model, splitter=PARAGRAPHS)
    now = near(older, QUESTION, CHILDCARE, PARKING)
    assert now[0].mean > now[1].mean and now[0].mean == pytest.approx(kept[0].mean, abs=0.15)


def test_another_embedder_tells_no_nearness(base: Base) -> None:
    base.ingest()
    assert not base.retriever().tells_nearness and base.find("parking") == [f"{PARKING} {CHILDCARE}"]
