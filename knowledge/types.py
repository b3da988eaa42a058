"""The words of the knowledge base as plain frozen data: document, block, chunk, passage, query.

Nothing here knows a vendor, a file format, a database or a clock.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Literal, NamedTuple

_OWN_MARKER = re.compile(r"\[(\d{1,3})\]")  # of a text that cites
BlockKind = Literal["text", "list", "table", "code"]

DRAFT = date.min + timedelta(days=1)  # the last day of what nobody has approved


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a document, or a part of it, could not be read. `code` is stable; `message` ends with the next step."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, list, table or code listing in reading order. Headings are not blocks: they are `section`."""

    text: str
    section: tuple[str, ...] = ()  # headings from the top, without the document title
    page: int | None = None  # 1-based physical index; None where the format has no pages
    page_label: str | None = None  # what is printed on that page
    kind: BlockKind = "text"
    anchor: str | None = None  # id of the nearest heading, for links into HTML and Markdown
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A file at one revision, read. `path` is relative to the ingested root and uses "/"."""

    path: str
    title: str
    blocks: tuple[Block, ...]
    pages: int  # physical pages; 0 where the format has none
    language: str | None = None  # ISO 639-1
    effective: date | None = None  # from when this edition applies
    until: date | None = None  # the last day on which it applies; date.min: it says only that it no longer does
    version: str | None = None  # edition as the document states it
    owner: str | None = None
    problems: tuple[Problem, ...] = ()  # non-empty: partly read ("partial")
    suspects: tuple[str, ...] = ()  # sentences of the file that read like instructions to a model


@dataclass(frozen=True, slots=True)
class PageSpan:
    """From character `start` of a chunk's text on, the text stands on this page."""

    start: int
    page: int
    label: str | None


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is stored, embedded and ranked. `id` depends on content and place only, so unchanged text keeps its id."""

    id: str
    document: str  # Document.path
    title: str  # Document.title
    section: tuple[str, ...]
    ordinal: int  # 0-based position in the document
    text: str  # without the heading prefix
    pages: tuple[PageSpan, ...] = ()  # ascending by start; () where the format has no pages
    anchor: str | None = None
    kind: BlockKind = "text"
    ocr: bool = False
    flagged: tuple[tuple[int, int], ...] = ()  # character ranges that read like instructions to a model
    effective: date | None = None
    until: date | None = None
    version: str | None = None
    owner: str | None = None
    language: str | None = None  # ISO 639-1

    @property
    def prefix(self) -> str:
        """`title > section`: what is put in front of the text for embedding and BM25, and never shown as text."""
        return " > ".join((self.title, *self.section))


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk as it was retrieved for a query."""

    chunk_id: str  # of the chunk that matched best
    document: str
    title: str
    section: tuple[str, ...]
    text: str
    score: float  # fused; comparable within one result list only
    pages: tuple[PageSpan, ...] = ()
    anchor: str | None = None
    similarity: float | None = None  # cosine of the query and the matched chunk; None while its vector is pending
    lexical: float = 0.0  # share of the query's term weight (idf) that occurs in the passage, 0..1
    flagged: tuple[tuple[int, int], ...] = ()
    effective: date | None = None
    until: date | None = None
    version: str | None = None
    ocr: bool = False
    ordinal: int = 0  # the matched chunk's position in its document
    owner: str | None = None  # who answers for the document
    language: str | None = None  # ISO 639-1
    collection: str = ""  # that it was found in
    standing: str = ""  # of its edition, where it is not simply in force: "edition 2024", "from 2027-01-01"

    @property
    def edition(self) -> str | None:
        """The edition as the document states it, "version 3, effective 2026-01-01"; None where it states none."""
        version = f"version {self.version}" if self.version else ""
        effective = f"effective {self.effective.isoformat()}" if self.effective else ""
        return ", ".join(filter(None, (version, effective, told_end(self.until)))) or None

    @property
    def heading(self) -> str:
        """Where it stands, for a model's eyes: "Travel policy > Hotels, page 4, version 2, effective 2026-01-01"."""
        path = [self.title, *(part for n, part in enumerate(self.section) if n or part != self.title)]
        page = self.page_at(0)
        where = [" > ".join(path), f"page {page.label or page.page}" if page else "", self.edition or ""]
        return ", ".join(part for part in where if part)

    @property
    def for_model(self) -> str:
        """The text less what reads like orders to a model, and with its own "[4]" as "(4)", no marker."""
        text = self.text
        for start, end in sorted(self.flagged, reverse=True):
            text = text[:start] + "..." + text[end:]
        return _OWN_MARKER.sub(r"(\1)", text)

    def page_at(self, offset: int) -> PageSpan | None:
        """The page on which the character at `offset` stands; None where the format has no pages."""
        page = None
        for span in self.pages:
            if span.start > offset and page is not None:
                break
            page = span
        return page


