"""The heading path while a document is read from top to bottom, with anchors as the web makes them. Pure."""

from __future__ import annotations

import re


class Path:
    """Where we are: `enter` a heading of a level, read `section` and `anchor`."""

    def __init__(self) -> None:
        self._open: list[tuple[float, str]] = []
        self._slugs: dict[str, int] = {}
        self.anchor: str | None = None
        self._said = True

    def said(self) -> None:
        """Something stands under the heading we are under."""
        self._said = True

    def alone(self, level: float = 0) -> str | None:
        """The last heading, if nothing stands under it and one of this level comes now: then it is all there is."""
        if self._said or not self._open or self._open[-1][0] < level:
            return None
        return self._open[-1][1]

    @property
    def section(self) -> tuple[str, ...]:
        """The headings that we are under, from the outermost."""
        return tuple(title for _, title in self._open)

    def enter(self, level: float, title: str, anchor: str | None = None) -> None:
        """From here on we are under this heading, and no longer under those of its level or below."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        self._open.append((level, title))
        self.anchor = anchor
        self._said = False

    def leave(self) -> None:
        """Under no heading any more."""
        self._open.clear()

    def slug(self, title: str) -> str:
        """GitHub's anchor of a heading; the second of the same name gets "-1"."""
        base = re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")
        seen = self._slugs.get(base, 0)
        self._slugs[base] = seen + 1
        return f"{base}-{seen}" if seen else base


PATH_WORDS = 40  # words of a section path: with the title at most a third of the 256 tokens that are embedded; guess
TITLE_CHARS = 240  # characters; a longer "heading" is a paragraph in a heading's clothes; guess


def bounded(section: tuple[str, ...]) -> tuple[str, ...]:
    """The path, without those in its middle where it is too long: the first and the last say most."""
    path = [
        title if len(title) <= TITLE_CHARS else title[: TITLE_CHARS - 1].rsplit(" ", 1)[0] + "…" for title in section
    ]
    while len(path) > 1 and sum(len(title.split()) for title in path) > PATH_WORDS:
        del path[1 if len(path) > 2 else 0]
    return tuple(path)
