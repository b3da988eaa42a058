"""The door opens here: everything that serves Slack, started, watched and stopped.

In: an assistant, a store and plain settings. Out: a bot that answers until a signal stops it; returns after streams
are closed and work is handed over. Rule kept: a refused token or a missing database is a state that /readyz tells and
that ends by itself when its cause does. Knows no setting's name but those it has to tell people about.
"""

import asyncio
import contextlib
import hashlib
import math
import os
import signal
import socket
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import structlog

from bot.errors import SlackAuthError, SlackError, StoreError
from bot.slack import first_contact
from bot.slack.access import Access, Locales, UserGroups
from bot.slack.api import Api, StreamAllowance
from bot.slack.app import Intake, build
from bot.slack.background import StorePool, every
from bot.slack.hand_off import LOOK_S
from bot.slack.meanings import Identity
from bot.slack.metrics import Metrics
from bot.slack.services import Services, Serving
from bot.slack.showing import PagePictures
from bot.slack.transport import HealthServer, Socket
from bot.slack.worker import Worker
from bot.store.audit import Entry

WATCH_S = 5.0
REFRESH_S = 2.0  # how often a finished ingest is looked for; it must be seen within five seconds
AUTH_RETRY_S = 15.0
GHOSTS = "Slack delivers clicks to connections nobody reads. Restart all workers."
REMOVALS = {"erase", "purge"}  # acts in the audit trail that memory follows
# In which a question has ended: it waits for others up to 20, reads Slack up to 10, is answered in 40.
UNDER_WAY_S = 90.0
PURGE_LOOK_S = 600.0  # how often a worker sees whether it is the one that purges in this hour


async def serve(
    serving: Serving, *, stop: asyncio.Event | None = None, listening: Callable[[int], None] | None = None
) -> None:
    """Serve until SIGTERM or SIGINT (or until `stop` is set); `listening` is told the port."""
    http = serving.http_port is not None
    if stop is None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    service = _Service(serving)
    try:
        port = serving.http_port if http else serving.health_port
        if port is not None:
            bound = await service.health.start(port, slack=http)
            if listening:
                listening(bound)
        if await _or_stopped(service.identify(), stop):
            await service.run(stop)
    finally:
        await service.close()


