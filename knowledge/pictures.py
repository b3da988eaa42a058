"""Cited words in, pictures of their pages out: made once, kept in a folder of bounded size, forgotten by age of use.

A picture is known by the file's content, the page and the words; so a replaced file never shows an old page. Beside
each stands what the caller wants to keep with it, such as under which name it was uploaded. Any thread, any process:
what another is deleting or writing is made again. Knows no Slack and no answer.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from knowledge.catalog import Catalog
from knowledge.errors import PictureError
from knowledge.read.marks import Wanted
from knowledge.read.picture import DPI, Picture, picture

MAX_BYTES = 200_000_000  # of the folder: about 2,500 pages
FOUND = 0.5  # of the words' letters marked: enough to say that these are their pages; guess
PAGES = 2  # shown of one place
LARGEST = 300_000_000  # bytes of a file that is hashed


@dataclass(frozen=True, slots=True)
class Shown:
    """A page's picture. `found`: the cited words are marked on it. `key` names it for `note` and `noted`."""

    key: str
    png: bytes
    page: int
    found: bool


class Pictures:
    """Pictures of what a catalog's documents say. `passwords` by file name or path below its root, as in ingest."""

    def __init__(
        self, folder: Path, catalog: Catalog, passwords: Mapping[str, str], *, max_bytes: int = MAX_BYTES
    ) -> None:
        self._folder, self._catalog, self._passwords, self._max_bytes = folder, catalog, passwords, max_bytes

    def pages(
        self, collection: str, document: str, chunk_id: str, pages: tuple[int, int], wanted: Sequence[Wanted]
    ) -> list[Shown]:
        """Of `pages` (first, last) those on which the words stand, in order: two where they run on over a page's end.

        The first where they are found on none. Raises PictureError: codes of knowledge.read.picture, `format` for what
        is no PDF, `gone` where the file is not on this machine, `changed` where it says something else by now.
        """
        source = self._catalog.source(collection, document, chunk_id)
        if source is None:
            raise PictureError("The document is no longer part of the manual. Ingest it again.", code="gone")
        if source.path.suffix.lower() != ".pdf":
            raise PictureError("Only PDFs have pages that can be shown. Open the document.", code="format")
        drawn: list[tuple[Shown, bool]] = []  # with whether anything is marked on it
        left, marked = list(wanted), 0.0
        for number in range(pages[0], min(pages[1], pages[0] + 2) + 1):
            key = self._key(source.path, number, left)
            made = self._kept(key) or self._made(key, source.path, document, number, left)
            drawn.append((Shown(key, made.png, number, found=True), any(made.marked)))
            marked += sum(share * len(one.text) for one, share in zip(left, made.marked, strict=True))
            left = [Wanted(rest, after=one.after) for one, rest in zip(left, made.rests, strict=True)]
            if not any(one.text for one in left):
                break
        found = marked >= FOUND * sum(len(one.text) for one in wanted)
        if not found and not source.live:
            raise PictureError("The document has changed since, and the page with it. Open it.", code="changed")
        on_them = [shown for shown, any_marked in drawn if any_marked][:PAGES] or [drawn[0][0]]
        return [replace(shown, found=found) for shown in on_them]

    def noted(self, key: str) -> dict[str, Any]:
        """What was noted beside the picture; {} if nothing, or if it was forgotten."""
        with suppress(OSError, ValueError):
            kept = json.loads((self._folder / f"{key}.json").read_text())
            return dict(kept.get("noted") or {})
        return {}

    def note(self, key: str, **facts: Any) -> None:
        """Keep these beside the picture, as long as it is kept."""
        place = self._folder / f"{key}.json"
        with suppress(OSError, ValueError):
            kept = json.loads(place.read_text())
            self._write(place, json.dumps(kept | {"noted": {**kept.get("noted", {}), **facts}}).encode())

    def _key(self, path: Path, page: int, wanted: Sequence[Wanted]) -> str:
        words = json.dumps([DPI, page, [asdict(one) for one in wanted]]).encode()
        return f"{self._hash(path)[:32]}-{page}-{hashlib.sha256(words).hexdigest()[:16]}"

    def _hash(self, path: Path) -> str:
        try:
            about = path.stat()
            if about.st_size > LARGEST:
                raise PictureError("The file is too large to be drawn. Split it.", code="too_large")
            return _digest(path, about.st_size, about.st_mtime_ns)
        except OSError:
            raise PictureError("The file is not where it was ingested from. Put it back.", code="gone") from None

    def _kept(self, key: str) -> Picture | None:
        place = self._folder / f"{key}.png"
        with suppress(OSError, ValueError, KeyError, TypeError):
            about = json.loads(place.with_suffix(".json").read_text())
            kept = Picture(place.read_bytes(), tuple(map(float, about["marked"])), tuple(map(str, about["rests"])))
            os.utime(place)
            return kept
        return None

    def _made(self, key: str, path: Path, document: str, page: int, wanted: Sequence[Wanted]) -> Picture:
        password = self._passwords.get(document, self._passwords.get(path.name))
        made = picture(path, page, wanted, password=password)
        with suppress(OSError):  # a full disk keeps nothing; the picture is there all the same
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # what was noted: another may have drawn it meanwhile
            about = {"marked": made.marked, "rests": made.rests, "noted": self.noted(key)}
            self._write(self._folder / f"{key}.json", json.dumps(about).encode())
            self._write(self._folder / f"{key}.png", made.png)
            self._forget()
        return made

    def _write(self, place: Path, content: bytes) -> None:
        """All of it or nothing, whoever else writes or reads."""
        half = place.with_name(f".{place.name}.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            half.write_bytes(content)
            half.replace(place)
        finally:
            half.unlink(missing_ok=True)

    def _forget(self) -> None:
        """Delete what was not used for longest, until the folder is small enough."""
        kept = []
        for place in self._folder.glob("*.png"):
            with suppress(OSError):
                about = place.stat()
                kept.append((about.st_mtime_ns, about.st_size, place))
        total = sum(size for _, size, _ in kept)
        for _, size, place in sorted(kept):
            if total <= self._max_bytes:
                return
            with suppress(OSError):
                place.unlink()
                place.with_suffix(".json").unlink()
            total -= size


@lru_cache(200)
def _digest(path: Path, _size: int, _mtime_ns: int) -> str:
    """The hash of a file, read once as long as its size and time are these."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
