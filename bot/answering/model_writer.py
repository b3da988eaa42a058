"""The model writes: Prompt -> model text -> checked sentences, noted on the draft with what they were made with.

When a model writes and when the manual is quoted is `assistant`'s to decide. Pure: the port to a model is declared
below; randomness is an argument.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.answering.draft import Draft
from bot.answering.numbering import Numbering
from bot.answering.prompting import STYLES, compose, worth_sending
from bot.answering.search import AnswerPolicy, Search, interleave
from bot.check.stream import NO_ANSWER, Checker
from bot.check.translated import Translated
from bot.llm.thoughts import without_thoughts
from bot.llm.tokens import tokens
from bot.types import Checked, Prompt, Usage
from bot.understanding.follow_up import Resolved
from knowledge.types import Passage
from prompts import Template


class ChatModel(Protocol):
    """A model endpoint, or a ladder of them. Raises bot.errors.Model*."""

    @property
    def name(self) -> str: ...
    def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage]: ...


@dataclass(frozen=True, slots=True)
class Prompts:
    answer: Template
    translate: Template


class ModelWriter:
    """A chat model. Holds the canary, one for the process, so that the stable part of the prompt stays the same."""

    def __init__(self, model: ChatModel, prompts: Prompts, rules: AnswerPolicy, new_token: Callable[[], str]) -> None:
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


def _to_send(searches: Sequence[Search], rewrite: str) -> tuple[Passage, ...]:
    """What a model is to read, for each part of the question. About 10 ms of CPU."""
    return interleave([worth_sending(f"{s.text} {rewrite}", s.passages) for s in searches])
