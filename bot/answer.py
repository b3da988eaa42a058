"""One question, start to finish: READ THIS FIRST.

Question -> small talk | search -> refusal | prompt -> model -> checked sentences -> Finished(Answer). The command line,
the evaluation and Slack all call `Assistant.answer`, so they cannot differ. What leaves as a claim has passed
`citations.Checker`, whoever wrote it. Pure: the ports it needs are declared below; clock and randomness are arguments.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from bot import conversation, refusal, texts
from bot.check.citations import NO_ANSWER, Checker
from bot.check.translated import Translated
from bot.compose import STYLES, compose, tokens, worth_sending
from bot.draft import Draft
from bot.errors import AnswerError, BudgetReached, StoreError
from bot.llm import extractive
from bot.llm.thoughts import without_thoughts
from bot.references import Numbering
from bot.types import Answer, Checked, Finished, Outcome, Prompt, Question, Sentence, Status, Usage
from knowledge.errors import KnowledgeError
from knowledge.types import Found, Nearness, Passage, Query
from prompts import Template

MAX_PARTS = 4
REWRITE_WEIGHT = 1.0  # against the user's own texts, whose weights add up to 1

Event = Status | Sentence | Finished


class Searcher(Protocol):
    """The knowledge base, off the event loop."""

    async def search(self, query: Query) -> Found: ...
    async def generation(self, collection: str) -> int: ...


class ChatModel(Protocol):
    """A model endpoint, or a ladder of them. Raises bot.errors.Model*."""

    @property
    def name(self) -> str: ...
    def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage]: ...


class Meter(Protocol):
    """The day's budget. `check` raises BudgetReached."""

    async def check(self, question: Question) -> None: ...
    async def spend(self, question: Question, usage: Usage) -> None: ...


