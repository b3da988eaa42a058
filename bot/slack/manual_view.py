"""Cited places and the pictures of their pages -> the modal "In the manual".

Pure. Rule kept: the manual's words stand in rich_text, where nothing is parsed, the cited ones bold; links come from
citations only; why there is no picture is said in one line. Knows no client, no store, no file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import texts
from bot.answering.places import Place
from bot.slack.blocks import Block, line, modal, quote, remark, rich_text, section, words

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
    missing: str = ""


def note_view(code: str, locale: str) -> Block:
    """The modal with nothing but one of our sentences."""
    return _modal([section(texts.of(locale).modals[code])], locale)


def manual_view(
    places: Sequence[Place], pictures: Mapping[int, Sequence[PagePicture]], *, coming: bool = False, locale: str
) -> Block:
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
            blocks += [block for picture in drawn for block in _picture(place, picture, locale)]
            blocks += [remark(say["picture_unmarked"])] if any(p.file_id and not p.found for p in drawn) else []
            blocks += [remark(say[code]) for code in {picture.missing: 1 for picture in drawn} if code]
        elif coming and place.cited.page is not None:
            blocks.append(remark(say["picture_coming"]))
    if len(places) > PLACES:
        blocks.append(remark(say["more_places"].format(count=len(places) - PLACES)))
    return _modal(blocks, locale)


def alt_text(place: Place, page: int, locale: str = "en") -> str:
    """What a screen reader says of the picture."""
    cited = place.cited
    quotes = " … ".join(cited.quotes or (cited.quote,))
    said = texts.of(locale).modals["picture_alt"]
    return _flat(said.format(page=page, title=cited.title or cited.document, words=quotes), ALT_CHARS)


def headline(place: Place) -> str:
    """`[1] Travel policy › 5 Travel › 5.2 Hotels`."""
    cited = place.cited
    return _flat(" › ".join((f"[{cited.n}] {cited.title or cited.document}", *cited.section)), LABEL_CHARS)


def facts(place: Place, locale: str) -> str:
    """Printed page (PDF page where it differs), edition and owner in one line."""
    say, cited = texts.of(locale).modals, place.cited
    found = []
    if cited.page is not None:
        differs = cited.page_label not in (None, "", str(cited.page))
        found.append(say["page_of_pdf" if differs else "page"].format(label=cited.page_label, page=cited.page))
    if cited.edition:
        found.append(cited.edition)
    if place.owner:
        found.append(say["owner"].format(owner=place.owner))
    return _flat(" · ".join(found), LABEL_CHARS)


def _modal(blocks: Sequence[Block], locale: str) -> Block:
    say = texts.of(locale).modals
    return modal(say["show_title"], say["close"], blocks)


def _text_of(place: Place, room: int, locale: str) -> tuple[Block, int]:
    head = [words(headline(place), bold=True)]
    if told := facts(place, locale):
        head.append(words(f"\n{told}"))
    if place.cited.url:
        head += [
            words("\n"),
            {"type": "link", "url": place.cited.url, "text": texts.of(locale).modals["open_document"]},
        ]
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


def _picture(place: Place, picture: PagePicture, locale: str) -> list[Block]:
    if picture.file_id is None:
        return []
    return [{"type": "image", "slack_file": {"id": picture.file_id}, "alt_text": alt_text(place, picture.page, locale)}]


def _flat(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
