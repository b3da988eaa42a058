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
from itertools import groupby, pairwise

from knowledge.text.injection import flag
from knowledge.text.sentences import spans
from knowledge.types import Block, BlockKind, Chunk, Document, PageSpan

SPLITTER = "section-sentence@5"  # change it whenever the same document would be cut otherwise
# words; a chunk is closed when the next piece would pass it; measured: policybot eval GOLD --retrieval
TARGET_WORDS = 80
MAX_WORDS = 160  # words; a longer piece is cut, by sentences and at last by words: 256 tokens hold it; guess
MIN_WORDS = 30  # words; a smaller rest joins the chunk before it; guess
WORD_CHARS = 12  # characters without a space that count as a word at least: Chinese, long identifiers; guess

_ENDED = re.compile(r"[.!?:;。][\"'”’)\]]*$")


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
    firm: bool = False  # goes on in the middle of a sentence: belongs to the piece before it


def split(
    document: Document,
    collection: str,
    *,
    target_words: int = TARGET_WORDS,
    max_words: int = MAX_WORDS,
    min_words: int = MIN_WORDS,
) -> list[Chunk]:
    """Chunks in reading order, none over several sections."""
    chunks: list[Chunk] = []
    occurrences: Counter[str] = Counter()
    opened: set[tuple[str, ...]] = set()
    for (section, anchor), blocks in groupby(document.blocks, key=lambda block: (block.section, block.anchor)):
        pieces = _pieces(list(blocks), max_words)
        for part in _packed(pieces, target_words, min_words):
            text, pages = _laid_out(part)
            kinds = {piece.kind for piece in part}
            if section and section not in opened:
                opened.add(section)
                if kinds != {"table"}:  # a table starts with its header row
                    text, pages = _headed(section[-1], text, pages)
            place = "\0".join((collection, document.path, "\x1f".join(section), text))
            key = hashlib.sha256(place.encode("utf-8", errors="replace")).hexdigest()[:28]
            occurrences[key] += 1
            chunks.append(
                Chunk(
                    id=key if occurrences[key] == 1 else f"{key}-{occurrences[key]}",
                    document=document.path,
                    title=document.title,
                    section=section,
                    ordinal=len(chunks),
                    text=text,
                    pages=pages,
                    anchor=anchor,
                    kind=kinds.pop() if len(kinds) == 1 else "text",
                    ocr=any(piece.ocr for piece in part),
                    flagged=flag(text),
                    effective=document.effective,
                    version=document.version,
                )
            )
    return chunks


def sentences(text: str) -> list[str]:
    """Sentences with the white space that follows them; joined they are the text."""
    starts = [0, *(start for start, _ in list(spans(text))[1:]), len(text)]
    return [text[start:end] for start, end in pairwise(starts) if start < end]


def _pieces(blocks: Sequence[Block], max_words: int) -> list[_Piece]:
    found: list[_Piece] = []
    for block in blocks:
        header = ""
        rows = block.text.split("\n") if block.kind != "text" else [block.text]
        if block.kind == "table" and len(rows) > 1:
            header = rows[0]
        for at, row in enumerate(rows):
            for n, part in enumerate(_short_enough(row, max_words)):
                before = found[-1] if found else None
                goes_on = (
                    at == n == 0
                    and before is not None
                    and before.kind == block.kind == "text"
                    and before.page != block.page
                    and not _ENDED.search(before.text)
                    and part[:1].islower()
                )
                joint = " " if n or goes_on else "\n"
                piece = _Piece(
                    part.strip() if block.kind != "code" else part,
                    _size(part),
                    block.page,
                    block.page_label,
                    block.kind,
                    joint,
                    header if at else "",
                    block.ocr,
                    goes_on,
                )
                found.append(piece)
    return found


def _short_enough(row: str, max_words: int) -> Iterator[str]:
    """A row or paragraph as it is, or its sentences when it is longer than a chunk may be."""
    if _size(row) <= max_words:
        yield row
        return
    for sentence in sentences(row):
        if _size(sentence) <= max_words:
            yield sentence
            continue
        words = sentence.split()
        for at in range(0, len(words), max_words):
            run, most = " ".join(words[at : at + max_words]), max_words * WORD_CHARS
            yield from (run[start : start + most] for start in range(0, len(run), most))


def _size(text: str) -> int:
    """Words, counted so that text without spaces has some too."""
    words = text.split()
    return max(len(words), sum(map(len, words)) // WORD_CHARS)


def _packed(pieces: Sequence[_Piece], target_words: int, min_words: int) -> list[list[_Piece]]:
    """Pieces into chunks: filled to the target, no tiny rest, a piece that goes on stays with its beginning."""
    parts: list[list[_Piece]] = []
    size = 0
    for piece in pieces:
        if parts and (size + piece.words <= target_words or (piece.firm and size + piece.words <= 2 * target_words)):
            parts[-1].append(piece)
            size += piece.words
        else:
            parts.append([piece])
            size = piece.words
            if piece.header and len(parts) > 1:
                parts[-1].insert(0, replace(piece, text=piece.header, words=len(piece.header.split()), joint="\n"))
                size += parts[-1][0].words
    at = 1
    while at < len(parts):
        small = sum(piece.words for piece in parts[at]) < min_words
        last = at == len(parts) - 1
        if small and last:
            rest = parts.pop(at)
            parts[at - 1] += rest[1:] if rest[0].text == rest[0].header else rest
            continue
        at += 1
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
