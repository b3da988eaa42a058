"""The composition root: Settings -> real adapters -> what the verbs need; opens and closes them.

The only module that knows every door. Nothing else builds an engine, an index, an embedder or a client.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import functools
import gc
import os
import secrets
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.answering import overview
from bot.answering.assistant import Assistant
from bot.answering.editions import in_force
from bot.answering.model_writer import Model
from bot.answering.scoring import Similar
from bot.answering.search import AnswerPolicy
from bot.errors import SettingsError, StoreError
from bot.settings import Endpoint, Settings
from bot.turns import TurnTaker
from bot.types import Answer
from knowledge.errors import KnowledgeError
from knowledge.types import Found, IngestReport, Query, passage_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.llm.chat import ChatEndpoint
    from bot.llm.ladder import Ladder
    from bot.store import Store
    from bot.store.shared import Cache
    from knowledge.catalog import Catalog
    from knowledge.index.chroma import Index
    from knowledge.index.sync import Embedder
    from knowledge.search.retrieve import Retriever


REMOTE_SEARCHES = 8  # at once, where they wait for the network; guess
VERIFY_S = 2.0  # longest wait for a verdict of the verifier: people wait for the sentence behind it


def new_id() -> str:
    """An id that nothing else has."""
    return uuid.uuid4().hex


@contextmanager
def database(settings: Settings) -> Iterator[Engine]:
    """The one engine, its schema up to date."""
    from bot.store.migrations import migrate
    from knowledge.database import connect

    if settings.database_url is None:
        try:
            settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)  # people's questions lie here
        except OSError as error:
            raise SettingsError(f"POLICYBOT_DATA can't be used ({error}). Name one that can be written.") from error
    engine = connect(settings.sql_url, setting="DATABASE_URL" if settings.database_url else "POLICYBOT_DATA")
    try:
        migrate(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def store(settings: Settings) -> Iterator[Store]:
    """What the bot remembers, its schema up to date."""
    from bot.store import Store

    with database(settings) as engine:
        yield Store(engine)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything a search or an ingest needs."""

    engine: Engine
    catalog: Catalog
    index: Index
    embedder: Embedder
    retriever: Retriever


def _embedder(settings: Settings) -> Embedder:
    from knowledge.index.embed import MiniLM, OpenAIEmbedder

    if settings.embedding_model is None:
        return MiniLM()
    return OpenAIEmbedder(settings.chat.url, settings.openai_api_key or "", settings.embedding_model)


def similar(retriever: Retriever) -> Similar | None:
    """How near parts of chunks are to a question. By the bundled model only: what it says is what was trained on."""
    return retriever.nearness if retriever.tells_nearness else None


@contextmanager
def knowledge(settings: Settings) -> Iterator[Knowledge]:
    """Everything a search needs. Loads no model and opens no index before its first use."""
    from knowledge.catalog import Catalog
    from knowledge.index.chroma import Index
    from knowledge.search.retrieve import Retriever

    with database(settings) as engine:
        catalog, embedder = Catalog(engine), _embedder(settings)
        index = Index(
            None if settings.chroma_url else settings.data / "chroma",
            url=settings.chroma_url,
            headers=settings.chroma_headers,
        )
        retriever = Retriever(catalog, index, embedder)
        try:
            yield Knowledge(engine, catalog, index, embedder, retriever)
        finally:
            retriever.close()
            index.close()


def ingest(
    settings: Settings,
    paths: Sequence[Path],
    *,
    collection: str,
    prune: bool,
    rebuild: bool,
    ocr: bool,
    progress: Callable[[str, int, int], None],
) -> IngestReport:
    """Run one ingest with the configured stores."""
    from knowledge.ingest.run import ingest as run

    with knowledge(settings) as parts:
        return run(
            paths,
            collection=collection,
            prune=prune,
            rebuild=rebuild,
            ocr=ocr,
            passwords=settings.pdf_passwords,
            catalog=parts.catalog,
            index=parts.index,
            embedder=parts.embedder,
            progress=progress,
        )


def status(settings: Settings, *, documents: bool = False) -> dict[str, Any]:
    """What `policybot status` shows, with the size of the data folder in bytes; with `documents`, each of them too."""
    from knowledge.catalog import Catalog

    with database(settings) as engine:
        found = Catalog(engine).status()
        stated = {one.name: Catalog(engine).stated(one.name) for one in found} if documents else {}
    files = settings.data.rglob("*") if settings.data.is_dir() else ()
    return {
        "collections": [
            dataclasses.asdict(one)
            | ({"stated": [dataclasses.asdict(row) for row in stated[one.name]]} if documents else {})
            for one in found
        ],
        "bytes": sum(file.stat().st_size for file in files if file.is_file()),
    }


