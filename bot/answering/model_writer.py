"""The model writes: question, history and passages -> prompt -> model text -> checked sentences. Pure.

The stable part of the prompt (the system message) comes first so that providers' prompt caches hit. Passages are
numbered from 1, the best first, each headed with its document, and set apart by a delimiter that nobody can guess; they
are data. What far better passages make unlikely to be needed is not sent, so the budget is a ceiling that an easy
question does not reach. Randomness and the clock are arguments.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.answering.draft import Draft
from bot.answering.left_open import left_open
from bot.answering.quote_blocks import verbatim
from bot.answering.scoring import Reading
from bot.answering.search import Search, interleave
from bot.check.checker import Checker
from bot.check.stream import NO_ANSWER
from bot.check.verifier import Verifier
from bot.llm.cost import tokens
from bot.llm.ladder import Ladder, without_thoughts
from bot.privacy.mask import masked
from bot.types import Checked, Prompt, Question, Turn, Usage
from bot.understanding.follow_up import Resolved
from knowledge.types import Passage
from prompts import Template

CONTEXT_TOKENS = 2300  # tokens of the passages in a prompt, at most; measured: python -m tests.eval.budgets GOLD
DELIMITER_CHARS = 24  # characters that eight random ones cost: more than half a token each; guess
# weight of its best sentence beside a passage's share of the best score; measured: python -m tests.eval.budgets GOLD
SENTENCE_WEIGHT = 0.24
BEHIND = 1.2  # score behind the best passage from which one is not sent; measured: python -m tests.eval.budgets GOLD
ALWAYS = 5  # passages that are sent even so, where there are as many; measured: python -m tests.eval.budgets GOLD
HISTORY_TURNS = 12  # turns of the thread, the newest; guess
HISTORY_CHARS = 1800  # characters of them all; guess
ANSWER_CHARS = 600  # characters of an answer of ours among them: what people said matters more; guess
OPENING_CHARS = 500  # characters kept of the opening of a question longer than both together; guess
END_CHARS = 1500  # characters kept of its end; guess

KEEP = "<EMAIL_1> and the like stand for people and what they wrote; where you need one, write it as it is.\n"
STYLES = {
    "detail": "Give more detail than a short answer: all conditions, steps and exceptions the sources name.",
    "shorter": "Answer in one or two sentences.",
    "simpler": "Explain it in simple words, in short sentences, to someone who is new here.",
    "list": "Answer as a Markdown list, each item with its source numbers.",
    "table": "Answer as a Markdown table, each row with its source numbers.",
    "quote": "Quote the exact sentences of the sources that answer, in quotation marks, and add nothing.",
}

# "NO_ANSWER. The sources ...", "no answer", "KEINE_ANTWORT"; and what may still become it. A part that is named as left
# open before the answer to the others is no sentinel.
_NONE = re.compile(
    rf"(?!\W*{NO_ANSWER}\W*:[^\n]+\n.*\[\d)\W*(?:{NO_ANSWER}\b.*|no[ -]answer\W*|(?:[^\W\d_]+_)+[^\W\d_]+\W*)",
    re.I | re.S,
)
_MAY_BE_NONE = re.compile(r"\W*(?:\w*\W?|no[_ -]a?n?s?w?e?r?\b.*)", re.I | re.S)
# How thoughts begin that only a tag at their end tells from the answer: the opening one stands in the model's template.
_SO = r"\W*(?:(?:ok|okay|so|first|alright|hm+)\W+)"
_ASKED = r"(?:the|this) (?:user|asker|question)"
_LET = r"(?:let me|let's|i need to|we need to)"
_THINKS = re.compile(
    rf"{_SO}*(?:{_ASKED} (?:asks?|asked|is asking|wants?|says)\b"
    rf"|{_LET} (?:answer|check|find|look|recall|respond|see|think)\b)|\W*(?:好的|嗯|用户)",
    re.I,
)
# What may open an answer as well: its first marker tells, thoughts have seldom any.
_MAY_THINK = re.compile(rf"\W*(?:ok|okay|alright|hm+),|{_SO}?(?:{_ASKED} is|{_LET})\b", re.I)
THINKING = 24  # characters of an answer by which thoughts are told; guess


class ModelWriter:
    """What a model says. `verifier` None: copy and veto decide strictly."""

    def __init__(
        self,
        chat: Ladder,
        template: Template,
        verifier: Verifier | None,
        new_token: Callable[[], str],
        now: Callable[[], datetime],
    ) -> None:
        self.chat, self.template, self.verifier = chat, template, verifier
        self._new_token, self._now = new_token, now
        self._canary = new_token()  # one for the process, so that the stable part of the prompt stays the same
        self._thinks = False  # whether the last answer had thoughts that nothing opened

    async def write(
        self, draft: Draft, resolved: Resolved, language: str, searches: Sequence[Search]
    ) -> AsyncGenerator[Checked]:
        """What the model says and the check passes. Raises bot.errors.Model*."""
        read, shown = await asyncio.to_thread(to_read, searches, draft.rewrite or ""), list[Checked]()
        prompt = self._prompt(draft, resolved, language, interleave(read))
        draft.start(self.chat.name, prompt.sources, prompt)
        written = draft.question.text  # also the mail that is passed on below the question
        thread = " ".join((*(turn.text for turn in draft.question.history if turn.role == "user"), written))
        checker = Checker(
            prompt.sources,
            resolved.standalone if resolved.joined or resolved.directive else gist(written),
            thread=thread,
            canary=prompt.canary,
            rules=prompt.messages[0].content,
            today=self._now().date().isoformat(),
            verifier=None if draft.attacks else self.verifier,
            repairs=not draft.attacks,
        )
        try:
            async with (
                contextlib.aclosing(self._text(draft, prompt)) as deltas,
                contextlib.aclosing(checker.check(deltas)) as sentences,
            ):
                async for checked in sentences:
                    shown.append(checked)
                    yield verbatim(checked, prompt.sources)
            if draft.shown:
                searched, alike = [*zip(searches, read, strict=True)], prompt.sources[0].language in (None, language)
                looks = partial(left_open, draft, searched, checker, shown, theirs=thread, alike=alike)
                draft.unanswered |= await asyncio.to_thread(looks)  # stems all that was read
        finally:
            for usage in checker.verify_usage:
                draft.add_usage(usage, "verify")
            draft.held_back += checker.held_back
            draft.reattributed += checker.reattributed
            if checker.words_only and checker.held_back and not draft.attacks:
                draft.notes.append("words_only")

    def _prompt(self, draft: Draft, resolved: Resolved, language: str, passages: Sequence[Passage]) -> Prompt:
        """What the model is asked, with what it is to read."""
        asked = resolved.standalone if resolved.directive else draft.question.text
        return compose(
            self.template,
            replace(draft.question, text=asked),
            passages,
            budget_tokens=CONTEXT_TOKENS,
            delimiter=self._new_token()[:8],
            canary=self._canary,
            style=STYLES.get(resolved.directive.manner or "", ""),
            language=language,
            today=self._now().date().isoformat(),
        )

    async def _text(self, draft: Draft, prompt: Prompt) -> AsyncGenerator[str]:
        """The model's text less its thoughts; nothing when it says that there is no answer."""
        head: str | None = ""
        written, counted = "", False
        try:
            async with contextlib.aclosing(self.chat.stream(prompt)) as stream:
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
                    may_think = spoken == head and (
                        self._thinks
                        or len(spoken) < THINKING
                        or _THINKS.match(spoken)
                        or ("[" not in spoken and _MAY_THINK.match(spoken))
                    )
                    if may_think or _MAY_BE_NONE.fullmatch(spoken):
                        continue  # thinks aloud, or may still become the sentinel
                    head = None
                    yield spoken
            spoken = without_thoughts(head or "")
            opened = without_thoughts(written.lstrip()[:THINKING]) == ""
            self._thinks = without_thoughts(written) != written and not opened
            if _NONE.fullmatch(spoken):
                draft.model_found_none = True
            elif spoken:
                yield spoken
        finally:
            if written and not counted:  # left in the middle, as when someone presses stop
                asked = sum(tokens(message.content) for message in prompt.messages)
                draft.add_usage(Usage(asked, tokens(written), estimated=True, model=draft.model), "answer")