class Memory(Protocol):
    """Answers given before, by question, collection, access, prompt, model and index generation."""

    async def get(self, key: tuple[str, ...]) -> Answer | None: ...
    async def put(self, key: tuple[str, ...], answer: Answer, collection: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """How to answer; see bot/settings.py for the settings behind them."""

    threshold: float
    context_tokens: int = 2300
    unsupported: Literal["drop", "mark"] = "drop"
    docs_url: str | None = None
    rewrite_s: float = 1.5
    passages: int = 40


@dataclass(frozen=True, slots=True)
class _Search:
    """One part of the question with what was found for it."""

    text: str
    passages: tuple[Passage, ...]
    confidence: float
    rarest: float


@dataclass(frozen=True, slots=True)
class Prompts:
    answer: Template
    translate: Template


class Assistant:
    """Answers questions. Holds no state between them but the process's canary."""

    def __init__(
        self,
        searcher: Searcher,
        rules: Rules,
        prompts: Prompts,
        *,
        model: ChatModel | None = None,
        rewrite: Callable[[Question], Awaitable[tuple[str | None, Usage]]] | None = None,
        meter: Meter | None = None,
        memory: Memory | None = None,
        similar: extractive.Similar | None = None,
        language_of: Callable[[str], str | None],
        clock: Callable[[], float],
        new_token: Callable[[], str],
    ) -> None:
        self._searcher, self._rules, self._prompts = searcher, rules, prompts
        self._model, self._rewrite, self._meter, self._memory = model, rewrite, meter, memory
        self._similar = similar
        self._language_of, self._clock, self._new_token = language_of, clock, new_token
        self._canary = new_token()
        self._name = model.name if model else "extractive"

    async def answer(self, question: Question) -> AsyncGenerator[Event]:
        """Status and Sentence events as they become true, then one Finished. Failures are Finished, never raised."""
        draft = Draft(question, self._clock)
        try:
            async with contextlib.aclosing(self._events(draft)) as events:
                async for event in events:
                    if isinstance(event, Finished):
                        await self._spend(draft)  # nobody may read on behind it
                    yield event
        except (AnswerError, KnowledgeError, StoreError) as error:
            await self._spend(draft)
            yield draft.finish(Outcome.FAILED, error=(error.code, error.message))
        finally:
            await self._spend(draft)  # of an answer that was left in the middle

    async def _events(self, draft: Draft) -> AsyncGenerator[Event]:
        question = draft.question
        talk = conversation.small_talk(question.text)
        if talk is not None:
            yield draft.say(texts.SMALL_TALK[talk])
            yield draft.finish(Outcome.ANSWERED)
            return
        resolved = conversation.resolve(question)
        if not resolved.texts:
            yield draft.say(texts.NOTHING_BEFORE)
            yield draft.finish(Outcome.ANSWERED)
            return
        spoken = self._language_of(resolved.own) or self._language_of(resolved.standalone) or "en"
        language = resolved.directive.language or spoken
        if spoken != "en" and self._model is None:
            yield draft.finish(Outcome.REFUSED, notes=("language",))
            return
        key = await self._key(question)
        known = await self._memory.get(key) if self._memory and key else None
        if known is not None:
            for sentence in known.sentences:
                yield draft.pass_on(sentence)
            notes = (*(note for note in known.notes if note != "cached"), "cached")
            yield draft.finish(known.outcome, base=replace(known, usage=Usage()), notes=notes)
            return

        yield Status("searching")
        searches = await self._search_all(draft, resolved)
        draft.mark("retrieve")
        answerable = [search for search in searches if search.confidence >= self._rules.threshold]
        draft.confidence = max(search.confidence for search in searches)
        draft.passages = _interleave([s.passages for s in (answerable or searches)])
        if not answerable:
            if spoken != "en" and draft.rewrite is None:  # what was searched for was never put into English
                yield draft.finish(Outcome.REFUSED, notes=("language",))
                return
            yield draft.finish(Outcome.REFUSED, closest_to=draft.passages, docs_url=self._rules.docs_url)
            return

        yield Status("reading")
        source = self._by_model(draft, resolved, language, answerable)
        async with contextlib.aclosing(source) as sentences:
            async for checked in sentences:
                for sentence in draft.show(checked):
                    yield sentence
        if not draft.shown and question.history and (resolved.goes_on or resolved.directive.manner == "detail"):
            yield draft.say(texts.NOTHING_MORE)
            yield draft.finish(Outcome.ANSWERED)
            return
        if not draft.shown:
            yield draft.finish(Outcome.REFUSED, closest_to=draft.passages, docs_url=self._rules.docs_url)
            return
        if draft.numbering and extractive.disagree([(c.document, c.quote) for c in draft.numbering.citations]):
            draft.notes.append("disagree")
        for search in searches:
            if search not in answerable or search.text in draft.unanswered:
                yield draft.say("\n\n" + texts.PART_NOT_FOUND.format(part=search.text))
        if len(conversation.parts(resolved.standalone)) > MAX_PARTS:
            yield draft.say("\n\n" + texts.PARTS_LEFT.format(count=MAX_PARTS))
        finished = draft.finish(Outcome.DEGRADED if draft.degraded else Outcome.ANSWERED)
        # Kept if it is what the question would get again: no stand-in's answer, and no index half built.
        usual = finished.answer.outcome is Outcome.ANSWERED and draft.model == self._name and not draft.vectors_pending
        if self._memory and key and usual:
            await self._memory.put(key, finished.answer, question.collection)
        yield finished

    async def _key(self, question: Question) -> tuple[str, ...] | None:
        """What makes two questions the same; None for a follow-up, whose meaning hangs on its thread."""
        if self._memory is None or question.history:
            return None
        generation = await self._searcher.generation(question.collection)
        normal = " ".join(question.text.casefold().split()).rstrip(" ?.!")
        who = "\x1f".join(sorted(question.access))
        prompts = (self._prompts.answer.sha256, self._prompts.translate.sha256)
        how = f"{self._rules} {prompts} rewrite={self._rewrite is not None}"
        return (str(generation), question.collection, who, how, self._name, normal)

    async def _search_all(self, draft: Draft, resolved: conversation.Resolved) -> list[_Search]:
        """Search for each part of the question; the rewrite of the whole joins a question of one part."""
        question = draft.question
        parts = conversation.parts(resolved.standalone)[:MAX_PARTS]
        if len(parts) > 1:
            founds = await asyncio.gather(*(self._search(draft, ((part, 1.0),)) for part in parts))
            return [_scored(part, found) for part, found in zip(parts, founds, strict=True)]
        wanted = self._rewrite is not None and self._model is not None and await self._affordable(question)
        meant = replace(question, text=resolved.standalone) if resolved.directive else question
        rewriting = asyncio.ensure_future(self._rewrite(meant)) if wanted and self._rewrite else None
        try:
            found = await self._search(draft, resolved.texts)
            text = resolved.standalone
            if rewriting is not None:
                with contextlib.suppress(TimeoutError, AnswerError):  # without it the first search stands
                    draft.rewrite, usage = await asyncio.wait_for(rewriting, self._rules.rewrite_s)
                    draft.add_usage(usage)
            if draft.rewrite:
                found = await self._search(draft, (*resolved.texts, (draft.rewrite, REWRITE_WEIGHT)))
                rewritten = _scored(draft.rewrite, found)
                own = _scored(text, found)
                return [replace(own, confidence=max(own.confidence, rewritten.confidence))]
            return [_scored(text, found)]
        finally:
            if rewriting is not None:
                rewriting.cancel()

    async def _affordable(self, question: Question) -> bool:
        """Whether the day's budget still allows a model call for this question."""
        try:
            if self._meter:
                await self._meter.check(question)
        except BudgetReached:
            return False
        return True

    async def _spend(self, draft: Draft) -> None:
        """Charge what was used since the last time."""
        usage, draft.unspent = draft.unspent, Usage()
        if self._meter and usage != Usage():
            await self._meter.spend(draft.question, usage)

    async def _search(self, draft: Draft, weighted: tuple[tuple[str, float], ...]) -> Found:
        question = draft.question
        found = await self._searcher.search(
            Query(weighted, question.collection, question.access, limit=self._rules.passages)
        )
        draft.generation, draft.vectors_pending = found.generation, found.vectors_pending
        return found

    async def _by_model(
        self, draft: Draft, resolved: conversation.Resolved, language: str, searches: Sequence[_Search]
    ) -> AsyncGenerator[Checked]:
        """Checked sentences of the model; of the extractive answerer where there is no model, or it fails early."""
        if self._model is not None:
            try:
                if self._meter:
                    await self._meter.check(draft.question)
                made = self._model_sentences(draft, resolved, language, searches)
                async with contextlib.aclosing(made) as stream:
                    async for checked in stream:
                        yield checked
                return
            except AnswerError as error:
                draft.degraded = error.code
                if draft.shown:
                    draft.notes.append("cut")
                    return
        draft.model, draft.prompt = "extractive", None
        draft.held.clear()
        draft.numbering = Numbering(draft.passages, self._rules.docs_url)
        manner = resolved.directive.manner
        reworded = language != "en" or manner in ("simpler", "list", "table")
        seen: set[str] = set()
        for search in searches:
            quoted = await asyncio.to_thread(self._quote, draft, search, resolved)
            if manner == "shorter":
                quoted = quoted[:2]
            elif len(searches) > 1:
                quoted = quoted[:3]
            if not quoted:
                draft.unanswered.add(search.text)
            for checked in quoted:
                if not seen:
                    draft.notes.append("as_written" if reworded else "quoted")
                if checked.text.strip() not in seen:
                    gap = "\n\n" if seen and checked is quoted[0] else ""
                    seen.add(checked.text.strip())
                    yield replace(checked, text=gap + checked.text)

    def _quote(self, draft: Draft, search: _Search, resolved: conversation.Resolved) -> list[Checked]:
        """Sentences quoted for a part; [] when a second look finds no answer in them. About 0.1 s of CPU.

        A question that goes on from its thread gets what was not said there yet.
        """
        text = search.text
        near: list[Nearness] = []

        def similar(question: str, texts: Sequence[str]) -> Sequence[Nearness]:
            assert self._similar is not None
            near.extend(self._similar(question, texts))
            return near

        history = draft.question.history
        told = [turn.text for turn in history if turn.role == "agent"]
        look = similar if self._similar else None
        said = told if resolved.directive.manner == "detail" else []
        try:
            quoted = extractive.quote(text, draft.passages, look, said=said)
        except KnowledgeError:  # what tells meaning is broken: by words then
            look, quoted = None, extractive.quote(text, draft.passages, said=said)
        if told and resolved.goes_on and extractive.repeats(quoted, told):
            near.clear()
            return extractive.quote(text, draft.passages, look, said=told)
        # Not in a thread: a question that leans on it is far from every sentence, and one in ten would be lost.
        if near and not history and self._rules.threshold > refusal.second(text, draft.passages, search.rarest, near):
            return []
        return quoted

    async def _model_sentences(
        self, draft: Draft, resolved: conversation.Resolved, language: str, searches: Sequence[_Search]
    ) -> AsyncGenerator[Checked]:
        assert self._model is not None
        foreign = language != "en"
        template = self._prompts.translate if foreign else self._prompts.answer
        manner = resolved.directive.manner or ""
        # A translation's lines have a form of their own, which lists, tables and quotations would break.
        extra = {"style": "" if foreign and manner in ("list", "table", "quote") else STYLES.get(manner, "")}
        if foreign:
            extra["language"] = language
        prompt = compose(
            template,
            replace(draft.question, text=resolved.standalone if resolved.directive else draft.question.text),
            await asyncio.to_thread(_to_send, searches, draft.rewrite or ""),
            budget_tokens=self._rules.context_tokens,
            delimiter=self._new_token()[:8],
            canary=self._canary,
            **extra,
        )
        draft.prompt, draft.model = prompt, self._model.name
        draft.numbering = Numbering(prompt.sources, self._rules.docs_url)
        unsupported = self._rules.unsupported
        checker: Checker | Translated = (
            Translated(prompt.sources, canary=prompt.canary)
            if foreign
            else Checker(prompt.sources, unsupported=unsupported, canary=prompt.canary, asked=resolved.standalone)
        )
        head: str | None = ""
        written, counted = "", False
        try:
            async with contextlib.aclosing(self._model.stream(prompt)) as stream:
                async for delta in stream:
                    if isinstance(delta, Usage):
                        counted = True
                        draft.add_usage(delta)
                        draft.model = delta.model or draft.model
                        continue
                    written += delta
                    if head is not None:
                        head += delta
                        said = without_thoughts(head)
                        if NO_ANSWER.startswith(said.lstrip(' \n*"`')[: len(NO_ANSWER)]):
                            continue  # thinks aloud, or may still become the sentinel
                        delta, head = said, None
                    for checked in checker.feed(delta):
                        yield checked
            said = without_thoughts(head or "")
            if not said.lstrip(' \n*"`').startswith(NO_ANSWER):
                for checked in checker.feed(said):
                    yield checked
            for checked in checker.finish():
                yield checked
        finally:
            if written and not counted:  # left in the middle, as when someone presses stop
                asked = sum(tokens(message.content) for message in prompt.messages)
                draft.add_usage(Usage(asked, tokens(written), estimated=True, model=draft.model))
            draft.dropped += checker.dropped
            draft.reattributed += checker.reattributed


async def final(assistant: Assistant, question: Question) -> Answer:
    """The finished answer, its stream read to the end."""
    async for event in assistant.answer(question):
        if isinstance(event, Finished):
            return event.answer
    raise AssertionError("an answer always finishes")


def _scored(text: str, found: Found) -> _Search:
    return _Search(text, found.passages, refusal.confidence(text, found.passages), found.rarest)


def _to_send(searches: Sequence[_Search], rewrite: str) -> tuple[Passage, ...]:
    """What a model is to read, for each part of the question. About 10 ms of CPU."""
    return _interleave([worth_sending(f"{s.text} {rewrite}", s.passages) for s in searches])


def _interleave(rankings: Sequence[Sequence[Passage]]) -> tuple[Passage, ...]:
    """One ranking from several: the best of each first, each passage once."""
    merged: dict[str, Passage] = {}
    for rank in range(max((len(r) for r in rankings), default=0)):
        for ranking in rankings:
            if rank < len(ranking):
                merged.setdefault(ranking[rank].chunk_id, ranking[rank])
    return tuple(merged.values())