class Searcher:
    """The retriever, off the event loop."""

    def __init__(self, retriever: Retriever, catalog: Catalog) -> None:
        self._retriever, self._catalog = retriever, catalog

    async def search(self, query: Query) -> Found:
        """What is found in the editions that are in force today, or asked for; a chapter that is to be summed up."""
        asked = query.texts[0][0] if query.texts else ""
        found = await asyncio.to_thread(self._found, query, asked)
        return dataclasses.replace(found, passages=in_force(found.passages, asked, datetime.now(UTC).date()))

    def _found(self, query: Query, asked: str) -> Found:
        """The opening of each section of the chapter that an overview is wanted of; else what a search finds."""
        about = overview.topic(asked)
        state = self._catalog.collection(query.collection) if about else None
        if about is None or state is None:
            return self._retriever.search(query)
        opening = overview.opening(about, map(overview.Line._make, self._catalog.outline(query.collection)))
        chunks = self._catalog.chunks(query.collection, opening)
        found = [passage_of(chunks[key], score=1.0, similarity=1.0, lexical=1.0) for key in opening if key in chunks]
        if len(found) > 1:
            return Found(tuple(found), state.generation)
        return self._retriever.search(dataclasses.replace(query, texts=((about, 1.0), *query.texts[1:])))

    async def generation(self, collection: str) -> int:
        """A number that grows with every change of the collection; 0 where there is none."""
        state = await asyncio.to_thread(self._catalog.collection, collection)
        return state.generation if state else 0


class Memory:
    """Stored answers, off the event loop; the assistant's Memory.

    Does without a database that fails: an answer that is there already must not be lost because it could not be
    remembered.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    async def get(self, key: tuple[str, ...]) -> Answer | None:
        """The answer kept under this key, if the database can be read."""
        with contextlib.suppress(StoreError):
            return await asyncio.to_thread(self._cache.get, key)
        return None

    async def put(self, key: tuple[str, ...], answer: Answer, collection: str) -> None:
        """Keep the answer, if the database can be written."""
        with contextlib.suppress(StoreError):
            generation, now = answer.generation or 0, datetime.now(UTC)
            await asyncio.to_thread(self._cache.put, key, answer, collection=collection, generation=generation, now=now)


@dataclass(frozen=True, slots=True)
class Asking:
    """Everything a question needs."""

    assistant: Assistant
    searcher: Searcher
    retriever: Retriever
    store: Store
    ladder: Ladder | None
    new_id: Callable[[], str]


def ladder(settings: Settings) -> Ladder | None:
    """Model endpoints in the order of preference; None without a key."""
    if settings.openai_api_key is None:
        return None
    from bot.llm.ladder import Ladder

    rungs = [_rung("primary", settings.chat, settings.openai_api_key, "OPENAI", settings.first_token_s)]
    if settings.fallback is not None:
        served, key = with_key(settings, settings.fallback, settings.fallback_api_key, "FALLBACK")
        rungs.append(_rung("second", served, key, "POLICYBOT_FALLBACK", settings.first_token_s))
    elif settings.fallback_api_key:
        raise SettingsError("POLICYBOT_FALLBACK_API_KEY is the key of no endpoint: set POLICYBOT_FALLBACK=model@url.")
    return Ladder(rungs, deadline_s=settings.model_deadline_s, clock=time.monotonic)


def _rung(name: str, served: Endpoint, key: str, prefix: str, first_token_s: float) -> ChatEndpoint:
    from bot.llm.chat import ChatEndpoint

    return ChatEndpoint(
        name=name,
        base_url=served.url,
        api_key=key,
        model=served.model,
        azure_api_version=served.azure_api_version,
        first_token_s=first_token_s,
        settings=prefix,
    )


def verifying(settings: Settings, chat: Ladder | None) -> Ladder | None:
    """Where sentences are verified: the endpoint of its own, the chat model's, or none ("off", or no chat model)."""
    if chat is None or settings.verifier is None:
        return chat
    if settings.verifier.model == "off":
        return None
    from bot.llm.ladder import Ladder

    served, key = with_key(settings, settings.verifier, settings.verifier_api_key, "VERIFIER")
    rung = _rung("verifier", served, key, "POLICYBOT_VERIFIER", settings.first_token_s)
    return Ladder([rung], deadline_s=settings.model_deadline_s, clock=time.monotonic)


