"""One question, start to finish: READ THIS FIRST.

Question -> small talk | search -> refusal | prompt -> model -> checked sentences -> Finished(Answer). The command line,
the evaluation and Slack all call `Assistant.answer`, so they cannot differ. What leaves as a claim has passed
`check.Checker` or is a quotation. What is personal in the question is a placeholder from the first line on, and in all
that comes out. Pure: what it needs from outside is in `ports`; clock and randomness are arguments.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Sequence

from bot import texts
from bot.answering import outlines, quoting
from bot.answering.draft import Draft
from bot.answering.model_writer import Model, ModelWriter
from bot.answering.ports import Classifiers, Memory, Meter, Rewrite, Searcher
from bot.answering.quote_writer import QuoteWriter
from bot.answering.replies import Replies
from bot.answering.scoring import Similar
from bot.answering.search import FOREIGN_S, AnswerPolicy, Finder, Search, interleave
from bot.check.checker import SECRET
from bot.errors import AnswerError, StoreError
from bot.privacy.find import Finds, find
from bot.privacy.mask import Mask
from bot.types import Answer, Checked, Finished, Outcome, Question, Sentence, Status, joined
from bot.understanding import follow_up
from bot.understanding.attacks import attacks
from bot.understanding.topics import Matter, confided
from knowledge.errors import KnowledgeError

Event = Status | Sentence | Finished


class Assistant:
    """Answers questions. Holds no state between them."""

    def __init__(
        self,
        searcher: Searcher,
        policy: AnswerPolicy,
        *,
        model: Model | None = None,
        rewrite: Rewrite | None = None,
        meter: Meter | None = None,
        memory: Memory | None = None,
        similar: Similar | None = None,
        classifiers: Classifiers,
        finds: Finds = find,
        clock: Callable[[], float],
    ) -> None:
        self._policy, self._meter, self._memory, self._classifiers = policy, meter, memory, classifiers
        self.finds, self._clock = finds, clock
        self._model = ModelWriter(model, policy) if model else None
        self._quotes = QuoteWriter(similar, policy)
        self._finder = Finder(searcher, policy, meter, rewrite if model else None, quoting=model is None)
        self._replies = Replies(self._finder, self._quotes, classifiers)
        self._name = model.chat.name if model else "extractive"
        how = (model.template.sha256, model.verifier is not None) if model else ()
        self._made_with = f"{policy} {how} rewrite={rewrite is not None}"  # part of what makes two answers the same

    async def answer(self, question: Question) -> AsyncGenerator[Event]:
        """Status and Sentence events as they become true, then one Finished. Failures are Finished, never raised."""
        draft = Draft(Mask(self.finds).question(question), self._clock)  # what is masked already stays as it is
        topic, by_model = self._classifiers.topic, self._model is not None
        trouble, beside = await asyncio.to_thread(confided, draft.question.text, topic, model=by_model)
        if beside:
            yield draft.say(texts.of(question.locale).kindly(beside))
        events = self._replies.in_trouble(draft, trouble) if trouble else self._answered(draft, beside)
        try:
            async with contextlib.aclosing(events):
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
        meant = await self._finder.meaning(draft, follow_up.resolve(draft.question), FOREIGN_S)
        await self._spend(draft)
        return meant.for_bot if meant else None

    async def _answered(self, draft: Draft, beside: Matter | None) -> AsyncGenerator[Event]:
        """The path of a question; `beside`: what the message tells of beside it, which has its kind word already."""
        question = draft.question
        resolved = follow_up.resolve(question)
        if reply := await self._replies.without_search(question, resolved):
            yield draft.say(reply)
            yield draft.finish(Outcome.ANSWERED)
            return
        detected = self._classifiers.language(resolved.own) or self._classifiers.language(resolved.standalone)
        key = None if beside else self._key(question)
        if self._memory and key and (known := await self._memory.get(key, question.collections)):
            for kept in draft.give_again(known):
                yield kept
            return

        yield Status("searching")
        found = await self._finder.find(draft, resolved, detected or "en")
        draft.attacks = await asyncio.to_thread(attacks, question, self._classifiers.attack)
        draft.mark("retrieve")
        sensitive = found.meant is not None and found.meant.kind == "sensitive"
        if sensitive and not question.private:
            yield Status("sensitive")  # whoever shows it may want to show it to the asker alone
        answerable = [s for s in found.searches if s.passages and s.confidence >= self._policy.threshold]
        draft.confidence = max(search.confidence for search in found.searches)
        draft.passages = interleave([search.passages for search in answerable or found.searches])
        draft.rewrite, draft.spoken = found.rewrite, found.spoken
        if not answerable or found.chat:
            async for event in self._replies.unanswered(draft, beside, found):
                yield event
            return

        yield Status("reading")
        language = found.resolved.directive.language or detected or (found.meant and found.meant.language) or "en"
        async with contextlib.aclosing(self._written(draft, found.resolved, language, answerable)) as sentences:
            async for checked in sentences:
                for sentence in draft.show(checked):
                    yield sentence
        if not draft.shown:
            async for event in self._replies.unanswered(draft, beside):
                yield event
            return
        quotes = [(cited.document, quote) for cited in draft.numbering.citations for quote in cited.quotes]
        # Who asks what changed wants to see editions that disagree.
        if quoting.disagree(quotes) and outlines.changes_topic(question.text) is None:
            draft.notes.append("disagree")
        missing = [s.text for s in found.searches if s not in answerable or s.text in draft.unanswered]
        for below in await self._replies.below(draft, found, missing):
            yield draft.say("\n\n" + below)
        finished = draft.finish(Outcome.DEGRADED if draft.degraded else Outcome.ANSWERED)
        # Kept if it is what the question would get again: no stand-in's answer, and no index half built. What is
        # sensitive is not: found here, it would be shown to a whole channel before anybody says that it is.
        usual = finished.answer.outcome is Outcome.ANSWERED and draft.model == self._name and not draft.by_words
        if self._memory and key and usual and not sensitive:
            await self._memory.put(key, finished.answer, question.collections, question.user)
        yield finished

    def _key(self, question: Question) -> tuple[str, ...] | None:
        """What makes two questions the same; None for a follow-up, whose meaning hangs on its thread."""
        if question.history or question.private:
            return None
        normal = " ".join(question.text.casefold().split()).rstrip(" ?.!")
        return (joined(question.collections), question.locale, self._made_with, self._name, normal)

    async def _spend(self, draft: Draft) -> None:
        """Charge what was used since the last time."""
        used, draft.unspent = draft.unspent, {}
        if self._meter and used:
            await self._meter.spend(draft.question, used)

    async def _written(
        self, draft: Draft, resolved: follow_up.Resolved, language: str, searches: Sequence[Search]
    ) -> AsyncGenerator[Checked]:
        """Checked sentences of the model; quoted ones where there is no model, or it fails before the first."""
        if self._model is not None:
            try:
                if self._meter:
                    await self._meter.check(draft.question)
                async with contextlib.aclosing(self._model.write(draft, resolved, language, searches)) as sentences:
                    async for checked in sentences:
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
