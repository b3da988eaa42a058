"""The composition root: Settings -> real adapters -> what the verbs need; opens and closes them.

The only module that knows every door. Nothing else builds an engine, an index, an embedder or a client.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import secrets
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.answering.assistant import Assistant
from bot.answering.documents import Documents
from bot.answering.model_writer import ModelWriter
from bot.answering.ports import Classifiers
from bot.answering.scoring import NearnessOf
from bot.answering.search import FOREIGN_S, AnswerPolicy
from bot.errors import PolicybotError, SettingsError
from bot.rules.file import RulesFile
from bot.settings import Settings
from bot.wiring.adapters import ByMeaning, PersonalDataFinder
from bot.wiring.models import EmbedCosts, keep_to, ladder, verifying
from knowledge.errors import KnowledgeError
from knowledge.types import IngestReport

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.answering.rewrite import Rewriter
    from bot.llm.ladder import Ladder, ModelVerifier
    from bot.store import Store
    from knowledge.catalog import Catalog
    from knowledge.index.chroma import Index
    from knowledge.index.sync import Embedder
    from knowledge.pictures import Pictures
    from knowledge.search.retrieve import Retriever


VERIFY_S = 2.0  # seconds, longest wait for the verifier's verdict on one claim: people wait for the sentence behind it


def rules(settings: Settings) -> RulesFile:
    """policybot.toml, read and kept to. Raises SettingsError with every line to correct."""
    file = RulesFile(settings.config)
    keep_to(file.rules.endpoints, settings)
    return file


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
        yield Store(engine, settings.data)


@dataclass(frozen=True)
class Knowledge:
    """Everything a search or an ingest needs."""

    engine: Engine
    catalog: Catalog
    index: Index
    embedder: Embedder
    retriever: Retriever
    embed_costs: EmbedCosts


def _embedder(settings: Settings, used: Callable[[int], None]) -> Embedder:
    from knowledge.index.embed import MiniLM, MultilingualE5, OpenAIEmbedder

    if (remote := settings.remote_embedder) is not None:
        return OpenAIEmbedder(settings.chat.url, settings.openai_api_key or "none", remote, used=used)
    return MiniLM() if settings.embedding_model is None else MultilingualE5()


def nearness_of(retriever: Retriever) -> NearnessOf | None:
    """How near parts of chunks are to a question. By a local model only: what it says is what was trained on."""
    return retriever.nearness if retriever.tells_nearness else None


@contextmanager
def knowledge(settings: Settings) -> Iterator[Knowledge]:
    """Everything a search needs. Loads no model and opens no index before its first use."""
    from knowledge.catalog import Catalog
    from knowledge.index.chroma import Index
    from knowledge.search.retrieve import Retriever

    with database(settings) as engine:
        catalog, costs = Catalog(engine), EmbedCosts(engine, settings.remote_embedder)
        embedder = _embedder(settings, costs.used)
        index = Index(
            None if settings.chroma_url else settings.data / "chroma",
            url=settings.chroma_url,
            headers=settings.chroma_headers,
        )
        retriever = Retriever(catalog, index, embedder)
        try:
            yield Knowledge(engine, catalog, index, embedder, retriever, costs)
        finally:
            retriever.close()
            costs.book()
            index.close()


def ingest(settings: Settings, paths: Sequence[Path], **how: Any) -> IngestReport:
    """Run one ingest with the configured stores; `how` is as knowledge.ingest.run.ingest takes it."""
    from knowledge.ingest.run import ingest as run

    with knowledge(settings) as parts:
        stores: dict[str, Any] = {"catalog": parts.catalog, "index": parts.index, "embedder": parts.embedder}
        apart = rules(settings).rules.apart(how.get("collection", "default"), parts.catalog.collections())
        return run(paths, passwords=settings.pdf_passwords, apart=apart, **stores, **how)


def glossary_problems(settings: Settings) -> list[str]:
    """What can't be read of the `glossary.yaml` beside the manuals, each with what to do; [] without a database."""
    from knowledge.catalog import Catalog
    from knowledge.search.lexical import problems

    try:
        with database(settings) as engine:
            return problems(Catalog(engine).folders())
    except (PolicybotError, KnowledgeError):  # which the verb itself tells
        return []


def expect_collection(settings: Settings, name: str) -> None:
    """Raise SettingsError for a collection that is not there, where others are."""
    from knowledge.catalog import Catalog

    try:
        with database(settings) as engine:
            known = Catalog(engine).collections()
    except (PolicybotError, KnowledgeError):  # which the verb itself tells
        return
    if known and name not in known:
        raise SettingsError(f'There is no collection "{name}". Name one with --collection: {", ".join(known)}.')