def to_read(searches: Sequence[Search], rewrite: str) -> list[list[Passage]]:
    """What the model is to read for each part of the question; about 10 ms of CPU."""
    return [worth_sending(f"{s.asked} {s.in_manual_words} {rewrite}", s.passages) for s in searches]


def worth_sending(asked: str, passages: Sequence[Passage]) -> list[Passage]:
    """The passages by score and best sentence for what is asked, without those far behind; never fewer than ALWAYS."""
    best: dict[int, float] = {}
    for candidate in Reading(asked, passages).candidates():
        best.setdefault(candidate.source, candidate.score)
    top = max((p.score for p in passages), default=0.0) or 1.0
    scores = {n: p.score / top + SENTENCE_WEIGHT * best.get(n, 0.0) for n, p in enumerate(passages, 1)}
    ranked = sorted(scores, key=lambda n: (-scores[n], n))
    enough = [n for n in ranked if scores[n] >= scores[ranked[0]] - BEHIND]
    return [passages[n - 1] for n in ranked[: max(ALWAYS, len(enough))]]


def within_budget(passages: Sequence[Passage], budget_tokens: int) -> tuple[Passage, ...]:
    """The best passages that fit the budget as they stand in the prompt, at least one, best first."""
    delimiter = "x" * DELIMITER_CHARS
    text = wrap((), delimiter)
    for n, passage in enumerate(passages, 1):
        text += _numbered(n, passage, delimiter)
        if n > 1 and tokens(text) > budget_tokens:
            return tuple(passages[: n - 1])
    return tuple(passages)


