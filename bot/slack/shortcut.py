"""The message shortcut "What does the manual say": a message's text answered in a window for whoever used it.

In: the shortcut on a message, a press of "Post in thread". Out: a modal at once, then the answer with its sources; or
the question once more, answered in the thread like any other. Rules kept: answered from what the presser may see; of
the window's question nothing is stored but a row of the audit trail; what is posted is answered anew from what may be
said in the channel, once however often it is pressed.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

import structlog

from bot import texts
from bot.errors import PolicybotError, SlackError
from bot.privacy.mask import Mask
from bot.slack import metrics, render
from bot.slack.access import is_direct
from bot.slack.blocks import Block, button, buttons, modal, section
from bot.slack.meanings import POST, PostPressed, ShortcutUsed, packed_message
from bot.slack.services import ANSWER_S, TOO_LATE, Services
from bot.store.answers import answer_id
from bot.types import Answer, Finished, Outcome, Question
from knowledge.text.words import language

AT_ONCE = 16  # windows answered at the same time by one process; guess: the inbox keeps the order, these have none
SECTION_CHARS = 2_900  # of one section's text; Slack takes 3,000


class Shortcut:
    """Answers the shortcut; `wake` tells the worker of what was posted."""

    def __init__(self, services: Services, wake: Callable[[], None]) -> None:
        self._services, self._wake = services, wake
        self._room = asyncio.Semaphore(AT_ONCE)

    async def ask(self, used: ShortcutUsed) -> None:
        """Answer in a window."""
        say = self._services.texts_for(used.user, language(used.text))

        async def fill(_view: str) -> Block:
            blocks = await self._blocks(used, say)
            below = post_below(say.modals) if len(blocks) > 1 and await self._may_post(used) else []
            return window([*blocks, *below], say.modals) | {"private_metadata": packed_message(used)}

        await self._services.window(used, "aside_title", fill)

    async def _may_post(self, used: ShortcutUsed) -> bool:
        """Whether posting it in the thread is offered: not where that can't be told now."""
        with contextlib.suppress(SlackError):
            return not (is_direct(used.channel) or await self._services.reaches_others(used.channel))
        return False

    async def _blocks(self, used: ShortcutUsed, say: texts.Texts) -> list[Block]:
        """The answer as a modal takes it, or one sentence of ours."""
        services = self._services
        if await services.too_many("user", used.team, used.user):
            return [section(say.says["user_limit"])]
        if not used.text:
            return [section(say.says["files_only"])]
        mask = Mask(services.me.find_personal)
        known = answer_id(used.team, used.channel, used.message_ts, f"aside:{used.user}")
        question = mask.question(await services.question(known, used, private=True))
        async with self._room:
            answer = await self._answer(question)
        entry = metrics.entry_of_shortcut(question, services.now(), answer)
        await services.in_thread(services.store.audit.append, entry)
        text = render.markdown(mask.back(answer.text), answer.citations, mask.own)
        return answer_blocks(answer, text, question.id, question.locale, services.titles(question))

    async def _answer(self, question: Question) -> Answer:
        answering = self._services.assistant.answer(question)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_S), contextlib.aclosing(answering) as events:
                async for event in events:
                    if isinstance(event, Finished):
                        return event.answer
        return Answer(Outcome.FAILED, "", error=TOO_LATE)

    async def post(self, press: PostPressed) -> None:
        """Ask it in the thread; the answer comes there, or in private where it is not for all to read."""
        services, say = self._services, self._services.texts_for(press.user)
        told = say.modals["posted"]
        try:
            if await services.reaches_others(press.question.channel):  # since the window was opened
                told = say.says["outsider"]
            else:
                await services.in_thread(services.store.inbox.receive, press.question)
                self._wake()
        except PolicybotError as error:
            structlog.get_logger().warning("aside_not_posted", error=error.code)
            told = say.modals["show_failed"]
        with contextlib.suppress(SlackError):
            await services.update_view(press.view, window([section(told)], say.modals))


def window(blocks: Sequence[Block], say: texts.Sentences) -> Block:
    """The window, with these blocks."""
    return modal(say["aside_title"], say["close"], blocks)


def post_below(say: texts.Sentences) -> list[Block]:
    """What offers to post the question in the thread."""
    return [section(say["post_how"]), buttons(button(POST, say["post"], POST))]


def answer_blocks(
    answer: Answer, text: str, question_id: str, locale: str, title: render.Title | None = None
) -> list[Block]:
    """An answer (`text`: its words, as safe Markdown) as a modal takes it."""
    if answer.outcome in (Outcome.REFUSED, Outcome.FAILED) or not text.strip():
        text = render.tail(answer, question_id, locale) or texts.of(locale).error("internal", question_id)
    return [*map(_section, render.parts(text, SECTION_CHARS)), *render.places_and_remarks(answer, locale, title)]


def _section(text: str) -> Block:
    """Safe Markdown as a modal takes it, which knows no Markdown block."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": render.fallback(text), "verbatim": True}}
