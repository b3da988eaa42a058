"""Cited places -> pictures of their pages in Slack, each drawn and uploaded once.

In: a place and the collection it stands in. Out: PagePictures, whatever goes wrong. Rule kept: drawing runs in threads
and processes of its own, so that answers never wait for it. Knows no view.
"""

from __future__ import annotations

import asyncio
from typing import Any, Protocol
from weakref import WeakValueDictionary

import structlog

from bot.answering.places import Place
from bot.errors import SlackError, StoreError
from bot.slack.api import Api
from bot.slack.background import StorePool
from bot.slack.manual_view import PagePicture, alt_text
from knowledge.errors import PictureError
from knowledge.pictures import Shown
from knowledge.read.marks import Wanted
from knowledge.search.bounded import Bounded

AT_ONCE = 2  # pages drawn at the same time, by a child process each; guess: one a core of a small machine


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
