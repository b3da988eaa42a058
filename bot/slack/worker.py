"""Questions from the inbox, a bounded number at once, until told to stop.

In: the inbox. Out: deliveries that run. Rule kept: what is claimed here is renewed here, and a lease that is lost ends
its delivery; a worker that stops hands over what it could not finish. Knows no event and no text.
"""

import asyncio
import contextlib
from collections.abc import Sequence

import structlog

from bot.errors import StoreError
from bot.slack.background import every
from bot.slack.deliver import Delivery
from bot.slack.services import Services
from bot.store.jobs import Job

LEASE_S = 15.0
POLL_S = 1.0  # how soon questions of other processes, or with ended leases, are seen
CLOSING_S = 4.0  # kept from the time to shut down, for closing streams


class Worker:
    """Claims and answers, as long as Slack takes our token."""

    def __init__(self, services: Services, name: str) -> None:
        self._services, self.name = services, name
        self._running: dict[asyncio.Task[None], Delivery] = {}
        self._wake = asyncio.Event()
        self._of_one = max(services.settings.max_answers * 3 // 4, 1)  # person: there is always room for the others
        self._stopping = False

    @property
    def full(self) -> bool:
        """Whether it answers as many as it may."""
        return len(self._running) >= self._services.settings.max_answers

    def wake(self) -> None:
        """There may be something to claim."""
        self._wake.set()

    def apply_cancellations(self, jobs: Sequence[Job]) -> None:
        """Stop answering those of the jobs that were cancelled."""
        reasons = {job.id: job.reason or "" for job in jobs if job.cancelled}
        for delivery in self._running.values():
            if delivery.job.id in reasons:
                delivery.halt(reasons[delivery.job.id])

    async def run(self) -> None:
        """Claim and answer until stop()."""
        renewing = asyncio.create_task(every(LEASE_S / 3, "renewing", self._renew))
        try:
            while not self._stopping:
                self._wake.clear()
                if self._services.api.token_refused is None:
                    await self._claim()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_S)
            await self._drain()
        finally:
            renewing.cancel()

    def stop(self) -> None:
        """Take nothing more; run() returns when everything is finished or handed over."""
        self._stopping = True
        self._wake.set()

    async def _claim(self) -> None:
        services = self._services
        room = services.settings.max_answers - len(self._running)
        if room <= 0:
            return
        try:
            jobs = await services.in_thread(
                services.store.inbox.claim,
                self.name,
                limit=room,
                lease_s=LEASE_S,
                now=services.now(),
                per_person=self._of_one,
                busy_with=[delivery.job.id for delivery in self._running.values()],
            )
        except StoreError as error:
            structlog.get_logger().error("claim_failed", error=error.code)
            return
        for job in jobs:
            delivery = Delivery(services, job)
            task = asyncio.create_task(delivery.run())
            self._running[task] = delivery
            task.add_done_callback(self._ended)
            await asyncio.sleep(0)  # what stands in the loop has its turn between two beginnings

    def _ended(self, task: asyncio.Task[None]) -> None:
        if len(self._running) >= self._of_one:  # before, some may wait for room
            self._wake.set()
        del self._running[task]

    async def _renew(self) -> None:
        mine = list(self._running.values())
        if not mine:
            return
        services = self._services
        try:
            held = await services.in_thread(
                services.store.inbox.renew, [d.job for d in mine], lease_s=LEASE_S, now=services.now()
            )
        except StoreError:
            return  # the lease lasts a while; every write is fenced
        for delivery in mine:
            if delivery.job.id not in {job.id for job in held}:
                delivery.halt("lost")
        self.apply_cancellations(held)

    async def _drain(self) -> None:
        """Finish what runs, hand over what takes too long."""
        patience = max(self._services.settings.shutdown_s - CLOSING_S, 0)
        if self._running:
            await asyncio.wait(self._running, timeout=patience)
        for delivery in self._running.values():
            delivery.halt("handover")
        if self._running:
            await asyncio.wait(self._running, timeout=CLOSING_S)
        with contextlib.suppress(StoreError):
            await self._services.in_thread(self._services.store.inbox.release, self.name)