def with_key(settings: Settings, served: Endpoint, key: str | None, name: str) -> tuple[Endpoint, str]:
    """A further endpoint and its key; where the first one is, also with the first one's key.

    One vendor's key is never sent to another.
    """
    first = settings.chat
    if served.url is None and key and first.url:
        raise SettingsError(f"POLICYBOT_{name}_API_KEY would go to OPENAI_BASE_URL: set POLICYBOT_{name}=model@url.")
    if served.url in (None, first.url):
        served = dataclasses.replace(first, model=served.model)
        key = key or settings.openai_api_key
    if not key:
        raise SettingsError(f"POLICYBOT_{name} is another endpoint: set its own key in POLICYBOT_{name}_API_KEY.")
    return served, key


@asynccontextmanager
async def assistant(settings: Settings, *, cache: bool = True) -> AsyncIterator[Asking]:
    """The Assistant with everything behind it."""
    from bot.answering.daily_budget import Budget, DailyMeter
    from bot.answering.rewrite import REWRITE_S, Rewriter
    from bot.llm.verifier import ModelVerifier
    from bot.store import Store
    from knowledge.text.language import language
    from prompts import load

    with knowledge(settings) as parts:
        database = Store(parts.engine)
        model = ladder(settings)
        verifier = verifying(settings, model)
        searcher = Searcher(parts.retriever, parts.catalog)
        budget = Budget(
            settings.daily_tokens, settings.daily_usd, settings.user_daily_tokens, settings.channel_daily_tokens
        )
        try:
            yield Asking(
                assistant=Assistant(
                    searcher,
                    AnswerPolicy(
                        threshold=settings.refuse_below,
                        docs_url=settings.docs_url,
                        rewrite_s=REWRITE_S,
                        verify_s=VERIFY_S,
                    ),
                    model=Model(
                        model,
                        load("answer"),
                        ModelVerifier(verifier, load("verify"), VERIFY_S) if verifier else None,
                        new_token=lambda: secrets.token_hex(8),
                        today=lambda: datetime.now(UTC).date(),
                    )
                    if model
                    else None,
                    rewrite=Rewriter(model, load("rewrite"), REWRITE_S) if model and settings.rewrite else None,
                    meter=DailyMeter(database.spend, budget, lambda: datetime.now(UTC)) if model else None,
                    memory=Memory(database.cache) if cache else None,
                    similar=similar(parts.retriever),
                    language_of=language,
                    clock=time.monotonic,
                ),
                searcher=searcher,
                retriever=parts.retriever,
                store=database,
                ladder=model,
                new_id=new_id,
            )
        finally:
            for one in {model, verifier}:
                if one is not None:
                    await one.aclose()


async def serve(settings: Settings, *, http_port: int | None) -> None:
    """Serve Slack until a signal stops it."""
    from bot.slack.deliver import Limits
    from bot.slack.serve import serve as run
    from knowledge.text.language import language

    workers = REMOTE_SEARCHES if settings.chroma_url or settings.embedding_model else os.cpu_count() or 2
    asyncio.get_running_loop().set_default_executor(TurnTaker(workers))
    async with assistant(settings) as parts:

        @functools.cache  # a success is remembered, a failure is not
        def warm() -> None:
            language("Wer zahlt das Hotel?")
            parts.retriever.search(Query((("policy", 1.0),), limit=1))
            gc.freeze()  # what is loaded by now stays: to look through it again would stop the event loop

        def ready() -> list[str]:
            try:
                warm()
                parts.retriever.ping()
                parts.retriever.refresh("default", wait_s=0)
            except KnowledgeError as error:
                return [error.message]
            return []

        await run(
            parts.assistant,
            parts.store,
            bot_token=settings.slack_bot_token or "",
            app_token=settings.slack_app_token,
            signing_secret=settings.slack_signing_secret,
            api_url=settings.slack_api_url,
            http_port=http_port,
            health_port=settings.health_port or None,
            limits=Limits(
                max_answers=settings.max_answers,
                user_per_minute=settings.user_per_minute,
                outsiders=settings.outsiders,
                shutdown_s=settings.shutdown_s,
            ),
            ready=ready,
        )
