"""The model writes: Prompt -> model text -> checked sentences, noted on the draft with what they were made with.

When a model writes and when the manual is quoted is `assistant`'s to decide. Pure: the port to a model is declared
below; randomness and today are arguments.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from bot.answering.draft import Draft
from bot.answering.prompting import STYLES, compose, worth_sending
from bot.answering.search import AnswerPolicy, Search, interleave
from bot.check.checker import Checker
from bot.check.stream import NO_ANSWER
from bot.check.verifier import Verifier
from bot.llm.cost import tokens
from bot.llm.ladder import without_thoughts
from bot.types import Checked, Prompt, Usage
from bot.understanding.follow_up import Resolved
from knowledge.types import Passage
from prompts import Template

# "NO_ANSWER. The sources ...", "no answer", "KEINE_ANTWORT"; and what may still become it.
_NONE = re.compile(rf"\W*(?:{NO_ANSWER}\b.*|no[ -]answer\W*|(?:[^\W\d_]+_)+[^\W\d_]+\W*)", re.I | re.S)
_MAY_BE_NONE = re.compile(r"\W*(?:\w*\W?|no[_ -]a?n?s?w?e?r?\b.*)", re.I | re.S)


class ChatModel(Protocol):
    """A model endpoint, or a ladder of them. Raises bot.errors.Model*."""

    @property
    def name(self) -> str:
        """The model's name, for records."""

    def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage]:
        """Pieces of text, at last the usage. Raises bot.errors.AnswerError."""


@dataclass(frozen=True, slots=True)
class Model:
    """What the model writer writes with. `verifier` None: copy and veto decide strictly."""

    chat: ChatModel
    template: Template
    verifier: Verifier | None
    new_token: Callable[[], str]
    today: Callable[[], date]


class ModelWriter:
    """A chat model. Holds the canary, one for the process, so that the stable part of the prompt stays the same."""

    def __init__(self, model: Model, policy: AnswerPolicy) -> None:
        self._model, self._policy = model, policy
        self._canary = model.new_token()

    async def write(
        self, draft: Draft, resolved: Resolved, language: str, searches: Sequence[Search]
    ) -> AsyncGenerator[Checked]:
        """What the model says and the check passes. Raises bot.errors.Model*."""
        asked = resolved.standalone if resolved.directive else draft.question.text
        prompt = compose(
            self._model.template,
            replace(draft.question, text=asked),
            await asyncio.to_thread(_to_send, searches, draft.rewrite or ""),
            budget_tokens=self._policy.context_tokens,
            delimiter=self._model.new_token()[:8],
            canary=self._canary,
            style=STYLES.get(resolved.directive.manner or "", ""),
            language=language,
            today=self._model.today().isoformat(),
        )
        draft.start(self._model.chat.name, prompt.sources, self._policy.docs_url, prompt)
        checker = Checker(
            prompt.sources,
            resolved.standalone,
            thread=" ".join(turn.text for turn in draft.question.history if turn.role == "user"),
            canary=prompt.canary,
            rules=prompt.messages[0].content,
            verifier=None if draft.attacks else self._model.verifier,
        )
        try:
            async with (
                contextlib.aclosing(self._written(draft, prompt)) as deltas,
                contextlib.aclosing(checker.check(deltas)) as sentences,
            ):
                async for checked in sentences:
                    yield checked
        finally:
            for usage in checker.verify_usage:
                draft.add_usage(usage, "verify")
            draft.held_back += checker.held_back
            draft.reattributed += checker.reattributed
            if checker.words_only and checker.held_back and not draft.attacks:
                draft.notes.append("words_only")

    async def _written(self, draft: Draft, prompt: Prompt) -> AsyncGenerator[str]:
        """The model's text less its thoughts; nothing when it says that there is no answer."""
        head: str | None = ""
        written, counted = "", False
        try:
            async with contextlib.aclosing(self._model.chat.stream(prompt)) as stream:
                async for delta in stream:
                    if isinstance(delta, Usage):
                        counted = True
                        draft.add_usage(delta, "answer")
                        draft.model = delta.model or draft.model
                        continue
                    written += delta
                    if head is None:
                        yield delta
                        continue
                    head += delta
                    spoken = without_thoughts(head)
                    if _MAY_BE_NONE.fullmatch(spoken):
                        continue  # thinks aloud, or may still become the sentinel
                    head = None
                    yield spoken
            spoken = without_thoughts(head or "")
            if _NONE.fullmatch(spoken):
                draft.model_found_none = True
            elif spoken:
                yield spoken
        finally:
            if written and not counted:  # left in the middle, as when someone presses stop
                asked = sum(tokens(message.content) for message in prompt.messages)
                draft.add_usage(Usage(asked, tokens(written), estimated=True, model=draft.model), "answer")


def _to_send(searches: Sequence[Search], rewrite: str) -> tuple[Passage, ...]:
    """What a model is to read, for each part of the question. About 10 ms of CPU."""
    return interleave([worth_sending(f"{s.text} {rewrite}", s.passages) for s in searches])
