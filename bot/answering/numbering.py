"""Supports -> numbered citations with page, quote and link; passages -> the closest sections of a refusal. Pure.

A number stands for one verbatim span of one passage: two sentences that rest on the same span share it.
Links come from the document table and the configured base only, never from a model.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from bot import texts
from bot.types import Checked, Citation, Closest, Sentence, Verdict
from knowledge.types import PageSpan, Passage


def link(docs_url: str | None, document: str, page: int | None, anchor: str | None) -> str | None:
    """Where a person opens the document at the page or heading; None without a configured base."""
    if docs_url is None:
        return None
    url = f"{docs_url}/{quote(document)}"
    if page is not None:
        return f"{url}#page={page}"
    return f"{url}#{quote(anchor)}" if anchor else url


class Numbering:
    """Gives citations their numbers in the order in which they are shown."""

    def __init__(self, sources: Sequence[Passage], docs_url: str | None) -> None:
        self._sources = sources
        self._docs_url = docs_url
        self._numbers: dict[tuple[str, int, int], Citation] = {}

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._numbers.values())

    def number(self, checked: Checked) -> Sentence:
        """The sentence with its markers before the closing white space, in a row's last cell, below a listing."""
        cited = []
        for support in checked.supports:
            passage = self._sources[support.source - 1]
            key = (passage.chunk_id, support.start, support.end)
            if key not in self._numbers:
                self._numbers[key] = self._citation(passage, support.start, support.end)
            if self._numbers[key] not in cited:
                cited.append(self._numbers[key])
        body = checked.text.rstrip()
        tail = checked.text[len(body) :]
        markers = " " + "".join(f"[{c.n}]" for c in cited) if cited else ""
        if checked.verdict is Verdict.MARKED:
            markers = f" {texts.UNSUPPORTED}"
        if markers and body.endswith("```"):
            markers = "\n" + markers[1:]
        elif markers and body.lstrip().startswith("|") and body.endswith("|"):
            body, tail = body[:-1].rstrip(), f" |{tail}"  # in the last cell: a row stays a row
        return Sentence(body + markers + tail, checked.verdict, tuple(cited))

    def _citation(self, passage: Passage, start: int, end: int) -> Citation:
        first, last = passage.page_at(start), passage.page_at(max(start, end - 1))
        return Citation(
            n=len(self._numbers) + 1,
            chunk_id=passage.chunk_id,
            document=passage.document,
            title=passage.title,
            section=passage.section,
            quote=passage.text[start:end],
            page=first.page if first else None,
            page_end=last.page if last else None,
            page_label=first.label if first else None,
            url=link(self._docs_url, passage.document, first.page if first else None, passage.anchor),
            edition=passage.edition,
        )


def closest(passages: Sequence[Passage], docs_url: str | None, limit: int = 3) -> tuple[Closest, ...]:
    """The best passages' sections, each once."""
    found: dict[tuple[str, tuple[str, ...]], Closest] = {}
    for passage in passages:
        key = (passage.document, passage.section)
        if key not in found:
            page: PageSpan | None = passage.page_at(0)
            found[key] = Closest(
                document=passage.document,
                title=passage.title,
                section=passage.section,
                page=page.page if page else None,
                page_label=page.label if page else None,
                url=link(docs_url, passage.document, page.page if page else None, passage.anchor),
            )
        if len(found) == limit:
            break
    return tuple(found.values())
