"""What a message is searched for by, and what is found: its parts, a model's rewrite, its words in English. Pure."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answering.confidence import confidence
from bot.answering.draft import Draft
from bot.answering.ports import Meter, Rewrite, Searcher
from bot.answering.rewrite import Meant
from bot.errors import AnswerError, StoreError
from bot.understanding import follow_up
from bot.understanding.addressed import asks
from bot.understanding.courtesy import wording
from bot.understanding.follow_up import Resolved
from bot.understanding.in_english import in_english
from knowledge.text.words import mend
from knowledge.types import Found, Passage, Query

MAX_PARTS = 4  # questions answered of one message; guess
# weight against the user's own texts, whose weights add up to 1; measured: python -m tests.eval.rewrites GOLD
REWRITE_WEIGHT = 1.0
SURE = 0.8  # confidence of the first search that waits for no rewrite; measured: python -m tests.eval.rewrites
NEAR_CHAT = 0.75  # times the policy's threshold: confidence from which a message that asks is no chat; guess
FOREIGN_S = 5.0  # seconds that a question in another language waits for its rewrite: nothing is found without; guess

Weighted = tuple[tuple[str, float], ...]  # texts to search for, each with its weight


@dataclass(frozen=True, slots=True)
class AnswerPolicy:
    """How to answer; see bot/settings.py for the settings behind them."""

    threshold: float
    context_tokens: int = 2300
    docs_url: str | None = None
    rewrite_s: float = 1.5
    passages: int = 40
    any_language: bool = False  # whether a question finds what is written in another language


@dataclass(frozen=True, slots=True)
class Search:
    """One part of the question with what was found for it."""

    text: str
    passages: tuple[Passage, ...]
    confidence: float
    rarest: float
    asked: str  # the question itself: without courtesy, its spelling mended
    in_manual_words: str = ""  # the same as the glossary puts it, where it knows a word of it
    unknown: frozenset[str] = frozenset()  # words of it that stand nowhere in the manual

    def written_in(self, *languages: str | None, at_most: float = 1.0) -> Search:
        """The same with the passages in these languages (ISO 639-1; None: not told) alone, and no surer than this."""
        kept = tuple(passage for passage in self.passages if passage.language in languages)
        return replace(self, passages=kept, confidence=min(at_most, confidence(self.asked, kept)))


def scored(text: str, found: Found) -> Search:
    """What was found, as the search for this text, with how likely it answers it."""
    asked = mend(wording(text), found.mended)
    chance = confidence(asked, found.passages)
    in_manual_words = next((text_added for text_added, _ in found.added), "")
    return Search(text, found.passages, chance, found.rarest, asked, in_manual_words, found.unknown)


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for a message, part by part."""

    resolved: Resolved  # what was searched for: a model may have read a wish about the form of the last answer
    searches: Sequence[Search]
    foreign: bool  # finds little before it is put into English
    more_parts: bool = False  # than MAX_PARTS
    meant: Meant | None = None  # as a model reads the message; None also where the first search needs none
    chat: str | None = None  # the kind of chat that a model reads in it, where it asks nothing
    rewrite: str | None = None  # the question in the manual's words, or put into English
    spoken: str | None = None  # the language that it was put into English from