def conversation(history: Sequence[Turn], asker: str = "") -> str:
    """The newest turns as a block that precedes the question, or "". Of several people it says who asks now."""
    lines: list[str] = []
    room = HISTORY_CHARS
    several = {turn.speaker for turn in history if turn.role == "user"} - {asker}
    for turn in reversed(history[-HISTORY_TURNS:]):
        most = ANSWER_CHARS if turn.role == "agent" else room
        text = " ".join(turn.text.split())[: min(room, most)]
        if not text:
            break
        room -= len(text)
        person = turn.speaker if several and turn.speaker else "Asker"
        lines.append(f"{person if turn.role == 'user' else 'Assistant'}: {text}")
    if not lines:
        return ""
    now = f"{asker} asks now.\n" if several and asker else ""
    return "Conversation so far:\n" + "\n".join(reversed(lines)) + f"\n{now}\n"


def wrap(passages: Sequence[Passage], delimiter: str) -> str:
    """Numbered passages set apart by an unguessable delimiter; a copy of it inside a passage is removed."""
    return "".join(_numbered(n, p, delimiter) for n, p in enumerate(passages, 1)) + f"</{delimiter}>"


def _numbered(n: int, p: Passage, delimiter: str) -> str:
    return f"<{delimiter} [{n}] {p.heading.replace(delimiter, '')}>\n{p.for_model.replace(delimiter, '')}\n"


def gist(question: str) -> str:
    """A question on one line; of a very long one (a pasted mail) its opening and its end, where the question stands."""
    text = " ".join(question.split())
    return text if len(text) <= OPENING_CHARS + END_CHARS else f"{text[:OPENING_CHARS]} [...] {text[-END_CHARS:]}"


def compose(
    template: Template,
    question: Question,
    passages: Sequence[Passage],
    *,
    budget_tokens: int,
    delimiter: str,
    canary: str,
    **extra: str,
) -> Prompt:
    """The prompt and the passages it offers as sources. `extra` fills the template's own placeholders."""
    sources = within_budget(passages, budget_tokens)
    thread = conversation(question.history, question.speaker)
    parts = template.fill(
        sources=wrap(sources, delimiter),
        question=gist(question.text),
        conversation=thread + (KEEP if masked(question.text + thread) else ""),
        canary=canary,
        **extra,
    )
    return Prompt.of(template, parts, sources, canary)
