"""One answer into one thread: streamed while it is written, whole whatever happens to the stream.

In: sentences as they pass the check, then the blocks below them. Out: one message (more, if it is too long for one).
Rule kept: the whole text is kept here, so nothing is lost with a stream; whatever Slack may have executed is looked up
before it is done again; the message's ts is committed before its first word. Fallbacks, in order: fewer appends, the
stop carries the rest, an update of the same message, a whole message, plain text. Knows no assistant.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from bot.errors import SlackAuthError, SlackError, SlackUnavailable
from bot.slack import own_messages
from bot.slack.api import Gone, Refused, Restricted, StoppedByUser, Throttled
from bot.slack.blocks import Block
from bot.slack.render import fallback, message_blocks, parts
from bot.slack.services import Services
from bot.store.jobs import Job, question_id

GAP_S = 1.0  # between appends, unless
ENOUGH_CHARS = 400  # have gathered
MESSAGE_CHARS = 7_000  # of one streamed message; more was seen to fail
KEPT_FOR_FIRST = 15.0  # appends that only first words may use
POST_TRIES = 4


class LeaseLost(Exception):
    """Another worker has this question now: not a word more from here."""


class Reply:
    """One answer on its way. Use: say()* then exactly one of finish(), keep(), remove(), hand_over()."""

    def __init__(self, services: Services, job: Job, hidden: Callable[[str], str], broken: asyncio.Event) -> None:
        """`hidden`: what is kept of a text in which the asker's own values stand; `broken` is set if say() raises."""
        self._services, self._api, self._budget = services, services.api, services.budget
        self._job, self._id, self._hidden = job, question_id(job), hidden
        self.text = ""
        self.ts = job.stream_ts
        self.streams = False  # words may still be appended
        self.appends = 0
        self._resumed = job.stream_ts is not None
        self.sent = 0  # characters of `text` that are in the stream
        self._streaming: asyncio.Task[None] | None = None
        self._news, self._enough, self._closing = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._failure: Exception | None = None
        self._broken = broken
        self._suspects: list[str] = []  # messages that may have been left empty
        self._parts = 1  # messages the answer takes
        self.also: list[str] = []  # ts of those after the first
        self._closed = False  # the stream has ended for sure

    def open(self) -> None:
        """Begin a stream in the background if Slack's limits allow one; without it the answer is posted whole."""
        if self._streaming is None and self.ts is None and not self._closing.is_set():
            self._streaming = asyncio.create_task(self._stream())

    def say(self, text: str) -> None:
        """Add safe Markdown. Raises what has gone wrong with the place since, or StoppedByUser."""
        if self._failure is not None:
            raise self._failure
        self.text += text
        self._news.set()
        if len(self.text) - self.sent >= ENOUGH_CHARS:
            self._enough.set()

    async def finish(self, below: Sequence[Block]) -> str | None:
        """Bring the whole text and the blocks out; the ts of the (first) message."""
        await self.settle()
        if self._failure is not None:
            raise self._failure
        first, more = self._layout()
        self._parts = 1 + len(more)
        below_first = () if more else below
        if self.ts is None:
            self.ts = await self._post(first, below_first, 0)
        elif self.streams:
            await self._stop(first, below_first)
        else:
            await self._close_stream()
            await self._rewrite(first, below_first)
        if more:
            await self._post_more(more, below)
        await self.clean()
        return self.ts

    async def clean(self) -> None:
        """Remove messages that a crash or a lost call left empty: our own, without words, recorded nowhere."""
        suspects, self._suspects = [ts for ts in self._suspects if ts != self.ts], []
        for ts in suspects:
            await own_messages.moment_after(ts)
            if not await self._is_recorded(ts):
                await own_messages.delete(self._api, self._job.channel, ts)

    async def _is_recorded(self, ts: str) -> bool:
        services, job = self._services, self._job
        if await services.in_thread(services.store.inbox.streams, job.team, job.channel, ts):
            return True
        return await services.in_thread(services.store.answers.by_message, job.team, job.channel, ts) is not None

    async def keep(self, below: Sequence[Block], word: str) -> None:
        """Stopped by a person: end the stream as it stands, with what is `below`; with `word` alone if it has none."""
        await self.settle()
        if self.ts is None:
            return
        text, below = (None, below) if self.sent else (word, ())
        try:
            await self._api.call_with_retries("chat.stopStream", again=True, **self._ended(below), markdown_text=text)
        except Refused:
            await self._close_stream()

    async def remove(self, known: Sequence[str]) -> None:
        """The question is gone: so is whatever there is of its answer, in messages we know of or find."""
        await self.settle()
        mine = await self._mine()
        ours = {m["ts"] for m in mine if own_messages.part(m, self._id)}
        ours |= {*known, *self.also, *filter(None, [self.ts])}
        self._suspects += set(own_messages.wordless(mine)) - ours
        for ts in ours:
            await own_messages.delete(self._api, self._job.channel, ts)
        await self.clean()

    async def hand_over(self) -> None:
        """Close the stream as it stands; another process completes the message in place."""
        await self.settle()
        if self.ts is not None and self.streams:
            rest = self.text[self.sent :]
            with contextlib.suppress(SlackError):
                await self._api.call("chat.stopStream", **self._message, markdown_text=rest or None)

    async def already_posted(self) -> bool:
        """Whether the whole answer is there already (its metadata names the question); takes over its ts.

        A stream that another process left open is ended first.
        """
        if self._resumed:
            await self._close_stream()
        mine = await self._mine()
        self._suspects += own_messages.wordless(mine)
        posted = own_messages.parts(mine, self._id)
        if posted:
            self._parts, self.ts = posted[min(posted)]
            self._resumed, self._closed = True, True
            return len(posted) >= self._parts
        return False

    # --- while it is written ---

    async def _stream(self) -> None:
        """Begin a stream, then append what has gathered, until finish() or the stream's end."""
        await self._begin()
        while self.streams and not self._closing.is_set():
            await self._news.wait()
            self._news.clear()
            if self.sent:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._enough.wait(), GAP_S)
            while not self._closing.is_set() and not self._budget.appends.take(KEPT_FOR_FIRST if self.sent else 0):
                wait_s = max(self._budget.appends.wait_s(KEPT_FOR_FIRST if self.sent else 0), 0.05)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), wait_s)
            self._enough.clear()
            upto = len(self.text)
            if upto > MESSAGE_CHARS or self._closing.is_set():
                return  # the rest goes out with finish()
            if self.text[self.sent : upto].strip():
                await self._append(upto)

    async def _begin(self) -> None:
        """Begin a stream, if Slack lets us."""
        if not self._budget.starts.take():
            return
        try:
            stream = await self._api.call(
                "chat.startStream",
                channel=self._job.channel,
                thread_ts=self._job.root,
                recipient_team_id=self._job.recipient_team or self._job.team,
                recipient_user_id=self._job.user,
            )
            ts = str(stream["ts"])
        except Throttled as error:
            self._budget.starts.close(error.retry_after_s)
            return
        except (SlackUnavailable, KeyError):  # it may have begun
            with contextlib.suppress(SlackError):
                self._suspects += own_messages.wordless(await self._mine())
            return
        except (Gone, SlackAuthError) as error:
            if not isinstance(error, Restricted):  # else a whole message may be allowed
                self._fail(error)
            return
        except Refused:
            return
        try:
            await self._write(self._services.store.inbox.stream_started, ts)
        except Exception as error:  # not recorded, so not ours to write into
            self._fail(error)
            with contextlib.suppress(SlackError):
                await own_messages.delete(self._api, self._job.channel, ts)
            return
        self.ts, self.streams = ts, True

    async def _append(self, upto: int) -> None:
        piece = self.text[self.sent : upto]
        try:
            await self._api.call("chat.appendStream", **self._message, markdown_text=piece)
        except Throttled as error:
            self._budget.appends.close(error.retry_after_s)
            self._news.set()
            return
        except (Gone, StoppedByUser, SlackAuthError) as error:
            self.streams = False
            self._fail(error)
            return
        except (Refused, SlackUnavailable):
            self.streams = False  # it may be there or not: finish() writes the whole text over it
            return
        self.sent = upto
        self.appends += 1
        await self._write(self._services.store.inbox.stream_text, self._hidden(self.text[:upto]))

    async def _write(self, change: Callable[[Job, str], bool], value: str) -> None:
        """Commit what became of the stream. Raises LeaseLost."""
        if not await self._services.in_thread(change, self._job, value):
            raise LeaseLost

    def _fail(self, error: Exception) -> None:
        self._failure = error
        self._broken.set()

    async def settle(self) -> None:
        """Let the call that is on its way end; no more appends after this."""
        for event in (self._closing, self._enough, self._news):
            event.set()
        if self._streaming is not None:
            await self._streaming

    # --- bringing it to its end ---

    def _layout(self) -> tuple[str, list[str]]:
        """What stays in the first message, and what is continued below it."""
        if len(self.text) <= MESSAGE_CHARS:
            return self.text, []
        sent = self.sent if self.streams else 0
        room = MESSAGE_CHARS - sent
        head = parts(self.text[sent:], room)[0] if room > 500 else ""
        first = self.text[:sent] + head
        return first, parts(self.text[len(first) :], MESSAGE_CHARS)

    async def _stop(self, text: str, below: Sequence[Block]) -> None:
        rest = text[self.sent :]
        try:
            try:
                await self._api.call("chat.stopStream", **self._ended(below), markdown_text=rest or None)
            except Throttled as error:
                if rest.strip():  # the words need not wait for the stop
                    await self._api.call_with_retries("chat.appendStream", **self._message, markdown_text=rest)
                    self.sent = len(text)
                await asyncio.sleep(error.retry_after_s)
                await self._api.call_with_retries("chat.stopStream", **self._ended(below))
        except (Gone, StoppedByUser):
            raise
        except (Refused, SlackUnavailable):
            await self._close_stream()
            await self._rewrite(text, below)

    async def _close_stream(self) -> None:
        """Make sure that the message no longer streams."""
        if self._closed:
            return
        try:
            await self._api.call_with_retries("chat.stopStream", again=True, **self._message)
        except Gone:
            raise
        except Refused:
            pass  # it streams no longer
        self._closed = True

    async def _rewrite(self, text: str, below: Sequence[Block]) -> None:
        """Write the whole over the message, with blocks if Slack takes them."""
        plain = fallback(text, below)
        for blocks in (message_blocks(text, below), []):
            whole = {**self._ended(()), "text": plain, "blocks": blocks}
            try:
                await self._api.call_with_retries("chat.update", again=True, **whole)
                return
            except Gone:
                raise
            except Refused:  # e.g. cant_update_message, edit_window_closed
                continue
        await self._post(text, below, 0)

    async def _post_more(self, texts: Sequence[str], below: Sequence[Block]) -> None:
        """Post what the first message has no room for; the blocks stand below the last one."""
        done = own_messages.parts(await self._mine(), self._id) if self._resumed else {}
        for number, text in enumerate(texts, start=1):
            if number not in done:
                last = number == len(texts)
                self.also.append(await self._post(text, below if last else (), number))

    async def _post(self, text: str, below: Sequence[Block], number: int) -> str:
        plain: str = fallback(text, below)
        blocks: list[Block] | None = message_blocks(text, below)
        place: dict[str, Any] = {"channel": self._job.channel, "thread_ts": self._job.root}
        place |= {"unfurl_links": False, "unfurl_media": False}
        lost = 0
        while True:
            try:
                return await own_messages.post(self._api, self._id, plain, blocks, number, self._parts, **place)
            except SlackUnavailable:
                lost += 1
                if lost == POST_TRIES:
                    raise
                await asyncio.sleep(0.15 * 2**lost)
                there = own_messages.parts(await self._mine(), self._id)
                if number in there:
                    return there[number][1]
            except Refused as error:
                if blocks is None or isinstance(error, Gone):
                    raise
                blocks = None  # the same words without them may pass, whatever the reason is called

    @property
    def _message(self) -> dict[str, Any]:
        """What names the message in a call."""
        return {"channel": self._job.channel, "ts": self.ts}

    def _ended(self, below: Sequence[Block]) -> dict[str, Any]:
        """The message, what stands below it and what marks it."""
        mark = own_messages.metadata(self._id, 0, self._parts)
        return {**self._message, "blocks": list(below) or None, "metadata": mark}

    async def _mine(self) -> list[own_messages.Message]:
        """Our messages in the thread; none where Slack won't let us read, as in group messages without the scope."""
        with contextlib.suppress(Refused):
            return await own_messages.ours(self._api, self._job.channel, self._job.root, self._services.me.user)
        return []
