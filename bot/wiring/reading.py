"""Files and folders read without being ingested, under the limits that ingest reads them under."""

from __future__ import annotations

from pathlib import Path

from bot.errors import SettingsError
from bot.settings import Settings
from knowledge.errors import ReadError
from knowledge.types import Document

WORKERS = 2  # children that read; guess


def documents(path: Path, settings: Settings) -> tuple[list[Document], list[str]]:
    """The documents by path, and what could not be read in words. SettingsError where nothing is there to read."""
    from knowledge.files import walk
    from knowledge.ingest.run import DEADLINE_S, MEMORY_MB
    from knowledge.read import SUFFIXES
    from knowledge.read.pool import read_all

    root = path if path.is_dir() else path.parent
    found = [file for file in (walk(path) if path.is_dir() else [path]) if file.suffix.lower() in SUFFIXES]
    if not path.exists() or not found:
        raise SettingsError(f"There is no document at {path}. Name a file or a folder of documents.")
    read, failed = list[Document](), list[str]()
    files = [(file, root) for file in found]
    for file, result in read_all(
        files,
        workers=WORKERS,
        passwords=settings.pdf_passwords,
        ocr=False,
        deadline_s=DEADLINE_S,
        memory_mb=MEMORY_MB,
    ):
        if isinstance(result, ReadError):
            failed.append(f"{file}: {result.message}")
        else:
            read.append(result)
    return sorted(read, key=lambda one: one.path), sorted(failed)
