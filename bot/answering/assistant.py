"""One question, start to finish: READ THIS FIRST.

Question -> small talk | search -> refusal | prompt -> model -> checked sentences -> Finished(Answer). The command line,
the evaluation and Slack all call `Assistant.answer`, so they cannot differ. What leaves as a claim has passed
`check.Checker` or is a quotation. What is personal in the question is a placeholder from the first line on, and in all
that comes out. Pure: what it needs from outside is given; clock and randomness are arguments.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.answering.documents import Documents
from bot.answering.draft import Draft
from bot.answering.model_writer import ModelWriter
from bot.answering.ports import Choose, Classifiers, Rewrite
from bot.answering.quote_writer import QuoteWriter
from bot.answering.replies import Replies
from bot.answering.scoring import NearnessOf
from bot.answering.search import FOREIGN_S, AnswerPolicy, Finder, Findings, as_read, interleave
from bot.check.checker import SECRET
from bot.errors import AnswerError, StoreError
from bot.privacy.find import FindPersonal, find
from bot.privacy.mask import Mask
from bot.types import INCOMPLETE, Answer, Checked, Finished, Outcome, Question, Sentence, Status, joined
from bot.understanding import follow_up
from bot.understanding.attacks import attacks
from bot.understanding.parts import asks
from bot.understanding.small_talk import wording
from bot.understanding.topics import TROUBLES, Kind, Told, first, held_on, of_somebody
from bot.understanding.topics.read import agreed
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from bot.store.shared import DailyMeter, Memory

Event = Status | Sentence | Finished


class Assistant:
    """Answers questions. Holds no state between them."""

    def __init__(
        self,
        documents: Documents,
        policy: AnswerPolicy,
        *,
        model: ModelWriter | None = None,
        rewrite: Rewrite | None = None,
        choose: Choose | None = None,
        meter: DailyMeter | None = None,
        memory: Memory | None = None,
        nearness_of: NearnessOf | None = None,
        classifiers: Classifiers,
        find_personal: FindPersonal = find,
        clock: Callable[[], float],
    ) -> None:
        self._policy, self._model, self._meter, self._memory = policy, model, meter, memory
        self._classifiers, self.find_personal, self._clock = classifiers, find_personal, clock
        self._quotes = QuoteWriter(nearness_of, policy)
        self._finder = Finder(documents, policy, meter, rewrite if model else None, quoting=model is None)
        self._replies = Replies(self._finder, self._quotes, classifiers, choose if model else None)
        self._name = model.chat.name if model else "extractive"
        how = (model.template.sha256, model.verifier is not None) if model else ()
        self._made_with = f"{policy} {how} rewrite={rewrite is not None}"  # part of what makes two answers the same

    async def answer(self, question: Question) -> AsyncGenerator[Event]:
        """Status and Sentence events as they become true, then one Finished. Failures are Finished, never raised."""
        question = Mask(self.find_personal).question(question)  # what is masked already stays as it is
        draft = Draft(follow_up.called_for(question), self._clock, self._policy.docs_url)
        try:
            async with contextlib.aclosing(self._events(draft)) as events:
                async for event in events:
                    if isinstance(event, Finished):
                        finished = event
                    else:
                        yield event
        except (AnswerError, KnowledgeError, StoreError) as error:
            finished = draft.finish(Outcome.FAILED, error=(error.code, error.message))
        finally:
            for reading in draft.readings:
                reading.cancel()
            await self._spend(draft)  # also of an answer that was left in the middle
        yield finished

    async def for_bot(self, question: Question) -> bool | None:
        """Whether the message is meant for the bot, as a model reads its thread; None where none tells in time."""
        draft = Draft(Mask(self.find_personal).question(question), self._clock)
        asked = as_read(draft.question, follow_up.resolve(draft.question))
        meant = await self._finder.meaning(draft, asked, FOREIGN_S)
        await self._spend(draft)
        return meant.for_bot if meant else None

    async def _events(self, draft: Draft) -> AsyncGenerator[Event]:
        """The path of a question; raises what fails on it."""
        question, by_model = draft.question, self._model is not None
        resolved = await asyncio.to_thread(self._understood, draft)
        trouble, eases = first(draft.told, question.text, model=by_model)
        known = not by_model or trouble or (draft.told and draft.told.surely_grave)  # else a model tells
        for opening in self._opened(draft, trouble or eases) if known else ():
            yield opening
        key = None if draft.told else self._key(question)
        if draft.told and trouble:
            whole: Sequence[Sentence | Finished] = await self._replies.in_trouble(draft, draft.told)
        else:
            whole = await self._without_search(draft, resolved, key)
        if whole:
            for event in (*(() if known else self._opened(draft, None)), *whole):
                yield event
            return

        yield Status("searching")
        detected = self._classifiers.language(wording(resolved.own)) or self._classifiers.language(resolved.standalone)
        found = await self._finder.find(draft, resolved, detected)
        draft.attacks = await asyncio.to_thread(attacks, question, self._classifiers.attack)
        draft.mark("retrieve")
        if not known:
            draft.told = agreed(draft.told, found.meant.tells if found.meant else None, question.text)
            _, eases = first(draft.told, question.text, model=True)
        # nothing is shown to a channel before it is known that it may read it
        if not known or found.sensitive:
            for opening in self._opened(draft, None if known else eases, sensitive=found.sensitive):
                yield opening

        found = await self._with_told(draft, found)
        if found.answerable and not found.chat:
            yield Status("reading")
            language = found.resolved.directive.language or detected or (found.meant and found.meant.language) or "en"
            async with contextlib.aclosing(self._written(draft, found, language)) as sentences:
                async for checked in sentences:
                    for sentence in draft.show(checked):
                        yield sentence
        if not draft.shown:
            for said in await self._replies.unanswered(draft, eases, found):
                yield said
            return
        for said in await self._replies.below(draft, found):
            yield said
        finished = draft.finish(Outcome.DEGRADED if draft.degraded_reason else Outcome.ANSWERED)
        if key and not (draft.told or found.sensitive):  # else a channel would see it before anybody says what it is
            await self._keep(draft, key, finished.answer)
        yield finished

    def _opened(self, draft: Draft, kind: Kind | None, *, sensitive: bool = False) -> Iterator[Status | Sentence]:
        """That it may be for its asker alone, which whoever shows it decides; a kind word."""
        told = draft.told
        if (sensitive or (told and told.topic)) and not draft.question.private:
            yield Status("sensitive", told.notice if told else None)
            draft.question = replace(draft.question, private=self._model is not None)
        if kind:
            yield draft.comfort(f"eased_{kind}" if self._model and kind in TROUBLES else kind)

    def _understood(self, draft: Draft) -> follow_up.Resolved:
        """What is asked, and what the message tells of: of a long thread that takes longer than the event loop has."""
        draft.told = self._told(draft.question)
        if self._model is not None:
            draft.may_tell = draft.told is not None or self._classifiers.may_tell(draft.question.text)
        return self._resolved(draft.question, draft.told)

    def _told(self, question: Question) -> Told | None:
        """What the message tells of, or what its author told of before it, or people did whom it goes on from."""
        asked = [one for one in question.history if one.role == "user" and one.to_bot]
        before = [one.text for one in asked if one.speaker in ("", question.speaker)]
        before += follow_up.said_since(question.history)
        return held_on(self._classifiers.told(question.text), question.text, before, self._classifiers.told)

    def _resolved(self, question: Question, told: Told | None) -> follow_up.Resolved:
        """What is asked; of another matter than what is told where there is one: a model writes of both."""
        if told and told.asked and self._model is None:
            return follow_up.resolve(replace(question, text=told.asked))
        resolved = follow_up.resolve(question)
        return replace(resolved, texts=(*resolved.texts, (told.asked, 1.0))) if told and told.asked else resolved

    async def _without_search(
        self, draft: Draft, resolved: follow_up.Resolved, key: tuple[str, ...] | None
    ) -> Sequence[Sentence | Finished]:
        """The whole of an answer that needs no search: to chat, on the documents, given before; () of all others."""
        if reply := await self._replies.without_search(draft.question, resolved, told=draft.told is not None):
            return draft.say(reply), draft.finish(Outcome.ANSWERED)
        if self._memory and key and (known := await self._memory.get(key, draft.question.collections)):
            return tuple(draft.give_again(known))
        return ()

    async def _with_told(self, draft: Draft, found: Findings) -> Findings:
        """The same with what the manual has for those whom it happens to.

        First where another matter is asked besides; of a question that can be answered a model reads it, too.
        """
        told, by_model = draft.told, self._model is not None
        if of_somebody(draft.question.text) and not (by_model or (told and told.asked)):
            return replace(found, answerable=[])  # whatever word of the manual stands beside the name
        if told is None or not (found.answerable if by_model else told.asked):
            return found
        searches = await self._replies.looked_up(draft, told)
        others = [one for one in searches if not (by_model and one.text == told.part)]  # that is searched for already
        near = [one for one in others[:1] if one.confidence >= self._policy.threshold]
        searched = (*near, *(found.answerable or found.searches))
        draft.passages = interleave([one.near() for one in searched])
        return replace(found, answerable=[*found.answerable, *near] if by_model else [*near, *found.answerable])

    async def _keep(self, draft: Draft, key: tuple[str, ...], answer: Answer) -> None:
        """Remember what the question would get again: no stand-in's answer, none made without verifier or vectors."""
        usual = answer.outcome is Outcome.ANSWERED and draft.model == self._name and not draft.vectors_missing
        if self._memory and usual and "words_only" not in draft.notes:
            await self._memory.put(key, answer, draft.question.collections, draft.question.user)

    def _key(self, question: Question) -> tuple[str, ...] | None:
        """What makes two questions the same; None for a follow-up, whose meaning hangs on its thread."""
        if question.history or question.private:
            return None
        normal = " ".join(question.text.casefold().split()).rstrip(" ?.!")
        return (joined(question.collections), question.locale, self._made_with, self._name, normal)

    async def _spend(self, draft: Draft) -> None:
        """Charge what was used."""
        if self._meter and draft.usage_by:
            await self._meter.spend(draft.question, draft.usage_by)

    async def _written(self, draft: Draft, found: Findings, language: str) -> AsyncGenerator[Checked]:
        """Checked sentences of the model; quoted ones where there is no model, or it fails before the first."""
        asked = (draft, found.resolved, language, found.answerable)
        if self._model is not None:
            try:
                if self._meter:
                    await self._meter.check(draft.question)
                async with contextlib.aclosing(self._model.write(*asked)) as sentences:
                    async for checked in sentences:
                        yield checked
                if draft.shown or draft.model_found_none or any(h.reason in SECRET for h in draft.held_back):
                    return  # else nothing it wrote could be shown, though the search was sure: the manual is quoted
            except AnswerError as error:
                draft.degraded_reason = error.code
                if draft.shown:
                    draft.notes.append("cut")
                    return
        helpless = draft.told is not None and draft.told.grave and not asks(draft.question.text)
        if quotable := [one for one in found.answerable if one.near(self._policy.threshold)]:
            async for checked in self._quotes.write(draft, found.resolved, language, quotable):
                if helpless and INCOMPLETE in draft.notes:
                    return  # what only comes closest to their words: what is looked up for them helps more
                yield checked


async def final(assistant: Assistant, question: Question) -> Answer:
    """The finished answer as its asker sees it, its stream read to the end."""
    mask = Mask(assistant.find_personal)
    async for event in assistant.answer(mask.question(question)):
        if isinstance(event, Finished):
            return mask.shown(event.answer)
    raise AssertionError("an answer always finishes")
