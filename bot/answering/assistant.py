"""One question, start to finish: READ THIS FIRST.

Question -> small talk | search -> refusal | prompt -> model -> checked sentences -> Finished(Answer). The command line,
the evaluation and Slack all call `Assistant.answer`, so they cannot differ. What leaves as a claim has passed
`check.Checker` or is a quotation. What is personal in the question is a placeholder from the first line on, and in all
that comes out. Pure: the ports it needs are declared below; clock and randomness are arguments.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from bot import texts
from bot.answering import editions, outlines, quoting
from bot.answering.draft import Draft
from bot.answering.editions import Edition
from bot.answering.model_writer import Model, ModelWriter
from bot.answering.quote_writer import QuoteWriter
from bot.answering.rewrite import Meant
from bot.answering.scoring import Similar
from bot.answering.search import AnswerPolicy, Search, interleave, scored
from bot.check.checker import SECRET
from bot.errors import AnswerError, StoreError
from bot.privacy.find import Finds, find
from bot.privacy.mask import Mask
from bot.types import Answer, Checked, Finished, Outcome, Question, Sentence, Status, Usage, joined
from bot.understanding import follow_up
from bot.understanding.addressed import asks
from bot.understanding.attacks import Meaning, attacks
from bot.understanding.follow_up import wording
from bot.understanding.in_english import in_english
from bot.understanding.topics import Likely, Matter, instead, matter, told
from knowledge.errors import KnowledgeError
from knowledge.types import Found, Query

MAX_PARTS = 4  # questions answered of one message; guess
# weight against the user's own texts, whose weights add up to 1; measured: python -m tests.eval.rewrites GOLD
REWRITE_WEIGHT = 1.0
SURE = 0.8  # confidence of the first search that waits for no rewrite; measured: python -m tests.eval.rewrites
NEAR_CHAT = 0.75  # times the policy's threshold: confidence from which a message that asks is no chat; guess
FOREIGN_S = 5.0  # seconds that a question in another language waits for its rewrite: nothing is found without; guess
MOODS = frozenset({"complaint", "praise", "thanks", "goodbye", "greeting"})  # chat that asks nothing

Event = Status | Sentence | Finished


class Searcher(Protocol):
    """The knowledge base, off the event loop."""

    async def search(self, query: Query, collections: Sequence[str]) -> Found:
        """The ranked passages of all the collections, and of no other."""

    async def editions(self, collections: Sequence[str], documents: Sequence[str], question: str) -> list[Edition]:
        """What is known of these documents; with none given, of those that the question names."""


class Meter(Protocol):
    """The day's budget."""

    async def check(self, question: Question) -> None:
        """Raises BudgetReached when nothing is left."""

    async def spend(self, question: Question, used: Mapping[str, Usage]) -> None:
        """Take what was used, by feature."""


class Memory(Protocol):
    """Answers given before, by question, prompt, model, collections and what these held."""

    async def get(self, key: tuple[str, ...], collections: Sequence[str]) -> Answer | None:
        """The answer kept under this key, of the collections as they are now."""

    async def put(self, key: tuple[str, ...], answer: Answer, collections: Sequence[str], user: str | None) -> None:
        """Keep the answer that was made for this person."""


