""" "Show in manual": a press -> a modal with the cited places, their text at once and their pages as soon as drawn.

In: a press below an answer. Out: a view for its presser alone. Rules kept: nothing is shown of an answer that the
presser may not see, or that does not stand where the press came from; a picture that can't be had is a line of text;
each page is drawn and uploaded once, in threads and processes of its own, so that answers never wait for it; the
manual's words stand in rich_text, where nothing is parsed, the cited ones bold, and links come from citations only.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

import structlog

from bot import texts
from bot.answering.places import Place, page_of, places
from bot.errors import SlackError, StoreError
from bot.slack.api import Api, Refused
from bot.slack.background import StorePool
from bot.slack.blocks import Block, line, modal, one_line, quote, remark, rich_text, words
from bot.slack.meanings import Pressed
from bot.slack.services import CLOSED, Services
from bot.types import Record
from knowledge.errors import PictureError
from knowledge.pictures import Pictures, Shown

AT_ONCE = 2  # pages drawn at the same time, by a child process each; guess: one a core of a small machine
PICTURES = 4  # pages drawn for one press; guess: more are further down than anybody looks
PATIENCE_S = (0.0, 0.5, 1.0, 2.0)  # a file that was uploaded just now is not known everywhere in Slack yet
PLACES = 10  # in one modal
CHARS = 8_000  # of the manual's text in one modal: Slack takes about 13,000 in all blocks
LABEL_CHARS = 300
ALT_CHARS = 1_000  # given: files.getUploadURLExternal takes no longer one


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The picture of a place's page as Slack holds it: or why there is none, as a code of texts.modals (`missing`)."""

    file_id: str | None = None
    page: int = 0
    found: bool = True  # the cited words are marked on it
    key: str = ""  # what it is kept by
    missing: str = ""


_Drawn = Mapping[int, Sequence[PagePicture]]  # by the number of a citation


class PagePictures:
    """Pictures of cited pages in one workspace."""

    def __init__(self, drawing: Pictures, api: Api, team: str) -> None:
        self._drawing, self._api, self._noted = drawing, api, f"file:{team}"
        self._in_thread = StorePool(AT_ONCE)
        # several who press at once draw and upload once
        self._turns: WeakValueDictionary[object, asyncio.Lock] = WeakValueDictionary()

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
                return [PagePicture(await self._uploaded(one, place), one.page, one.found, one.key) for one in drawn]
        except (PictureError, StoreError) as error:
            codes = {"gone": "picture_gone", "changed": "picture_changed", "format": ""}
            missing, what = codes.get(error.code, "picture_failed"), error.code
        except SlackError as error:
            missing, what = "picture_not_uploaded", getattr(error, "reason", error.code)
        structlog.get_logger().info("no_picture", document=cited.document, page=cited.page, reason=what)
        return [PagePicture(missing=missing)]

    async def forget(self, key: str) -> None:
        """Slack does not have this picture's file after all: the next one who asks uploads it again."""
        await self._in_thread(self._drawing.note, key, **{self._noted: None})

    async def _uploaded(self, shown: Shown, place: Place) -> str:
        """The id of the picture's file, which is shared with no channel. Raises SlackError."""
        file_id = (await self._in_thread(self._drawing.noted, shown.key)).get(self._noted)
        if not file_id:
            name, title = f"page-{shown.page}.png", f"{place.cited.title or place.cited.document}, {shown.page}"
            alt = alt_text(place, shown.page)
            file_id = await self._api.upload(name, shown.png, title=title, kind="image/png", alt_text=alt)
            await self._in_thread(self._drawing.note, shown.key, **{self._noted: file_id})
        return str(file_id)


async def show(services: Services, pictures: PagePictures | None, press: Pressed) -> None:
    """Show what the answer cites, in a window: its text at once, then its pages."""

    async def fill(view: str) -> str | None:
        if await services.too_many("show", press.team, press.user):
            return "show_limit"
        record = await services.answer_of(press)
        if record is None or not await services.access.may_see(record, press.user, press.channel, alone=True):
            return "show_nothing"  # what one may not see is told like what is not there
        if not (cited := places(record.answer)):
            return "show_nothing"

        async def put(drawn: _Drawn, *, coming: bool = False) -> None:
            locale = texts.locale_for(services.locales.known(press.user), services.language_of(record.question))
            await services.update_view(view, manual_view(cited, drawn, coming=coming, locale=locale))

        await put({}, coming=pictures is not None)
        if pictures is not None:
            await _add_pictures(pictures, record, cited, put)
        return None

    await services.window(press, "show_title", fill)


