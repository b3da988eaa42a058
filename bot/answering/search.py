"""What a message is searched for by (its parts, a model's rewrite, its words in English), and what is found for it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from bot.answering.confidence import confidence
from bot.answering.draft import Draft
from bot.answering.ports import BETWEEN, Meant, Rewrite
from bot.errors import AnswerError, StoreError
from bot.understanding import follow_up
from bot.understanding.follow_up import Resolved
from bot.understanding.in_english import in_english
from bot.understanding.parts import asks, parts
from bot.understanding.small_talk import SMALL_TALK, wording
from bot.understanding.topics.read import READ
from knowledge.text.words import mend, words
from knowledge.types import Found, Passage, Query

if TYPE_CHECKING:
    from bot.answering.documents import Documents
    from bot.store.shared import DailyMeter
    from bot.types import Question, Usage

T = TypeVar("T")
PASSAGES = 40  # passages found for a part; guess
MAX_PARTS = 4  # questions answered of one message; guess
# weight against the user's own texts, whose weights add up to 1; measured: python -m tests.eval.rewrites GOLD
REWRITE_WEIGHT = 1.0
SURE = 0.8  # confidence of the first search that waits for no rewrite; measured: python -m tests.eval.rewrites
# times the policy's threshold: confidence from which a model reads what was found, and may find no answer in it;
# measured: python -m tests.eval.gate GOLD
TO_A_MODEL = 0.6
NEAR_CHAT = 0.75  # times the policy's threshold: confidence from which a message that asks is no chat; guess
REWRITE_S = 1.5  # seconds, the longest wait for a rewrite: people see nothing before it is over; guess
FOREIGN_S = 5.0  # seconds that a question in another language waits for its rewrite: nothing is found without; guess

Weighted = tuple[tuple[str, float], ...]  # texts to search for, each with its weight


@dataclass(frozen=True, slots=True)
class AnswerPolicy:
    """How to answer; see bot/settings.py for the settings behind them."""

    threshold: float
    docs_url: str | None = None
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
    in_thread: Search | None = None  # what is found for it as it may go on from its thread
    in_trouble: bool = False  # for somebody who is told more than names: whom to turn to

    @property
    def readings(self) -> tuple[Search, ...]:
        """In its thread, where more is found, and by itself."""
        return (self.in_thread, self) if self.in_thread else (self,)

    def near(self, least: float = 0.0) -> tuple[Passage, ...]:
        """The passages of those readings that are at least as likely to be answered."""
        return tuple(passage for one in self.readings if one.confidence >= least for passage in one.passages)

    @classmethod
    def of(cls, text: str, found: Found) -> Search:
        """What was found, as the search for this text, with how likely it answers it."""
        asked = mend(wording(text), found.reworded)
        chance = confidence(asked, found.passages)
        in_manual_words = next((text_added for text_added, _ in found.added), "")
        return cls(text, found.passages, chance, found.rarest, asked, in_manual_words, found.unknown)

    def written_in(self, *languages: str | None, at_most: float = 1.0) -> Search:
        """The same with the passages in these languages (ISO 639-1; None: not told) alone, and no surer than this."""
        kept = tuple(passage for passage in self.passages if passage.language in languages)
        return replace(self, passages=kept, confidence=min(at_most, confidence(self.asked, kept)))


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for a message, part by part."""

    resolved: Resolved  # what was searched for: a model may have read a wish about the form of the last answer
    searches: Sequence[Search]
    foreign: bool  # finds little before it is put into the manual's language
    more_parts: bool = False  # than MAX_PARTS
    meant: Meant | None = None  # as a model reads the message; None also where the first search needs none
    chat: str | None = None  # the kind of chat that a model reads in it, where it asks nothing
    rewrite: str | None = None  # the question in the manual's words, or put into English
    spoken: str | None = None  # the language that it was put into English from
    answerable: Sequence[Search] = ()  # those of the searches that are sure enough

    @property
    def sensitive(self) -> bool:
        """Whether a model reads something in it that no channel should."""
        return self.meant is not None and self.meant.kind == "sensitive"


