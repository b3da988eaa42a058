"""Files on disk as ingest sees them: which there are, and by what they are recognised. Reads no content but to hash.

A file's sidecar (`manual.pdf.yaml` or `manual.yaml` beside `manual.pdf`) belongs to it: it counts in size, time, hash.
"""

import hashlib
import os
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

# What a child that reads documents knows of our environment: no token, no key, no password.
CHILD_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
GLOSSARY = "glossary.yaml"  # in a folder of a manual
SIDECARS = (".yaml", ".yml", ".meta.yaml")


def limited(memory_mb: int) -> BinaryIO:
    """What was stdout, for messages alone, of a child that may use so much address space from here on."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no message
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    return out


def walk(folder: Path) -> Iterator[Path]:
    """Files under `folder` by name, less hidden ones and Word's locks ("~$leave.docx").

    Links to files count, links to folders are not followed.
    """
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(place) / name
            if not name.startswith((".", "~$")) and file.is_file():
                yield file


def stamp(file: Path) -> tuple[int, int]:
    """(size, modification time in ns), the sidecar's included. OSError when the file is gone."""
    stats = [path.stat() for path in (file, *sidecars(file))]
    return sum(one.st_size for one in stats), max(one.st_mtime_ns for one in stats)


def sha256(file: Path) -> str:
    """Of the content, the sidecar's included. OSError when it can't be read."""
    whole = hashlib.sha256()
    for path in (file, *sidecars(file)):
        with path.open("rb") as stream:
            hashlib.file_digest(stream, lambda: whole)
    return whole.hexdigest()


def sidecars(file: Path) -> list[Path]:
    """The files beside a document that state its title, version, date or owner, as far as they exist."""
    names = [file.name + suffix for suffix in SIDECARS] + [file.stem + suffix for suffix in SIDECARS]
    return [path for name in names if (path := file.with_name(name)) != file and path.is_file()]
