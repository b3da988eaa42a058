""" "Show in manual": a press -> a modal with the cited places, their text at once and their pages as soon as drawn.

In: a press below an answer. Out: a view for its presser alone. Rule kept: nothing is shown of an answer that the
presser may not see, or that does not stand where the press came from; a picture that can't be had is a line of text.
"""

from __future__ import annotations

import asyncio

import structlog

from bot.answering.places import Place, places
from bot.errors import SlackError, StoreError
from bot.log import traced
from bot.slack.api import Refused
from bot.slack.background import in_background
from bot.slack.manual_view import PagePicture, manual_view, note_view
from bot.slack.meanings import ShowPressed
from bot.slack.page_pictures import PagePictures
from bot.slack.services import Services
from bot.slack.views import open_window, update_view
from bot.types import Record

PICTURES = 4  # pages drawn for one press; guess: more are further down than anybody looks
PATIENCE_S = (0.0, 0.5, 1.0, 2.0)  # a file that was uploaded just now is not known everywhere in Slack yet
CLOSED = frozenset({"not_found", "view_not_found"})


class Showing:
    """Answers the presses of one workspace; each in the background."""

    def __init__(self, services: Services, pictures: PagePictures | None) -> None:
        self._services, self._pictures = services, pictures

    def press(self, press: ShowPressed) -> None:
        """Show it, without making anybody wait."""
        in_background(self._show(press))

    async def _show(self, press: ShowPressed) -> None:
        api, locale = self._services.api, self._services.locales.known(press.user)
        view = await open_window(self._services, press, note_view("looking", locale))
        if view is None:
            return
        try:
            await self._fill(view, press)
        except Refused as error:
            if error.reason not in CLOSED:  # else the person closed it, and wants no more
                structlog.get_logger().error("manual_not_shown", reason=error.reason)
        except SlackError as error:
            structlog.get_logger().warning("manual_not_shown", reason=error.code)
        except Exception as error:
            structlog.get_logger().error("manual_not_shown", **traced(error))
            await update_view(api, view, note_view("show_failed", locale))

    async def _fill(self, view: str, press: ShowPressed) -> None:
        api, locale = self._services.api, self._services.locales.known(press.user)
        try:
            record, why = await self._record(press)
        except StoreError:
            record, why = None, "show_failed"
        found = places(record.answer) if record else ()
        if record is None or not found:
            await update_view(api, view, note_view(why or "show_nothing", locale))
            return
        if self._pictures is None:
            await update_view(api, view, manual_view(found, {}, locale=locale))
            return
        await update_view(api, view, manual_view(found, {}, coming=True, locale=locale))
        drawn = await asyncio.gather(*(self._picture(place, record) for place in found[:PICTURES]))
        by_number = {p.cited.n: d for p, d in zip(found, drawn, strict=False)}
        await self._with_pictures(view, found, by_number, locale)

    async def _record(self, press: ShowPressed) -> tuple[Record | None, str]:
        """The answer that was pressed; or None, and why not as a code of texts.modals. Raises StoreError."""
        services = self._services
        if await services.too_many("show", press.team, press.user):
            return None, "show_limit"
        record = await services.answer_of(press)
        if record is None or not await services.access.may_see(record, press.user, press.channel, alone=True):
            return None, "show_nothing"  # what one may not see is told like what is not there
        return record, ""

    async def _picture(self, place: Place, record: Record) -> list[PagePicture]:
        assert self._pictures is not None
        collection = place.cited.collection or next(iter(record.question.collections), "default")
        return await self._pictures.of(place, collection)

    async def _with_pictures(
        self, view: str, found: tuple[Place, ...], drawn: dict[int, list[PagePicture]], locale: str
    ) -> None:
        """The whole; without its pictures where Slack does not take them even after a while."""
        assert self._pictures is not None
        for pause in PATIENCE_S:
            await asyncio.sleep(pause)
            try:
                await update_view(self._services.api, view, manual_view(found, drawn, locale=locale))
                return
            except Refused as error:
                files = {one.file_id for pages in drawn.values() for one in pages if one.file_id}
                if error.reason in CLOSED or not files:
                    raise
                structlog.get_logger().info("picture_refused", reason=error.reason)
        for file_id in files:
            await self._pictures.forget(file_id)
        lost = [PagePicture(missing="picture_not_uploaded")]
        without = {n: lost if any(one.file_id for one in pages) else pages for n, pages in drawn.items()}
        await update_view(self._services.api, view, manual_view(found, without, locale=locale))
