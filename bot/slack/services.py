"""What every question of a process shares: the assistant, the store, Slack, limits and rules; what is said beside it.

Rule kept: no status, word to one person or window is worth a failure of anything else. A trigger opens one window,
within three seconds; whoever pressed sees something at once, which is filled in when the rest is there.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog

from bot import texts
from bot.errors import SlackError
from bot.log import traced
from bot.privacy.find import FindPersonal, find
from bot.rules.file import RulesFile
from bot.rules.tables import Rules
from bot.settings import Settings
from bot.slack.access import Access, Locales, is_direct
from bot.slack.api import Api, Refused, StreamAllowance
from bot.slack.background import StorePool, in_background
from bot.slack.blocks import Block, modal, section, section_with_ids
from bot.slack.meanings import Identity, OnMessage, Pressed, ShortcutUsed
from bot.slack.metrics import Metrics
from bot.store import Store
from bot.store.jobs import Job, Received
from bot.types import Finished, Question, Record, Sentence, Status
from bot.understanding.addressed import LikelyMeant, untold
from bot.understanding.topics import Told, told
from knowledge.catalog.reading import Stated
from knowledge.pictures import Pictures
from knowledge.text.words import language

ANSWER_S = 45.0  # for the assistant; its own deadlines together are shorter: rewrite 5, model 35, last verdicts 4
TOO_LATE = ("model_timeout", "The assistant took too long. Check the model endpoint.")
CLOSED = frozenset({"not_found", "view_not_found"})  # of a view: the person closed it
MINUTE_S = 60.0
CHANNEL_PER_MINUTE = 600  # questions of a channel that are answered, where policybot.toml says nothing; guess
FOR_EVER_S = 10 * 365 * 86_400.0

# A window's id -> its content, or a code of texts.modals that says why there is none; None: it has put it there itself.
Fill = Callable[[str], Awaitable[Block | str | None]]


class Answering(Protocol):
    """The assistant, as far as Slack knows it."""

    def answer(self, question: Question) -> AsyncGenerator[Status | Sentence | Finished]:
        """Events of one answer, the last a Finished."""


@dataclass(frozen=True)
class Serving:
    """What serves Slack, and how. With `http_port` requests come by HTTP, else by Socket Mode."""

    assistant: Answering
    store: Store
    rules_file: RulesFile
    settings: Settings
    _: KW_ONLY
    http_port: int | None = None
    health_port: int | None = None  # in Socket Mode
    ready: Callable[[], Sequence[str]] = tuple  # run every two seconds: brings up to date; what keeps us from answering
    degraded: Callable[[], Sequence[str]] = tuple  # what answers are worse for, such as vectors out of reach
    collections: Callable[[], Sequence[str]] = tuple  # those that hold something
    drawing: Pictures | None = None  # makes the pictures of cited pages
    stated: Callable[[str], Sequence[Stated]] = lambda _: ()  # a collection's documents; may wait for a disk
    # Questions that these collections answer, in a wording; may wait for a disk.
    suggested: Callable[[Sequence[str], str], Sequence[str]] = lambda *_: ()
    told: Callable[[str], Told | None] = told  # what a message tells of; takes a while
    likely_meant: LikelyMeant = untold  # whether a message in a thread is for the bot
    for_bot: Callable[[Question], Awaitable[bool | None]] | None = None  # the same, as a model reads its thread
    find_personal: FindPersonal = find  # what is masked in what people write; the assistant's own
    forget: Callable[[], None] = lambda: None  # empties memory of the words that people wrote


@dataclass(frozen=True, kw_only=True)
class Services(Serving):
    """The same, and what `serve` opens for it: all that the work on what Slack sends needs."""

    in_thread: StorePool
    api: Api
    budget: StreamAllowance
    me: Identity
    metrics: Metrics
    access: Access
    locales: Locales

    @property
    def rules(self) -> Rules:
        """The rules that hold now."""
        return self.rules_file.rules

    def titles(self, question: Question) -> Callable[[str], str] | None:
        """The titles that places are told with, where several collections were searched."""
        return self.rules.title if len(question.collections) > 1 else None

    def texts_for(self, user: str, spoken: str | None = None) -> texts.Texts:
        """Our own sentences in the language of the person's Slack, as far as that is known by now, or spoken."""
        return texts.of(texts.locale_for(self.locales.known(user), spoken))

    def language_of(self, question: Question) -> str:
        """The language (ISO 639-1) a question is in, or of what we say to its asker where that can't be told."""
        return language(question.text) or question.locale[:2]

    async def question(self, id: str, asked: Received | ShortcutUsed, *, private: bool = False) -> Question:
        """What a person asks, answered from what they may see: there, or if `private` where nobody else reads it."""
        person = await self.access.person(asked.user, asked.channel, alone=private)
        collections, spoken = self.access.collections(person), language(asked.text)
        locale = texts.locale_for(await self.locales.of(asked.user), spoken)
        return Question(id, asked.text, (), collections, asked.team, asked.channel, asked.user, private, locale)

    async def answer_of(self, press: Pressed) -> Record | None:
        """The answer that stands in the message that was pressed, if it is the one that the button says."""
        record = await self.in_thread(self.store.answers.by_message, *press.place)
        if record is None and press.answer:  # its message has just come up, and is being noted
            latest = await self.in_thread(self.store.answers.by_id, press.answer)
            if latest is not None and latest.message_ts in (None, press.message_ts):
                place = latest.question.team, latest.question.channel, latest.thread_ts
                record = latest if place == (press.team, press.channel, press.thread_ts) else None
        if record is None or record.id != press.answer:
            reason = "no such answer in this message"
            structlog.get_logger().warning("press_ignored", channel=press.channel, reason=reason)
            return None
        return record

    def call_in_background(self, method: str, **args: Any) -> asyncio.Task[None]:
        """Call Slack without making anybody wait; if Slack won't, it stays undone."""

        async def call() -> None:
            with contextlib.suppress(SlackError):
                await self.api.call(method, **args)

        return in_background(call())

    def show_status(self, channel: str, thread_ts: str, text: str) -> asyncio.Task[None]:
        """Set the thread's status."""
        where = {"channel_id": channel, "thread_ts": thread_ts}
        return self.call_in_background("assistant.threads.setStatus", **where, status=text)

    def post_ephemeral(self, to: OnMessage | Received, text: str, more: Sequence[Block] = ()) -> asyncio.Task[None]:
        """Say something to one person where they are; Slack shows nothing of it in a thread that nobody has begun."""
        blocks = [section(text), *more] if more else None
        place = {"channel": to.channel, "thread_ts": to.thread_ts}
        return self.call_in_background("chat.postEphemeral", **place, user=to.user, text=text, blocks=blocks)

    async def open_view(self, trigger: str, view: Block, *, above: bool = False) -> str | None:
        """The id of the view, now in front of the person; None where Slack would not, as when the trigger is too old.

        `above`: the press was in a view, which it goes above.
        """
        if not trigger:
            return None
        try:
            opened = await self.api.call("views.push" if above else "views.open", trigger_id=trigger, view=view)
            return str(opened["view"]["id"])
        except (SlackError, KeyError, TypeError) as error:
            structlog.get_logger().info("view_not_opened", error=str(error)[:200])
            return None

    async def open_window(self, press: Pressed | ShortcutUsed, view: Block, *, above: bool = False) -> str | None:
        """The id of the view, in front of who pressed; None where it comes too late, of which they are told."""
        opened = await self.open_view(press.trigger, view, above=above)
        if opened is None:
            self.post_ephemeral(press, self.texts_for(press.user).modals["too_late"])
        return opened

    async def window(self, press: Pressed | ShortcutUsed, title: str, fill: Fill, *, above: bool = False) -> None:
        """Open a window of this title at once, then put in it what `fill` makes."""

        def note(code: str) -> Block:
            return note_window(title, code, locale=self.locales.known(press.user))

        view = await self.open_window(press, note("looking"), above=above)
        if view is None:
            return
        try:
            if made := await fill(view):
                await self.update_view(view, note(made) if isinstance(made, str) else made)
        except SlackError as error:
            reason = error.reason if isinstance(error, Refused) else error.code
            if reason not in CLOSED:  # else the person closed it, and wants no more
                structlog.get_logger().warning("window_not_filled", reason=reason)
        except Exception as error:
            structlog.get_logger().error("window_not_filled", **traced(error))
            with contextlib.suppress(SlackError):
                await self.update_view(view, note("show_failed"))

    async def update_view(self, view_id: str, view: Block) -> None:
        """Put another view in its place. Raises Refused (the person closed it, say) and other SlackErrors."""
        await self.api.call_with_retries("views.update", again=True, view_id=view_id, view=view)

    async def too_many(self, what: str, team: str, user: str) -> bool:
        """Count that the person does it; whether it is more often in this minute than a person may."""
        most, key = self.settings.user_per_minute, f"{what}:{team}:{user}"
        return bool(most) and await self.in_thread(self.store.limits.hit, key, MINUTE_S, self.now()) > most

    async def reaches_others(self, channel: str) -> bool:
        """Whether another company reads the channel (Slack Connect): nothing of the manual is ever posted there."""
        if is_direct(channel):
            return False
        try:
            about = (await self.api.call_with_retries("conversations.info", again=True, channel=channel))["channel"]
        except Refused:  # a group conversation, for which there is no scope
            return False
        return bool(about.get("is_ext_shared") or about.get("is_pending_ext_shared"))

    async def once(self, key: str, window_s: float = FOR_EVER_S) -> bool:
        """Note that it happens; whether for the first time."""
        return await self.in_thread(self.store.limits.hit, key, window_s, self.now()) == 1

    async def over_limit(self, job: Job) -> str | None:
        """The limit this question is over, as a code of texts.says, told to its asker; None: it may be answered."""
        of_channel = self.rules.in_channel(job.channel).questions_per_minute or CHANNEL_PER_MINUTE
        for reason, key, most in (
            ("user_limit", f"user:{job.team}:{job.user}", self.settings.user_per_minute),
            ("channel_limit", f"channel:{job.team}:{job.channel}", of_channel if job.kind != "dm" else 0),
        ):
            hits = await self.in_thread(self.store.limits.hit, key, MINUTE_S, self.now()) if most else 0
            if hits > most:
                if hits == most + 1 or reason == "channel_limit":  # a flood is told once a minute
                    self.post_ephemeral(job, self.texts_for(job.user).says[reason])
                return reason
        return None

    def now(self) -> datetime:
        """The time of day, for rows."""
        return datetime.now(UTC)


def note_window(title: str, code: str, *, locale: str, **filled: str) -> Block:
    """The window of this title with nothing but one of our sentences; both are codes of texts.modals."""
    say = texts.of(locale).modals
    return modal(say[title], say["close"], [section_with_ids(say[code].format(**filled))])
