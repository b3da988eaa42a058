"""A Document in, Chunks out: pieces of one section, cut between paragraphs, list items, table rows or sentences.

A chunk's id is made from collection, path, section, text and which of several equal ones it is: text that did not
change keeps its id whatever happens elsewhere in the document. Every character is mapped to its page. Pure.
Knows no file format, no embedder and no index.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby, pairwise

from knowledge.text.injection import Marker, flag
from knowledge.text.quotable import is_headed
from knowledge.text.sentences import row_cells, spans
from knowledge.text.words import data_file, word_lists
from knowledge.types import Block, BlockKind, Chunk, Document, PageSpan

SPLITTER = "section-sentence@10"  # change it whenever the same file would be read or cut otherwise
# words; a chunk is closed when the next piece would pass it; measured: policybot eval GOLD --retrieval
TARGET_WORDS = 80
MAX_WORDS = 160  # words; a longer piece is cut, by sentences and at last by words: 256 tokens hold it; guess
MIN_WORDS = 30  # words; a smaller rest joins the chunk before it; guess
STUB_WORDS = 8  # words below a heading; fewer say nothing alone and join what follows, if of its section; guess
RULE_WORDS = 4  # words of a sentence that says something alone: "Quiet is from 22:00."; guess
LEAD_WORDS = 60  # words; a paragraph that ends in ":" is not parted from the list or table below it; guess
TABLE_ROWS = 12  # rows of a table that stays in one chunk; guess
_OPENING = 200  # characters in which a paragraph says that it is an exception; guess
WORD_CHARS = 12  # characters without a space that count as a word at least: Chinese, long identifiers; guess

_ENDED = re.compile(r"[.!?:;。][\"'”’)\]]*$")
_STATED = re.compile(r"[.!。][\"'”’)\]]*$")
_BLANK = re.compile(r" ?(?:_{3,}|[.…]{5,}) ?")  # to be filled in by hand


@dataclass(frozen=True, slots=True)
class _Piece:
    """The smallest text that is never cut."""

    text: str
    words: int
    page: int | None
    label: str | None
    kind: BlockKind
    joint: str  # what stands between the piece before it and this one; " " and "" must not be cut at
    header: str = ""  # of the table it is a row of
    ocr: bool = False
    near: bool = False  # never parted from the piece before it: its exception, what it leads to, its sentence's end


_NOTHING = _Piece("", 0, None, None, "text", "")  # what stands before the first


def split(document: Document, collection: str) -> list[Chunk]:
    """Chunks in reading order, none over several sections; a stub stands before what follows it."""
    chunks: list[Chunk] = []
    occurrences: Counter[str] = Counter()
    marker = Marker(document.suspects)
    title = document.path if flag(document.title) else document.title
    for draft in _drafts(document.blocks):
        place = "\0".join((collection, document.path, "\x1f".join(draft.section), draft.text))
        key = hashlib.sha256(place.encode("utf-8", errors="replace")).hexdigest()[:28]
        occurrences[key] += 1
        chunks.append(
            Chunk(
                id=key if occurrences[key] == 1 else f"{key}-{occurrences[key]}",
                document=document.path,
                title=title,
                section=tuple(heading for heading in draft.section if not flag(heading)),  # shown as the source
                ordinal=len(chunks),
                text=draft.text,
                pages=draft.pages,
                anchor=draft.anchor,
                kind=draft.kind,
                ocr=draft.ocr,
                flagged=marker.spans(draft.text),
                effective=document.effective,
                until=document.until,
                version=document.version,
                owner=document.owner,
                language=document.language,
            )
        )
    return chunks


@dataclass(frozen=True, slots=True)
class _Draft:
    """A chunk in the making."""

    section: tuple[str, ...]
    anchor: str | None
    text: str
    pages: tuple[PageSpan, ...]
    kind: BlockKind
    ocr: bool

    def before(self, other: _Draft) -> _Draft:
        """The other with this one in front of it."""
        shift = len(self.text) + 1
        pages = [*self.pages, *(replace(span, start=span.start + shift) for span in other.pages)]
        once = [span for at, span in enumerate(pages) if not at or span.page != pages[at - 1].page]
        text, kind = f"{self.text}\n{other.text}", self.kind if self.kind == other.kind else "text"
        return replace(other, text=text, pages=tuple(once), kind=kind, ocr=self.ocr or other.ocr)


def _drafts(blocks: Sequence[Block]) -> Iterator[_Draft]:
    opened: set[tuple[str, ...]] = set()
    stub: _Draft | None = None
    for (section, anchor), group in groupby(blocks, key=lambda block: (block.section, block.anchor)):
        for part in _packed(_pieces(list(group))):
            text, pages = _laid_out(part)
            kinds = {piece.kind for piece in part}
            if section and section not in opened:
                opened.add(section)
                if kinds != {"table"}:  # a table starts with its header row
                    text, pages = _headed(section[-1], text, pages)
            kind = kinds.pop() if len(kinds) == 1 else "text"
            draft = _Draft(section, anchor, text, pages, kind, any(piece.ocr for piece in part))
            if stub is not None and section[: len(stub.section)] == stub.section:
                draft = stub.before(draft)
            elif stub is not None:
                yield stub
            stub = None
            if _is_stub(part):
                stub = draft
            else:
                yield draft
    if stub is not None:
        yield stub


def _is_stub(part: Sequence[_Piece]) -> bool:
    """Whether it says nothing alone; a short rule does, and must not be cited under the next heading."""
    words = sum(piece.words for piece in part)
    return words < STUB_WORDS and (words < RULE_WORDS or not _STATED.search(part[-1].text))


def sentences(text: str) -> list[str]:
    """Sentences with the white space that follows them; joined they are the text."""
    starts = [0, *(start for start, _ in list(spans(text))[1:]), len(text)]
    return [text[start:end] for start, end in pairwise(starts) if start < end]


def _pieces(blocks: Sequence[Block]) -> list[_Piece]:
    pieces: list[_Piece] = []
    for block in blocks:
        text = without_leftovers(block.text) if block.kind != "code" else block.text
        rows = text.split("\n") if block.kind != "text" else [text]
        header = rows[0] if block.kind == "table" and is_headed([*map(row_cells, rows)]) else ""
        small = block.kind == "table" and len(rows) <= TABLE_ROWS + bool(header) and _size(text) <= 2 * MAX_WORDS
        for at, row in enumerate([[text]] if small else map(_short_enough, filter(None, rows))):
            for n, part in enumerate(row):
                before, starts = pieces[-1] if pieces else _NOTHING, at == n == 0
                goes_on = starts and before.kind == block.kind == "text" and before.page != block.page
                goes_on = goes_on and not _ENDED.search(before.text) and part[:1].islower()
                leans = before.kind != "code" and block.kind != "table" and _is_exception(part)
                leads = before.words <= LEAD_WORDS and before.text.endswith(":")
                apart = starts and header and before.kind == "table"  # two tables
                piece = _Piece(
                    part.strip() if block.kind in ("text", "table") else part.rstrip(),
                    _size(part),
                    block.page,
                    block.page_label,
                    block.kind,
                    " " if n or goes_on else "\n\n" if apart else "\n",
                    header if at else "",
                    block.ocr,
                    (leads and starts and block.kind != "text")
                    or ((leans or goes_on) and before.words + _size(part) <= MAX_WORDS),
                )
                pieces.append(piece)
    return pieces


def _short_enough(row: str) -> Iterator[str]:
    """A row or paragraph as it is, or its sentences when it is longer than a chunk may be."""
    if _size(row) <= MAX_WORDS:
        yield row
        return
    for sentence in sentences(row):
        if _size(sentence) <= MAX_WORDS:
            yield sentence
            continue
        words = sentence.split()
        for at in range(0, len(words), MAX_WORDS):
            run, most = " ".join(words[at : at + MAX_WORDS]), MAX_WORDS * WORD_CHARS
            yield from (run[start : start + most] for start in range(0, len(run), most))


def _size(text: str) -> int:
    """Words, counted so that text without spaces has some too."""
    words = text.split()
    return max(len(words), sum(map(len, words)) // WORD_CHARS)


def _packed(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Pieces into chunks: filled to the target, no tiny rest, a table with what stands around it where both fit."""
    parts, units, size = list[list[_Piece]](), list[list[_Piece]](), 0
    for piece in pieces:
        if piece.near and units:
            units[-1].append(piece)
        else:
            units.append([piece])
    for unit in units:
        words, first, last = sum(piece.words for piece in unit), unit[0], parts[-1][-1] if parts else unit[0]
        most = MAX_WORDS if "table" in (last.kind, first.kind) else TARGET_WORDS  # its lead-in, what is said of it
        if parts and size + words <= most:
            parts[-1] += unit
            size += words
        else:
            parts.append(list(unit))
            size = words
            if first.header and len(parts) > 1:
                parts[-1].insert(0, replace(first, text=first.header, words=len(first.header.split()), joint="\n"))
                size += parts[-1][0].words
    if len(parts) > 1 and sum(piece.words for piece in parts[-1]) < MIN_WORDS:
        rest = parts.pop()
        parts[-1] += rest[1:] if rest[0].text == rest[0].header else rest
    return parts


