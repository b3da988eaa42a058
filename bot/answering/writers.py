"""The two who write answers: the model, sentence by checked sentence, and the manual itself, quoted.

A writer is given the draft, the question as understood in its thread, the language to answer in and what was found for
each part; it yields Checked sentences and notes on the draft what they were made with. When to use which is
`bot.answering.assistant`'s. Pure: the ports are declared below; randomness is an argument.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from bot.answering import confidence, quoting
from bot.answering.draft import Draft
from bot.answering.numbering import Numbering
from bot.answering.prompting import STYLES, compose, worth_sending
from bot.check.stream import NO_ANSWER, Checker
from bot.check.translated import Translated
from bot.llm.thoughts import without_thoughts
from bot.llm.tokens import tokens
from bot.types import Checked, Prompt, Usage
from bot.understanding.follow_up import Resolved
from knowledge.errors import KnowledgeError
from knowledge.types import Nearness, Passage
from prompts import Template


class ChatModel(Protocol):
    """A model endpoint, or a ladder of them. Raises bot.errors.Model*."""

    @property
    def name(self) -> str: ...
    def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage]: ...


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
class Search:
    """One part of the question with what was found for it."""

    text: str
    passages: tuple[Passage, ...]
    confidence: float
    rarest: float


@dataclass(frozen=True, slots=True)
class Prompts:
    answer: Template
    translate: Template


class ModelWriter:
    """A chat model. Holds the canary, one for the process, so that the stable part of the prompt stays the same."""

    def __init__(self, model: ChatModel, prompts: Prompts, rules: Rules, new_token: Callable[[], str]) -> None:
        self._model, self._prompts, self._rules, self._new_token = model, prompts, rules, new_token
        self._canary = new_token()

    async def write(
        self, draft: Draft, resolved: Resolved, language: str, searches: Sequence[Search]
    ) -> AsyncGenerator[Checked]:
        """What the model says and the check passes. Raises bot.errors.Model*."""
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


class QuoteWriter:
    """The manual's own sentences, word for word; needs no model."""

    def __init__(self, similar: quoting.Similar | None, rules: Rules) -> None:
        self._similar, self._rules = similar, rules

    async def write(
        self, draft: Draft, resolved: Resolved, language: str, searches: Sequence[Search]
    ) -> AsyncGenerator[Checked]:
        """The sentences that answer best, part by part; parts without any are noted on the draft."""
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

    def _quote(self, draft: Draft, search: Search, resolved: Resolved) -> list[Checked]:
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
        draft.told = bool(said)
        try:
            quoted = quoting.quote(text, draft.passages, look, said=said)
        except KnowledgeError:  # what tells meaning is broken: by words then
            look, quoted = None, quoting.quote(text, draft.passages, said=said)
        if told and resolved.goes_on and quoting.repeats(quoted, told):
            near.clear()
            draft.told = True
            return quoting.quote(text, draft.passages, look, said=told)
        # Not in a thread: a question that leans on it is far from every sentence, and one in ten would be lost.
        if (
            near
            and not history
            and confidence.second(text, draft.passages, search.rarest, near) < self._rules.threshold
        ):
            return []
        return quoted


def _to_send(searches: Sequence[Search], rewrite: str) -> tuple[Passage, ...]:
    """What a model is to read, for each part of the question. About 10 ms of CPU."""
    return interleave([worth_sending(f"{s.text} {rewrite}", s.passages) for s in searches])


def interleave(rankings: Sequence[Sequence[Passage]]) -> tuple[Passage, ...]:
    """One ranking from several: the best of each first, each passage once."""
    merged: dict[str, Passage] = {}
    for rank in range(max((len(r) for r in rankings), default=0)):
        for ranking in rankings:
            if rank < len(ranking):
                merged.setdefault(ranking[rank].chunk_id, ranking[rank])
    return tuple(merged.values())