class Assistant:
    """Answers questions. Holds no state between them."""

    def __init__(
        self,
        searcher: Searcher,
        policy: AnswerPolicy,
        *,
        model: Model | None = None,
        rewrite: Callable[[Question], Awaitable[tuple[Meant | None, Usage]]] | None = None,
        meter: Meter | None = None,
        memory: Memory | None = None,
        similar: Similar | None = None,
        chat_of: Callable[[str, bool], str | None] | None = None,
        attack_of: Meaning | None = None,
        topic_of: Likely | None = None,
        finds: Finds = find,
        language_of: Callable[[str], str | None],
        clock: Callable[[], float],
    ) -> None:
        self._searcher, self._policy, self._topic_of = searcher, policy, topic_of
        self._model = ModelWriter(model, policy) if model else None
        self._quotes = QuoteWriter(similar, policy)
        self._rewrite, self._meter, self._memory, self._chat_of = rewrite, meter, memory, chat_of
        self._language_of, self._clock, self._attack_of, self.finds = language_of, clock, attack_of, finds
        self._name = model.chat.name if model else "extractive"
        how = (model.template.sha256, model.verifier is not None) if model else ()
        self._made_with = f"{policy} {how} rewrite={rewrite is not None}"  # part of what makes two answers the same

    async def answer(self, question: Question) -> AsyncGenerator[Event]:
        """Status and Sentence events as they become true, then one Finished. Failures are Finished, never raised."""
        draft = Draft(Mask(self.finds).question(question), self._clock)  # what is masked already stays as it is
        kind, draft.beside = await asyncio.to_thread(told, draft.question.text, self._topic_of, model=bool(self._model))
        if draft.beside:
            yield draft.say(texts.of(question.locale).kindly(draft.beside))
        try:
            async with contextlib.aclosing(self._instead(draft, kind) if kind else self._events(draft)) as events:
                async for event in events:
                    if isinstance(event, Finished):
                        await self._spend(draft)  # nobody may read on behind it
                    yield event
        except (AnswerError, KnowledgeError, StoreError) as error:
            await self._spend(draft)
            yield draft.finish(Outcome.FAILED, error=(error.code, error.message))
        finally:
            if draft.reading is not None:
                draft.reading.cancel()
            await self._spend(draft)  # of an answer that was left in the middle

    async def for_bot(self, question: Question) -> bool | None:
        """Whether the message is meant for the bot, as a model reads its thread; None where none tells in time."""
        draft = Draft(Mask(self.finds).question(question), self._clock)
        meant = await self._meaning(draft, follow_up.resolve(draft.question), FOREIGN_S)
        await self._spend(draft)
        return meant.for_bot if meant else None

    async def _events(self, draft: Draft) -> AsyncGenerator[Event]:
        question = draft.question
        resolved = follow_up.resolve(question)
        if (aside := await self._aside(question, resolved)) is not None:
            yield draft.say(aside)
            yield draft.finish(Outcome.ANSWERED)
            return
        detected = self._language_of(resolved.own) or self._language_of(resolved.standalone)
        key = None if draft.beside else self._key(question)
        if self._memory and key and (known := await self._memory.get(key, question.collections)):
            for kept in draft.give_again(known):
                yield kept
            return

        yield Status("searching")
        resolved, searches = await self._find(draft, resolved, spoken := detected or "en")
        draft.attacks = await asyncio.to_thread(attacks, question, self._attack_of)  # what it was read for is kept
        draft.mark("retrieve")
        if draft.meant and draft.meant.kind == "sensitive" and not question.private:
            yield Status("sensitive")  # whoever shows it may want to show it to the asker alone
        language = resolved.directive.language or detected or (draft.meant and draft.meant.language) or "en"
        answerable = [s for s in searches if s.passages and s.confidence >= self._policy.threshold]
        draft.confidence = max(search.confidence for search in searches)
        draft.passages = interleave([s.passages for s in (answerable or searches)])
        if not answerable or draft.chats:
            async for event in self._unanswered(draft, searches, foreign=self._foreign(spoken)):
                yield event
            return

        yield Status("reading")
        async with contextlib.aclosing(self._written(draft, resolved, language, answerable)) as sentences:
            async for checked in sentences:
                for sentence in draft.show(checked):
                    yield sentence
        if not draft.shown:
            async for event in self._unanswered(draft, (), foreign=False):
                yield event
            return
        told = [(c.document, q) for c in draft.numbering.citations for q in c.quotes] if draft.numbering else []
        if quoting.disagree(told) and outlines.changes_topic(question.text) is None:  # else that is what was asked for
            draft.notes.append("disagree")
        missing = [s.text for s in searches if s not in answerable or s.text in draft.unanswered]
        for below in draft.below(missing, len(follow_up.parts(resolved.standalone)), MAX_PARTS):
            yield draft.say("\n\n" + below)
        if editions.asks_validity(question.text) and told:
            first = await self._searcher.editions(question.collections, told[0][:1], question.text)
            yield draft.say("\n\n" + editions.validity(first, texts.of(question.locale).says))
        finished = draft.finish(Outcome.DEGRADED if draft.degraded else Outcome.ANSWERED)
        # Kept if it is what the question would get again: no stand-in's answer, and no index half built. What is
        # sensitive is not: found here, it would be shown to a whole channel before anybody says that it is.
        open_to_all = draft.meant is None or draft.meant.kind != "sensitive"
        usual = finished.answer.outcome is Outcome.ANSWERED and draft.model == self._name and not draft.by_words
        if self._memory and key and usual and open_to_all:
            await self._memory.put(key, finished.answer, question.collections, question.user)
        yield finished

    async def _aside(self, question: Question, resolved: follow_up.Resolved) -> str | None:
        """A reply that needs no search: to chat, to a question about the documents last cited, or named."""
        say = texts.of(question.locale)
        talk = follow_up.small_talk(question.text)
        if talk is not None and not (talk == "capabilities" and question.history):  # "how does it work?"
            return say.small_talk[talk]
        if not resolved.texts:
            return say.says["nothing_before"]
        if question.history and not asks(question.text):
            if follow_up.complains(question.text):
                return say.small_talk["complaint"]
            if not follow_up.goes_on(question.text) and (talk := await self._likely(question.text, in_thread=True)):
                return say.small_talk[talk]
        if editions.asks_validity(question.text):
            cited = next((turn.documents for turn in reversed(question.history) if turn.documents), ())
            known = await self._searcher.editions(question.collections, cited, question.text)
            return editions.validity(known, say.says) or None
        return None

    async def _likely(self, text: str, *, in_thread: bool = False) -> str | None:
        """The kind of chat that the message is by its meaning, where that can be told."""
        if self._chat_of is None or self._language_of(text) not in (None, "en"):
            return None
        with contextlib.suppress(KnowledgeError):  # what tells meaning is broken: it counts as a question
            found = await asyncio.to_thread(self._chat_of, text, in_thread)
            return None if found in MOODS and asks(text) else found  # "useless. WHICH ONE" asks
        return None

    async def _instead(self, draft: Draft, kind: Matter) -> AsyncGenerator[Event]:
        """A sentence of ours, and what the manual has for those whom this happens to: whom to turn to."""
        question, say = draft.question, texts.of(draft.question.locale)
        if kind != draft.beside:  # else it stands above already
            yield draft.say(say.kindly(kind))
        spoken = self._language_of(question.text) or "en"
        asked = instead(kind, spoken, question.text) or [question.text]
        if kind == "person":
            draft.notes.append("person")
            asked = follow_up.asked_before(question.history)[-1:] or asked
        found = [scored(text, await self._search(draft, ((text, 1.0),))) for text in asked]
        searches = sorted(found, key=lambda search: -search.confidence)
        draft.passages = interleave([search.passages for search in searches])
        draft.confidence = searches[0].confidence
        near = [search for search in searches if search.confidence >= self._policy.threshold]
        owners = editions.owners(draft.passages[:1], say.says) if near and kind == "person" else ""
        if near and not owners:
            resolved = follow_up.resolve(replace(question, text=near[0].text, history=()))
            draft.read_as = ""  # who asks whom to talk to is told more than names
            async for checked in self._quotes.write(draft, resolved, spoken, near):
                for sentence in draft.show(checked):
                    yield sentence
        if owners:
            yield draft.say(owners)
        elif not draft.shown and (owner := editions.owner_near(draft.passages)):
            yield draft.say(say.says["refused_ask"].format(owner=owner))
        yield draft.finish(Outcome.ANSWERED)

    async def _unanswered(self, draft: Draft, searches: Sequence[Search], *, foreign: bool) -> AsyncGenerator[Event]:
        """What is said where the manual has nothing: a refusal, or a reply to what was no question at all.

        Without `searches` the passages were looked through in vain already.
        """
        if draft.told:  # all of it was said in the thread before
            yield draft.say(texts.of(draft.question.locale).says["nothing_more"])
            yield draft.finish(Outcome.DEGRADED if draft.degraded else Outcome.ANSWERED)
            return
        kind = draft.beside or await asyncio.to_thread(matter, draft.read_as, asked=True, likely=self._topic_of)
        whom = editions.asks_whom(draft.read_as)
        if not (kind or whom or draft.unsure or draft.question.private or draft.attacks):
            # what passages may answer is a question; "Cheers for that, saved me a call" is none
            draft.chats = draft.chats or follow_up.small_talk(draft.read_as) or await self._likely(draft.read_as)
            near = asks(draft.read_as) and (draft.confidence or 0.0) >= self._policy.threshold * NEAR_CHAT
            draft.chats = None if near and draft.chats in ("off_topic", "capabilities") else draft.chats
        if kind or draft.chats == "person":
            async for event in self._instead(draft, kind or "person"):
                yield event
            return
        say = texts.of(draft.question.locale)
        owner = editions.owner_instead(draft.passages, say.says) if whom and not draft.unsure else ""
        if said := say.small_talk[draft.chats] if draft.chats else owner:
            yield draft.say(said)
            yield draft.finish(Outcome.ANSWERED)
        elif foreign and draft.rewrite is None and (self._model or not draft.passages):  # was never put into English
            draft.spoken = self._language_of(draft.question.text)
            yield draft.finish(Outcome.REFUSED, notes=("language",))
        else:
            if self._model is None and searches:
                await self._quotes.look(draft, max(searches, key=lambda search: search.confidence))
            draft.ask = editions.owner_near(draft.passages, at_least=0.0 if draft.nearest else editions.NEAR)
            yield draft.finish(Outcome.REFUSED, closest_to=draft.passages, docs_url=self._policy.docs_url)

    def _key(self, question: Question) -> tuple[str, ...] | None:
        """What makes two questions the same; None for a follow-up, whose meaning hangs on its thread."""
        if self._memory is None or question.history or question.private:
            return None
        normal = " ".join(question.text.casefold().split()).rstrip(" ?.!")
        return (joined(question.collections), question.locale, self._made_with, self._name, normal)

    async def _find(
        self, draft: Draft, resolved: follow_up.Resolved, spoken: str
    ) -> tuple[follow_up.Resolved, list[Search]]:
        """What is found, and for what: a model may read the message as a wish about the form of the last answer."""
        foreign = self._foreign(spoken)
        searches = await self._search_all(draft, resolved, foreign=foreign)
        meant, question = draft.meant, draft.question
        if meant and meant.kind == "form" and question.history:
            wish = follow_up.resolve(replace(question, text=f"{meant.query} please"))
            if wish.texts and wish.directive:
                return wish, await self._search_all(draft, wish, foreign=foreign)
        if meant and meant.kind == "chat" and not asks(question.text):
            draft.chats = meant.query if meant.query in follow_up.SMALL_TALK else "capabilities"
        if foreign and self._model is None:  # by the words of the language spoken, else by them put into English
            searches = [search.written_in(spoken) for search in searches]
            english, sure = in_english(resolved.standalone, spoken)
            if english and not any(search.passages for search in searches):
                most = 1.0 if sure else self._policy.threshold * NEAR_CHAT  # else only what comes closest is shown
                resolved = replace(resolved, texts=((english, 1.0),), standalone=english)
                found = await self._search_all(draft, resolved, foreign=False)
                searches = [search.written_in("en", None, at_most=most) for search in found]
                if any(search.passages for search in searches):
                    draft.rewrite, draft.spoken = english, spoken
        return resolved, searches

    def _foreign(self, spoken: str) -> bool:
        """Whether what is written in this language finds little before it is put into English."""
        return spoken != "en" and not self._policy.any_language

    async def _search_all(self, draft: Draft, resolved: follow_up.Resolved, *, foreign: bool) -> list[Search]:
        """Search for each part of the question; the rewrite of the whole joins a question of one part."""
        parts = follow_up.parts(resolved.standalone)[:MAX_PARTS]
        if len(parts) > 1:
            asked = [((wording(part), 1.0),) for part in parts]
            founds = await asyncio.gather(*(self._find_passages(draft, search) for search in asked))
            for search, found in zip(asked, founds, strict=True):  # in order, whichever came first
                draft.note_search(search, found)
            return [scored(part, found) for part, found in zip(parts, founds, strict=True)]
        # Beside the search. One that is not waited for runs on while the answer is written, so that it is charged.
        waits = FOREIGN_S if foreign else self._policy.rewrite_s
        draft.reading = asyncio.create_task(self._meaning(draft, resolved, waits))
        first = scored(resolved.standalone, await self._search(draft, resolved.searched))
        if first.confidence >= SURE and not foreign:
            return [first]
        meant = draft.meant = await draft.reading
        draft.rewrite = meant.query if meant and meant.kind not in ("chat", "form") else None
        if draft.rewrite is None or wording(draft.rewrite).casefold() == wording(resolved.standalone).casefold():
            return [first]  # what was asked in other words only is searched for again
        found = await self._search(draft, (*resolved.searched, (draft.rewrite, REWRITE_WEIGHT)))
        both = scored(resolved.standalone, found)
        confidence = max(both.confidence, scored(draft.rewrite, found).confidence)
        # A rewrite that is no help must not make an answerable question look unanswerable.
        return [replace(both, confidence=confidence)] if confidence >= first.confidence else [first]

    async def _meaning(self, draft: Draft, resolved: follow_up.Resolved, seconds: float) -> Meant | None:
        """What a model reads in the message; None where none is asked, or doesn't tell in time."""
        if not self._rewrite or not self._model:
            return None
        asked = replace(draft.question, text=resolved.standalone) if resolved.directive else draft.question
        with contextlib.suppress(TimeoutError, AnswerError, StoreError):  # the day's budget is used up, or unknown
            if self._meter:
                await self._meter.check(draft.question)
            meant, usage = await asyncio.wait_for(self._rewrite(asked), seconds)
            draft.add_usage(usage, "rewrite")
            return meant
        return None

    async def _spend(self, draft: Draft) -> None:
        """Charge what was used since the last time."""
        used, draft.unspent = draft.unspent, {}
        if self._meter and used:
            await self._meter.spend(draft.question, used)

    async def _search(self, draft: Draft, weighted: tuple[tuple[str, float], ...]) -> Found:
        draft.note_search(weighted, found := await self._find_passages(draft, weighted))
        return found

    async def _find_passages(self, draft: Draft, weighted: tuple[tuple[str, float], ...]) -> Found:
        found = await self._searcher.search(Query(weighted, limit=self._policy.passages), draft.question.collections)
        draft.note_found(found)
        return found

    async def _written(
        self, draft: Draft, resolved: follow_up.Resolved, language: str, searches: Sequence[Search]
    ) -> AsyncGenerator[Checked]:
        """Checked sentences of the model; quoted ones where there is no model, or it fails before the first."""
        if self._model is not None:
            try:
                if self._meter:
                    await self._meter.check(draft.question)
                async with contextlib.aclosing(self._model.write(draft, resolved, language, searches)) as stream:
                    async for checked in stream:
                        yield checked
                if draft.shown or draft.model_found_none or any(h.reason in SECRET for h in draft.held_back):
                    return  # else nothing it wrote could be shown, though the search was sure: the manual is quoted
            except AnswerError as error:
                draft.degraded = error.code
                if draft.shown:
                    draft.notes.append("cut")
                    return
        async for checked in self._quotes.write(draft, resolved, language, searches):
            yield checked


async def final(assistant: Assistant, question: Question) -> Answer:
    """The finished answer as its asker sees it, its stream read to the end."""
    mask = Mask(assistant.finds)
    async for event in assistant.answer(mask.question(question)):
        if isinstance(event, Finished):
            return mask.shown(event.answer)
    raise AssertionError("an answer always finishes")