def status(settings: Settings, *, documents: bool = False) -> dict[str, Any]:
    """What `policybot status` shows, with the size of the data folder in bytes; with `documents`, each of them too."""
    from knowledge.catalog import Catalog

    ruled = RulesFile(settings.config).rules
    with database(settings) as engine:
        collections = Catalog(engine).status()
        stated = {one.name: Catalog(engine).stated(one.name) for one in collections} if documents else {}
    files = settings.data.rglob("*") if settings.data.is_dir() else ()
    return {
        "collections": [
            dataclasses.asdict(one)
            | {key: value for key, value in dataclasses.asdict(ruled.about(one.name)).items() if value is not None}
            | ({"stated": [dataclasses.asdict(row) for row in stated[one.name]]} if documents else {})
            for one in collections
        ],
        "bytes": sum(file.stat().st_size for file in files if file.is_file()),
    }


@contextmanager
def pictures(settings: Settings) -> Iterator[tuple[Store, Pictures]]:
    """What the bot remembers, and the pictures of what the manual's pages say."""
    from bot.store import Store
    from knowledge.catalog import Catalog

    with database(settings) as engine:
        yield Store(engine, settings.data), drawing(settings, Catalog(engine))


def drawing(settings: Settings, catalog: Catalog) -> Pictures:
    """The pictures of what the manual's pages say."""
    from bot.store.retention import PICTURES
    from knowledge.pictures import Pictures

    return Pictures(settings.data / PICTURES, catalog, settings.pdf_passwords)


@dataclass(frozen=True)
class Asking(Knowledge):
    """The same, and what a question needs besides."""

    assistant: Assistant
    documents: Documents
    store: Store
    tells: ByMeaning
    rewriter: Rewriter | None  # by which a model reads messages
    find_personal: PersonalDataFinder

    def forget(self) -> None:
        """Keep nothing in memory that people wrote, after an erasure.

        A bounded cache of a function of ours is keyed by texts, so each is emptied; one without a bound holds our own
        word lists, and stays.
        """
        re.purge()  # patterns were made of people's words
        self.retriever.forget()
        self.tells.forget()
        if self.rewriter is not None:
            self.rewriter.forget()
        ours = [module for name, module in list(sys.modules.items()) if name.partition(".")[0] in ("bot", "knowledge")]
        for value in [value for module in ours for value in vars(module).values()]:
            if isinstance(value, functools._lru_cache_wrapper) and value.cache_parameters()["maxsize"] is not None:
                value.cache_clear()


@asynccontextmanager
async def assistant(settings: Settings, *, cache: bool = True, file: RulesFile | None = None) -> AsyncIterator[Asking]:
    """The Assistant with everything behind it. `file`: the rules that it keeps to, where somebody reads them again."""
    with knowledge(settings) as parts:
        model = ladder(settings)
        verifier = verifying(settings, model)
        try:
            for endpoints in filter(None, (model, verifier)):
                await endpoints.open()  # or the first question would have no time left for its rewrite
            yield _asking(settings, parts, file or rules(settings), model, verifier, cache=cache)
        finally:
            for one in {model, verifier}:
                if one is not None:
                    await one.aclose()


def _asking(
    settings: Settings, parts: Knowledge, file: RulesFile, model: Ladder | None, verifier: Ladder | None, *, cache: bool
) -> Asking:
    from bot.answering.rewrite import Rewriter
    from bot.answering.whom import Chooser
    from bot.store import Store
    from bot.store.shared import DailyMeter, Memory
    from knowledge.index.embed import MiniLM
    from knowledge.text.words import language
    from prompts import load

    store, now = Store(parts.engine, settings.data), functools.partial(datetime.now, UTC)
    retriever, find_personal = parts.retriever, PersonalDataFinder(file, parts.catalog)
    tells = ByMeaning(retriever.wholes if settings.embedding_model is None else MiniLM().embed)
    documents = Documents(retriever, parts.catalog, now)
    rewriter = Rewriter(model, load("rewrite"), FOREIGN_S) if model and settings.rewrite else None
    answering = Assistant(
        documents,
        AnswerPolicy(settings.refuse_below, settings.docs_url, any_language=retriever.multilingual),
        model=_writer(model, verifier, now) if model else None,
        rewrite=rewriter,
        choose=Chooser(model, load("whom")) if rewriter and model else None,
        meter=DailyMeter(store.spend, settings, now) if model else None,
        memory=Memory(parts.engine, parts.catalog, version("policybot"), now) if cache else None,
        nearness_of=nearness_of(retriever),
        classifiers=Classifiers(language, tells.chat, tells.attack, tells.told, tells.alike, tells.may_tell),
        find_personal=find_personal,
        clock=time.monotonic,
    )
    return Asking(
        **vars(parts),
        assistant=answering,
        documents=documents,
        store=store,
        tells=tells,
        rewriter=rewriter,
        find_personal=find_personal,
    )


def _writer(model: Ladder, checks: Ladder | None, now: Callable[[], datetime]) -> ModelWriter:
    from prompts import load

    verify = verifier(checks) if checks else None
    return ModelWriter(model, load("answer"), verify, functools.partial(secrets.token_hex, 8), now)


def verifier(ladder: Ladder) -> ModelVerifier:
    """What asks a chat model whether sentences are supported."""
    from bot.llm.ladder import ModelVerifier
    from prompts import load

    return ModelVerifier(ladder, load("verify"), VERIFY_S)
