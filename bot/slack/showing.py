""" "Show in manual": a press -> a modal with the cited places, their text at once and their pages as soon as drawn.

In: a press below an answer. Out: a view for its presser alone. Rules kept: nothing is shown of an answer that the
presser may not see, or that does not stand where the press came from; a picture that can't be had is a line of text;
each page is drawn and uploaded once, in threads and processes of its own, so that answers never wait for it.
"""

from __future__ import annotations

import asyncio
from typing import Any, Protocol
from weakref import WeakValueDictionary

import structlog

from bot.answering.places import Place, places
from bot.errors import SlackError, StoreError
from bot.log import traced
from bot.slack.api import Api, Refused
from bot.slack.background import StorePool, in_background
from bot.slack.manual_view import PagePicture, alt_text, manual_view, note_view
from bot.slack.meanings import ShowPressed
from bot.slack.notices import update_view
from bot.slack.services import Services
from bot.types import Record
from knowledge.errors import PictureError
from knowledge.pictures import Shown
from knowledge.read.marks import Wanted
from knowledge.search.bounded import Bounded

AT_ONCE = 2  # pages drawn at the same time, by a child process each; guess: one a core of a small machine
PICTURES = 4  # pages drawn for one press; guess: more are further down than anybody looks
PATIENCE_S = (0.0, 0.5, 1.0, 2.0)  # a file that was uploaded just now is not known everywhere in Slack yet
CLOSED = frozenset({"not_found", "view_not_found"})


class Drawing(Protocol):
    """knowledge.pictures.Pictures, as far as Slack knows it."""

    def pages(
        self, collection: str, document: str, chunk_id: str, pages: tuple[int, int], wanted: tuple[Wanted, ...]
    ) -> list[Shown]:
        """The pages on which the words stand. Raises PictureError."""

    def noted(self, key: str) -> dict[str, Any]:
        """What was noted beside the picture."""

    def note(self, key: str, **facts: Any) -> None:
        """Keep these beside the picture."""


class PagePictures:
    """Pictures of cited pages in one workspace."""

    def __init__(self, drawing: Drawing, api: Api, team: str) -> None:
        self._drawing, self._api, self._noted = drawing, api, f"file:{team}"
        self._in_thread = StorePool(AT_ONCE)
        # several who press at once draw and upload once
        self._turns: WeakValueDictionary[object, asyncio.Lock] = WeakValueDictionary()
        self._keys: Bounded[str, str] = Bounded(10_000)  # file id -> key of the picture

    def close(self) -> None:
        """Draw no more."""
        self._in_thread.close()

    async def of(self, place: Place, collection: str) -> list[PagePicture]:
        """The place's pages as Slack holds them, or why not. Never raises what a file or Slack may cause."""
        cited = place.cited
        if cited.page is None:
            return []  # the format has no pages: nothing is missing
        pages = cited.page, max(cited.page, cited.page_end or 0)
        wanted = collection, cited.document, cited.chunk_id, pages, place.wanted
        turn = self._turns.setdefault(wanted, asyncio.Lock())
        try:
            async with turn:
                drawn = await self._in_thread(self._drawing.pages, *wanted)
                return [PagePicture(await self._uploaded(one, place), one.page, one.found) for one in drawn]
        except PictureError as error:
            codes = {"gone": "picture_gone", "changed": "picture_changed", "format": ""}
            missing = codes.get(error.code, "picture_failed")
            what = error.code
        except StoreError as error:
            missing, what = "picture_failed", error.code
        except SlackError as error:
            missing, what = "picture_not_uploaded", getattr(error, "reason", error.code)
        structlog.get_logger().info("no_picture", document=cited.document, page=cited.page, reason=what)
        return [PagePicture(missing=missing)]

    async def forget(self, file_id: str) -> None:
        """Slack does not have this file after all: the next one who asks uploads it again."""
        if key := self._keys.known([file_id]).get(file_id):
            await self._in_thread(self._drawing.note, key, **{self._noted: None})

    async def _uploaded(self, shown: Shown, place: Place) -> str:
        known = (await self._in_thread(self._drawing.noted, shown.key)).get(self._noted)
        file_id = str(known or await self._upload(shown, place))
        if not known:
            await self._in_thread(self._drawing.note, shown.key, **{self._noted: file_id})
        self._keys.keep({file_id: shown.key})
        return file_id

    async def _upload(self, shown: Shown, place: Place) -> str:
        """The id of the new file; it is shared with no channel. Raises SlackError."""
        title, alt = f"{place.cited.title or place.cited.document}, {shown.page}", alt_text(place, shown.page)
        name = f"page-{shown.page}.png"
        return await self._api.upload(name, shown.png, title=title, kind="image/png", alt_text=alt)


class Showing:
    """Answers the presses of one workspace; each in the background."""

    def __init__(self, services: Services, pictures: PagePictures | None) -> None:
        self._services, self._pictures = services, pictures

    def press(self, press: ShowPressed) -> None:
        """Show it, without making anybody wait."""
        in_background(self._show(press))

    async def _show(self, press: ShowPressed) -> None:
        api, locale = self._services.api, self._services.locales.known(press.user)
        view = await self._services.open_window(press, note_view("looking", locale))
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