def passage_of(
    chunk: Chunk, *, score: float, similarity: float | None, lexical: float, collection: str = ""
) -> Passage:
    """The chunk as it was found."""
    same: dict[str, Any] = {name: getattr(chunk, name) for name in _OF_BOTH}
    return Passage(
        **same, chunk_id=chunk.id, score=score, similarity=similarity, lexical=lexical, collection=collection
    )


_OF_BOTH = tuple({one.name for one in fields(Passage)} & {one.name for one in fields(Chunk)})


@dataclass(frozen=True, slots=True)
class Query:
    """What to look for. Several weighted texts (question, history + question, rewrite) are fused into one ranking."""

    texts: tuple[tuple[str, float], ...]  # (text, weight > 0); the first is the user's own question
    collection: str = "default"
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A ranking and what it was made from."""

    passages: tuple[Passage, ...]  # best first
    generation: int  # of the live index the ranking came from
    vectors_pending: int = 0  # chunks of the collection that are searchable by words only, so far
    rarest: float = 0.0  # how rare the rarest word of the question is in the collection (search.lexical.Matches)
    reworded: Mapping[str, str] = field(default_factory=dict)  # words as searched for: spelling, city
    added: tuple[tuple[str, float], ...] = ()  # texts searched beside those of the query, with weights: the glossary's
    trouble: str = ""  # why vectors could not be had, so that words alone chose; for operators: it names the server
    unknown: frozenset[str] = frozenset()  # words of the question that stand nowhere, in no form; in small letters


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Parts of a chunk's text, a row and its header say, whose nearness to a question is asked."""

    chunk_id: str  # "" to have the text read although something may be kept
    spans: tuple[tuple[int, int], ...]  # characters of the chunk's text
    text: str  # what to read instead where nothing is kept of the chunk: the parts behind their heading


class Nearness(NamedTuple):
    """How near a text is to a question in meaning, cosines at most 1; whether it answers it."""

    whole: float  # cosine of the two
    weakest: float  # of the question's telling words, that which is nearest to no word of the text
    mean: float = 0.0  # of these words, each with the word of the text that is nearest to it
    words: tuple[tuple[int, float], ...] = ()  # of each: where it begins in the question, and how near that is
    answers: float | None = None  # log-odds that the text answers it; None where no judge read both


@dataclass(frozen=True, slots=True)
class FileReport:
    """One line of an ingest report."""

    path: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did, as the machine interface states it. Counts are documents unless named otherwise."""

    added: int = 0
    unchanged: int = 0
    replaced: int = 0
    renamed: int = 0
    removed: int = 0
    partial: tuple[FileReport, ...] = ()
    failed: tuple[FileReport, ...] = ()
    flagged: tuple[tuple[str, int | None], ...] = ()  # (document, page)
    pages: int = 0
    chunks: int = 0
    searchable: int = 0  # documents live in the collection afterwards
    seconds: float = 0.0
    notes: tuple[str, ...] = field(default=())  # e.g. files gone from disk that --prune would remove


def told_end(until: date | None) -> str:
    """ "until 2025-12-31", "draft"; "" where no end is stated."""
    of_none = {None: "", date.min: "no longer in force", DRAFT: "draft"}
    return of_none.get(until, f"until {until}")


@lru_cache(1024)
def edition_order(effective: date | None, version: str | None) -> tuple[date, tuple[tuple[int, str], ...]]:
    """Sorts older before newer: by date, what has none first; then by version, "10.2" after "9"."""
    parts = re.findall(r"\d+|[a-z]+", (version or "").lower())
    return effective or date.min, tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
