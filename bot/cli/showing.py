"""policybot show: the cited places of an answer as "Show in manual" shows them, for the operator."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot import wiring
from bot.answering.places import Place, places
from bot.cli import acts
from bot.cli.owner import recorded
from bot.cli.paper import Paper
from bot.errors import PolicybotError
from bot.settings import Settings
from knowledge.errors import PictureError


def show(args: argparse.Namespace, settings: Settings) -> int:
    """Print each cited place with its words; with -o, its text and its page's picture as files."""
    with wiring.pictures(settings) as (store, drawing):
        asked = recorded(store.asked, args.question)
        acts.note(store, "raw_text", about=asked.record.id, what="show")
        found = places(asked.record.answer)
        if not found:
            raise PolicybotError("This answer cites nothing. See policybot explain ID.", code="nothing_cited")
        if args.output is None:
            paper = Paper(sys.stdout)
            for place in found:
                for line in _lines(place):
                    paper.write(f"{line}\n", indent=0)
            return 0
        try:
            args.output.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PolicybotError(f"{args.output}: {error.strerror}. Name another folder with -o.", code="io") from error
        for place in found:
            collection = place.cited.collection or next(iter(asked.record.question.collections), "default")
            for file in _written(args.output / f"{asked.record.id}-{place.cited.n}", place, drawing, collection):
                print(file)
    return 0


def _written(base: Path, place: Place, drawing: Any, collection: str) -> Iterator[Path]:
    """The files of one place: its text, and its picture where there is one; why not stands in the text."""
    lines, cited = list(_lines(place)), place.cited
    if cited.page is not None:
        pages = cited.page, max(cited.page, cited.page_end or 0)
        try:
            drawn = drawing.pages(collection, cited.document, cited.chunk_id, pages, place.wanted)
        except PictureError as error:
            lines.append(f"No picture of the page: {error.message} [{error.code}]")
        else:
            for shown in drawn:
                picture = base.with_name(f"{base.name}-page-{shown.page}.png")
                picture.write_bytes(shown.png)
                yield picture
            if not all(shown.found for shown in drawn):
                lines.append("The cited words could not be found on the picture of the page.")
    text = base.with_suffix(".txt")
    text.write_text("\n".join(lines) + "\n", encoding="utf-8")
    yield text


def _lines(place: Place) -> Iterator[str]:
    """The place as text; the cited words stand between ** and **."""
    cited = place.cited
    yield " › ".join((f"[{cited.n}] {cited.title or cited.document}", *cited.section))
    page = f"page {cited.page_label or cited.page} (PDF page {cited.page})" if cited.page is not None else ""
    owner = f"owner: {place.owner}" if place.owner else ""
    yield "; ".join(filter(None, (cited.document, page, cited.edition, owner, cited.url)))
    for runs in place.paragraphs:
        yield "\n" + "".join(f"**{text}**" if marked else text for text, marked in runs)
