"""PDF in, blocks with pages out: pdfium reads; pypdf reads a page whose words pdfium glues, and mends broken files.

What is on a page is found here; what it means is decided by pure modules: pages (headers), contents, sections
(headings), flow (paragraphs, tables). Pages come out NEAR pages late, because headers are known by their neighbours.
Untrusted files belong in a child process (knowledge.read.pool): both libraries can be made to eat time and memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from io import BytesIO
from itertools import groupby, takewhile
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

from knowledge.errors import ReadError
from knowledge.read import contents, hyphens, notes, sections
from knowledge.read.about import Facts, in_opening, sensible_title, stated, without_author
from knowledge.read.columns import Columns
from knowledge.read.flow import flow, in_reading_order, words_of
from knowledge.read.notes import without_notes
from knowledge.read.pages import Line, Page, PageText, RunningLines, bands
from knowledge.read.pdf_lines import lines_of
from knowledge.read.tables import told
from knowledge.text.injection import suspects
from knowledge.types import Block, Problem

_MAX_PAGES = 20_000
_SMALL = 20  # pages
_GLUED = re.compile(r"[^\W\d_]{26,}")
_STRANGE = re.compile("[\ufffd\ue000-\uf8ff]")
_STATED_KEYS = ("Version", "Revision", "Effective", "EffectiveDate", "Owner", "Department", "Language")  # not standard
_NO_TEXT = "no text layer (scanned?). Run ingest with --ocr, or use a PDF with text"


def read_pdf(
    path: Path, *, password: str | None, ocr: bool, skip: frozenset[int]
) -> Iterator[Block | Facts | Problem | Page]:
    """Page by page what is read, the blocks, what the file states about itself, and what could not be read."""
    if path.stat().st_size == 0:
        raise ReadError("The file is empty. Nothing to do, or remove it.", code="empty")
    yield Page(0)
    raw.FPDF_LoadMemDocument(b"", 0, None)  # of a file without pages pdfium tells the last error: no other file's
    try:
        pdf = pypdfium2.PdfDocument(path, password=password)
    except pypdfium2.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            message = "The password is wrong. Correct it in POLICYBOT_PDF_PASSWORDS."
            if password is None:
                message = "The file is encrypted. Give its password in POLICYBOT_PDF_PASSWORDS, as NAME=PASSWORD."
            raise ReadError(message, code="encrypted") from error
        pdf = _mended(path, password)
    with closing(pdf):
        yield from _put_together(_Pages(pdf, path, password, ocr), skip)


def _mended(path: Path, password: str | None) -> Any:
    """The document of a file that pdfium can't open, as pypdf writes it anew: from its header on, with a catalog."""
    import pypdf

    data, whole = path.read_bytes(), BytesIO()
    given = BytesIO(data[max(0, data.find(b"%PDF-")) :])
    try:
        reader = pypdf.PdfReader(given, strict=False, password=password)
        if not reader.pages:  # which pdfium doesn't open either
            raise ReadError("The PDF has no pages. Check how it was made.", code="empty")
        pypdf.PdfWriter(clone_from=reader).write(whole)
        return pypdfium2.PdfDocument(whole, autoclose=True)
    except (ReadError, MemoryError):
        raise
    except Exception as error:  # pypdf raises anything on broken files
        name = type(error).__name__
        raise ReadError(f"This is no PDF that can be read ({name}). Check the file.") from error


def _put_together(source: _Pages, skip: frozenset[int]) -> Iterator[Block | Facts | Problem | Page]:
    count = len(source)
    yield Facts(pages=count)
    yield source.author
    running, heads, words = RunningLines(), sections.Sections(source.outline()), set[str]()
    joiner = _Blocks(heads, words)
    opening = _Opening()
    blank, failed = list[int](), list[int]()
    ready: list[PageText] = []
    whole = list[PageText]()  # of a file that is all headers and page numbers, everything is told
    for number in range(1, min(count, _MAX_PAGES) + 1):
        if number in skip:
            failed.append(number)
            continue
        yield Page(number)
        try:
            page = source.page(number)
        except (ReadError, MemoryError):
            raise
        except Exception:  # whatever a library raises on a page, the others go on
            failed.append(number)
            continue
        if not page.lines:
            if page.drawn:
                blank.append(number)
            continue
        opening.look(page)
        heads.weigh(page)
        words.update(words_of(page))
        ready += running.feed(page)
        if number <= _SMALL:
            whole.append(page)
        yield from joiner.blocks(ready)
    yield from joiner.blocks([*ready, *running.finish()], last=True)
    for page in whole if joiner.held is None else []:
        yield Block("\n".join(line.text for line in page.lines), (), page.number, page.label)
    yield source.facts.over(opening.facts(heads.body))
    if failed:
        yield Problem("page_failed", f"{_named(failed)} can't be read. Check the file, or print it to a new PDF.")
    if blank:
        yield Problem("no_text", f"{_named(blank)}: {_NO_TEXT}.")
    if count > _MAX_PAGES:
        yield Problem("too_large", f"Only the first {_MAX_PAGES} pages were read. Split the file.")


