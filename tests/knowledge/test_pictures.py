"""Pictures of ingested documents: kept, forgotten, and never of a page that says something else by now."""

import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import PictureError
from knowledge.pictures import Pictures, Shown
from knowledge.read.marks import Wanted
from knowledge.types import Chunk
from tests.knowledge.building import SHIPPED, Base, write_pdf

MEALS = "Meals are refunded up to 40 euros a day."


def ingested(folder: Path) -> Base:
    base = Base(folder)
    write_pdf(base.docs / "travel.pdf", "Hotels are booked by the travel desk of the house.", MEALS)
    base.write("notes.md", "# Notes\n\nNothing is printed here that has pages at all.\n")
    base.ingest(reading=SHIPPED)
    return base


@pytest.fixture(scope="module")
def one_base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    return ingested(tmp_path_factory.mktemp("base"))


@pytest.fixture
def base(one_base: Base, tmp_path: Path) -> Base:
    """With no picture drawn yet; nobody may write to its documents."""
    one_base.folder = tmp_path
    return one_base


@pytest.fixture
def own_base(tmp_path: Path) -> Base:
    """With documents that a test changes."""
    return ingested(tmp_path)


def chunk(base: Base, document: str) -> Chunk:
    (key, *_) = (key for key, path, _, _ in base.catalog.outline("default") if path == document)
    return base.catalog.chunks("default", [key])[key]


def pictures(base: Base, **options: int) -> Pictures:
    return Pictures(base.folder / "pictures", base.catalog, {}, **options)


def page(pictures: Pictures, collection: str, document: str, chunk: str, pages: tuple[int, int], wanted: Any) -> Shown:
    """The one page on which the words stand."""
    (shown,) = pictures.pages(collection, document, chunk, pages, wanted)
    return shown


def test_a_picture_is_made_once_and_kept(base: Base) -> None:
    shown = pictures(base)
    travel = chunk(base, "travel.pdf")
    first = page(shown, "default", "travel.pdf", travel.id, (2, 2), [Wanted(MEALS)])
    assert (first.found, first.page) == (True, 2)
    (kept,) = (base.folder / "pictures").glob("*.png")
    made_at = kept.stat().st_ino
    assert page(pictures(base), "default", "travel.pdf", travel.id, (2, 2), [Wanted(MEALS)]) == first
    assert kept.stat().st_ino == made_at
    shown.note(first.key, file="F1")
    assert pictures(base).noted(first.key) == {"file": "F1"}
    assert shown.noted("unknown") == {}


def test_words_that_run_on_over_a_pages_end_are_marked_on_both(own_base: Base) -> None:
    one, two = "Whoever travels by train is refunded the second", "class on all lines of the country and abroad."
    write_pdf(own_base.docs / "trains.pdf", one, two)
    own_base.ingest(reading=SHIPPED)
    wanted = [Wanted(f"{one} {two}")]
    both = pictures(own_base).pages("default", "trains.pdf", chunk(own_base, "trains.pdf").id, (1, 2), wanted)
    assert [(shown.page, shown.found) for shown in both] == [(1, True), (2, True)]


def test_words_that_stand_on_the_next_page_are_shown_there(base: Base) -> None:
    found = page(pictures(base), "default", "travel.pdf", chunk(base, "travel.pdf").id, (1, 2), [Wanted(MEALS)])
    assert (found.found, found.page) == (True, 2)


def test_a_file_that_changed_never_shows_another_page_as_the_cited_one(own_base: Base) -> None:
    travel = chunk(own_base, "travel.pdf")
    shown = pictures(own_base)
    before = page(shown, "default", "travel.pdf", travel.id, (2, 2), [Wanted(MEALS)])
    write_pdf(
        own_base.docs / "travel.pdf",
        "New edition.",
        "Meals are not refunded any more, whatever they cost and wherever.",
    )
    own_base.ingest(reading=SHIPPED)
    with pytest.raises(PictureError) as failure:
        page(shown, "default", "travel.pdf", travel.id, (2, 2), [Wanted(MEALS)])
    assert failure.value.code == "changed"
    write_pdf(own_base.docs / "travel.pdf", "New edition.", MEALS)
    own_base.ingest(reading=SHIPPED)
    again = page(shown, "default", "travel.pdf", travel.id, (2, 2), [Wanted(MEALS)])
    assert again.found
    assert again.key != before.key


def test_what_has_no_page_or_no_file_says_so(own_base: Base) -> None:
    travel, notes = chunk(own_base, "travel.pdf"), chunk(own_base, "notes.md")
    shown = pictures(own_base)
    with pytest.raises(PictureError) as failure:
        page(shown, "default", "notes.md", notes.id, (1, 1), [Wanted("Nothing")])
    assert failure.value.code == "format"
    with pytest.raises(PictureError) as failure:
        page(shown, "other", "travel.pdf", travel.id, (1, 1), [Wanted(MEALS)])
    assert failure.value.code == "gone"
    shutil.rmtree(own_base.docs)
    with pytest.raises(PictureError) as failure:
        page(shown, "default", "travel.pdf", travel.id, (2, 2), [Wanted(MEALS)])
    assert failure.value.code == "gone"


def test_the_folder_stays_small_and_what_is_used_stays_longest(base: Base) -> None:
    travel = chunk(base, "travel.pdf").id
    shown = pictures(base)
    keys = [page(shown, "default", "travel.pdf", travel, (2, 2), [Wanted(MEALS[:n])]).key for n in (20, 25, 30)]
    folder = base.folder / "pictures"
    for age, key in enumerate(keys):
        os.utime(folder / f"{key}.png", (1e9 + age, 1e9 + age))
    page(shown, "default", "travel.pdf", travel, (2, 2), [Wanted(MEALS[:20])])  # used again
    size = sum(place.stat().st_size for place in folder.glob("*.png"))
    page(pictures(base, max_bytes=size), "default", "travel.pdf", travel, (2, 2), [Wanted(MEALS)])
    left = {place.stem for place in folder.glob("*.png")}
    assert keys[0] in left
    assert keys[1] not in left
    assert {place.stem for place in folder.glob("*.json")} == left


def test_several_at_once_get_the_same_picture(base: Base) -> None:
    travel, found = chunk(base, "travel.pdf").id, []

    def show() -> None:
        found.append(page(pictures(base), "default", "travel.pdf", travel, (2, 2), [Wanted(MEALS)]))

    threads = [threading.Thread(target=show) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len({(one.key, one.png) for one in found}) == 1
    assert len(list((base.folder / "pictures").iterdir())) == 2
