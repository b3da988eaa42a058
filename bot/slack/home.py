"""The Home tab: made anew whenever somebody opens it, from what that person may see now.

In: HomeOpened. Out: one views.publish. Rule kept: the same access as for answers; figures are for those whom
[admins] lets see reports, totals only; a tab that could not be made leaves the old one.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from bot import texts
from bot.errors import SlackError, StoreError
from bot.privacy.mask import Mask
from bot.settings import Retention
from bot.slack.background import in_background
from bot.slack.first_contact import FirstContact, Suggested
from bot.slack.home_view import Asked, Shelf, Shown, home_view
from bot.slack.meanings import HomeOpened, HomePressed, Invited
from bot.slack.own_data import SURFACE, OwnData
from bot.slack.services import Services
from bot.store.audit import Entry
from bot.types import Outcome
from knowledge.catalog.reading import Stated

LAST = 10  # own questions shown; given: issue 14
DAY = timedelta(days=1)


class Home:
    """Publishes Home tabs. `stated` tells a collection's documents; it may wait for a disk."""

    def __init__(
        self,
        services: Services,
        stated: Callable[[str], Sequence[Stated]],
        keep: Retention,
        suggested: Suggested | None = None,
    ) -> None:
        self._services, self._in_thread, self._stated, self._keep = services, services.in_thread, stated, keep
        self._first_contact = FirstContact(services, suggested)
        self._own_data = OwnData(services, self._publish)

    async def commit(self, what: HomeOpened | Invited | HomePressed) -> None:
        """Make the tab, or do what its buttons say, without making anybody wait; or note a channel to be greeted."""
        if isinstance(what, Invited):
            await self._first_contact.invited(what)
            return
        in_background(self._own_data.do(what) if isinstance(what, HomePressed) else self._open(what))

    async def _open(self, opened: HomeOpened) -> None:
        try:
            if await self._services.too_many("home", opened.team, opened.user):
                return
        except StoreError as error:
            structlog.get_logger().info("home_not_shown", error=error.code)
            return
        await (self._publish(opened) if opened.tab == "home" else self._first_contact.suggest(opened))

    async def _publish(self, opened: HomeOpened) -> None:
        services = self._services
        try:
            locale = await services.locales.of(opened.user)
            view = home_view(await self._shown(opened, locale), locale)
            await services.api.call_with_retries("views.publish", again=True, user_id=opened.user, view=view)
        except (SlackError, StoreError) as error:
            structlog.get_logger().info("home_not_shown", error=error.code)

    async def _shown(self, opened: HomeOpened, locale: str) -> Shown:
        access, rules = self._services.access, self._services.rules
        person = await access.person(opened.user, opened.channel, alone=True)
        shelves = []
        for name in await access.collections(person):
            documents = await asyncio.to_thread(self._stated, name)
            shelves.append(Shelf(rules.title(name), tuple(_document(one, locale) for one in documents)))
        shelves = [shelf for shelf in shelves if shelf.documents]
        keep = self._keep
        return Shown(
            shelves,
            await self._own(opened),
            (keep.question, keep.feedback, keep.audit),
            await self._in_thread(self._figures, opened) if access.may("reports", person) else None,
            await self._in_thread(self._services.store.persons.opted_out, opened.user),
            access.may("raw_text", person),
        )

    async def _own(self, opened: HomeOpened) -> list[Asked]:
        """The person's own last questions, as they are kept; in the words of no other."""
        asked = await self._in_thread(self._services.store.asked.of_person, opened.team, opened.user, LAST)
        return [
            Asked(
                text=Mask().back(one.record.question.text),
                day=one.record.created_at.date().isoformat(),
                outcome=one.record.answer.outcome.value,
                vote=next((vote.value for vote in one.votes if vote.user == opened.user), None),
            )
            for one in asked
        ]

    def _figures(self, opened: HomeOpened) -> dict[str, int]:
        """How many questions and votes in the last 24 hours; that they were looked at is audited."""
        now = self._services.now()
        self._services.store.audit.append(Entry("report", now, opened.team, opened.user, None, SURFACE))
        counted: Counter[str] = Counter()
        for asked in self._services.store.asked.since(now - DAY):
            counted[asked.record.answer.outcome.value] += 1
            counted["asked"] += 1
            counted.update(f"votes_{vote.value}" for vote in asked.votes)
        codes = ("asked", *(outcome.value for outcome in Outcome), "votes_up", "votes_down")
        return {code: counted[code] for code in codes}


def _document(one: Stated, locale: str) -> str:
    """`Travel policy, version 3, effective 2026-01-01`."""
    say = texts.of(locale)
    version = say.says["version"].format(version=one.version) if one.version else ""
    effective = say.home["effective"].format(date=one.effective) if one.effective else ""
    return ", ".join(part for part in (one.title, version, effective) if part)
