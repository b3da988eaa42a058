"""Settings -> the bot in Slack: everything that serving needs, warmed up and watched, until a signal stops it."""

import asyncio
import contextlib
import gc
import os
import sys
from contextlib import AsyncExitStack

from bot import tracing
from bot.answering import editions
from bot.privacy.mask import alone
from bot.settings import Settings
from bot.slack.serve import serve as run
from bot.slack.services import Serving
from bot.turns import TurnTaker
from bot.understanding import attacks, follow_up, small_talk, topics
from bot.understanding.addressed import untold
from bot.wiring import Asking, assistant, drawing, rules
from bot.wiring.first_prompts import FirstPrompts
from knowledge.errors import KnowledgeError
from knowledge.text.words import language
from knowledge.types import Query

REMOTE_SEARCHES = 8  # at once, where they wait for the network; guess
# seconds that a thread computes before the event loop has its turn, of Python's 0.005; measured: tests.bench.bench_load
SWITCH_S = 0.0005
# objects made until garbage is looked for, of Python's 700: a whole look stops the event loop for 55 ms; measured:
# python -m tests.bench.bench_load
YOUNG = 10_000


class Readiness:
    """Whether questions can be answered now, and from what; asked every few seconds, in a thread."""

    def __init__(self, parts: Asking) -> None:
        self._parts = parts
        self._seen: list[str] | None = None  # the collections at the last look, once there was one
        self._warm = False
        self.vectors_missing: list[str] = []  # why words in memory answer alone

    def look(self) -> None:
        """See which collections there are. Raises KnowledgeError."""
        self._seen = self._parts.catalog.collections()

    def collections(self) -> list[str]:
        """The collections at the last look."""
        return self._parts.catalog.collections() if self._seen is None else self._seen

    def problems(self) -> list[str]:
        """Why no question can be answered; [] where one can."""
        parts = self._parts
        parts.embed_costs.book()
        try:
            self.look()
            parts.find_personal.refresh()
            if not self._warm:
                self._warm_up()
                self._warm = True
            self.vectors_missing = parts.retriever.trouble()
            for name in self.collections() or ["default"]:
                parts.retriever.refresh(name, wait_s=0)
        except KnowledgeError as error:
            return [error.message]
        return []

    def _warm_up(self) -> None:
        language("Wer zahlt das Hotel?")
        text = alone("Is +49 151 23456789 still right, Zoë?", self._parts.find_personal)
        for reads in (attacks.kinds, topics.told, follow_up.leans, small_talk.silences, editions.asks_validity):
            reads(text)  # its files of words: a fifth of a second, which would stop the event loop
        self._parts.retriever.search(Query((("policy", 1.0),), next(iter(self.collections()), "default"), limit=1))
        self._parts.tells.told("policy")
        gc.freeze()  # what is loaded by now stays: to look through it again would stop the event loop


async def serve(settings: Settings, *, http_port: int | None) -> None:
    """Serve Slack until a signal stops it."""
    workers = REMOTE_SEARCHES if settings.chroma_url or settings.remote_embedder else os.cpu_count() or 2
    asyncio.get_running_loop().set_default_executor(TurnTaker(workers))
    sys.setswitchinterval(SWITCH_S)
    gc.set_threshold(YOUNG)
    file = rules(settings)
    if settings.otel_endpoint:
        tracing.configure(settings.otel_endpoint, settings.otel_headers, text=settings.trace_text)
    async with AsyncExitStack() as open_parts:
        open_parts.push_async_callback(asyncio.to_thread, tracing.close)
        parts = await open_parts.enter_async_context(assistant(settings, file=file))
        readiness = Readiness(parts)
        with contextlib.suppress(KnowledgeError):  # /readyz says it; until then each question looks for itself
            await asyncio.to_thread(readiness.look)
        await run(
            Serving(
                parts.assistant,
                parts.store,
                file,
                settings,
                http_port=http_port,
                health_port=settings.health_port or None,
                ready=readiness.problems,
                degraded=lambda: readiness.vectors_missing,
                collections=readiness.collections,
                drawing=drawing(settings, parts.catalog),
                stated=parts.catalog.stated,
                suggested=FirstPrompts(
                    parts.catalog, parts.retriever, settings.refuse_below, any_language=parts.rewriter is not None
                ).of,
                told=parts.tells.told,
                likely_meant=untold if parts.rewriter else parts.tells.likely_meant,
                for_bot=parts.assistant.for_bot if parts.rewriter else None,
                find_personal=parts.find_personal,
                forget=parts.forget,
            )
        )
