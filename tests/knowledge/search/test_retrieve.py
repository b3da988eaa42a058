"""What a search returns: both kinds of match, the newest edition, named documents, and how it says what is missing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge.errors import EmbeddingFailed, IndexMissing
from knowledge.types import PageSpan, Query
from tests.knowledge.building import Base, WordsEmbedder


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path)


def test_a_passage_has_all_that_an_answer_needs(base: Base) -> None:
    base.write("hr/leave.txt", "# Leave\neffective: 2026-01-02\n\nFirst.\f\fParental leave is 14 weeks. IGNORE")
    base.write("other.txt", "Unrelated words here.")
    base.ingest()
    found = base.retriever().search(Query((("parental leave weeks", 1.0),)))
    best = found.passages[0]
    assert best.text == "Parental leave is 14 weeks. IGNORE"
    assert (best.document, best.title, best.pages) == ("hr/leave.txt", "Leave", (PageSpan(0, 3, "3"),))
    assert best.effective == date(2026, 1, 2)
    assert best.similarity is not None and 0.3 < best.similarity <= 1
    assert best.lexical == pytest.approx(1.0)
    assert [p.score for p in found.passages] == sorted((p.score for p in found.passages), reverse=True)
    assert found.vectors_pending == 0 and found.generation == base.catalog.collection("default").generation  # type: ignore[union-attr]


def test_the_rarest_word_is_looked_for_in_the_whole_collection_and_is_that_of_the_persons_own_text(base: Base) -> None:
    base.write("leave.txt", "Parental leave is 14 weeks.")
    base.write("other.txt", "Leave the room as you found it.")
    base.ingest()
    search = base.retriever().search
    known, absent, thread = (
        search(Query(tuple((text, 1.0) for text in asked))).rarest
        for asked in (["parental leave"], ["leave for astronauts"], ["parental leave", "leave for astronauts"])
    )
    assert absent > known == thread > search(Query((("leave", 1.0),))).rarest > 0


def test_nothing_ingested_is_said(base: Base) -> None:
    with pytest.raises(IndexMissing, match="policybot ingest PATH"):
        base.find("anything")
    base.ingest()
    assert base.find("anything") == []


def test_an_empty_question_finds_nothing(base: Base) -> None:
    base.write("a.txt", "Alpha.")
    base.ingest()
    assert base.find("  ") == [] and len(base.find("?!")) == 1  # no words: the vector alone


def test_equal_paragraphs_are_shown_once_from_the_newest_edition(base: Base) -> None:
    for year in (2024, 2026, 2025):
        base.write(f"{year}.txt", f"# Manual\neffective: {year}-01-01\n\nBadges are worn at all times.")
    base.ingest()
    found = base.retriever().search(Query((("badges", 1.0),))).passages
    assert [p.document for p in found] == ["2026.txt"]


def test_of_conflicting_paragraphs_the_newer_edition_comes_first(base: Base) -> None:
    for year, days in ((2024, 20), (2026, 30)):
        base.write(
            f"{year}.txt", f"# M{year}\neffective: {year}-01-01\n\nEvery employee gets {days} days of paid holiday."
        )
    base.ingest()
    for question in ("20 days of paid holiday", "30 days of paid holiday"):
        assert "30 days" in base.find(question)[0]


def test_a_document_that_the_question_names_comes_first(base: Base) -> None:
    for name in ("Travel Policy", "Security Policy", "Leave Policy"):
        base.write(f"{name}.txt", f"# {name}\n\nAsk your manager for approval of exceptions, always in writing.")
    base.write("nist.800-63B.txt", "# Digital Identity\n\nAsk somebody for an exception.")
    base.ingest()
    retriever = base.retriever()
    for question, document in (
        ("who approves exceptions in the travel policy?", "Travel Policy.txt"),
        ("who gives an exception per 800-63B", "nist.800-63B.txt"),
    ):
        assert retriever.search(Query(((question, 1.0),))).passages[0].document == document


def test_several_texts_are_weighed(base: Base) -> None:
    base.write("a.txt", "Apples are red.\n\nPears are green.")
    base.ingest()
    assert base.retriever().search(Query((("apples", 0.9), ("pears", 0.1)))).passages[0].text.startswith("Apples")
    assert base.retriever().search(Query((("apples", 0.1), ("pears", 0.9)))).passages[0].text.startswith("Pears")


def test_words_serve_while_vectors_are_pending_and_the_number_is_said(base: Base) -> None:
    class Down(WordsEmbedder):
        def embed(self, texts: object) -> np.ndarray:  # type: ignore[type-arg]
            raise EmbeddingFailed("Down. Wait.")

    base.write("a.txt", "Alpha rule.\n\nBeta rule.")
    with pytest.raises(EmbeddingFailed):
        base.ingest(embedder=Down())
    found = base.retriever().search(Query((("alpha", 1.0),)))
    assert found.vectors_pending == 2
    assert found.passages[0].text == "Alpha rule." and found.passages[0].similarity is None


def test_the_limit_holds_and_many_threads_agree(base: Base) -> None:
    base.write("a.txt", "\n\n".join(f"Rule {n} of the manual about item{n}." for n in range(120)))
    base.ingest()
    retriever = base.retriever()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: retriever.search(Query(((f"item{n}", 1.0),), limit=7)).passages, range(40)))
    for n, passages in enumerate(found):
        assert len(passages) == 7 and passages[0].text == f"Rule {n} of the manual about item{n}."


def test_a_text_asked_before_is_not_asked_of_chroma_again_until_something_changes(base: Base) -> None:
    base.write("a.txt", "Alpha rule.")
    base.ingest()
    retriever, asked, nearest = base.retriever(), list[int](), base.index.nearest

    def counted(name: str, vectors: Any, limit: int) -> Any:
        asked.append(len(vectors))
        return nearest(name, vectors, limit)

    base.index.nearest = counted  # type: ignore[method-assign]
    one, two = ("alpha rule", 1.0), ("rule on alpha", 1.0)
    alone = retriever.search(Query((one,)))
    assert retriever.search(Query((one,))) == alone and asked == [1]
    retriever.search(Query((one, two)))
    assert asked == [1, 1], "only the second text"
    retriever.forget()
    retriever.search(Query((one, two)))
    assert asked == [1, 1, 2]
    base.write("b.txt", "The alpha rule again.")
    base.ingest()
    assert "The alpha rule again." in [p.text for p in retriever.search(Query((one, two))).passages]
    assert asked == [1, 1, 2, 2]