class _Opening:
    """What pages say about the document; the largest words of page 1 may be its title."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._size, self._largest = 0.0, ""
        self._suspects: dict[str, None] = {}

    def look(self, page: PageText) -> None:
        """Take a page that has lines."""
        self._suspects |= dict.fromkeys(suspects("\n".join(line.text for line in page.lines)))
        if page.number <= 3:
            rows = (" | ".join(line.text for line in band) for band in bands(page.lines))
            self._texts.append(notes.without_calls("\n".join(rows)))
        if page.number == 1:
            self._size = max(line.size for line in page.lines)
            runs = groupby(page.lines, key=lambda line: line.size == self._size)
            largest = [line.text for line in next(list(run) for most, run in runs if most)]
            is_heading = (sections.follows((), sections.numbered(text)) for text in largest[1:])
            more = [text for text, _ in takewhile(lambda one: not one[1], zip(largest[1:], is_heading, strict=True))]
            self._largest = " ".join([largest[0], *more])[:200]

    def facts(self, body: float) -> Facts:
        """What was stated; a title only where it is larger than the text's `body`."""
        large = self._size > body * 1.2 and len(self._largest) > 5
        title = sensible_title(notes.without_calls(self._largest)) if large else None
        stated = in_opening("\n".join(self._texts)[:6000])
        return stated.over(Facts(title=title, suspects=tuple(self._suspects) or None))


def _named(numbers: list[int]) -> str:
    """ "Pages 3, 5-9"."""
    in_a_row = groupby(enumerate(numbers), key=lambda placed: placed[1] - placed[0])
    runs = [[number for _, number in run] for _, run in in_a_row]
    listed = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs[:8])
    listed += ", ..." if len(runs) > 8 else ""
    return f"Page {listed}" if len(numbers) == 1 else f"Pages {listed}"


class _Blocks:
    """Pages into blocks; a table that goes on at the top of the next page gets its header row again."""

    def __init__(self, heads: sections.Sections, words: set[str]) -> None:
        self._heads, self._words = heads, words
        self._contents = False  # the page before was one of the contents
        self._table: tuple[str, Columns] | None = None  # header and columns, while a table is the last thing said
        self.held: Block | None = None  # the last one: the next page may end its last word

    def blocks(self, ready: list[PageText], *, last: bool = False) -> Iterator[Block]:
        """Of these pages; the last block comes with the next page, or as the document's `last`."""
        for block in self._found(ready):
            before, rest = self.held, block.text
            if before and before.page != block.page and before.kind == block.kind == "text":
                begun, rest = hyphens.mended(before.text, block.text, self._words)
                before = replace(before, text=begun)
            if before:
                yield before
            self.held = replace(block, text=rest)
        if last and self.held:
            yield self.held

    def _found(self, ready: list[PageText]) -> Iterator[Block]:
        for raw_page in ready:
            page, titles = contents.of_page(in_reading_order(raw_page), goes_on=self._contents)
            self._contents = bool(titles)
            self._heads.contents(titles)
            page, page_notes = without_notes(page, self._heads.body, self._words)
            at = 0
            for heading in [*self._heads.find(page), None]:
                end = heading.start if heading else len(page.lines)
                if end > at:
                    for text, kind, columns in flow(page, page.lines[at:end], self._words):
                        rows = self._with_header(text, columns)
                        if columns and rows is text:
                            rows, kind = told(text.split("\n"), columns.names_first)
                        block_text = notes.attached(rows, page_notes)
                        yield Block(block_text, self._heads.path.section, page.number, page.label, kind, ocr=page.ocr)
                if heading:
                    self._heads.enter(replace(heading, title=notes.without_calls(heading.title)))
                    self._table = None
                    if called := notes.calls_in(heading.title):
                        block_text = notes.attached(called, page_notes)
                        yield Block(block_text, self._heads.path.section, page.number, page.label)
                    at = max(at, heading.end)
        ready.clear()

    def _with_header(self, text: str, columns: Columns | None) -> str:
        """`text`, below the header of the table before it if it is that table's next part and has none."""
        before, self._table = self._table, None
        if columns and (part := columns.table):
            old = before[1] if before and before[1].may_go_on(columns) else None
            if old and old.table and part.after(old.table, headed=old.headed, is_next=old.go_on(columns)):
                columns = replace(columns, headed=old.headed)
                text = text if (rows := "\n".join(part.rows)) == text else rows
            self._table = text.split("\n", 1)[0], columns
            return text
        if columns and before and before[1].go_on(columns):
            self._table = before[0], replace(before[1], foot=columns.foot)
            return text if text.startswith(before[0]) else f"{before[0]}\n{text}"
        if columns and columns.headed:
            self._table = text.split("\n", 1)[0], columns
        return text


