"""The Bolt app: what Slack sends is committed first, acknowledged second, worked on from the inbox.

In: every event and action of either transport. Out: rows in the store, a worker that wakes. Rule kept: what could not
be committed is not acknowledged, so that Slack sends it again; nothing here waits for Slack or for a model.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.errors import StoreError
from bot.slack import feedback, parse, render
from bot.slack.deliver import Desk, show_status, tell
from bot.slack.threads import Threads
from bot.slack.worker import Worker
from bot.store.inbox import Received

QUEUE_WINDOW_S = 3600.0


class Intake:
    """Understands and commits what arrives, on threads of its own so that no answer's writes delay an acknowledgement.

    `revoked` is told when the workspace takes the app away.
    """

    def __init__(self, desk: Desk, off: Threads, worker: Worker, revoked: Callable[[str], None]) -> None:
        self._desk, self._off, self._worker, self._revoked = desk, off, worker, revoked
        self._later: set[asyncio.Task[Any]] = set()
        self.ignored: dict[str, int] = {}

    async def commit(self, body: dict[str, Any]) -> None:
        """Store what the body means. Raises StoreError: then it must not be acknowledged."""
        desk, worker = self._desk, self._worker
        meaning = parse.parse(body, desk.me, desk.now())
        match meaning:
            case Received():
                await self._received(meaning)
            case parse.Clicked():
                try:
                    said = await feedback.clicked(desk.store, self._off, meaning)
                except StoreError:
                    self._tell(meaning, render.SAYS["vote_failed"])  # Slack does not repeat clicks
                    raise
                self._tell(meaning, said)
            case parse.Reacted():
                await feedback.reacted(desk.store, self._off, meaning)
            case parse.Deleted():
                await self._off(desk.store.inbox.cancel, meaning.team, meaning.channel, meaning.message_ts)
                worker.halt("deleted", meaning.channel, message_ts=meaning.message_ts)
            case parse.Edited():
                await self._edited(meaning)
            case parse.Stopped():
                for ts in meaning.streams or worker.in_thread(meaning.channel, meaning.thread_ts):
                    worker.halt("stopped", meaning.channel, stream_ts=ts)
            case parse.Revoked():
                self._revoked(meaning.reason)
            case parse.Ignored():
                self.ignored[meaning.reason] = self.ignored.get(meaning.reason, 0) + 1
                structlog.get_logger().debug("ignored", reason=meaning.reason)

    async def _received(self, event: Received) -> None:
        desk = self._desk
        if desk.limits.max_queue and self._worker.full and await self._overflows(event):
            return
        if not await self._off(desk.store.inbox.receive, event):
            return
        if self._worker.full:
            self._soon(self._tell_position(event))
        self._worker.wake()

    async def _overflows(self, event: Received) -> bool:
        """Whether the queue is full; the asker is told so once, however often Slack delivers."""
        desk = self._desk
        waiting = await self._off(desk.store.inbox.waiting)
        if waiting < desk.limits.max_queue:
            return False
        if await self._off(desk.store.inbox.find, event.team, event.channel, event.message_ts):
            return True  # taken earlier
        key = f"full:{event.team}:{event.channel}:{event.message_ts}"
        if await self._off(desk.store.limits.hit, key, QUEUE_WINDOW_S, desk.now()) == 1:
            text = render.SAYS["queue_full"].format(waiting=waiting)
            self._soon(tell(desk.api, event.channel, event.user, event.thread_ts, text))
        return True

    async def _tell_position(self, event: Received) -> None:
        desk = self._desk
        job = await self._off(desk.store.inbox.find, event.team, event.channel, event.message_ts)
        if job is None or job.worker is not None:
            return
        ahead = await self._off(desk.store.inbox.position, job.id) + desk.limits.max_answers
        text = render.STATUS["waiting"].format(ahead=f"{ahead} questions")
        show_status(desk.api, event.channel, event.thread_ts or event.message_ts, text)

    async def _edited(self, edit: parse.Edited) -> None:
        """Offer to answer an edited question again, if its text changed."""
        desk = self._desk
        job = await self._off(desk.store.inbox.find, edit.team, edit.channel, edit.message_ts)
        if job is None or job.text == edit.text or not edit.text or job.user != edit.user:
            return
        value = parse.again_value(edit.key, edit.message_ts, edit.thread_ts, edit.text)
        offer = [render.again_block("Answer again", value)]
        self._soon(tell(desk.api, edit.channel, edit.user, edit.thread_ts, render.SAYS["edited"], offer))

    def _tell(self, click: parse.Clicked, text: str) -> None:
        self._soon(tell(self._desk.api, click.channel, click.user, click.thread_ts, text))

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._later.discard(task)
        if not task.cancelled() and task.exception() is not None:
            structlog.get_logger().warning("aside_failed", error=type(task.exception()).__name__)


def build(desk: Desk, intake: Intake, signing_secret: str | None) -> AsyncApp:
    """The app for both transports."""

    async def commit_first(
        req: AsyncBoltRequest,
        next: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse:
        if req.body.get("type") in ("event_callback", "block_actions"):
            try:
                await intake.commit(req.body)
            except StoreError as error:
                structlog.get_logger().error("commit_failed", error=error.code)
                return BoltResponse(status=503, body="")
        return await next()

    async def authorize(**_: Any) -> AuthorizeResult:
        # Known from auth.test at the start: no call to Slack stands between an event and its acknowledgement.
        me = desk.me
        return AuthorizeResult(
            enterprise_id=None, team_id=me.team, bot_user_id=me.user, bot_id=me.bot, bot_token=desk.api.token
        )

    async def acknowledge(ack: Callable[[], Awaitable[Any]]) -> None:
        await ack()

    quiet = logging.getLogger("bot.slack.bolt")
    quiet.setLevel(logging.ERROR)  # Bolt warns of a SLACK_BOT_TOKEN in the environment that it does not need
    app = AsyncApp(
        logger=quiet,
        client=desk.api.anonymous(),  # with a token here Bolt would warn that authorize() makes it useless
        signing_secret=signing_secret or "not used in Socket Mode",
        before_authorize=commit_first,
        authorize=authorize,
        attaching_conversation_kwargs_enabled=False,
    )
    anything = re.compile("")
    app.event(anything)(acknowledge)
    app.action(anything)(acknowledge)
    return app