def _headed(heading: str, text: str, pages: tuple[PageSpan, ...]) -> tuple[str, tuple[PageSpan, ...]]:
    """The text below its heading, as it stands in the document: some rules are said in the heading alone."""
    shift = len(heading) + 1
    return f"{heading}\n{text}", pages[:1] + tuple(replace(span, start=span.start + shift) for span in pages[1:])


def _laid_out(part: Sequence[_Piece]) -> tuple[str, tuple[PageSpan, ...]]:
    text = ""
    pages: list[PageSpan] = []
    for piece in part:
        if text:
            text += piece.joint
        if piece.page is not None and (not pages or pages[-1].page != piece.page):
            pages.append(PageSpan(len(text), piece.page, piece.label))
        text += piece.text
    return text, tuple(pages)


def without_leftovers(text: str) -> str:
    """The text without what a template left in it, line by line; a line that is nothing else is gone."""
    rows = (_kept(row) for row in text.split("\n"))
    return "\n".join(row for row in rows if row.strip())


def _kept(row: str) -> str:
    line, prompt = _leftovers()
    return "" if line.fullmatch(row) else prompt.sub("", _BLANK.sub(" ", row))


@cache
def _leftovers() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What a template left in a text: a line that is nothing else, and prompts anywhere in a line."""
    listed = {name: "|".join(patterns) for name, patterns in data_file("knowledge.ingest", "leftovers_en.toml").items()}
    line = rf"[\W\d]*(?:{listed['lines']})\W*|\W*(?:{listed['brackets']})\W*"
    return re.compile(line, re.I), re.compile(listed["prompts"], re.I)


def _is_exception(text: str) -> bool:
    """Whether a paragraph or item begins by saying for whom or when the one before it does not hold."""
    return _exception().search(text[:_OPENING].casefold().replace("’", "'")) is not None


@cache
def _exception() -> re.Pattern[str]:
    said, opens = ("|".join(word_lists("knowledge.text.lists")[name]) for name in ("exceptions", "exceptions_open"))
    return re.compile(rf"^\W*(?:\w[.)]\s+)?(?:{opens})\b|\b(?:{said})\b")