async def _add_pictures(
    pictures: PagePictures, record: Record, cited: Sequence[Place], put: Callable[[_Drawn], Awaitable[None]]
) -> None:
    searched = next(iter(record.question.collections), "default")
    shown = cited[:PICTURES]
    drawn = await asyncio.gather(*(pictures.of(one, one.cited.collection or searched) for one in shown))
    by_number = {one.cited.n: pages for one, pages in zip(shown, drawn, strict=True)}
    keys = {one.key for pages in drawn for one in pages if one.file_id}
    for pause in PATIENCE_S:
        await asyncio.sleep(pause)
        try:
            await put(by_number)
            return
        except Refused as error:
            if error.reason in CLOSED or not keys:
                raise
            structlog.get_logger().info("picture_refused", reason=error.reason)
    for key in keys:  # Slack does not take them even after a while
        await pictures.forget(key)
    lost = [PagePicture(missing="picture_not_uploaded")]
    await put({n: lost if any(one.file_id for one in pages) else pages for n, pages in by_number.items()})


def manual_view(places: Sequence[Place], pictures: _Drawn, *, coming: bool = False, locale: str) -> Block:
    """Every place with its text and picture, by the number of its citation; `coming`: the pictures are being made."""
    say = texts.of(locale).modals
    blocks: list[Block] = []
    room = CHARS
    for place in places[:PLACES]:
        if blocks:
            blocks.append({"type": "divider"})
        text, room = _text_of(place, room, locale)
        blocks.append(text)
        if (drawn := pictures.get(place.cited.n)) is not None:
            blocks += [
                {"type": "image", "slack_file": {"id": one.file_id}, "alt_text": alt_text(place, one.page, locale)}
                for one in drawn
                if one.file_id
            ]
            blocks += [remark(say["picture_unmarked"])] if any(p.file_id and not p.found for p in drawn) else []
            blocks += [remark(say[code]) for code in {picture.missing: 1 for picture in drawn} if code]
        elif coming and place.cited.page is not None:
            blocks.append(remark(say["picture_coming"]))
    if len(places) > PLACES:
        blocks.append(remark(say["more_places"].format(count=len(places) - PLACES)))
    return modal(say["show_title"], say["close"], blocks)


def alt_text(place: Place, page: int, locale: str = "en") -> str:
    """What a screen reader says of the picture."""
    cited = place.cited
    quotes = " … ".join(cited.quotes or (cited.quote,))
    text = texts.of(locale).modals["picture_alt"]
    return one_line(text.format(page=page, title=cited.title or cited.document, words=quotes), ALT_CHARS)


def _text_of(place: Place, room: int, locale: str) -> tuple[Block, int]:
    """`[1] Travel policy › 5.2 Hotels`, page, edition, owner, the link, the paragraphs; the room that they leave."""
    say, cited = texts.of(locale).modals, place.cited
    title = " › ".join((f"[{cited.n}] {cited.title or cited.document}", *cited.section))
    owner = say["owner"].format(owner=place.owner) if place.owner else None
    about = " · ".join(filter(None, (page_of(cited.page, cited.page_label, locale), cited.edition, owner)))
    head = [words(one_line(title, LABEL_CHARS), bold=True)]
    if about:
        head.append(words(f"\n{one_line(about, LABEL_CHARS)}"))
    if cited.url:
        head += [words("\n"), {"type": "link", "url": cited.url, "text": say["open_document"]}]
    elements = [line(*head)]
    for runs in place.paragraphs:
        shown = []
        for text, marked in runs:
            part = text if len(text) <= room else text[: max(room - 1, 0)] + "…"
            room = max(0, room - len(part))
            if part:
                shown.append(words(part, bold=marked))
        if shown:
            elements.append(quote(*shown))
    return rich_text(*elements), room