class Finder:
    """Finds passages; notes on the draft what was searched for and what the index says of itself."""

    def __init__(
        self,
        documents: Documents,
        policy: AnswerPolicy,
        meter: DailyMeter | None,
        rewrite: Rewrite | None,
        *,
        quoting: bool,
    ) -> None:
        self.documents, self.policy, self.quoting = documents, policy, quoting  # no model, which reads all languages
        self._meter, self._rewrite = meter, rewrite

    async def find(self, draft: Draft, resolved: Resolved, detected: str | None) -> Findings:
        """What is found for a message in this language (ISO 639-1; None: the manual's)."""
        languages = await self._languages(draft)
        spoken, alone, in_thread = detected or languages[0], resolved, resolved.threaded
        least = self.policy.threshold * (1.0 if self.quoting else TO_A_MODEL)
        if not (self.quoting and spoken == "en" and len(parts(in_thread.standalone)) == 1):
            resolved = replace(in_thread, directive=resolved.directive)  # a model reads both, and tells
        found = await self._found(draft, resolved, spoken, languages)
        if resolved.in_thread and len(found.searches) == 1:
            [one], [besides] = found.searches, await self._search(draft, in_thread.searched)
            found = replace(found, searches=[replace(one, in_thread=Search.of(in_thread.standalone, besides))])
        elif alone.in_thread and not self.quoting and len(found.searches) == 1 and not found.searches[0].near(least):
            [one], [by_itself] = found.searches, await self.look_up(draft, [alone.standalone])
            if by_itself.confidence >= least:  # a long answer above it must not make it look unanswerable
                both = interleave([by_itself.passages, one.passages])
                found = replace(found, searches=[replace(by_itself, passages=both)])
        draft.confidence = max(reading.confidence for one in found.searches for reading in one.readings)
        sure = [one for one in found.searches if one.near(least)]
        draft.weighed += (("these passages may answer", draft.confidence, least),)
        draft.passages = interleave([one.near(least) for one in sure] or [one.near() for one in found.searches])
        draft.rewrite, draft.spoken = found.rewrite, found.spoken
        return replace(found, answerable=sure)

    async def _found(self, draft: Draft, resolved: Resolved, spoken: str, languages: Sequence[str]) -> Findings:
        """The same, as a model reads the message, or in English where nothing is found; none marked as answerable."""
        foreign = spoken not in languages or (self.quoting and spoken != "en")
        foreign = foreign and not self.policy.any_language
        found = await self._parts(draft, resolved, foreign=foreign)
        if found.meant and found.meant.kind == "form" and draft.question.history:
            wish = follow_up.resolve(replace(draft.question, text=f"{found.meant.query} please"))
            if wish.texts and wish.directive:
                again = await self._parts(draft, wish, foreign=foreign)
                return replace(again, meant=again.meant or found.meant)
        if not foreign or not (self.quoting or (found.rewrite is None and found.chat is None)):
            return found
        own = [search.written_in(spoken) for search in found.searches]
        english, sure = in_english(resolved.standalone, spoken) if "en" in languages else ("", False)
        if not english or any(search.passages for search in own):
            return replace(found, searches=own) if self.quoting else found
        most = 1.0 if sure else self.policy.threshold * NEAR_CHAT  # else only what comes closest is shown
        put, asked = replace(resolved, texts=((english, 1.0),), standalone=english), parts(english)
        searches = await self.look_up(draft, asked[:MAX_PARTS])
        searches = [search.written_in("en", None, at_most=most) for search in searches]
        chances = [max(search.confidence for search in some) for some in (found.searches, searches)]
        if not self.quoting and chances[0] > max(chances[1], self.policy.threshold):
            return found  # a model reads what its own words find
        read = any(search.passages for search in searches)
        return replace(
            found,
            resolved=put,
            searches=searches,
            more_parts=len(asked) > MAX_PARTS,
            rewrite=english if read else None,
            spoken=spoken if read else None,
        )

    async def _parts(self, draft: Draft, resolved: Resolved, *, foreign: bool) -> Findings:
        """Each part of the question is searched for; what a model reads in it joins a question of one part.

        Of a question in another language it takes the place of each part, which would find little by itself.
        """
        asked = parts(resolved.standalone)
        more = len(asked) > MAX_PARTS
        if len(asked) == 1:
            return await self._part(draft, resolved, as_read(draft.question, resolved), foreign=foreign)
        if not foreign or self._rewrite is None:
            reading = self._reading(draft, as_read(draft.question, resolved), REWRITE_S) if draft.may_tell else None
            searches = await self.look_up(draft, asked[:MAX_PARTS])
            meant = await reading if reading else None
            if meant and meant.kind != "sensitive":
                meant = replace(meant, kind="question")
            return Findings(resolved, searches, foreign, more, meant)
        each = [
            (replace(resolved, texts=((one, 1.0),), standalone=one), replace(draft.question, text=one))
            for one in asked[:MAX_PARTS]
        ]
        found = await asyncio.gather(*(self._part(draft, *one, foreign=True) for one in each))
        kinds = [one.meant for one in found if one.meant]
        # A part that nobody read may confide something.
        read = replace(kinds[0], kind="question") if len(kinds) == len(found) else None
        meant = next((one for one in kinds if one.kind == "sensitive" or one.tells in READ), read)
        rewrite = " ".join(one.rewrite for one in found if one.rewrite) or None
        return Findings(resolved, [one.searches[0] for one in found], foreign, more, meant, rewrite=rewrite)

    async def _part(self, draft: Draft, resolved: Resolved, question: Question, *, foreign: bool) -> Findings:
        """What is found for a question of one part, by its own words and by those that a model puts for them."""
        reading = self._reading(draft, question, FOREIGN_S if foreign else REWRITE_S)
        [found] = await self._search(draft, resolved.searched)
        first = Search.of(resolved.standalone, found)
        if first.confidence >= SURE and not foreign and not resolved.joined and not draft.may_tell:
            return Findings(resolved, [first], foreign)
        meant, chat, rewrite = await reading, None, None
        if meant and meant.kind == "chat" and not asks(draft.question.text):
            chat = meant.query if meant.query in SMALL_TALK else "capabilities"
        elif meant and meant.kind not in ("chat", "form"):
            rewrite = meant.query or None
        if rewrite and words(rewrite) == words(wording(resolved.standalone)):
            rewrite = None  # the question's own words: no help, and no other language
        if rewrite:
            # another language is near nothing and would only draw away from what the rewrite finds
            beside = () if foreign else resolved.searched
            each = [one.strip() for one in rewrite.split(BETWEEN.strip()) if one.strip()]
            founds = await self._search(draft, *((*beside, (one, REWRITE_WEIGHT)) for one in each))
            both, chance = _surest(each, founds, None if foreign else resolved.standalone)
            # A rewrite that is no help must not make an answerable question look unanswerable.
            if not (resolved.joined or chance >= first.confidence):
                both = replace(first, passages=interleave([first.passages, both.passages]))
            first = replace(both, text=resolved.standalone, confidence=max(chance, first.confidence))
        return Findings(resolved, [first], foreign, meant=meant, chat=chat, rewrite=rewrite)

    def _reading(self, draft: Draft, question: Question, seconds: float) -> asyncio.Task[Meant | None]:
        """What a model reads in it, beside the search; one not waited for runs on while the answer is written."""
        reading = asyncio.create_task(self.meaning(draft, question, seconds))
        draft.readings.append(reading)  # so that it is charged
        return reading

    async def look_up(self, draft: Draft, asked: Sequence[str]) -> list[Search]:
        """What is found for each of these questions by itself."""
        founds = await self._search(draft, *(((wording(text), 1.0),) for text in asked))
        return [Search.of(text, found) for text, found in zip(asked, founds, strict=True)]

    async def _search(self, draft: Draft, *asked: Weighted) -> list[Found]:
        """What is found by each of these, noted in their order, whichever came first."""
        queries = (Query(texts, limit=PASSAGES) for texts in asked)
        founds = await asyncio.gather(*(self.documents.search(one, draft.question.collections) for one in queries))
        for texts, found in zip(asked, founds, strict=True):
            draft.note_found(texts, found)
        return founds

    async def meaning(self, draft: Draft, question: Question, seconds: float) -> Meant | None:
        """What a model reads in the message; None where none is asked, or doesn't tell in time."""
        if (rewrite := self._rewrite) is None:
            return None

        async def read() -> tuple[Meant | None, Usage]:
            return await rewrite(question, await self._languages(draft))

        return await self.by_model(draft, "rewrite", read, seconds)

    async def _languages(self, draft: Draft) -> tuple[str, ...]:
        if not draft.languages:
            draft.languages = await asyncio.to_thread(self.documents.languages, draft.question.collections)
        return draft.languages

    async def by_model(
        self, draft: Draft, feature: str, ask: Callable[[], Awaitable[tuple[T, Usage]]], seconds: float
    ) -> T | None:
        """What a small call to a model gives; None where it fails, takes too long, or the day's budget is used up."""
        with contextlib.suppress(TimeoutError, AnswerError, StoreError):
            if self._meter:
                await self._meter.check(draft.question)
            given, usage = await asyncio.wait_for(ask(), seconds)
            draft.add_usage(usage, feature)
            return given
        return None


