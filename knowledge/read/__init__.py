"""A file in, a Document out. One module a format; this one chooses it, cleans what it says and puts it together.

Every reader is a generator of blocks, facts, problems and (PDF) page marks in reading order, so that a child process
can pass them on as they come (knowledge.read.pool) and a document that never ends can end partly read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from knowledge.errors import ReadError
from knowledge.files import sidecars
from knowledge.read import contents, endings, sections
from knowledge.read.about import Facts, not_read, stated
from knowledge.read.pages import Page
from knowledge.text import characters
from knowledge.text.words import language
from knowledge.types import Block, Document, Problem

_FORMATS = {  # the module that reads files with this suffix
    **{".pdf": "pdf", ".docx": "docx", ".txt": "text", ".text": "text"},
    **dict.fromkeys((".md", ".markdown", ".mdx"), "markdown"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
}
SUFFIXES = frozenset(_FORMATS)
MAX_BLOCKS = 400_000
_SIDECAR_BYTES = 65_536
_SAMPLE, _LEAST_SAMPLE = 4_000, 40  # characters that tell the language

Item = Block | Facts | Problem | Page


def read(path: Path, root: Path, *, password: str | None = None, ocr: bool = False) -> Document:
    """In this process, without limits of time or memory: for files one trusts. Raises ReadError."""
    return assemble(path, root, items(path, password=password, ocr=ocr))


def items(
    path: Path, *, password: str | None = None, ocr: bool = False, skip: frozenset[int] = frozenset()
) -> Iterator[Item]:
    """What the file says, piece by piece, cleaned. `skip`: PDF pages that are known to kill the reader."""
    count = 0
    try:
        for item in _reader(path, password, ocr, skip):
            if not isinstance(item, Block):
                yield item
            elif (block := characters.block(item)) is not None:
                count += 1
                if count > MAX_BLOCKS:
                    yield Problem("too_large", f"Only the first {MAX_BLOCKS} paragraphs were read. Split the file.")
                    return
                yield replace(block, section=sections.bounded(block.section))
    except OSError as error:
        raise ReadError(f"The file can't be opened ({error.strerror}). Check its permissions.") from error
    except RecursionError as error:
        raise ReadError("The file is nested too deeply. Check how it was made.", code="too_deep") from error


def _reader(path: Path, password: str | None, ocr: bool, skip: frozenset[int]) -> Iterator[Item]:
    """The items of the module that reads such a file; a format is loaded when a file of it comes."""
    name = _FORMATS.get(path.suffix.lower())
    if name is None:
        named = path.suffix.lower() or "No suffix"
        raise ReadError(f"{named} is not a format that is read. Convert it to PDF.", code="format")
    read_file = getattr(import_module(f"knowledge.read.{name}"), f"read_{name}")
    stream: Iterator[Item] = (
        read_file(path, password=password, ocr=ocr, skip=skip) if name == "pdf" else read_file(path)
    )
    return stream


def assemble(path: Path, root: Path, pieces: Iterable[Item]) -> Document:
    """A Document from a reader's items; a sidecar file's facts win. ReadError when nothing could be read."""
    blocks: list[Block] = []
    problems: dict[Problem, None] = {}
    facts = Facts()
    for item in pieces:
        if isinstance(item, Block):
            blocks.append(item)
        elif isinstance(item, Problem):
            problems[item] = None
        elif isinstance(item, Facts):
            facts = item.over(facts)
    blocks = contents.of_blocks(blocks) or blocks
    if not blocks:
        first = next(iter(problems), Problem("empty", "There is no text in it. Check the file."))
        raise ReadError(first.message, code=first.code)
    beside, trouble = _beside(path)
    facts = beside.over(facts)
    return Document(
        path=path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name,
        title=facts.title
        or next((top for top in blocks[0].section[:1] if not sections.numbered(top)), None)
        or characters.line(path.stem.replace("_", " "))
        or path.name,
        blocks=tuple(blocks),
        pages=facts.pages or 0,
        language=facts.language or _language(blocks),
        effective=facts.effective,
        until=facts.until or endings.named_so(path.stem, facts.title),
        version=facts.version,
        owner=facts.owner,
        problems=(*problems, *trouble),
        suspects=tuple(dict.fromkeys(facts.suspects or ())),
    )


def _beside(path: Path) -> tuple[Facts, list[Problem]]:
    """What the first sidecar that can be read states; a problem for each before it, and each row of it, that can't."""
    import yaml

    trouble: list[Problem] = []
    for place in sidecars(path):
        try:
            with place.open("rb") as stream:
                given = yaml.safe_load(stream.read(_SIDECAR_BYTES))
        except (OSError, ValueError, yaml.YAMLError, RecursionError):
            given = ""
        if isinstance(given, dict):
            return stated(given), trouble + [Problem("sidecar", f"{place.name}: {told}") for told in not_read(given)]
        if given is not None:  # an empty file states nothing
            message = f"{place.name} is not read: it must hold lines such as `title: Travel policy`. Correct it."
            trouble.append(Problem("sidecar", message))
    return Facts(), trouble


def _language(blocks: list[Block]) -> str | None:
    told_first = blocks[len(blocks) // 4 :] + blocks[: len(blocks) // 4]  # covers and contents say little
    sample = " ".join(block.text for block in told_first if block.kind != "code")[:_SAMPLE]
    return language(sample) if len(sample) >= _LEAST_SAMPLE else None
