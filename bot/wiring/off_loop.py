"""The retriever and the kept answers for the assistant: what waits for a disk runs off the event loop.

In: a query, a key. Out: what was found in the editions in force; a kept answer, if the database can be read.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import structlog

from bot import tracing
from bot.answering import outlines
from bot.answering.editions import Edition, in_force, named, replaced
from bot.answering.search import merged
from bot.errors import StoreError
from bot.types import Answer, joined
from knowledge.errors import IndexMissing
from knowledge.types import Chunk, Found, Passage, Query, passage_of

if TYPE_CHECKING:
    from bot.store.shared import Cache
    from knowledge.catalog import Catalog
    from knowledge.search.retrieve import Retriever


class Searcher:
    """The retriever, off the event loop."""

    def __init__(self, retriever: Retriever, catalog: Catalog) -> None:
        self._retriever, self._catalog = retriever, catalog

    async def search(self, query: Query, collections: Sequence[str]) -> Found:
        """What is found in the editions that are in force today, or asked for; a chapter that is to be summed up.

        A collection that holds nothing adds nothing. IndexMissing where none of those named is there.
        """
        about = {"gen_ai.operation.name": "retrieval", "gen_ai.data_source.id": ",".join(collections)}
        with tracing.inside("search", about) as span:
            span.text(retrieval_query_text=query.texts[0][0] if query.texts else "")
            found = await asyncio.to_thread(self._search, query, collections)
            span.set({"policybot.passages": len(found.passages), "policybot.vectors_pending": found.vectors_pending})
            return found

    def _search(self, query: Query, collections: Sequence[str]) -> Found:
        asked = query.texts[0][0] if query.texts else ""
        founds, missing, today = [], None, datetime.now(UTC).date()
        for name in collections:
            try:
                both = self._both_editions(dataclasses.replace(query, collection=name), asked, today)
                found = both or self._found(dataclasses.replace(query, collection=name), asked)
            except IndexMissing as error:
                missing = error
                continue
            passages = found.passages if both else in_force(found.passages, asked, today)
            founds.append(dataclasses.replace(found, passages=passages))
        if missing and not founds:
            raise missing
        found = merged(asked, founds, query.limit)
        if found.trouble:
            structlog.get_logger().warning("vectors_unavailable", reason=found.trouble)
        return found

    def _both_editions(self, query: Query, asked: str, today: date) -> Found | None:
        """All of two editions of each document that what changed in is asked of; None where that is not asked."""
        about, collection = outlines.changes_topic(asked), query.collection
        state = self._catalog.collection(collection) if about is not None else None
        if about is None or state is None:
            return None
        stated = self._catalog.stated(collection)
        days = (date.fromisoformat(one.effective) if one.effective else None for one in stated)
        dated = [outlines.Dated(one.path, one.title, day) for one, day in zip(stated, days, strict=True)]
        compared = outlines.compared(about, dated, today)
        if not compared and about:  # named in other words than its title has: "bike" for "Bicycle leasing"
            found = self._retriever.search(dataclasses.replace(query, texts=((about, 1.0),))).passages
            compared = outlines.compared("", dated, today, found[0].document) if found else []
        wanted = [path for pair in compared for path in reversed(pair)]
        known = {one.version or (one.effective or "")[:4] for one in stated if one.path in wanted}
        if outlines.other_edition(asked, known):  # of which there are not two: what is said of editions
            texts = tuple((text, 1.0) for text in outlines.about_editions())
            return dataclasses.replace(self._retriever.search(dataclasses.replace(query, texts=texts)), added=texts)
        lines = self._catalog.outline(collection) if wanted else []
        ids = [key for path in wanted for key, document, *_ in lines if document == path]
        chunks = self._catalog.chunks(collection, ids)
        passages = _whole(chunks, ids, collection)
        earlier = {old for old, _ in compared}
        told = (
            dataclasses.replace(p, standing=f"edition {p.version or p.effective}") if p.document in earlier else p
            for p in passages
        )
        return Found(tuple(told), state.generation) if passages else None

    def _found(self, query: Query, asked: str) -> Found:
        """The opening of each section of the chapter that an overview is wanted of; else what a search finds."""
        about = outlines.overview_topic(asked)
        state = self._catalog.collection(query.collection) if about else None
        if about is None or state is None:
            return self._retriever.search(query)
        opening = outlines.opening(about, map(outlines.Line._make, self._catalog.outline(query.collection)))
        chunks = self._catalog.chunks(query.collection, opening)
        found = _whole(chunks, opening, query.collection)
        if len(found) > 1:
            return Found(tuple(found), state.generation)
        return self._retriever.search(dataclasses.replace(query, texts=((about, 1.0), *query.texts[1:])))

    async def editions(self, collections: Sequence[str], documents: Sequence[str], question: str) -> list[Edition]:
        """What the catalog knows of these documents; with none given, of those that the question names."""
        return await asyncio.to_thread(self._editions, collections, documents, question)

    def _editions(self, collections: Sequence[str], documents: Sequence[str], question: str) -> list[Edition]:
        found: list[Edition] = []
        today = datetime.now(UTC).date()
        for name in collections:
            stated = {one.path: one for one in self._catalog.stated(name)}
            stating = ((one.path, one.title, one.version, one.effective) for one in stated.values())
            outdated = replaced(stating, today)
            meant = named(question, {path: one.title for path, one in stated.items()}) or documents
            for one in (stated[path] for path in meant if path in stated):
                by = stated[outdated[one.path]] if one.path in outdated else None
                newer = ", ".join([f"“{by.title}”", *filter(None, (by.version, by.effective))]) if by else None
                effective = date.fromisoformat(one.effective) if one.effective else None
                found.append(
                    Edition(
                        one.path,
                        one.title,
                        one.version,
                        effective,
                        one.owner,
                        date.fromisoformat(one.taken_in),
                        holds=effective is None or effective <= today,
                        newer=newer,
                    )
                )
        return found


def _whole(chunks: Mapping[str, Chunk], ids: Sequence[str], collection: str) -> list[Passage]:
    """Chunks that are wanted whatever the question's words."""
    told = {"score": 1.0, "similarity": 1.0, "lexical": 1.0}
    return [passage_of(chunks[key], collection=collection, **told) for key in ids if key in chunks]


class Memory:
    """Stored answers, off the event loop; the assistant's Memory.

    Does without a database that fails: an answer that is there already must not be lost because it could not be
    remembered. What one version of policybot kept another does not say.
    """

    def __init__(self, cache: Cache, catalog: Catalog, version: str = "") -> None:
        self._cache, self._catalog, self._version = cache, catalog, version

    async def get(self, key: tuple[str, ...], collections: Sequence[str]) -> Answer | None:
        """The answer kept under this key, of the collections as they are now, if the database can be read."""
        with contextlib.suppress(StoreError):
            return await asyncio.to_thread(self._get, key, collections)
        return None

    def _get(self, key: tuple[str, ...], collections: Sequence[str]) -> Answer | None:
        states = map(self._catalog.collection, collections)
        return self._cache.get((self._version, str(sum(state.generation for state in states if state)), *key))

    async def put(self, key: tuple[str, ...], answer: Answer, collections: Sequence[str], user: str | None) -> None:
        """Keep the answer that was made for this person, if the database can be written."""
        with contextlib.suppress(StoreError):
            generation, now = answer.generation or 0, datetime.now(UTC)  # of what it was made from: older is not found
            put = functools.partial(self._cache.put, collection=joined(collections), generation=generation, now=now)
            await asyncio.to_thread(put, (self._version, str(generation), *key), answer, user=user)