def _surest(rewrites: Sequence[str], founds: Sequence[Found], own: str | None) -> tuple[Search, float]:
    """What rewrites find, one a language, the surest first, and how likely that answers; `own`: searched besides."""
    searches = [Search.of(own or one, found) for one, found in zip(rewrites, founds, strict=True)]
    alone = [Search.of(one, found).confidence for one, found in zip(rewrites, founds, strict=True)]
    chances = [max(search.confidence, chance) for search, chance in zip(searches, alone, strict=True)]
    order = sorted(range(len(searches)), key=lambda at: -chances[at])
    passages = interleave([searches[at].passages for at in order])
    return replace(searches[order[0]], passages=passages), chances[order[0]]


def as_read(question: Question, resolved: Resolved) -> Question:
    """The question as a model reads it: one for another form, "as a list", is the question that it is about."""
    return replace(question, text=resolved.standalone) if resolved.directive else question


def interleave(rankings: Sequence[Sequence[Passage]]) -> tuple[Passage, ...]:
    """One ranking from several: the best of each first, each passage once."""
    merged: dict[str, Passage] = {}
    for rank in range(max((len(r) for r in rankings), default=0)):
        for ranking in rankings:
            if rank < len(ranking):
                merged.setdefault(ranking[rank].chunk_id, ranking[rank])
    return tuple(merged.values())