class _Service:
    """What runs, and what is wrong with it."""

    def __init__(self, serving: Serving) -> None:
        self._serving, self._store, self._ready, self._rules = serving, serving.store, serving.ready, serving.rules_file
        self._api = Api(serving.settings.slack_bot_token or "", serving.settings.slack_api_url)
        self._in_thread, self._in_intake_thread = StorePool(), StorePool(2)
        self._name = f"{socket.gethostname()}-{os.getpid()}-{int(time.time())}"
        self._me: Identity | None = None
        self._socket: Socket | None = None
        self._budget = StreamAllowance(time.monotonic)
        self._pictures: PagePictures | None = None
        self._groups = UserGroups(self._api)
        self._access = Access(lambda: self._rules.rules, self._groups, serving.collections)
        self._metrics = Metrics()
        self._loaded = asyncio.Event()  # what answers need, at the first look
        self._audited = 0  # the newest row of the audit trail that memory followed
        self._empty_again_at = math.inf  # what was under way at a removal has read since, and ended
        self.health = HealthServer(
            self.problems, serving.settings.slack_signing_secret, self._notes, self._metrics.text
        )

    async def identify(self) -> None:
        """Learn who we are; waits for a token that Slack accepts."""
        wait_s, logged = 1.0, ""
        while True:
            try:
                identity = await self._api.call("auth.test")
                ids = str(identity["team_id"]), str(identity["user_id"]), identity.get("bot_id")
                self._me = Identity(*ids, self._serving.find_personal)
                return
            except SlackAuthError as error:
                wait_s, problem = AUTH_RETRY_S, error.message
            except SlackError as error:
                wait_s, problem = min(wait_s * 2, AUTH_RETRY_S), error.message
            if problem != logged:
                structlog.get_logger().error("not_authorized", problem=problem)
            logged = problem
            await asyncio.sleep(wait_s)

    async def run(self, stop: asyncio.Event) -> None:
        """Take and answer questions until `stop`; then finish or hand over."""
        assert self._me is not None
        serving = self._serving
        services = Services(
            **vars(serving),
            in_thread=self._in_thread,
            api=self._api,
            budget=self._budget,
            me=self._me,
            metrics=self._metrics,
            access=self._access,
            locales=(locales := Locales(self._api)),
        )
        worker = Worker(services, self._name)
        if serving.drawing is not None:
            self._pictures = PagePictures(serving.drawing, self._api, self._me.team)
        taking_in = replace(services, in_thread=self._in_intake_thread)  # no answer's writes delay an acknowledgement
        intake = Intake(taking_in, services, worker, self._pictures)
        app = self.health.app = build(services, intake, serving.settings.slack_signing_secret)
        working = asyncio.create_task(self._work(worker, stop))
        watching = [
            asyncio.create_task(every(WATCH_S, "presence", self._present)),
            asyncio.create_task(every(AUTH_RETRY_S, "authorization", lambda: self._authorized_again(worker))),
            asyncio.create_task(every(PURGE_LOOK_S, "purge", self._purge)),
            asyncio.create_task(every(REFRESH_S, "refresh", self._refresh)),
            asyncio.create_task(every(REFRESH_S, "rules", self._reread)),
            asyncio.create_task(every(REFRESH_S, "removals", lambda: self._follow_removals(locales))),
            asyncio.create_task(every(LOOK_S, "hand_offs", lambda: asyncio.wait({intake.hand_off.carry()}))),
            asyncio.create_task(every(first_contact.LOOK_S, "greetings", lambda: first_contact.greet(taking_in))),
        ]
        try:
            mode = "socket" if serving.http_port is None else "http"
            if mode == "socket":
                self._socket = Socket(app, self._api, serving.settings.slack_app_token or "")
                await _or_stopped(self._socket.connect(), stop)
                watching.append(asyncio.create_task(every(WATCH_S, "socket", self._socket.watch)))
            structlog.get_logger().info("serving", worker=self._name, mode=mode)
            for note in await asyncio.to_thread(self._notes):
                structlog.get_logger().warning("to_know", note=note)
            await self._note("serve", mode=mode)
            await asyncio.wait({asyncio.create_task(stop.wait()), working}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Events keep being committed and acknowledged while we drain: the next process finds them in the inbox.
            worker.stop()
            await asyncio.gather(working, intake.hand_off.stop())
            for task in watching:
                task.cancel()
            structlog.get_logger().info("stopped", worker=self._name)

    async def problems(self) -> list[str]:
        """Why a question would not be answered now."""
        problems = []
        if self._api.token_refused:
            problems.append(self._api.token_refused)
        elif self._me is None:
            problems.append("Slack has not said yet who the bot is. Wait a moment, or check the network.")
        if self._socket is not None and self._socket.problem:
            problems.append(self._socket.problem)
        if problem := await self._beat():  # a database that can be read may still be full, or lie on a disk that is
            problems.append(problem)
        return list(dict.fromkeys([*problems, *await asyncio.to_thread(self._ready)]))  # two may meet the same fault

    async def _work(self, worker: Worker, stop: asyncio.Event) -> None:
        """Answer, once what that takes is loaded: beside it, a first question would be out of time before its model."""
        if await _or_stopped(self._loaded.wait(), stop):
            await worker.run()

    async def _refresh(self) -> None:
        """Bring up to date what questions are answered from."""
        try:
            await asyncio.to_thread(self._ready)
        finally:
            self._loaded.set()

    async def _reread(self) -> None:
        """The rules that hold now, and who is in the user groups that they name."""
        before = self._rules.rules
        rules = await asyncio.to_thread(self._rules.reread)
        if rules != before:
            await self._note("rules_changed")
        await self._groups.refresh(rules.groups)

    async def _note(self, kind: str, **facts: str) -> None:
        """Write down what this worker did, and under which rules."""
        ruled = hashlib.sha256(repr(self._rules.rules).encode()).hexdigest()[:16]
        entry = Entry(kind, datetime.now(UTC), facts={"worker": self._name, "rules": ruled, **facts})
        with contextlib.suppress(StoreError):
            await self._in_thread(self._store.audit.append, entry)

    def _notes(self) -> list[str]:
        """What an operator should know, though questions are answered."""
        told = self._rules.problem, self._groups.problem, *self._serving.degraded()
        notes = [note for note in told if note]
        with contextlib.suppress(StoreError):  # which is told as a problem
            if (known := self._access.known()) and not set(self._rules.rules.served) <= set(known):
                notes.append("The rules name a collection that holds nothing yet. Run policybot doctor.")
            if self._rules.rules.shut(known):
                notes.append("There is no file of rules: nobody sees any collection but default. Run policybot doctor.")
        return notes

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        await self.health.close()
        with contextlib.suppress(StoreError):
            await self._in_thread(self._store.presence.gone, self._name)
        await self._api.aclose()
        self._in_thread.close()
        self._in_intake_thread.close()
        if self._pictures is not None:
            self._pictures.close()

    async def _present(self) -> None:
        """Say that we live, share the allowance with others who do, and count connections against them."""
        if await self._beat():
            return
        with contextlib.suppress(StoreError):
            now = datetime.now(UTC)
            live = await self._in_thread(self._store.presence.live, now)
            self._budget.divide(live)
            connections = self._socket.counted() if self._socket else 0
            if connections > live:
                told = {"connections": connections, "workers": live, "advice": GHOSTS}
                structlog.get_logger().warning("ghost_connections", **told)

    async def _beat(self) -> str | None:
        """Write that we live; why that could not be written."""
        try:
            await self._in_thread(self._store.presence.beat, self._name, datetime.now(UTC))
        except StoreError as error:
            return error.message
        return None

    async def _purge(self) -> None:
        """Remove what was kept long enough, if no other worker has in this hour."""
        removed = await self._in_thread(self._store.purge.if_due, self._serving.settings.retention, datetime.now(UTC))
        if removed:
            structlog.get_logger().info("purged", **removed)

    async def _follow_removals(self, locales: Locales) -> None:
        """Forget what is in memory once somebody's words were removed, by whichever process; twice, see UNDER_WAY_S."""
        newest, kinds = await self._in_thread(self._store.audit.since, self._audited)
        removed = bool(kinds & REMOVALS)
        if removed or time.monotonic() >= self._empty_again_at:
            locales.forget()
            await asyncio.to_thread(self._serving.forget)
            self._empty_again_at = time.monotonic() + UNDER_WAY_S if removed else math.inf
            structlog.get_logger().info("memory_emptied")
        self._audited = newest  # not before: what failed is done again

    async def _authorized_again(self, worker: Worker) -> None:
        """Ask whether a token that was refused is accepted by now."""
        if self._api.token_refused:
            with contextlib.suppress(SlackError):
                await self._api.call("auth.test")
                structlog.get_logger().info("authorized_again")
                worker.wake()


async def _or_stopped(work: Coroutine[Any, Any, Any], stop: asyncio.Event) -> bool:
    """Run `work` unless `stop` comes first; whether it ended."""
    task: asyncio.Task[Any] = asyncio.create_task(work)
    stopped: asyncio.Task[Any] = asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    done = task.done()
    for one in (task, stopped):
        one.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await one
    return done
