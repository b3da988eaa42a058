"""What the documents of some collections hold for a search, and what the catalog knows of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import structlog

from bot import tracing
from bot.answering import editions, outlines
from bot.answering.confidence import confidence
from bot.answering.wanted import changes_topic, overview_topic
from bot.understanding.small_talk import wording
from knowledge.errors import IndexMissing
from knowledge.types import Found, Passage, Query, passage_of

if TYPE_CHECKING:
    from knowledge.catalog import Catalog
    from knowledge.search.retrieve import Retriever

LANGUAGES = 2  # that a manual is searched in, at most; guess
OF_MANUAL = 0.1  # share of its text from which it is in a language; guess


class Documents:
    """What the editions hold that are in force, or asked for: two editions, a whole chapter, or what a search finds."""

    def __init__(self, retriever: Retriever, catalog: Catalog, now: Callable[[], datetime]) -> None:
        self._retriever, self._catalog, self._now = retriever, catalog, now

    async def search(self, query: Query, collections: Sequence[str]) -> Found:
        """What all the collections hold; one that is not there adds nothing. IndexMissing where none is."""
        about = {"gen_ai.operation.name": "retrieval", "gen_ai.data_source.id": ",".join(collections)}
        with tracing.inside("search", about) as span:
            span.text(retrieval_query_text=query.texts[0][0] if query.texts else "")
            found = await asyncio.to_thread(self._search, query, collections, self._now().date())
            span.set({"policybot.passages": len(found.passages), "policybot.vectors_pending": found.vectors_pending})
        if found.trouble:
            structlog.get_logger().warning("vectors_unavailable", reason=found.trouble)
        return found

    def languages(self, collections: Sequence[str]) -> tuple[str, ...]:
        """The languages (ISO 639-1) that the documents are in, the main one first; English where none is known."""
        known = self._catalog.languages(collections)
        least = OF_MANUAL * sum(known.values())
        named = sorted((code for code in known if known[code] >= least), key=lambda code: (-known[code], code))
        return tuple(named[:LANGUAGES]) or ("en",)

    async def validity(
        self, collections: Sequence[str], cited: Sequence[str], question: str, say: Mapping[str, str]
    ) -> str:
        """What the catalog knows of the documents cited; of those that the question names, where it names any."""

        def told() -> list[str]:
            stated = map(self._catalog.stated, collections)
            return [
                one
                for documents in stated
                for one in editions.validity(documents, cited, question, self._now().date(), say)
            ]

        return "\n\n".join((await asyncio.to_thread(told))[: editions.MOST])

    async def owners(self, collections: Sequence[str], question: str, say: Mapping[str, str]) -> str:
        """Who looks after the documents that the question names and asks no more of; "" where that is none."""

        def told() -> list[str]:
            return [editions.looked_after(self._catalog.stated(name), question, say) for name in collections]

        return "\n\n".join(filter(None, await asyncio.to_thread(told)))

    async def named(self, collections: Sequence[str], question: str) -> tuple[str, ...]:
        """The document that is named in other words than its title has: "the bike leasing policy"; or ()."""
        if not editions.names_a_paper(question):
            return ()
        found = (await self.search(Query(((question, 1.0),), limit=1), collections)).passages
        return tuple(one.document for one in found if editions.shares_a_word(one.title, question))

    def _search(self, query: Query, collections: Sequence[str], today: date) -> Found:
        asked = query.texts[0][0] if query.texts else ""
        founds: list[Found] = []
        missing = None
        for name in collections:
            here = replace(query, collection=name)
            try:
                found = self._two_editions(here, asked, today)
                if found is None:
                    found = self._chapter(here, asked) or self._retriever.search(here)
                    found = replace(found, passages=editions.in_force(found.passages, asked, today))
                founds.append(found)
            except IndexMissing as error:
                missing = error
        if missing and not founds:
            raise missing
        return merged(asked, founds, query.limit)

    def _two_editions(self, query: Query, asked: str, today: date) -> Found | None:
        """All of two editions of each document that what changed in is asked of; None where that is not asked."""
        about = changes_topic(asked)
        state = self._catalog.collection(query.collection) if about is not None else None
        if about is None or state is None:
            return None
        stated = self._catalog.stated(query.collection)
        pairs = outlines.compared(about, stated, today)
        named = self._retriever.search(replace(query, texts=((about, 1.0),))) if about else Found((), 0)
        if not pairs and named.passages:  # in other words than its title has
            pairs = outlines.compared("", stated, today, named.passages[0].document)
        wanted = [one for pair in pairs for one in reversed(pair)]
        lines = self._catalog.outline(query.collection) if wanted else []
        ids = [key for one in wanted for key, document, *_ in lines if document == one.path]
        earlier = {old.path for old, _ in pairs}
        whole = tuple(
            replace(p, standing=f"edition {p.version or p.effective}") if p.document in earlier else p
            for p in self._whole(ids, query.collection)
        )
        return Found(whole, state.generation, added=named.added) if whole else None

    def _chapter(self, query: Query, asked: str) -> Found | None:
        """The opening of each section of the chapter that an overview is wanted of; else what is found by its name."""
        about = overview_topic(asked)
        state = self._catalog.collection(query.collection) if about else None
        if about is None or state is None:
            return None
        opening = outlines.opening(about, map(outlines.Line._make, self._catalog.outline(query.collection)))
        passages = self._whole(opening, query.collection)
        if len(passages) > 1:
            return Found(passages, state.generation)
        return self._retriever.search(replace(query, texts=((about, 1.0), *query.texts[1:])))

    def _whole(self, ids: Sequence[str], collection: str) -> tuple[Passage, ...]:
        """Chunks that are wanted whatever the question's words."""
        chunks = self._catalog.chunks(collection, ids)
        scores = {"score": 1.0, "similarity": 1.0, "lexical": 1.0}
        return tuple(passage_of(chunks[key], collection=collection, **scores) for key in ids if key in chunks)


def merged(question: str, founds: Sequence[Found], limit: int) -> Found:
    """What several collections hold, as one ranking: by how likely each can answer, and by rank within it.

    Scores of two rankings can't be compared, probabilities can: a passage counts as its collection's probability times
    its share of that collection's best score. Of a text that stands in several collections the first stays.
    """
    if len(founds) == 1:
        return founds[0]
    ranked: list[tuple[float, Passage]] = []
    for found in founds:
        chance = confidence(wording(question), found.passages)
        top = max((p.score for p in found.passages), default=0.0) or 1.0
        ranked += [(chance * p.score / top, p) for p in found.passages]
    best: dict[str, Passage] = {}
    for score, passage in sorted(ranked, key=lambda one: -one[0]):
        best.setdefault(passage.chunk_id, replace(passage, score=score))
    return Found(
        tuple(best.values())[:limit],
        sum(found.generation for found in founds),
        sum(found.vectors_pending for found in founds),
        min((found.rarest for found in founds), default=0.0),  # a word is as rare as where it is most common
        dict(min((found.reworded.items() for found in founds), key=len, default=())),  # known in one: no mistake
        tuple(dict.fromkeys(one for found in founds for one in found.added)),
        " ".join(dict.fromkeys(found.trouble for found in founds if found.trouble)),
        frozenset.intersection(*(found.unknown for found in founds)) if founds else frozenset(),
    )