class _Pages:
    """pdfium, with pypdf for a page whose words are glued and tesseract for a page without text."""

    def __init__(self, pdf: Any, path: Path, password: str | None, ocr: bool) -> None:
        self._pdf, self._path, self._password, self._ocr = pdf, path, password, ocr
        self._second: Any = None  # pypdf's reader, made for the first page that needs it
        self._second_failed = False
        with suppress(Exception):
            pdf.init_forms()
        try:
            given = pdf.get_metadata_dict(skip_empty=True)
            more = {key: pdf.get_metadata_value(key) for key in _STATED_KEYS}
            self.author, self.facts = _info(given | {key: value for key, value in more.items() if value})
        except Exception:  # broken files make it raise anything; a document without stated facts is still read
            self.author = self.facts = Facts()

    def __len__(self) -> int:
        return len(self._pdf)

    def outline(self) -> Mapping[int, list[sections.Bookmark]]:
        bookmarks: dict[int, list[sections.Bookmark]] = {}
        with suppress(Exception):  # half an outline is better than none
            for bookmark in self._pdf.get_toc(max_depth=12):
                dest = bookmark.get_dest()
                index = dest.get_index() if dest else None
                if index is None:
                    continue
                mode, view = dest.get_view()
                y = {1: 1, 3: 0, 7: 0, 5: 3}.get(mode)  # XYZ, FitH, FitBH, FitR: where in `view` the top is
                height = view[y] if y is not None and len(view) > y and view[y] else None
                if contents.LEADER.match(title := bookmark.get_title()):
                    continue  # some outlines list the lines of the contents page, too
                bookmarks.setdefault(index + 1, []).append(sections.Bookmark(bookmark.level, title, height))
        return bookmarks

    def page(self, number: int) -> PageText:
        page = self._pdf[number - 1]
        try:
            label = self._pdf.get_page_label(number - 1) or None
            width, height = page.get_size()
            lines = lines_of(page)
            if _poor(lines) and (other := self._lines_by_pypdf(number)) and _score(other) > _score(lines):
                lines = other
            needs_ocr = not lines and self._ocr
            if needs_ocr:
                from knowledge.read.picture import ocr_lines

                lines = ocr_lines(page)
            drawn = bool(lines) or next(page.get_objects(max_depth=1), None) is not None
            if not drawn and (other_page := self._by_pypdf(number)) and (stream := other_page.get_contents()):
                stream.get_data()  # pdfium shows what it can't unpack as an empty page; this raises
            return PageText(number, label, width, height, tuple(lines), needs_ocr and bool(lines), drawn)
        finally:
            page.close()

    def _by_pypdf(self, number: int) -> Any:
        """The page as pypdf opens it; None in a file that pypdf can't read."""
        if self._second_failed:
            return None
        try:
            if self._second is None:
                import pypdf

                self._second = pypdf.PdfReader(self._path, strict=False, password=self._password)
            return self._second.pages[number - 1]
        except Exception:  # it raises anything on broken files; then the first reader's text stands
            self._second_failed = True
            return None

    def _lines_by_pypdf(self, number: int) -> list[Line]:
        """The page's lines without places on it; none of a page that pypdf can't read."""
        page = self._by_pypdf(number)
        try:
            rows = page.extract_text().splitlines() if page else []
        except Exception:  # as above
            self._second_failed = True
            return []
        tops = range(779, 779 - 12 * len(rows), -12)
        return [
            Line(" ".join(row.split()), 50, top - 11, 50 + 5.0 * len(row), top)
            for row, top in zip(rows, tops, strict=True)
            if row.strip()
        ]


def _info(given: Mapping[Any, Any]) -> tuple[Facts, Facts]:
    """Who wrote it down, which counts least, and what the document information states."""
    subject = str(given.get("Subject") or given.get("/Subject") or "")
    texts = {str(key): str(value) for key, value in given.items()}
    return Facts(owner=stated(texts).owner), without_author(texts).over(in_opening(subject))


def _poor(lines: list[Line]) -> bool:
    """Whether the text shows signs of words run together or of characters without meaning."""
    text = "".join(line.text for line in lines)
    strange, glued = _bad(text)
    return strange > len(text) * 0.2 or glued > len(text) * 0.08


def _score(lines: list[Line]) -> float:
    text = " ".join(line.text for line in lines)
    return len(text.replace(" ", "")) - 2 * sum(_bad(text))


def _bad(text: str) -> tuple[int, int]:
    """How many characters have no meaning, and how many stand in words run together."""
    return len(_STRANGE.findall(text)), sum(map(len, _GLUED.findall(text)))
