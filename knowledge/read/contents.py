"""Contents lists, which are no text: lines that dots or a gap lead to their page, and lists that name headings. Pure.

A list that no page numbers tell is one where it is called so and names headings of its document: "Contents" of a
first-aid box are none.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from knowledge.read.labels import fold, label_list
from knowledge.read.pages import PageText, bands, text_of
from knowledge.read.sections import bare
from knowledge.text.words import squeezed
from knowledge.types import Block

LEADER = re.compile(r"^(.*?)(?:\s*[.…·_‥]){4,}\s*((?:[A-Za-z0-9]{0,3}[-–‑.])?\d{0,4}|[A-Za-z]{1,3}|[ivxlc]+)$", re.I)
_ENDS_IN_PAGE = re.compile(r"^(.*\D)\s(?:[A-Za-z0-9]{1,2}[-–‑])?(?:\d{1,4}|[ivxlc]{1,6})$")
_DOTS = r"(?:[.…·_‥]\s{0,3}){4}"
_LED = re.compile(rf"{_DOTS}(?:\d{{1,4}}|[ivxlc]{{1,6}})\b", re.I)
_BLANK = re.compile(r"(?:[.…·_‥]\s*){3,}")
_PAGE = re.compile(r"(?<![-–‑.\d])(\d{1,4})$")
_BEGINS_IN_PAGE = re.compile(r"^(\d{1,4})[ |]+[^\W\d_]")
_NUMBER_BEFORE = re.compile(r"^ *(?:[-*•] |\d{1,4}(?=[ |]))[ |]*")
_FEWEST = 3  # lines of a contents list; guess
_LONGEST = 200  # characters of one; guess
_WORDS_A_LINE = 15  # of a contents list in one paragraph, on average; guess


def of_page(page: PageText, *, goes_on: bool = False) -> tuple[PageText, list[str]]:
    """The page without a contents list, and the titles that stood in it. `goes_on`: the page before had one."""
    found = bands(page.lines)
    texts = [text_of(band) for band in found]
    titles: list[str] = []
    gone: set[int] = set()
    named = goes_on or any(map(is_name, texts[:6]))
    leaders = [None if _is_filled_in(text) else LEADER.match(text) for text in texts]
    ends = [_ENDS_IN_PAGE.match(text) for text in texts]
    many = sum(map(bool, leaders)) >= max(4, len(found) // 4)
    listed_on = [text for text, *row in zip(texts, leaders, ends, strict=True) if any(row)]
    is_list = named and len(listed_on) >= max(3, len(found) // 2) and _ascend(listed_on)
    rows = [match or (end if is_list else None) for match, end in zip(leaders, ends, strict=True)]
    for at, (band, match) in enumerate(zip(found, rows, strict=True)):
        near = any(rows[at : at + 3]) and texts[at][-1] not in ".!?"  # a title of two lines; the heading above
        if match or ((many or is_list) and (near or (named and any(rows[at:])))):
            gone.update(id(line) for line in band)
        if match and match[1].strip():
            titles.append(match[1].strip())
    if not gone:
        return page, []
    return replace(page, lines=tuple(line for line in page.lines if id(line) not in gone)), titles


def of_blocks(blocks: Sequence[Block]) -> list[Block]:
    """The blocks of a document without its contents lists and what these are called."""
    titles = {bare(block.section[-1]) for block in blocks if block.section}
    kept: list[Block] = []
    at = 0
    while at < len(blocks):
        block = blocks[at]
        called = is_name(block.text)
        headed = bool(block.section) and is_name(block.section[-1])
        end = at + called
        rows = list[str]()
        while end < len(blocks) and (found := _rows(blocks[end], titles, named=called or headed)):
            rows += found
            end += 1
        end = max(end, at + 1)
        if not _is_contents(rows, titles, named=called or headed):
            kept += map(_under_none, blocks[at:end])
        at = end
    return kept


def is_list_of_links(element: Any, section: Sequence[str]) -> bool:
    """Whether an HTML element is a list of links to places on its page, called so or as the places are.

    One that a sentence leads in to ("We have three grades:") is said.
    """
    if element.tag not in ("ul", "ol"):
        return False
    before, around = element.getprevious(), element.getparent()
    lead = "".join(before.itertext()) if before is not None and before.tag == "p" else ""
    lead += (around.text if before is None and around is not None else getattr(before, "tail", "")) or ""
    links = [link for link in element.iter("a") if re.match("#.", link.get("href") or "")]
    said = [" ".join(one.itertext()).split() for one in links]
    is_all = [word for words in said for word in words] == " ".join(element.itertext()).split()
    alike = sum(squeezed(link.get("href")) == squeezed("".join(link.itertext())) for link in links)  # "#late-arrival"
    named = is_name(lead) or any(map(is_name, section[-1:]))
    tells_nothing = named or (2 * alike >= len(links) and not lead.strip().endswith(":"))
    return len(links) >= _FEWEST and is_all and tells_nothing


def _under_none(block: Block) -> Block:
    """The block, not under a contents list that stands above its heading."""
    above = tuple(heading for heading in block.section[:-1] if not is_name(heading))
    return replace(block, section=above + block.section[-1:])


def _rows(block: Block, titles: set[str], *, named: bool) -> list[str]:
    """The block's lines, if each may be one of a contents list."""
    if block.kind == "code":
        return []
    led = _LED.findall(block.text)
    if len(led) >= _FEWEST and len(block.text.split()) <= _WORDS_A_LINE * len(led):
        return led
    rows = block.text.split("\n")
    may_be = all(
        len(row) <= _LONGEST
        and (
            _LED.search(row)
            or (named and (_ENDS_IN_PAGE.match(row) or _BEGINS_IN_PAGE.match(row) or _title(row) in titles))
        )
        for row in rows
    )
    return rows if may_be else []


def _is_contents(rows: Sequence[str], titles: set[str], *, named: bool) -> bool:
    led = sum(_LED.search(row) is not None for row in rows)
    known = sum(_title(row) in titles for row in rows)
    in_order = _ascend(rows) and bool(known or not any(map(_BEGINS_IN_PAGE.match, rows)))
    return len(rows) >= _FEWEST and (led == len(rows) or (named and (2 * known >= len(rows) or in_order)))


def _title(row: str) -> str:
    """What a line of a contents list calls a heading, as titles are compared."""
    end = _ENDS_IN_PAGE.match(row)
    return bare(_NUMBER_BEFORE.sub("", re.split(_DOTS, end[1] if end else row)[0]).strip())


def _ascend(rows: Sequence[str]) -> bool:
    """Whether they end in or begin with numbers that rise as pages do; behind it, a list of figures may begin again."""
    numbers = [int(page[1]) for row in rows if (page := _PAGE.search(row) or _BEGINS_IN_PAGE.match(row))]
    return 4 * sum(two < one for one, two in pairwise(numbers)) <= len(numbers)


def is_name(text: str) -> bool:
    """Whether contents lists are called so."""
    return fold(text.strip().rstrip(":")) in label_list("contents")


def _is_filled_in(text: str) -> bool:
    """Whether it is a line of a form with something in it: "Name: ____ Anna Weber ____"."""
    parts = [part.strip() for part in _BLANK.split(text)]
    filled = [bool(part) and part[-1] != ":" for part in parts]
    between = "___" in text and any(filled[1:-1])  # "Signed by ____ Anna ____"
    return between or (any(part.endswith(":") for part in parts[:-1]) and any(filled[1:]))