class Finder:
    """Finds passages; notes on the draft what was searched for and what the index says of itself."""

    def __init__(
        self, searcher: Searcher, policy: AnswerPolicy, meter: Meter | None, rewrite: Rewrite | None, *, quoting: bool
    ) -> None:
        self.searcher, self.policy, self.quoting = searcher, policy, quoting  # no model, which reads all languages
        self._meter, self._rewrite = meter, rewrite

    async def find(self, draft: Draft, resolved: Resolved, spoken: str) -> Findings:
        """What is found for a message in this language (ISO 639-1)."""
        foreign = spoken != "en" and not self.policy.any_language
        found = await self._parts(draft, resolved, foreign=foreign)
        if found.meant and found.meant.kind == "form" and draft.question.history:
            wish = follow_up.resolve(replace(draft.question, text=f"{found.meant.query} please"))
            if wish.texts and wish.directive:
                again = await self._parts(draft, wish, foreign=foreign)
                return replace(again, meant=again.meant or found.meant)
        if not (foreign and self.quoting):
            return found
        found = replace(found, searches=[search.written_in(spoken) for search in found.searches])
        english, sure = in_english(resolved.standalone, spoken)
        if not english or any(search.passages for search in found.searches):
            return found
        most = 1.0 if sure else self.policy.threshold * NEAR_CHAT  # else only what comes closest is shown
        put = replace(resolved, texts=((english, 1.0),), standalone=english)
        found = await self._parts(draft, put, foreign=True)
        searches = [search.written_in("en", None, at_most=most) for search in found.searches]
        read = any(search.passages for search in searches)
        return replace(found, searches=searches, rewrite=english if read else None, spoken=spoken if read else None)

    async def _parts(self, draft: Draft, resolved: Resolved, *, foreign: bool) -> Findings:
        """Each part of the question is searched for; the rewrite of the whole joins a question of one part."""
        parts = follow_up.parts(resolved.standalone)
        if len(parts) > 1:
            return Findings(resolved, await self.look_up(draft, parts[:MAX_PARTS]), foreign, len(parts) > MAX_PARTS)
        # Beside the search. One that is not waited for runs on while the answer is written, so that it is charged.
        waits = FOREIGN_S if foreign else self.policy.rewrite_s
        draft.reading = asyncio.create_task(self.meaning(draft, resolved, waits))
        [found] = await self._found(draft, resolved.searched)
        first = scored(resolved.standalone, found)
        if first.confidence >= SURE and not foreign:
            return Findings(resolved, [first], foreign)
        meant, chat, rewrite = await draft.reading, None, None
        if meant and meant.kind == "chat" and not asks(draft.question.text):
            chat = meant.query if meant.query in follow_up.SMALL_TALK else "capabilities"
        elif meant and meant.kind not in ("chat", "form"):
            rewrite = meant.query
        if rewrite and wording(rewrite).casefold() != wording(resolved.standalone).casefold():
            [found] = await self._found(draft, (*resolved.searched, (rewrite, REWRITE_WEIGHT)))
            both = scored(resolved.standalone, found)
            chance = max(both.confidence, scored(rewrite, found).confidence)
            # A rewrite that is no help must not make an answerable question look unanswerable.
            first = replace(both, confidence=chance) if chance >= first.confidence else first
        return Findings(resolved, [first], foreign, meant=meant, chat=chat, rewrite=rewrite)

    async def look_up(self, draft: Draft, asked: Sequence[str]) -> list[Search]:
        """What is found for each of these questions by itself."""
        founds = await self._found(draft, *(((wording(text), 1.0),) for text in asked))
        return [scored(text, found) for text, found in zip(asked, founds, strict=True)]

    async def _found(self, draft: Draft, *asked: Weighted) -> list[Found]:
        """What is found by each of these, noted in their order, whichever came first."""
        queries = (Query(texts, limit=self.policy.passages) for texts in asked)
        founds = await asyncio.gather(*(self.searcher.search(one, draft.question.collections) for one in queries))
        for texts, found in zip(asked, founds, strict=True):
            draft.note_found(texts, found)
        return founds

    async def meaning(self, draft: Draft, resolved: Resolved, seconds: float) -> Meant | None:
        """What a model reads in the message; None where none is asked, or doesn't tell in time."""
        if self._rewrite is None:
            return None
        asked = replace(draft.question, text=resolved.standalone) if resolved.directive else draft.question
        with contextlib.suppress(TimeoutError, AnswerError, StoreError):  # the day's budget is used up, or unknown
            if self._meter:
                await self._meter.check(draft.question)
            meant, usage = await asyncio.wait_for(self._rewrite(asked), seconds)
            draft.add_usage(usage, "rewrite")
            return meant
        return None


def interleave(rankings: Sequence[Sequence[Passage]]) -> tuple[Passage, ...]:
    """One ranking from several: the best of each first, each passage once."""
    merged: dict[str, Passage] = {}
    for rank in range(max((len(r) for r in rankings), default=0)):
        for ranking in rankings:
            if rank < len(ranking):
                merged.setdefault(ranking[rank].chunk_id, ranking[rank])
    return tuple(merged.values())
